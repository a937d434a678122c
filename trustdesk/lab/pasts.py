"""What the lab's servers presented before: chains in its folder, from which a demo tells a past."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from trustdesk.formats.pem import ders_of
from trustdesk.lab.catalogue import ServerSpec
from trustdesk.lab.pki import VALIDITY_DAYS, Credential, LabPki, write_private

_OVERLAP_DAYS = 10
"""Days before its end at which a certificate was replaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerPast:
    """What a server presents, and before.

    Attributes:
        age_days: since when it presents `chain`.
        chain: DER, end entity first.
        former: what it presented before; empty where there was nothing else.
    """

    age_days: int
    chain: tuple[bytes, ...]
    former: tuple[bytes, ...] = ()


def write_pasts(pki: LabPki, presented: Iterable[tuple[ServerSpec, Credential]], folder: Path) -> None:
    """Write the chains of the servers that have had theirs for some days, as PEM; the keys stay here."""
    for spec, credential in presented:
        if not spec.age_days:
            continue
        _write(folder / _file(spec), credential)
        if spec.former is not None:
            age = spec.age_days + VALIDITY_DAYS - _OVERLAP_DAYS
            _write(folder / _file(spec, former=True), pki.server_credential(spec.former, spec.dns_name, age))


def read_past(spec: ServerSpec, folder: Path) -> ServerPast | None:
    """Return the past of a server of the lab in that folder; None for a server without one."""
    if not spec.age_days:
        return None
    return ServerPast(
        age_days=spec.age_days,
        chain=_read(folder / _file(spec)),
        former=() if spec.former is None else _read(folder / _file(spec, former=True)),
    )


def _file(spec: ServerSpec, *, former: bool = False) -> str:
    return f"{spec.name}{'-former' if former else ''}.chain.pem"


def _write(file: Path, credential: Credential) -> None:
    write_private(file, b"".join(one.public_bytes(Encoding.PEM) for one in credential.chain))


def _read(file: Path) -> tuple[bytes, ...]:
    return tuple(ders_of(file.read_bytes(), "CERTIFICATE"))
