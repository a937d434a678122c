"""What the desk says of a change of trust, of dates, of what waits, and what it writes for others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support import pki
from tests.support.kept_lists import a_version
from tests.support.pki import NOW
from tests.support.trust_lab import (
    CLIENT,
    ISSUED_14,
    LIST_NAME,
    SERVER,
    WAIT_S,
    SharedReader,
    TrustLab,
    pilot_14,
    pilot_15,
    pilot_pki,
    signed_json,
)
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.identity import ImportChoice
from trustdesk.core.key_store import KeyStoreKind
from trustdesk.core.list_form import ListForm
from trustdesk.core.trust_decision import PartnerPolicy
from trustdesk.core.trust_entry import EntryStatus, Usage
from trustdesk.core.trust_impact import Impact
from trustdesk.core.trust_version import AuthenticityState
from trustdesk.formats.list_json_writing import json_list
from trustdesk.formats.list_reading import read_list
from trustdesk.formats.list_source import ListBytes, NamedSigner
from trustdesk.services.lists_in_force import judgeable
from trustdesk.services.trust_desk import ExportWish, WhatIf
from trustdesk.storage.list_schema import trust_list_schema


@pytest.fixture(scope="module", autouse=True)
def reader() -> Iterator[None]:
    yield from SharedReader.process()


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[TrustLab]:
    """The pilot list in force, with partners below its CAs."""
    opened = TrustLab(tmp_path)
    ca = pilot_pki()
    opened.saw("Ostrava Handling", pki.server(ca["Concordia Services CA 2"]))
    opened.saw("Kestrel Forwarding", pki.server(ca["Fjordsign Partner CA 7"]), ca["Fjordsign Partner CA 7"])
    opened.saw("Monsoon Air Cargo", pki.server(ca["Palisade Root X2"]))
    opened.saw("Brightline", pki.server(ca["Brightline Internal CA"]))
    opened.apply(json_list(pilot_14()))
    yield opened
    opened.close()


def test_impact_tells_how_far_it_is(lab: TrustLab) -> None:
    told: list[tuple[int, int]] = []
    what_if = WhatIf(date=NOW + timedelta(days=3000))

    lab.trust.impact(what_if, lambda done, total: told.append((done, total))).future.result(WAIT_S)

    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1]


def asked(lab: TrustLab, what_if: WhatIf) -> tuple[list[str], list[str]]:
    """Return who loses and who gains."""
    found = lab.trust.impact(what_if).future.result(WAIT_S)
    return _names(found)


def _names(found: Impact) -> tuple[list[str], list[str]]:
    return (
        [one.partner or "" for one in found.partners if one.loses],
        [one.partner or "" for one in found.partners if one.gains],
    )


def test_impact_of_a_list_that_was_read_of_one_that_waits_and_of_the_way_back(lab: TrustLab) -> None:
    prepared = lab.review(json_list(pilot_15()))
    lose, gain = ["Kestrel Forwarding", "Ostrava Handling"], ["Monsoon Air Cargo"]
    assert asked(lab, WhatIf(review=prepared.review)) == (lose, gain)
    lab.trust.keep_waiting(prepared, "").future.result(WAIT_S)
    assert asked(lab, WhatIf(after=f"{LIST_NAME}@2")) == (lose, gain)
    assert asked(lab, WhatIf(before=f"{LIST_NAME}@1", after=f"{LIST_NAME}@2")) == (lose, gain)
    assert asked(lab, WhatIf(before=f"{LIST_NAME}@2", after=f"{LIST_NAME}@1")) == (gain, lose)


def test_impact_of_a_ca_that_goes_and_of_a_date_that_comes(lab: TrustLab) -> None:
    brightline = pilot_pki()["Brightline Internal CA"].sha256
    assert asked(lab, WhatIf(without=brightline)) == (["Brightline"], [])
    far = datetime(2041, 1, 1, tzinfo=UTC)
    assert asked(lab, WhatIf(date=far))[0] == ["Brightline", "Kestrel Forwarding", "Ostrava Handling"]
    with pytest.raises(UnusableInputError):
        lab.trust.impact(WhatIf(without="00" * 32)).future.result(WAIT_S)
    for nothing in (WhatIf(), WhatIf(after="a@1", date=far), WhatIf(before="a@1")):
        with pytest.raises(ValueError, match="exactly one"):
            lab.trust.impact(nothing)


def test_a_distrust_holds_at_once_and_a_withdrawal_too(lab: TrustLab) -> None:
    brightline = pilot_pki()["Brightline Internal CA"].sha256
    lab.trust.distrust(brightline, "key lost").future.result(WAIT_S)
    assert asked(lab, WhatIf(without=brightline)) == ([], [])
    lab.trust.withdraw_decision(brightline, "it was found").future.result(WAIT_S)
    assert asked(lab, WhatIf(without=brightline)) == (["Brightline"], [])


def test_private_roots_hold_for_one_partner(lab: TrustLab) -> None:
    palisade = pilot_pki()["Palisade Root X2"]
    policy = PartnerPolicy(partner="Monsoon Air Cargo", private_roots=(palisade.facts,))
    kept = lab.trust.set_policy(policy, "bank-like pair").future.result(WAIT_S)
    assert (kept.sealed, kept.reason) == (True, "bank-like pair")
    assert [one.partner for one in lab.trust.policies().result(WAIT_S)] == ["Monsoon Air Cargo"]
    assert asked(lab, WhatIf(without=palisade.sha256)) == (["Monsoon Air Cargo"], [])
    lab.trust.set_policy(PartnerPolicy(partner="Monsoon Air Cargo"), "over").future.result(WAIT_S)
    assert asked(lab, WhatIf(without=palisade.sha256)) == ([], [])


def test_dates_tell_who_is_below_a_ca(lab: TrustLab) -> None:
    drops = lab.trust.drops().future.result(WAIT_S)
    concordia = pilot_pki()["Concordia Services CA 2"].sha256
    (ends,) = [one for one in drops if one.sha256 == concordia]
    assert ends.partners == ("Ostrava Handling",)
    assert not ends.is_past


def test_a_certificate_that_was_not_seen_there_before_waits_for_a_decision(lab: TrustLab) -> None:
    ca = pilot_pki()["Brightline Internal CA"]
    assert lab.trust.queue().result(WAIT_S) == ()
    first = pki.server(ca)
    renewed = pki.server(ca)
    lab.saw("Renewed", first, at=NOW - timedelta(days=3))
    endpoint = lab.saw("Renewed", renewed, at=NOW - timedelta(days=2))
    lab.saw("Renewed", renewed, at=NOW - timedelta(days=1))
    (waiting,) = lab.trust.queue().result(WAIT_S)
    assert waiting.now is not None
    assert waiting.before is not None
    assert (waiting.before.sha256, waiting.now.sha256) == (first.sha256, renewed.sha256)
    assert (waiting.partner, waiting.since) == ("Renewed", NOW - timedelta(days=2))
    lab.trust.decide_fingerprint(endpoint, renewed.sha256, accepted=True, comment="announced").future.result(
        WAIT_S
    )
    assert lab.trust.queue().result(WAIT_S) == ()
    lab.saw("Renewed", first, at=NOW)  # back to one that was seen there
    assert lab.trust.queue().result(WAIT_S) == ()


def identity(lab: TrustLab, folder: Path) -> str:
    """Keep an identity that can sign; return the digest of its certificate."""
    signer = pilot_pki().signer
    file = folder / "office.p12"
    file.write_bytes(signer.pkcs12("word"))
    prepared = lab.desk.identity_desk.prepare_import([file], ["word"]).future.result(WAIT_S)
    choice = ImportChoice(position=0, name="office", store=KeyStoreKind.KEYRING)
    lab.desk.identity_desk.import_identities(prepared, [choice]).future.result(WAIT_S)
    return signer.sha256


def test_a_list_is_signed_with_an_identity_and_read_back(lab: TrustLab, tmp_path: Path) -> None:
    signer = identity(lab, tmp_path)
    file = tmp_path / "out.json"
    wish = ExportWish(form=ListForm.JSON, identity="office")
    written = lab.trust.export(LIST_NAME, 1, file, wish).future.result(WAIT_S)
    assert (written.file, written.entries, written.lost) == (file, 6, ())
    read = read_list(
        ListBytes(place="out.json", data=file.read_bytes()),
        schema=trust_list_schema(),
        signers=(NamedSigner(sha256=signer),),
    )
    assert read.authenticity.state is AuthenticityState.VERIFIED
    assert read.entries == pilot_14().entries
    assert read.issued_at == ISSUED_14


@pytest.mark.parametrize("form", list(ListForm))
def test_every_form_is_written_whole_and_read_back(lab: TrustLab, tmp_path: Path, form: ListForm) -> None:
    file = tmp_path / f"out.{form}"
    written = lab.trust.export(LIST_NAME, None, file, ExportWish(form=form)).future.result(WAIT_S)
    assert file.exists()
    assert written.entries == (6 if form is ListForm.JSON else 5)  # the expired CA ends no path
    if form is not ListForm.JAVA_TRUST_STORE:  # made slow to open
        usage = ExportWish(form=form, usage=Usage.TLS_SERVER)
        for_servers = lab.trust.export(LIST_NAME, None, file, usage).future.result(WAIT_S)
        assert for_servers.entries < written.entries


def test_what_was_decided_here_goes_out_only_where_that_is_wanted(lab: TrustLab, tmp_path: Path) -> None:
    ca = pilot_pki()
    lab.trust.distrust(ca["Concordia Services CA 2"].sha256, "why").future.result(WAIT_S)
    lab.trust.limit_usage(ca["Brightline Internal CA"].sha256, CLIENT, "why").future.result(WAIT_S)
    file = tmp_path / "out.json"
    for with_local in (False, True):
        wish = ExportWish(form=ListForm.JSON, with_local=with_local)
        lab.trust.export(LIST_NAME, None, file, wish).future.result(WAIT_S)
        read = read_list(ListBytes(place="", data=file.read_bytes()), schema=trust_list_schema())
        entries = {entry.subject: entry for entry in read.entries}
        concordia, brightline = entries["CN=Concordia Services CA 2"], entries["CN=Brightline Internal CA"]
        expected = EntryStatus.DISTRUSTED if with_local else EntryStatus.TRUSTED
        assert concordia.status is expected
        assert brightline.usages == (frozenset() if with_local else SERVER)


def test_a_distrust_of_what_is_not_on_the_list_goes_out_too(lab: TrustLab, tmp_path: Path) -> None:
    issuing = pki.authority("Issuing below Palisade", pilot_pki()["Palisade Root X2"])
    lab.saw("Below", pki.server(issuing), issuing)
    lab.trust.distrust(issuing.sha256, "it was stolen").future.result(WAIT_S)
    file = tmp_path / "out.json"
    wish = ExportWish(form=ListForm.JSON, with_local=True)
    written = lab.trust.export(LIST_NAME, None, file, wish).future.result(WAIT_S)
    read = read_list(ListBytes(place="", data=file.read_bytes()), schema=trust_list_schema())
    assert (written.entries, len(read.entries)) == (7, 7)
    (entry,) = (one for one in read.entries if one.sha256 == issuing.sha256)
    assert (entry.status, entry.history[0].reason) == (EntryStatus.DISTRUSTED, "it was stolen")
    judged = judgeable(a_version(*read.entries))
    assert issuing.sha256 in {key.sha256 for key in judged.distrusted}


def test_a_form_that_carries_no_signature_asks_for_no_key_and_writes_nothing(
    lab: TrustLab, tmp_path: Path
) -> None:
    file = tmp_path / "out.pem"
    for wish in (
        ExportWish(form=ListForm.PEM, identity="nobody"),
        ExportWish(form=ListForm.JSON, identity="nobody"),
        ExportWish(form=ListForm.PEM, usage=Usage.EMAIL),
    ):
        with pytest.raises(UnusableInputError):
            lab.trust.export(LIST_NAME, None, file, wish).future.result(WAIT_S)
    assert not file.exists()


def test_a_signed_list_of_the_office_comes_back_as_its_own(lab: TrustLab, tmp_path: Path) -> None:
    identity(lab, tmp_path)
    newer = replace(pilot_14(), sequence=20)
    review = lab.review(signed_json(newer)).review
    assert review.content.authenticity.state is AuthenticityState.UNKNOWN_SIGNER
