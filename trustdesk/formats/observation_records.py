"""What a workspace keeps of an observation: its facts as canonical JSON, its report as zlib over JSON."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.observation import ObservationFacts
from trustdesk.formats.json_text import compact_json
from trustdesk.formats.records import value_converter

if TYPE_CHECKING:
    from cattrs import Converter

_LEVEL = 3
"""Of zlib: half the time of its usual one, for a report that is a tenth larger (5.5 of 23 kB)."""

_MAX_REPORT = 16_000_000
"""Bytes of one report; the longest of ours has some 200,000."""


def facts_text(facts: ObservationFacts) -> str:
    """Return facts as JSON that is the same for the same facts: members sorted, defaults left out."""
    return canonical_facts(_converter().unstructure(facts))


def canonical_facts(document: Mapping[str, object]) -> str:
    """Return the JSON of a facts document; its SHA-256 is what it is found by."""
    return json.dumps(document, separators=(",", ":"), sort_keys=True)


@lru_cache(4096)
def facts_from(text: str) -> ObservationFacts:
    """Read facts; of thousands of observations most have the same.

    Raises:
        UnusableInputError: they are damaged.
    """
    try:
        return _converter().structure(json.loads(text), ObservationFacts)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnusableInputError(
            msg("This record is damaged."), remedy=msg("Test the endpoint again.")
        ) from error


def facts_digest(text: str) -> str:
    """Return what facts are found by."""
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def chain_digest(chain: Sequence[str]) -> str:
    """Return what a presented chain is found by: SHA-256 over its digests (hex) in their order."""
    return hashlib.sha256(" ".join(chain).encode("ascii")).hexdigest()


def packed_report(document: Mapping[str, object]) -> bytes:
    """Return a report's document (`formats.records.report_document`) as it is kept."""
    return packed(compact_json(document))


def packed(text: str) -> bytes:
    """Return JSON in ASCII as it is kept."""
    return zlib.compress(text.encode("ascii"), _LEVEL)


def unpacked(data: bytes) -> dict[str, object]:
    """Return the document of a kept report; an empty one where it is damaged, which no reader takes."""
    try:
        unzip = zlib.decompressobj()
        text = unzip.decompress(data, _MAX_REPORT)
        document = json.loads(text) if unzip.eof else None
    except (zlib.error, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


@cache
def _converter() -> Converter:
    return value_converter()
