"""When somebody may be written to again: once a day, a handful of days in a week, on days on which offices work; knows no Django."""

from dataclasses import dataclass
from datetime import date, datetime, time

from kompetenz.public_holidays import DAY, is_office_day, office_day_from

MORNING = time(7)  # of the next office day: what had to wait goes out then


@dataclass(frozen=True)
class Rhythm:
    """At most ``a_week`` messages in seven days; ``land`` says whose holidays count."""

    a_week: int
    land: str = ""

    def next_morning(self, now: datetime) -> datetime:
        """When what cannot be sent on the day of ``now`` (local time) is tried again: never on the same day."""
        return datetime.combine(office_day_from(now.date() + DAY, self.land), MORNING, now.tzinfo)

    def wait_until(self, now: datetime, *, today: int, in_seven_days: int, due: date | None) -> datetime | None:
        """Until when a message has to wait that would be sent ``now`` (local time); None if it need not.

        The person has got so many gathered messages ``today``, and so many of all kinds ``in_seven_days``. Both are
        passed over for what is ``due`` before the next morning on which more can be said, so that somebody hears of it before
        and not after; weekends and holidays are not. So whatever becomes known on the days before is in the one message of a
        day, and five office days make five in a week.
        """
        later = self.next_morning(now)
        if not is_office_day(now.date(), self.land):
            return later
        if due and now.date() <= due < later.date():
            return None
        return later if today or in_seven_days >= self.a_week else None
