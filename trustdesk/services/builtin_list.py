"""The list that comes with the program, as an object like the others: certifi's, and it says so."""

from __future__ import annotations

import importlib.metadata
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.trust import PUBLIC_WEB_LIST
from trustdesk.core.trust_version import (
    ListSource,
    ListSummary,
    ListVersion,
    Transport,
    VersionLine,
    VersionState,
)
from trustdesk.services.machine_lists import certifi_content

_TITLE = "Public web CAs (certifi), not IATA's list"


def is_builtin(name: str) -> bool:
    """Whether a list of that name comes with the program."""
    return name == PUBLIC_WEB_LIST


def refuse_builtin(name: str) -> None:
    """See that a name is not that of the list that comes with the program.

    Raises:
        UnusableInputError: it is.
    """
    if is_builtin(name):
        raise UnusableInputError(
            msg("The list of this name comes with the program: it is neither replaced nor removed."),
            remedy=msg("Choose another name."),
            place=name,
        )


@cache
def builtin_version() -> ListVersion:
    """Return its only version.

    Raises:
        EnvironmentFailureError: the installation lacks the file.
    """
    found = certifi_content()
    # It is judged by for clients too while there is no other list: what it shows is what it does.
    entries = tuple(replace(entry, usages=None) for entry in found.content.entries)
    remark = msg("While no list of your own is in force it counts for servers and for clients.")
    release = importlib.metadata.version("certifi")
    written = _released(release)
    return ListVersion(
        list_name=PUBLIC_WEB_LIST,
        number=1,
        content=replace(
            found.content,
            title=_TITLE,
            issued_at=written,
            entries=entries,
            remarks=(*found.content.remarks, remark),
        ),
        source=ListSource(
            kind=found.kind,
            place=f"certifi {release}",
            retrieved_at=written,
            retrieved_by="",
            sha256=found.sha256,
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


def _released(release: str) -> datetime:
    """Return the day that certifi's version number names, which it is counted by."""
    year, month, day = (int(part) for part in release.split(".")[:3])
    return datetime(year, month, day, tzinfo=UTC)
