"""Sessions as Django keeps them in the database, read with each page and therefore without building a queryset."""

import time

from django.conf import settings
from django.contrib.auth import user_logged_in
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.dispatch import receiver
from django.utils import timezone

from kompetenz.outages import outage_of

BEGUN = "begun"  # in the session: when somebody signed in, in seconds since 1970


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

    def save(self, must_create=False):
        """A database that is busy is said to be so: Django takes it for a session that somebody has ended meanwhile."""
        try:
            super().save(must_create)
        except UpdateError as problem:
            if problem.__context__ and outage_of(problem.__context__):
                raise problem.__context__ from problem.__context__.__cause__
            raise

    def get_session_cookie_age(self):
        """How long it lasts from now on: a working day, but not past SESSION_AT_MOST, however often somebody asks for more."""
        now = int(time.time())
        left = self.get(BEGUN, now) + settings.SESSION_AT_MOST - now
        return max(0, min(super().get_session_cookie_age(), left))

    @property
    def seconds_left(self):
        """How long the session lasts if nothing extends it; None where that is not known."""
        return self.ends and int((self.ends - timezone.now()).total_seconds())


@receiver(user_logged_in)
def note_the_beginning(request, **_kwargs):
    request.session[BEGUN] = int(time.time())
