"""People, their units and deputies; staff lists; what is kept of signing in."""

from .deputies import Deputy, is_led_by, may_deputise
from .people import SUGGESTED, NameChange, Person, PersonManager, is_employed, is_found_by
from .right_changes import RightChange
from .signing_in import Attempt, CalendarAddress, Lock, SentForm
from .staff_lists import FurtherNumber, ListAnswer, ListShape, StaffFile, StaffFileRow, StaffImport
from .units import CIRCLE_OF_UNITS, Unit

__all__ = [
    "CIRCLE_OF_UNITS",
    "SUGGESTED",
    "Attempt",
    "CalendarAddress",
    "Deputy",
    "FurtherNumber",
    "ListAnswer",
    "ListShape",
    "Lock",
    "NameChange",
    "Person",
    "PersonManager",
    "RightChange",
    "SentForm",
    "StaffFile",
    "StaffFileRow",
    "StaffImport",
    "Unit",
    "is_employed",
    "is_found_by",
    "is_led_by",
    "may_deputise",
]
