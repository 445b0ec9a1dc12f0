"""A form that makes something, sent twice by a double click or on a slow line: it makes one thing."""

import hashlib
from datetime import timedelta
from functools import partial, wraps

from django.conf import settings
from django.shortcuts import redirect
from django.utils import timezone

from kompetenz import hooks, pieces
from kompetenz.people.models import SentForm
from kompetenz.whole import whole

KEPT = timedelta(days=settings.RETENTION_DAYS["lists"])
AT_ONCE = timedelta(seconds=10)  # within which the same is the same, if it comes from no page of ours
NOT_CONTENT = {"csrfmiddlewaretoken"}


def once(view):
    """A view that does what is sent once: the same sent again, even at the same moment, is led to where the first was.

    All that it writes is one transaction. What is answered with a page (something has to be corrected) was not done and
    may be sent again; so may what differs in anything.
    """
    sent = whole(partial(_first_or_led, view))

    @wraps(view)
    def page(request, *args, **kwargs):
        if request.method != "POST" or request.htmx:
            return view(request, *args, **kwargs)
        return sent(request, *args, **kwargs)

    return page


def _first_or_led(view, request, *args, **kwargs):
    # Whoever comes second waits here until the first is done: the key is unique.
    form, is_first = SentForm.objects.get_or_create(key=_key_of(request))
    if not is_first and ("once" in request.POST or form.sent_at > timezone.now() - AT_ONCE):
        return redirect(form.led_to)
    answer = view(request, *args, **kwargs)
    if answer.has_header("Location"):
        form.led_to = answer.headers["Location"]
        form.sent_at = timezone.now()
        form.save(update_fields=["led_to", "sent_at"])
    else:
        form.delete()
    return answer


def _key_of(request):
    said = [(name, values) for name, values in sorted(request.POST.lists()) if name not in NOT_CONTENT]
    return hashlib.sha256(repr((request.user.pk, request.get_full_path(), said)).encode()).hexdigest()


@hooks.register("every_day")
@pieces.in_pieces
def forget_sent_forms(today):
    deleted = pieces.delete(SentForm.objects.filter(sent_at__lte=timezone.now() - KEPT))
    return f"Vergessene Formularmarken: {deleted}." if deleted else None
