"""The tap against real handshakes, with OpenSSL's own message callback as referee."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from OpenSSL import SSL
from OpenSSL._util import lib

from tests.support.tls13_seal import Seal, secret_of
from tests.support.tls_pair import HOST, Client, Pair, Setting, credential
from trustdesk.core.handshake import AlertDirection, CertificateRequest, Direction
from trustdesk.network.tap import Tap

V1_0, V1_1, V1_2, V1_3 = SSL.TLS1_VERSION, SSL.TLS1_1_VERSION, SSL.TLS1_2_VERSION, SSL.TLS1_3_VERSION
IN, OUT = Direction.IN, Direction.OUT

SETTINGS = [
    Setting(suites=b"TLS_AES_128_GCM_SHA256"),
    Setting(suites=b"TLS_AES_256_GCM_SHA384", key="rsa"),
    Setting(suites=b"TLS_CHACHA20_POLY1305_SHA256"),
    Setting(suites=b"TLS_AES_128_CCM_SHA256"),
    Setting(suites=b"TLS_AES_128_CCM_8_SHA256"),
    Setting(version=V1_2, suites=b"ECDHE-ECDSA-AES128-GCM-SHA256"),
    Setting(version=V1_2, suites=b"ECDHE-RSA-AES256-GCM-SHA384", key="rsa"),
    Setting(version=V1_2, suites=b"ECDHE-ECDSA-CHACHA20-POLY1305"),
    Setting(version=V1_2, suites=b"ECDHE-ECDSA-AES256-CCM"),
    Setting(version=V1_2, suites=b"ECDHE-ECDSA-AES128-CCM8"),
    Setting(version=V1_2, suites=b"ECDHE-ECDSA-AES128-SHA256"),
    Setting(version=V1_2, suites=b"ECDHE-RSA-AES256-SHA384", key="rsa"),
    Setting(version=V1_2, suites=b"ECDHE-RSA-AES256-SHA384", key="rsa", encrypt_then_mac=False),
    Setting(version=V1_2, suites=b"ECDHE-ECDSA-AES128-SHA", encrypt_then_mac=False),
    Setting(version=V1_2, suites=b"AES128-GCM-SHA256", key="rsa"),
    Setting(version=V1_2, suites=b"AES256-SHA256", key="rsa"),
    Setting(version=V1_2, suites=b"NULL-SHA256", key="rsa"),
    Setting(version=V1_1, suites=b"ECDHE-ECDSA-AES256-SHA"),
    Setting(version=V1_1, suites=b"AES128-SHA", key="rsa", encrypt_then_mac=False),
    Setting(version=V1_0, suites=b"ECDHE-ECDSA-AES256-SHA"),
    Setting(version=V1_0, suites=b"ECDHE-RSA-AES128-SHA", key="rsa", encrypt_then_mac=False),
]


def name_of(setting: Setting) -> str:
    order = "" if setting.encrypt_then_mac else "-mac-then-encrypt"
    return f"{setting.version:04x}-{setting.suites.decode()}{order}"


def certificate_names(chain: tuple[bytes, ...] | None) -> list[str]:
    return [x509.load_der_x509_certificate(der).subject.rfc4514_string() for der in chain or ()]


@pytest.mark.parametrize("setting", SETTINGS, ids=name_of)
def test_messages_are_those_that_openssl_reports(setting: Setting) -> None:
    pair = Pair(setting).run()
    assert pair.client.handshake_done
    assert pair.told() == pair.refereed()
    assert pair.tap.malformed is None
    assert pair.tap.client_flight_done
    assert pair.tap.server_finished
    assert pair.chain_known_early
    assert certificate_names(pair.tap.server_chain)[0] == f"CN={HOST}"


@pytest.mark.parametrize("setting", SETTINGS, ids=name_of)
def test_application_data_of_both_directions_has_its_size(setting: Setting) -> None:
    pair = Pair(setting).run()
    pair.client.connection.send(b"GET / HTTP/1.1\r\n\r\n")
    pair.server.connection.send(b"x" * 1000)
    pair.run()
    pair.server.connection.send(b"y" * 10)
    pair.run()
    data = [(event.direction, event.bytes) for event in pair.events if event.message == "application_data"]
    sizes = {side: sum(size for direction, size in data if direction is side) for side in Direction}
    assert sizes == {OUT: 18, IN: 1010}
    assert pair.client.received == b"x" * 1000 + b"y" * 10
    assert pair.tap.malformed is None


def test_negotiated_of_tls_1_3() -> None:
    negotiated = Pair(Setting(key="rsa", alpn=(b"h2", b"http/1.1"))).run().tap.negotiated
    assert negotiated is not None
    assert negotiated.version == "TLSv1.3"
    assert negotiated.cipher_suite == "TLS_AES_256_GCM_SHA384"
    assert negotiated.group == "X25519MLKEM768"
    assert negotiated.signature_scheme == "rsa_pss_rsae_sha256"
    assert negotiated.alpn == "http/1.1"


def test_negotiated_of_tls_1_2() -> None:
    setting = Setting(version=V1_2, suites=b"ECDHE-ECDSA-AES128-GCM-SHA256", alpn=(b"http/1.1",))
    negotiated = Pair(setting).run().tap.negotiated
    assert negotiated is not None
    assert negotiated.version == "TLSv1.2"
    assert negotiated.cipher_suite == "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
    assert negotiated.group == "x25519"
    assert negotiated.signature_scheme == "ecdsa_secp256r1_sha256"
    assert negotiated.alpn == "http/1.1"


def test_rsa_key_exchange_has_neither_group_nor_signature() -> None:
    negotiated = Pair(Setting(version=V1_2, suites=b"AES128-SHA", key="rsa")).run().tap.negotiated
    assert negotiated is not None
    assert (negotiated.group, negotiated.signature_scheme) == (None, None)


@pytest.mark.parametrize(
    ("key", "scheme"), [("ec", "ecdsa_sha1"), ("rsa", "rsa_pkcs1_md5_sha1")], ids=["ec", "rsa"]
)
def test_signature_of_tls_1_1_follows_from_the_key(key: str, scheme: str) -> None:
    negotiated = Pair(Setting(version=V1_1, key=key, suites=b"ECDHE")).run().tap.negotiated
    assert negotiated is not None
    assert negotiated.signature_scheme == scheme


def test_finite_field_group_is_told_by_its_prime() -> None:
    pair = Pair(Setting(version=V1_2, suites=b"DHE-RSA-AES128-GCM-SHA256", key="rsa")).run()
    assert pair.told() == pair.refereed()
    assert pair.tap.negotiated is not None
    assert pair.tap.negotiated.group == "ffdhe2048"


@pytest.mark.parametrize("version", [V1_0, V1_2, V1_3])
def test_certificate_request_names_the_cas_as_certificates_do(version: int) -> None:
    client = credential("ec", "client")
    pair = Pair(Setting(version=version, requires_client=True, client=client)).run()
    assert pair.told() == pair.refereed()
    request = pair.tap.certificate_request
    assert request is not None
    assert request.acceptable_cas == (client.certificate.issuer.rfc4514_string(),)
    assert bool(request.signature_schemes) == (version >= V1_2)
    assert pair.event("certificate_request").detail == "1 acceptable CA"
    assert pair.tap.client_certificate_sent
    assert not pair.tap.certificate_requested_later
    assert pair.event("certificate", OUT).encrypted == (version == V1_3)


@pytest.mark.parametrize("version", [V1_2, V1_3])
def test_empty_client_certificate_is_not_sent_certificate(version: int) -> None:
    pair = Pair(Setting(version=version, asks_for_client=True)).run()
    assert pair.told() == pair.refereed()
    assert pair.event("certificate", OUT).detail == "no certificate"
    assert not pair.tap.client_certificate_sent
    assert pair.tap.client_flight_done


def test_without_certificate_request_none_is_told() -> None:
    tap = Pair().run().tap
    assert tap.certificate_request is None
    assert tap.alerts == ()
    assert not tap.hello_retry
    assert tap.stapled_ocsp is None


def test_hello_retry_request_is_told_by_its_own_name() -> None:
    setting = Setting(server_curve=ec.SECP384R1())
    pair = Pair(setting).run()
    assert pair.told() == pair.refereed()
    assert pair.tap.hello_retry
    assert [message for message in pair.names(OUT) if message == "client_hello"] == ["client_hello"] * 2
    assert "asks for secp384r1" in pair.event("hello_retry_request").detail
    assert pair.tap.negotiated is not None
    assert pair.tap.negotiated.group == "secp384r1"


@pytest.mark.parametrize(
    ("version", "code", "name", "encrypted"),
    [
        pytest.param(V1_2, 40, "handshake_failure", False, id="1.2"),
        pytest.param(V1_3, 116, "certificate_required", True, id="1.3, after our Finished"),
    ],
)
def test_alert_for_a_missing_client_certificate(version: int, code: int, name: str, encrypted: bool) -> None:
    pair = Pair(Setting(version=version, requires_client=True)).run()
    assert pair.told() == pair.refereed()
    (alert,) = pair.tap.alerts
    assert (alert.direction, alert.code, alert.name) == (AlertDirection.RECEIVED, code, name)
    assert alert.level == "fatal"
    assert pair.event("alert").encrypted == encrypted
    assert pair.event("alert").detail == f"{name} ({code}), fatal"


@pytest.mark.parametrize("version", [V1_2, V1_3])
def test_alert_that_we_send_stands_after_the_message_that_caused_it(version: int) -> None:
    pair = Pair(Setting(version=version, client_verifies=True)).run()
    assert pair.told() == pair.refereed()
    (alert,) = pair.tap.alerts
    assert (alert.direction, alert.name) == (AlertDirection.SENT, "unknown_ca")
    assert [event.message for event in pair.events][-2:] == ["certificate", "alert"]


def test_protocol_version_alert_comes_before_anything_is_negotiated() -> None:
    setting = Setting(version=V1_2)
    pair = Pair(setting, client=Client(Setting(version=V1_1))).run()
    assert pair.told() == pair.refereed()
    assert [alert.name for alert in pair.tap.alerts] == ["protocol_version"]
    assert pair.tap.negotiated is None
    assert pair.tap.server_chain is None


@pytest.mark.parametrize("version", [V1_2, V1_3])
def test_close_notify_is_a_warning_under_encryption(version: int) -> None:
    pair = Pair(Setting(version=version)).run()
    pair.server.connection.shutdown()
    pair.run()
    assert [(alert.name, alert.level) for alert in pair.tap.alerts] == [("close_notify", "warning")]
    assert pair.event("alert").encrypted


@pytest.mark.parametrize("version", [V1_2, V1_3])
def test_resumed_handshake_has_no_certificate(version: int) -> None:
    client = Client(Setting(version=version))
    first = Pair(Setting(version=version), client=client).run()
    assert first.tap.tickets == (2 if version == V1_3 else 1)
    assert first.event("new_session_ticket").detail.startswith("lifetime 7200 s")
    context_of_server = first.server.connection.get_context()
    server = SSL.Connection(context_of_server, None)
    server.set_accept_state()
    second = Pair(
        Setting(version=version),
        client=client,
        server=type(first.server)(server),
        session=first.client.connection.get_session(),
    ).run()
    assert second.client.handshake_done
    assert second.told() == second.refereed()
    assert "certificate" not in second.names(IN)
    assert second.tap.server_chain is None
    assert second.tap.server_finished
    assert second.tap.client_flight_done
    assert second.tap.malformed is None


@pytest.mark.parametrize("version", [V1_2, V1_3])
def test_stapled_ocsp_response_is_kept_as_it_came(version: int) -> None:
    response = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER)
    der = response.public_bytes(Encoding.DER)
    pair = Pair(Setting(version=version, ocsp_response=der)).run()
    assert pair.told() == pair.refereed()
    assert pair.tap.stapled_ocsp == der


@pytest.mark.parametrize("version", [V1_2, V1_3])
def test_chain_longer_than_a_record_is_put_together(version: int) -> None:
    pair = Pair(Setting(version=version, extra_certificates=60)).run()
    assert pair.told() == pair.refereed()
    assert len(pair.tap.server_chain or ()) == 62
    assert pair.event("certificate", IN).bytes > 1 << 14
    assert pair.chain_known_early


def test_records_of_one_byte_are_put_together() -> None:
    def crumble(direction: Direction, record: bytes) -> list[bytes]:
        if direction is OUT or record[0] != 22 or len(record) < 80:  # Finished is encrypted, and short
            return [record]
        return [record[:3] + b"\x00\x01" + record[i : i + 1] for i in range(5, len(record))]

    pair = Pair(Setting(version=V1_2), change=crumble).run()
    assert pair.client.handshake_done
    assert pair.told() == pair.refereed()


def test_messages_of_one_record_share_its_time() -> None:
    held: list[bytes] = []

    def join(direction: Direction, record: bytes) -> list[bytes]:
        if direction is OUT or held == [b""] or record[0] != 22:
            return [record]
        held.append(record[5:])
        if record[5] != 14:
            return []
        flight = b"".join(held)
        held[:] = [b""]
        return [record[:3] + len(flight).to_bytes(2, "big") + flight]

    pair = Pair(Setting(version=V1_2), change=join).run()
    assert pair.client.handshake_done
    assert pair.told() == pair.refereed()
    flight = [event.at_ms for event in pair.events if event.direction is IN][:4]
    assert flight == [2.0] * 4


def test_renegotiation_asks_for_a_client_certificate_later() -> None:
    setting = Setting(version=V1_2, client=credential("ec", "client"), tickets=False)
    pair = Pair(setting).run()
    assert pair.tap.certificate_request is None
    server = pair.server.connection
    server.set_verify(SSL.VERIFY_PEER, lambda *_: True)
    assert server.renegotiate()
    pair.server.handshake_done = False
    pair.run()
    assert pair.told() == pair.refereed()
    assert pair.names(IN).count("server_hello") == 2
    assert "hello_request" in pair.names(IN)
    assert pair.tap.certificate_requested_later
    assert pair.tap.client_certificate_sent
    assert pair.event("certificate_request").encrypted
    assert pair.tap.malformed is None


def test_post_handshake_authentication_asks_later() -> None:
    pair = Pair(Setting(client=credential("ec", "client")))
    lib.SSL_set_post_handshake_auth(pair.client.connection._ssl, 1)
    pair.run()
    server = pair.server.connection
    server.set_verify(SSL.VERIFY_PEER, lambda *_: True)
    assert lib.SSL_verify_client_post_handshake(server._ssl) == 1
    pair.server.handshake_done = False
    pair.run()
    server.send(b"after")
    pair.run()
    assert pair.client.received == b"after"
    assert pair.told() == pair.refereed()
    assert pair.tap.certificate_requested_later
    assert pair.tap.client_certificate_sent
    assert pair.names(OUT)[-3:] == ["certificate", "certificate_verify", "finished"]
    assert pair.tap.malformed is None


def test_key_update_of_both_directions_and_padding() -> None:
    pair = Pair(Setting(suites=b"TLS_AES_256_GCM_SHA384")).run()
    secret = secret_of(pair.client_side.key_lines, b"SERVER_TRAFFIC_SECRET_0")
    seal = Seal(secret, sequence=pair.tap.tickets)
    pair.send_to_client(seal.record(b"\x18\x00\x00\x01\x01", 22, padding=100))
    seal.key_update()
    pair.send_to_client(seal.record(b"after the update", 23, padding=7))
    pair.client.connection.send(b"answer")
    pair.run()
    assert pair.client.failure is None
    assert pair.client.received == b"after the update"
    assert pair.server.received == b"answer"
    assert pair.told() == pair.refereed()
    assert pair.event("key_update", IN).detail == "update_requested"
    assert pair.event("key_update", OUT).detail == "update_not_requested"
    sizes = [event.bytes for event in pair.events if event.message == "application_data"]
    assert sizes == [16, 6]


@pytest.mark.parametrize("suite", [b"ECDHE-ECDSA-CAMELLIA128-SHA256", b"ECDHE-ECDSA-ARIA128-GCM-SHA256"])
def test_suite_that_is_not_opened_shows_sizes_only(suite: bytes) -> None:
    pair = Pair(Setting(version=V1_2, suites=suite)).run()
    pair.client.connection.send(b"x" * 100)
    pair.run()
    pair.server.connection.shutdown()
    pair.run()
    assert pair.names(OUT) == [
        "client_hello",
        "client_key_exchange",
        "change_cipher_spec",
        "encrypted_handshake",
        "application_data",
    ]
    assert pair.names(IN)[-3:] == ["change_cipher_spec", "encrypted_handshake", "encrypted_alert"]
    assert pair.event("application_data").bytes > 100
    assert pair.event("encrypted_handshake").encrypted
    assert pair.tap.client_flight_done
    assert pair.tap.server_finished
    assert pair.tap.alerts == ()
    assert pair.tap.malformed is None


@pytest.mark.parametrize("version", [V1_0, V1_2, V1_3])
def test_keys_that_come_late_open_what_waited(version: int) -> None:
    pair = Pair(Setting(version=version)).run()
    late = Tap()
    seen = [event for number, (direction, record) in enumerate(pair.records, 1)
            for event in late.record(direction, record, float(number))]  # fmt: skip
    assert "finished" not in [event.message for event in seen]
    for line in pair.client_side.key_lines:
        late.key_log(line)
    seen += late.flush()
    assert tuple(seen) == late.events
    for side in Direction:
        assert [event for event in seen if event.direction is side] == [
            event for event in pair.events if event.direction is side
        ]
    assert late.server_chain == pair.tap.server_chain
    assert late.negotiated == pair.tap.negotiated


@pytest.mark.parametrize("version", [V1_2, V1_3])
def test_keys_that_never_come_leave_closed_records(version: int) -> None:
    pair = Pair(Setting(version=version)).run()
    blind = Tap()
    for direction, record in pair.records:
        blind.record(direction, record, 0.0)
    assert blind.flush() == []
    assert "encrypted_handshake" in [event.message for event in blind.flush(ended=True)]
    assert blind.flush(ended=True) == []
    assert (blind.server_chain is None) == (version == V1_3)


def test_records_that_wait_are_bounded() -> None:
    pair = Pair(Setting()).run()
    blind = Tap()
    for direction, record in pair.records[:2]:
        blind.record(direction, record, 0.0)
    closed = b"\x17\x03\x03\x00\x20" + bytes(32)
    events = [event for _ in range(100) for event in blind.record(IN, closed, 1.0)]
    assert len(events) == 100 - 64
    assert {event.message for event in events} == {"encrypted_handshake"}


def test_damaged_record_is_told_and_does_not_stop_the_tap() -> None:
    pair = Pair(Setting()).run()
    damaged = b"\x17\x03\x03\x00\x20" + bytes(32)
    (event,) = pair.tap.record(IN, damaged, 9.0)
    assert (event.message, event.bytes, event.encrypted) == ("application_data", 32, True)
    assert pair.tap.malformed == "record that its key does not open"
    pair.server.connection.send(b"goes on")
    pair.run()
    assert pair.event("application_data").bytes == len("goes on")


def test_certificate_that_is_none_is_kept() -> None:
    tap = Tap()
    hello = bytes.fromhex("0303") + bytes(32) + b"\x00\xc0\x2b\x00"
    tap.record(IN, plain(2, hello), 1.0)
    tap.record(IN, plain(11, b"\x00\x00\x09\x00\x00\x06broken"), 2.0)
    assert tap.server_chain == (b"broken",)
    assert tap.malformed is None


def test_first_chain_stays_the_chain() -> None:
    tap = Tap()
    tap.record(IN, plain(11, b"\x00\x00\x06\x00\x00\x03one"), 1.0)
    tap.record(IN, plain(11, b"\x00\x00\x06\x00\x00\x03two"), 2.0)
    assert tap.server_chain == (b"one",)


def test_server_hello_cannot_be_taken_back() -> None:
    pair = Pair(Setting(version=V1_2)).run()
    before = pair.tap.negotiated
    pair.tap.record(IN, plain(2, bytes.fromhex("0303") + bytes(32) + b"\x00\xc0\x2c\x00"), 1.0)
    assert pair.tap.negotiated == before
    assert pair.tap.malformed is not None


def test_finished_in_the_clear_finishes_nothing() -> None:
    tap = Tap()
    tap.record(IN, plain(20, bytes(12)), 1.0)
    assert not tap.server_finished
    assert tap.malformed == "finished without protection"


def test_events_are_bounded_and_the_state_goes_on() -> None:
    tap = Tap(max_events=3)
    for _ in range(5):
        tap.record(IN, plain(4, b"\x00\x00\x00\x01\x00\x00"), 1.0)
    assert len(tap.events) == 3
    assert tap.events_dropped == 2
    assert tap.tickets == 5


def test_fields_of_all_events_are_bounded() -> None:
    tap = Tap()
    name = b"\x30\x81\xfb\x31\x81\xf8\x30\x81\xf5\x06\x03\x55\x04\x03\x0c\x81\xed" + b"n" * 0xED
    names = (len(name).to_bytes(2, "big") + name) * 60
    request = plain(13, b"\x00" + b"\x00\x00" + len(names).to_bytes(2, "big") + names)
    for _ in range(200):
        tap.record(IN, request, 1.0)
    assert len(tap.events) == 200
    assert sum(len(value) for event in tap.events for _, value in event.fields) <= 1 << 20
    assert tap.events[0].fields
    assert not tap.events[-1].fields


def test_message_over_the_limit_is_not_put_together() -> None:
    tap = Tap(max_message=1000)
    tap.record(IN, b"\x16\x03\x03\x00\x04\x0b\x00\x03\xe9", 1.0)
    assert tap.malformed == "handshake message of 1001 bytes"
    assert tap.record(IN, plain(0, b""), 2.0) == []


def test_chain_at_the_limit_is_put_together() -> None:
    tap = Tap(max_message=1000)
    certificate = b"x" * (1000 - 6)
    body = (997).to_bytes(3, "big") + len(certificate).to_bytes(3, "big") + certificate
    tap.record(IN, plain(11, body), 1.0)
    assert tap.server_chain == (certificate,)


@pytest.mark.parametrize("record", [b"", b"\x16", b"\x16\x03\x03\x00"])
def test_truncated_record_is_told(record: bytes) -> None:
    tap = Tap()
    assert tap.record(IN, record, 1.0) == []
    assert tap.malformed == "truncated record"


def test_heartbeat_and_unknown_types_are_events() -> None:
    tap = Tap()
    (heartbeat,) = tap.record(IN, b"\x18\x03\x03\x00\x03\x01\x40\x00", 1.0)
    (other,) = tap.record(IN, b"\x63\x03\x03\x00\x01x", 1.0)
    assert (heartbeat.message, other.message) == ("heartbeat", "content_type_99")
    assert tap.malformed == "content type 99"


def test_request_of_the_latest_handshake_is_kept() -> None:
    tap = Tap()
    tap.record(IN, plain(13, b"\x01\x40\x00\x02\x04\x03\x00\x00"), 1.0)
    assert tap.certificate_request == CertificateRequest(signature_schemes=("ecdsa_secp256r1_sha256",))


def plain(message_type: int, body: bytes) -> bytes:
    """Return one handshake message in one record in the clear."""
    message = bytes([message_type]) + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x03" + len(message).to_bytes(2, "big") + message
