from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "Einschätzungen"

    def ready(self):
        from .changes import concerned, earlier_rounds, following, handing_over  # noqa: F401 - it hears of changed names and units, or is done daily
        from .handing_out import piles  # noqa: F401 - what a worker does
        from .peers import checks, counting  # noqa: F401 - each registers a check, or what is done every day
        from .rounds import checks as checks_of_rounds  # noqa: F401 - the same
        from .telling import hidden_targets, letters, occasions, open_steps, reminders  # noqa: F401 - the same, or answers a question
