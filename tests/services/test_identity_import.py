"""Imports: what is inside is shown first, and what is shown is what is kept."""

from __future__ import annotations

import base64
import hashlib
import shutil
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import cast

import pytest
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import key_files, pki
from tests.support.key_files import KEY_PASSWORD, PASSWORD, openssl_p12
from tests.support.pki import NOW, Issued
from tests.support.reader_files import zipped
from trustdesk.core.errors import (
    EnvironmentFailureError,
    KeyStoreUnavailableError,
    TrustdeskError,
    UnusableInputError,
)
from trustdesk.core.identity import Identity, ImportCandidate, ImportChoice, ImportPreview
from trustdesk.core.key_store import KeyReference, KeyStoreKind, StoredKey
from trustdesk.core.message import Message, msg
from trustdesk.formats.ber import write_element
from trustdesk.formats.certification_path import public_key_of, spki_sha256
from trustdesk.formats.der import OCTET_STRING, SEQUENCE, read_element
from trustdesk.formats.key_writing import encrypted_pem
from trustdesk.formats.opening import open_anything
from trustdesk.services.identity_import import OpenedImport, import_chosen, prepare
from trustdesk.services.identity_names import check_names, unique_name
from trustdesk.services.identity_preview import Surroundings, preview_of
from trustdesk.services.p12_doctor import diagnose_p12
from trustdesk.services.reading import Bytes, ReadingService


@pytest.fixture(scope="module")
def reading() -> Iterator[ReadingService]:
    service = ReadingService()
    # The process is there before the first test counts what is open.
    service.inspect([Bytes("nothing", b"nothing")])
    yield service
    service.close()


@cache
def path() -> tuple[Issued, Issued, Issued]:
    root = pki.root()
    middle = pki.authority("Issuing", root)
    return pki.client(middle), middle, root


class Importer:
    """Writes files and prepares their import."""

    def __init__(self, folder: Path, reading: ReadingService) -> None:
        self._folder = folder
        self._reading = reading
        self._made = 0

    def __call__(
        self, *files: bytes, passwords: Sequence[str] = (), here: Surroundings | None = None
    ) -> OpenedImport:
        names = []
        for data in files:
            name = self._folder / f"file{self._made}"
            name.write_bytes(data)
            names.append(name)
            self._made += 1
        return prepare(names, passwords, reading=self._reading, here=here or Surroundings(at=NOW))


@pytest.fixture
def importing(tmp_path: Path, reading: ReadingService) -> Importer:
    return Importer(tmp_path, reading)


def identity(issued: Issued, name: str) -> Identity:
    key = StoredKey(
        reference=KeyReference(store=KeyStoreKind.KEYRING, record_id="0" * 32),
        store_title="Secret Service",
        algorithm="EC",
        bits=256,
        curve="P-256",
        spki_sha256=spki_sha256(issued.key),
        created_at=NOW,
        source="test",
    )
    return Identity(name=name, certification_path=(issued.facts,), key=key, added_at=NOW, source="test")


def sentences(messages: Sequence[Message]) -> list[str]:
    return [message.id for message in messages]


def problems(preview: ImportPreview) -> list[list[str]]:
    return [sentences(candidate.problems) for candidate in preview.candidates]


def only(prepared: OpenedImport) -> ImportCandidate:
    (candidate,) = prepared.preview.candidates
    assert len(candidate.problems) == len(candidate.remedies)
    return candidate


def private(key: CertificateIssuerPrivateKeyTypes) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


# --- what is shown ----------------------------------------------------------------------------------------


def test_pkcs12_with_its_chain(importing: Importer) -> None:
    leaf, middle, root = path()
    prepared = importing(leaf.pkcs12(PASSWORD, middle, root), passwords=[PASSWORD])
    candidate = only(prepared)
    assert candidate.can_be_imported
    assert [facts.sha256 for facts in candidate.certification_path] == [leaf.sha256, middle.sha256]
    assert (candidate.alias, candidate.suggested_name, candidate.completed) == ("client", "ACME", ())
    assert candidate.key is not None
    assert (candidate.key.algorithm, candidate.key.curve) == ("EC", "P-256")
    assert candidate.remarks == ()
    assert private(prepared.private_key(0)) == private(leaf.key)
    assert len(prepared.preview.everything.items) == 5


def test_key_and_certificates_in_files_and_archives_of_their_own(importing: Importer) -> None:
    leaf, middle, root = path()
    prepared = importing(
        zipped({"in/key.pem": leaf.key_pem(PASSWORD)}), root.der, leaf.pem, middle.der, passwords=[PASSWORD]
    )
    candidate = only(prepared)
    assert candidate.can_be_imported
    assert candidate.source.endswith("file0/in/key.pem")
    assert [facts.sha256 for facts in candidate.certification_path] == [leaf.sha256, middle.sha256]
    assert private(prepared.private_key(0)) == private(leaf.key)


def test_several_keys_get_names_that_differ_from_each_other_and_from_those_here(importing: Importer) -> None:
    root = pki.root()
    first, second = pki.client(root), pki.client(root)
    here = Surroundings(at=NOW, identities=[identity(pki.client(root), "acme")])
    prepared = importing(first.pem + first.key_pem(), second.pem + second.key_pem(), here=here)
    assert [one.suggested_name for one in prepared.preview.candidates] == ["ACME 2", "ACME 3"]


def test_chain_is_completed_from_a_trust_list_and_then_from_the_workspace(importing: Importer) -> None:
    root = pki.root()
    upper = pki.authority("Upper", root)
    lower = pki.authority("Lower", upper)
    leaf = pki.client(lower)
    here = Surroundings(at=NOW, trust_lists=[pki.trust_list(root, upper)], known=[lower.facts])
    candidate = only(importing(leaf.pem + leaf.key_pem(), here=here))
    assert [facts.sha256 for facts in candidate.certification_path] == [
        one.sha256 for one in (leaf, lower, upper)
    ]
    assert [(facts.sha256, where.id) for facts, where in candidate.completed] == [
        (lower.sha256, "among the certificates that this workspace knows"),
        (upper.sha256, "in the trust list {list}"),
    ]
    assert not any("chain" in remark.id for remark in candidate.remarks)


def test_chain_that_stays_open_is_said(importing: Importer) -> None:
    leaf = path()[0]
    (remark, _) = only(importing(leaf.pem + leaf.key_pem())).remarks
    assert remark.id == "Its chain is not complete: the certificate of {issuer} is not at hand."


def test_certificate_of_a_lone_key_is_found_in_the_workspace(importing: Importer) -> None:
    leaf, middle, root = path()
    here = Surroundings(at=NOW, known=[middle.facts, root.facts, leaf.facts])
    candidate = only(importing(leaf.key_pem(), here=here))
    assert candidate.can_be_imported
    assert [facts.sha256 for facts, _ in candidate.completed] == [leaf.sha256, middle.sha256]


def test_key_that_is_here_already_is_said(importing: Importer) -> None:
    leaf, _, root = path()
    here = Surroundings(at=NOW, identities=[identity(leaf, "Mine")])
    same = only(importing(leaf.pem + leaf.key_pem(), here=here))
    assert same.already_here == "Mine"
    assert "The identity {name} is this certificate with this key already." in sentences(same.remarks)
    renewed = pki.client(root, key=leaf.key)
    other = only(importing(renewed.pem + renewed.key_pem(), here=here))
    assert other.already_here == "Mine"
    assert "The identity {name} has this key, with another certificate." in sentences(other.remarks)


def test_same_key_in_two_files_is_one_candidate(importing: Importer) -> None:
    leaf, middle, _ = path()
    prepared = importing(leaf.key_pem(), leaf.pkcs12(PASSWORD, middle), passwords=[PASSWORD])
    candidate = only(prepared)
    assert "The same key lies in {files} too." in sentences(candidate.remarks)
    assert private(prepared.private_key(0)) == private(leaf.key)


def test_expired_certificate_and_unprotected_key_are_said(importing: Importer) -> None:
    root = path()[2]
    old = pki.client(root, not_after=NOW - timedelta(days=1))
    remarks = sentences(only(importing(old.pem + old.key_pem(), root.pem)).remarks)
    assert remarks == [
        "It expired on {date}.",
        "The key lies in the file without protection: delete the file once the key is kept.",
    ]
    assert sentences(only(importing(old.pkcs12("", root))).remarks)[0] == "It expired on {date}."


UNPROTECTED = "The key lies in the file without protection: delete the file once the key is kept."


def test_open_key_beside_encrypted_certificates_is_unprotected(importing: Importer, tmp_path: Path) -> None:
    leaf = path()[0]
    data = openssl_p12(tmp_path, leaf, options=("-keypbe", "NONE"))
    found = only(importing(data, passwords=[PASSWORD]))
    assert UNPROTECTED in sentences(found.remarks)


def test_open_key_in_an_encrypted_part_is_protected(importing: Importer) -> None:
    leaf = path()[0]
    found = only(importing(enclosed(leaf, PASSWORD), leaf.pem, passwords=[PASSWORD]))
    assert UNPROTECTED not in sentences(found.remarks)
    assert found.key is not None
    assert found.key.encrypted
    advice = sentences(diagnose_p12(enclosed(leaf, PASSWORD), "a.p12", PASSWORD).advice)
    assert not any("No passphrase protects" in sentence for sentence in advice)


def enclosed(issued: Issued, password: str) -> bytes:
    """Return PKCS#12 with a key without encryption of its own, in a part that is encrypted (RFC 7292 4.1)."""

    class Bags:
        def private_bytes(self, *_how: object) -> bytes:
            inner = issued.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
            key_bag = bytes.fromhex("060b2a864886f70d010c0a0101")
            return write_element(SEQUENCE, write_element(SEQUENCE, key_bag, write_element(explicit, inner)))

    explicit, implicit = 0xA0, 0x80
    data, encrypted = bytes.fromhex("06092a864886f70d010701"), bytes.fromhex("06092a864886f70d010706")
    pem = encrypted_pem(cast("CertificateIssuerPrivateKeyTypes", Bags()), password)
    sealed = read_element(base64.b64decode(b"".join(pem.splitlines()[1:-1])))
    algorithm, content = sealed.children()
    part = write_element(SEQUENCE, data, algorithm.raw, write_element(implicit, content.content))
    whole = write_element(SEQUENCE, b"\x02\x01\x00", part)
    safe = write_element(SEQUENCE, write_element(SEQUENCE, encrypted, write_element(explicit, whole)))
    outer = write_element(SEQUENCE, data, write_element(explicit, write_element(OCTET_STRING, safe)))
    return write_element(SEQUENCE, b"\x02\x01\x03", outer)


def test_renewal_in_the_same_file_leaves_the_old_certificate_out_and_says_so(importing: Importer) -> None:
    root = path()[2]
    old = pki.client(root, not_after=NOW + timedelta(days=3))
    new = pki.client(root, key=old.key)
    candidate = only(importing(old.pem + new.pem + old.key_pem(), root.pem))
    assert candidate.certification_path[0].sha256 == new.sha256
    assert "Another certificate of this key is left out: {subject}, until {date}." in sentences(
        candidate.remarks
    )


def test_key_of_a_ca_is_called_one(importing: Importer) -> None:
    root = path()[2]
    remarks = sentences(only(importing(root.pem + root.key_pem())).remarks)
    assert "It is a CA's: it signs certificates, and is no client and no server." in remarks


@cache
def files_to_damage() -> tuple[tuple[bytes, ...], Issued]:
    leaf, middle, root = path()
    other = pki.client(root, "Other")
    files = (leaf.key_pem() + other.pem + leaf.pem, leaf.pkcs12(None, middle), other.key_pem() + middle.pem)
    return files, other


@given(st.data())
@settings(max_examples=150)
def test_damaged_files_give_no_key_a_certificate_that_is_not_its_own(data: st.DataObject) -> None:
    files, other = files_to_damage()
    whole = bytearray(data.draw(st.sampled_from(files)))
    for _ in range(data.draw(st.integers(0, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    preview = preview_of(open_anything(bytes(whole), "f"), Surroundings(at=NOW, known=[other.facts]))
    for position, candidate in enumerate(preview.candidates):
        assert candidate.position == position
        assert len(candidate.remedies) == len(candidate.problems)
        if candidate.can_be_imported:
            assert candidate.key is not None
            spki = public_key_of(candidate.certification_path[0].der)
            assert spki is not None
            assert hashlib.sha256(spki).hexdigest() == candidate.key.spki_sha256


# --- what is missing --------------------------------------------------------------------------------------


def test_key_without_a_certificate_and_certificate_without_a_key(importing: Importer) -> None:
    root = path()[2]
    one, other = pki.client(root), pki.client(root, "Other")
    prepared = importing(one.key_pem(), other.pem + root.pem)
    assert problems(prepared.preview) == [
        ["No certificate in these files was made for this private key."],
        ["The private key of this certificate is in none of these files."],
    ]
    assert all(len(c.remedies) == 1 and not c.can_be_imported for c in prepared.preview.candidates)
    for position in (0, 1):
        with pytest.raises(UnusableInputError, match="private key"):
            prepared.private_key(position)


def test_certificate_that_answers_a_request_of_ours_is_sent_to_matching(importing: Importer) -> None:
    leaf = path()[0]
    here = Surroundings(at=NOW, requests={spki_sha256(leaf.key): "ACME 2027"})
    (problem,) = only(importing(leaf.pem, here=here)).problems
    assert problem.id == "This certificate answers the request {request}, whose key was made here."


def test_issuers_alone_are_no_candidates(importing: Importer) -> None:
    _, middle, root = path()
    assert importing(middle.pem + root.pem).preview.candidates == ()


@pytest.mark.parametrize("given", [[], ["wrong"]])
def test_closed_files_say_so_and_what_is_open_comes_out(importing: Importer, given: list[str]) -> None:
    leaf, middle, root = path()
    other = pki.client(root, "Open")
    prepared = importing(
        leaf.pkcs12(PASSWORD, middle), leaf.key_pem(PASSWORD), other.pem + other.key_pem(), passwords=given
    )
    closed = "It stayed closed for want of its password."
    assert problems(prepared.preview) == [[closed], [closed], []]
    assert [Path(source).name for source in prepared.preview.locked] == ["file0", "file1"]
    assert [one.key is None for one in prepared.preview.candidates] == [True, True, False]


def test_certificate_whose_key_may_be_a_closed_one_is_not_called_keyless(importing: Importer) -> None:
    leaf, _, root = path()
    prepared = importing(leaf.key_pem(PASSWORD), leaf.pem, pki.client(root, "B").pkcs12(PASSWORD))
    assert problems(prepared.preview) == [
        ["It stayed closed for want of its password."],
        ["It stayed closed for want of its password."],
        ["No key that is open belongs to this certificate; one that stayed closed may."],
    ]


@pytest.mark.skipif(shutil.which("keytool") is None, reason="keytool is not installed")
def test_java_store_whose_keys_have_passwords_of_their_own(importing: Importer, tmp_path: Path) -> None:
    root = pki.root()
    first, second = pki.client(root, "First"), pki.client(root, "Second")
    made = tmp_path / "made"
    made.mkdir()
    data = key_files.java_store(made, "jceks", (first, root), (second, root), key_password=KEY_PASSWORD)
    closed = importing(data, passwords=[PASSWORD]).preview
    assert problems(closed) == [["It stayed closed for want of its password."]] * 2
    assert {one.alias for one in closed.candidates} == {"key0", "key1"}
    assert {one.suggested_name for one in closed.candidates} == {"First", "Second"}
    prepared = importing(data, passwords=[KEY_PASSWORD])
    assert [one.can_be_imported for one in prepared.preview.candidates] == [True, True]
    assert prepared.preview.locked == ()
    unproven = "The password of the key store was not given: whether anybody changed it is not known."
    assert all(unproven in sentences(one.remarks) for one in prepared.preview.candidates)
    names = {one.certification_path[0].title: one.position for one in prepared.preview.candidates}
    assert private(prepared.private_key(names["Second"])) == private(second.key)


def test_wrong_kind_of_key(importing: Importer) -> None:
    from tests.formats.test_files import dsa_key

    (problem,) = only(importing(dsa_key())).problems
    assert problem.id == "The private key is of a kind that TLS clients cannot use."


def test_damaged_and_missing_files_are_listed(
    importing: Importer, tmp_path: Path, reading: ReadingService
) -> None:
    leaf = path()[0]
    (tmp_path / "good").write_bytes(leaf.pem + leaf.key_pem())
    (tmp_path / "bad").write_bytes(b"\x30\x82\xff\xff nothing")
    files = [tmp_path / "bad", tmp_path / "missing", tmp_path, tmp_path / "good", tmp_path / "good"]
    prepared = prepare(files, [], reading=reading, here=Surroundings(at=NOW))
    assert only(prepared).can_be_imported
    unread = [item for item in prepared.preview.everything.items if item.problems]
    assert [Path(item.source).name for item in unread] == ["bad", "missing", tmp_path.name]


# --- what is kept -----------------------------------------------------------------------------------------


def kept(candidate: ImportCandidate, choice: ImportChoice, key: CertificateIssuerPrivateKeyTypes) -> Identity:
    assert candidate.key is not None
    assert spki_sha256(key) == candidate.key.spki_sha256
    root = path()[2]
    return identity(pki.client(root, key=None), choice.name)


def two(importing: Importer) -> OpenedImport:
    root = path()[2]
    first, second = pki.client(root, "First"), pki.client(root, "Second")
    return importing(first.pem + first.key_pem() + second.pem + second.key_pem(), root.pem)


def test_chosen_ones_are_kept_with_their_own_keys(importing: Importer) -> None:
    choices = [ImportChoice(position=1, name="B"), ImportChoice(position=0, name="A")]
    assert [one.name for one in import_chosen(two(importing), choices, taken=(), keep=kept)] == ["B", "A"]


@pytest.mark.parametrize(
    ("names", "positions"),
    [
        (("A", "a"), (0, 1)),
        (("Taken", "A"), (0, 1)),
        (("tAKEN",), (0,)),
        ((" ",), (0,)),
        (("A\u202eB",), (0,)),
        (("x" * 81,), (0,)),
        (("A", "B"), (0, 0)),
        (("A",), (2,)),
        (("A",), (-1,)),
    ],
)
def test_nothing_is_kept_when_a_choice_cannot_be_used(
    importing: Importer, names: tuple[str, ...], positions: tuple[int, ...]
) -> None:
    calls: list[str] = []

    def keep(
        candidate: ImportCandidate, choice: ImportChoice, key: CertificateIssuerPrivateKeyTypes
    ) -> Identity:
        calls.append(choice.name)
        return kept(candidate, choice, key)

    choices = [ImportChoice(position=at, name=name) for at, name in zip(positions, names, strict=True)]
    with pytest.raises(UnusableInputError):
        import_chosen(two(importing), choices, taken=["Taken"], keep=keep)
    assert calls == []


@pytest.mark.parametrize("kind", [KeyStoreUnavailableError, EnvironmentFailureError, UnusableInputError])
def test_failure_on_the_way_says_what_was_kept_before(
    importing: Importer, kind: type[TrustdeskError]
) -> None:
    """The store is gone, the disk is full, or another process took the name: A is here all the same."""

    def keep(
        candidate: ImportCandidate, choice: ImportChoice, key: CertificateIssuerPrivateKeyTypes
    ) -> Identity:
        if choice.name == "B":
            raise kind(msg("It is gone."), remedy=msg("Start it."))
        return kept(candidate, choice, key)

    choices = [ImportChoice(position=0, name="A"), ImportChoice(position=1, name="B")]
    with pytest.raises(kind) as caught:
        import_chosen(two(importing), choices, taken=(), keep=keep)
    assert caught.value.problem == msg(
        "{problem} Kept before it: {names}.", problem=msg("It is gone."), names="A"
    )


def test_discarded_files_give_no_key_and_hold_none(importing: Importer) -> None:
    leaf = path()[0]
    prepared = importing(leaf.pem + leaf.key_pem(), leaf.key_pem(PASSWORD), passwords=[PASSWORD])
    assert "PRIVATE" not in repr(prepared)
    assert PASSWORD not in repr(prepared) + repr(prepared.preview)
    prepared.discard()
    prepared.discard()
    with pytest.raises(UnusableInputError, match="not open any more"):
        prepared.private_key(0)
    assert prepared._sources == {}
    assert prepared._passwords == []


# --- names ------------------------------------------------------------------------------------------------


def test_names() -> None:
    assert unique_name("ACME", ["acme", "Acme 2"]) == "ACME 3"
    assert unique_name("  a\u202eb\n ", []) == "a\\u202eb"
    assert unique_name("", []) == "identity"
    check_names([unique_name("x" * 500, ["y"]), "B"], ["C"])
