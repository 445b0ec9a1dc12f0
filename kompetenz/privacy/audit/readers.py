"""Who reads the pages of the auditor."""

from functools import wraps

from django.http import Http404


def for_auditors(view):
    """To anybody but auditors the page does not exist."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_auditor:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
