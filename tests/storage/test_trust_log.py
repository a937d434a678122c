"""The trust log is a chain that nobody cuts or mends unseen, and can be checked without this program."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Executable, delete, select, text, update

from tests.support.trust_content import AT, change, content, distrust, limit, named_only, note, source
from trustdesk.core.trust_decision import LogAction, PartnerPolicy, TrustLog
from trustdesk.core.trust_version import VersionState
from trustdesk.formats.canonical_json import canonical_json
from trustdesk.storage import schema
from trustdesk.storage.sealing import NO_SEALER, KeySealer, Sealer
from trustdesk.storage.trust_decisions import TrustDecisions
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.storage.trust_log import append_line, read_log, seal_newest
from trustdesk.storage.trust_log_book import TrustLogBook
from trustdesk.storage.workspace import Workspace

KEY = bytes(range(32))


def sealer(*, log_was_sealed: bool = False) -> Sealer:
    return KeySealer(KEY, "workspace", log_was_sealed=log_was_sealed)


def write(workspace: Workspace, comment: str = "because", by: Sealer = NO_SEALER) -> None:
    workspace.submit(
        lambda connection: append_line(
            connection,
            note(comment),
            by,
            action=LogAction.APPLIED,
            subject="partners",
            details=[("version", "1")],
        )
    ).result()


def read(workspace: Workspace, by: Sealer = NO_SEALER) -> TrustLog:
    return workspace.submit(lambda connection: read_log(connection, by)).result()


def made_anew(connection: Connection, number: int, comment: str) -> None:
    """Write a line again with a hash that is right, as somebody would who knows how."""
    row = connection.execute(
        select(schema.trust_log.c.document).where(schema.trust_log.c.number == number)
    ).scalar_one()
    document = canonical_json({**json.loads(row), "comment": comment})
    values = {"document": document.decode(), "hash": hashlib.sha256(document).hexdigest()}
    connection.execute(update(schema.trust_log).where(schema.trust_log.c.number == number).values(values))


def test_each_line_names_the_one_before_it(workspace: Workspace) -> None:
    for comment in ("one", "two", "three"):
        write(workspace, comment)
    log = read(workspace)
    assert (log.broken_at, log.broken_why, log.sealed) == (None, None, None)
    assert [line.number for line in log.entries] == [1, 2, 3]
    assert [line.previous for line in log.entries] == ["0" * 64, log.entries[0].hash, log.entries[1].hash]
    assert log.entries[1].comment == "two"


def test_a_line_is_not_there_without_what_it_tells_of(workspace: Workspace) -> None:
    def half(connection: Connection) -> None:
        append_line(connection, note(), NO_SEALER, action=LogAction.APPLIED, subject="partners")
        raise LookupError

    with pytest.raises(LookupError):
        workspace.submit(half).result()
    assert read(workspace).entries == ()


@pytest.mark.parametrize(
    ("damage", "broken_at"),
    [
        (update(schema.trust_log).where(schema.trust_log.c.number == 2).values(hash="0" * 64), 2),
        (update(schema.trust_log).where(schema.trust_log.c.number == 2).values(document="{"), 2),
        (update(schema.trust_log).where(schema.trust_log.c.number == 2).values(document="{}"), 2),
        (update(schema.trust_log).where(schema.trust_log.c.number == 2).values(document="[" * 100_000), 2),
        (delete(schema.trust_log).where(schema.trust_log.c.number == 2), 2),
        (delete(schema.trust_log).where(schema.trust_log.c.number == 1), 1),
        (
            text("UPDATE trust_log SET document = replace(document, 'because', 'whatever') WHERE number = 3"),
            3,
        ),
        (text("UPDATE trust_log SET document = replace(document, '\",\"', '\", \"') WHERE number = 1"), 1),
        (text("UPDATE trust_log SET number = 9 WHERE number = 4"), 4),
    ],
)
def test_a_line_that_was_changed_or_taken_out_is_named(
    workspace: Workspace, damage: Executable, broken_at: int
) -> None:
    for _ in range(4):
        write(workspace)
    change(workspace, damage)
    log = read(workspace)
    assert (log.broken_at, log.broken_why is not None) == (broken_at, True)


def test_a_line_made_anew_with_a_right_hash_breaks_the_next(workspace: Workspace) -> None:
    for _ in range(3):
        write(workspace)
    workspace.submit(lambda connection: made_anew(connection, 2, "nothing")).result()
    assert read(workspace).broken_at == 3


# --- the seal ---


def test_the_seal_is_over_the_newest_line(workspace: Workspace) -> None:
    for _ in range(3):
        write(workspace, by=sealer())
    assert read(workspace, sealer()).sealed is True
    assert read(workspace).sealed is None, "without the key nothing can be said"


CUTS: list[Callable[[Connection], object]] = [
    lambda connection: connection.execute(delete(schema.trust_log).where(schema.trust_log.c.number == 3)),
    lambda connection: connection.execute(delete(schema.trust_log)),
    lambda connection: made_anew(connection, 3, "nothing"),
    lambda connection: connection.execute(update(schema.trust_seals).values(value="{}")),
    lambda connection: connection.execute(
        text("UPDATE trust_seals SET value = replace(value, '\"number\": 3', '\"number\": 2')")
    ),
]


@pytest.mark.parametrize(("cut", "broken_at"), list(zip(CUTS, [3, 1, 3, None, None], strict=True)))
def test_an_end_that_was_cut_off_is_seen_and_stays_seen(
    workspace: Workspace, cut: Callable[[Connection], object], broken_at: int | None
) -> None:
    for _ in range(3):
        write(workspace, by=sealer())
    workspace.submit(cut).result()
    log = read(workspace, sealer())
    assert (log.sealed, log.broken_at) == (False, broken_at)
    for _ in range(3):
        write(workspace, "later", by=sealer())
    workspace.submit(lambda connection: seal_newest(connection, sealer())).result()
    assert read(workspace, sealer()).sealed is False, "writing on does not mend it"


def test_a_seal_that_was_removed_is_missed(workspace: Workspace) -> None:
    write(workspace, by=sealer())
    change(workspace, delete(schema.trust_seals))
    assert read(workspace, sealer(log_was_sealed=True)).sealed is False
    write(workspace, by=sealer(log_was_sealed=True))
    assert read(workspace, sealer(log_was_sealed=True)).sealed is False


def test_the_seal_of_another_workspace_or_key_does_not_hold(workspace: Workspace) -> None:
    write(workspace, by=sealer())
    assert read(workspace, KeySealer(KEY, "another")).sealed is False
    assert read(workspace, KeySealer(bytes(32), "workspace")).sealed is False


def test_lines_written_without_a_key_store_are_sealed_at_the_next_chance(workspace: Workspace) -> None:
    write(workspace, by=sealer())
    write(workspace)
    write(workspace)
    assert read(workspace, sealer()).sealed is None, "the newest lines are not under the seal"
    assert read(workspace, sealer()).broken_at is None
    assert workspace.submit(lambda connection: seal_newest(connection, sealer())).result()
    assert read(workspace, sealer()).sealed is True


def test_lines_that_do_not_follow_are_not_sealed_later(workspace: Workspace) -> None:
    write(workspace, by=sealer())
    write(workspace)
    write(workspace)
    workspace.submit(lambda connection: made_anew(connection, 2, "nothing")).result()
    assert not workspace.submit(lambda connection: seal_newest(connection, sealer())).result()


# --- handed out ---


def canonical_by_hand(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def check_by_hand(document: bytes) -> list[str]:
    """Follow the recipe of the document with nothing but hashlib and json; return what is wrong."""
    log = json.loads(document)
    wrong: list[str] = []
    previous = "0" * 64
    for number, entry in enumerate(log["entries"], start=1):
        told = entry.pop("hash")
        if hashlib.sha256(canonical_by_hand(entry)).hexdigest() != told:
            wrong.append(f"hash of {number}")
        if (entry["number"], entry["previous"]) != (number, previous):
            wrong.append(f"chain at {number}")
        previous = told
    if log["newest"] != {"number": len(log["entries"]), "hash": previous}:
        wrong.append("newest")
    actions = {"distrust": "distrusted", "limit_usage": "usage_limited"}
    for decision in log["decisions"]:
        lines = [
            entry
            for entry in log["entries"]
            if entry["fingerprint"] == decision["sha256"]
            and (
                entry["action"] == actions[decision["kind"]]
                or (entry["action"] == "decision_withdrawn" and entry["details"]["kind"] == decision["kind"])
            )
        ]
        digest = hashlib.sha256(canonical_by_hand(decision)).hexdigest()
        if not lines or lines[-1]["details"].get("document") != digest:
            wrong.append(f"decision {decision['sha256']}")
    for one in log["policies"]:
        lines = [
            entry
            for entry in log["entries"]
            if entry["subject"] == one["partner"] and entry["action"] in {"policy_set", "policy_cleared"}
        ]
        digest = hashlib.sha256(canonical_by_hand(one["policy"])).hexdigest()
        if not lines or lines[-1]["details"].get("document") != digest:
            wrong.append(f"policy {one['partner']}")
    for one in log["lists"]:
        lines = [
            entry
            for entry in log["entries"]
            if entry["subject"] == one["name"]
            and entry["action"] in {"applied", "undone"}
            and "list" not in entry["details"]
        ]
        if (lines[-1]["details"]["version"], lines[-1]["fingerprint"]) != (
            str(one["applied"]),
            one["source_sha256"],
        ):
            wrong.append(f"list {one['name']}")
    return wrong


@pytest.fixture
def handed_out(workspace: Workspace) -> bytes:
    lists, decisions = TrustLists(workspace), TrustDecisions(workspace)
    for number, base in ((1, None), (2, 1)):
        lists.keep(
            "partners",
            content([named_only(number)], number),
            source(f"{number}"),
            state=VersionState.APPLIED,
            base=base,
            note=note(f"Übung {number} \u2028 \U0001f600"),
        ).result()
    lists.undo("partners", note()).result()
    decisions.decide(limit(), note()).result()
    decisions.decide(distrust(), note()).result()
    decisions.withdraw("ef" * 32, note()).result()
    decisions.decide(distrust("aa" * 32), note()).result()
    workspace.submit(
        lambda connection: (
            connection.execute(
                text(
                    "INSERT INTO partners (id, name, company_id, note, details, revision)"
                    " VALUES (1, 'Nordwind', '', '', '{}', 0)"
                )
            ).rowcount
        )
    ).result()
    decisions.set_policy(PartnerPolicy(partner="Nordwind", lists=("partners",)), note()).result()
    return json.dumps(TrustLogBook(workspace).document(AT).result(), indent=1).encode()


def test_what_is_handed_out_can_be_checked_with_nothing_of_ours(handed_out: bytes) -> None:
    assert check_by_hand(handed_out) == []
    document = json.loads(handed_out)
    assert (len(document["entries"]), len(document["decisions"]), len(document["policies"])) == (8, 2, 1)
    assert "RFC 8785" in " ".join(document["how_to_check"])


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        (b"\\u00dcbung 1", b"\\u00dcbung 3", "hash of 1"),
        (b'"its key is out"', b'"whatever"', f"decision {'aa' * 32}"),
        (b'"applied": 1', b'"applied": 2', "list partners"),
    ],
)
def test_a_change_in_what_was_handed_out_is_found_by_hand(
    handed_out: bytes, old: bytes, new: bytes, wrong: str
) -> None:
    assert old in handed_out
    assert wrong in check_by_hand(handed_out.replace(old, new))


# --- canonical JSON ---


def test_the_example_of_rfc_8785_as_far_as_it_concerns_us() -> None:
    """RFC 8785 3.2.3: names sort by UTF-16 code units, where U+1F600 comes before U+FB33."""
    document = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    values = list(json.loads(canonical_json(document)).values())
    assert values == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]
    assert canonical_json('\u20ac$\u000f\nA\'B"\\\\"/') == b'"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'


@pytest.mark.parametrize("value", [1.5, {1: "one"}, b"bytes", 2**53, "\ud800", {"a": object()}])
def test_what_has_no_one_spelling_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"spelling|no text|surrogates"):
        canonical_json(value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(max_examples=50)
@given(JSON)
def test_reading_and_writing_again_changes_nothing(value: object) -> None:
    written = canonical_json(value)
    assert json.loads(written) == value
    assert canonical_json(json.loads(written)) == written
