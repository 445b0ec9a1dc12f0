"""What holds of a booking: what HR has said of it, beside what the two report of the measure (paper 4.3.3). No Django."""

PROPOSED, APPLIED, BOOKED, DONE, CANCELLED = "proposed", "applied", "booked", "done", "cancelled"
NO_PLACE = ""  # of what stands in a draft HR knows nothing


def state_of(said: str, measure: str, plan: str, *, has_left: bool) -> str:
    """The state of a booking; ``measure`` is planned, done or dropped, ``plan`` draft, agreed or completed.

    What HR has closed stays closed. What the two say is done, is done. What is booked stays so, whatever becomes of the
    measure, until HR has told the provider and says so; anything less falls away with measure, plan and person.
    """
    if plan == "draft":
        return NO_PLACE
    if said in (DONE, CANCELLED):
        return said
    if measure == "done":
        return DONE
    if said == BOOKED:
        return BOOKED
    return CANCELLED if measure == "dropped" or plan == "completed" or has_left else said


def to_look_at(state: str, measure: str, *, has_left: bool, differs: bool, given_up: str = "") -> str:
    """Why HR has to decide about what is booked, carried out or fallen away, in words; empty where it has not.

    ``given_up`` is the seat that was booked before another offer was agreed, of which HR has not said anything since.
    """
    if given_up:
        return f"gebuchter Platz aufgegeben: {given_up}"
    if state == CANCELLED:
        return "im Lernplan durchgeführt" if measure == "done" else ""
    if state not in (BOOKED, DONE) or (state == DONE and measure == "done"):
        return ""
    if measure == "dropped":
        return "im Lernplan entfallen"
    if state == BOOKED and has_left:
        return "arbeitet nicht mehr hier"
    return "im Lernplan geändert" if differs else ""


def quarter_of(month: int) -> int:
    return (month - 1) // 3 + 1
