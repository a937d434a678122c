"""Lists, decisions and the log come back from their documents as they were; what is damaged is an error."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.trust_content import AT, content, distrust, entry, limit, named_only, pin, source
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.core.trust import AnchorLimits
from trustdesk.core.trust_decision import LogAction, LogEntry, PartnerPolicy
from trustdesk.core.trust_entry import (
    AnchorMode,
    AppliesTo,
    CertificatePolicy,
    Distrust,
    EntryKind,
    ListEntry,
    Owner,
)
from trustdesk.core.trust_version import (
    Authenticity,
    AuthenticityState,
    Endorsement,
    Publisher,
    SignatureMethod,
    Transport,
)
from trustdesk.formats import trust_records
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.trust_records import (
    SCHEMA,
    StoredEntry,
    decision_of,
    decision_text,
    entry_of,
    envelope_of,
    envelope_text,
    log_entry_document,
    log_entry_of,
    pin_document,
    pin_of,
    policy_of,
    policy_text,
    private_roots_of,
    stored_entry,
)

CERTIFICATE = read_certificate(b"\x30\x03\x02\x01\x01")

FULL = replace(
    entry(CERTIFICATE),
    subject="CN=Root",
    id="0b9e",
    kind=EntryKind.CROSS,
    anchor_mode=AnchorMode.PARTIAL_CHAIN_ALLOWED,
    usages=frozenset(),
    distrust=Distrust(tls_after=AT, smime_after=AT, sct_not_after=AT, applies_to=AppliesTo.NOW),
    constraints=AnchorLimits(
        permitted_names=("DNS:example",),
        excluded_names=("URI:.example",),
        max_path_length=0,
        policies=("1.2.3",),
        extended_key_usages=("serverAuth",),
        max_validity_days=398,
    ),
    roles=("1R Issuing CA",),
    owner=Owner(name="\ud800", country="NO", contact="\x00", problem_reporting="mailto:a@example"),
    policy=CertificatePolicy(cp_uri="https://a", cps_uri="https://b", oids=("1.2",)),
    revocation_urls=("http://crl.example",),
    caa_domains=("ca.example",),
    notes="alias",
)


def test_the_fullest_entry_says_something_in_every_field() -> None:
    empty = ListEntry(sha256="", certificate=None, subject="")
    same = [one.name for one in fields(ListEntry) if getattr(FULL, one.name) == getattr(empty, one.name)]
    assert same == []


@pytest.mark.parametrize("one", [FULL, entry(CERTIFICATE), named_only(1)])
def test_an_entry_comes_back_as_it_was(one: ListEntry) -> None:
    stored = stored_entry(one)
    assert stored.document.isascii()
    assert entry_of(stored, SCHEMA) == one
    assert entry_of(stored, SCHEMA + 1) == one, "the certificate is read anew"


def test_usages_that_nobody_has_decided_are_not_those_of_none() -> None:
    undecided, none = replace(FULL, usages=None), replace(FULL, usages=frozenset())
    assert entry_of(stored_entry(undecided), SCHEMA).usages is None
    assert entry_of(stored_entry(none), SCHEMA).usages == frozenset()


def test_an_envelope_comes_back_with_the_signers_certificate() -> None:
    said = replace(
        content([], 2**100, title="\ud800 List"),
        publisher=Publisher(name="A", uri="https://a", contact="b"),
        scheme_uri="https://scheme.example",
        next_update=AT + timedelta(days=9),
        is_closed=True,
        supersedes_sha256="ab" * 32,
        authority_claimed="IATA",
        authenticity=Authenticity(
            state=AuthenticityState.FAILED,
            method=SignatureMethod.JWS,
            signer="cd" * 32,
            signer_certificate=CERTIFICATE,
            signed_at=AT,
            pinned=True,
            why=msg("The signature {name} does not hold.", name="x"),
        ),
        endorsement=Endorsement.BROWSER,
        remarks=(msg("one"), msg("two {at}", at=AT)),
    )
    origin = replace(source(), transport=Transport.HTTPS, etag='W/"1"')
    assert envelope_of(envelope_text(said, origin)) == (said, origin, SCHEMA)


def test_pins_decisions_and_policies_come_back_without_a_word_on_their_seal() -> None:
    assert pin_of(pin_document(pin())) == replace(pin(), sealed=None)
    for decision in (distrust(), limit(), replace(limit(), expires=AT)):
        assert decision_of(decision_text(decision)) == replace(decision, sealed=None)
        assert "sealed" not in decision_text(replace(decision, sealed=False))
    policy = PartnerPolicy(
        partner="A",
        lists=("a", "b"),
        only_cas=("ab",),
        pins=("cd",),
        private_roots=(CERTIFICATE,),
        by="ada",
        at=AT,
        reason="asked",
    )
    text = policy_text(policy)
    assert private_roots_of(text) == (CERTIFICATE.sha256,)
    assert policy_of(text, {CERTIFICATE.sha256: CERTIFICATE}) == replace(policy, sealed=None)
    with pytest.raises(EnvironmentFailureError):
        policy_of(text, {})


def test_a_seal_cannot_be_claimed_by_a_document() -> None:
    assert decision_of('{"sealed":true,' + decision_text(limit())[1:]).sealed is None
    assert pin_of({**pin_document(pin()), "sealed": True}).sealed is None
    assert policy_of('{"sealed":true,"partner":"A"}', {}).sealed is None


def test_a_line_of_the_log_comes_back() -> None:
    line = LogEntry(
        number=1,
        at=AT,
        by="ada",
        action=LogAction.APPLIED,
        subject="partners",
        fingerprint="ab",
        comment="",
        details=(("document", "cd"), ("version", "1")),
        previous="0" * 64,
        hash="ef",
    )
    assert log_entry_of(json.dumps(log_entry_document(line)), "ef") == line


def test_an_entry_whose_bytes_are_another_certificate_is_damaged() -> None:
    stored = stored_entry(FULL)
    for other in (
        replace(stored, der=b"other"),
        replace(stored, sha256="00" * 32),
        replace(stored, sha256="00" * 32, der=None),
    ):
        with pytest.raises(EnvironmentFailureError):
            entry_of(other, SCHEMA)


def test_a_document_beyond_all_bounds_is_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    text = decision_text(distrust())
    monkeypatch.setattr(trust_records, "MAX_CHARACTERS", len(text) - 1)
    with pytest.raises(EnvironmentFailureError):
        decision_of(text)


def test_limits_that_nothing_could_hold_are_damage() -> None:
    document = json.loads(stored_entry(FULL).document)
    document["entry"]["constraints"]["permitted_names"] = ["phone:1"]
    stored = replace(stored_entry(FULL), document=json.dumps(document))
    with pytest.raises(EnvironmentFailureError):
        entry_of(stored, SCHEMA)


@pytest.mark.parametrize("at", ["2026-11-20T08:00:00", "2026-11-20", "0001-01-01T00:00:00+01:00", "", "now"])
def test_an_instant_that_cannot_be_compared_is_damage(at: str) -> None:
    document = {**json.loads(decision_text(distrust())), "expires": at}
    with pytest.raises(EnvironmentFailureError):
        decision_of(json.dumps(document))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def _one_field_changed(text: str, field: int, value: object) -> str:
    document = json.loads(text)
    inner = document.get("entry") or document.get("content") or document
    name = sorted(inner)[field % len(inner)]
    inner[name] = value
    return json.dumps(document)


@given(field=st.integers(0, 30), value=JSON)
def test_any_value_in_any_field_is_read_or_is_damage(field: int, value: object) -> None:
    certificates: dict[str, CertificateFacts] = {}
    with suppress(EnvironmentFailureError):
        entry_of(
            StoredEntry(
                sha256=FULL.sha256,
                der=CERTIFICATE.der,
                document=_one_field_changed(stored_entry(FULL).document, field, value),
            ),
            SCHEMA,
        )
    with suppress(EnvironmentFailureError):
        envelope_of(_one_field_changed(envelope_text(content([]), source()), field, value))
    with suppress(EnvironmentFailureError):
        decision_of(_one_field_changed(decision_text(limit()), field, value))
    with suppress(EnvironmentFailureError):
        policy_of(_one_field_changed(policy_text(PartnerPolicy(partner="A")), field, value), certificates)
    with suppress(EnvironmentFailureError):
        pin_of({**pin_document(pin()), sorted(pin_document(pin()))[field % 4]: value})


@given(st.text())
def test_any_text_is_damage_or_a_document(text: str) -> None:
    for read in (decision_of, envelope_of, private_roots_of):
        with suppress(EnvironmentFailureError):
            read(text)
