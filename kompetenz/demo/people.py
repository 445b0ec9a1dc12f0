"""The units and people of Landkreis Musterland, and who holds which role."""

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from kompetenz.people.models import Person, Unit
from kompetenz.people.names import sort_key
from roles.models import RoleHolding, RoleProfile

from .accounts import BY_KEY, DOMAIN, PASSWORD
from .names import full_name, mailbox

BATCH = 2000
FIRST_NUMBER = 40_001  # personnel numbers run on from here, seven digits with leading zeros

DEPARTMENTS = {
    "I": (
        "Dezernat Zentrale Dienste und Digitalisierung",
        [
            ("10", "Haupt- und Personalamt"),
            ("16", "Amt für Digitalisierung und IT"),
            ("20", "Kämmerei"),
            ("14", "Rechnungsprüfungsamt"),
            ("30", "Rechtsamt"),
            ("13", "Amt für Kommunikation und Beteiligung"),
        ],
    ),
    "II": (
        "Dezernat Sicherheit, Ordnung und Verkehr",
        [
            ("32", "Ordnungsamt"),
            ("36", "Straßenverkehrsamt"),
            ("37", "Amt für Brand- und Katastrophenschutz"),
            ("39", "Amt für Veterinärwesen und Lebensmittelüberwachung"),
            ("33", "Ausländer- und Staatsangehörigkeitsamt"),
            ("15", "Kommunalaufsicht"),
        ],
    ),
    "III": (
        "Dezernat Soziales, Jugend und Gesundheit",
        [
            ("50", "Sozialamt"),
            ("51", "Jugendamt"),
            ("53", "Gesundheitsamt"),
            ("40", "Schulverwaltungsamt"),
            ("56", "Jobcenter"),
            ("57", "Amt für Teilhabe und Pflege"),
        ],
    ),
    "IV": (
        "Dezernat Bauen, Umwelt und Kreisentwicklung",
        [
            ("63", "Bauordnungsamt"),
            ("66", "Kreisstraßenamt"),
            ("67", "Umweltamt"),
            ("61", "Amt für Kreisentwicklung"),
            ("62", "Kataster- und Vermessungsamt"),
            ("70", "Abfallwirtschaftsamt"),
        ],
    ),
}
TOPICS = [
    "Grundsatz und Verwaltung",
    "Bürgerservice",
    "Fachverfahren",
    "Außendienst",
    "Förderung und Finanzen",
    "Planung",
]
IT_SECTION = "Sachgebiet IT-Betrieb"  # its head is the CIO
TEAM_OF_MANAGER = 8  # people in the manager account's office, the two employee accounts among them
PER_SECTION = 16  # people of the district per Sachgebiet
ROLES = ["digitallotse", "projektmanagement"]
SHARES = [75, 25]


@dataclass
class Place:
    """A unit to be, with the key of the one above it."""

    number: str
    name: str
    above: str | None
    depth: int


@dataclass
class Someone:
    """A person to be: where they work, what they lead, which role they hold."""

    unit: str
    leads: str | None = None
    role: str | None = None
    account: str | None = None
    name: tuple[str, str] | None = None
    fields: dict = field(default_factory=dict)
    has_email: bool = True
    has_manager: bool = True
    leaves: bool = False


def places(number_of_people):
    """The unit tree, each unit before those beneath it; larger districts have more offices and sections."""
    tree = [Place("0", "Verwaltungsleitung", None, 0)]
    offices = []
    per_department = min(6, max(2, number_of_people // 150))
    for number, (name, listed) in DEPARTMENTS.items():
        tree.append(Place(number, name, "0", 1))
        offices += [Place(office, title, number, 2) for office, title in listed[:per_department]]
    tree += offices
    tree += sections([office.number for office in offices], max(2, number_of_people // PER_SECTION))
    return tree


def sections(offices, count):
    """``count`` Sachgebiete spread evenly, beginning with the office for IT."""
    order = sorted(offices, key=lambda number: number != "16")
    made = []
    for office_index, office in enumerate(order):
        numbers = range(1, len(range(office_index, count, len(order))) + 1)
        width = len(str(len(numbers)))
        for number in numbers:
            topic = TOPICS[(number - 1) % len(TOPICS)]
            again = (number - 1) // len(TOPICS)
            name = f"Sachgebiet {topic}" + (f" {again + 1}" if again else "")
            if (office, number) == ("16", 1):
                name = IT_SECTION
            made.append(Place(f"{office}.{number:0{width}}", name, office, 3))
    return made


def cast(number_of_people):
    """Everybody of the district, heads first; the same people for the same number, whatever the day."""
    rng = Random("Landkreis Musterland: Personen")
    tree = places(number_of_people)
    people = heads(tree) + fixed_staff()
    leaves = leaf_units(tree)
    for index in range(number_of_people - len(people)):
        people.append(Someone(leaves[index % len(leaves)], role=rng.choices(ROLES, SHARES)[0]))
    mark_exceptions(people)
    for someone in people:
        drawn = full_name(rng)
        if someone.account:
            account = BY_KEY[someone.account]
            someone.name = account.first_name, account.last_name
        elif someone.name is None:
            someone.name = drawn
    return tree, people


def heads(tree):
    people = [Someone(place.number, leads=place.number, role="fuehrungskraft") for place in tree]
    by_unit = {head.leads: head for head in people}
    by_unit["0"].has_manager = False
    by_unit["16"].account = "manager"
    by_unit[next(place.number for place in tree if place.name == IT_SECTION)].role = "cio"
    by_unit["III"].name = ("Maximiliane-Friederike", "von Hohenbrunn-Wallersdörfer zu Unterquellenthal-Lüdinghausen")
    return people


def fixed_staff():
    """The accounts and those around them: the manager's team, HR, the auditor, the CDO."""
    team = [Someone("16", role=ROLES[index % 2]) for index in range(TEAM_OF_MANAGER)]
    team[0].account, team[1].account = "employee", "ready"
    return [
        *team,
        Someone("10", account="hr", role="projektmanagement", fields={"is_hr": True}),
        Someone("10", role="digitallotse", fields={"is_hr": True}),
        Someone("0", account="auditor", fields={"is_auditor": True}),
        Someone("0", role="cdo"),
    ]


def leaf_units(tree):
    """Units without one beneath them, where most people work."""
    above = {place.above for place in tree}
    return [place.number for place in tree if place.number not in above]


def mark_exceptions(people):
    """What every real list of people has: no role, no manager, no e-mail, somebody who left."""
    *_, left, unmanaged, offline, one, two = people
    left.leaves = True
    unmanaged.has_manager = False
    offline.has_email = False
    offline.name = ("Jens-Uwe", "Brömmelschilf")
    one.role = two.role = None
    for someone in people[200::200]:
        if not someone.leads:
            someone.role = None


def settle(number_of_people):
    """Write units, people and their roles; answers the list of people as (Someone, Person) pairs."""
    tree, cast_list = cast(number_of_people)
    units = create_units(tree)
    people = create_people(tree, cast_list, units)
    give_roles(people)
    return people


def create_units(tree):
    units = {}
    for depth in range(4):
        level = [place for place in tree if place.depth == depth]
        rows = [Unit(number=place.number, name=place.name, parent=units.get(place.above)) for place in level]
        units |= {unit.number: unit for unit in Unit.objects.bulk_create(rows, batch_size=BATCH)}
    return units


def create_people(tree, cast_list, units):
    """Heads of the upper units before those of the lower, for everybody needs their manager's id."""
    password, taken, rng = make_password(PASSWORD), set(), Random("Landkreis Musterland: Anmeldungen")
    place_of = {place.number: place for place in tree}
    rows = [
        Person(
            first_name=someone.name[0],
            last_name=someone.name[1],
            sort_key=sort_key(f"{someone.name[1]}, {someone.name[0]}"),
            email=address(someone, taken),
            personnel_number=f"{number:07}",
            password=password if someone.has_email else make_password(None),
            last_login=signed_in(someone, rng),
            unit=units[someone.unit],
            **someone.fields,
        )
        for number, someone in enumerate(cast_list, start=FIRST_NUMBER)
    ]
    people = list(zip(cast_list, rows, strict=True))
    leads = {}
    for depth in [0, 1, 2, 3, None]:
        level = [pair for pair in people if (place_of[pair[0].leads].depth if pair[0].leads else None) == depth]
        for someone, person in level:
            above = place_of[someone.leads].above if someone.leads else someone.unit
            person.manager = leads.get(above) if someone.has_manager else None
        Person.objects.bulk_create([person for _, person in level], batch_size=BATCH)
        leads |= {someone.leads: person for someone, person in level if someone.leads}
    return people


def address(someone, taken):
    """A free e-mail address; people of the same name get a number."""
    if not someone.has_email:
        return None
    box, count = mailbox(*someone.name), 1
    while (found := box if count == 1 else f"{box}{count}") in taken:
        count += 1
    taken.add(found)
    return f"{found}@{DOMAIN}"


def signed_in(someone, rng):
    """When somebody signed in last: most people within the last weeks, a few never."""
    hours = rng.uniform(2, 24 * 40)
    never = rng.random() < 0.05
    if not someone.has_email or (never and not someone.account):
        return None
    return timezone.now() - timedelta(hours=hours)


def give_roles(people):
    """Everybody has held their role since before the first round."""
    rng = Random("Landkreis Musterland: Rollen")
    profiles = {profile.key: profile for profile in RoleProfile.objects.filter(is_builtin=True)}
    today = timezone.localdate()
    RoleHolding.objects.bulk_create(
        [
            RoleHolding(person=person, profile=profiles[someone.role], since=today - timedelta(days=days))
            for someone, person in people
            for days in [rng.randint(400, 2600)]
            if someone.role
        ],
        batch_size=BATCH,
    )


def let_leave(people):
    """Last of all, for somebody who has left takes part in no new round."""
    gone = [person for someone, person in people if someone.leaves]
    last_day = timezone.localdate() - timedelta(days=30)
    for person in gone:
        person.leaving_date = last_day
        person.save(update_fields=["leaving_date"])
        RoleHolding.objects.filter(person=person).update(until=last_day)
