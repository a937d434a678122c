"""The list that comes with the program, as an object like the others: certifi's, and it says so."""

from __future__ import annotations

import hashlib
import importlib.metadata
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.trust_entry import Usage
from trustdesk.core.trust_version import (
    Endorsement,
    ListSource,
    ListSummary,
    ListVersion,
    Publisher,
    SourceKind,
    Transport,
    VersionLine,
    VersionState,
)
from trustdesk.services.trust_lists import PUBLIC_WEB_LIST

_TITLE = "Public web CAs (certifi), not IATA's list"
_JUDGED_FOR = frozenset({Usage.TLS_SERVER, Usage.TLS_CLIENT})
"""The bundle does not say for what; it is judged by for both, as before there were usages."""


def is_builtin(name: str) -> bool:
    """Whether a list of that name comes with the program."""
    return name == PUBLIC_WEB_LIST


@cache
def builtin_version() -> ListVersion:
    """Return its only version.

    Raises:
        EnvironmentFailureError: the installation lacks the file.
    """
    from dataclasses import replace

    import certifi

    from trustdesk.formats.list_reading import read_list
    from trustdesk.formats.list_source import ListBytes
    from trustdesk.services.files import read_bounded

    place = Path(certifi.where())
    data = read_bounded(place)
    release = importlib.metadata.version("certifi")
    written = datetime.fromtimestamp(place.stat().st_mtime, UTC)
    content = read_list(ListBytes(place=f"certifi {release}", data=data), schema="", title=_TITLE)
    return ListVersion(
        list_name=PUBLIC_WEB_LIST,
        number=1,
        content=replace(
            content,
            entries=tuple(entry.with_usages(_JUDGED_FOR) for entry in content.entries),
            title=_TITLE,
            publisher=Publisher(
                name="Mozilla, packaged by certifi", uri="https://github.com/certifi/python-certifi"
            ),
            endorsement=Endorsement.BROWSER,
            issued_at=_released(release),
        ),
        source=ListSource(
            kind=SourceKind.CERTIFI,
            place=f"certifi {release}",
            retrieved_at=written,
            retrieved_by="",
            sha256=hashlib.sha256(data).hexdigest(),
            transport=Transport.BUNDLED,
        ),
        state=VersionState.APPLIED,
        kept_at=written,
    )


def builtin_numbered(number: int | None) -> ListVersion:
    """Return its version of that number; None is the one that there is.

    Raises:
        UnusableInputError: it has one version.
    """
    if number not in {None, 1}:
        raise UnusableInputError(
            msg("The list that comes with the program has one version."),
            remedy=msg("Name version 1."),
            place=f"{PUBLIC_WEB_LIST}@{number}",
        )
    return builtin_version()


def builtin_summary(*, in_force: bool) -> ListSummary:
    """Return it as the column of lists shows it."""
    version = builtin_version()
    line = VersionLine(
        number=version.number,
        sequence=None,
        issued_at=version.content.issued_at,
        next_update=None,
        kept_at=version.kept_at,
        state=version.state,
        entries=len(version.content.entries),
        authenticity=version.content.authenticity,
        source=version.source,
    )
    return ListSummary(
        name=version.list_name,
        title=version.content.title,
        endorsement=version.content.endorsement,
        versions=(line,),
        in_force=in_force,
        applied=line,
        is_builtin=True,
    )


def _released(release: str) -> datetime | None:
    """Return the day that certifi's version number names; None where it names none."""
    try:
        year, month, day = (int(part) for part in release.split(".")[:3])
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
