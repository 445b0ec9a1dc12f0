"""What the person says to the record of the Gespräch: their own words, their answer, or what is to be changed in it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from assessments.models import Participation, Talk
from assessments.talk import recording
from assessments.talk.forms import ReturnForm, StatementForm, TalkAnswerForm
from assessments.telling.absence import who_corrects
from kompetenz.forms.fields import written
from kompetenz.forms.stamp import held, holds
from kompetenz.refusals import Faster, Refused

from .talk import refused, shared, talk_page

NOT_AWAITED = "Nicht gespeichert: Die Niederschrift wartet nicht mehr auf Ihre Antwort."


@require_POST
def send_back(request, pk):
    """The person gives the record back, with what is to be changed in it."""
    own = Participation.objects.of_person(request.user).with_talk()
    participation = get_object_or_404(own.select_related("round", "person", "manager"), pk=pk)
    form, read = ReturnForm(request.POST), request.POST.get("record_read", "")
    if not form.is_valid() and participation.awaits_answer:
        return talk_page(request, shared(request, pk), return_form=form, read=read)
    reason = form.cleaned_data.get("return_reason", "")
    try:
        recording.send_back(talk=participation.talk, by=request.user, reason=reason, read=read)
    except Faster as problem:
        form.add_error(None, str(problem))
        return talk_page(request, shared(request, pk), return_form=form)
    except Refused as problem:
        return refused(request, participation, problem)
    messages.success(request, f"Die Niederschrift ist zurückgegeben. {who_corrects(participation)}")
    return redirect("assessments:talk", pk)


@require_POST
@holds
def statement(request, pk):
    """The person's own words beside the agreed profile."""
    own = Participation.objects.of_person(request.user).with_talk()
    participation = get_object_or_404(held(request, own.select_related("round")), pk=pk)
    form = StatementForm(request.POST, instance=get_object_or_404(Talk.objects.of(participation)))
    is_late = participation.talk_is_answered or not participation.round.is_open
    if not is_late and (not form.is_valid() or form.is_outdated()):
        return talk_page(request, participation, statement_form=form, read=request.POST.get("record_read"))
    try:
        recording.state_own_view(talk=participation.talk, text=written(request.POST, "person_statement"))
    except Refused as problem:
        return refused(request, participation, problem)
    messages.success(request, "Ihre Stellungnahme ist gespeichert.")
    return redirect("assessments:talk", pk)


@require_POST
@holds
def acknowledge(request, pk):
    """Kenntnis genommen, or declined with a statement."""
    own = Participation.objects.shared_with(request.user).of_person(request.user)
    participation = get_object_or_404(held(request, own), pk=pk)
    record = get_object_or_404(Talk.objects.of(participation).select_related("participation__round"))
    form, read = TalkAnswerForm(request.POST, instance=record), request.POST.get("record_read", "")
    valid = form.is_valid()
    if not valid and not participation.awaits_answer:
        return refused(request, participation, NOT_AWAITED)
    if not valid or (participation.awaits_answer and form.is_outdated()):
        return talk_page(request, shared(request, pk), answer_form=form, read=read)
    try:
        recording.acknowledge(talk=record, by=request.user, **form.answer, read=read)
    except Faster as problem:
        form.add_error(None, str(problem))
        return talk_page(request, shared(request, pk), answer_form=form)
    except Refused as problem:
        return refused(request, participation, problem)
    messages.success(request, "Ihre Antwort ist festgehalten.")
    return redirect("assessments:talk", pk)
