"""Sessions as Django keeps them in the database, read with each page and therefore without building a queryset."""

from django.contrib.sessions.backends import db
from django.utils import timezone


class SessionStore(db.SessionStore):
    READ = "SELECT session_key, session_data, expire_date FROM django_session WHERE session_key = %s"

    def _get_session_from_db(self):
        for session in self.model.objects.raw(self.READ, [self.session_key]):
            if session.expire_date > timezone.now():
                return session
        self._session_key = None
        return None
