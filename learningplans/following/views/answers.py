"""What the side that has not written a record answers to it, a review's or a change's."""

from django.contrib import messages
from django.shortcuts import get_object_or_404

from kompetenz.refusals import Refused
from learningplans.following import answering
from learningplans.following.forms.answers import AnswerForm


def answered(request, rows, record, words, *, answer, send_back, page):
    """The form, once what was sent is written down, and None; else None, and the ``page`` that says why not.

    ``record`` is one of ``rows``, and what can be answered to it is called as ``words`` say.
    """
    form = AnswerForm(request.POST, corrector=record.plan.participation.partner_of(request.user), **words)
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
    messages.success(
        request, f"Zurückgegeben an {form.corrector}." if form.sends_back else "Ihre Antwort ist festgehalten."
    )
    return form, None
