"""Our open form: what is written is read, keeps to its schema, and nothing else is let in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import list_samples as samples
from tests.support.list_samples import SCHEMA
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message
from trustdesk.core.trust_entry import AnchorMode, EntryKind, EntryStatus, Usage
from trustdesk.core.trust_version import AuthenticityState, ListContent
from trustdesk.formats.list_json import read_json_list
from trustdesk.formats.list_json_writing import json_list
from trustdesk.formats.list_source import ListBytes

Change = Callable[[dict[str, Any]], object]


def read(data: bytes) -> ListContent:
    return read_json_list(ListBytes(place="list.json", data=data), schema=SCHEMA)


def document() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(json_list(samples.full_list()))
    return loaded


def refused(data: bytes) -> str:
    """Return what is said, with the parameters of the sentence."""
    with pytest.raises(UnusableInputError) as caught:
        read(data)
    assert caught.value.place == "list.json"
    return words(caught.value.problem)


def words(message: Message) -> str:
    values = {name: words(value) if isinstance(value, Message) else value for name, value in message.params}
    return message.id.format(**values)


def test_everything_that_can_be_said_comes_back() -> None:
    content = samples.full_list()
    assert read(json_list(content)) == content


def test_closed_list_comes_back() -> None:
    content = replace(samples.full_list(), next_update=None, is_closed=True)
    assert read(json_list(content)) == content


def test_the_same_content_gives_the_same_bytes() -> None:
    assert json_list(samples.full_list()) == json_list(read(json_list(samples.full_list())))


def test_an_empty_set_of_usages_is_not_none() -> None:
    entries = [entry for entry in read(json_list(samples.full_list())).entries if entry.usages == frozenset()]
    assert [entry.kind for entry in entries] == [EntryKind.CROSS]


def test_an_unsigned_list_says_so() -> None:
    assert read(json_list(samples.full_list())).authenticity.state is AuthenticityState.UNSIGNED


def test_what_is_left_out_is_the_least() -> None:
    root = samples.root()
    least = {
        "schema": "trustdesk.trust-list/1",
        "title": "Least",
        "entries": [{"certificate": certificate_of(root.der), "status": "trusted"}],
    }
    (entry,) = read(json.dumps(least).encode()).entries
    assert entry.kind is EntryKind.ROOT
    assert entry.anchor_mode is AnchorMode.FULL_CHAIN
    assert entry.usages is None
    assert entry.status is EntryStatus.TRUSTED


def certificate_of(der: bytes) -> dict[str, str]:
    import hashlib
    from base64 import b64encode

    return {"der": b64encode(der).decode(), "sha256": hashlib.sha256(der).hexdigest()}


def entry_with(**fields: object) -> Change:
    return lambda document: document["entries"][1].update(fields)


def certificate_with(**fields: object) -> Change:
    return lambda document: document["entries"][1]["certificate"].update(fields)


CHANGES: dict[str, tuple[Change, str]] = {
    "unknown field": (
        entry_with(trusted_by="me"),
        "entries[1], a field stands that the form does not know: trusted_by",
    ),
    "unknown field of the list": (lambda d: d.update(sha="1"), "does not know: sha"),
    "unknown field deep": (lambda d: d["entries"][0]["distrust"].update(all_after=""), "entries[0].distrust"),
    "unknown status": (entry_with(status="fine"), "entries[1].status, one of these is expected: trusted"),
    "unknown usage": (entry_with(usages=["tls"]), "entries[1].usages[0]"),
    "status missing": (lambda d: d["entries"][1].pop("status"), "entries[1], one of these fields is missing"),
    "title missing": (lambda d: d.pop("title"), "missing: "),
    "no members": (lambda d: d.pop("entries"), "either entries or providers"),
    "both members": (lambda d: d.update(providers=[]), "either entries or providers"),
    "date without zone": (entry_with(status_since="2026-01-02T00:00:00"), "entries[1].status_since"),
    "date that is none": (entry_with(status_since="2026-02-30T00:00:00Z"), "entries[1].status_since"),
    "date that is a number": (entry_with(status_since=5), "entries[1].status_since, a value of another type"),
    "leap second": (lambda d: d.update(issued_at="2016-12-31T23:59:60Z"), "issued_at"),
    "last year": (lambda d: d.update(issued_at="9999-12-31T23:59:59-12:00"), "issued_at"),
    "sequence too high": (lambda d: d.update(sequence=2**63), "sequence, there is more"),
    "sequence negative": (lambda d: d.update(sequence=-1), "sequence, there is less"),
    "sequence a fraction": (lambda d: d.update(sequence=1.0), "sequence, a whole number is expected"),
    "sequence a text": (lambda d: d.update(sequence="1"), "sequence, a value of another type"),
    "sequence true": (lambda d: d.update(sequence=True), "sequence, a value of another type"),
    "closed with a next one": (
        lambda d: d.update(closed=True),
        "next_update, a list that is closed has none",
    ),
    "digest of another": (certificate_with(sha256="00" * 32), "certificate.sha256, it is not the digest"),
    "digest in capitals": (certificate_with(sha256="AB" * 32), "entries[1].certificate.sha256"),
    "digest with a newline": (certificate_with(sha256="ab" * 32 + "\n"), "entries[1].certificate.sha256"),
    "sha1 of another": (certificate_with(sha1="00" * 20), "certificate.sha1, it is not the digest"),
    "key of another": (certificate_with(spki_sha256="00" * 32), "certificate.spki_sha256, it is not"),
    "no base64": (certificate_with(der="%%%%"), "entries[1].certificate.der, it is no base64"),
    "no certificate": (certificate_with(der="AAAA", sha256="00" * 32), "it is no certificate"),
    "twice": (lambda d: d["entries"].append(d["entries"][0]), "it is the certificate of an entry before it"),
    "an end entity as anchor": (
        lambda d: d["entries"][4].update(anchor_mode="full_chain"),
        "entries[4].anchor_mode, the certificate of a server or client is no anchor",
    ),
    "an end entity that says to be a root": (
        lambda d: d["entries"][4].update(kind="root", anchor_mode="full_chain"),
        "the certificate of a server or client is no anchor",
    ),
    "a digest as anchor": (
        lambda d: d["entries"][6].update(anchor_mode="full_chain"),
        "without its certificate",
    ),
    "a network that is none": (
        entry_with(constraints={"permitted": ["IP:192.0.2.1/99"]}),
        "a network is expected",
    ),
    "a name of no kind": (entry_with(constraints={"permitted": ["dns:example"]}), "constraints.permitted[0]"),
    "a later version": (lambda d: d.update(schema="trustdesk.trust-list/2"), "newer form"),
    "another document": (lambda d: d.update(schema="other/1"), "no trust list"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_list_that_is_not_in_the_form_is_refused_with_its_path(change: str) -> None:
    changed = document()
    apply, said = CHANGES[change]
    apply(changed)
    assert said in refused(json.dumps(changed).encode())


def test_additions_are_left_out_with_a_remark() -> None:
    changed = document()
    changed["x_color"] = {"deep": [1]}
    changed["entries"][0]["x_rating"] = 5
    content = read(json.dumps(changed).encode())
    assert content.entries == samples.full_list().entries
    said = ["Left out are additions that the form does not know: x_color, x_rating."]
    assert [words(remark) for remark in content.remarks] == said
    escaped = json.dumps(changed).replace('"x_color"', '"\\u0078\\u005Fcolor"').replace('"x_r', '"\\u0078_r')
    assert [words(remark) for remark in read(escaped.encode()).remarks] == said


BROKEN = {
    b'{"schema": "a", "schema": "b"}': "the name schema stands twice",
    b'{"a": {"b": 1, "b": 2}}': "the name b stands twice",
    b'{"a": NaN}': "NaN is no JSON number",
    b'{"a": 1': "The JSON is cut short: it ends at byte 7.",
    b'{"a": }': "from line 1 on, at byte 6",
    b'{"\xc3\xa4": }': "at byte 7",
    b'{"a": "\xff"}': "not UTF-8 at byte 7",
    b'{"a": "\\ud800"}': "U+D800",
    b'{"a\\u0000": 1}': "U+0000",
    b'{"a": ' + b"[" * 100_000: "nested too deep",
    b'{"a": ' + b"9" * 10_000 + b"}": "a number that is too long",
    b"[]": "an object is expected",
}


@pytest.mark.parametrize("data", BROKEN, ids=range(len(BROKEN)))
def test_broken_json_is_refused_with_its_place(data: bytes) -> None:
    assert BROKEN[data] in refused(data)


def test_a_pair_of_surrogates_is_one_character() -> None:
    changed = document()
    changed["title"] = "✈😀"
    assert read(json.dumps(changed).encode()).title == "✈😀"


def test_a_private_key_among_a_providers_keys_is_refused_and_not_repeated() -> None:
    providers = {
        "schema": "trustdesk.trust-list/1",
        "title": "IdPs",
        "providers": [{"issuer": "https://idp.example", "keys": [{"kty": "EC", "d": "very-secret"}]}],
    }
    said = refused(json.dumps(providers).encode())
    assert "providers[0].keys[0].d" in said
    assert "very-secret" not in said


def test_a_list_of_identity_providers_is_none_of_cas() -> None:
    providers = {"schema": "trustdesk.trust-list/1", "title": "IdPs", "providers": []}
    assert "identity providers, not CAs" in refused(json.dumps(providers).encode())


def test_progress_is_told_and_may_stop_the_reading() -> None:
    told: list[tuple[int, int]] = []
    source = ListBytes(place="list.json", data=json_list(samples.full_list()))
    read_json_list(source, schema=SCHEMA, on_progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (7, 7)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(["title", "sequence", "entries", "publisher", "closed", "authority"]), values)
@settings(max_examples=100, deadline=None)
def test_any_value_anywhere_is_read_or_refused(name: str, value: object) -> None:
    changed = {"schema": "trustdesk.trust-list/1", "title": "t", "entries": [], name: value}
    try:
        content = read(json.dumps(changed).encode("utf-8", "surrogatepass"))
    except UnusableInputError:
        return
    assert content.title


@given(
    st.sampled_from(sorted(document()["entries"][0])),
    values | st.sampled_from([[{}], {"x_a": 1}, ["DNS:a"], "2026-01-01T00:00:00Z"]),
)
@settings(max_examples=150, deadline=None)
def test_any_value_in_an_entry_is_read_or_refused(name: str, value: object) -> None:
    changed = document()
    changed["entries"][0][name] = value
    try:
        content = read(json.dumps(changed).encode("utf-8", "surrogatepass"))
    except UnusableInputError:
        return
    assert content.entries[0].sha256 == samples.full_entry().sha256
    assert read(json_list(content)).entries == content.entries


def test_usages_are_those_of_the_schema() -> None:
    defined = json.loads(SCHEMA)["$defs"]
    assert defined["usage"]["enum"] == [usage.value for usage in Usage]
    assert defined["status"]["enum"] == [status.value for status in EntryStatus]


def test_the_schema_describes_every_field() -> None:
    def undescribed(part: object, path: str) -> list[str]:
        if not isinstance(part, dict):
            return []
        found = []
        for name, value in part.get("properties", {}).items():
            if isinstance(value, dict) and "$ref" not in value and "const" not in value:
                nested = "properties" in value
                if "description" not in value and not nested and path != "$.provider.keys":
                    found.append(f"{path}.{name}")
                found += undescribed(value, f"{path}.{name}")
        return found

    schema = json.loads(SCHEMA)
    places = {"": schema, **{f".{name}": part for name, part in schema["$defs"].items()}}
    assert [one for name, part in places.items() for one in undescribed(part, f"${name}")] == []
