"""Circles in a chain where each has at most one above."""


def circles(above):
    """Each circle in ``{one: the one above}`` once, as the list of its members in order."""
    found, done = [], set()
    for start in above:
        path, place = [], {}
        at = start
        while at is not None and at not in done and at not in place:
            place[at] = len(path)
            path.append(at)
            at = above.get(at)
        if at in place:
            found.append(path[place[at] :])
        done.update(path)
    return found
