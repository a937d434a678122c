"""The letter to a partner: what it says, and that no name of a peer is markup in it."""

from __future__ import annotations

from dataclasses import replace

from tests.support.diagnoses import CLIENT, SERVER, diagnosis
from trustdesk.core.finding import FindingStatus
from trustdesk.core.message import msg
from trustdesk.core.probe import Responsible
from trustdesk.services.partner_letter import letter_markdown, letter_text, write_letter
from trustdesk.services.wording import wording

SAY = wording("en").text


def test_text_says_what_was_seen_what_is_asked_and_where_to_look() -> None:
    text = letter_text(write_letter(diagnosis(), CLIENT), SAY)
    assert text.startswith("Subject: TLS test of https://cargo.example on 2026-11-20 12:00 UTC\n")
    for expected in (
        "What we saw\n-----------\n  - Alert unknown_ca came back.",
        "What we ask for",
        "  - Add the CA to the list.",
        "What it could be as well",
        "  - The server has no CRL of our CA. Load the CRL.",
        "    client SSL certificate verify error: (20:unable to get local issuer certificate)",
        "2026-11-20 12:00 UTC, TLS 1.3, alert alert_48 (48)",
        "2026-11-20 12:00 UTC, TLS 1.3, HTTP 401",
        "We checked it before the test: 1 of 1 checks passed.",
        f"{CLIENT.serial_number}",
        ":".join(SERVER.sha256[at : at + 2] for at in range(0, 64, 2)).upper(),
        "URI:https://acme.example/ACME",
    ):
        assert expected in text
    assert "An intermediate was not sent" not in text  # too unlikely for the partner's time


def test_checks_that_were_not_made_are_not_counted_and_said() -> None:
    given = diagnosis()
    not_run = replace(given.preflight[0], status=FindingStatus.NOT_RUN)
    text = letter_text(
        write_letter(replace(given, preflight=(*given.preflight, *[not_run] * 9)), CLIENT), SAY
    )
    assert "We checked it before the test: 1 of 1 checks passed; 9 could not be made." in text


def test_unlikely_second_cause_is_left_out_and_none_needs_no_request() -> None:
    healthy = diagnosis()
    none = replace(
        healthy.hypotheses[0],
        cause="none",
        responsible=Responsible.NOBODY,
        statement=msg("Nothing is wrong."),
        remedy=None,
        log_hint=None,
    )
    text = letter_text(write_letter(replace(healthy, hypotheses=(none,))), SAY)
    assert "What we ask for" not in text
    assert "Where to look" not in text
    assert "Our client certificate" not in text


def test_cause_on_our_side_asks_the_partner_for_nothing() -> None:
    given = diagnosis()
    ours = replace(given.hypotheses[0], responsible=Responsible.US)
    text = letter_text(write_letter(replace(given, hypotheses=(ours,))), SAY)
    assert "The cause lies on our side, and we take care of it:" in text
    assert "What we ask for" not in text


def test_names_of_a_peer_are_neither_control_characters_nor_markup() -> None:
    letter = write_letter(diagnosis(), CLIENT)
    text, markdown = letter_text(letter, SAY), letter_markdown(letter, SAY)
    for laid_out in (text, markdown):
        assert "\x1b" not in laid_out
        assert "\u202e" not in laid_out
        assert "\n\n\n" not in laid_out
    assert "<b>" not in markdown
    assert r"\<b\>\|\`\*" in markdown


def test_markdown_has_headings_points_and_tables() -> None:
    markdown = letter_markdown(write_letter(diagnosis(), CLIENT), SAY)
    assert markdown.startswith("# TLS test of")
    assert "\n## What we saw\n\n- Alert unknown\\_ca came back." in markdown
    assert "\n| | |\n|---|---|\n| Endpoint | https://cargo.example |" in markdown
