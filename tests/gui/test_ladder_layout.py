"""The ladder without a window: rows in words, what an alert answered, and where everything stands."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.core.handshake import Direction, TimelineEvent
from trustdesk.gui.handshake.alert_target import alert_words, answered_message, is_refusal
from trustdesk.gui.handshake.ladder_layout import LadderLayout, TextRole, lay_out
from trustdesk.gui.handshake.ladder_rows import LadderRow, RowKind, ladder_rows


def _event(
    at_ms: float,
    way: str,
    message: str,
    size: int = 0,
    detail: str = "",
    *,
    encrypted: bool = False,
    fields: tuple[tuple[str, str], ...] = (),
) -> TimelineEvent:
    return TimelineEvent(
        at_ms=at_ms,
        direction=Direction(way),
        message=message,
        bytes=size,
        detail=detail,
        encrypted=encrypted,
        fields=fields,
    )


REFUSED = (
    _event(0.0, "out", "tcp_connect", detail="198.51.100.24:443"),
    _event(38.2, "out", "client_hello", 1731, "TLS 1.3, SNI host.example"),
    _event(79.6, "in", "server_hello", 1210, "TLS 1.3, TLS_AES_256_GCM_SHA384"),
    _event(80.1, "in", "encrypted_extensions", 29, "ALPN http/1.1", encrypted=True),
    _event(80.3, "in", "certificate_request", 486, "6 acceptable CAs", encrypted=True),
    _event(80.6, "in", "certificate", 3104, "2 certificates", encrypted=True),
    _event(81.0, "in", "certificate_verify", 264, "rsa_pss_rsae_sha256", encrypted=True),
    _event(81.1, "in", "finished", 52, encrypted=True),
    _event(126.4, "out", "certificate", 2318, "2 certificates", encrypted=True),
    _event(127.9, "out", "certificate_verify", 79, "ecdsa_secp256r1_sha256", encrypted=True),
    _event(128.0, "out", "finished", 52, encrypted=True),
    _event(214.4, "in", "alert", 24, "unknown_ca (48), fatal", encrypted=True),
    _event(214.9, "in", "tcp_close"),
)


def _measure(text: str, role: TextRole) -> float:
    return 7.0 * len(text)


def _lay_out(rows: tuple[LadderRow, ...], width: float = 733) -> LadderLayout:
    return lay_out(
        rows,
        width=width,
        measure=_measure,
        encrypted_word="encrypted",
        refused_word="refused",
        size_word="bytes",
    )


def test_unknown_ca_after_our_finished_answers_our_certificate() -> None:
    assert answered_message(REFUSED, 11) == 8


def test_a_certificate_of_the_partner_is_never_what_the_partner_refused() -> None:
    events = (
        REFUSED[1],
        REFUSED[5],
        _event(90, "in", "alert", 2, "certificate_required (116), fatal"),
    )
    assert answered_message(events, 2) == 0


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        ("handshake_failure (40), fatal", 1),
        ("protocol_version (70), fatal", 1),
        ("unrecognized_name (112), fatal", 1),
        ("internal_error (80), fatal", 1),
    ],
)
def test_an_alert_straight_after_the_client_hello_answers_it(detail: str, expected: int) -> None:
    events = (*REFUSED[:2], _event(60, "in", "alert", 2, detail))
    assert answered_message(events, 2) == expected


def test_handshake_failure_answers_the_empty_certificate_of_tls12() -> None:
    events = (
        REFUSED[1],
        REFUSED[2],
        _event(90, "out", "certificate", 3, "empty"),
        _event(90, "out", "client_key_exchange", 37),
        _event(90, "out", "finished", 16, encrypted=True),
        _event(120, "in", "alert", 2, "handshake_failure (40), fatal"),
    )
    assert answered_message(events, 5) == 2


def test_decrypt_error_answers_the_proof_and_not_the_certificate() -> None:
    events = (*REFUSED[:11], _event(140, "in", "alert", 2, "decrypt_error (51), fatal", encrypted=True))
    assert answered_message(events, 11) == 9


def test_our_alert_answers_the_partners_message() -> None:
    events = (*REFUSED[:7], _event(82, "out", "alert", 2, "bad_certificate (42), fatal", encrypted=True))
    assert answered_message(events, 7) == 5


@pytest.mark.parametrize("detail", ["close_notify (0), warning", "user_canceled (90), warning"])
def test_an_orderly_ending_answers_nothing_and_is_not_trouble(detail: str) -> None:
    events = (*REFUSED[:11], _event(200, "in", "alert", 2, detail, encrypted=True))
    assert answered_message(events, 11) is None
    assert ladder_rows(events)[11].kind is RowKind.PARTNERS


def test_the_alert_is_read_from_its_fields_before_its_summary() -> None:
    event = _event(1, "in", "alert", 2, fields=(("level", "fatal"), ("description", "bad_record_mac")))
    assert alert_words(event).name == "bad_record_mac"
    assert is_refusal(event)


def test_the_summary_of_an_alert_is_read_in_either_order() -> None:
    words = {
        (w.name, w.label, w.level)
        for w in map(
            alert_words,
            (
                _event(1, "in", "alert", 2, "fatal, unknown_ca (48)"),
                _event(1, "in", "alert", 2, "unknown_ca (48), fatal"),
            ),
        )
    }
    assert words == {("unknown_ca", "unknown_ca (48)", "fatal")}


def test_an_alert_without_anything_before_it_is_tied_to_nothing() -> None:
    assert answered_message((REFUSED[11],), 0) is None


def test_rows_say_what_the_alert_answered_and_how_long_it_took() -> None:
    row = ladder_rows(REFUSED)[11]
    assert row.kind is RowKind.TROUBLE
    assert row.name == "Alert  unknown_ca (48)"
    assert row.detail == "fatal, answers our Certificate"
    assert row.waited == "after 88 ms"


def test_a_short_wait_has_a_decimal() -> None:
    events = (*REFUSED[:11], replace(REFUSED[11], at_ms=127.2))
    assert ladder_rows(events)[11].waited == "after 0.8 ms"


@given(cut=st.integers(0, len(REFUSED)))
def test_rows_that_are_known_already_are_the_same_as_new_ones(cut: int) -> None:
    assert ladder_rows(REFUSED, ladder_rows(REFUSED[:cut])) == ladder_rows(REFUSED)


ANSWERED = (
    *REFUSED[:11],
    _event(129.0, "out", "http_request", 90, "GET /", encrypted=True),
    _event(162.4, "in", "http_response", 412, "HTTP 400", encrypted=True),
    _event(162.6, "out", "alert", 2, "close_notify (0), warning", encrypted=True),
)


def test_a_refusal_in_http_is_red_and_answers_our_certificate() -> None:
    rows = ladder_rows(ANSWERED, refused_in_http=True)
    row = rows[12]
    assert (row.kind, row.answers, row.waited) == (RowKind.TROUBLE, 8, "after 36 ms")
    assert row.name == "HTTP response  400"
    assert row.detail == "refused in HTTP, answers our Certificate"
    assert [r.kind for r in rows].count(RowKind.TROUBLE) == 1
    (bracket,) = _lay_out(rows).brackets
    assert (bracket.alert, bracket.answered) == (12, 8)


def test_the_same_answer_that_refuses_nothing_is_a_message_like_any_other() -> None:
    row = ladder_rows(ANSWERED)[12]
    assert (row.kind, row.answers, row.detail) == (RowKind.PARTNERS, None, "HTTP 400")


def test_an_answer_turns_red_once_the_run_has_ended_in_a_refusal() -> None:
    live = ladder_rows(ANSWERED)
    ended = ladder_rows(ANSWERED, live, refused_in_http=True)
    assert ended == ladder_rows(ANSWERED, refused_in_http=True)
    assert all(old is new for old, new in zip(live[:12], ended[:12], strict=True))


def test_a_refusal_in_http_without_a_certificate_of_ours_is_tied_to_nothing() -> None:
    events = (*ANSWERED[:8], *ANSWERED[10:])
    row = ladder_rows(events, refused_in_http=True)[10]
    assert (row.kind, row.answers, row.detail) == (RowKind.TROUBLE, None, "refused in HTTP")


def test_our_finished_in_tls13_proves_nothing_yet() -> None:
    rows = ladder_rows(REFUSED)
    assert rows[10].detail == "handshake done for us, nothing proved yet"
    assert rows[7].detail == ""


def test_our_finished_in_tls12_has_no_such_note() -> None:
    events = (REFUSED[1], REFUSED[2], _event(90, "out", "finished", 16, encrypted=True))
    assert ladder_rows(events)[2].detail == ""


def test_numbers_have_one_decimal_and_thin_spaces() -> None:
    row = ladder_rows(REFUSED)[1]
    assert (row.time, row.size) == ("38.2", "1,731")
    assert ladder_rows(REFUSED)[0].size == ""


def test_foreign_detail_is_made_visible() -> None:
    rows = ladder_rows((_event(0, "in", "server_hello", 9, "a\u202eb\x07<b>"),))
    assert rows[0].detail == "a\\u202eb\\x07<b>"


def test_encryption_begins_between_the_last_clear_and_the_first_encrypted_row() -> None:
    layout = _lay_out(ladder_rows(REFUSED))
    assert layout.encrypted_y == layout.rows[3].row.y == layout.rows[2].row.bottom


def test_nothing_is_marked_encrypted_where_nothing_was() -> None:
    layout = _lay_out(ladder_rows(REFUSED[:3]))
    assert layout.encrypted_y is None
    assert layout.encrypted_label is None


def test_the_bracket_ties_the_alert_to_the_answered_arrow() -> None:
    layout = _lay_out(ladder_rows(REFUSED))
    (bracket,) = layout.brackets
    assert bracket.from_y == layout.rows[11].arrow_y
    assert bracket.to_y == layout.rows[8].arrow_y
    assert bracket.x > layout.partner_x
    assert bracket.label is not None
    assert bracket.label.right <= layout.size_head.x


def test_a_narrow_ladder_gives_up_labels_before_times_and_sizes() -> None:
    layout = _lay_out(ladder_rows(REFUSED), width=430)
    assert layout.brackets[0].label is None
    assert layout.rows[1].size.right <= layout.width
    assert layout.rows[1].time.width >= _measure("214.9", TextRole.NUMBER)


def test_a_click_finds_its_row() -> None:
    layout = _lay_out(ladder_rows(REFUSED))
    for index, placed in enumerate(layout.rows):
        assert layout.row_at(placed.row.y) == index
        assert layout.row_at(placed.row.bottom - 0.5) == index
    assert layout.row_at(0) is None
    assert layout.row_at(layout.height) is None


_MESSAGES = st.sampled_from(
    [
        "client_hello",
        "server_hello",
        "encrypted_extensions",
        "certificate",
        "finished",
        "alert",
        "tcp_reset",
        "new_thing",
    ]
)
_EVENTS = st.lists(
    st.builds(
        _event,
        st.floats(0, 60_000),
        st.sampled_from(["in", "out"]),
        _MESSAGES,
        st.integers(0, 1 << 20),
        st.sampled_from(["", "unknown_ca (48), fatal", "close_notify (0), warning", "x" * 300]),
        encrypted=st.booleans(),
    ),
    max_size=40,
)


@given(events=_EVENTS, width=st.floats(100, 3000))
def test_nothing_overlaps_and_nothing_leaves_the_ladder(events: list[TimelineEvent], width: float) -> None:
    events = sorted(events, key=lambda event: event.at_ms)
    rows = ladder_rows(events)
    layout = _lay_out(rows, width)
    assert len(layout.rows) == len(events)
    assert not layout.our_card.overlaps(layout.partner_card)
    assert layout.our_x < layout.partner_x < layout.size_head.x
    previous_bottom = layout.our_card.bottom
    for row, placed in zip(rows, layout.rows, strict=True):
        assert placed.row.y >= previous_bottom
        previous_bottom = placed.row.bottom
        parts = [box for box in (placed.time, placed.lock, placed.sign, placed.name, placed.detail) if box]
        for left, right in itertools.pairwise(parts):
            assert left.right <= right.x + 1e-6
        assert placed.detail.right <= layout.partner_x
        assert placed.size.x > layout.partner_x
        assert placed.size.right <= layout.width
        assert placed.row.y < placed.arrow_y < placed.row.bottom
        ours = row.event.direction is Direction.OUT
        assert (placed.arrow_from < placed.arrow_to) is ours
    labels = [bracket.label for bracket in layout.brackets if bracket.label]
    if layout.encrypted_label:
        labels.append(layout.encrypted_label)
    for index, label in enumerate(labels):
        assert not any(label.overlaps(other) for other in labels[index + 1 :])
        assert label.right <= layout.size_head.x


@given(events=_EVENTS)
def test_an_alert_answers_an_earlier_message_of_the_other_side(events: list[TimelineEvent]) -> None:
    for index, event in enumerate(events):
        answered = answered_message(events, index)
        if answered is not None:
            assert answered < index
            assert event.message == "alert"
            assert events[answered].direction is not event.direction
