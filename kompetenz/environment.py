"""What an installation sets, in its environment or in .env: read strictly, and what is wrong said in a sentence before anything starts.

What is empty counts as not set; a text may be empty where there is one without it. No Django in here.
"""

import logging
import os
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from environ import Env, ImproperlyConfigured

YES, NO = {"1", "true", "on", "yes", "ja", "an"}, {"0", "false", "off", "no", "nein", "aus"}
SETTING = re.compile(r"(?:export )?([A-Za-z_0-9]+)=")  # how a line of .env begins
OF_OTHERS = {"POSTGRES_PASSWORD", "HOST", "PORT", "PROCESSES"}  # names in .env that compose.yaml and make read
A_KEY = "eine lange zufällige Zeichenkette. Eine neue: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
A_DATABASE = "sqlite:////pfad/datei.sqlite3 oder postgres://nutzer:passwort@host/name"
A_CACHE = "dbcache://kompetenzrad_cache oder nichts"
A_MAIL_SERVER = "smtp+tls://nutzer:passwort@host:587, smtp+ssl://... oder smtp://..."
IN_AN_ADDRESS = "Im Passwort stehen @ : / # ? % + als %40 %3A %2F %23 %3F %25 %2B."
LATIN = "{} ist nicht in UTF-8 gespeichert. Bitte speichern Sie die Datei mit dieser Kodierung."
UNREADABLE = "{} lässt sich nicht lesen: {}. Die Datei gehört dem Nutzer, unter dem die Anwendung läuft; starten Sie auch Befehle so."


class Environment:
    """Reads one setting after the other; the program ends with a sentence at the first that is wrong."""

    def __init__(self) -> None:
        self.asked: set[str] = set()  # the names of all settings that there are

    def given(self, name: str) -> str | None:
        """What is set, None if nothing is."""
        self.asked.add(name)
        value = os.environ.get(name, "")
        return value if value.strip() else None

    def needed(self, name: str, wanted: str) -> str:
        return self.given(name) or self.refuse(f"{name} fehlt", wanted)

    def text(self, name: str, default: str) -> str:
        self.asked.add(name)
        return os.environ.get(name, default)

    def flag(self, name: str, *, default: bool) -> bool:
        value = (self.given(name) or "").strip().lower()
        if value not in YES | NO | {""}:
            self.is_wrong(name, "1 oder 0")
        return value in YES if value else default

    def number(self, name: str, default: int) -> int:
        value = (self.given(name) or str(default)).strip()
        return int(value) if is_number(value) else self.is_wrong(name, "eine ganze Zahl ab 0")

    def numbers(self, name: str, default: list[int]) -> list[int]:
        words = self.words(name, [])
        if not all(map(is_number, words)):
            self.is_wrong(name, "eine Liste ganzer Zahlen ab 0, mit Komma getrennt")
        return [int(word) for word in words] or default

    def words(self, name: str, default: list[str]) -> list[str]:
        value = self.given(name)
        return default if value is None else [word.strip() for word in value.split(",") if word.strip()]

    def day(self, name: str, default: date | None) -> date | None:
        value = self.given(name)
        if value is None:
            return default
        for form in ("%Y-%m-%d", "%d.%m.%Y"):
            try:
                return datetime.strptime(value.strip(), form).date()  # noqa: DTZ007 - a day and no time
            except ValueError:
                continue
        return self.is_wrong(name, "ein Tag wie 2026-11-22")

    def database(self, name: str, default: str) -> dict[str, Any]:
        found = self.address(name, default, Env.db_url_config, A_DATABASE)
        is_known = str(found.get("ENGINE")).endswith((".postgresql", ".sqlite3"))
        return found if is_known and found["NAME"] else self.is_secretly_wrong(name, A_DATABASE)

    def cache(self, name: str, default: str) -> dict[str, Any]:
        return self.address(name, default, Env.cache_url_config, A_CACHE)

    def mail(self, name: str, default: str) -> dict[str, Any]:
        found = self.address(name, default, Env.email_url_config, A_MAIL_SERVER)
        has_no_host = found["EMAIL_BACKEND"].endswith(".smtp.EmailBackend") and not found["EMAIL_HOST"]
        return self.is_secretly_wrong(name, A_MAIL_SERVER) if has_no_host else found

    def address(self, name: str, default: str, read: Callable[[str], dict[str, Any]], wanted: str) -> dict[str, Any]:
        """What ``read`` makes of it; one that may hold a password is not repeated where it is wrong."""
        try:
            return read((self.given(name) or default).strip())
        except (ValueError, ImproperlyConfigured):
            self.is_secretly_wrong(name, wanted)

    def is_wrong(self, name: str, wanted: str) -> NoReturn:
        self.refuse(f"{name} ist „{os.environ[name]}“", wanted)

    def is_secretly_wrong(self, name: str, wanted: str) -> NoReturn:
        self.refuse(f"{name} ist so nicht zu verstehen", f"{wanted}. {IN_AN_ADDRESS}")

    def refuse(self, problem: str, wanted: str) -> NoReturn:
        raise SystemExit(
            f"{problem}; gebraucht wird {wanted}\nEinzutragen in .env oder der Umgebung (docs/betrieb.md)."
        )


def is_number(word: str) -> bool:
    return word.isascii() and word.isdigit()


def read_file(path: Path) -> None:
    """Add to the environment what stands in .env and is not set there."""
    logging.getLogger("environ.environ").setLevel(
        logging.ERROR
    )  # it would repeat a line that is none, password and all
    try:
        Env.read_env(path, encoding="utf-8-sig")
        path.read_bytes()  # what it cannot open, it passes over
    except UnicodeDecodeError:
        raise SystemExit(LATIN.format(path)) from None
    except OSError as problem:
        raise SystemExit(UNREADABLE.format(path, problem.strerror)) from None


def not_understood(path: Path, asked: set[str]) -> Iterator[str]:
    """A sentence for each line of .env that sets nothing: a name that there is not, or no line of the kind."""
    known = asked | OF_OTHERS
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), start=1):
        found = SETTING.match(line)
        if not line or line.startswith("#") or (found and found[1] in known):
            continue
        if found is None:
            yield f"Zeile {number} ist nicht von der Form NAME=Wert, ohne Leerzeichen um das Gleichheitszeichen."
        elif like := get_close_matches(found[1], known, n=1):
            yield f"Eine Einstellung {found[1]} gibt es nicht (Zeile {number}). Ist {like[0]} gemeint?"
        else:
            yield f"Eine Einstellung {found[1]} gibt es nicht (Zeile {number})."
