"""Lists that are on this machine without being imported: the system's store, and certifi's.

Both say whom browsers and systems trust for servers. certifi calls itself a collection "for validating the
trustworthiness of SSL certificates while verifying the identity of TLS hosts", made from the roots with
Mozilla's Websites bit, which says nothing of clients: a public CA may even be forbidden to issue for them.
So their entries are for TLS_SERVER and for nothing else; who wants more decides it. Windows keeps purposes
with each root, and those count.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.core.trust_entry import ListEntry, Usage
from trustdesk.core.trust_version import Endorsement, ListContent, Publisher, SourceKind
from trustdesk.formats.list_source import MAX_LIST_BYTES, ListBytes, Progress
from trustdesk.services.files import read_bounded

SERVERS_ONLY = frozenset({Usage.TLS_SERVER})

# Fedora's form with trust settings comes first: it alone holds what its maintainers distrust.
_BUNDLES = (
    "/etc/pki/ca-trust/extracted/openssl/ca-bundle.trust.crt",
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
_MACOS_ROOTS = "/System/Library/Keychains/SystemRootCertificates.keychain"
_MAX_FILES = 5000
_TIMEOUT_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineList:
    """A list of this machine, read.

    Attributes:
        place: the file, folder or store.
        sha256: as `core.trust_version.ListSource` has it.
    """

    kind: SourceKind
    place: str
    sha256: str
    content: ListContent


def certifi_content(on_progress: Progress | None = None) -> MachineList:
    """Read the list that comes with the program: Mozilla's, as certifi packages it. It is not IATA's.

    Raises:
        EnvironmentFailureError: the installation lacks the file.
    """
    import certifi

    from trustdesk.formats.list_bundles import read_bundle

    place = certifi.where()
    try:
        source = ListBytes(place=Path(place).name, data=read_bounded(Path(place)))
        content = read_bundle(source, on_progress=on_progress)
    except UnusableInputError as error:
        raise EnvironmentFailureError(
            error.problem, remedy=msg("Install trustdesk again."), place=place
        ) from error
    return MachineList(
        kind=SourceKind.CERTIFI,
        place=source.place,
        sha256=source.sha256,
        content=_for_servers(
            content,
            title=f"certifi {certifi.__version__} (Mozilla)",
            publisher=Publisher(name="certifi", uri="https://github.com/certifi/python-certifi"),
            remark=msg("It is the public web's list, not IATA's, and says nothing of clients."),
        ),
    )


def system_content(on_progress: Progress | None = None) -> MachineList:
    """Read the system's store: on Linux what OpenSSL takes by default, else the distribution's file.

    Raises:
        EnvironmentFailureError: there is none, or it cannot be read.
    """
    if sys.platform == "win32":
        from trustdesk.services.windows_stores import windows_content

        return windows_content(on_progress)
    source = _macos_roots() if sys.platform == "darwin" else _linux_source(_linux_places())
    return content_of_source(source, on_progress)


def content_of_source(source: ListBytes, on_progress: Progress | None = None) -> MachineList:
    """Read a store that lies in a file or a folder; what cannot be read of it is the machine's fault.

    Raises:
        EnvironmentFailureError: it is damaged.
    """
    from trustdesk.formats.list_bundles import read_bundle

    try:
        content = read_bundle(source, on_progress=on_progress)
    except UnusableInputError as error:
        raise EnvironmentFailureError(
            error.problem, remedy=msg("Install the system's CA certificates again."), place=error.place
        ) from error
    return MachineList(
        kind=SourceKind.SYSTEM,
        place=source.place,
        sha256=source.sha256,
        content=_for_servers(
            content,
            title=source.place,
            publisher=Publisher(name=source.place),
            remark=msg("It is the system's store, not IATA's, and says nothing of clients."),
        ),
    )


def _for_servers(content: ListContent, *, title: str, publisher: Publisher, remark: Message) -> ListContent:
    return replace(
        content,
        title=title,
        publisher=publisher,
        endorsement=Endorsement.BROWSER,
        entries=tuple(_narrowed(entry) for entry in content.entries),
        remarks=(remark, *content.remarks),
    )


def _narrowed(entry: ListEntry) -> ListEntry:
    """Leave of what OpenSSL's settings say no more than what such a store can vouch for."""
    usages = SERVERS_ONLY if entry.usages is None else entry.usages & SERVERS_ONLY
    return replace(entry, usages=usages)


def _linux_places() -> tuple[Path, ...]:
    import ssl

    # The places that OpenSSL was built with; those in the environment are scrubbed, and are no system's.
    paths = ssl.get_default_verify_paths()
    return tuple(Path(place) for place in (*_BUNDLES, paths.openssl_cafile, paths.openssl_capath))


def _linux_source(places: Iterable[Path]) -> ListBytes:
    for place in places:
        if place.is_file():
            return ListBytes(place=str(place), data=_bytes(place))
        if place.is_dir():
            files = sorted(file for file in place.iterdir() if file.is_file())[:_MAX_FILES]
            if files:
                inside = tuple(ListBytes(place=file.name, data=_bytes(file)) for file in files)
                return ListBytes(place=str(place), files=inside)
    raise EnvironmentFailureError(
        msg("This machine has no store of CA certificates in the usual places."),
        remedy=msg("Install the package ca-certificates, or import a file."),
    )


def _bytes(file: Path) -> bytes:
    try:
        return read_bounded(file, MAX_LIST_BYTES)
    except UnusableInputError as error:
        raise EnvironmentFailureError(error.problem, remedy=error.remedy, place=error.place) from error


def _macos_roots() -> ListBytes:
    command = ["/usr/bin/security", "find-certificate", "-a", "-p", _MACOS_ROOTS]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_TIMEOUT_S, check=True)
    except (OSError, subprocess.SubprocessError):
        raise EnvironmentFailureError(
            msg("The system's roots cannot be read."),
            remedy=msg("Export them with Keychain Access, and import the file."),
            place=_MACOS_ROOTS,
        ) from None
    return ListBytes(place=_MACOS_ROOTS, data=done.stdout)
