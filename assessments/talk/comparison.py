"""Soll, Selbst, Fremd and vereinbart side by side: as one reader may see them."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.formats import date_format

from assessments.answering.paper_entry import entry_in_words, entry_of
from assessments.changes.handing_over import released_by
from assessments.models import AgreedLevel, Assessment, Rating, Remark
from assessments.models.targets import targets_of
from assessments.peers import showing
from kompetenz import wheel as wheels
from kompetenz.prepared import prepared
from kompetenz.templatetags.components import level_on

from .gaps import Difference, differences, find_gaps


@dataclass(frozen=True)
class ComparisonRow:
    """One competency in the comparison, with its ``levels`` to choose from; a level is None where none is (to be seen)."""

    competency: object
    levels: list
    target: object
    own: int | None
    manager: int | None
    agreed: int | None
    own_remark: str = ""
    manager_remark: str = ""
    manager_cannot_judge: bool = False
    reason: str = ""

    @property
    def agreed_answer(self):
        """The agreed level as the form's choices have it."""
        return "" if self.agreed is None else str(self.agreed)

    @property
    def difference(self):
        return Difference(self.competency, self.own, self.manager)

    @property
    def standing(self):
        """The agreed Ist against the Soll in words that do not judge; empty without both."""
        if self.target is None or self.agreed is None:
            return ""
        if self.agreed < self.target.level:
            return "Entwicklungsfeld"
        return "über Soll" if self.agreed > self.target.level else "wie Soll"

    @property
    def has_words(self):
        """Whether more is to be told of it than levels."""
        weighs = self.target and (self.target.is_adjusted or self.target.is_desirable)
        return bool(weighs or self.own_remark or self.manager_remark or self.reason)

    @property
    def is_below_target(self):
        """Whether both have seen it alike, and below the Soll."""
        return self.target is not None and self.own is not None and self.own == self.manager < self.target.level


@dataclass(frozen=True)
class RowGroup:
    """Rows under one heading; ``facts`` are what is shown of them."""

    title: str
    rows: list[ComparisonRow]
    facts: list[dict]
    note: str = ""
    is_folded: bool = False


EARLIER = (
    "in dieser Runde kannte eine Seite bis zum {} schon die der anderen oder das verborgene Soll; sie sind gelöscht, und was "
    "jetzt hier steht, ist danach entstanden"
)
APART = "Keine der beiden Einschätzungen ist die richtigere: Darüber sprechen Sie."


@prepared
def sides_for(user, participation):
    """Both sides' assessments as far as ``user`` may read them."""
    visible = Assessment.objects.visible_to(user).of_both_sides()
    return visible.filter(participation=participation).select_related("entered_by", "checked_by", "statement")


@prepared
def own_side_of(user, participation):
    """The assessment that ``user`` gives as one of the two."""
    return Assessment.objects.by_rater(user).of_both_sides().filter(participation=participation)[:1]


@prepared
def ratings_of(assessments):
    return Rating.objects.filter(assessment__in=assessments).values_list("assessment", "competency", "level")


@prepared
def remarks_of(assessments):
    return Remark.objects.filter(assessment__in=assessments).values_list("assessment", "competency", "text")


def by_assessment(rows):
    """Of (assessment id, competency id, value) the values by competency for each assessment."""
    found = {}
    for assessment, competency, value in rows:
        found.setdefault(assessment, {})[competency] = value
    return found


@prepared
def agreed_in(talk):
    return AgreedLevel.objects.filter(talk=talk)


class Comparison:
    """All that ``user`` may see of one participation, loaded in a handful of queries.

    What is not disclosed yet is not loaded: a template cannot leak it. Only the person and the
    manager read words (remarks, reasons, statements), also a new one whom the person lets read (``shows_words``); a record
    in the making the two alone. HR, where the round lets it in, sees levels.
    """

    def __init__(self, participation, user):
        self.participation = participation
        self.catalogue = participation.round.catalogue
        self.shows_target = participation.shows_target_to(user)
        targets = targets_of(participation.pk) if self.shows_target else []
        for target in targets:
            target.participation = participation
        self.targets = {target.competency_id: target for target in targets}
        is_theirs = participation.is_shared_with(user)
        self.shows_words = is_theirs or participation.is_opened_to(user)
        self.user = user
        self.assessments = {assessment.kind: assessment for assessment in sides_for(user, participation.pk)}
        for assessment in self.assessments.values():
            assessment.participation = participation
        self._ratings = by_assessment(ratings_of([assessment.pk for assessment in self.assessments.values()]))
        self._own_sheet = self.assessments.get(Assessment.Kind.SELF)
        if participation.self_is_entered:  # it is nobody's word yet
            self.assessments.pop(Assessment.Kind.SELF, None)
        self.own = self._levels(Assessment.Kind.SELF)
        self.manager = self._levels(Assessment.Kind.MANAGER)
        shows_talk = participation.talk_state and (is_theirs or self.is_recorded)
        self.talk = participation.talk if shows_talk else None
        self._agreed = {agreed.competency_id: agreed for agreed in agreed_in(self.talk.pk)} if self.talk else {}

    def _levels(self, kind):
        assessment = self.assessments.get(kind)
        return self._ratings.get(assessment.pk, {}) if assessment else {}

    def _remarks(self, kind):
        assessment = self.assessments.get(kind)
        if assessment is None or not self.shows_words:
            return {}
        return self._texts.get(assessment.pk, {})

    @cached_property
    def _texts(self):
        return by_assessment(remarks_of([assessment.pk for assessment in self.assessments.values()]))

    @property
    def has_levels(self):
        """Whether there is anything to draw."""
        return bool(self.own or self.manager or self.shows_target)

    @property
    def shows_both(self):
        """Whether both sides' assessments lie open to this reader."""
        return len(self.assessments) == len(Assessment.SIDES)

    @property
    def erased_on(self):
        """The day on which both sides' assessments were erased because their time had come, or None."""
        return self.participation.assessments_erased_on

    @cached_property
    def colleagues(self):
        """What colleagues have said, as far as this reader may see it; see peers.seen_by."""
        return showing.seen_by(self.participation, self.user)

    @property
    def earlier(self):
        """That one side knew other assessments of this round, or the Soll, before it gave these, in words; "" if none did."""
        until = self.participation.known_until
        return EARLIER.format(date_format(until)) if until and self.participation.takes_part else ""

    @cached_property
    def released_by(self):
        """Who has released the Fremdeinschätzung in words, if not the present manager; only once it is disclosed."""
        return released_by(self.participation, self.assessments.get(Assessment.Kind.MANAGER))

    @cached_property
    def entered(self):
        """That the Selbsteinschätzung was typed in from paper, and what the person has said to it, in words.

        Once it is disclosed, whoever reads it reads that, too; before, the two whose concern it is, the manager for a query.
        """
        if self._own_sheet or self.participation.self_is_released or not self.shows_words:
            return entry_in_words(self._own_sheet)
        return entry_of(self.participation)

    @cached_property
    def answers(self):
        """The answers to the record; one query where words may be read and there is a record."""
        if not (self.talk and self.shows_words):
            return []
        return list(self.talk.acknowledgements.select_related("by", "talk__participation__round").order_by("-side"))

    @property
    def person_statement(self):
        """The person's own words beside the result: theirs alone until they answer, then also the manager's to read."""
        is_theirs = self.user.pk == self.participation.person_id
        may_read = self.talk and self.shows_words and (is_theirs or self.participation.talk_is_answered)
        return self.talk.person_statement if may_read else ""

    @property
    def statement(self):
        """What the person says themselves to the Fremdeinschätzung, as far as words may be read; None without one."""
        assessment = self.assessments.get(Assessment.Kind.MANAGER)
        found = getattr(assessment, "statement", None) if assessment and self.shows_words else None
        return found if found and found.text else None

    @property
    def may_state(self):
        """Whether the reader is the person and may say something to it; see AssessmentQuerySet.to_state_on."""
        assessment = self.assessments.get(Assessment.Kind.MANAGER)
        return bool(assessment and assessment.released_at and self.user.pk == self.participation.person_id)

    @property
    def manager_release(self):
        """The stamp of the Fremdeinschätzung that the page shows, for who may_state."""
        return self.assessments[Assessment.Kind.MANAGER].release_stamp

    @property
    def agreed(self):
        """The levels of the record so far as ``{competency id: level}``; what to call them, ``talk.levels_are`` says."""
        return {pk: agreed.level for pk, agreed in self._agreed.items() if agreed.level is not None}

    @property
    def is_agreed(self):
        """Whether the person has taken note of the record, so that its levels count as agreed."""
        return self.talk is not None and self.talk.is_agreed

    @property
    def is_recorded(self):
        """Whether the record of the talk stands."""
        return self.participation.talk_is_recorded

    def rows(self):
        """One row for each competency in the wheel's order."""
        own_remarks, manager_remarks = self._remarks(Assessment.Kind.SELF), self._remarks(Assessment.Kind.MANAGER)
        return [
            ComparisonRow(
                competency=c,
                levels=self.catalogue.levels_as_text[c.id],
                target=self.targets.get(c.id),
                own=self.own.get(c.id),
                manager=self.manager.get(c.id),
                agreed=self._agreed[c.id].level if c.id in self._agreed else None,
                own_remark=own_remarks.get(c.id, ""),
                manager_remark=manager_remarks.get(c.id, ""),
                manager_cannot_judge=self.manager.get(c.id, c) is None,  # no answer yet is something else
                reason=self._agreed[c.id].reason if c.id in self._agreed and self.shows_words else "",
            )
            for c in self.catalogue.competencies
        ]

    def rows_to_discuss(self):
        """The rows in which Selbst and Fremd differ, two levels or more before one; empty before disclosure."""
        rows = {row.competency.id: row for row in self.rows()}
        ordered = differences(self.catalogue.competencies, self.own, self.manager)
        return [rows[pair.competency.id] for pair in ordered if pair.distance]

    @property
    def columns(self):
        """The names of the levels that this reader sees, in the order of the table; of what is not disclosed there is none."""
        names = [(self.shows_target, "Soll"), (self.own, "Selbst"), (self.manager, "Fremd")]
        agreed = [self.talk.levels_are.split(",")[0].capitalize()] if self.agreed else []
        return [name for there_is, name in names if there_is] + agreed

    def groups(self):
        """All rows by what to talk about first: seen differently, seen alike below the Soll, the rest folded."""
        rows = self.rows()
        if not self.shows_both:
            return [self._group("Alle Kompetenzen", rows, is_folded=True)]
        apart = self.rows_to_discuss()
        below = [row for row in rows if row.is_below_target]
        shown = {row.competency.id for row in [*apart, *below]}
        rest = [row for row in rows if row.competency.id not in shown]
        note = APART if apart else "Selbst- und Fremdeinschätzung stimmen in allen Kompetenzen überein."
        found = [
            self._group("Verschieden eingeschätzt", apart, note=note),
            self._group("Gleich eingeschätzt, unter dem Soll", below),
            self._group("Alle übrigen Kompetenzen" if shown else "Alle Kompetenzen", rest, is_folded=True),
        ]
        return [found[0], *(group for group in found[1:] if group.rows)]

    def _group(self, title, rows, **more):
        return RowGroup(title, rows, [self.facts_of(row) for row in rows], **more)

    def facts_of(self, row):
        """What assessments/_compared_row.html shows of a row."""
        scale, target, columns = self.catalogue.scale, row.target, self.columns
        levels = {"Soll": target and target.level, "Selbst": row.own, "Fremd": row.manager}
        return {
            "number": str(row.competency.number),
            "name": row.competency.name,
            "apart": str(row.difference.distance) if row.difference.distance > 1 else "",
            "levels": {name: level_on(scale, levels[name]) for name in columns if name in levels},
            "ist": columns[-1] if self.agreed else "",
            "agreed": level_on(scale, row.agreed),
            "standing": row.standing,
            "has_words": row.has_words,
            "width": str(len(columns) + 1),
            "is_desirable": bool(target and target.is_desirable),
            **(self._words_on(target) if target and target.is_adjusted else {}),
            "own_remark": row.own_remark,
            "manager_remark": row.manager_remark,
            "reason": row.reason,
        }

    def _words_on(self, target):
        """Of a Soll that was adjusted who has done it, what the profile asks, and where words may be read why."""
        by = f" von {target.adjuster} am {target.adjusted_on:%d.%m.%Y}" if target.adjusted_by else ""
        then = level_on(self.catalogue.scale, target.adjusted_from) if target.profile_has_moved else ""
        return {
            "adjusted": by if self.shows_words else "",
            "profile_then": then,
            "profile_level": level_on(self.catalogue.scale, target.profile_level),
            "why": target.reason if self.shows_words else "",
        }

    def gaps(self):
        """The Entwicklungsfelder of the agreed Ist, most pressing first."""
        required = {pk for pk, target in self.targets.items() if target.necessity == "required"}
        targets = {pk: target.level for pk, target in self.targets.items()}
        return find_gaps(self.catalogue.competencies, targets, self.agreed, required)

    def wheel(self, newest=None):
        """The Kompetenzrad: the Ist filled, Soll outlined, both views marked; before the talk Selbst filled, Fremd marked.

        The Ist is that of the talk, or ``newest``, levels by competency id, where the talk's are agreed and more has been since.
        """
        if self.agreed:
            levels = (newest if self.is_agreed else None) or self.agreed
            levels = {pk: self.catalogue.nearest(level) for pk, level in levels.items()}
            series = [self.catalogue.series(self.talk.actual_is, wheels.Style.FILL, levels)]
        else:
            shows_own = self.own or Assessment.Kind.MANAGER not in self.assessments
            kind = Assessment.Kind.SELF if shows_own else Assessment.Kind.MANAGER
            series = [self.catalogue.series(kind.label, wheels.Style.FILL, self.own or self.manager)]
        if self.shows_target:
            levels = {pk: target.level for pk, target in self.targets.items()}
            series.append(self.catalogue.series("Soll", wheels.Style.OUTLINE, levels))
        if self.shows_both:
            if self.agreed:
                series.append(self.catalogue.series("Selbst", wheels.Style.CIRCLE, self.own))
            series.append(self.catalogue.series("Fremd", wheels.Style.DIAMOND, self.manager))
        return self.catalogue.wheel(f"Kompetenzrad {self.participation.person_name}", *series)
