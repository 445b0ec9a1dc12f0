"""The other process: ``python -I ldap_speaker.py`` reads a question from standard input and writes what the directory says of one account.

It imports nothing of ours and knows no Django. OpenLDAP's library waits for ever for a server that takes the call and says
nothing while TLS begins, whatever limit it has been given: what waits here can be ended, see ldap_bind.py.
"""

import json
import sys
from typing import Any

NESTED = "1.2.840.113556.1.4.1941"  # Active Directory: members of groups that are members; others take it for no match

Values = dict[str, list[bytes]]
Found = list[tuple[str, Values]]


class Directory:
    """A connection to the directory of ``asked``: server, starttls, ca_file, seconds, reader, readers_password."""

    def __init__(self, ldap: Any, asked: dict[str, Any]) -> None:
        self.ldap, self.asked = ldap, asked
        self.connection = ldap.initialize(asked["server"])
        for option, value in [
            (ldap.OPT_PROTOCOL_VERSION, ldap.VERSION3),
            (ldap.OPT_REFERRALS, 0),
            (ldap.OPT_NETWORK_TIMEOUT, max(1, asked["seconds"] / 2)),  # the second server has its turn, too
            (ldap.OPT_TIMEOUT, asked["seconds"]),
            (ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND),
            *([(ldap.OPT_X_TLS_CACERTFILE, asked["ca_file"])] if asked["ca_file"] else []),
            (ldap.OPT_X_TLS_NEWCTX, 0),  # last: with it what is said of TLS above holds
        ]:
            self.connection.set_option(option, value)
        if asked["starttls"]:
            self.connection.start_tls_s()
        self.identify()

    def identify(self) -> None:
        """Be the one who may search, again after another has shown their password."""
        self.connection.simple_bind_s(self.asked["reader"], self.asked["readers_password"])

    def search(self, base: str, scope: int, condition: str, attributes: list[str]) -> Found:
        """Entries as (distinguished name, values); what only points to another server is none."""
        found = self.connection.search_ext_s(base, scope, condition, attributes or ["1.1"], sizelimit=10)
        return [(name, values) for name, values in found if name]

    def entry_of(self, login: str) -> tuple[str, Values] | None:
        """The one account that is called so; nobody is chosen among several."""
        condition = self.asked["filter"].replace("{login}", self.escaped(login))
        attributes = [name for name in self.asked["attributes"] if name]
        found = self.search(self.asked["base"], self.ldap.SCOPE_SUBTREE, condition, attributes)
        return found[0] if len(found) == 1 else None

    def confirms(self, name: str, password: str) -> bool:
        """Whether the password is that of the account called ``name``. An empty one would be taken for none (RFC 4513, 5.1.2)."""
        refused = [
            "INVALID_CREDENTIALS", "INAPPROPRIATE_AUTH", "NO_SUCH_OBJECT", "UNWILLING_TO_PERFORM", "CONSTRAINT_VIOLATION",
            "INSUFFICIENT_ACCESS", "INVALID_DN_SYNTAX",
        ]  # fmt: skip
        try:
            is_right = bool(password) and bool(self.connection.simple_bind_s(name, password))
        except tuple(getattr(self.ldap, one) for one in refused):
            is_right = False
        self.identify()
        return is_right

    def has_member(self, group: str, name: str) -> bool | None:
        """Whether the account is in the group, or None where there is none that could be read."""
        if not group:
            return None
        member = self.escaped(name)
        condition = f"(|(member={member})(uniqueMember={member})(member:{NESTED}:={member}))"
        try:
            return bool(self.search(group, self.ldap.SCOPE_BASE, condition, []))
        except (self.ldap.NO_SUCH_OBJECT, self.ldap.INVALID_DN_SYNTAX, self.ldap.INSUFFICIENT_ACCESS):
            return None

    def escaped(self, said: str) -> str:
        return str(self.ldap.filter.escape_filter_chars(said))


def value_of(values: Values, attribute: str) -> str:
    """The first; directories know attributes by any case, and answer as they like."""
    found = {name.lower(): given for name, given in values.items()}.get(attribute.lower())
    return found[0].decode(errors="replace") if found else ""


def answer(ldap: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """What is to be told of the account ``asked["login"]``; without a password only who it is."""
    directory = Directory(ldap, asked)
    found = directory.entry_of(asked["login"])
    name, values = found or (f"cn=niemand,{asked['base']}", {})
    # Also for an account that does not exist: it takes as long.
    is_right = directory.confirms(name, asked["password"]) if asked["password"] is not None else None
    if found is None:
        return {"name": ""}
    return {
        "name": name,
        "is_right": is_right,
        "values": [value_of(values, attribute) if attribute else "" for attribute in asked["attributes"]],
        "members": [directory.has_member(group, name) for group in asked["groups"]] if is_right is not False else [],
    }


def main() -> None:
    import ldap
    import ldap.filter

    try:
        json.dump(answer(ldap, json.load(sys.stdin)), sys.stdout)
    except ldap.LDAPError as problem:  # its own words may repeat what was asked
        json.dump({"problem": type(problem).__name__}, sys.stdout)


if __name__ == "__main__":
    main()
