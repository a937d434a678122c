"""Messages of other tools: as they really print them, and the causes behind each."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.diagnose.cause_texts import CatalogueError, read_cause_texts
from trustdesk.diagnose.causes import Cause
from trustdesk.diagnose.pasted import is_of_a_server, read_messages, recognise

DATA = Path("resources/diagnosis")
CATALOGUE = read_messages((DATA / "messages.toml").read_text(encoding="utf-8"))

CLIENT_TEXTS = [
    (
        "curl: (35) schannel: next InitializeSecurityContext failed: CRYPT_E_NO_REVOCATION_CHECK (0x80092012)"
        " - The revocation function was unable to check revocation for the certificate.",
        Cause.SERVER_REVOCATION_UNKNOWN,
    ),
    (
        "java.security.cert.CertPathValidatorException: Unable to determine revocation status due to network error",
        Cause.SERVER_REVOCATION_UNKNOWN,
    ),
    (
        "curl: (56) OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate required, errno 0",
        Cause.CLIENT_CERT_REQUIRED,
    ),
    (
        "ssl.SSLError: [SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required (_ssl.c:2580)",
        Cause.CLIENT_CERT_REQUIRED,
    ),
    ("remote error: tls: certificate required", Cause.CLIENT_CERT_REQUIRED),
    (
        "javax.net.ssl.SSLHandshakeException: Received fatal alert: certificate_required",
        Cause.CLIENT_CERT_REQUIRED,
    ),
    (
        "*** Fatal error: A TLS fatal alert has been received: Certificate is required",
        Cause.CLIENT_CERT_REQUIRED,
    ),
    ("<center>No required SSL certificate was sent</center>", Cause.CLIENT_CERT_REQUIRED),
    (
        "routines:ssl3_read_bytes:tlsv1 alert unknown ca:ssl/record/rec_layer_s3.c:1605:SSL alert number 48",
        Cause.CLIENT_CA_NOT_TRUSTED,
    ),
    ("remote error: tls: unknown certificate authority", Cause.CLIENT_CA_NOT_TRUSTED),
    ("remote error: tls: bad certificate", Cause.CLIENT_EKU_MISSING_CLIENT_AUTH),
    (
        "javax.net.ssl.SSLHandshakeException: Received fatal alert: certificate_unknown",
        Cause.CLIENT_CERT_EXPIRED,
    ),
    ("curl: (35) error:0A000410:SSL routines::sslv3 alert handshake failure", Cause.CLIENT_CERT_REQUIRED),
    ("error:0A000412:SSL routines::sslv3 alert bad certificate", Cause.CLIENT_CERT_NOT_YET_VALID),
    (
        "error:0A000413:SSL routines::sslv3 alert unsupported certificate",
        Cause.CLIENT_EKU_MISSING_CLIENT_AUTH,
    ),
    ("error:0A000415:SSL routines::sslv3 alert certificate expired", Cause.SERVER_CRL_STALE),
    ("error:0A000414:SSL routines::sslv3 alert certificate revoked", Cause.CLIENT_CERT_REVOKED),
    (
        "curl: (60) SSL certificate problem: unable to get local issuer certificate",
        Cause.SERVER_MISSING_INTERMEDIATE,
    ),
    (
        "Error: unable to verify the first certificate\n  code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'",
        Cause.SERVER_CA_NOT_IN_LIST,
    ),
    (
        "tls: failed to verify certificate: x509: certificate signed by unknown authority",
        Cause.SERVER_MISSING_INTERMEDIATE,
    ),
    (
        "PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException",
        Cause.SERVER_CERT_EXPIRED,
    ),
    ("curl: (60) SSL certificate problem: self-signed certificate", Cause.SERVER_SELF_SIGNED),
    ("self signed certificate in certificate chain", Cause.TLS_INTERCEPTION),
    ("curl: (60) SSL certificate problem: certificate has expired", Cause.SERVER_CERT_EXPIRED),
    (
        "x509: certificate has expired or is not yet valid: current time 2026-11-27T10:00:00Z is after",
        Cause.INTERMEDIATE_EXPIRED,
    ),
    ("Hostname mismatch, certificate is not valid for 'partner.example'.", Cause.SERVER_NAME_MISMATCH),
    (
        "curl: (60) SSL: no alternative certificate subject name matches target host name 'h'",
        Cause.SERVER_NAME_MISMATCH,
    ),
    (
        "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames",
        Cause.SERVER_NAME_MISMATCH,
    ),
    (
        "java.security.cert.CertificateException: No subject alternative names matching IP address 127.0.0.1 found",
        Cause.SERVER_NAME_MISMATCH,
    ),
    ("x509: certificate relies on legacy Common Name field, use SANs instead", Cause.SERVER_COMMON_NAME_ONLY),
    (
        "The remote certificate is invalid because of errors in the certificate chain: PartialChain",
        Cause.SERVER_MISSING_INTERMEDIATE,
    ),
    (
        "The remote certificate is invalid according to the validation procedure: RemoteCertificateNameMismatch",
        Cause.SERVER_NAME_MISMATCH,
    ),
    ("The certificate is NOT trusted. The certificate issuer is unknown.", Cause.SERVER_CA_NOT_IN_LIST),
    (
        "The certificate requires the server to include an OCSP status in its response, but the OCSP status is missing",
        Cause.SERVER_MUST_STAPLE_NOT_STAPLED,
    ),
    ("error:0A00010B:SSL routines::wrong version number", Cause.NOT_TLS_PLAIN_HTTP),
    ("tls: first record does not look like a TLS handshake", Cause.NOT_TLS_PLAIN_HTTP),
    ("javax.net.ssl.SSLException: Unsupported or unrecognized SSL message", Cause.NOT_TLS_OTHER),
    ("<center>The plain HTTP request was sent to HTTPS port</center>", Cause.NOT_TLS_PLAIN_HTTP),
    ("error:0A00042E:SSL routines::tlsv1 alert protocol version", Cause.SERVER_LEGACY_PROTOCOL_ONLY),
    ("error:0A000152:SSL routines::unsafe legacy renegotiation disabled", Cause.LEGACY_RENEGOTIATION_SERVER),
    ("error:0A00018A:SSL routines::dh key too small", Cause.WEAK_PARAMETERS),
    ("error:0A000458:SSL routines::tlsv1 unrecognized name", Cause.SNI_REQUIRED),
    ("tls: no application protocol", Cause.ALPN_MISMATCH),
    (
        "SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol (_ssl.c:1006)",
        Cause.CONNECTION_RESET_EARLY,
    ),
    ("javax.net.ssl.SSLHandshakeException: Remote host terminated the handshake", Cause.CLIENT_CERT_REQUIRED),
    ("Error: read ECONNRESET", Cause.CLIENT_CA_NOT_TRUSTED),
    ("java.net.SocketException: Broken pipe", Cause.CLIENT_CERT_NOT_SENT_BY_POLICY),
    ("dial tcp: lookup partner.example on 192.0.2.53:53: no such host", Cause.DNS_FAILURE),
    ("getaddrinfo ENOTFOUND partner.example", Cause.DNS_FAILURE),
    ("connect ECONNREFUSED 192.0.2.1:443", Cause.CONNECTION_REFUSED),
    ("java.net.SocketTimeoutException: Connect timed out", Cause.CONNECT_TIMEOUT),
    ("net/http: TLS handshake timeout", Cause.HANDSHAKE_STALLED),
    (
        "curl: (56) CONNECT tunnel failed, response 407\nProxy authentication required",
        Cause.PROXY_AUTH_REQUIRED,
    ),
    ("curl: (56) Received HTTP code 403 from proxy after CONNECT", Cause.PROXY_REFUSED),
    (
        "curl: (58) could not load PEM client certificate, error:05800074:x509 certificate routines::key values mismatch",
        Cause.CLIENT_KEY_MISMATCH,
    ),
    ("tls: private key does not match public key", Cause.CLIENT_KEY_MISMATCH),
    ("The credentials supplied to the package were not recognized 0x8009030D", Cause.CLIENT_CERT_REQUIRED),
    ("HTTP/1.1 401 Unauthorized", Cause.HTTP_UNAUTHORIZED),
    ("HTTP/1.1 403 Forbidden", Cause.HTTP_FORBIDDEN),
    ("HTTP/1.1 502 Bad Gateway", Cause.HTTP_SERVER_ERROR),
]

SERVER_TEXTS = [
    (
        "client SSL certificate verify error: (21:unable to verify the first certificate) while reading client request headers",
        Cause.CLIENT_CHAIN_INCOMPLETE,
    ),
    (
        "client SSL certificate verify error: (10:certificate has expired) while reading client request",
        Cause.CLIENT_CERT_EXPIRED,
    ),
    (
        "client SSL certificate verify error: (26:unsuitable certificate purpose) while reading",
        Cause.CLIENT_EKU_MISSING_CLIENT_AUTH,
    ),
    (
        "client SSL certificate verify error: (12:CRL has expired) while reading client request headers",
        Cause.SERVER_CRL_STALE,
    ),
    (
        "client SSL certificate verify error: (3:unable to get certificate CRL) while reading",
        Cause.SERVER_CRL_MISSING,
    ),
    (
        "client SSL certificate verify error: (23:certificate revoked) while reading",
        Cause.CLIENT_CERT_REVOKED,
    ),
    (
        "client SSL certificate verify error: (18:self-signed certificate) while reading",
        Cause.CLIENT_SELF_SIGNED,
    ),
    (
        "client sent no required SSL certificate while reading client request headers",
        Cause.CLIENT_CERT_REQUIRED,
    ),
    (
        "AH02276: Certificate Verification: Error (20): unable to get local issuer certificate",
        Cause.CLIENT_CA_NOT_TRUSTED,
    ),
    ("AH10158: cannot perform post-handshake authentication", Cause.POST_HANDSHAKE_AUTH_REQUIRED),
    ("AH02261: Re-negotiation handshake failed", Cause.RENEGOTIATION_AUTH_REQUIRED),
    ("partner/1: SSL client certificate not trusted", Cause.CLIENT_CA_NOT_TRUSTED),
    (
        "http: TLS handshake error from 192.0.2.1:5000: tls: client didn't provide a certificate",
        Cause.CLIENT_CERT_REQUIRED,
    ),
    (
        "http: TLS handshake error from 192.0.2.1:5000: tls: failed to verify certificate: x509: certificate specifies an incompatible key usage",
        Cause.CLIENT_EKU_MISSING_CLIENT_AUTH,
    ),
    (
        "http: TLS handshake error from 192.0.2.1:5000: x509: certificate signed by unknown authority",
        Cause.CLIENT_CA_NOT_TRUSTED,
    ),
    (
        "tlsClientError ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE peer did not return a certificate",
        Cause.CLIENT_CERT_REQUIRED,
    ),
    (
        "TLS server: In state wait_cert at ssl_handshake.erl:2113 generated SERVER ALERT: Fatal - Handshake Failure - {bad_cert,invalid_ext_key_usage}",
        Cause.CLIENT_EKU_MISSING_CLIENT_AUTH,
    ),
]


@pytest.mark.parametrize(("text", "cause"), CLIENT_TEXTS)
def test_text_of_a_client(text: str, cause: Cause) -> None:
    found = recognise(text, CATALOGUE)
    assert not is_of_a_server(text, CATALOGUE)
    assert cause in {one for recognised in found for one in recognised.message.client}


@pytest.mark.parametrize(("text", "cause"), SERVER_TEXTS)
def test_text_of_a_server(text: str, cause: Cause) -> None:
    found = recognise(text, CATALOGUE)
    assert is_of_a_server(text, CATALOGUE)
    assert cause in {one for recognised in found for one in recognised.message.server}


def test_longer_match_stands_alone() -> None:
    found = recognise("error 19: self-signed certificate in certificate chain", CATALOGUE)
    assert [one.words for one in found] == ["self-signed certificate in certificate chain"]


def test_several_messages_come_in_their_order() -> None:
    found = recognise("tlsv1 alert unknown ca\nthen\nConnection refused", CATALOGUE)
    assert [one.words for one in found] == ["alert unknown ca", "Connection refused"]


@pytest.mark.parametrize("text", ["hello", "OK", "200", "certificate", "\x00\x1b[31m"])
def test_what_says_nothing_is_nothing(text: str) -> None:
    assert recognise(text, CATALOGUE) == ()


@given(st.text(max_size=500), st.sampled_from([text for text, _ in CLIENT_TEXTS]), st.text(max_size=500))
def test_a_known_text_is_found_in_any_other(before: str, known: str, after: str) -> None:
    text = f"{before}\n{known}\n{after}"
    found = recognise(text, CATALOGUE)
    assert found
    for one in found:
        assert text[one.position :].startswith(one.words)


def test_every_cause_can_be_named_but_for_those_that_no_message_shows() -> None:
    named = {cause for message in CATALOGUE.messages for cause in (*message.client, *message.server)}
    assert set(Cause) - named == {Cause.ADDRESS_DIFFERS, Cause.NONE}


def test_every_message_with_several_causes_says_what_separates_them() -> None:
    for message in CATALOGUE.messages:
        if len(message.client) > 1:
            assert message.separate is not None or message.server, message.pattern.pattern


def test_every_cause_is_in_words() -> None:
    texts = read_cause_texts((DATA / "causes.toml").read_text(encoding="utf-8"))
    assert set(texts) == set(Cause)
    assert {cause for cause, text in texts.items() if text.remedy is None} == {Cause.NONE}


@pytest.mark.parametrize(
    "text",
    ['[nobody]\nmeaning = "x"', "[none]\nremedy = 'x'", '[none]\nmeaning = "Only this one."'],
)
def test_causes_that_are_not_all_or_unknown_are_a_fault(text: str) -> None:
    with pytest.raises(CatalogueError):
        read_cause_texts(text)


@pytest.mark.parametrize(
    "entry",
    [
        "pattern = '('\ntools = []\nmeaning = 'x'",
        "pattern = 'a'\nmeaning = 'x'",
        "pattern = 'a'\ntools = []\nmeaning = ''",
        "pattern = 'a'\ntools = []\nmeaning = 'x'\nclient = ['nobody']",
        "pattern = 'a'\ntools = []\nmeaning = 'x'\nother = 1",
    ],
)
def test_message_that_is_incomplete_is_a_fault(entry: str) -> None:
    with pytest.raises(CatalogueError, match="message 1"):
        read_messages(f"server_log = 'x'\n[[message]]\n{entry}")
