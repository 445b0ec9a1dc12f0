"""The one way in which a lower app asks what the apps above it know; imports point down, questions go up.

A lower app calls ``ask("further_pages", participation, user)``. An upper app registers what answers, in its ``hooks.py`` or
beside the function itself, which its AppConfig imports at start::

    @hooks.register("further_pages", order=10)
    def to_the_plan(participation, user): ...

``QUESTIONS`` is the complete list. No Django in here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

QUESTIONS = {
    "every_day": "(today) -> str | None. Done once a day by `manage.py daily`; says in German what it did, naming nobody. "
    "It may run again on the same day and changes nothing then.",
    "what_is_wrong": "() -> list of str. What whoever watches over the server has to see to (`manage.py health`), in German, "
    "naming nobody.",
    "what_is_to_come": "() -> list of str. What has not been done yet and need not have been (`manage.py health`), in German.",
    "worker_begins": "() -> None. When a worker starts: what one that was killed may have left is enqueued again.",
    "agreed_drafts": '("person" or "manager") -> query of participation ids. Where this side has agreed to a learning plan, and the '
    "other has not yet; no query of its own.",
    "before_hand_over": "(participation ids) -> None. In the transaction of a hand-over, after ``hold`` and before it locks anything else.",
    "earlier_notes": "(participation, user) -> list of EarlierNote. What the two have noted for a later round; one query at most.",
    "due_plans": "(participations) -> set of their ids. Whose learning plan has run past its end, or has a review whose "
    "date has passed; not of those that rest.",
    "letter_samples": "() -> list of (name, title, how the key of such a letter ends after that of its round). What else is written in "
    "a round, for HR to look at; no query.",
    "hold": "(participation ids) -> None. In the transaction in which they are handed over or declined, before anything of theirs: "
    "what an app above writes in them waits, or is done first.",
    "forget": "(participation) -> None. In the transaction in which the person declines: what an app above keeps of it is deleted.",
    "hidden_profiles": "(user) -> list of role profile ids whose levels the user may not see yet; two queries at most.",
    "plan_dates": "(participation ids) -> list of (id, day of the next review or None, whether the learning plan has run past its "
    "end, whether it is a draft to which the manager has agreed), for those and agreed plans; one query.",
    "people_changed": "(pairs of a person before and now) -> None. In the transaction in which a name or a unit was written.",
    "people_passed_on": "(ids of people, who has done it) -> list of str. In the transaction in which they all got "
    "another manager at once: what runs with them goes on with that one; what was done, in sentences.",
    "still_with_former_manager": "(person) -> list of str. What runs with them and is still that of the manager they had before, in words.",
    "hangs_on_manager": "(person) -> list of str. What is theirs to do today as somebody's manager, in words and numbers.",
    "people_moved_on": "(pairs of a person before and now) -> None. In the transaction in which a manager or the time for which somebody "
    "works here was written.",
    "sign_in_changed": "(ids of people) -> None. In the transaction in which another address or password of theirs was written.",
    "units_changed": "(units) -> None. In the transaction in which their numbers or names were written.",
    "targets_to_decide": "(user, running rounds) -> rows of kind, round id and number: of how many HR decides on another Soll; three "
    "queries as long as nothing has changed.",
    "in_running_rounds": "() -> rows of person_id, one for each round under way in which that person takes part; not read yet.",
    "letter_occasions": "() -> list of Occasion (kompetenz/letters/occasions.py). Which letters an app writes, and whether one of them "
    "is still true, and for whom, in the moment in which it is sent; the first whose pattern a key has answers for it.",
    "open_again": "(participation, why) -> None. In the transaction in which the record of a talk is taken or sent back, or a "
    "release after both had released.",
    "notices_to_employees": "() -> (HTML, list of lines). What everybody has to be told of purposes, recipients, sources and their rights.",
    "rest": "(participation ids, rests) -> None. In the transaction in which they begin to rest, or go on.",
    "further_pages": "(participation, user) -> list of FurtherPage. Links to what comes after the talk.",
    "team_pages": "(user) -> list of FurtherPage. Where whoever leads people reads more of all of them; no query.",
    "round_outputs": "(round, user) -> list of RoundOutput. What HR takes along from a round; no query.",
    "round_papers": "(round, user) -> list of RoundOutput. What is printed of a round, draft or open, for whoever may "
    "know of it; one query.",
    "staff_columns": "() -> FurtherColumn. A column of staff lists that an app above reads.",
}
_answers: dict[str, list[tuple[int, Callable[..., Any]]]] = {name: [] for name in QUESTIONS}
Answer = TypeVar("Answer", bound=Callable[..., Any])


def register(question: str, *, order: int = 0) -> Callable[[Answer], Answer]:
    """A decorator: the function answers ``question``, after those of a lower ``order``. Raises KeyError for an unknown one."""
    known = _answers[question]

    def add(answer: Answer) -> Answer:
        known.append((order, answer))
        return answer

    return add


def answers(question: str) -> list[Callable[..., Any]]:
    """What answers ``question``, in order; of the same order first what was registered first."""
    return [answer for _, answer in sorted(_answers[question], key=lambda known: known[0])]


def ask(question: str, *about: Any) -> list[Any]:
    """Every answer to ``question``, in order; none if no app above knows anything."""
    return [answer(*about) for answer in answers(question)]


def ask_for_all(question: str, *about: Any) -> list[Any]:
    """The answers to a ``question`` that each are lists, as one list."""
    return [one for found in ask(question, *about) for one in found]


@contextmanager
def only(question: str, *these: Callable[..., Any]) -> Iterator[None]:
    """For tests: within the block ``these`` and nothing else answer ``question``."""
    before = _answers[question]
    _answers[question] = [(0, answer) for answer in these]
    try:
        yield
    finally:
        _answers[question] = before
