"""Single messages, among them those that no OpenSSL sends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.core.handshake import CertificateRequest
from trustdesk.network.dissect import Dissected, dissect
from trustdesk.network.dissect_auth import CertificateChain, CertificateStatus, Proof
from trustdesk.network.dissect_hello import ClientHello, EncryptedExtensions, ServerHello
from trustdesk.network.dissect_reader import MAX_FIELD_LENGTH, MAX_FIELDS, Fields
from trustdesk.network.tls_names import (
    TLS_1_0,
    TLS_1_2,
    TLS_1_3,
    alert_level_name,
    alert_name,
    extension_name,
    group_name,
    signature_scheme_name,
    version_name,
    version_title,
)
from trustdesk.network.tls_suites import SUITES, suite_name, suite_parameters

RANDOM = bytes(range(32))
RETRY_RANDOM = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
ECDHE_ECDSA, DHE_RSA, RSA, ECDH_ANON, DHE_PSK = 0xC02B, 0x009E, 0x009C, 0xC018, 0x00AA


def vector(data: bytes, length_bytes: int = 2) -> bytes:
    return len(data).to_bytes(length_bytes, "big") + data


def extension(number: int, data: bytes) -> bytes:
    return number.to_bytes(2, "big") + vector(data)


def client_hello(*extensions: bytes, suites: bytes = b"\x13\x01\x0a\x0a") -> bytes:
    block = vector(b"".join(extensions)) if extensions else b""
    return b"\x03\x03" + RANDOM + b"\x00" + vector(suites) + b"\x01\x00" + block


def server_hello(*extensions: bytes, random: bytes = RANDOM, suite: int = 0x1301) -> bytes:
    block = vector(b"".join(extensions)) if extensions else b""
    return b"\x03\x03" + random + b"\x00" + suite.to_bytes(2, "big") + b"\x00" + block


def values(dissected: Dissected, name: str) -> list[str]:
    return [value for field, value in dissected.fields if field == name]


def test_client_hello_shows_what_it_offers() -> None:
    share = b"\x11\xec" + vector(bytes(1216)) + b"\x00\x1d" + vector(bytes(32))
    hello = dissect(
        1,
        client_hello(
            extension(0, vector(b"\x00" + vector(b"host.example"))),
            extension(43, b"\x06\x1a\x1a\x03\x04\x03\x03"),
            extension(10, vector(b"\x11\xec\x00\x1d")),
            extension(13, vector(b"\x04\x03\x08\x04")),
            extension(16, vector(b"\x02h2\x08http/1.1")),
            extension(51, vector(share)),
        ),
    )
    assert hello.facts == ClientHello(random=RANDOM)
    assert hello.detail == "TLS 1.3, SNI host.example, X25519MLKEM768"
    assert values(hello, "supported_versions") == ["GREASE_0x1A1A, TLS 1.3, TLS 1.2"]
    assert values(hello, "supported_groups") == ["X25519MLKEM768, x25519"]
    assert values(hello, "signature_algorithms") == ["ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256"]
    assert values(hello, "application_layer_protocol_negotiation") == ["h2, http/1.1"]
    assert values(hello, "key_share") == ["X25519MLKEM768 (1216 bytes), x25519 (32 bytes)"]
    assert values(hello, "cipher_suites") == ["TLS_AES_128_GCM_SHA256, GREASE_0x0A0A"]
    assert values(hello, "server_name") == ["host.example"]


def test_client_hello_without_extensions_is_read() -> None:
    hello = dissect(1, client_hello())
    assert hello.facts == ClientHello(random=RANDOM)
    assert hello.detail == "TLS 1.2"


def test_server_hello_of_tls_1_2_without_extensions_is_read() -> None:
    hello = dissect(2, server_hello(suite=RSA))
    assert hello.facts == ServerHello(
        random=RANDOM,
        version=TLS_1_2,
        suite=RSA,
        is_retry=False,
        group=None,
        alpn=None,
        encrypt_then_mac=False,
    )
    assert hello.detail == "TLS 1.2, TLS_RSA_WITH_AES_128_GCM_SHA256"


def test_server_hello_tells_version_of_the_extension() -> None:
    hello = dissect(2, server_hello(extension(43, b"\x03\x04"), extension(51, b"\x00\x1d" + vector(b"key"))))
    assert isinstance(hello.facts, ServerHello)
    assert (hello.facts.version, hello.facts.group) == (TLS_1_3, "x25519")


def test_hello_retry_request_has_its_own_name() -> None:
    retry = dissect(
        2,
        server_hello(
            extension(43, b"\x03\x04"),
            extension(51, b"\x00\x18"),
            extension(44, vector(b"abc")),
            random=RETRY_RANDOM,
        ),
    )
    assert retry.message == "hello_retry_request"
    assert retry.detail == "TLS 1.3, TLS_AES_128_GCM_SHA256, asks for secp384r1"
    assert values(retry, "cookie") == ["5 bytes"]


def test_downgrade_mark_is_shown() -> None:
    hello = dissect(2, server_hello(random=bytes(24) + b"DOWNGRD\x01"))
    assert values(hello, "downgrade_mark") == ["TLS 1.2"]


def test_alpn_that_is_not_ascii_loses_nothing() -> None:
    message = dissect(8, vector(extension(16, vector(b"\x03h\xff\x0a"))), version=TLS_1_3)
    assert message.facts == EncryptedExtensions(alpn="h\\xff\n")


def test_first_of_two_extensions_with_one_number_counts() -> None:
    block = extension(16, vector(b"\x01a")) + extension(16, vector(b"\x01b"))
    assert dissect(8, vector(block), version=TLS_1_3).facts == EncryptedExtensions(alpn="a")


def test_certificate_of_tls_1_3_has_extensions_for_each() -> None:
    leaf = vector(b"leaf", 3) + vector(
        extension(5, b"\x01" + vector(b"staple", 3)) + extension(18, vector(vector(b"sct") * 2))
    )
    issuer = vector(b"issuer", 3) + vector(extension(5, b"\x01" + vector(b"other", 3)))
    message = dissect(11, b"\x00" + vector(leaf + issuer, 3), version=TLS_1_3)
    assert message.facts == CertificateChain(certificates=(b"leaf", b"issuer"), stapled_ocsp=b"staple")
    assert message.detail == "2 certificates, 10 bytes"
    assert values(message, "certificate_1") == ["4 bytes, OCSP response of 6 bytes, 2 SCTs"]


def test_staple_of_the_second_certificate_is_not_the_first_ones() -> None:
    entries = vector(b"leaf", 3) + vector(b"")
    entries += vector(b"issuer", 3) + vector(extension(5, b"\x01" + vector(b"other", 3)))
    message = dissect(11, b"\x00" + vector(entries, 3), version=TLS_1_3)
    assert message.facts == CertificateChain(certificates=(b"leaf", b"issuer"), stapled_ocsp=None)


def test_certificate_request_without_names_means_any_ca() -> None:
    body = b"\x00" + vector(extension(13, vector(b"\x04\x03")))
    message = dissect(13, body, version=TLS_1_3)
    assert message.facts == CertificateRequest(signature_schemes=("ecdsa_secp256r1_sha256",))
    assert message.detail == "any CA"


def test_certificate_request_of_tls_1_0_has_no_signature_schemes() -> None:
    message = dissect(13, b"\x02\x01\x40" + vector(vector(b"\x30\x00")), version=TLS_1_0)
    assert message.facts == CertificateRequest(acceptable_cas=("",))
    assert values(message, "certificate_types") == ["rsa_sign, ecdsa_sign"]
    assert message.detail == "1 acceptable CA"


def test_name_that_does_not_parse_is_shown_in_hex() -> None:
    message = dissect(13, b"\x00" + vector(b"") + vector(vector(b"\xde\xad")))
    assert message.facts == CertificateRequest(acceptable_cas=("0xdead",))


def test_names_are_sorted_and_bounded_and_all_counted() -> None:
    names = b"".join(vector(number.to_bytes(2, "big")) for number in reversed(range(1200)))
    message = dissect(13, b"\x00" + vector(b"") + vector(names))
    assert isinstance(message.facts, CertificateRequest)
    assert len(message.facts.acceptable_cas) == 1000
    assert list(message.facts.acceptable_cas) == sorted(message.facts.acceptable_cas)
    assert message.detail == "1200 acceptable CAs"
    assert len(message.fields) == MAX_FIELDS


@pytest.mark.parametrize(
    ("version", "suite", "body", "proof"),
    [
        pytest.param(
            TLS_1_2,
            ECDHE_ECDSA,
            b"\x03\x00\x17" + vector(b"point", 1) + b"\x05\x03" + vector(b"signature"),
            Proof(group="secp256r1", signature_scheme="ecdsa_secp384r1_sha384"),
            id="named curve",
        ),
        pytest.param(
            TLS_1_2,
            DHE_RSA,
            vector(b"\x00" + b"\xff" * 128) + vector(b"\x02") + vector(b"y") + b"\x08\x04" + vector(b"s"),
            Proof(group="DH 1024 bits", signature_scheme="rsa_pss_rsae_sha256"),
            id="finite field without name",
        ),
        pytest.param(
            TLS_1_2,
            ECDH_ANON,
            b"\x03\x00\x1d" + vector(b"point", 1),
            Proof(group="x25519", signature_scheme=None),
            id="anonymous",
        ),
        pytest.param(
            TLS_1_0,
            0x0032,
            vector(b"\x01") + vector(b"\x02") + vector(b"y") + vector(b"s"),
            Proof(group="DH 1 bits", signature_scheme="dsa_sha1"),
            id="DSS before TLS 1.2",
        ),
    ],
)
def test_server_key_exchange_tells_group_and_signature(
    version: int, suite: int, body: bytes, proof: Proof
) -> None:
    assert dissect(12, body, version=version, suite=suite).facts == proof


@pytest.mark.parametrize("suite", [DHE_PSK, 0xFEFE])
def test_other_key_exchanges_are_not_read(suite: int) -> None:
    assert dissect(12, b"anything", suite=suite) == Dissected(message="server_key_exchange")


def test_explicit_curve_is_malformed() -> None:
    assert (
        dissect(12, b"\x01\x00", suite=ECDHE_ECDSA).problem == "server_key_exchange: curve that has no name"
    )


def test_certificate_status_of_another_type_has_no_response() -> None:
    assert dissect(22, b"\x02\x00\x00\x00").facts == CertificateStatus(stapled_ocsp=None)


def test_ticket_of_tls_1_3_shows_lifetime_and_early_data() -> None:
    body = (7200).to_bytes(4, "big") + bytes(4) + b"\x01\x00" + vector(b"ticket")
    body += vector(extension(42, (16384).to_bytes(4, "big")))
    message = dissect(4, body, version=TLS_1_3)
    assert message.detail == "lifetime 7200 s, early data up to 16384 bytes"
    assert values(message, "ticket") == ["6 bytes"]


def test_compressed_certificate_is_told_and_not_opened() -> None:
    message = dissect(25, b"\x00\x02\x00\x0c\x00" + vector(b"squeezed", 3), version=TLS_1_3)
    assert (message.message, message.detail) == ("compressed_certificate", "brotli, 3072 bytes uncompressed")
    assert message.facts is None


@pytest.mark.parametrize(
    ("message_type", "name"),
    [(0, "hello_request"), (5, "end_of_early_data"), (14, "server_hello_done"), (99, "handshake_99")],
)
def test_messages_without_content_to_show_have_their_name(message_type: int, name: str) -> None:
    assert dissect(message_type, b"") == Dissected(message=name)


@pytest.mark.parametrize(
    ("message_type", "body", "problem"),
    [
        pytest.param(2, b"\x03\x03", "server_hello: 32 bytes expected, 0 left", id="truncated"),
        pytest.param(2, server_hello(b"") + b"x", "server_hello: 1 bytes too many", id="trailing"),
        pytest.param(11, b"\x00\x00\x04\x00\x00\x05x", "certificate: 5 bytes expected, 1 left", id="frame"),
        pytest.param(24, b"\x02", "key_update: request_update 2", id="value"),
        pytest.param(1, client_hello(suites=b"\x13"), "client_hello: vector of 1 bytes", id="odd vector"),
        pytest.param(
            8,
            vector(b"".join(extension(number, b"") for number in range(201))),
            "encrypted_extensions: more than 200 extensions",
            id="many extensions",
        ),
        pytest.param(
            11,
            vector(vector(b"x", 3) * 1001, 3),
            "certificate: more than 1000 certificates",
            id="many certificates",
        ),
    ],
)
def test_malformed_message_says_what_is_wrong(message_type: int, body: bytes, problem: str) -> None:
    message = dissect(message_type, body)
    assert message.facts is None
    assert message.detail == "malformed"
    assert message.problem is not None
    assert message.problem.startswith(problem)


@given(
    st.integers(0, 30),
    st.binary(max_size=300),
    st.sampled_from([TLS_1_0, TLS_1_2, TLS_1_3]),
    st.sampled_from([ECDHE_ECDSA, DHE_RSA, RSA, ECDH_ANON, 0]),
)
def test_no_bytes_raise(message_type: int, body: bytes, version: int, suite: int) -> None:
    message = dissect(message_type, body, version=version, suite=suite)
    assert message.facts is None or message.problem is None
    assert len(message.fields) <= MAX_FIELDS
    assert all(len(value) <= MAX_FIELD_LENGTH for _, value in message.fields)


@given(st.data())
def test_no_mutation_of_a_message_raises(data: st.DataObject) -> None:
    message_type, version, body = data.draw(
        st.sampled_from(
            [
                (1, TLS_1_3, client_hello(extension(0, vector(b"\x00" + vector(b"a"))), extension(51, b""))),
                (2, TLS_1_3, server_hello(extension(43, b"\x03\x04"), extension(16, vector(b"\x01a")))),
                (11, TLS_1_3, b"\x00" + vector(vector(b"leaf", 3) + vector(extension(5, b"\x01")), 3)),
                (13, TLS_1_3, b"\x00" + vector(extension(47, vector(vector(b"\x30\x00"))))),
                (13, TLS_1_2, b"\x01\x01" + vector(b"\x04\x03") + vector(vector(b"\x30\x02\x31\x00"))),
            ]
        )
    )
    mutated = bytearray(body)
    for _ in range(data.draw(st.integers(1, 4))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))
    dissected = dissect(message_type, bytes(mutated), version=version)
    assert dissected.facts is None or dissected.problem is None


def test_fields_cut_values_and_split_lists() -> None:
    fields = Fields()
    fields.add("long", "x" * 1000)
    fields.add_list("list", (f"value_{number:04}" for number in range(100)))
    (name, value), *rest = fields.all()
    assert (name, len(value)) == ("long", MAX_FIELD_LENGTH)
    assert ", ".join(text for _, text in rest) == ", ".join(f"value_{number:04}" for number in range(100))
    assert all(len(text) <= MAX_FIELD_LENGTH for _, text in rest)


def test_numbers_without_name_keep_their_number() -> None:
    assert suite_name(0xFEFE) == "0xFEFE"
    assert suite_name(0x2A2A) == "GREASE_0x2A2A"
    assert group_name(0x1234) == "0x1234"
    assert signature_scheme_name(0x0301) == "rsa_sha224"
    assert signature_scheme_name(0x0909) == "0x0909"
    assert extension_name(0x3A3A) == "GREASE_0x3A3A"
    assert alert_name(200) == "alert_200"
    assert alert_level_name(3) == "level_3"
    assert version_name(0x0305) == "0x0305"
    assert version_title(0x0301) == "TLS 1.0"
    assert version_title(0x0300) == "SSL 3.0"


def test_every_suite_with_aes_or_chacha_can_be_opened() -> None:
    for code, name in SUITES.items():
        is_opened = any(word in name for word in ("_AES_", "CHACHA20", "_NULL_"))
        assert (suite_parameters(code) is not None) == is_opened, name
