"""What this installation is made of: every library with version and licence, as a table and as CycloneDX."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata

from trustdesk import __version__
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.storage.places import APPLICATION
from trustdesk.storage.resources import resource_folder

_NAME = re.compile(r"^[A-Za-z0-9._-]+")
_LICENCE_FILE = re.compile(r"(^|/)(licen[cs]e|copying|notice|authors)[^/]*$", re.IGNORECASE)
_QT = frozenset({"pyside6-essentials", "shiboken6", "pyside6"})
_LONGEST_LICENCE = 80
_MOST_TEXT = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One library.

    Attributes:
        licence: as the library says it, SPDX where it does; "" where it says nothing.
    """

    name: str
    version: str
    licence: str


def components() -> tuple[Component, ...]:
    """Return what trustdesk asks for, and what those ask for, as far as it is installed; by name."""
    found: dict[str, Component] = {}
    waiting = [APPLICATION]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if _key(name) in seen:
            continue
        seen.add(_key(name))
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        if _key(name) != APPLICATION:
            title = distribution.metadata["Name"] or name
            found[_key(name)] = Component(
                name=title, version=distribution.version, licence=_licence(distribution)
            )
        for line in distribution.requires or ():
            match = _NAME.match(line)
            # What an extra asks for is only there where somebody asked for the extra.
            if match and "extra ==" not in line:
                waiting.append(match[0])
    return tuple(found[key] for key in sorted(found))


def own_licence() -> str:
    """Return the licence of trustdesk itself."""
    return _kept("Apache-2.0")


def licence_texts(name: str) -> str:
    """Return the licence texts of a library, as it brings them; Qt's come with trustdesk.

    Raises:
        EnvironmentFailureError: the installation lacks them.
    """
    if _key(name) in _QT:
        return f"{_kept('LGPL-3.0')}\n\n{_kept('GPL-3.0')}"
    texts = []
    try:
        files = metadata.files(name) or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if ".dist-info/" in str(file) and _LICENCE_FILE.search(str(file)):
            try:
                texts.append(file.read_text(encoding="utf-8")[:_MOST_TEXT])
            except (OSError, UnicodeDecodeError):
                continue
    return "\n\n".join(texts)


def software_bill(parts: Sequence[Component]) -> dict[str, object]:
    """Return the components as CycloneDX 1.6 (ECMA-424)."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": APPLICATION,
                "version": __version__,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": [
            {
                "type": "library",
                "name": one.name,
                "version": one.version,
                "purl": f"pkg:pypi/{_key(one.name)}@{one.version}",
                **({"licenses": [{"license": {"name": one.licence}}]} if one.licence else {}),
            }
            for one in parts
        ],
    }


def _licence(distribution: metadata.Distribution) -> str:
    told = distribution.metadata
    if "License-Expression" in told:
        return told["License-Expression"]
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in told.get_all("Classifier") or ()
        if line.startswith("License ::") and line.count("::") > 1
    ]
    plain = told["License"].strip() if "License" in told else ""
    if plain and "\n" not in plain and len(plain) <= _LONGEST_LICENCE:
        return plain
    return ", ".join(classifiers)


def _kept(name: str) -> str:
    file = resource_folder() / "licences" / f"{name}.txt"
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise EnvironmentFailureError(
            msg("The text of the licence is missing."),
            remedy=msg("Install trustdesk again."),
            place=str(file),
        ) from error


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
