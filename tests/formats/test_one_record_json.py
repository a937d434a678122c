"""JSON-LD of ONE Record servers in the forms that they write it, and what is refused."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.formats.one_record_json import MAX_BYTES, read_error, read_server_information
from trustdesk.formats.strict_json import JsonFault

API = "https://onerecord.iata.org/ns/api#"
HOLDER, ENDPOINT = "https://a.example/logistics-objects/ACME", "https://a.example"

COMPACT = {
    "@context": {"api": API, "@vocab": "https://onerecord.iata.org/ns/cargo#"},
    "@type": "api:ServerInformation",
    "@id": ENDPOINT,
    "api:hasDataHolder": {"@id": HOLDER},
    "api:hasServerEndpoint": {"@type": "xsd:anyURI", "@value": ENDPOINT},
    "api:hasSupportedApiVersion": "2.2.0",
    "api:hasSupportedLanguage": ["en-US", "de-DE"],
}
EXPANDED = [
    {
        "@id": ENDPOINT,
        "@type": [f"{API}ServerInformation"],
        f"{API}hasDataHolder": [{"@id": HOLDER, "@type": ["https://onerecord.iata.org/ns/cargo#Company"]}],
        f"{API}hasServerEndpoint": [{"@value": ENDPOINT}],
        f"{API}hasSupportedApiVersion": [{"@value": "2.2.0"}],
        f"{API}hasSupportedLanguage": [{"@list": [{"@value": "en-US"}, {"@value": "de-DE"}]}],
    }
]
FLATTENED = {
    "@context": {"api": API},
    "@graph": [
        {"@id": HOLDER, "@type": "cargo:Company", "cargo:name": "ACME"},
        {**COMPACT, "api:hasDataHolder": {"@id": HOLDER}},
    ],
}
BARE = {
    "@context": "https://onerecord.iata.org/ns/api",
    "type": "ServerInformation",
    "hasDataHolder": HOLDER,
    "hasServerEndpoint": {"id": ENDPOINT},
    "hasSupportedApiVersion": {"@value": "2.2.0"},
    "hasSupportedLanguage": ["en-US", "de-DE"],
}
WITHOUT_TYPE = {name: value for name, value in BARE.items() if name != "type"}


@pytest.mark.parametrize("document", [COMPACT, EXPANDED, FLATTENED, BARE, WITHOUT_TYPE])
def test_every_form_says_the_same(document: object) -> None:
    found = read_server_information(json.dumps(document).encode())
    assert found.data_holders == (HOLDER,)
    assert found.server_endpoints == (ENDPOINT,)
    assert found.api_versions == ("2.2.0",)
    assert found.languages == ("en-US", "de-DE")
    assert found.others == 0


def test_second_information_is_counted_and_not_mixed_in() -> None:
    found = read_server_information(json.dumps([COMPACT, {**COMPACT, "api:hasDataHolder": "x"}]).encode())
    assert (found.data_holders, found.others) == ((HOLDER,), 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"@type": "api:Error"}',
        b'{"@context": {"@type": "api:ServerInformation", "hasServerEndpoint": "x"}}',
        b'{"a": 1, "a": 2, "@type": "ServerInformation"}',
        b"\xff\xfe{}",
        b"[" * 100 + b"]" * 100,
        b'{"@type":"ServerInformation","x":[' + b",".join([b"{}"] * 2100) + b"]}",
        b" " * (MAX_BYTES + 1),
    ],
)
def test_what_is_none_is_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(JsonFault) as fault:
        read_server_information(data)
    assert fault.value.reason.id


def test_values_are_bounded_and_other_kinds_are_passed_over() -> None:
    document = {
        **COMPACT,
        "api:hasSupportedLanguage": ["a" * 5000, None, True, 7, {"@value": None}, {}, *["x"] * 200],
    }
    found = read_server_information(json.dumps(document).encode())
    assert len(found.languages) == 50
    assert len(found.languages[0]) == 500
    assert found.languages[1] == "7"


@pytest.mark.parametrize("nested", [True, False])
def test_error_with_its_details_inside_or_beside_it(nested: bool) -> None:
    detail = {"@id": "_:b1", "@type": "api:ErrorDetail", "api:hasCode": "404", "api:hasMessage": "no"}
    error = {
        "@id": "_:b0",
        "@type": "api:Error",
        "api:hasTitle": "Resource not found",
        "api:hasErrorDetail": [detail if nested else {"@id": "_:b1"}],
    }
    document = error if nested else {"@graph": [error, detail]}
    found = read_error(json.dumps(document).encode())
    assert (found.titles, found.codes) == (("Resource not found",), ("404",))


def test_body_that_is_no_error_is_refused() -> None:
    with pytest.raises(JsonFault):
        read_error(json.dumps(COMPACT).encode())


_NAMES = st.sampled_from(
    [
        "@type",
        "@id",
        "@value",
        "@graph",
        "@list",
        "@context",
        "api:hasServerEndpoint",
        "hasTitle",
        "hasCode",
        "x",
    ]
)
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["api:ServerInformation", f"{API}Error", "ServerInformation"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_NAMES, inner, max_size=5),
    max_leaves=30,
)


@given(_VALUES)
def test_whatever_json_comes_is_read_or_refused(document: object) -> None:
    data = json.dumps(document).encode()
    for read in (read_server_information, read_error):
        with contextlib.suppress(JsonFault):
            read(data)


@given(st.binary(max_size=200))
def test_whatever_bytes_come_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(JsonFault):
        read_server_information(data)
