"""Distinguished names from the wire are written as those of certificates."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.network.dissect_dn import distinguished_name

OIDS = [
    NameOID.COMMON_NAME,
    NameOID.ORGANIZATION_NAME,
    NameOID.STREET_ADDRESS,
    NameOID.DOMAIN_COMPONENT,
    NameOID.USER_ID,
    NameOID.TITLE,
    x509.ObjectIdentifier("2.999.1234567890.1"),
    x509.ObjectIdentifier("1.3.6.1.4.1.99999.7"),
]

ATTRIBUTES = st.builds(
    x509.NameAttribute,
    st.sampled_from(OIDS),
    st.text(st.characters(codec="ascii"), min_size=1, max_size=30)
    | st.sampled_from(["#a", " a ", " ", "\0", 'A, "B" + C', "\\", "x;y<z>"]),
)
NAMES = st.lists(
    st.lists(ATTRIBUTES, min_size=1, max_size=2, unique_by=lambda attribute: attribute.oid), max_size=5
).map(lambda names: x509.Name(map(x509.RelativeDistinguishedName, names)))


def name_of(tag: int, value: bytes) -> bytes:
    """Return a name with one common name of any string type."""

    def element(kind: int, content: bytes) -> bytes:
        return bytes([kind, len(content)]) + content

    attribute = element(0x30, element(0x06, b"\x55\x04\x03") + element(tag, value))
    return element(0x30, element(0x31, attribute))


@given(NAMES)
def test_names_are_those_of_cryptography(name: x509.Name) -> None:
    der = name.public_bytes()
    assert distinguished_name(der) == x509.Name.from_bytes(der).rfc4514_string()


@pytest.mark.parametrize(
    ("tag", "value", "text"),
    [
        pytest.param(0x0C, "Zürich".encode(), "CN=Zürich", id="UTF8String"),
        pytest.param(0x13, b"Test", "CN=Test", id="PrintableString"),
        pytest.param(0x14, b"Z\xfcrich", "CN=Zürich", id="TeletexString"),
        pytest.param(0x1E, "Zü".encode("utf-16-be"), "CN=Zü", id="BMPString"),
        pytest.param(0x1C, "Zü".encode("utf-32-be"), "CN=Zü", id="UniversalString"),
        pytest.param(0x03, b"\x00\x01", "CN=#0001", id="BIT STRING"),
        pytest.param(0x0C, b"", "CN=", id="empty"),
    ],
)
def test_every_string_type_is_read(tag: int, value: bytes, text: str) -> None:
    assert distinguished_name(name_of(tag, value)) == text


@pytest.mark.parametrize(
    "der",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x30", id="tag only"),
        pytest.param(b"\x31\x00", id="no sequence"),
        pytest.param(b"\x30\x00\x00", id="bytes after it"),
        pytest.param(b"\x30\x80\x00\x00", id="indefinite length"),
        pytest.param(b"\x30\x81\x02\x31\x00", id="length not minimal"),
        pytest.param(b"\x30\x02\x31\x00", id="relative name without attribute"),
        pytest.param(b"\x30\x85\x00\x00\x00\x00\x01", id="length of five bytes"),
        pytest.param(name_of(0x0C, b"\xff"), id="not UTF-8"),
        pytest.param(name_of(0x02, b"\x01"), id="an INTEGER"),
        pytest.param(name_of(0x1C, b"\xff\xff\xff\xff"), id="no code point"),
        pytest.param(name_of(0x0C, b"Test")[:-1], id="truncated"),
        pytest.param(
            name_of(0x0C, b"Test").replace(b"\x06\x03\x55\x04\x03", b"\x06\x03\x55\x04\x83"), id="OID"
        ),
    ],
)
def test_what_is_no_name_is_shown_in_hex(der: bytes) -> None:
    assert distinguished_name(der) == f"0x{der.hex()}"


def test_long_attribute_is_kept_within_the_bound_without_a_warning() -> None:
    value = b"x" * 10_000
    content = b"\x06\x03\x55\x04\x03\x0c\x82\x27\x10" + value
    for tag in (0x30, 0x31, 0x30):
        content = bytes([tag, 0x82]) + len(content).to_bytes(2, "big") + content
    assert distinguished_name(content) == f"CN={'x' * 10_000}"[:4096]


@given(st.binary(max_size=60))
def test_no_bytes_raise(der: bytes) -> None:
    assert isinstance(distinguished_name(der), str)
