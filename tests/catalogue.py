"""How many competencies the fixtures bring, for tests that mean all of them, whatever their number is."""

import json
from pathlib import Path

ENTRIES = json.loads((Path(__file__).parents[1] / "fixtures" / "catalogue.json").read_text(encoding="utf-8"))
COMPETENCIES = sum(entry["model"] == "catalogue.competency" for entry in ENTRIES)
LEVELS = sum(entry["model"] == "catalogue.level" for entry in ENTRIES)
