"""The files of requests: PEM text, and names under which nothing lies yet."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from trustdesk.core.certificate_request import RequestCase
from trustdesk.core.file_name import plain_stem
from trustdesk.core.inspection import CsrFacts
from trustdesk.gui.inspector.raw_pane import pem_text

ENDING = ".csr"


def request_pem(csr: CsrFacts) -> str:
    """Return a request as PEM (RFC 7468 section 7)."""
    return pem_text(csr.der, "CERTIFICATE REQUEST")


def free_file(folder: Path, name: str, taken: Collection[Path] = ()) -> Path:
    """Return a file for a request in a folder, under a name that nothing has there."""
    stem = plain_stem(name, "request")
    file = folder / f"{stem}{ENDING}"
    number = 2
    while file in taken or file.exists():
        file = folder / f"{stem}-{number}{ENDING}"
        number += 1
    return file


def files_for(folder: Path, names: Collection[str]) -> tuple[Path, ...]:
    """Return a file for each name, all different, and none that is there already."""
    files: list[Path] = []
    for name in names:
        files.append(free_file(folder, name, files))
    return tuple(files)


def suggested_name(case: RequestCase) -> str:
    """Return a file name for a case's request."""
    return f"{plain_stem(case.name, 'request')}{ENDING}"
