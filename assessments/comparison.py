"""Soll, Selbst, Fremd and vereinbart side by side: as one reader may see them."""

from dataclasses import dataclass
from functools import cached_property

from kompetenz import wheel as wheels

from . import peers
from .gaps import Difference, differences, find_gaps
from .handing_over import released_by
from .models import Assessment, TalkProgress
from .on_behalf import entry_in_words


@dataclass(frozen=True)
class Row:
    """One competency in the comparison; a level is 0-3, or None where there is none (to be seen)."""

    competency: object
    target: object
    own: int | None
    manager: int | None
    agreed: int | None
    own_remark: str = ""
    manager_remark: str = ""
    reason: str = ""

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


class Comparison:
    """All that ``user`` may see of one participation, loaded in a handful of queries.

    What is not disclosed yet is not loaded: a template cannot leak it. Only the person and the
    manager read words (remarks, reasons, statements) and a record in the making (``shows_words``);
    HR, where the round lets it in, sees levels.
    """

    def __init__(self, participation, user):
        self.participation = participation
        self.catalogue = participation.round.catalogue
        self.shows_target = participation.shows_target_to(user)
        self.targets = (
            {target.competency_id: target for target in participation.targets.all()} if self.shows_target else {}
        )
        self.shows_words = participation.is_shared_with(user)
        visible = participation.assessments.visible_to(user).filter(kind__in=Assessment.SIDES)
        visible = visible.select_related("entered_by").prefetch_related("ratings", "remarks")
        self.user = user
        self.assessments = {assessment.kind: assessment for assessment in visible}
        self.own = self._levels(Assessment.Kind.SELF)
        self.manager = self._levels(Assessment.Kind.MANAGER)
        shows_talk = participation.talk_state and (self.shows_words or self.is_agreed)
        self.talk = getattr(participation, "talk", None) if shows_talk else None
        self._agreed = {agreed.competency_id: agreed for agreed in self.talk.agreed_levels.all()} if self.talk else {}

    def _levels(self, kind):
        assessment = self.assessments.get(kind)
        return {rating.competency_id: rating.level for rating in assessment.ratings.all()} if assessment else {}

    def _remarks(self, kind):
        assessment = self.assessments.get(kind)
        if assessment is None or not self.shows_words:
            return {}
        return {remark.competency_id: remark.text for remark in assessment.remarks.all()}

    @property
    def shows_both(self):
        """Whether both sides' assessments lie open to this reader."""
        return len(self.assessments) == len(Assessment.SIDES)

    @cached_property
    def colleagues(self):
        """What colleagues have said, as far as this reader may see it; see peers.seen_by."""
        return peers.seen_by(self.participation, self.user)

    @cached_property
    def released_by(self):
        """Who has released the Fremdeinschätzung in words, if not the present manager; only once it is disclosed."""
        return released_by(self.participation, self.assessments.get(Assessment.Kind.MANAGER))

    @property
    def entered(self):
        """That the Selbsteinschätzung was typed in from paper, in words; only for whom it is disclosed to."""
        return entry_in_words(self.assessments.get(Assessment.Kind.SELF))

    @property
    def agreed(self):
        """The agreed Ist so far as ``{competency id: level}``."""
        return {pk: agreed.level for pk, agreed in self._agreed.items() if agreed.level is not None}

    @property
    def is_agreed(self):
        """Whether the record of the talk stands."""
        return self.participation.talk_state >= TalkProgress.RECORDED

    def rows(self):
        """One row for each competency in the wheel's order."""
        own_remarks, manager_remarks = self._remarks(Assessment.Kind.SELF), self._remarks(Assessment.Kind.MANAGER)
        return [
            Row(
                competency=c,
                target=self.targets.get(c.id),
                own=self.own.get(c.id),
                manager=self.manager.get(c.id),
                agreed=self._agreed[c.id].level if c.id in self._agreed else None,
                own_remark=own_remarks.get(c.id, ""),
                manager_remark=manager_remarks.get(c.id, ""),
                reason=self._agreed[c.id].reason if c.id in self._agreed and self.shows_words else "",
            )
            for c in self.catalogue.competencies
        ]

    def rows_to_discuss(self):
        """The rows in which Selbst and Fremd differ, two levels or more before one; empty before disclosure."""
        rows = {row.competency.id: row for row in self.rows()}
        ordered = differences(self.catalogue.competencies, self.own, self.manager)
        return [rows[pair.competency.id] for pair in ordered if pair.distance]

    def gaps(self):
        """The Entwicklungsfelder of the agreed Ist, most pressing first."""
        required = {pk for pk, target in self.targets.items() if target.necessity == "required"}
        targets = {pk: target.level for pk, target in self.targets.items()}
        return find_gaps(self.catalogue.competencies, targets, self.agreed, required)

    def wheel(self):
        """The Kompetenzrad: the Ist filled (agreed, or Selbst before the talk), Soll outlined, both views marked."""
        if self.agreed:
            series = [self.catalogue.series("Vereinbartes Ist", wheels.Role.FILL, self.agreed)]
        else:
            shows_own = self.own or Assessment.Kind.MANAGER not in self.assessments
            kind = Assessment.Kind.SELF if shows_own else Assessment.Kind.MANAGER
            series = [self.catalogue.series(kind.label, wheels.Role.FILL, self.own or self.manager)]
        if self.shows_target:
            levels = {pk: target.level for pk, target in self.targets.items()}
            series.append(self.catalogue.series("Soll", wheels.Role.OUTLINE, levels))
        if self.shows_both:
            series.append(self.catalogue.series("Selbst", wheels.Role.SELF, self.own))
            series.append(self.catalogue.series("Fremd", wheels.Role.MANAGER, self.manager))
        return self.catalogue.wheel(f"Kompetenzrad {self.participation.person_name}", *series)
