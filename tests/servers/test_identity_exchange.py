"""Files with keys from each producer are imported here, exported, and opened by each consumer.

`pytest -s` prints the table of who opened what.
"""

from __future__ import annotations

import ssl
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from socket import create_connection

import pytest
from _pytest.mark.structures import ParameterSet
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.servers.clients import HOST, Client, Park, make_park
from tests.servers.nginx_server import nginx_server
from tests.servers.process import RealServer, ServerSetup
from tests.support.key_files import (
    JAVA_8_STYLE,
    KEY_PASSWORD,
    OPENSSL_1_0_STYLE,
    PASSWORD,
    PRODUCERS,
    WINDOWS_STYLE,
    openssl_p12,
    run,
)
from tests.support.pki import Issued
from trustdesk.core.identity import ExportForm, ExportProfile
from trustdesk.services.hand_over import hand_over
from trustdesk.services.identity_export import Exportable, export_identity
from trustdesk.services.identity_import import OpenedImport, prepare
from trustdesk.services.identity_preview import Surroundings
from trustdesk.services.p12_doctor import diagnose_p12
from trustdesk.services.passphrases import generate_passphrase
from trustdesk.services.reading import Bytes, ReadingService
from trustdesk.services.wording import wording

pytestmark = pytest.mark.servers

_JAVA = ("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-J-Xshare:auto")
_DONE: dict[tuple[str, str], str] = {}
"""By producer and consumer: "yes", for the table."""


@cache
def park() -> Park:
    return make_park()


@pytest.fixture(scope="module")
def reading() -> Iterator[ReadingService]:
    service = ReadingService()
    # The process is there before the first test counts what is open.
    service.inspect([Bytes("nothing", b"nothing")])
    yield service
    service.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "exchange"
    made.mkdir()
    return made


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[RealServer]:
    """Insist on a certificate of the park, and say whose came."""
    setup = ServerSetup(
        chain=park().server_chain,
        key=park().server.key_pem(),
        client_ca=park().root.pem,
        folder=tmp_path / "nginx",
    )
    setup.folder.mkdir()
    with nginx_server(setup, "add_header X-Client $ssl_client_verify/$ssl_client_s_dn always;") as server:
        yield server


@dataclass(frozen=True)
class Exported:
    """What was written of one identity."""

    folder: Path
    passphrase: str = field(repr=False)
    issued: Issued = field(repr=False)
    port: int

    @property
    def public_key(self) -> str:
        spki = self.issued.key.public_key()
        return spki.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


# --- consumers --------------------------------------------------------------------------------------------


def openssl_opens(file: str, one: Exported) -> None:
    pem = run(one.folder, "openssl", "pkcs12", "-in", file, "-nodes", "-passin", f"pass:{one.passphrase}")
    assert pem.count("BEGIN CERTIFICATE") == 2
    assert pem.count("BEGIN PRIVATE KEY") == 1
    assert run(one.folder, "openssl", "pkey", "-pubout", text=pem) == one.public_key


def openssl_opens_pem(one: Exported) -> None:
    said = run(one.folder, "openssl", "pkey", "-in", "m.pem", "-pubout", "-passin", f"pass:{one.passphrase}")
    assert said == one.public_key


def keytool_opens(file: str, one: Exported) -> None:
    said = run(one.folder, "keytool", *_JAVA, "-list", "-v", "-keystore", file, "-storepass", one.passphrase)
    assert said.count("Entry type: PrivateKeyEntry") == 1
    assert "Certificate chain length: 2" in said
    assert ":".join(one.issued.sha256[at : at + 2].upper() for at in range(0, 64, 2)) in said


def keytool_trusts(one: Exported) -> None:
    said = run(one.folder, "keytool", *_JAVA, "-list", "-keystore", "trust.p12", "-storepass", one.passphrase)
    assert said.count("trustedCertEntry") == 2
    assert "PrivateKeyEntry" not in said


def curl_is_let_in(file: str, kind: str, one: Exported) -> None:
    (one.folder / "root.pem").write_bytes(park().root.pem)
    said = run(
        one.folder, "curl", "--silent", "--show-error", "--include", "--cacert", "root.pem", "--cert-type",
        kind, "--cert", f"{file}:{one.passphrase}", "--resolve", f"{HOST}:{one.port}:127.0.0.1",
        f"https://{HOST}:{one.port}/",
    )  # fmt: skip
    assert "HTTP/1.1 401" in said
    assert "X-Client: SUCCESS/CN=good" in said


def python_is_let_in(one: Exported) -> None:
    context = ssl.create_default_context(cadata=park().root.pem.decode())
    context.load_cert_chain(one.folder / "m.pem", password=one.passphrase)
    with (
        create_connection(("127.0.0.1", one.port), 20) as raw,
        context.wrap_socket(raw, server_hostname=HOST) as tls,
    ):
        tls.sendall(f"GET / HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
        said = b"".join(iter(lambda: tls.recv(4096), b""))
    assert b"X-Client: SUCCESS/CN=good" in said


CONSUMERS: Mapping[str, Callable[[Exported], None]] = {
    "openssl 3, modern": lambda one: openssl_opens("m.p12", one),
    "openssl 3, compatible": lambda one: openssl_opens("c.p12", one),
    "openssl 3, PEM": openssl_opens_pem,
    "keytool 17, modern": lambda one: keytool_opens("m.p12", one),
    "keytool 17, compatible": lambda one: keytool_opens("c.p12", one),
    "keytool 17, trust store": keytool_trusts,
    "curl + nginx, modern": lambda one: curl_is_let_in("m.p12", "P12", one),
    "curl + nginx, compatible": lambda one: curl_is_let_in("c.p12", "P12", one),
    "curl + nginx, PEM": lambda one: curl_is_let_in("m.pem", "PEM", one),
    "Python ssl + nginx, PEM": python_is_let_in,
}


# --- the table --------------------------------------------------------------------------------------------


def imported(file: bytes, folder: Path, reading: ReadingService) -> OpenedImport:
    (folder / "received").write_bytes(file)
    prepared = prepare(
        [folder / "received"],
        [PASSWORD, KEY_PASSWORD],
        reading=reading,
        here=Surroundings(at=park().server.certificate.not_valid_before_utc),
    )
    (candidate,) = prepared.preview.candidates
    assert candidate.can_be_imported, candidate.problems
    return prepared


def exported(prepared: OpenedImport, folder: Path, port: int) -> Exported:
    """Write every form that a consumer opens, under a passphrase that was made here."""
    passphrase = generate_passphrase()
    what = Exportable(
        name="mine",
        certification_path=prepared.preview.candidates[0].certification_path,
        anchor=park().root.facts,
        private_key=prepared.private_key(0),
    )
    for file, form, profile in (
        ("m.p12", ExportForm.PKCS12, ExportProfile.MODERN),
        ("c.p12", ExportForm.PKCS12, ExportProfile.COMPATIBLE),
        ("m.pem", ExportForm.PEM, None),
        ("trust.p12", ExportForm.JAVA_TRUST_STORE, None),
    ):
        export_identity(what, folder / file, form, profile=profile, passphrase=passphrase)
    prepared.discard()
    return Exported(folder=folder, passphrase=passphrase, issued=park().clients[Client.GOOD][0], port=port)


def corners(grid: Iterable[str], *always: str) -> list[ParameterSet]:
    """Return a grid of which every test run takes these, and the gate the rest."""
    return [pytest.param(one, marks=() if one in always else pytest.mark.exhaustive) for one in grid]


@pytest.mark.exhaustive
@pytest.mark.parametrize("producer", PRODUCERS)
def test_file_of_a_producer_reaches_every_consumer(
    producer: str, folder: Path, reading: ReadingService, nginx: RealServer
) -> None:
    made = folder / "made"
    made.mkdir()
    file = PRODUCERS[producer](made, *park().clients[Client.GOOD])
    one = exported(imported(file, folder, reading), folder, nginx.port)
    for consumer, opens in CONSUMERS.items():
        opens(one)
        _DONE[producer, consumer] = "yes"


@pytest.mark.exhaustive
def test_table() -> None:
    """Print who opened what; each row was proved above."""
    width = max(len(producer) for producer in PRODUCERS)
    names = dict(zip(CONSUMERS, "ABCDEFGHIJ", strict=True))
    lines = ["", *(f"{letter}  {consumer}" for consumer, letter in names.items())]
    lines.append(f"{'imported from':<{width}}  {'    '.join(names.values())}")
    for producer in PRODUCERS:
        cells = [_DONE.get((producer, consumer), "-") for consumer in names]
        lines.append(f"{producer:<{width}}  {'  '.join(f'{cell:<3}' for cell in cells)}")
    sys.stdout.write("\n".join([*lines, ""]))
    tried = {producer for producer, _ in _DONE}
    assert all((producer, consumer) in _DONE for producer in tried for consumer in CONSUMERS)


# --- the doctor's word ------------------------------------------------------------------------------------

VARIANTS: Mapping[str, tuple[str, ...]] = {
    "default": (),
    "legacy": ("-legacy",),
    "OpenSSL 1.0 style": OPENSSL_1_0_STYLE,
    "Windows style": WINDOWS_STYLE,
    "RC4-128": ("-legacy", "-certpbe", "PBE-SHA1-RC4-128", "-keypbe", "PBE-SHA1-RC4-128"),
    "RC4-40": ("-legacy", "-certpbe", "PBE-SHA1-RC4-40", "-keypbe", "PBE-SHA1-RC4-40"),
    "RC2-128": ("-legacy", "-certpbe", "PBE-SHA1-RC2-128", "-keypbe", "PBE-SHA1-RC2-128"),
    "2DES": ("-certpbe", "PBE-SHA1-2DES", "-keypbe", "PBE-SHA1-2DES"),
    "PBES1 MD5 DES": ("-legacy", "-certpbe", "PBE-MD5-DES", "-keypbe", "PBE-MD5-DES"),
    "PBES1 SHA-1 DES": ("-legacy", "-certpbe", "PBE-SHA1-DES", "-keypbe", "PBE-SHA1-DES"),
    "AES-128": ("-certpbe", "AES-128-CBC", "-keypbe", "AES-128-CBC"),
    "AES-192": ("-certpbe", "AES-192-CBC", "-keypbe", "AES-192-CBC"),
    "PBES2 3DES": ("-certpbe", "DES-EDE3-CBC", "-keypbe", "DES-EDE3-CBC"),
    "PBES2 DES": ("-legacy", "-certpbe", "DES-CBC", "-keypbe", "DES-CBC"),
    "MD5 MAC": ("-macalg", "md5"),
    "SHA-1 MAC": ("-macalg", "sha1"),
    "SHA-512 MAC": ("-macalg", "sha512"),
    "no MAC": ("-nomac",),
    "open certificates": ("-certpbe", "NONE"),
    "open key": ("-keypbe", "NONE"),
    "6,000,000 rounds": ("-certpbe", "NONE", "-iter", "6000000", "-nomac"),
}


def opened_by(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=50, check=False)
    return done.stdout + done.stderr if done.returncode == 0 else ""


@pytest.mark.parametrize("variant", corners(VARIANTS, "legacy", "open key"))
def test_what_the_doctor_says_of_a_program_is_what_it_does(variant: str, folder: Path) -> None:
    data = openssl_p12(folder, *park().clients[Client.GOOD], options=VARIANTS[variant])
    (folder / "f.p12").write_bytes(data)
    openssl = ("openssl", "pkcs12", "-in", "f.p12", "-nodes", "-passin", f"pass:{PASSWORD}")
    # Listing a store opens no key of it; copying it does.
    java = (
        "keytool", *_JAVA, "-importkeystore", "-noprompt", "-srckeystore", "f.p12", "-srcstoretype", "PKCS12",
        "-srcstorepass", PASSWORD, "-destkeystore", "copy.p12", "-deststorepass", PASSWORD,
    )  # fmt: skip
    seen = {
        "OpenSSL 3": "BEGIN PRIVATE KEY" in opened_by(folder, *openssl),
        "OpenSSL 3 (-legacy)": "BEGIN PRIVATE KEY" in opened_by(folder, *openssl, "-legacy"),
        "Java 17": "alias mine successfully imported" in opened_by(folder, *java),
    }
    diagnosis = diagnose_p12(data, "f.p12", PASSWORD)
    assert diagnosis.opened
    assert {one.program: one.opens for one in diagnosis.openers if one.program in seen} == seen


def test_doctor_on_what_java_8_wrote(folder: Path) -> None:
    data = PRODUCERS["keytool 8 style"](folder, *park().clients[Client.GOOD])
    assert JAVA_8_STYLE.endswith("legacy")
    found = {one.program: one.opens for one in diagnose_p12(data, "f.p12", PASSWORD).openers}
    assert (found["OpenSSL 3"], found["Java 8 (< 8u301), Java 11 (< 11.0.12)"]) == (False, True)


# --- hand-over --------------------------------------------------------------------------------------------


def test_lines_of_the_sheet_make_an_nginx_that_serves(folder: Path) -> None:
    passphrase = generate_passphrase()
    server = park().server
    what = Exportable(
        name="server",
        certification_path=(server.facts, park().intermediate.facts),
        private_key=server.key,
    )
    made = hand_over(
        what, folder, passphrase, at=park().server.certificate.not_valid_before_utc, say=wording("en").text
    )
    sheet = Path(made.sheet.path).read_text()
    command = next(line.split() for line in sheet.splitlines() if " -out partner.example.pem" in line)
    assert command[:2] == ["openssl", "pkcs12"]
    run(folder, *command, "-passin", f"pass:{passphrase}", "-passout", f"pass:{passphrase}")
    pem = (folder / "partner.example.pem").read_bytes()
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in pem
    assert "ssl_certificate partner.example.pem; ssl_certificate_key partner.example.pem;" in sheet
    (folder / "passphrase.txt").write_text(passphrase)
    setup = ServerSetup(chain=pem, key=pem, client_ca=None, folder=folder)
    with nginx_server(setup, f"ssl_password_file {folder}/passphrase.txt;") as nginx:
        context = ssl.create_default_context(cadata=park().root.pem.decode())
        with (
            create_connection(("127.0.0.1", nginx.port), 20) as raw,
            context.wrap_socket(raw, server_hostname=HOST) as tls,
        ):
            assert tls.getpeercert(True) == server.der
