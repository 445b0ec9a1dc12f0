"""Why something that was asked for is not done: every message is German and may be shown to whoever asked.

A write asks once more, under its locks, what the page has asked before; when the answer is another by then it raises one of
these and saves nothing. Where a caller does more than show the message, there is a class of its own beside the write. No Django
in here.
"""

FASTER = (
    "Nicht gespeichert: Inzwischen hat jemand hier etwas anderes gespeichert. Was Sie eingegeben haben, steht noch da. "
    "Speichern Sie noch einmal, dann gilt Ihre Fassung."
)
HANDED_OVER = "Nicht gespeichert: Inzwischen ist jemand anderes zuständig."


class Refused(Exception):
    """It is not done, and cannot be as it was asked for."""


class TooLate(Refused):
    """It could have been done before: a round has ended, an assessment was released, a deadline has passed."""


class Faster(Refused):
    """What is stored is not what was read before: somebody else, or the same person in another window, was faster."""

    def __init__(self, message: str = FASTER) -> None:
        super().__init__(message)
