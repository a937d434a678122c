"""Key derivation against published vectors, and the key log's manners."""

from __future__ import annotations

import pytest

from trustdesk.network.key_schedule import (
    KeyLog,
    SecretLabel,
    connection_keys,
    next_traffic_secret,
    pseudo_random,
    traffic_keys,
)
from trustdesk.network.tls_names import TLS_1_0, TLS_1_2
from trustdesk.network.tls_suites import SuiteParameters, suite_parameters

RANDOM = bytes(range(32))


def suite(code: int) -> SuiteParameters:
    parameters = suite_parameters(code)
    assert parameters is not None
    return parameters


def test_traffic_keys_are_those_of_rfc_8448() -> None:
    """RFC 8448 3: server handshake traffic secret of the simple 1-RTT handshake."""
    secret = bytes.fromhex("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38")
    keys = traffic_keys(suite(0x1301), secret)
    assert keys.key.hex() == "3fce516009c21727d0f2e4e86ee403bc"
    assert keys.iv.hex() == "5d313eb2671276ee13000b30"


def test_secret_after_a_key_update_has_the_length_of_the_hash() -> None:
    assert len(next_traffic_secret("sha384", bytes(48))) == 48
    assert next_traffic_secret("sha256", bytes(32)) != bytes(32)


def test_pseudo_random_of_tls_1_2_is_the_known_vector() -> None:
    """P_SHA256 vector of the IETF TLS list (2009-09), which implementations share."""
    output = pseudo_random(
        TLS_1_2,
        "sha256",
        bytes.fromhex("9bbe436ba940f017b17652849a71db35"),
        b"test label" + bytes.fromhex("a0ba9f936cda311827a6f796ffd5198c"),
        100,
    )
    assert output[:16].hex() == "e3f229ba727be17b8d122620557cd453"
    assert len(output) == 100


@pytest.mark.parametrize(
    ("version", "code", "mac", "key", "iv"),
    [
        (TLS_1_2, 0xC02F, 0, 16, 4),
        (TLS_1_2, 0xCCA8, 0, 32, 12),
        (TLS_1_2, 0xC028, 48, 32, 0),
        (TLS_1_0, 0x002F, 20, 16, 16),
        (TLS_1_2, 0x003B, 32, 0, 0),
    ],
)
def test_key_block_is_cut_by_the_suite(version: int, code: int, mac: int, key: int, iv: int) -> None:
    client, server = connection_keys(version, suite(code), b"m" * 48, RANDOM, RANDOM[::-1])
    for keys in (client, server):
        assert (len(keys.mac_key), len(keys.key), len(keys.iv)) == (mac, key, iv)
    assert client != server


@pytest.mark.parametrize("code", [0x0005, 0x000A, 0x0041, 0xC050, 0x00C6, 0x1306, 0xFFFF, 0x5600])
def test_suites_that_are_not_opened_have_no_parameters(code: int) -> None:
    assert suite_parameters(code) is None


def test_key_log_finds_a_secret_by_label_and_random() -> None:
    log = KeyLog()
    assert log.add(b"CLIENT_RANDOM " + RANDOM.hex().encode() + b" " + b"ab" * 48)
    assert log.get(SecretLabel.MASTER, RANDOM) == b"\xab" * 48
    assert log.get(SecretLabel.MASTER, RANDOM[::-1]) is None
    assert log.get(SecretLabel.CLIENT_APPLICATION, RANDOM) is None


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"# comment",
        b"CLIENT_RANDOM 00",
        b"CLIENT_RANDOM zz zz",
        b"CLIENT_RANDOM " + b"00" * 31 + b" " + b"00" * 48,
        b"CLIENT_RANDOM " + b"00" * 32 + b" " + b"00" * 65,
        b"EXPORTER_SECRET " + b"00" * 32 + b" " + b"00" * 32,
        b"CLIENT_RANDOM \xff\xfe " + b"00" * 48,
    ],
)
def test_key_log_ignores_lines_that_open_nothing(line: bytes) -> None:
    assert not KeyLog().add(line)


def test_key_log_keeps_the_latest_sixty_four_secrets() -> None:
    log = KeyLog()
    randoms = [number.to_bytes(32, "big") for number in range(100)]
    for random in randoms:
        log.add(b"CLIENT_RANDOM " + random.hex().encode() + b" " + b"00" * 48)
    known = [random for random in randoms if log.get(SecretLabel.MASTER, random) is not None]
    assert known == randoms[-64:]


def test_secrets_stand_in_no_repr() -> None:
    secret = b"\xab" * 32
    log = KeyLog()
    log.add(b"CLIENT_TRAFFIC_SECRET_0 " + RANDOM.hex().encode() + b" " + secret.hex().encode())
    keys = traffic_keys(suite(0x1301), secret)
    assert "ab" * 4 not in repr(log)
    assert repr(keys) == "RecordKeys()"
