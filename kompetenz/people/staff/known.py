"""What the database knows at this moment, read in as many queries for five people as for five thousand."""

from collections import Counter
from itertools import chain

from django.utils import timezone

from kompetenz import hooks
from kompetenz.people.models import FurtherNumber, Person, Unit

from .columns import further

READ = [
    "email", "personnel_number", "first_name", "last_name", "unit_id", "manager_id", "is_hr", "is_staff", "is_active",
    "leaving_date", "sort_key",
]  # fmt: skip


def in_running_rounds():
    """In how many rounds that are under way each person takes part, by id."""
    return Counter(
        chain.from_iterable(rows.values_list("person_id", flat=True) for rows in hooks.ask("in_running_rounds"))
    )


class Known:
    """People, units and what apps above know about people, each found by what a list says of it."""

    def __init__(self, keys):
        """``keys`` are the columns of the list; a further column that is not in it need not be loaded."""
        self.people = list(Person.objects.only("pk", *READ).order_by("pk"))
        self.by_pk = {person.pk: person for person in self.people}
        self.by_number = {person.personnel_number: person for person in self.people if person.personnel_number}
        self.by_email = {person.email: person for person in self.people if person.email}
        self.units = {unit.number: unit for unit in Unit.objects.order_by("pk")}
        self.units_by_pk = {unit.pk: unit for unit in self.units.values()}
        self.further = {one.column.key: one.load() for one in further() if one.column.key in keys}
        further_numbers = FurtherNumber.objects.values_list("number", "person")
        self.further_numbers = {  # but of numbers that are somebody's own by now
            number: self.by_pk[pk].personnel_number for number, pk in further_numbers if number not in self.by_number
        }
        self.names_read = {}  # what of a name is a rank, see entries.ask_about_rank
        self.cells_read = {}  # what cells of a list say, see entries.read_cell
        self.in_rounds = in_running_rounds()
        self.today = timezone.localdate()

    def was(self, person, key):
        """What ``person`` has now in the field of a column, in the terms of an Entry."""
        if key in self.further:
            return self.further[key].held.get(person.pk)
        if key == "unit_number":
            return person.unit_id and self.units_by_pk[person.unit_id].number
        if key == "manager":
            return person.manager_id
        return getattr(person, "personnel_number" if key == "number" else key)
