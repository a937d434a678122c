"""A list says the same whether its bytes are held or only an index over its entries is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from tests.support.pki import NOW, root, server, trust_list
from tests.support.revocation import from_file
from tests.support.revocation_lists import der, entry, extension, signed_list
from trustdesk.core.ports import RevocationList
from trustdesk.core.revocation import RevocationRuleStatus, RevocationStatus
from trustdesk.core.verification import Purpose
from trustdesk.formats.revocation_index import index_chunks, open_index
from trustdesk.formats.revocation_list import read_revocation_list, revoked_certificates
from trustdesk.verify.path_verifier import PathVerifier
from trustdesk.verify.revocation import crl_requirements
from trustdesk.verify.revocation.decoded_list import DecodedList
from trustdesk.verify.revocation.evidence import RevocationEvidence
from trustdesk.verify.revocation_list import HeldRevocationList, IndexedRevocationList

ROOT, OTHER = root(), root("Other")
LEAF = server(ROOT)
REASON = der(0x30, extension(b"\x55\x1d\x15", b"\x0a\x01\x01"))
NAMES_OTHER = der(
    0x30,
    extension(b"\x55\x1d\x1d", der(0x30, der(0xA4, OTHER.certificate.subject.public_bytes())), critical=True),
)
ONE = der(0x30, entry(b"\x05", REASON))
SHA_256, SHA_384 = b"\x2a\x86\x48\xce\x3d\x04\x03\x02", b"\x2a\x86\x48\xce\x3d\x04\x03\x03"


def indexed(crl: bytes) -> RevocationList:
    sha256 = hashlib.sha256(crl).hexdigest()
    revoked = revoked_certificates(read_revocation_list(crl), crl)
    index = open_index(b"".join(index_chunks(revoked, sha256, lambda _: None)), crl, sha256)
    assert index is not None
    return IndexedRevocationList(crl, index, sha256)


both = pytest.mark.parametrize("opened", [HeldRevocationList, indexed])


@both
@pytest.mark.parametrize(
    ("crl", "flaws"),
    [
        (signed_list(ROOT, ONE), []),
        (signed_list(ROOT, der(0x30, entry(b"\x05")), version=b""), []),
        (signed_list(ROOT, None, version=b""), []),
        (signed_list(ROOT, ONE, version=b""), ["It is of version 1 and has entries with extensions"]),
        (
            signed_list(ROOT, der(0x30, entry(b"\x05"), entry(b"\x06", REASON)), version=b""),
            ["It is of version 1 and has entries with extensions"],
        ),
        (
            signed_list(ROOT, der(0x30, entry(b"\5", REASON, date=b"\x18\x0f20261103093000Z")), version=b""),
            ["It is of version 1 and has entries with extensions"],
        ),
        (signed_list(ROOT, ONE) + b"\0\0", ["Bytes follow after its end."]),
        (signed_list(ROOT, ONE).replace(SHA_256, SHA_384, 1), ["Its signature algorithm is another"]),
    ],
)
def test_flaws_of_form(opened: Callable[[bytes], RevocationList], crl: bytes, flaws: list[str]) -> None:
    found = [flaw.id for flaw in DecodedList(opened(crl)).flaws]
    assert len(found) == len(flaws)
    assert all(one.startswith(start) for one, start in zip(found, flaws, strict=True))


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (entry(b"\5" * 200), False),
        (entry(b"\5" * 200, REASON), True),
        (der(0x30, b"\x02\x01\x05"), False),
        (b"\x30\x20\x02", True),
        (der(0x31, b"\x02\x01\x05"), True),
        (entry(b"\5") + b"\x30", True),
    ],
    ids=["long", "long with extensions", "no date", "cut off", "no SEQUENCE", "cut off after a whole one"],
)
def test_entries_of_version_1_of_any_form(entries: bytes, expected: bool) -> None:
    facts = read_revocation_list(signed_list(ROOT, der(0x30, entries), version=b""))
    assert facts.has_entry_extensions is expected


@both
@pytest.mark.parametrize("count", [2, 100_001])
def test_entry_that_names_another_issuer_makes_a_list_that_is_not_indirect_useless(
    opened: Callable[[bytes], RevocationList], count: int
) -> None:
    others = b"".join(entry((0x4000 + at).to_bytes(4, "big")) for at in range(count - 1))
    crl = opened(signed_list(ROOT, der(0x30, entry(b"\x01", NAMES_OTHER) + others)))
    assert crl_requirements.critical(DecodedList(crl)).status is RevocationRuleStatus.FAIL
    verification = PathVerifier([trust_list(ROOT)]).verify(
        LEAF.der,
        purpose=Purpose.SERVER,
        at=NOW,
        revocation=RevocationEvidence(lists=((from_file(), crl),)),
    )
    assert verification.paths[0].revocation[0].status is RevocationStatus.UNAVAILABLE
