"""Which form a list is in, told by its bytes; and that no damage to any form does more than be refused."""

from __future__ import annotations

import random
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from tests.support import etsi_lists, master_lists
from tests.support import list_samples as samples
from tests.support.list_samples import SCHEMA
from tests.support.pki import Issued
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.identity import ExportProfile
from trustdesk.core.list_form import ListForm
from trustdesk.core.trust_version import AuthenticityState, ListContent, SourceKind
from trustdesk.formats import list_certificates, list_reading
from trustdesk.formats.list_json_writing import json_list
from trustdesk.formats.list_reading import detect, kind_of_source, read_list
from trustdesk.formats.list_signing import sign_list
from trustdesk.formats.list_source import ListBytes, NamedSigner
from trustdesk.formats.list_writing import write_list

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@cache
def forms() -> dict[str, tuple[SourceKind, bytes]]:
    content = samples.full_list()
    written = {
        form: write_list(content, form, at=NOW, profile=ExportProfile.COMPATIBLE).data for form in ListForm
    }
    issued = samples.signer()
    pem = written[ListForm.PEM]
    return {
        "json": (SourceKind.JSON, written[ListForm.JSON]),
        "jws": (SourceKind.JSON, sign_list(json_list(content), issued.key, [issued.der])),
        "pem": (SourceKind.PEM, pem),
        "pem with a comma": (SourceKind.PEM, b"Our roots, trusted\n" + pem),
        "pem in UTF-16": (SourceKind.PEM, pem.decode("ascii", "replace").encode("utf-16")),
        "der": (SourceKind.PEM, samples.root().der),
        "pkcs7": (SourceKind.PKCS7, written[ListForm.PKCS7]),
        "pkcs7 in PEM": (
            SourceKind.PKCS7,
            pkcs7.serialize_certificates([samples.root().certificate], Encoding.PEM),
        ),
        "pkcs12": (SourceKind.PKCS12, written[ListForm.JAVA_TRUST_STORE]),
        "ccadb": (SourceKind.CCADB, written[ListForm.CCADB]),
        "etsi": (SourceKind.ETSI, etsi_lists.signed(trusted_list(), etsi_signer())),
        "etsi unsigned": (SourceKind.ETSI, trusted_list()),
        "master list": (SourceKind.MASTER_LIST, master_list()),
        "master list in Base64": (SourceKind.MASTER_LIST, b64encode(master_list())),
    }


@cache
def etsi_signer() -> Issued:
    return etsi_lists.list_signer()


@cache
def trusted_list() -> bytes:
    services = [etsi_lists.Service(certificates=[one]) for one in (samples.root(), samples.root("Second"))]
    return etsi_lists.unsigned(*services)


@cache
def master_signer() -> Issued:
    return master_lists.list_signer(samples.root())


@cache
def master_list() -> bytes:
    content = master_lists.content(samples.root(), samples.root("Second"))
    return master_lists.message(content, master_signer())


@pytest.mark.parametrize(
    ("form", "signer"), [("etsi", etsi_signer), ("master list", master_signer), ("jws", samples.signer)]
)
def test_a_signer_that_was_named_is_verified_in_every_form(form: str, signer: Callable[[], Issued]) -> None:
    source = ListBytes(place="file", data=forms()[form][1])
    unnamed = read_list(source, schema=SCHEMA).authenticity
    assert unnamed.state is AuthenticityState.UNKNOWN_SIGNER
    assert unnamed.signer == signer().sha256
    named = NamedSigner(sha256=signer().sha256, is_pinned=True)
    found = read_list(source, schema=SCHEMA, signers=[named]).authenticity
    assert (found.state, found.pinned) == (AuthenticityState.VERIFIED, True)


def read(data: bytes) -> ListContent:
    return read_list(ListBytes(place="file", data=data), schema=SCHEMA)


@pytest.mark.parametrize("form", forms())
def test_the_form_is_told_by_the_bytes(form: str) -> None:
    kind, data = forms()[form]
    assert detect(data) is kind
    assert read(data).entries


def test_a_folder_is_a_folder() -> None:
    inside = ListBytes(place="root.pem", data=samples.root().pem)
    source = ListBytes(place="anchors", files=(inside,))
    assert kind_of_source(source) is SourceKind.FOLDER
    assert len(read_list(source, schema=SCHEMA).entries) == 1


def test_forms_of_others_are_told_by_their_beginning() -> None:
    assert detect(b"<html></html>") is None
    assert detect(b"") is None
    assert detect(b"text") is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"text", "nothing that is known"),
        (b"<html>not found</html>", "nothing that is known"),
        (samples.root().der[:-5], "cut short"),
        (b"{", "cut short"),
    ],
)
def test_what_is_no_list_is_refused_with_what_it_is(data: bytes, said: str) -> None:
    with pytest.raises(UnusableInputError, match=said) as caught:
        read(data)
    assert caught.value.place == "file"


def test_a_list_is_called_what_a_person_says_where_it_has_no_title() -> None:
    source = ListBytes(place="/some/where/roots.pem", data=samples.root().pem)
    assert read_list(source, schema=SCHEMA).title == "roots.pem"
    assert read_list(source, schema=SCHEMA, title="Ours").title == "Ours"


@pytest.mark.parametrize("form", forms())
def test_our_form_keeps_what_any_other_says(form: str) -> None:
    content = read(forms()[form][1])
    again = read(json_list(content))
    known_elsewhere = {"authenticity": again.authenticity, "endorsement": again.endorsement, "remarks": ()}
    assert again == replace(content, **known_elsewhere)  # type: ignore[arg-type]


def test_more_than_a_list_can_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    many = b'{"schema": "trustdesk.trust-list/1", "title": "t", "entries": [' + b"0," * 200_000 + b"0]}"
    with pytest.raises(UnusableInputError) as caught:
        read(many)
    assert dict(caught.value.problem.params)["path"] == "entries"
    monkeypatch.setattr(list_certificates, "MAX_ENTRIES", 2)
    three = b"".join(samples.root(name).pem for name in ("Root", "Second", "Full"))
    with pytest.raises(UnusableInputError, match=r"more than \{limit\} entries"):
        read(three)
    monkeypatch.setattr(list_reading, "MAX_LIST_BYTES", 1000)
    with pytest.raises(UnusableInputError, match=r"more than \{megabytes\} MB"):
        read(three)


def test_a_nul_in_a_report_is_refused_with_its_byte() -> None:
    data = forms()["ccadb"][1]
    at = data.index(b"Full")
    with pytest.raises(UnusableInputError) as caught:
        read(data[:at] + b"\0" + data[at:])
    assert dict(caught.value.problem.params) == {"byte": at}


def damaged(data: bytes, dice: random.Random) -> bytes:
    """Return the data with some of what happens to files."""
    match dice.randrange(5):
        case 0:
            return data[: dice.randrange(len(data))]
        case 1:
            at = dice.randrange(len(data))
            return data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :]
        case 2:
            at = dice.randrange(len(data))
            return data[:at] + data[at + dice.randrange(1, 40) :]
        case 3:
            at, size = dice.randrange(len(data)), dice.randrange(1, 200)
            return data[:at] + data[at : at + size] * 2 + data[at + size :]
        case _:
            changed = bytearray(data)
            for _ in range(dice.randrange(1, 20)):
                changed[dice.randrange(len(changed))] = dice.randrange(256)
            return bytes(changed)


ROUNDS = 60


def survive(form: str, rounds: int, seed: int) -> int:
    """Read damaged lists; return how many were refused."""
    dice, refused = random.Random(f"{form} {seed}"), 0  # noqa: S311 - the same bytes in every run
    data = forms()[form][1]
    for _ in range(rounds):
        try:
            read(damaged(data, dice))
        except UnusableInputError as error:
            refused += error.place is not None
    return refused


@pytest.mark.parametrize("form", [name for name in forms() if name != "pkcs12"])
def test_damage_is_refused_or_read_and_nothing_else_happens(form: str) -> None:
    assert survive(form, ROUNDS, 1) > 0


def test_a_damaged_key_store_is_refused() -> None:
    """Each try takes the rounds of its key derivation: a few tell."""
    assert survive("pkcs12", 4, 1) > 0


@pytest.mark.exhaustive
@pytest.mark.timeout(600)
@pytest.mark.parametrize("form", forms())
def test_much_damage_is_refused_or_read(form: str) -> None:
    rounds = 30 if form == "pkcs12" else 3000
    assert survive(form, rounds, 2) > 0
