"""A readiness check as a JSON-ready document, and back: what a workspace keeps of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.readiness import Readiness
from trustdesk.formats.records import value_converter

if TYPE_CHECKING:
    from cattrs import Converter

SCHEMA = 1
"""Number of the form that this module writes; it reads this one and lower."""


def readiness_document(readiness: Readiness) -> dict[str, object]:
    """Return a check as JSON-ready values."""
    return {"schema": SCHEMA, "readiness": _converter().unstructure(readiness)}


def readiness_of(document: Mapping[str, object]) -> Readiness | None:
    """Return the check of a document; None for one that a newer program wrote.

    Raises:
        UnusableInputError: the document is damaged.
    """
    schema = document.get("schema")
    if isinstance(schema, int) and schema > SCHEMA:
        return None
    try:
        return _converter().structure(document["readiness"], Readiness)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnusableInputError(
            msg("This record is damaged."), remedy=msg("Check the endpoint again.")
        ) from error


@cache
def _converter() -> Converter:
    return value_converter()
