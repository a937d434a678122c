"""What lies beside something that is linted: its own key, and what counts as a second use of a key."""

from __future__ import annotations

from tests.support import pki, reader_files
from trustdesk.core.inspection import InspectedItem
from trustdesk.core.message import msg
from trustdesk.formats.opening import open_anything
from trustdesk.services.lint_evidence import key_beside, with_evidence
from trustdesk.verify.profiles.context import CertificateSubject, CsrSubject, LintContext

ROOT = pki.root()
LEAF = pki.client(ROOT)
RENEWED = pki.client(ROOT, key=LEAF.key)
OTHER = pki.client(ROOT)
PLACE = msg("what is open")


def read(*files: tuple[str, bytes]) -> tuple[InspectedItem, ...]:
    return tuple(item for name, data in files for item in open_anything(data, name).items)


def subject(items: tuple[InspectedItem, ...], issued: pki.Issued) -> CertificateSubject:
    found = next(
        one.certificate
        for one in items
        if one.certificate is not None and one.certificate.facts.sha256 == issued.sha256
    )
    return CertificateSubject(found)


def context(items: tuple[InspectedItem, ...], issued: pki.Issued, source: str) -> LintContext:
    return with_evidence(LintContext(at=pki.NOW), subject(items, issued), items, source=source, place=PLACE)


def test_key_that_belongs_is_found_in_any_file() -> None:
    items = read(("a.pem", LEAF.pem), ("b.key", OTHER.key_pem()), ("c.key", LEAF.key_pem()))
    found = context(items, LEAF, "a.pem").key
    assert found is not None
    assert found.facts.spki_sha256 == subject(items, LEAF).spki_sha256


def test_key_of_the_same_file_that_belongs_to_nothing_is_evidence_of_a_mismatch() -> None:
    items = read(("a.pem", LEAF.pem + OTHER.key_pem()))
    found = context(items, LEAF, "a.pem").key
    assert found is not None
    assert found.facts.spki_sha256 != subject(items, LEAF).spki_sha256


def test_key_of_another_certificate_says_nothing_of_this_one() -> None:
    items = read(("a.pem", LEAF.pem + OTHER.pem + OTHER.key_pem()), ("b.key", pki.client(ROOT).key_pem()))
    assert context(items, LEAF, "a.pem").key is None


def test_pkcs12_that_the_key_lies_in_comes_along() -> None:
    items = read(("store.p12", LEAF.pkcs12(None, ROOT)))
    found = key_beside(items, subject(items, LEAF).spki_sha256, "store.p12")
    assert found is not None
    assert found.container is not None
    assert key_beside(read(("k", LEAF.key_pem())), None, "k") is not None


def test_other_uses_of_the_key_are_kept_and_one_stranger_shows_that_there_was_something_to_look_at() -> None:
    items = read(("a.pem", LEAF.pem), ("b.pem", RENEWED.pem), ("c.pem", OTHER.pem + ROOT.pem))
    uses = context(items, LEAF, "a.pem").other_keys
    assert uses is not None
    assert [use.sha256 for use in uses] == [RENEWED.sha256, OTHER.sha256]
    assert context(read(("a.pem", LEAF.pem)), LEAF, "a.pem").other_keys == ()


def test_certificate_with_the_key_of_a_request_was_issued_for_it_unless_there_are_several() -> None:
    request = ("r.csr", reader_files.request(LEAF))
    alone = read(request, ("a.pem", LEAF.pem))
    several = read(request, ("a.pem", LEAF.pem), ("b.pem", RENEWED.pem))
    for items, issued, uses in ((alone, LEAF.sha256, 0), (several, None, 2)):
        csr = next(one.csr for one in items if one.csr is not None)
        found = with_evidence(LintContext(at=pki.NOW), CsrSubject(csr), items, source="r.csr", place=PLACE)
        assert (found.issued.facts.sha256 if found.issued is not None else None) == issued
        assert len(found.other_keys or ()) == uses
    assert context(alone, LEAF, "a.pem").other_keys == ()
