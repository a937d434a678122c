"""Signers of identity providers on trust lists: what is distrusted anywhere is distrusted for them too."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support import pki
from tests.support.distrusts import key_of
from tests.support.kept_lists import a_distrust, a_version, an_entry
from tests.support.pki import NOW
from trustdesk.core.trust_decision import DecisionKind, LocalDecision
from trustdesk.core.trust_entry import EntryStatus, Usage
from trustdesk.core.trust_version import ListVersion
from trustdesk.services.signing_entries import signing_entries

OF_PROVIDERS = frozenset({Usage.IDP_SIGNING})
KEY = ec.generate_private_key(ec.SECP256R1())
CA = pki.root("Signing CA", key=KEY)
REWRITTEN = pki.with_key_encoded(CA, CA, pki.compressed_key(KEY))
LIST = a_version(an_entry(CA, usages=OF_PROVIDERS), name="signers")


def status(*versions: ListVersion, decisions: tuple[LocalDecision, ...] = ()) -> EntryStatus:
    found = signing_entries(versions, decisions, NOW)
    assert found is not None
    (entry,) = found
    return entry.status


def test_entries_come_as_they_stand() -> None:
    assert signing_entries([LIST], [], NOW) == (an_entry(CA, usages=OF_PROVIDERS),)
    assert signing_entries([a_version(CA)], [], NOW) is None


@pytest.mark.parametrize("named", [CA, REWRITTEN])
def test_distrust_holds_however_the_key_is_encoded(named: pki.Issued) -> None:
    decision = a_distrust(named, spki_sha256=key_of(CA))  # as it is usually written
    assert status(LIST, decisions=(decision,)) is EntryStatus.DISTRUSTED
    rewritten = a_version(an_entry(REWRITTEN, usages=OF_PROVIDERS))
    assert status(rewritten, decisions=(decision,)) is EntryStatus.DISTRUSTED


@pytest.mark.parametrize("named", [CA, REWRITTEN])
def test_what_another_list_in_force_distrusts_vouches_for_nobody(named: pki.Issued) -> None:
    other = a_version(an_entry(named, status=EntryStatus.DISTRUSTED), name="against")
    assert status(LIST, other) is EntryStatus.DISTRUSTED


def test_a_limit_to_providers_distrusts_no_signer() -> None:
    limit = a_distrust(CA, kind=DecisionKind.LIMIT_USAGE, usages=OF_PROVIDERS)
    assert status(LIST, decisions=(limit,)) is EntryStatus.TRUSTED
    servers = a_distrust(CA, kind=DecisionKind.LIMIT_USAGE, usages=frozenset({Usage.TLS_SERVER}))
    assert signing_entries([LIST], [servers], NOW) == ()
