"""What a program writes while it imports keys, uses them in a handshake and exports them, seen by strace."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from OpenSSL import SSL, crypto
from sqlalchemy import Connection

from tests.support.key_needles import all_needles, found_in
from tests.support.secret_service import SecretServiceDaemon
from trustdesk.core.key_store import KeyStoreKind, StoredKey
from trustdesk.services.clock import SystemClock
from trustdesk.storage.atomic_file import write_atomically
from trustdesk.storage.key_stores import KeyStores, NewKey
from trustdesk.storage.secret_stores.systems import keyring_store
from trustdesk.storage.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = b"of the files that are imported"
WRITES = "write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,sendmmsg"

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, kw_only=True)
class Trace:
    """What was seen.

    Attributes:
        files: paths that were written to.
        found: pieces of keys that were written anywhere, to sockets too, or lie in a file afterwards.
    """

    writes: int
    size: int
    files: frozenset[str]
    found: tuple[str, ...]


def some_keys() -> tuple[Key, ...]:
    """Make a key of each form of record."""
    return (
        ec.generate_private_key(ec.SECP256R1()),
        rsa.generate_private_key(65537, 2048),
        rsa.generate_private_key(3, 2048),
    )


def trace(daemon: SecretServiceDaemon, folder: Path, keys: Sequence[Key], *, plainly: bool = False) -> Trace:
    """Run the program below under strace, and search everything that it wrote for the keys.

    Args:
        plainly: whether it exports in the clear too; then they have to be found.
    """
    folder.mkdir()
    given = folder / "given"
    given.mkdir()
    for number, key in enumerate(keys):
        protection = BestAvailableEncryption(PASSWORD)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)
        (given / f"{number}.pem").write_bytes(pem)
    output = folder / "trace"
    strace = ["strace", "-f", "-qq", "-y", "-xx", "-s", "1048576", "-e", f"trace={WRITES}", "-o", str(output)]
    program = [sys.executable, "-P", "-m", "tests.support.key_trace", str(folder)]
    command = [*strace, *program, *(["plainly"] if plainly else [])]
    environ = {**daemon.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
    lines = output.read_text(encoding="ascii")
    output.unlink()
    written = [_bytes(found[1]) for found in re.finditer(r'"((?:\\x..)*)"', lines)]
    needles = all_needles(keys)
    found = {name for data in written for name in found_in(data, needles)}
    for file in [*folder.rglob("*"), *daemon.keyrings.rglob("*")]:
        if file.is_file():
            found |= {f"{name} in {file.name}" for name in found_in(file.read_bytes(), needles)}
    return Trace(
        writes=len(lines.splitlines()),
        size=sum(map(len, written)),
        files=frozenset(_bytes(path).decode() for path in re.findall(r"\(\d+<((?:\\x..)+)>", lines)),
        found=tuple(sorted(found)),
    )


def _bytes(text: str) -> bytes:
    """Read what strace -xx has written."""
    return bytes.fromhex(text.replace("\\x", ""))


# --- the program ---


def main(folder: Path, *, plainly: bool) -> None:
    """Import, handshake, export, delete."""
    workspace = Workspace.open(folder / "desk")
    keys = KeyStores(workspace, [keyring_store()], folder / "desk" / "keys.lock", SystemClock())
    files = sorted((folder / "given").glob("*.pem"))
    new = [NewKey(private_key=_read(file), source=file.name) for file in files]
    stored = keys.put(new, store=KeyStoreKind.KEYRING, also=_nothing_else)
    for number, key in enumerate(stored):
        loaded = keys.load(key.reference)
        assert isinstance(loaded, Key)
        certificate = _certificate(loaded)
        _handshake(loaded, certificate)
        protection = BestAvailableEncryption(b"of the export")
        pem = loaded.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)
        write_atomically(folder / f"{number}.pem", pem)
        archive = pkcs12.serialize_key_and_certificates(b"x", loaded, certificate, None, protection)
        write_atomically(folder / f"{number}.p12", archive)
        if plainly:
            plain = loaded.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            write_atomically(folder / f"{number}.plain.pem", plain)
    keys.release([key.reference for key in stored[1:]], also=lambda _connection: None)
    assert keys.sweep().orphans == 0
    workspace.close()
    sys.stdout.write("done\n")


def _read(file: Path) -> Key:
    key = load_pem_private_key(file.read_bytes(), PASSWORD)
    assert isinstance(key, Key)
    return key


def _nothing_else(_connection: Connection, stored: tuple[StoredKey, ...]) -> tuple[StoredKey, ...]:
    return stored


def _certificate(key: Key) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "client")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return builder.sign(key, hashes.SHA256())


def _handshake(key: Key, certificate: x509.Certificate) -> None:
    """Authenticate both sides with the key, over memory."""
    context = SSL.Context(SSL.TLS_METHOD)
    context.use_certificate(crypto.X509.from_cryptography(certificate))
    context.use_privatekey(crypto.PKey.from_cryptography_key(key))
    context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_arguments: True)
    client, server = SSL.Connection(context), SSL.Connection(context)
    client.set_connect_state()
    server.set_accept_state()
    waiting = [client, server]
    for _ in range(10):
        for one, other in ((client, server), (server, client)):
            try:
                one.do_handshake()
                waiting = [left for left in waiting if left is not one]
            except SSL.WantReadError:
                pass
            with suppress(SSL.WantReadError):
                other.bio_write(one.bio_read(1 << 16))
    assert not waiting
    assert server.get_peer_certificate() is not None


if __name__ == "__main__":
    main(Path(sys.argv[1]), plainly=sys.argv[2:] == ["plainly"])
