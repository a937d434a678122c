"""The ladder as text: plain lines for a mail, and a Mermaid sequence diagram for a page.

Both are technical and in no language, like the timeline itself. What a peer wrote is bounded and escaped, so
that it is neither a line nor a statement of its own.
"""

from __future__ import annotations

import re

from trustdesk.core.handshake import Direction, TimelineEvent
from trustdesk.core.probe import ProbeRecord
from trustdesk.core.untrusted import visible

_DETAIL = 120
_WIRE = frozenset({"tcp_connect", "tcp_close", "tcp_reset"})
_MERMAID_UNSAFE = re.compile(r"[^\w .,:/()+=@-]")
"""Mermaid reads `;`, `#`, `%%` and angle brackets as its own."""


def ladder_text(record: ProbeRecord) -> str:
    """Return the timeline as aligned lines: time, direction, lock, message, bytes, detail.

    An arrow to the right is from us; `*` marks what travelled encrypted. Ends with a newline.
    """
    lines = [f"{visible(record.target.endpoint)}  {record.started_at.isoformat(timespec='milliseconds')}"]
    if record.negotiated is not None:
        negotiated = record.negotiated
        parts = (negotiated.version, negotiated.cipher_suite, negotiated.group, negotiated.alpn)
        lines.append("  ".join(visible(part) for part in parts if part))
    lines.append("")
    lines += [_line(event) for event in record.timeline]
    return "\n".join(lines) + "\n"


def ladder_mermaid(record: ProbeRecord, *, us: str = "us", partner: str | None = None) -> str:
    """Return the timeline as a Mermaid sequence diagram; ends with a newline.

    Args:
        us: what our side is called, the identity's name for example.
        partner: what the other side is called; None for the name that was verified.
    """
    theirs = record.target.verify_name if partner is None else partner
    lines = [
        "sequenceDiagram",
        f"    participant U as {_mermaid(us) or 'us'}",
        f"    participant P as {_mermaid(theirs) or 'partner'}",
    ]
    for event in record.timeline:
        ours = event.direction is Direction.OUT
        arrow = ("--" if event.message in _WIRE else "-") + ("x" if _ends(event) else ">>")
        sides = f"U{arrow}P" if ours else f"P{arrow}U"
        lock = " (encrypted)" if event.encrypted else ""
        detail = _mermaid(visible(event.detail, _DETAIL))
        words = f"{event.at_ms:.1f} ms {_mermaid(event.message)}{lock}"
        lines.append(f"    {sides}: {words}{f', {detail}' if detail else ''}")
    return "\n".join(lines) + "\n"


def _line(event: TimelineEvent) -> str:
    arrow = "->" if event.direction is Direction.OUT else "<-"
    lock = "*" if event.encrypted else " "
    size = str(event.bytes) if event.bytes else ""
    detail = visible(event.detail, _DETAIL)
    return f"{event.at_ms:9.1f} ms  {arrow} {lock} {visible(event.message):<22} {size:>7}  {detail}".rstrip()


def _ends(event: TimelineEvent) -> bool:
    return event.message == "tcp_reset" or (event.message == "alert" and event.detail.startswith("fatal"))


def _mermaid(text: str) -> str:
    return _MERMAID_UNSAFE.sub("_", text).strip()
