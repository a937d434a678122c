"""`trustdesk trust …`: read, reviewed, applied, compared, taken back; documents and exit statuses."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.command import trustdesk
from tests.support.memory_secrets import MemorySecrets
from tests.support.trust_commands import NAME, NOW, TrustCommands
from tests.support.trust_lab import content_of, entry_of, pilot_14, pilot_15, pilot_pki, signed_json
from trustdesk.formats.list_json_writing import json_list
from trustdesk.formats.list_signing import sign_list


def test_without_apply_the_review_is_only_shown(trust: TrustCommands) -> None:
    review = trust.document("import", trust.plain(), "--name", NAME)
    assert review["schema"] == "trustdesk.trust-review/1"
    assert (review["applied"], review["waiting"], review["counts"]["added"]) == (None, None, 6)
    assert [one["name"] for one in trust.document("list")["lists"]] == ["certifi"]


def test_with_apply_it_is_judged_by(trust: TrustCommands) -> None:
    assert trust.applied().number_applied == 1
    pilot, certifi = trust.document("list")["lists"]
    assert (pilot["in_force"], certifi["in_force"]) == (True, False)
    assert pilot["pin"]["signer"] == pilot_pki().signer.facts.sha256
    assert pilot["pin"]["sealed"] is True
    assert "✓ pilot" in trust.run("list").out


def test_a_new_list_can_be_applied_without_judging_by_it(trust: TrustCommands) -> None:
    assert trust.run("import", trust.plain(), "--name", NAME, "--apply", "--not-in-force").status == 0
    pilot, certifi = trust.document("list")["lists"]
    assert (pilot["in_force"], certifi["in_force"]) == (False, True)
    assert trust.document("use", NAME, "certifi")["lists"][0]["in_force"] is True


def test_a_version_waits_is_reviewed_again_and_applied_with_a_reason(trust: TrustCommands) -> None:
    kept = trust.applied().document("import", trust.next_version(), "--name", NAME, "--keep")
    assert (kept["waiting"], kept["applied"], kept["verdict"]) == (2, None, "pass")
    queue = trust.run("queue").out
    assert "trustdesk trust update pilot@2" in queue
    silent = trust.run("update", f"{NAME}@2", "--apply")
    assert (silent.status, trust.number_applied) == (2, 1)
    assert "takes trust from somebody" in silent.err
    done = trust.document("update", f"{NAME}@2", "--apply", "--comment", "agreed")
    assert (done["applied"], trust.number_applied) == (2, 2)


def test_a_refused_version_stays_to_be_looked_at(trust: TrustCommands) -> None:
    trust.applied().run("import", trust.next_version(), "--name", NAME, "--keep")
    assert trust.document("refuse", f"{NAME}@2", "--comment", "not now")["state"] == "refused"
    assert trust.run("refuse", f"{NAME}@2").status == 2
    assert trust.document("show", f"{NAME}@2")["state"] == "refused"


def test_a_difference_has_entries_and_what_the_list_says_of_itself(trust: TrustCommands) -> None:
    trust.applied().run("import", trust.next_version(), "--name", NAME, "--keep")
    document = trust.document("diff", f"{NAME}@1", f"{NAME}@2")
    assert document["schema"] == "trustdesk.trust-diff/1"
    assert [len(document[kind]) for kind in ("added", "removed", "changed")] == [3, 2, 2]
    changed = {one["subject"]: one["fields"] for one in document["changed"]}
    assert changed["CN=Fjordsign Partner CA 7"][0]["after"] == "client"
    assert document["added"][0]["sha256"]
    assert {one["field"] for one in document["list"]} == {"sequence"}
    shown = trust.run("diff", f"{NAME}@1", f"{NAME}@2").out
    assert "pilot@1 to pilot@2: Added 3, removed 2, changed 2" in shown
    assert "Sequence: 14 → 15" in shown


def test_undo_goes_back_and_at_last_to_nothing(trust: TrustCommands) -> None:
    trust.applied()
    trust.run("import", trust.next_version(), "--name", NAME, "--apply", "--comment", "agreed")
    assert trust.document("undo", NAME, "--comment", "a partner was cut off")["applied"] == 1
    assert "Nothing of pilot is applied any more." in trust.run("undo", NAME).out
    assert trust.number_applied is None
    assert trust.run("undo", NAME).status == 2


def test_a_list_goes_and_the_log_stays_and_holds(trust: TrustCommands) -> None:
    trust.applied()
    asked = trust.run("remove", NAME)
    assert (asked.status, asked.out) == (2, "")
    assert "--yes" in asked.err
    assert trust.run("remove", NAME, "--yes", "--comment", "over").status == 0
    file = trust.folder / "log.json"
    log = trust.document("log", "--output", file)
    assert (log["holds"], log["sealed"], log["untold"]) == (True, True, [])
    assert [entry["action"] for entry in log["entries"]][-1] == "removed"
    assert json.loads(file.read_text())
    assert "✓ The chain and its seal hold." in trust.run("log").out


def test_what_expired_is_not_shown_as_trusted(trust: TrustCommands) -> None:
    trust.applied()
    lines = trust.run("show", NAME).out.splitlines()
    assert "✗ Trusted, but expired  CN=Skybridge Issuing CA G2" in lines
    assert "✓ Trusted  CN=Skybridge Root CA 1" in lines


def test_the_lint_has_its_worst_first_and_remarks_below_warnings(trust: TrustCommands) -> None:
    bare = entry_of(pilot_pki()["Palisade Root X2"], audits=())
    trust.run("import", trust.plain(content_of(bare)), "--name", NAME, "--apply")
    ran = trust.run("lint", NAME)
    assert ran.status == 0
    signs = [line[:8] for line in ran.out.splitlines() if line and line[0] in "✗!–?"]
    assert signs.index("! LST-01") < signs.index("– LST-07")
    document = trust.document("lint", NAME)
    assert (document["schema"], document["verdict"]) == ("trustdesk.trust-lint/1", "warn")
    assert {one["rule"] for one in document["findings"]} == {f"LST-{number:02}" for number in range(1, 13)}


def test_a_lower_sequence_exits_with_1_and_applies_nothing(trust: TrustCommands) -> None:
    trust.applied()
    trust.run("import", trust.next_version(), "--name", NAME, "--apply", "--comment", "agreed")
    back = trust.run("import", trust.signed(), "--name", NAME, "--apply", "--comment", "back")
    assert (back.status, trust.number_applied) == (1, 2)
    assert "It is older: its sequence is 14, and 15 is applied." in back.out
    assert "Add --apply" not in back.out


def test_a_swapped_signature_exits_with_1_and_nothing_is_said_of_its_entries(trust: TrustCommands) -> None:
    trust.applied()
    head, body, _ = trust.next_version().read_bytes().split(b".")
    signature = trust.signed().read_bytes().split(b".")[2]
    swapped = trust.file(b".".join((head, body, signature)), "swapped.json")
    review = trust.document("import", swapped, "--name", NAME, "--apply", "--comment", "x", status=1)
    assert (review["applied"], review["verdict"], review["removed"]) == (None, "fail", [])
    assert {one["status"] for one in review["lint"] if one["rule"] == "LST-04"} == {"not_run"}
    shown = trust.run("import", swapped, "--name", NAME, "--apply").out
    assert "What is not proved is not compared" in shown
    assert trust.number_applied == 1


def test_another_signer_exits_with_1_until_the_pin_is_forgotten(trust: TrustCommands) -> None:
    trust.applied()
    other = trust.file(signed_json(pilot_15(), pilot_pki().other_signer), "other.json")
    refused = trust.run("import", other, "--name", NAME, "--apply", "--comment", "x")
    assert (refused.status, trust.number_applied) == (1, 1)
    assert "(--signer)" in refused.out
    assert trust.run("forget-signer", NAME, "--comment", "a new office").status == 0
    assert trust.document("import", other, "--name", NAME)["obstacles"] == []


def test_a_list_past_its_next_update_exits_with_1_until_it_is_accepted(trust: TrustCommands) -> None:
    late = replace(pilot_14(), next_update=NOW - timedelta(days=3))
    file = trust.file(signed_json(late), "late.json")
    refused = trust.run("import", file, "--name", NAME, "--apply")
    assert refused.status == 1
    assert "The list has expired" in refused.out
    assert "(--accept-expired)" in refused.out
    accepted = trust.document("import", file, "--name", NAME, "--apply", "--accept-expired")
    assert (accepted["applied"], accepted["verdict"]) == (1, "warn")


def test_the_same_again_is_no_version(trust: TrustCommands) -> None:
    trust.applied()
    again = trust.run("import", trust.signed(), "--name", NAME, "--apply")
    assert (again.status, trust.number_applied) == (0, 1)
    assert "Nothing was changed: version 1 is applied already." in again.out


def test_to_name_the_signer_later_is_no_change_of_the_publishers(trust: TrustCommands) -> None:
    trust.run("import", trust.signed(), "--name", NAME, "--apply")
    signer = pilot_pki().signer.facts.sha256
    review = trust.document("import", trust.signed(), "--name", NAME, "--signer", signer, "--apply")
    assert review["applied"] == 2
    (sequence,) = [one for one in review["lint"] if one["rule"] == "LST-02"]
    assert sequence["status"] == "pass"


def test_a_detached_signature_lies_beside_the_list(trust: TrustCommands) -> None:
    office, data = pilot_pki().signer, json_list(replace(pilot_14(), next_update=None))
    file = trust.file(data, "detached.json")
    trust.file(sign_list(data, office.key, [office.der], detached=True), "detached.json.jws")
    review = trust.document("import", file, "--name", NAME, "--signer", office.facts.sha256)
    assert review["authenticity"]["state"] == "verified"


def test_the_machines_own_store_is_a_list(trust: TrustCommands) -> None:
    review = trust.document("import", "system", "--name", "machine", "--usage", "server")
    assert (review["source"]["kind"], review["source"]["transport"]) == ("system", "system")
    assert review["entry_count"] > 0


def test_without_a_keyring_a_signer_counts_this_time_and_is_not_pinned(
    trust: TrustCommands, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = MemorySecrets()
    locked.is_locked = True
    monkeypatch.setattr("trustdesk.services.workspace_keys.keyring_store", lambda: locked)
    trust.applied()
    assert trust.document("list")["lists"][0]["pin"] is None
    assert "is not pinned" in trust.run("show", NAME).out


def test_text_of_a_list_moves_no_terminal(trust: TrustCommands) -> None:
    evil = "a\x1b[31mred\u202e[bold]x"
    trust.run("import", trust.plain(replace(pilot_14(), title=evil)), "--name", NAME, "--apply")
    for command in (("list",), ("show", NAME), ("lint", NAME)):
        out = trust.run(*command).out
        assert "\x1b" not in out
        assert "\u202e" not in out
    assert "[bold]" in trust.run("list").out


def test_every_command_has_an_example() -> None:
    commands = [
        "list", "import", "update", "refuse", "show", "diff", "lint", "impact", "drops", "export", "undo",
        "use", "remove", "log", "queue", "forget-signer", "decide list", "decide distrust", "decide limit",
        "decide withdraw", "decide fingerprint", "policy list", "policy set", "policy clear",
    ]  # fmt: skip
    for command in commands:
        ran = trustdesk("trust", *command.split(), "--help")
        assert "Example: trustdesk trust" in " ".join(ran.out.split()), command


def test_the_source_is_told_by_its_digest(trust: TrustCommands) -> None:
    file = trust.plain()
    review = trust.document("import", file, "--name", NAME)
    assert review["source"]["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
