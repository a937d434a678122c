"""A list as local decisions leave it, for an export."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec

from tests.support import pki
from tests.support.distrusts import key_of
from tests.support.kept_lists import a_distrust, a_version
from tests.support.pki import NOW
from trustdesk.core.trust_entry import EntryStatus
from trustdesk.services.list_local import with_decisions


def test_a_distrusted_key_in_another_encoding_is_distrusted_in_what_is_exported() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    usual, issuer = pki.root("Usual", key=key), pki.root("Issuer")
    rewritten = pki.with_key_encoded(pki.authority("Again", issuer, key=key), issuer, pki.compressed_key(key))
    assert key_of(rewritten) != key_of(usual)
    content = with_decisions(a_version(rewritten).content, [a_distrust(usual)], NOW)
    (entry,) = (one for one in content.entries if one.sha256 == rewritten.sha256)
    assert entry.status is EntryStatus.DISTRUSTED
