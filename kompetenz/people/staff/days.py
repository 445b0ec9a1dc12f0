"""Days written with slashes, of which nobody knows whether the month stands first but by the others of their column."""

import re
from collections.abc import Sequence

from kompetenz.refusals import Refused

MONTHS_A_YEAR = 12
WITH_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
TWO_DAYS = "„{0}“ kann der {1}.{2}. oder der {2}.{1}. sein. Bitte schreiben Sie das Datum mit Punkten, zum Beispiel 31.12.2026."


def with_dots(text: str, *, month_first: bool | None = None) -> str:
    """A day such as 31/12/2026 as 31.12.2026; raises Refused where it may be another, and nobody has said which is first."""
    if not (found := WITH_SLASHES.fullmatch(text)):
        return text
    one, other, year = found.groups()
    if month_first is None:
        if one != other and int(one) <= MONTHS_A_YEAR and int(other) <= MONTHS_A_YEAR:
            raise Refused(TWO_DAYS.format(text, one, other))
        month_first = int(other) > MONTHS_A_YEAR
    return f"{other}.{one}.{year}" if month_first else f"{one}.{other}.{year}"


def is_month_first(texts: Sequence[str]) -> bool | None:
    """Whether days such as 12/31/2026 begin with the month, by those that can be read in one way only; None if there are none."""
    found = [list(map(int, one.groups()[:2])) for one in map(WITH_SLASHES.fullmatch, texts) if one]
    is_said = {other > MONTHS_A_YEAR for one, other in found if (one > MONTHS_A_YEAR) != (other > MONTHS_A_YEAR)}
    return is_said.pop() if len(is_said) == 1 else None
