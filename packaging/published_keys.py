"""The list of private keys that anybody can have: made from the test data of public packages.

    python3 packaging/published_keys.py [PACKAGE…]

Downloads the packages of `published_keys.tsv` by name with pip, apt and npm as they are set up here, looks
through all files for private keys, and writes `resources/published_keys/published-keys.tsv`: the SHA-256 of
each key's SubjectPublicKeyInfo, and where the key was found first. No key is written anywhere, and nothing
that was downloaded is kept. With names, only those packages are read, and what they hold is added to the
list.

A maintainer runs it now and then; neither the program nor its tests do. The reader of trustdesk itself opens
the keys, so that whatever it can open counts: PEM (also in string literals of source code), DER, PKCS#12
and Java key stores, under no password or one of those that test data usually has.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from trustdesk.core.inspection import ReadingLimits
from trustdesk.formats.opening import open_anything
from trustdesk.services.published_keys import LIST_FILE, PublishedKey, read_published_keys, written

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "resources" / LIST_FILE
PACKAGES = Path(__file__).with_name("published_keys.tsv")
"""A line for each package: registry and name."""


PASSWORDS = (
    "password",
    "changeit",
    "secret",
    "1234",
    "test",
    "somepass",
    "testpassword",
    "foobar",
    "passphrase",
)
"""Passwords of published test data; none is a secret of anybody."""

_LIMITS = ReadingLimits(rounds=40_000_000, items=2_000)
_MAX_FILE = 32 * 1024 * 1024
_MAX_DEPTH = 3
_DEADLINE_S = 240.0
_BINARY = frozenset(
    {".der", ".key", ".pk8", ".p8", ".p12", ".pfx", ".jks", ".keystore", ".truststore", ".jceks", ".pkcs12"}
)
_PEM = re.compile(
    rb"-----BEGIN ((?:RSA |EC |DSA |ENCRYPTED )?PRIVATE KEY)-----(.{32,16000}?)-----END \1-----", re.DOTALL
)
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{4,}={0,2}")
_HEADER = re.compile(rb"(Proc-Type: 4,ENCRYPTED|DEK-Info: [A-Z0-9-]+,[0-9A-Fa-f]+)")


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a package, with its path in it."""

    path: str
    data: bytes


def main(names: list[str]) -> None:
    """Make the list, or add to it."""
    found = dict(read_published_keys(TARGET)) if names and TARGET.exists() else {}
    for registry, package in wanted_packages(names):
        with tempfile.TemporaryDirectory(prefix="published-keys-") as folder:
            archives = _DOWNLOADS[registry](package, Path(folder))
            before = len(found)
            for archive in archives:
                for member in members(archive):
                    origin = PublishedKey(registry=registry, package=package, file=_one_line(member.path))
                    for digest in digests(member):
                        found.setdefault(digest, origin)
        print(f"{registry} {package}: {len(archives)} files, {len(found) - before} new keys", flush=True)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(written(found), encoding="utf-8")
    print(f"{len(found)} keys in {TARGET.relative_to(ROOT)}")


def wanted_packages(names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield registry and name of the packages with these names; of all where none is given."""
    for line in PACKAGES.read_text(encoding="utf-8").splitlines():
        registry, package = line.split("\t")
        if not names or package in names:
            yield registry, package


def digests(member: Member) -> Iterator[str]:
    """Yield the SHA-256 of the SubjectPublicKeyInfo of every private key in a file."""
    for label, body in _PEM.findall(member.data):
        yield from _opened(_plain_pem(label, body), member.path)
    if Path(member.path).suffix.lower() in _BINARY and not _PEM.search(member.data):
        yield from _opened(member.data, member.path)


def members(archive: Path) -> Iterator[Member]:
    """Yield every file of an archive, and of the archives in it."""
    yield from _unpacked(archive.name, archive.read_bytes(), 0)


def _unpacked(name: str, data: bytes, depth: int) -> Iterator[Member]:
    if depth > _MAX_DEPTH or (depth and len(data) > _MAX_FILE):
        return
    if data.startswith(b"PK\3\4"):
        inner = _of_zip(data)
    elif name.endswith((".tar", ".tgz", ".tar.gz", ".tar.xz", ".tar.bz2", ".crate")):
        inner = _of_tar(data)
    else:
        yield Member(name, data)
        return
    try:
        for path, content in inner:
            yield from _unpacked(path, content, depth + 1)
    except (OSError, EOFError, ValueError, RuntimeError, tarfile.TarError, zipfile.BadZipFile, zlib.error):
        return  # test data of archivers is damaged on purpose


def _of_zip(data: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        for one in bundle.infolist():
            if _wanted(one.file_size):
                yield one.filename, bundle.read(one)


def _of_tar(data: bytes) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(data)) as bundle:
        for one in bundle:
            file = bundle.extractfile(one) if one.isfile() and _wanted(one.size) else None
            if file is not None:
                yield one.name, file.read()


def _one_line(path: str) -> str:
    """Return a path as it may stand in a line of the list: short, printable, without tabs."""
    return "".join(character if character.isprintable() else "?" for character in path)[-160:]


def _wanted(size: int) -> bool:
    return 32 <= size <= _MAX_FILE


def _plain_pem(label: bytes, body: bytes) -> bytes:
    """Return a block of PEM that stands in a string literal, a comment or a listing as it would in a file."""
    lines = [b"-----BEGIN " + label + b"-----"]
    headers = _HEADER.findall(body)
    if headers:
        lines += [*headers, b""]
        body = body[body.rfind(headers[-1]) + len(headers[-1]) :]
    for line in body.replace(rb"\r", b"").replace(rb"\n", b"\n").splitlines():
        runs = _BASE64.findall(line)
        if runs:
            lines.append(max(runs, key=len))
    return b"\n".join([*lines, b"-----END " + label + b"-----", b""])


def _opened(data: bytes, name: str) -> Iterator[str]:
    inspection = open_anything(data, name, None, _LIMITS, ("", *PASSWORDS))
    for item in inspection.items:
        if item.key is not None and item.key.spki_sha256 is not None:
            yield item.key.spki_sha256


def _from_pypi(package: str, folder: Path) -> list[Path]:
    """The source archive, which holds the tests; the wheel where there is no other."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    # What a package lacks for its own metadata need not keep its archive from being read.
    if not _ran([*pip, "--no-binary", package, package], folder):
        _ran([*pip, package], folder)
    return sorted(folder.iterdir())


def _from_npm(package: str, folder: Path) -> list[Path]:
    _ran(["npm", "pack", "--silent", "--ignore-scripts", package], folder)
    return sorted(folder.glob("*.tgz"))


def _from_debian(package: str, folder: Path) -> list[Path]:
    """The source package, by the system's own sources; lists and settings of the system stay as they are."""
    if not _apt_lists():
        return []
    _ran(["apt-get", *_apt_lists(), "source", "--download-only", "--only-source", package], folder)
    return sorted(file for file in folder.iterdir() if ".tar" in file.suffixes)


_lists: list[str] = []
_lists_folder = tempfile.TemporaryDirectory(prefix="published-keys-apt-")


def _apt_lists() -> list[str]:
    """Return options with which apt knows the sources of Debian's own packages; empty where it cannot."""
    if _lists or shutil.which("apt-get") is None:
        return _lists
    here = Path(_lists_folder.name)
    (here / "lists" / "partial").mkdir(parents=True)
    stanzas = [
        re.sub(r"(?m)^Types:.*$", "Types: deb-src", stanza)
        for file in sorted(Path("/etc/apt/sources.list.d").glob("*.sources"))
        for stanza in re.split(r"\n\s*\n", file.read_text(encoding="utf-8"))
        if "debian-archive-keyring" in stanza
    ]
    (here / "sources").mkdir()
    (here / "sources" / "published.sources").write_text("\n\n".join(stanzas) + "\n", encoding="utf-8")
    options = [
        *("-qq", "-o", f"Dir::State::lists={here / 'lists'}", "-o", "Dir::Etc::sourcelist=/dev/null"),
        *("-o", f"Dir::Etc::sourceparts={here / 'sources'}", "-o", f"Dir::Cache={here}"),
        *("-o", "APT::Sandbox::User=root"),
    ]
    if stanzas and _ran(["apt-get", *options, "update"], here):
        _lists.extend(options)
    return _lists


_DOWNLOADS: dict[str, Callable[[str, Path], list[Path]]] = {
    "PyPI": _from_pypi,
    "Debian": _from_debian,
    "npm": _from_npm,
}


def _ran(command: list[str], folder: Path) -> bool:
    try:
        done = subprocess.run(
            command,
            check=False,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_DEADLINE_S,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


if __name__ == "__main__":
    main(sys.argv[1:])
