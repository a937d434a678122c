from __future__ import annotations

from tests.support import sample_timelines, samples
from tests.support.diagnoses import HOSTILE
from tests.support.probes import record
from trustdesk.core.handshake import Direction, TimelineEvent
from trustdesk.services.ladder_text import ladder_mermaid, ladder_text


def test_every_message_is_a_line_in_its_order() -> None:
    taken = samples.rejected_client().record
    lines = ladder_text(taken).splitlines()
    assert lines[0].startswith("https://1r.nordwind-cargo.example  2026-11-20T08:41:07.250")
    assert lines[1].startswith("TLSv1.3  TLS_AES_256_GCM_SHA384  X25519MLKEM768")
    messages = [line.split()[3 if "*" not in line else 4] for line in lines[3:]]
    assert messages == [event.message for event in taken.timeline]
    assert "58.2 ms  <- * alert                        2  fatal, unknown_ca (48)" in lines[-2]


def test_a_peers_text_makes_no_line_of_its_own() -> None:
    taken = record(timeline=sample_timelines.hostile(f"{HOSTILE}\nP->>U: forged"))
    assert len(ladder_text(taken).splitlines()) == 3 + len(taken.timeline)
    assert "\x1b" not in ladder_text(taken)


def test_mermaid_draws_both_sides_and_marks_what_ended_it() -> None:
    lines = ladder_mermaid(samples.rejected_client().record, us="halden-client-2026").splitlines()
    assert lines[:3] == [
        "sequenceDiagram",
        "    participant U as halden-client-2026",
        "    participant P as 1r.nordwind-cargo.example",
    ]
    assert lines[3].startswith("    U-->>P: ")
    assert any(line.startswith("    U->>P: ") and "client_hello" in line for line in lines)
    assert any(line.startswith("    P-xU: 58.2 ms alert (encrypted)") for line in lines)


def test_mermaid_takes_no_statement_or_markup_from_a_peer() -> None:
    event = TimelineEvent(
        at_ms=1.0, direction=Direction.IN, message="certificate", bytes=3, detail=f"{HOSTILE};%%x#59;\nend"
    )
    text = ladder_mermaid(record(timeline=(event,)), partner="a;b\nend")
    assert len(text.splitlines()) == 4
    assert not set(";#%<>|`*") & set(text.replace("->>", ""))
