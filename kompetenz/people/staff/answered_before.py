"""What HR has answered to a question about a staff list counts for the next one in which the same stands, until HR says otherwise.

A shared mailbox, a manager by a name that two have, a role that is called otherwise: these stand in next month's list again. Who
somebody is under another number is no such question: it is settled once the list is taken over.
"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from kompetenz import hooks
from kompetenz.people.models import Deputy, ListAnswer, Person

from .causes import ANSWERS, BARE, INSTEAD, LOWER, NAMED, OTHER, SAME, UNTOLD, UPPER, cause_of
from .columns import targets
from .comparing import compare
from .withholding import NOTHING

REMEMBERED = {UNTOLD, INSTEAD, UPPER, LOWER, SAME}
KEPT = timedelta(days=settings.RETENTION_DAYS["answers"])
ROUNDS = 3  # of answers, the next of which may come up by the one before


def question_of(problem):
    """The same for two problems in whose place the same was asked, of the same person; "" of one whose answer is not for the next list.

    Who is called "Weber" alone may be another one by the next list.
    """
    told = problem.value or problem.asked
    if not told or (problem.person and not problem.meant):
        return ""
    asked = "\x1f".join([*cause_of(problem), problem.value, problem.meant, problem.asked])
    return salted_hmac("kompetenz.people.staff.answered_before", asked, algorithm="sha256").hexdigest()


def note(decided, problem, how, instead=""):
    """Let an answer hold for the row of a problem."""
    if how == INSTEAD:
        decided.instead.setdefault(problem.key, {})[str(problem.row)] = instead
    elif how in {SAME, BARE} and problem.meant:
        decided.instead.setdefault(problem.key, {})[str(problem.row)] = problem.meant
    elif how == NAMED:
        decided.named.setdefault(problem.key, []).append(problem.row)
    elif how == UNTOLD:
        decided.untold.setdefault(problem.key, []).append(problem.row)
    elif how == SAME:
        decided.same[problem.number] = problem.person
    elif how == OTHER:
        decided.others.append(problem.number)
    elif how in {UPPER, LOWER}:
        decided.rows[problem.number] = problem.upper if how == UPPER else problem.row
    else:
        decided.seconds[problem.number] = problem.other_number


def note_for_the_next(decided, problem, how, instead=""):
    """Keep with the list what HR has said, for the next one, once this is taken over."""
    question = question_of(problem) if how in REMEMBERED else ""
    if question:
        who_is_meant = problem.meant if problem.key == "manager" else ""
        decided.answers[question] = [how, problem.key, {INSTEAD: instead, SAME: who_is_meant}.get(how, "")]


def remember_answers(table):
    """Write down what HR has said about a list that is taken over."""
    said = [answer for question, given in table.decided.answers.items() if (answer := answer_of(question, *given))]
    ListAnswer.objects.bulk_create(
        said,
        update_conflicts=True,
        unique_fields=["question"],
        update_fields=["how", "instead", "person", "said_at"],
    )


def answer_of(question, how, key, meant):
    """None for a manager who is not to be found again."""
    person = None
    if meant and key == "manager":
        person = Person.objects.named([meant]).first()
        if person is None:
            return None
    text = "" if person else meant
    return ListAnswer(question=question, how=how, instead=text, person=person, said_at=timezone.now())


def answers_for(by):
    """The answers that count where ``by`` looks at the list.

    By night nobody does (None): then none by which somebody of HR would read others, for it may be their own.
    """
    found = ListAnswer.objects.select_related("person")
    if by is None:
        of_hr = Deputy.objects.current_or_coming().filter(person__is_hr=True)
        found = found.exclude(person__is_hr=True).exclude(person__in=of_hr.values("manager"))
    return found


def answer_again(table, by):
    """Answer what HR has answered for a list before, and let the list tell so; what counts instead and does not fit any more is asked."""
    known = {one.question: one for one in answers_for(by)}
    if not known:
        return
    decided, titles = table.decided, {column.key: column.what for column in targets()}
    again = set()  # rows in which what counted instead does not fit any more
    for _ in range(ROUNDS):
        problems = compare(table, by, NOTHING).problems
        again |= forget_what_does_not_fit(decided, problems)
        found = [(one, known[question]) for one in problems if (question := question_of(one)) in known]
        found = [(one, said) for one, said in found if said.how in one.answers and (one.key, one.row) not in again]
        for problem, said in found:
            note(decided, problem, said.how, instead_of(said))
            decided.answers[said.question] = [said.how, problem.key, instead_of(said)]  # it is needed still
            text = f"{titles.get(problem.key, '')} „{problem.value}“: {instead_of(said) or ANSWERS[said.how]}"
            decided.remembered.append([text, problem.key, problem.row, problem.number])
        if not found:
            return


def instead_of(said):
    return (said.person.personnel_number or said.person.email or "") if said.person else said.instead


def forget_what_does_not_fit(decided, problems):
    """Where what counted instead is wrong by now nothing is answered; returns these columns and rows."""
    wrong = {(one.key, one.row) for one in problems if str(one.row) in decided.instead.get(one.key, {})}
    for key, row in wrong:
        del decided.instead[key][str(row)]
    decided.remembered = [one for one in decided.remembered if (one[1], one[2]) not in wrong]
    return wrong


def ask_again(decided):
    """Forget for this list what was answered for one before."""
    for _, key, row, number in decided.remembered:
        decided.instead.get(key, {}).pop(str(row), None)
        decided.untold[key] = [one for one in decided.untold.get(key, []) if one != row]
        if key == "number":
            decided.rows.pop(number, None)
    decided.remembered = []


@hooks.register("every_day")
def forget_unused_answers(today):
    """What no list has needed for more than a year is asked again, should it come back."""
    deleted, _ = ListAnswer.objects.filter(said_at__lte=timezone.now() - KEPT).delete()
    return f"Gemerkte Antworten zu Personallisten gelöscht: {deleted}." if deleted else None
