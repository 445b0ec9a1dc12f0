"""Whether the answer, or how long it takes, tells a stranger who has an account: ``python bench/telling_apart.py``.

Signing in with a wrong password, "Passwort vergessen?" and a made-up link, each for an address that nobody has, one that somebody has, of
somebody who has left, and of somebody who never had a password. Measured is computing time, which other work on the machine does not
change; the four take turns. Exits with 1 if two answers differ, or two medians by more than a twentieth and 5 ms.
"""

import json
import re
import sys
import tempfile
import time
from itertools import combinations
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import load, stage

TIMES = 7
WHO = {"unknown": "nobody", "known": "an account", "left": "has left", "first": "never had a password"}
WAYS = {"sign-in": "wrong password", "forgotten": "forgotten password", "link": "made-up link"}
APART, MILLISECONDS = 0.05, 5


def measure():
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        # As the demo: without files that would have to be collected first.
        env = stage.environment(directory / "apart.sqlite3", directory / "static", KOMPETENZRAD_DEMO="1")
        stage.manage("migrate", "--noinput", "--verbosity", "0", env=env)
        return load.inside_of("bench.telling_apart", env, "look", str(TIMES))


def report(met):
    rows, broken = [], []
    for way, title in WAYS.items():
        medians = {who: median(found["seconds"]) * 1000 for who, found in met[way].items()}
        rows.append(f"| {title} | " + " | ".join(f"{medians[who]:.1f}" for who in WHO) + " |")
        for one, other in combinations(WHO, 2):
            apart = abs(medians[one] - medians[other])
            if apart > MILLISECONDS and apart > APART * max(medians[one], medians[other]):
                broken.append(f"{title}: {WHO[one]} and {WHO[other]} are {apart:.1f} ms apart")
            said = [str(met[way][who]["said"]) for who in (one, other)]
            if said[0] != said[1]:
                broken.append(f"{title}: {WHO[one]} and {WHO[other]} are answered differently: {difference(*said)}")
    head = f"| ms of computing, median of {TIMES} | " + " | ".join(WHO.values()) + " |\n| --- |" + " ---: |" * len(WHO)
    return "## Who has an account nobody is told\n\n" + "\n".join([head, *rows]) + "\n", broken


def difference(one, other):
    same = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
    start = max(0, same - 40)
    return f"{one[start : start + 120]!r}, {other[start : start + 120]!r}"


def look(times):
    """What each way says and takes for each of them, as JSON, inside the app."""
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client
    from django.utils.http import int_to_base36

    from kompetenz.people.models import Attempt, Person

    settings.ALLOWED_HOSTS = ["testserver"]
    people = {
        who: Person(first_name="Eva", last_name=who, email=f"{who}@bench.example") for who in WHO if who != "unknown"
    }
    for who, person in people.items():
        person.set_password("ein-langes-passwort" if who != "first" else None)
        person.is_active = who != "left"
        person.save()
    pk = {who: person.pk for who, person in people.items()} | {"unknown": 10**6}

    def ask(way, who):
        address = f"{who}@bench.example"
        if way == "sign-in":
            return Client().post("/anmelden/", {"login": address, "password": "falsch-und-lang"})
        if way == "forgotten":
            return Client().post("/passwort/vergessen/", {"email": address})
        return Client().get(f"/passwort/neu/{int_to_base36(pk[who])}-d1abcd-{'0' * 32}/")

    met = {way: {who: {"seconds": []} for who in WHO} for way in WAYS}
    for round_ in range(times + 1):
        for way in WAYS:
            for who in WHO:
                Attempt.objects.all().delete()
                begun = time.process_time()
                answer = ask(way, who)
                if round_:  # the first has loaded what it needs
                    met[way][who]["seconds"].append(time.process_time() - begun)
                met[way][who]["said"] = plain(answer, who)
    print(json.dumps(met))


def plain(answer, who):
    """An answer without what is another each time, the address that was typed, and the link that was asked for."""
    text = re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]+"', "", answer.content.decode())
    text = re.sub(r"/passwort/neu/[^\"]+|\"X-CSRFToken\": \"\w+\"", "", text)
    return [answer.status_code, answer.headers.get("Location", ""), text.replace(f"{who}@bench.example", "")]


if __name__ == "__main__":
    if sys.argv[1:2] == ["look"]:
        look(int(sys.argv[2]))
    else:
        said, missed = report(measure())
        print(said)
        sys.exit("\n".join(missed) or None)
