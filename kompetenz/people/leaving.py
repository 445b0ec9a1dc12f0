"""With somebody's last working day their rights over others end: who comes back, by a list for example, has none."""

from kompetenz import hooks

from .models import Person
from .rights import Hand, PersonRight, Through


@hooks.register("every_day")
def end_rights_of_who_has_left(today):
    """Take every right from whoever does not work here; it is on record, and HR and who audits are told."""
    gone = list(Person.objects.left().with_rights())
    for person in gone:
        for right in PersonRight.values:
            setattr(person, right, False)
        person.hand = Hand(Through.LEAVING)
        person.save(update_fields=PersonRight.values)
    return f"Rechte von Ausgeschiedenen beendet: {len(gone)}." if gone else None
