"""The page on which a change of an agreed plan is written down or corrected, whatever row it is about."""

from copy import copy

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from kompetenz.lists import id_in
from kompetenz.refusals import Faster, Refused, TooLate
from learningplans.following import answering, changing, steps
from learningplans.models import side_of
from learningplans.telling import letters

WITHDRAWN = "Die Änderung ist zurückgenommen."
UNCHANGED = (
    "Nicht gespeichert: Es hat sich nichts geändert. Ihr Grund steht noch da; ändern Sie, was anders werden soll."
)


class ChangePage:
    """The page of one row, or of something new.

    ``change`` is one's own that waits for its answer and is corrected here, ``named`` with ?aenderung= if it is about
    something new; ``blocking`` another that waits and is about the same row, or one that was named too late.
    """

    def __init__(self, request, plan, kind="", pk=None):
        self.request, self.plan = request, plan
        self.named = None if kind else self.find_named()
        found = changing.waiting_about(plan, kind, pk) if kind else self.named
        self.change = found if found and self.is_for(found) else None
        self.blocking = None if self.change else found
        # A form that comes back for another reason has still not read what was changed since its page was made.
        is_sent = request.method == "POST"
        self.read = request.POST.get("read", "") if is_sent else plan.stamp
        self.corrects = request.POST.get("corrects", "") if is_sent else self.mark

    @property
    def mark(self):
        """What the page sends back of the change that it corrects: its id and its stamp; empty where that is none."""
        return f"{self.change.pk}-{self.change.stamp}" if self.change else ""

    def corrected(self):
        """The change that is corrected and its stamp as the page has shown it; also one that is answered by now."""
        pk, _, read = self.corrects.partition("-")
        found = self.change or self.named or self.plan.changes.with_names().filter(pk=id_in(pk)).first()
        if found and self.is_astray(found):
            raise Http404
        return found, read or None

    def find_named(self):
        """The change that ?aenderung= names; what is sent about one that belongs on another page is not taken."""
        pk = id_in(self.request.GET.get("aenderung", ""))
        found = None if pk is None else get_object_or_404(self.plan.changes.with_names(), pk=pk)
        if found and self.request.method == "POST" and self.is_astray(found):
            raise Http404
        return found

    def is_for(self, change):
        """Whether this is the page on which the reader corrects this change."""
        return change.waits and not self.is_astray(change)

    def is_astray(self, change):
        """Whether this change is the other side's, or about something that is not written down on this page."""
        mine = change.written_side == side_of(self.plan.participation, self.request.user)
        return not (mine and change.steps) or page_to_correct(change).split("?")[0] != self.request.path

    def to_blocking(self):
        messages.warning(self.request, f"Dazu gibt es schon eine Änderung: {self.blocking.answer_in_words}.")
        return redirect(changing.page_of(self.blocking))

    def as_wished(self, row):
        """A copy of ``row`` as the change to be corrected wants it, and the step that says so; as it is without one."""
        kind = next(kind for kind, model in steps.KINDS.items() if isinstance(row, model))
        shown = self.change or self.named
        wanted = shown.steps if shown else []
        step = next((one for one in wanted if (one["kind"], one["pk"]) == (kind, row.pk)), {"values": {}})
        return steps.with_values(copy(row), step), step

    def answer(self, form, wish, subject, template="learningplans/change.html", **context):
        """Write down what is different, or show the form; what waits about the same is to be settled before."""
        if self.blocking and self.request.method == "GET":
            return self.to_blocking()
        if self.change:
            form.initial["reason"] = self.change.reason
        if not getattr(form, "only_takes_over", False) and form.is_valid():
            wanted = wish()
            if not (wanted.steps or self.change):
                form.add_error(None, UNCHANGED)
            elif self.written(form, wanted):
                return self.done(subject, wanted)
        context |= {"plan": self.plan, "form": form, "subject": subject, "change": self.change, "changes": True}
        context |= {"read": self.read, "corrects": self.corrects}
        context["other"] = letters.other_today(self.plan.participation, self.request.user)
        context["nobody_answers"] = answering.nobody_answers(self.plan, self.request.user)
        return render(self.request, template, context)

    def written(self, form, wish):
        """Whether it was written down; not, with a word on the page, if the other side was faster."""
        try:
            self.write(wish, form.cleaned_data["reason"])
        except Refused as problem:
            form.add_error(None, str(problem))
            if isinstance(problem, Faster):
                self.tell_what_is_stored(form)
            if isinstance(problem, TooLate):
                self.corrects = ""  # it is answered or taken back: sent again, this is a change of its own
        return not form.errors

    def write(self, wish, reason):
        """Whoever corrects their change until the plan is as it was takes the change back."""
        by, (known, shown) = self.request.user, self.corrected()
        if wish.steps:
            about = {"reason": reason, "read": self.read, "corrects": known, "corrects_read": shown}
            changing.write_change(plan=self.plan, wish=wish, by=by, **about)
        elif self.read != self.plan.stamp:
            raise Faster
        else:
            changing.withdraw_change(change=self.change, by=by, read=shown)

    def tell_what_is_stored(self, form):
        self.read, self.corrects = self.plan.stamp, self.mark
        if hasattr(form, "tell_what_is_stored"):
            form.tell_what_is_stored()

    def done(self, subject, wish):
        if not wish.steps:
            messages.success(self.request, f"{WITHDRAWN} Der Lernplan bleibt, wie er ist.")
            return redirect(self.plan)
        other = letters.other_today(self.plan.participation, self.request.user)
        nobody = answering.nobody_answers(self.plan, self.request.user)
        holds = f"Es gilt, sobald {other} es zur Kenntnis genommen hat."
        messages.success(self.request, f"{subject}: festgehalten. {nobody or holds}")
        return redirect(self.plan)


def page_to_correct(change):
    """Where the side that wrote this change corrects it."""
    step, args = change.steps[0], [change.plan_id]
    kind, pk = step["kind"], step["pk"]
    if pk is None:
        name = {"goal": "add_goal_later", "measure": "add_measure_later", "review": "review_add"}[kind]
        return f"{reverse(f'learningplans:{name}', args=args)}?aenderung={change.pk}"
    if kind == "plan":
        return reverse(f"learningplans:{'reopen' if step.get('reopens') else 'change_frame'}", args=args)
    name = {"goal": "end_goal" if step.get("ends") else "change_goal", "measure": "change_measure"}.get(
        kind, "review_move"
    )
    return reverse(f"learningplans:{name}", args=[*args, pk])
