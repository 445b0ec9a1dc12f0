"""A view that is one transaction: all of it is saved or nothing, and so it can be done again."""

from functools import wraps

from django.db import DatabaseError, connection, transaction

from kompetenz.outages import outage_of


def whole(view):
    """``view`` in one transaction; where it and another have stood in each other's way, it is done once more.

    The database has ended one of the two so that the other can go on, and nothing of it is left. A file has been read to its
    end by then: it is chosen again by whoever sent it.
    """
    view = transaction.atomic(view)

    @wraps(view)
    def done(request, *args, **kwargs):
        is_outermost, said = not connection.in_atomic_block, vars(request).get("_messages")
        try:
            return view(request, *args, **kwargs)
        except DatabaseError as error:
            outage = outage_of(error)
            if not (outage and outage.is_over and is_outermost) or request.FILES:
                raise
        if said is not None:
            said._queued_messages.clear()  # noqa: SLF001 - of what was rolled back
        return view(request, *args, **kwargs)

    return done
