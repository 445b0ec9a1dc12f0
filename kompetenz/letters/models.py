"""E-mails as rows: what is written in one transaction is sent once it is committed, and never forgotten."""

from uuid import uuid4

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, Count, F, Min, Q, Value, When
from django.utils import timezone

from kompetenz.lists import id_in
from kompetenz.people.models import Person


def gets_mail(person):
    """Whether ``person`` works here, has an address and has not said that they want no mail."""
    return person.is_employed and bool(person.email) and person.wants_mail


class LetterQuerySet(models.QuerySet):
    def administered_by(self, user):
        """Letters whose sending ``user`` looks after, for HR alone: all but those that nobody else may know of."""
        return self.exclude(kind=Letter.Kind.ASKED) if user.is_hr else self.none()

    def waiting(self):
        return self.filter(state=Letter.State.WAITING)

    def ripe(self):
        """Letters that wait, and not for a better moment."""
        return self.waiting().filter(Q(not_before=None) | Q(not_before__lte=timezone.now()))

    def to_go_with(self, letter):
        """What waits for the same person and may go out as one message with ``letter``; oldest first.

        With one that goes alone those that lead to the same page: somebody leads people whom HR enters one after the other.
        """
        theirs = self.waiting().filter(person=letter.person_id).order_by("pk")
        if letter.goes_alone:
            return theirs.filter(kind=letter.kind, path=letter.path)
        return theirs.exclude(kind__in=Letter.ALONE)

    def got_by(self, person, since):
        """Letters that ``person`` has got, or may have got, since then."""
        got = [Letter.State.SENDING, Letter.State.SENT, Letter.State.UNCERTAIN]
        return self.filter(person=person, state__in=got, claimed_at__gte=since, message__isnull=False)

    def sent_together_with(self, letters):
        """``letters`` and those that nobody sees of the messages in which they were sent."""
        unseen = Q(kind=Letter.Kind.ASKED, message__in=letters.exclude(message=None).values("message"))
        return self.filter(Q(pk__in=letters.values("pk")) | unseen)

    def on_their_way(self):
        """Letters that wait or are just being sent."""
        return self.filter(state__in=Letter.STANDS["wartend"])

    def unsettled(self):
        """Letters not sent and not discarded, those first that need somebody's decision."""
        order = Case(*(When(state=state, then=Value(at)) for at, state in enumerate(Letter.UNSETTLED)))
        return self.filter(state__in=Letter.UNSETTLED).order_by(order, "written_at", "pk")

    def numbered(self, number):
        """The one letter with this number; none for what is no number."""
        pk = id_in(number)
        return self.none() if pk is None else self.filter(pk=pk)

    def standing_at(self, stand):
        """Letters that HR's page shows under this word; none for a word it does not know."""
        return self.filter(state__in=Letter.STANDS.get(stand, []))

    def last_problem(self):
        """What hindered the latest attempt at one of these, or None."""
        return self.exclude(problem="").order_by("-claimed_at").values_list("problem", flat=True).first()

    def on_hold(self):
        """Letters that only a decision sends or discards."""
        return self.filter(state__in=Letter.ON_HOLD)

    def settled_before(self, day):
        """Letters that were written before ``day`` and are done with; one that nobody can decide about is."""
        undecided = Q(state__in=Letter.UNSETTLED) & ~Q(kind=Letter.Kind.ASKED, state__in=Letter.ON_HOLD)
        return self.exclude(undecided).filter(written_at__date__lt=day)

    def left_in_sending(self):
        """Letters whose worker has not been heard of for a lease."""
        return self.filter(state=Letter.State.SENDING, claimed_at__lt=timezone.now() - settings.TASK_LEASE)

    def standing(self):
        """How many there are in each state, and since when the oldest waits."""
        waits = Q(state__in=Letter.STANDS["wartend"])
        return self.aggregate(
            waiting=Count("pk", filter=waits),
            oldest=Min("written_at", filter=waits),
            **{state: Count("pk", filter=Q(state=state)) for state in ("uncertain", "refused", "sent")},
        )


class Letter(models.Model):
    """An e-mail that tells one person that there is something for them, and where; it holds nothing of it.

    What waits for one person on one day goes out as one message (gathering.py), which the letters in it share: ``message``
    is its number, and each letter is still true, settled and kept for itself. None is sent before ``not_before``. There is
    one for a person and a key, however often it is written: what happened, as in "round-7-invitation"; the key names nobody.
    It is sent once: *waiting* until a worker claims it (*sending*) before it speaks to the mail server, then *sent*, or
    *refused* by the server for good, or *waiting* again. Where the worker or the line was lost in between, nobody can know:
    *uncertain*, and never sent again by itself. HR may send it again or discard it, and what waits and stands on a page,
    too. What is no longer true when it would be sent, or no longer this person's concern, is discarded, and ``problem`` says
    why. ``path`` leads to a page of ours. One to a peer leads to the start page, for the row must not tell whom they assess.
    Those sent or discarded are deleted 90 days after they were written.
    """

    class Kind(models.TextChoices):
        INVITATION = "invitation", "Einladung"
        REMINDER = "reminder", "Erinnerung"
        RELEASE = "release", "Freigabe"
        TALK = "talk", "Gesprächstermin"
        REVIEW = "review", "Review-Termin"
        HAND_OVER = "hand_over", "Übergabe"
        REMOVAL = "removal", "Entfernung"
        PEER = "peer", "Mitteilung"  # in the same words as the next: HR is not shown who was asked
        NOTICE = "notice", "Mitteilung"
        ASKED = "asked", "Anfrage"  # HR is not shown whom

    class State(models.TextChoices):
        WAITING = "waiting", "wartet"
        SENDING = "sending", "wird gesendet"
        SENT = "sent", "gesendet"
        REFUSED = "refused", "abgelehnt"
        UNCERTAIN = "uncertain", "ungewiss"
        DISCARDED = "discarded", "verworfen"

    ALONE = [Kind.INVITATION]  # at once on office days, and in a message of its own
    NOWHERE_ELSE = [Kind.REMOVAL]  # no page tells what they do
    ON_HOLD = [State.UNCERTAIN, State.REFUSED]
    UNSETTLED = [*ON_HOLD, State.SENDING, State.WAITING]
    STANDS = {
        "ungewiss": [State.UNCERTAIN],
        "abgelehnt": [State.REFUSED],
        "wartend": [State.SENDING, State.WAITING],
    }

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="Person")
    key = models.CharField("Anlass", max_length=100)
    kind = models.CharField("Art", max_length=10, choices=Kind.choices)
    path = models.CharField("Seite", max_length=200)
    calendar = models.TextField("Kalenderdatei", blank=True)
    state = models.CharField("Stand", max_length=10, choices=State.choices, default=State.WAITING)
    written_at = models.DateTimeField("geschrieben am", default=timezone.now)
    claimed_at = models.DateTimeField("zuletzt versucht am", null=True, blank=True)
    not_before = models.DateTimeField("nicht vor", null=True, blank=True)
    message = models.UUIDField("Nachricht", null=True, blank=True)
    sent_on = models.DateField("gesendet am", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("Versuche", default=0)
    problem = models.CharField("Hinderungsgrund", max_length=200, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = "E-Mail"
        verbose_name_plural = "E-Mails"
        ordering = ["written_at", "pk"]
        indexes = [
            models.Index(fields=["state", "attempts"], name="letters_by_state"),
            models.Index(fields=["state", "not_before"], name="letters_by_moment"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="one_letter_per_person_and_key"),
            models.CheckConstraint(condition=~Q(key=""), name="a_letter_has_a_key"),
            models.CheckConstraint(
                condition=Q(path__startswith="/") & ~Q(path__startswith="//"), name="a_letter_leads_to_a_page_of_ours"
            ),
            models.CheckConstraint(condition=~Q(kind="peer") | Q(path="/"), name="a_letter_to_a_peer_tells_nothing"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_on__isnull=False) | ~Q(state="sent") & Q(sent_on__isnull=True),
                name="a_sent_letter_says_since_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sending", "sent", "uncertain"]) | Q(claimed_at__isnull=False),
                name="a_letter_is_claimed_before_it_is_sent",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} an {self.person}"

    @property
    def goes_alone(self):
        return self.kind in self.ALONE or not settings.LETTERS_A_WEEK

    @property
    def may_be_discarded(self):
        """Whether HR may, see deciding.discard."""
        return self.state in self.ON_HOLD or (self.state == self.State.WAITING and self.kind not in self.NOWHERE_ELSE)

    @classmethod
    def claim(cls, letters):
        """Make all of them this worker's alone, as one message; false, and none is, where another has taken one.

        To be committed before anything is sent.
        """
        message, now = uuid4(), timezone.now()
        waiting = cls.objects.waiting().filter(pk__in=[letter.pk for letter in letters])
        claimed = {"state": cls.State.SENDING, "claimed_at": now, "message": message}
        with transaction.atomic():
            if waiting.update(**claimed, attempts=F("attempts") + 1) != len(letters):
                transaction.set_rollback(True)
                return False
        for letter in letters:
            letter.message, letter.claimed_at = message, now
        return True

    def drop(self, problem):
        """It is not true any more: if it still waits, it is done with."""
        waits = Letter.objects.waiting().filter(pk=self.pk)
        waits.update(state=self.State.DISCARDED, problem=problem[:200])

    @classmethod
    def settle(cls, letters, state, problem=""):
        """Note what became of the attempt at the message that this worker has claimed ``letters`` for.

        That it was sent counts even if its worker had been given up meanwhile and HR has decided otherwise.
        """
        mine = cls.objects.filter(pk__in=[letter.pk for letter in letters], message=letters[0].message)
        if state == cls.State.SENT:
            mine.update(state=state, sent_on=timezone.localdate(), problem="")
        else:
            mine.filter(state=cls.State.SENDING).update(state=state, problem=problem[:200])
