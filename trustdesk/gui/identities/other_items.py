"""What else lies in files that are to be imported: nothing of it is lost, it is just no identity."""

from __future__ import annotations

from collections.abc import Iterator

from trustdesk.core.identity import ImportPreview
from trustdesk.core.inspection import InspectedItem, ItemKind
from trustdesk.gui.inspector.intake import title_of
from trustdesk.gui.words import say

_CONTAINERS = frozenset({ItemKind.PKCS12, ItemKind.JKS, ItemKind.PKCS7})


def other_items(preview: ImportPreview) -> tuple[str, ...]:
    """Return a line for each item that is in no candidate, also for what cannot be read."""
    return tuple(_lines(preview))


def _lines(preview: ImportPreview) -> Iterator[str]:
    used = {facts.sha256 for one in preview.candidates for facts in one.certification_path}
    for item in preview.everything.items:
        if item.kind is ItemKind.PRIVATE_KEY or (item.kind in _CONTAINERS and not item.problems):
            continue
        if item.locked or (item.certificate is not None and item.certificate.facts.sha256 in used):
            continue
        yield _line(item)
    yield from map(say, preview.everything.problems)


def _line(item: InspectedItem) -> str:
    problem = f": {say(item.problems[0])}" if item.problems else ""
    return f"{title_of(item)}{problem}"
