from django.core.management.base import BaseCommand
from django.db import transaction

from kompetenz.jobs.overwriting import empty_the_log
from kompetenz.jobs.queue import enqueue_once
from kompetenz.privacy.erasure.finding import alone, standing_alone, text_fields
from kompetenz.privacy.erasure.removing import replace_in
from kompetenz.privacy.erasure.spellings import ERASED
from kompetenz.privacy.rules import BY_MODEL


class Command(BaseCommand):
    """After somebody was erased, whose first or last name alone stands in a text of others: only a human can tell that it is theirs."""

    help = "Nennt, wo ein Name in Texten anderer allein steht; mit --replace wird er dort ersetzt."

    def add_arguments(self, parser):
        parser.add_argument("name", help="Vorname oder Nachname einer gelöschten Person")
        parser.add_argument(
            "--replace", nargs="+", metavar="STELLE", help=f"an diesen Stellen durch „{ERASED}“ ersetzen"
        )

    @transaction.atomic
    def handle(self, name, replace=None, **options):  # noqa: ARG002 - Django passes them
        spellings, places = alone([name]), {}
        for model, pks in standing_alone(spellings).items():
            places |= {f"{model._meta.label_lower}/{pk}": (model, pk) for pk in pks}  # noqa: SLF001
        for place in replace or []:
            model, pk = places.pop(place, (None, None))
            if model:
                replace_in(model, [pk], spellings)
            self.stdout.write(f"{place}: {'ersetzt' if model else 'Dort steht der Name nicht allein.'}")
        if replace:
            enqueue_once(empty_the_log)
            return
        for place, (model, pk) in places.items():
            self.stdout.write(f"{place} ({BY_MODEL[model._meta.label_lower].name})")  # noqa: SLF001
            for text in model._base_manager.filter(pk=pk).values_list(*text_fields(model)).get():  # noqa: SLF001
                if spellings.is_in(text):
                    self.stdout.write(f"    {text}")
