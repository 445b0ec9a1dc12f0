"""Pages that are HR's alone."""

from functools import wraps

from django.http import Http404


def for_hr(view):
    """To anybody but HR the page does not exist."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_hr:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
