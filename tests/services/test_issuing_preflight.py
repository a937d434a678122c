"""The limits of a private CA by the preflight, against a rule of two lines, for many hosts."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.csr import client_request, server_request
from trustdesk.core.finding import FindingStatus
from trustdesk.core.key_store import KeyReference, KeyStoreKind, StoredKey
from trustdesk.core.private_ca import AuthorityDraft, PrivateAuthority
from trustdesk.core.verification import Purpose
from trustdesk.services.authority_making import checked, make_authority
from trustdesk.services.issuing_preflight import IssuingContext, preflight

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@cache
def authority(permitted: tuple[str, ...]) -> PrivateAuthority:
    """Return a CA with these limits, in memory."""
    made = make_authority(checked(AuthorityDraft(name="Group", permitted_names=permitted)), NOW)
    key = StoredKey(
        reference=KeyReference(store=KeyStoreKind.KEYRING, record_id="0" * 32),
        store_title="none",
        algorithm="EC",
        bits=256,
        curve="P-256",
        spki_sha256="",
        created_at=NOW,
        source="test",
    )
    return PrivateAuthority(
        id=1,
        name="Group",
        root=made.root,
        issuing=made.issuing,
        root_key=key,
        issuing_key=key,
        crl_url=None,
        created_at=NOW,
    )


labels = st.sampled_from(["a", "b", "ab", "x-a"])
hosts = st.lists(labels, min_size=2, max_size=4).map(".".join)


@given(hosts, hosts, st.sampled_from(Purpose))
@settings(max_examples=150, deadline=None)
def test_names_are_within_a_limit_when_they_are_it_or_below_it(
    limit: str, host: str, purpose: Purpose
) -> None:
    csr = client_request(f"https://{host}/ACME") if purpose is Purpose.CLIENT else server_request(host)
    found = authority((f"DNS:{limit}",))
    context = IssuingContext(
        at=NOW, authority=found, others=(found,), partner=None, partner_hosts=None, compromised_keys={}
    )
    (finding,) = [one for one in preflight(csr, purpose, context) if one.rule == "PCA-1"]
    is_within = host == limit or host.endswith(f".{limit}")
    assert finding.status is (FindingStatus.PASS if is_within else FindingStatus.FAIL)
