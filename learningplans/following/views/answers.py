"""What the side that has not written a record answers to it, a review's or a change's."""

from django.contrib import messages
from django.shortcuts import get_object_or_404

from kompetenz.refusals import Refused
from learningplans.following import answering
from learningplans.following.forms.answers import AnswerForm
from learningplans.models import side_of
from learningplans.telling import letters


def answer_form(record, user, words, data=None, **limits):
    """For the side of ``user``, who answers to what the other has written; who corrects it, or that nobody can today."""
    participation = record.plan.participation
    form = AnswerForm(data, corrector=letters.other_today(participation, user), **limits, **words)
    form.nobody_corrects = letters.nobody_corrects(participation, side_of(participation, user).other)
    return form


def answered(request, rows, record, words, *, answer, send_back, page):
    """The form, once what was sent is written down, and None; else None, and the ``page`` that says why not.

    ``record`` is one of ``rows``, and what can be answered to it is called as ``words`` say.
    """
    form = answer_form(record, request.user, words, request.POST)
    asked = {"by": request.user, "read": request.POST.get("read")}
    if not form.is_valid():
        answering.say_if_corrected(form, record, asked["read"])
        return None, page(request, record, form)
    said, text = form.cleaned_data["answer"], form.cleaned_data["statement"]
    try:
        if form.sends_back:
            send_back(why=text, **asked)
        else:
            answer(answer=said, statement=text, **asked)
    except Refused as problem:
        form.add_error(None, str(problem))
        return None, page(request, get_object_or_404(rows, pk=record.pk), form)
    back = f"Zurückgegeben, damit {form.corrector} es berichtigt. {form.nobody_corrects}".strip()
    messages.success(request, back if form.sends_back else "Ihre Antwort ist festgehalten.")
    return form, None
