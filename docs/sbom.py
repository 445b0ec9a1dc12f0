"""What the app is made of, as CycloneDX: ``python docs/sbom.py FILE``, from the locked requirements and package-lock.json.

Required is what runs on the server or goes to browsers; excluded what only builds or tests it.
"""

import json
import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TO_BROWSERS = ["@fontsource/fira-sans", "@kern-ux/native", "htmx.org", "plotly.js"]


def component(kind, name, version, licence, *, is_required):
    found = {
        "type": "library",
        "name": name,
        "version": version,
        "purl": f"pkg:{kind}/{name.replace('@', '%40')}@{version}",
        "scope": "required" if is_required else "excluded",
    }
    return found | ({"licenses": [{"license": {"name": licence}}]} if licence else {})


def of_python():
    for file, is_required in (("runtime", True), ("ldap", True), ("dev", False)):
        locked = (ROOT / "requirements" / f"{file}.txt").read_text()
        for name, version in re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==(\S+)", locked, re.MULTILINE):
            yield component("pypi", name, version, licence_of(name), is_required=is_required)


def licence_of(name):
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return ""
    named = [line.rpartition(" :: ")[2] for line in said.get_all("Classifier") or [] if line.startswith("License ::")]
    return said.get("License-Expression") or ", ".join(named) or (said.get("License") or "").partition("\n")[0]


def of_browsers():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    delivered = closure(packages, TO_BROWSERS)
    for place, package in packages.items():
        name = place.rpartition("node_modules/")[2]
        if name:
            yield component("npm", name, package["version"], package.get("license"), is_required=name in delivered)


def closure(packages, names):
    """These and whatever they bring along."""
    found, left = set(), list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += packages.get(f"node_modules/{name}", {}).get("dependencies", {})
    return found


def bill():
    """Each component once: what is required and also used to build is required."""
    by_purl = {}
    for one in [*of_python(), *of_browsers()]:
        if by_purl.get(one["purl"], {}).get("scope") != "required":
            by_purl[one["purl"]] = one
    version = re.search(r'^softwareVersion: "(.+)"', (ROOT / "publiccode.yml").read_text(), re.MULTILINE)[1]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "kompetenzrad", "version": version}},
        "components": sorted(by_purl.values(), key=lambda one: one["purl"]),
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(bill(), indent=1, ensure_ascii=False))
