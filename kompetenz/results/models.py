"""What was published of a round: numbers of groups that stand, and never a person."""

from django.db import models
from django.db.models import Exists, Q
from django.urls import reverse
from django.utils import timezone

from assessments.models import Participation, Round
from kompetenz.people.models import Person, Unit
from roles.models import RoleProfile

from .suppression import NOT_TOLD, Shares, in_words


def units_of_people_led_by(user):
    """Their ids; one query."""
    people = Person.objects.led_by(user).employed().exclude(unit=None).order_by()
    return people.values_list("unit", flat=True).distinct()


def nothing_hides_the_target_from(user):
    """The condition that no open round hides the Soll from them: levels beside their relations to the Soll give it away.

    Of no group and no round, for units and other roles may ask the same.
    """
    return ~Exists(Participation.objects.hiding_target_from(user))


class PublicationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All, for HR, auditors, and whoever leads people; else those that are for everybody; none while their Soll is hidden.

        Whose numbers they find there is for PublishedGroupQuerySet.visible_to.
        """
        found = self.filter(nothing_hides_the_target_from(user))
        return found if user.is_hr or user.is_auditor or user.leads_people else found.filter(is_for_all=True)

    def told_whole_to(self, user):
        """Those of which ``user`` may read every group, and with it the report."""
        found = self.visible_to(user)
        return found if user.is_hr or user.is_auditor else found.filter(is_for_all=True)

    def written_by(self, user):
        """Those whose report ``user`` may write the introduction of: HR, who may read them."""
        return self.told_whole_to(user) if user.is_hr else self.none()

    def of(self, round_):
        return self.filter(round=round_)

    def before(self, publication):
        """Of other rounds, published before this one; the latest first."""
        return self.filter(at__lt=publication.at).exclude(round=publication.round_id).order_by("-at", "-pk")

    def final(self):
        return self.filter(is_final=True)


class Publication(models.Model):
    """How far the agreed levels of a round had come at one moment: once written, it stays as it is.

    It is the numbers of its groups, each of at least ``k`` people with an agreed Ist (suppression.py); ``people`` is how
    many there were, ``taking_part`` how many took part. ``left_out`` names what there are no numbers of. While the round may
    have another publication, ``memberships`` says who belonged to the same groups, by marks that only ``key`` makes of
    participations, so that both can be judged together; with the final one, of a closed round, key and marks of all are
    deleted. ``response`` has for units of at least k who took part their name, depth and how many have an agreed Ist, in
    words; ``effort`` for formats, or several together, of at least k people their name, measures, hours and euros.
    ``introduction`` is HR's to its report.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    at = models.DateTimeField("festgestellt am", default=timezone.now)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    k = models.PositiveSmallIntegerField("mindestens so viele Personen")
    people = models.PositiveIntegerField("Personen mit vereinbartem Ist")
    taking_part = models.PositiveIntegerField("Teilnahmen")
    is_final = models.BooleanField("Endstand", default=False)
    is_for_all = models.BooleanField("für alle Beschäftigten", default=False)
    left_out = models.JSONField("ohne Zahlen", default=list)
    key = models.CharField(max_length=64, blank=True)
    memberships = models.JSONField(default=list)
    response = models.JSONField("Beteiligung", default=list)
    effort = models.JSONField("Aufwand", default=list)
    introduction = models.TextField("Einleitung", max_length=3000, blank=True)
    introduction_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    introduction_on = models.DateField("Einleitung geschrieben am", null=True, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = "Auswertung"
        verbose_name_plural = "Auswertungen"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round"], condition=Q(is_final=True), name="one_final_publication_per_round"
            ),
            models.CheckConstraint(condition=Q(is_final=False) | Q(key=""), name="a_final_publication_knows_nobody"),
        ]

    def __str__(self):
        return f"{self.round} ({timezone.localdate(self.at):%d.%m.%Y})"

    def get_absolute_url(self):
        return reverse("results:publication", args=[self.pk])

    def sets(self):
        """The people of each group, by their marks."""
        groups = {}
        for places, marks in self.memberships:
            for place in places:
                groups.setdefault(place, set()).update(marks)
        return [frozenset(marks) for marks in groups.values()]


class PublishedGroupQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All groups, for HR, auditors, and where everybody may read them; who leads people finds the whole and their people's units.

        None while their own Soll is hidden from them.
        """
        readable = self.filter(nothing_hides_the_target_from(user))
        if user.is_hr or user.is_auditor:
            return readable
        found = Q(publication__is_for_all=True)
        if user.leads_people:
            theirs = Unit.objects.above(units_of_people_led_by(user))
            found |= Q(kind=PublishedGroup.Kind.ALL) | Q(unit__in=theirs)
        return readable.filter(found)

    def of(self, publication):
        return self.filter(publication=publication)

    def like(self, groups):
        """Those of the same units and roles as these, and the whole."""
        units = [group.unit_id for group in groups if group.unit_id]
        profiles = [group.profile_id for group in groups if group.profile_id]
        return self.filter(Q(kind=PublishedGroup.Kind.ALL) | Q(unit__in=units) | Q(profile__in=profiles))

    def whole(self):
        return self.filter(kind=PublishedGroup.Kind.ALL)

    def largest(self, kind, number):
        """So many of this kind that have the most people, in their order."""
        found = self.filter(kind=kind).order_by("-people", "place")[:number]
        return sorted(found, key=lambda group: group.place)

    def parts(self):
        return self.exclude(kind=PublishedGroup.Kind.ALL)


class PublishedGroup(models.Model):
    """One group of a publication: the whole administration, a unit with all below it, or a role.

    ``cells`` has for each competency (its id as a text) how many of ``steps`` are below, at and above the Soll, at each
    level, and below with a measure and without, if that is told: shares in steps, never counts (suppression.py). ``depth`` is
    how far below the top of the shown units it stands.
    """

    class Kind(models.TextChoices):
        ALL = "all", "Alle"
        UNIT = "unit", "Organisationseinheit"
        ROLE = "role", "Rolle"

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="groups")
    place = models.PositiveIntegerField()
    kind = models.CharField(max_length=4, choices=Kind.choices)
    unit = models.ForeignKey(Unit, models.SET_NULL, null=True, related_name="+")
    profile = models.ForeignKey(RoleProfile, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=150)
    depth = models.PositiveSmallIntegerField(default=0)
    people = models.PositiveIntegerField()
    cells = models.JSONField(default=dict)

    objects = PublishedGroupQuerySet.as_manager()

    class Meta:
        verbose_name = "Gruppe einer Auswertung"
        verbose_name_plural = "Gruppen von Auswertungen"
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "place"], name="one_published_group_per_place"),
        ]

    def __str__(self):
        return self.name

    @property
    def short_name(self):
        """Of a unit its number, which stands before its name; else the name."""
        return self.name.split()[0] if self.kind == self.Kind.UNIT else self.name

    @property
    def is_whole(self):
        return self.kind == self.Kind.ALL

    @property
    def of(self):
        """What it is a group of, in any publication."""
        return self.kind, self.unit_id, self.profile_id

    @property
    def steps(self):
        """In how many steps its shares were told."""
        relations, *_ = next(iter(self.cells.values()))
        return sum(relations)

    def knows(self, competency):
        return str(competency) in self.cells

    def shares_in(self, competency):
        return Shares(*map(tuple, self.cells[str(competency)]))

    @property
    def tells_measures(self):
        """Whether it says how many of those below have a measure; it does so in all competencies or in none."""
        _, _, measures = next(iter(self.cells.values()))
        return bool(measures)

    def words(self, shares):
        return [NOT_TOLD if share is None else in_words(share, self.steps) for share in shares]
