"""Dates of browsers' root programs: facts with a source, from `resources/trust/root_programs.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import Message, msg
from trustdesk.storage.resources import resource_folder
from trustdesk.verify.comparable_names import comparable_text
from trustdesk.verify.outline import outline

FILE = "trust/root_programs.toml"
_COMMON_NAME, _ORGANIZATION = b"\x55\x04\x03", b"\x55\x04\x0a"


class Effect(StrEnum):
    """What a root program does on a date."""

    ISSUED_AFTER = "issued_after"
    WEBSITES_REMOVED = "websites_removed"
    PURPOSES_SPLIT = "purposes_split"
    CLIENT_AUTH_ENDS = "client_auth_ends"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramFact:
    """One date.

    Attributes:
        store: the root program.
        sha256: certificates that it is about; empty where only names are known, or for every public CA.
        subjects: common name and organisation of roots that the source names so.
        source: address of the document.
        section: of the document; "" where it has none.
        as_of: when the document said so.
    """

    store: str
    effect: Effect
    at: datetime
    source: str
    as_of: date
    section: str = ""
    sha256: frozenset[str] = frozenset()
    subjects: frozenset[tuple[str, str]] = frozenset()

    def is_about(self, facts: CertificateFacts) -> bool:
        """Whether it names a certificate; one that is about every public CA names none."""
        if facts.sha256 in self.sha256:
            return True
        if not self.subjects or not facts.is_self_issued:
            return False
        named = frozenset(attribute for part in outline(facts.der).subject or () for attribute in part)
        return any(
            {(_COMMON_NAME, comparable_text(name)), (_ORGANIZATION, comparable_text(organization))} <= named
            for name, organization in self.subjects
        )

    def says_of(self, ca: str) -> Message:
        """Return the sentence about a CA, with the day as of which it is known."""
        known: dict[str, str | datetime] = {
            "store": self.store,
            "ca": ca,
            "at": self.at,
            "as_of": self.as_of.isoformat(),
        }
        match self.effect:
            case Effect.ISSUED_AFTER:
                return msg(
                    "{store} does not trust what {ca} issued after {at}. As of {as_of}.",
                    **known,
                )
            case Effect.WEBSITES_REMOVED:
                return msg(
                    "{store} trusts {ca} for websites until {at} at the latest, for its key is too old then. "
                    "As of {as_of}.",
                    **known,
                )
            case Effect.PURPOSES_SPLIT:
                return msg(
                    "{store} wants {ca} to be for websites or for e-mail, not for both, by {at}. "
                    "As of {as_of}.",
                    **known,
                )
            case Effect.CLIENT_AUTH_ENDS:
                return msg(
                    "Public CAs issue no server certificate that is for clients too from {at} on: {store}'s "
                    "policy. As of {as_of}.",
                    at=self.at,
                    store=self.store,
                    as_of=self.as_of.isoformat(),
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeSchedule:
    """When a root program takes roots away by the age of their keys.

    Attributes:
        steps: made before this day, gone at this instant; in order.
        years_after: for keys that are younger than the last step.
    """

    store: str
    source: str
    section: str
    as_of: date
    years_after: int
    steps: tuple[tuple[datetime, datetime], ...]

    def fact_for(self, facts: CertificateFacts) -> ProgramFact | None:
        """Return the latest date for a root of the program's store; None where its age cannot be read."""
        made = facts.not_before
        if made is None:
            return None
        at = next((gone for before, gone in self.steps if made < before), None)
        return ProgramFact(
            store=self.store,
            effect=Effect.WEBSITES_REMOVED,
            at=at or _years_later(made, self.years_after),
            source=self.source,
            section=self.section,
            as_of=self.as_of,
            sha256=frozenset({facts.sha256}),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RootPrograms:
    """All that the file says."""

    facts: tuple[ProgramFact, ...]
    schedule: AgeSchedule


@cache
def root_programs() -> RootPrograms:
    """Return what is shipped.

    Raises:
        EnvironmentFailureError: the installation lacks the file, or it is damaged.
    """
    return read_root_programs(resource_folder() / FILE)


def read_root_programs(file: Path) -> RootPrograms:
    """Read a file of dates.

    Raises:
        EnvironmentFailureError: it is missing or damaged.
    """
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        return RootPrograms(facts=tuple(map(_fact, tables["fact"])), schedule=_schedule(tables["schedule"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EnvironmentFailureError(
            msg("The list of root programs' dates is missing or damaged."),
            remedy=msg("Install trustdesk again."),
            place=str(file),
        ) from error


def _fact(table: Mapping[str, object]) -> ProgramFact:
    digests = _strings(table.get("sha256", []))
    if any(len(bytes.fromhex(digest)) != 32 for digest in digests):
        raise ValueError("no SHA-256")
    source = _text(table["source"])
    if not source.startswith("https://"):
        raise ValueError("a fact without an address")
    return ProgramFact(
        store=_text(table["store"]),
        effect=Effect(_text(table["effect"])),
        at=_instant(table["at"]),
        source=source,
        section=_text(table.get("section", "")),
        as_of=_day(table["as_of"]),
        sha256=frozenset(digests),
        subjects=frozenset(_pair(one) for one in _list(table.get("subject", []))),
    )


def _schedule(table: Mapping[str, object]) -> AgeSchedule:
    years = table["years_after"]
    if not isinstance(years, int):
        raise TypeError
    steps = []
    for step in _list(table["steps"]):
        if not isinstance(step, dict):
            raise TypeError
        before = _day(step["made_before"])
        steps.append((datetime(before.year, before.month, before.day, tzinfo=UTC), _instant(step["at"])))
    return AgeSchedule(
        store=_text(table["store"]),
        source=_text(table["source"]),
        section=_text(table["section"]),
        as_of=_day(table["as_of"]),
        years_after=years,
        steps=tuple(sorted(steps)),
    )


def _years_later(made: datetime, years: int) -> datetime:
    try:
        return made.replace(year=made.year + years)
    except ValueError:  # the 29th of February
        return made.replace(year=made.year + years, month=3, day=1)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _strings(value: object) -> list[str]:
    return [_text(one) for one in _list(value)]


def _pair(value: object) -> tuple[str, str]:
    common_name, organization = _strings(value)
    return common_name, organization


def _instant(value: object) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise TypeError
    return value


def _day(value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError
    return value
