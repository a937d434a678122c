"""Trust lists at the desk: imported from files, reviewed, applied, undone, and what is refused."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support import pki
from tests.support.pki import NOW
from tests.support.trust_lab import (
    BOTH,
    LIST_NAME,
    SERVER,
    WAIT_S,
    SharedReader,
    TrustLab,
    content_of,
    entry_of,
    pilot_14,
    pilot_15,
    pilot_pki,
    signed_json,
)
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import FindingStatus
from trustdesk.core.trust_decision import LogAction
from trustdesk.core.trust_entry import EntryStatus
from trustdesk.core.trust_version import (
    AuthenticityState,
    ChangeKind,
    Endorsement,
    ListReview,
    SourceKind,
    VersionState,
)
from trustdesk.formats.list_json_writing import json_list
from trustdesk.services.list_review import EXPIRED_OPTION, SIGNER_OPTION
from trustdesk.services.wording import wording

SAY = wording().text


@pytest.fixture(scope="module", autouse=True)
def reader() -> Iterator[None]:
    yield from SharedReader.process()


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[TrustLab]:
    opened = TrustLab(tmp_path)
    yield opened
    opened.close()


def signer() -> str:
    return pilot_pki().signer.sha256


def problems(review: ListReview) -> list[str]:
    return [SAY(one.problem) for one in review.obstacles]


def status(review: ListReview, rule: str) -> FindingStatus:
    return next(one.status for one in review.lint if one.rule == rule)


def test_a_signed_list_comes_in_waits_is_applied_replaced_and_undone(lab: TrustLab) -> None:
    first = lab.review(signed_json(pilot_14()), signer=signer()).review
    assert (first.number, first.base, first.obstacles) == (1, None, ())
    assert first.content.authenticity.state is AuthenticityState.VERIFIED
    assert [one.name for one in lab.trust.lists().result(WAIT_S)] == ["certifi"]  # nothing is kept yet

    applied = lab.apply(signed_json(pilot_14()), signer=signer())
    assert (applied.reference, applied.state) == (f"{LIST_NAME}@1", VersionState.APPLIED)
    assert applied.content.entries == pilot_14().entries

    prepared = lab.review(signed_json(pilot_15()))  # its signer is pinned: nobody has to be named
    assert prepared.review.content.authenticity.pinned
    waiting = lab.trust.keep_waiting(prepared, "to be looked at").future.result(WAIT_S)
    assert waiting.state is VersionState.WAITING
    assert [one.version for one in lab.trust.queue().result(WAIT_S)] == [2]

    again = lab.trust.prepare_waiting(LIST_NAME, 2).future.result(WAIT_S)
    assert (again.review.number, again.review.base) == (2, 1)
    assert [len(again.review.difference.of(kind)) for kind in ChangeKind] == [3, 2, 2, 0]
    assert lab.trust.apply(again, "after a talk").future.result(WAIT_S).state is VersionState.APPLIED
    assert lab.trust.queue().result(WAIT_S) == ()

    back = lab.trust.undo(LIST_NAME, "it broke a partner").future.result(WAIT_S)
    assert back is not None
    assert back.number == 1
    summary = lab.summary()
    assert [line.state for line in summary.versions] == [VersionState.REPLACED, VersionState.APPLIED]
    assert lab.actions() == [
        LogAction.SIGNER_PINNED,
        LogAction.APPLIED,
        LogAction.PUT_IN_FORCE,
        LogAction.TAKEN_OUT_OF_FORCE,
        LogAction.IMPORTED,
        LogAction.APPLIED,
        LogAction.UNDONE,
    ]
    assert lab.trust.undo(LIST_NAME, "and more").future.result(WAIT_S) is None
    assert lab.summary().applied is None


def test_the_bundled_list_is_one_of_them_and_stays_as_it_is(lab: TrustLab) -> None:
    (only,) = lab.trust.lists().result(WAIT_S)
    assert (only.name, only.is_builtin, only.in_force) == ("certifi", True, True)
    assert only.endorsement is Endorsement.BROWSER
    version = lab.trust.version("certifi").result(WAIT_S)
    assert version.source.kind is SourceKind.CERTIFI
    assert len(version.content.entries) > 100
    assert {one.rule: one.status for one in lab.trust.lint("certifi").result(WAIT_S)}[
        "LST-01"
    ] is FindingStatus.NOT_APPLICABLE
    with pytest.raises(UnusableInputError):
        lab.review(json_list(pilot_14()), name="certifi")
    for job in (lab.trust.remove("certifi", "no"), lab.trust.prepare_update("certifi")):
        with pytest.raises(UnusableInputError):
            job.future.result(WAIT_S)


def test_a_first_list_without_a_signature_may_be_applied_and_says_that_nothing_proves_it(
    lab: TrustLab,
) -> None:
    review = lab.review(json_list(pilot_14())).review
    assert review.obstacles == ()
    assert status(review, "LST-01") is FindingStatus.WARN
    assert status(review, "LST-02") is FindingStatus.NOT_RUN


def test_a_swapped_signature_is_refused(lab: TrustLab) -> None:
    lab.apply(signed_json(pilot_14()), signer=signer())
    header, _, signature = signed_json(pilot_14()).split(b".")
    payload = signed_json(pilot_15()).split(b".")[1]
    prepared = lab.review(b".".join((header, payload, signature)))
    assert prepared.review.content.authenticity.state is AuthenticityState.FAILED
    assert len(prepared.review.obstacles) == 1
    assert prepared.review.obstacles[0].overridable_by == ""
    assert prepared.review.warnings == ()
    for deed in (lab.trust.apply, lab.trust.keep_waiting):
        with pytest.raises(UnusableInputError):
            deed(prepared, "all the same").future.result(WAIT_S)
    assert lab.summary().versions[0].number == 1


def test_another_signer_than_the_pinned_one_is_refused_until_it_is_compared(lab: TrustLab) -> None:
    lab.apply(signed_json(pilot_14()), signer=signer())
    other = pilot_pki().other_signer
    prepared = lab.review(signed_json(pilot_15(), other))
    assert prepared.review.content.authenticity.state is AuthenticityState.UNKNOWN_SIGNER
    assert [one.overridable_by for one in prepared.review.obstacles] == [SIGNER_OPTION]
    with pytest.raises(UnusableInputError):
        lab.trust.apply(prepared, "no").future.result(WAIT_S)
    lab.apply(signed_json(pilot_15(), other), signer=other.sha256)
    pin = lab.summary().pin
    assert pin is not None
    assert (pin.signer, pin.sealed) == (other.sha256, True)


def test_an_unsigned_list_does_not_follow_a_pinned_signer(lab: TrustLab) -> None:
    lab.apply(signed_json(pilot_14()), signer=signer())
    (obstacle,) = lab.review(json_list(pilot_15())).review.obstacles
    assert obstacle.overridable_by == ""
    lab.trust.forget_pin(LIST_NAME, "the office closed").future.result(WAIT_S)
    assert lab.review(json_list(pilot_15())).review.obstacles == ()


def test_a_list_by_another_than_the_named_signer_is_refused(lab: TrustLab) -> None:
    prepared = lab.review(signed_json(pilot_14()), signer=pilot_pki().other_signer.sha256)
    assert "not signed by the signer that was named" in problems(prepared.review)[0]
    with pytest.raises(UnusableInputError):
        lab.trust.apply(prepared, "no").future.result(WAIT_S)


def test_a_rollback_is_refused(lab: TrustLab) -> None:
    lab.apply(signed_json(pilot_15()), signer=signer())
    for older in (pilot_14(), replace(pilot_14(), sequence=None)):
        prepared = lab.review(signed_json(older))
        assert status(prepared.review, "LST-02") is FindingStatus.FAIL
        assert [one.overridable_by for one in prepared.review.obstacles] == [""]
        with pytest.raises(UnusableInputError):
            lab.trust.apply(prepared, "no").future.result(WAIT_S)
    applied = lab.summary().applied
    assert applied is not None
    assert applied.number == 1


def test_a_list_of_another_name_is_refused(lab: TrustLab) -> None:
    lab.apply(signed_json(pilot_14()), signer=signer())
    other = replace(pilot_15(), list_id="https://elsewhere.example/list")
    assert problems(lab.review(signed_json(other)).review) == [
        "It is another list: it calls itself https://elsewhere.example/list, "
        "and this one is https://trust.cargo-pilot.example/list."
    ]


def test_an_expired_list_is_refused_unless_the_person_says_so_and_the_log_keeps_that(lab: TrustLab) -> None:
    late = replace(pilot_14(), next_update=NOW - timedelta(days=1))
    prepared = lab.review(signed_json(late), signer=signer())
    assert [one.overridable_by for one in prepared.review.obstacles] == [EXPIRED_OPTION]
    assert status(prepared.review, "LST-03") is FindingStatus.WARN
    with pytest.raises(UnusableInputError):
        lab.trust.apply(prepared, "no").future.result(WAIT_S)
    lab.apply(signed_json(late), signer=signer(), accept_expired=True)
    log = lab.trust.log().future.result(WAIT_S)
    applied = next(one for one in log.entries if one.action is LogAction.APPLIED)
    assert ("accepted_expired", "yes") in applied.details


def test_a_waiting_version_that_expires_meanwhile_is_refused_too(lab: TrustLab) -> None:
    prepared = lab.review(signed_json(pilot_14()), signer=signer())
    lab.trust.keep_waiting(prepared, "").future.result(WAIT_S)
    lab.clock.at = NOW + timedelta(days=400)
    again = lab.trust.prepare_waiting(LIST_NAME, 1).future.result(WAIT_S)
    assert [one.overridable_by for one in again.review.obstacles] == [EXPIRED_OPTION]
    wanted = lab.trust.prepare_waiting(LIST_NAME, 1, accept_expired=True).future.result(WAIT_S)
    assert lab.trust.apply(wanted, "known").future.result(WAIT_S).state is VersionState.APPLIED


def test_an_empty_list_is_refused_and_a_short_one_warns(lab: TrustLab) -> None:
    lab.apply(json_list(pilot_14()))
    short = lab.review(json_list(replace(pilot_15(), entries=pilot_14().entries[:2]))).review
    assert [SAY(one) for one in short.warnings] == ["More than half of the entries would go: 4 of 6."]
    assert short.obstacles == ()
    assert lab.review(json_list(pilot_15())).review.warnings == ()
    empty = lab.review(json_list(replace(pilot_15(), entries=())))
    assert problems(empty.review) == ["There is no entry on the list: nothing would be trusted."]


@pytest.mark.parametrize("cut", [0.2, 0.6, 0.99])
def test_a_truncated_file_is_refused_with_its_place_and_nothing_is_kept(lab: TrustLab, cut: float) -> None:
    whole = json_list(pilot_14())
    with pytest.raises(UnusableInputError) as refused:
        lab.review(whole[: int(len(whole) * cut)])
    assert refused.value.place is not None
    assert "list.json" in refused.value.place
    assert [one.name for one in lab.trust.lists().result(WAIT_S)] == ["certifi"]


def test_taking_trust_away_needs_a_word_for_the_log(lab: TrustLab) -> None:
    lab.apply(json_list(pilot_14()))
    prepared = lab.review(json_list(pilot_15()))
    assert prepared.review.needs_comment
    with pytest.raises(UnusableInputError) as refused:
        lab.trust.apply(prepared, "  ").future.result(WAIT_S)
    assert "the log has to say why" in SAY(refused.value.problem)
    distrusted = replace(pilot_14().entries[0], status=EntryStatus.DISTRUSTED)
    more = replace(pilot_14(), sequence=16, entries=(distrusted, *pilot_14().entries[1:]))
    assert lab.review(json_list(more)).review.needs_comment
    added = replace(pilot_14(), sequence=16, entries=(*pilot_14().entries, pilot_15().entries[-1]))
    assert not lab.review(json_list(added)).review.needs_comment


def test_the_same_list_again_is_no_new_version(lab: TrustLab) -> None:
    lab.apply(json_list(pilot_14()))
    prepared = lab.review(json_list(pilot_14()))
    assert prepared.review.is_same
    assert lab.trust.apply(prepared, "").future.result(WAIT_S).number == 1
    assert len(lab.summary().versions) == 1


def test_what_waits_already_does_not_wait_twice(lab: TrustLab) -> None:
    lab.apply(json_list(pilot_14()))
    for expected in (2, 2, 3):
        content = pilot_15() if expected == 2 else replace(pilot_15(), sequence=16)
        prepared = lab.review(json_list(content))
        assert lab.trust.keep_waiting(prepared, "").future.result(WAIT_S).number == expected
    assert lab.actions().count(LogAction.IMPORTED) == 2


def test_a_review_of_another_applied_version_is_refused(lab: TrustLab) -> None:
    lab.apply(json_list(pilot_14()))
    stale = lab.review(json_list(pilot_15()))
    lab.apply(json_list(replace(pilot_14(), sequence=15, title="another")))
    with pytest.raises(UnusableInputError) as refused:
        lab.trust.apply(stale, "why not").future.result(WAIT_S)
    assert "Somebody else applied another version" in SAY(refused.value.problem)


def test_two_desks_on_one_workspace_do_not_undo_each_other(lab: TrustLab) -> None:
    lab.apply(json_list(pilot_14()))
    other = TrustLab(lab.folder, secrets=lab.secrets)
    try:
        theirs = other.review(json_list(pilot_15()))
        ours = lab.review(json_list(replace(pilot_15(), title="ours")))
        other.trust.apply(theirs, "theirs").future.result(WAIT_S)
        with pytest.raises(UnusableInputError):
            lab.trust.apply(ours, "ours").future.result(WAIT_S)
        applied = lab.summary().applied
        assert applied is not None
        assert applied.number == 2
        # Whoever looks at the lists judges by what the other has applied.
        assert [one.version for one in lab.desk.trust_lists().result(WAIT_S)] == [2, None]
    finally:
        other.close()


def test_without_a_key_store_a_signer_is_compared_this_once_and_not_pinned(tmp_path: Path) -> None:
    lab = TrustLab(tmp_path)
    lab.secrets.is_locked = True  # type: ignore[attr-defined]
    try:
        version = lab.apply(signed_json(pilot_14()), signer=signer())
        assert version.content.authenticity.state is AuthenticityState.VERIFIED
        assert not version.content.authenticity.pinned
        assert lab.summary().pin is None
        assert "is not pinned" in SAY(version.content.remarks[-1])
    finally:
        lab.close()


def test_a_pin_whose_seal_cannot_be_seen_counts_for_nothing(tmp_path: Path) -> None:
    lab = TrustLab(tmp_path)
    lab.apply(signed_json(pilot_14()), signer=signer())
    lab.close()
    lab.secrets.is_locked = True  # type: ignore[attr-defined]
    again = TrustLab(tmp_path, secrets=lab.secrets)
    try:
        review = again.review(signed_json(pilot_15())).review
        assert review.content.authenticity.state is AuthenticityState.UNKNOWN_SIGNER
        assert [one.overridable_by for one in review.obstacles] == [SIGNER_OPTION]
        assert again.review(signed_json(pilot_15()), signer=signer()).review.obstacles == ()
    finally:
        again.close()


def test_a_title_of_iata_is_proved_by_a_named_signer_alone(lab: TrustLab) -> None:
    claimed = replace(pilot_14(), title="IATA ONE Record trust list")
    said = lab.review(json_list(claimed), endorsement=Endorsement.IATA).review
    assert said.content.endorsement is not Endorsement.IATA
    assert [one.overridable_by for one in said.obstacles] == [SIGNER_OPTION]
    assert status(said, "LST-10") is FindingStatus.WARN
    compared = lab.review(signed_json(claimed), signer=signer()).review
    assert compared.content.endorsement is Endorsement.ORGANISATION
    assert status(compared, "LST-10") is FindingStatus.WARN
    named = lab.apply(signed_json(claimed), signer=signer(), endorsement=Endorsement.IATA)
    assert named.content.endorsement is Endorsement.IATA
    nxt = lab.review(signed_json(replace(claimed, sequence=15))).review
    assert nxt.content.endorsement is Endorsement.IATA
    assert status(nxt, "LST-10") is FindingStatus.PASS


def test_usages_that_a_file_leaves_open_are_asked_for_and_remembered(lab: TrustLab) -> None:
    ca = pilot_pki()
    bundle = ca["Palisade Root X2"].pem + ca["Skybridge Root CA 1"].pem
    open_ones = lab.review(bundle, name="Own CAs").review
    assert set(open_ones.undecided) == {ca["Palisade Root X2"].sha256, ca["Skybridge Root CA 1"].sha256}
    lab.apply(bundle, name="Own CAs", usages=SERVER)
    more = lab.review(bundle + ca["Concordia Client Root 3"].pem, name="Own CAs").review
    assert more.undecided == (ca["Concordia Client Root 3"].sha256,)
    assert [change.kind for change in more.difference.changes] == [ChangeKind.ADDED]


def test_usages_of_a_waiting_version_are_answered_in_its_review_and_kept_with_it(lab: TrustLab) -> None:
    ca = pilot_pki()
    bundle = ca["Palisade Root X2"].pem + ca["Skybridge Root CA 1"].pem
    lab.trust.keep_waiting(lab.review(bundle, name="Own CAs"), "later").future.result(WAIT_S)
    assert len(lab.trust.prepare_waiting("Own CAs", 1).future.result(WAIT_S).review.undecided) == 2
    prepared = lab.trust.prepare_waiting("Own CAs", 1, usages=SERVER).future.result(WAIT_S)
    assert prepared.review.undecided == ()
    lab.trust.apply(prepared, "asked the office").future.result(WAIT_S)
    entries = lab.trust.version("Own CAs").result(WAIT_S).content.entries
    assert [one.usages for one in entries] == [SERVER] * 2
    first = lab.trust.version("Own CAs", 1).result(WAIT_S).content.entries
    assert [one.usages for one in first] == [None] * 2, "versions never change"
    log = lab.trust.log().future.result(WAIT_S).entries
    details = next(one.details for one in log if one.action is LogAction.APPLIED)
    assert {("usages", "tls_server"), ("kept_as", "1")} <= set(details)
    assert lab.trust.queue().result(WAIT_S) == (), "it is decided by the version that was made of it"
    lab.trust.undo("Own CAs", "too early").future.result(WAIT_S)
    assert [one.version for one in lab.trust.queue().result(WAIT_S)] == [1]


def test_what_a_list_says_of_usages_is_not_answered_otherwise(lab: TrustLab) -> None:
    lab.trust.keep_waiting(lab.review(json_list(pilot_14())), "later").future.result(WAIT_S)
    prepared = lab.trust.prepare_waiting(LIST_NAME, 1, usages=SERVER).future.result(WAIT_S)
    assert prepared.review.content.entries == pilot_14().entries


def test_a_folder_is_read_whole(lab: TrustLab, tmp_path: Path) -> None:
    folder = tmp_path / "cas"
    (folder / "more").mkdir(parents=True)
    ca = pilot_pki()
    (folder / "a.pem").write_bytes(ca["Palisade Root X2"].pem)
    (folder / "more" / "b.der").write_bytes(ca["Skybridge Root CA 1"].der)
    (folder / ".hidden").write_bytes(b"\xff" * 10)
    review = lab.review(folder, name="Folder", usages=BOTH).review
    assert review.source.kind is SourceKind.FOLDER
    assert {entry.subject for entry in review.content.entries} == {
        "CN=Palisade Root X2",
        "CN=Skybridge Root CA 1",
    }


def test_this_machines_store_is_a_list(lab: TrustLab) -> None:
    review = lab.review(SourceKind.SYSTEM, name="This machine").review
    assert review.source.kind is SourceKind.SYSTEM
    assert review.content.endorsement is Endorsement.BROWSER


@pytest.mark.parametrize("name", ["", " x", "a@b", "x" * 101, "a\nb"])
def test_a_list_cannot_be_called_anything(lab: TrustLab, name: str) -> None:
    with pytest.raises(UnusableInputError):
        lab.review(json_list(pilot_14()), name=name)


def test_difference_and_lint_of_kept_versions(lab: TrustLab) -> None:
    lab.apply(json_list(pilot_14()))
    lab.apply(json_list(pilot_15()))
    difference = lab.trust.difference(f"{LIST_NAME}@1", f"{LIST_NAME}@2").result(WAIT_S)
    assert (difference.before, difference.after) == (f"{LIST_NAME}@1", f"{LIST_NAME}@2")
    assert len(difference.of(ChangeKind.ADDED)) == 3
    rules = {one.rule: one for one in lab.trust.lint(LIST_NAME).result(WAIT_S)}
    assert SAY(rules["LST-09"].evidence) == "3 added, 2 removed, 2 changed."
    first = {one.rule: one.status for one in lab.trust.lint(LIST_NAME, 1).result(WAIT_S)}
    assert first["LST-09"] is FindingStatus.NOT_RUN
    for wrong in (f"{LIST_NAME}@x", f"{LIST_NAME}@9", "nobody@1"):
        with pytest.raises(UnusableInputError):
            lab.trust.difference(wrong, f"{LIST_NAME}@1").result(WAIT_S)


def test_what_is_judged_by_follows_at_once(lab: TrustLab) -> None:
    root = pki.root("Own root")
    content = content_of(entry_of(root), title="Own")
    lab.apply(json_list(content), name="Own")
    assert [one.name for one in lab.trust.lists().result(WAIT_S) if one.in_force] == ["Own"]
    lists = lab.trust.put_in_force(["Own", "certifi"], "both").result(WAIT_S)
    assert [one.name for one in lists if one.in_force] == ["Own", "certifi"]
    lab.trust.put_in_force(["Own"], "only ours").result(WAIT_S)
    lab.trust.remove("Own", "the only one").future.result(WAIT_S)
    assert [one.name for one in lab.trust.lists().result(WAIT_S) if one.in_force] == ["certifi"]


def test_the_log_goes_out_with_the_decisions(lab: TrustLab, tmp_path: Path) -> None:
    lab.apply(json_list(pilot_14()))
    digest = pilot_pki()["Concordia Services CA 2"].sha256
    decided = lab.trust.distrust(digest.upper(), "audit not renewed").future.result(WAIT_S)
    assert decided.subject == "CN=Concordia Services CA 2"
    assert decided.spki_sha256 is not None
    file = lab.trust.export_log(tmp_path / "log.json").future.result(WAIT_S)
    document = json.loads(file.read_text())
    assert [line["action"] for line in document["entries"]] == [
        *("applied", "put_in_force", "taken_out_of_force", "distrusted")
    ]
    assert [one["sha256"] for one in document["decisions"]] == [digest]
    lab.trust.withdraw_decision(digest, "renewed").future.result(WAIT_S)
    assert lab.trust.decisions().result(WAIT_S) == ()


def test_a_decision_needs_a_reason_a_fingerprint_and_a_day_to_come(lab: TrustLab) -> None:
    digest = pilot_pki()["Palisade Root X2"].sha256
    for job in (
        lab.trust.distrust(digest, " "),
        lab.trust.distrust("not a digest", "why"),
        lab.trust.distrust(digest, "why", expires=NOW - timedelta(days=1)),
        lab.trust.limit_usage(digest, SERVER, ""),
        lab.trust.withdraw_decision(digest, "never decided"),
    ):
        with pytest.raises(UnusableInputError):
            job.future.result(WAIT_S)
    assert lab.actions() == []


def test_a_certificate_that_cannot_be_read_in_full_is_named_before_anything_is_applied(lab: TrustLab) -> None:
    root = pki.root("Own root")
    # The year of notBefore in letters: what a flipped bit or a careless editor leaves.
    place = root.der.index(b"\x17\x0d") + 2
    broken = root.der[:place] + b"x" + root.der[place + 1 :]
    whole = base64.encodebytes(broken)
    pem = b"-----BEGIN CERTIFICATE-----\n" + whole + b"-----END CERTIFICATE-----\n"
    review = lab.review(pki.root("Another").pem + pem, name="Own").review
    (said,) = (SAY(one) for one in review.warnings)
    assert "1 certificate on the list breaks its own syntax" in said
    assert "Own root" in said
