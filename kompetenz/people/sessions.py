"""Sessions as Django keeps them in the database, read with each page and therefore without building a queryset."""

from django.contrib.sessions.backends import db
from django.utils import timezone


class SessionStore(db.SessionStore):
    ends = None  # when it does, once it has been read

    READ = "SELECT session_key, session_data, expire_date FROM django_session WHERE session_key = %s"

    def _get_session_from_db(self):
        for session in self.model.objects.raw(self.READ, [self.session_key]):
            if session.expire_date > timezone.now():
                self.ends = session.expire_date
                return session
        self._session_key = None
        return None

    @property
    def seconds_left(self):
        """How long the session lasts if nothing extends it; None where that is not known."""
        return self.ends and int((self.ends - timezone.now()).total_seconds())
