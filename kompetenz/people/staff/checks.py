"""What must hold for all people together once a list is taken over."""

from kompetenz.people.names import has_both_names, is_somebody_else, with_number
from kompetenz.people.own_reach import LOCKED_OUT, NEW, NEW_IN_HR, NUMBER, OwnReach, is_new_in_hr, what_locks_out

from .causes import INSTEAD, SAME, SECOND, UNTOLD
from .circles import circles
from .managers import WAITING, Managers
from .namesakes import FURTHER

EMAIL_OF_STAFF = (
    "{} hat Zugang zur technischen Verwaltung. Die E-Mail-Adresse wird nur dort geändert; bitte {} eintragen."
)
LAST_DAY_OF_STAFF = "{} hat Zugang zur technischen Verwaltung. Der letzte Arbeitstag wird nur dort eingetragen."
LAST_OF_HR = (
    "Sonst kann sich niemand mehr für die Personalentwicklung anmelden. "
    "Bitte geben Sie zuerst einer anderen Person dieses Recht."
)
SOMEBODY_ELSE = (
    "{number} ist die Nummer von {person}. Name und Adresse in dieser Zeile sind andere. Ist jemand anderes gemeint, stimmt die "
    "Nummer nicht; ist sie neu vergeben, nehmen Sie sie bitte zuerst bei {person} heraus. Heißt {person} jetzt so, ändern Sie "
    "bitte zuerst dort den Namen."
)
LEFT_SO = (
    "{number} ist die Nummer von {person}. Name und Adresse in dieser Zeile sind andere. {person} ist nicht mehr aktiv. Ist es "
    "dieselbe Person, gilt für sie wieder, was noch gespeichert ist. Ist die Nummer neu vergeben, nehmen Sie sie bitte zuerst bei "
    "{person} heraus."
)
OF_ANOTHER = "Die Nummer gehört jemandem mit anderem Namen und anderer Adresse."
TAKEN, TWICE = "Die E-Mail-Adresse gehört schon jemand anderem.", "Die E-Mail-Adresse steht in mehreren Zeilen."
CIRCLE, LEFT = "Die Führungskräfte ergeben einen Kreis.", "Die Führungskraft ist nicht mehr aktiv."
STAFF = "Diese Person hat Zugang zur technischen Verwaltung, und nur dort wird das geändert."
OWN_MANAGER = (
    "Eine Person kann nicht ihre eigene Führungskraft sein. Bitte eine andere eintragen oder die Zelle leeren."
)
LEAVE_OUT = " Lassen Sie Ihre Zeile bitte weg."
SHOWN_IN_CIRCLE = 6


def is_about_another(entry, today, withheld):
    """Whether a row has nothing of the person; of who comes back after having left it must have the address or both names.

    What the row does not say, or would empty, is nothing of theirs.
    """
    person, email = entry.person, entry.said.get("email")
    names = {field: entry.final(field) for field in ("first_name", "last_name")}
    says_no_day = any(one.entry is entry and one.key == "leaving_date" for one in withheld)
    is_back = will_be_employed(person, entry, today) or (says_no_day and person.is_active)
    comes_back = not person.is_employed and is_back
    if comes_back and not (email and email == person.email):
        return not has_both_names(person, **names)
    return is_somebody_else(person, **names, email=email)


def refuse_somebody_else(entries, problems, today, withheld):
    """A number leads nobody to what is stored about another: not a newcomer who gets a leaver's, nor one mistyped digit.

    Of who has left HR says whether they come back.
    """
    for entry in entries:
        if not entry.person or entry.wrong or entry.comes_back:
            continue
        if is_about_another(entry, today, withheld.get(entry.row, ())):
            number, person = entry.said["number"], entry.person
            has_left = not person.is_employed
            said = (LEFT_SO if has_left else SOMEBODY_ELSE).format(number=number, person=person)
            answers = (SAME,) if has_left else ()
            problems.add(entry, "number", said, OF_ANOTHER, answers=answers, person=person.pk)


def refuse_own_number(entries, by, problems):
    """Nobody gives themselves the number by which the next list would entrust people to them."""
    renumbered = [one for one in entries if one.person and one.said["number"] != one.person.personnel_number]
    for entry in renumbered if by is not None else []:
        if entry.person == by:
            problems.add(entry, "number", NUMBER + LEAVE_OUT)
        elif entry.person.is_hr and is_new_in_hr(by):
            problems.add(entry, "number", NEW_IN_HR.format(entry.person, NEW.days))


def refuse_shared_addresses(entries, known, problems):
    """Each address belongs to one person: two rows, or a row and somebody who is not in the list."""
    if "email" not in problems.table.letters:
        return
    keep = {entry.person.pk for entry in entries if entry.person and "email" in entry.said}
    owners = {email: person for email, person in known.by_email.items() if person.pk not in keep}
    first = {}
    for entry in entries:
        email = entry.said.get("email")
        if email is None or entry.wrong:
            continue
        before, owner = first.setdefault(email, entry), owners.get(email)
        if before.said["number"] != entry.said["number"]:
            there = problems.table.address(before.row, "email")
            reason = f"Die E-Mail-Adresse {email} steht schon in {there}."
            is_same = before.listed_as == entry.listed_as and entry.person is None
            if is_same:
                other = before.said["number"]
                problems.add(entry, "number", reason, FURTHER, answers=(SECOND,), other_number=other)
            else:
                problems.add(entry, "email", reason, TWICE)
                refuse_first_too(before, problems.table.address(entry.row, "email"), problems)
        elif owner and owner != entry.person:
            problems.add(entry, "email", f"Die E-Mail-Adresse {email} gehört schon {described(owner)}.", TAKEN)


def refuse_first_too(entry, there, problems):
    """Of several new to an address nobody knows whose it is: the first of a team's mailbox would else sign in with it."""
    if not (entry.wrong or (entry.person and entry.person.email == entry.said["email"])):
        problems.add(entry, "email", f"Die E-Mail-Adresse {entry.said['email']} steht auch in {there}.", TWICE)


def described(person):
    """A person in an error message: name and number, and whether they are still here."""
    number = person.personnel_number or "ohne Personalnummer"
    return f"{person} ({number}{'' if person.is_employed else ', inaktiv'})"


def look_up_managers(entries, known, problems, waiting):
    """Put the handle of a person in the place of each manager; note whom there is not, who is not the only one, and who manages themselves.

    Whose manager is new and in a row that is left out for now has none yet, or keeps the one from before.
    """
    if "manager" not in problems.table.letters:
        return
    managers = Managers(entries, known, waiting)
    for entry in entries:
        meant = entry.said.get("manager")
        if meant is None:
            continue
        entry.said["manager"], objection, cause = managers.meant(meant)
        if cause == WAITING:
            del entry.said["manager"]
            problems.without_manager.append(entry)
        elif entry.said["manager"] == entry.handle:
            problems.add(entry, "manager", OWN_MANAGER)
        elif known_number := managers.asked(meant) if objection else "":
            about = {"answers": (SAME, UNTOLD, INSTEAD), "meant": known_number}
            problems.add(entry, "manager", objection, cause, **about)
        elif objection:
            problems.add(entry, "manager", objection, cause)


def is_of_hr_unseen(manager, entry, by, table):
    """Whether somebody of HR would become a manager by night and by a column of which only HR has said that it names managers.

    Somebody of HR could say it of one in which their own number stands, and nobody looks at a preview then.
    """
    is_new = manager is not None and (entry.person is None or entry.person.manager_id != manager.pk)
    return by is None and table.manager_is_only_said and is_new and manager.is_hr


def leave_out_own_reach(entries, known, by, table):
    """Let a list make nobody a manager by whom its taker would read others; returns the rows that say so.

    These people keep the manager they have, and the preview says it: whoever leads people in HR could else take over no list.
    """
    reach = OwnReach(by)
    left_out = []
    for entry in entries:
        manager = known.by_pk.get(entry.said.get("manager"))
        if reach.objection_to(manager=manager, person=entry.person) or is_of_hr_unseen(manager, entry, by, table):
            del entry.said["manager"]
            left_out.append(entry)
    return left_out


def chain(entries, known):
    """``{handle: handle of the manager}`` as it will be for everybody."""
    above = {person.pk: person.manager_id for person in known.people}
    return above | {entry.handle: entry.said["manager"] for entry in entries if "manager" in entry.said}


def refuse_circles(entries, known, problems):
    """Nobody is, through others, their own manager; somebody who manages themselves is told so already."""
    by_handle = {entry.handle: entry for entry in entries}
    for circle in circles(chain(entries, known)):
        said = [handle for handle in circle if handle in by_handle and "manager" in by_handle[handle].said]
        if len(circle) == 1 or not said:
            continue
        start = circle.index(said[0])
        names = [name_of(handle, by_handle, known) for handle in [*circle[start:], *circle[: start + 1]]]
        if len(names) > SHOWN_IN_CIRCLE:
            names[SHOWN_IN_CIRCLE - 1 : -1] = ["…"]
        reason = f"Die Führungskräfte ergeben einen Kreis: {' → '.join(names)}. Bitte eine davon ändern oder leeren."
        problems.add(by_handle[said[0]], "manager", reason, CIRCLE)


def name_of(handle, by_handle, known):
    if handle in by_handle:
        return by_handle[handle].told
    return with_number(str(person := known.by_pk[handle]), person.personnel_number)


def refuse_managers_who_left(entries, known, problems):
    """Nobody gets a manager who is gone; one who was theirs before may stay until somebody else is entered."""
    by_handle = {entry.handle: entry for entry in entries}
    for entry in entries:
        handle = entry.said.get("manager")
        if handle is None or (entry.person and entry.person.manager_id == handle):
            continue
        manager = by_handle.get(handle)
        if not will_be_employed(manager.person if manager else known.by_pk[handle], manager, known.today):
            name = name_of(handle, by_handle, known)
            problems.add(entry, "manager", f"{name} ist nicht mehr aktiv und kann keine Führungskraft werden.", LEFT)


def will_be_employed(person, entry, today):
    """Whether somebody works here today once the list is taken over; ``person`` is None for somebody new."""
    last_day = entry.final("leaving_date") if entry else person.leaving_date
    return (person is None or person.is_active) and (last_day is None or last_day >= today)


def refuse_changes_to_staff(entries, problems):
    """The technical administration is neither readdressed nor locked out by a list."""
    for entry in entries:
        person = entry.person
        if person is None or not person.is_staff:
            continue
        if "email" in entry.said and entry.said["email"] != person.email:
            problems.add(entry, "email", EMAIL_OF_STAFF.format(person, person.email or "nichts"), STAFF)
        if "leaving_date" in entry.said and entry.said["leaving_date"] != person.leaving_date:
            problems.add(entry, "leaving_date", LAST_DAY_OF_STAFF.format(person), STAFF)


def refuse_last_of_hr(entries, known, problems):
    """Somebody of HR who can sign in always remains; without them nobody could give the right again."""
    by_pk = {entry.person.pk: entry for entry in entries if entry.person}
    before = [person for person in known.people if person.is_hr and person.email and person.is_employed]
    lost = [by_pk[person.pk] for person in before if person.pk in by_pk and not stays_in_hr(by_pk[person.pk], known)]
    if before and len(lost) == len(before):
        for entry in lost:
            problems.add(entry, "email" if entry.final("email") is None else "leaving_date", LAST_OF_HR)


def refuse_locking_oneself_out(entries, by, problems):
    """Whoever takes a list over can still sign in after it; None takes it over at the command line."""
    for entry in entries:
        if by is not None and entry.person == by:
            for field in what_locks_out(entry.person, entry.final("email"), entry.final("leaving_date")):
                problems.add(entry, field, LOCKED_OUT)


def stays_in_hr(entry, known):
    return bool(entry.final("email")) and will_be_employed(entry.person, entry, known.today)
