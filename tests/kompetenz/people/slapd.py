"""Debian's OpenLDAP server, started for these tests alone: in a folder of its own, on free ports, with a certificate of its own authority."""

import datetime as dt
import ipaddress
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SLAPD = shutil.which("slapd") or next(iter(Path("/usr/sbin").glob("slapd")), None)
BASE = "dc=kreis,dc=example"
READER, READERS_PASSWORD = f"cn=kompetenzrad,{BASE}", "geheim-des-lesers"
CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/slapd.pid
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
database mdb
suffix {base}
rootdn {reader}
rootpw {password}
directory {folder}/data
maxsize 10485760
dbnosync
access to attrs=userPassword by anonymous auth by * none
access to * by * none
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def certify(folder, authority):
    """An authority of this name, and a certificate for 127.0.0.1 that it has signed."""
    now = dt.datetime.now(dt.UTC)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in (authority, "127.0.0.1")]
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    for name, key, extension, file in [
        (names[0], keys[0], x509.BasicConstraints(ca=True, path_length=0), f"{authority}.pem"),
        (names[1], keys[1], here, "server.pem"),
    ]:
        made = x509.CertificateBuilder().subject_name(name).issuer_name(names[0]).public_key(key.public_key())
        made = made.serial_number(x509.random_serial_number()).add_extension(extension, critical=False)
        made = made.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=9))
        signed = made.sign(keys[0], hashes.SHA256())
        Path(folder, file).write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain = serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    Path(folder, "server.key").write_bytes(keys[1].private_bytes(serialization.Encoding.PEM, *plain))


class Slapd:
    """``add("cn=…", objectClass=[…], …)`` writes an entry below BASE; ``change`` replaces what is said of one."""

    def __init__(self, folder, port, tls_port):
        self.folder = folder
        self.plain, self.tls = f"ldap://127.0.0.1:{port}", f"ldaps://127.0.0.1:{tls_port}"

    def connected(self):
        import ldap

        connection = ldap.initialize(self.plain)
        connection.simple_bind_s(READER, READERS_PASSWORD)
        return connection

    def add(self, name, **values):
        said = [(key, [one.encode() for one in _list(found)]) for key, found in values.items()]
        with closing(self.connected()) as connection:
            connection.add_s(f"{name},{BASE}" if name else BASE, said)

    def change(self, name, **values):
        import ldap

        said = [(ldap.MOD_REPLACE, key, [one.encode() for one in _list(found)]) for key, found in values.items()]
        with closing(self.connected()) as connection:
            connection.modify_s(f"{name},{BASE}", said)

    def empty(self):
        import ldap

        with closing(self.connected()) as connection, suppress(ldap.NO_SUCH_OBJECT):
            found = connection.search_s(BASE, ldap.SCOPE_SUBTREE, "(objectClass=*)", ["1.1"])
            for name, _ in sorted(found, key=lambda one: -len(one[0])):
                connection.delete_s(name)


@contextmanager
def closing(connection):
    try:
        yield connection
    finally:
        connection.unbind_s()


def _list(found):
    return [found] if isinstance(found, str) else found


@contextmanager
def running(folder):
    (folder / "data").mkdir()
    certify(folder, "ca")
    written = CONFIGURATION.format(folder=folder, base=BASE, reader=READER, password=READERS_PASSWORD)
    (folder / "slapd.conf").write_text(written)
    server = Slapd(folder, free_port(), free_port())
    command = [str(SLAPD), "-f", str(folder / "slapd.conf"), "-h", f"{server.plain}/ {server.tls}/", "-d", "0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(100):
                with suppress(Exception), closing(server.connected()):
                    break
                time.sleep(0.1)
            yield server
        finally:
            process.terminate()
