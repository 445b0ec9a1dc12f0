"""A copy of the fixtures that a test may change, as somebody does who adds built-in data."""

import json
import shutil

from django.core.management import call_command


class FixtureFiles:
    """The fixtures in ``directory``; what is changed here is what the settings lead to."""

    NAMES = ("catalogue", "roles", "formats")

    def __init__(self, settings, directory):
        (original,) = settings.FIXTURE_DIRS
        shutil.copytree(original, directory, dirs_exist_ok=True)
        settings.FIXTURE_DIRS = [directory]
        self.directory = directory

    def _change(self, name, change):
        path = self.directory / f"{name}.json"
        rows = json.loads(path.read_text(encoding="utf-8"))
        change(rows)
        path.write_text(json.dumps(rows), encoding="utf-8")

    def add(self, file, model, /, **fields):
        self._change(file, lambda rows: rows.append({"model": model, "fields": fields}))

    def add_level(self, name):
        """A level above all others, with an anchor for every competency."""

        def change(rows):
            value = sum(row["model"] == "catalogue.level" for row in rows)
            level = {"value": value, "key": name.lower(), "name": name, "definition": "gibt Neues vor."}
            rows.append({"model": "catalogue.level", "fields": level})
            rows.extend(
                anchor(row["fields"]["key"], value) for row in rows.copy() if row["model"] == "catalogue.competency"
            )

        self._change("catalogue", change)

    def insert_competency(self, key, *, after, category=None):
        """A competency behind another one, those that follow numbered anew, with its anchors and every profile's level."""

        def change(rows):
            line = [row for row in rows if row["model"] == "catalogue.competency"]
            before = next(row for row in line if row["fields"]["key"] == after)
            fields = {
                "key": key,
                "category": [category or before["fields"]["category"][0]],
                "order": 0,
                "name": "Umgang mit künstlicher Intelligenz",
                "wheel_label": "Künstliche Intelligenz",
                "description": "Setzt künstliche Intelligenz so ein, dass Ergebnisse geprüft und erklärbar bleiben.",
            }
            new = {"model": "catalogue.competency", "fields": fields}
            rows.insert(rows.index(before) + 1, new)
            line.insert(line.index(before) + 1, new)
            for order, row in enumerate(line, start=1):
                row["fields"]["order"] = order
            levels = [row["fields"]["value"] for row in rows if row["model"] == "catalogue.level"]
            rows.extend(anchor(key, value) for value in levels if value)

        def ask(rows):
            profiles = [row["fields"]["key"] for row in rows if row["model"] == "roles.roleprofile"]
            fields = {"competency": [key], "level": 2, "necessity": "required", "ground": "unnamed"}
            rows.extend(
                {"model": "roles.requirement", "fields": {"profile": [profile], **fields}} for profile in profiles
            )

        self._change("catalogue", change)
        self._change("roles", ask)

    def load_all(self):
        call_command("loaddata", *(str(self.directory / f"{name}.json") for name in self.NAMES), verbosity=0)


def anchor(competency, level):
    text = f"Zeigt auf Stufe {level}, was zu {competency} gehört."
    return {"model": "catalogue.levelanchor", "fields": {"competency": [competency], "level": level, "text": text}}
