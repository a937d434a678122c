"""Signed lists: whose signature counts, and every way of pretending to have one."""

from __future__ import annotations

import hashlib
import hmac
import json
import shutil
import subprocess
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwk, jws
from joserfc.errors import SecurityWarning

from tests.support import list_samples as samples
from tests.support import pki
from tests.support.list_samples import SCHEMA, day
from tests.support.pki import Issued
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message
from trustdesk.core.trust_version import Authenticity, AuthenticityState, ListContent, SignatureMethod
from trustdesk.formats.entry_facts import public_key_sha256
from trustdesk.formats.list_json_writing import json_list
from trustdesk.formats.list_reading import read_list
from trustdesk.formats.list_signature import open_signed
from trustdesk.formats.list_signing import sign_list
from trustdesk.formats.list_source import ListBytes, NamedSigner

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")

LIST = json_list(samples.full_list())


def signed(by: str = "ES256") -> bytes:
    issued = samples.signer(by)
    return sign_list(LIST, issued.key, [issued.der], signed_at=day("2026-11-01"))


def opened(data: bytes, *signers: NamedSigner, beside: bytes | None = None) -> Authenticity:
    return open_signed(ListBytes(place="l", data=data, signature=beside), signers).authenticity


def named(issued: Issued, *, pinned: bool = False) -> NamedSigner:
    return NamedSigner(sha256=issued.sha256, is_pinned=pinned)


def handmade(
    header: Mapping[str, object], payload: bytes, key: pki.PrivateKey, *, as_algorithm: str | None = None
) -> bytes:
    """Sign whatever header, as a program would that knows no rules."""
    head = urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=")
    body = urlsafe_b64encode(payload).rstrip(b"=")
    algorithm = jws.JWSRegistry.algorithms[as_algorithm or str(header["alg"])]
    signer = {"EC": jwk.ECKey, "RSA": jwk.RSAKey, "OKP": jwk.OKPKey}[algorithm.key_type].import_key(key)  # type: ignore[attr-defined]
    signature = algorithm.sign(head + b"." + body, signer)
    return b".".join((head, body, urlsafe_b64encode(signature).rstrip(b"=")))


def header_of(
    issued: Issued, algorithm: str = "ES256", more: Mapping[str, object] | None = None
) -> dict[str, object]:
    return {"alg": algorithm, "x5c": [b64encode(issued.der).decode()], **(more or {})}


def words(message: Message) -> str:
    return message.id.format(**dict(message.params))


def why(data: bytes) -> str:
    """Return why a signature that was tried does not hold."""
    found, unnamed = opened(data, named(samples.signer())), opened(data)
    assert (found.state, unnamed.state) == (AuthenticityState.FAILED, AuthenticityState.FAILED)
    assert found.why is not None
    return words(found.why)


def refusal(data: bytes, beside: bytes | None = None) -> str:
    """Return what is said of a signature that is not even tried."""
    with pytest.raises(UnusableInputError) as caught:
        opened(data, named(samples.signer()), beside=beside)
    assert caught.value.place == "l"
    return words(caught.value.problem)


@pytest.mark.parametrize("by", ["ES256", "ES384", "EdDSA", "PS256"])
def test_a_named_signer_is_verified(by: str) -> None:
    found = opened(signed(by), named(samples.signer(by)))
    assert found.state is AuthenticityState.VERIFIED
    assert found.method is SignatureMethod.JWS
    assert found.signer == samples.signer(by).sha256
    assert found.signed_at == day("2026-11-01")
    assert not found.pinned


def test_rs256_is_verified() -> None:
    issued = samples.signer("PS256")
    data = handmade(header_of(issued, "RS256"), LIST, issued.key)
    assert opened(data, named(issued)).state is AuthenticityState.VERIFIED


def test_ed25519_by_its_own_name_is_verified() -> None:
    issued = samples.signer("EdDSA")
    data = handmade(header_of(issued, "Ed25519"), LIST, issued.key)
    assert opened(data, named(issued)).state is AuthenticityState.VERIFIED


def test_a_pinned_signer_is_said_to_be_pinned() -> None:
    assert opened(signed(), named(samples.signer(), pinned=True)).pinned


def test_a_signer_may_be_pinned_by_its_key() -> None:
    key = public_key_sha256(samples.signer().der) or ""
    assert opened(signed(), NamedSigner(sha256=key)).state is AuthenticityState.VERIFIED


@pytest.mark.parametrize("signers", [(), (named(samples.signer("EdDSA")),)])
def test_another_signer_is_unknown(signers: Sequence[NamedSigner]) -> None:
    found = opened(signed(), *signers)
    assert found.state is AuthenticityState.UNKNOWN_SIGNER
    assert found.signer == samples.signer().sha256


def test_naming_an_issuer_of_x5c_does_not_verify() -> None:
    root = samples.root()
    issued = pki.client(root, "Signer")
    data = sign_list(LIST, issued.key, [issued.der, root.der])
    assert opened(data, named(root)).state is AuthenticityState.UNKNOWN_SIGNER
    assert opened(data, named(issued)).state is AuthenticityState.VERIFIED


def flattened(data: bytes, **more: object) -> bytes:
    protected, payload, signature = data.decode().split(".")
    return json.dumps({"protected": protected, "payload": payload, "signature": signature, **more}).encode()


def test_flattened_json_is_verified() -> None:
    assert opened(flattened(signed()), named(samples.signer())).state is AuthenticityState.VERIFIED


def test_detached_is_verified_and_covers_every_byte() -> None:
    issued = samples.signer()
    beside = sign_list(LIST, issued.key, [issued.der], detached=True)
    assert beside.split(b".")[1] == b""
    assert opened(LIST, named(issued), beside=beside).state is AuthenticityState.VERIFIED
    changed = opened(LIST + b" ", named(issued), beside=beside)
    assert changed.state is AuthenticityState.FAILED


def test_a_detached_signature_over_pem_is_verified() -> None:
    issued, pem = samples.signer(), samples.root().pem
    beside = sign_list(pem, issued.key, [issued.der], detached=True)
    source = ListBytes(place="roots.pem", data=pem, signature=beside)
    content = read_list(source, schema=SCHEMA, signers=[named(issued)])
    assert content.authenticity.state is AuthenticityState.VERIFIED


def test_what_was_signed_is_what_is_read() -> None:
    content = read_list(
        ListBytes(place="l", data=signed() + b"\n"), schema=SCHEMA, signers=[named(samples.signer())]
    )
    assert content.entries == samples.full_list().entries
    assert content.authenticity.state is AuthenticityState.VERIFIED


def test_a_key_that_is_known_here_checks_a_signature_without_a_certificate() -> None:
    issued = samples.signer()
    data = handmade({"alg": "ES256", "kid": "1"}, LIST, issued.key)
    spki = issued.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    signer = NamedSigner(sha256=public_key_sha256(issued.der) or "", key=spki, is_pinned=True)
    found = opened(data, signer)
    assert found.state is AuthenticityState.VERIFIED
    assert found.signer == public_key_sha256(issued.der)
    assert found.signer_certificate is None
    other = opened(data, NamedSigner(sha256="00" * 32, key=samples.root().der))
    assert other.state is AuthenticityState.FAILED


def test_a_certificate_that_is_known_here_is_held_to_what_one_in_the_list_is() -> None:
    issued = pki.client(None, "No signatures", key_usage=("key_agreement",))
    found = opened(
        handmade({"alg": "ES256"}, LIST, issued.key), NamedSigner(sha256=issued.sha256, key=issued.der)
    )
    assert found.state is AuthenticityState.FAILED
    assert found.why is not None
    assert "key usage" in words(found.why)
    issued = samples.signer()
    data = handmade({"alg": "ES256", "sigT": "2031-01-01T00:00:00Z"}, LIST, issued.key)
    known = NamedSigner(sha256=issued.sha256, key=issued.der)
    assert len(open_signed(ListBytes(place="l", data=data), [known]).remarks) == 1


def test_a_signature_without_certificate_and_key_is_not_checked() -> None:
    found = opened(handmade({"alg": "ES256"}, LIST, samples.signer().key), named(samples.signer()))
    assert found.state is AuthenticityState.NOT_CHECKED
    assert found.why is not None


@needs_openssl
def test_a_signature_that_openssl_made_is_verified(tmp_path: Path) -> None:
    issued = samples.signer("PS256")
    (tmp_path / "key.pem").write_bytes(issued.key_pem())
    head = urlsafe_b64encode(json.dumps(header_of(issued, "RS256")).encode()).rstrip(b"=")
    signing_input = head + b"." + urlsafe_b64encode(LIST).rstrip(b"=")
    command = ["openssl", "dgst", "-sha256", "-sign", str(tmp_path / "key.pem")]
    made = subprocess.run(command, input=signing_input, check=True, capture_output=True).stdout
    data = signing_input + b"." + urlsafe_b64encode(made).rstrip(b"=")
    assert opened(data, named(issued)).state is AuthenticityState.VERIFIED


@needs_openssl
def test_openssl_verifies_what_is_signed_here(tmp_path: Path) -> None:
    issued = samples.signer("PS256")
    public = issued.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signing_input, _, segment = signed("PS256").rpartition(b".")
    (tmp_path / "key.pem").write_bytes(public)
    (tmp_path / "signature").write_bytes(urlsafe_b64decode(segment + b"=" * (-len(segment) % 4)))
    options = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"]
    files = ["-verify", str(tmp_path / "key.pem"), "-signature", str(tmp_path / "signature")]
    command = ["openssl", "dgst", "-sha256", *options, *files]
    done = subprocess.run(command, input=signing_input, check=False, capture_output=True)
    assert done.stdout == b"Verified OK\n", done.stderr


# --- tried, and does not hold ---


def test_nothing_of_a_list_whose_signature_does_not_hold_comes_out() -> None:
    issued = samples.signer()
    protected, _, signature = signed().split(b".")
    other = urlsafe_b64encode(LIST.replace(b"Partners", b"Parrters")).rstrip(b"=")
    swapped = ListBytes(place="l", data=b".".join((protected, other, signature)))
    beside = sign_list(b"another", issued.key, [issued.der], detached=True)
    pem = ListBytes(place="l", data=samples.root().pem, signature=beside)
    for source in (swapped, pem):
        content = read_list(source, schema=SCHEMA, signers=[named(issued)])
        assert content.authenticity.state is AuthenticityState.FAILED
        assert content.entries == ()


def test_a_swapped_payload_does_not_hold() -> None:
    protected, _, signature = signed().split(b".")
    other = urlsafe_b64encode(LIST.replace(b"Partners", b"Parrters")).rstrip(b"=")
    assert "was changed" in why(b".".join((protected, other, signature)))


def test_a_swapped_header_does_not_hold() -> None:
    _, payload, signature = signed().split(b".")
    header = urlsafe_b64encode(json.dumps(header_of(samples.signer())).encode()).rstrip(b"=")
    assert "was changed" in why(b".".join((header, payload, signature)))


def test_a_swapped_signature_does_not_hold() -> None:
    other = sign_list(b"another list", samples.signer().key, [samples.signer().der])
    assert "was changed" in why(signed().rpartition(b".")[0] + b"." + other.rpartition(b".")[2])


def test_a_signature_that_is_cut_short_says_so() -> None:
    assert "has 48 bytes, where 64 belong" in why(signed()[:-22])


def test_a_certificate_put_in_front_is_not_the_signer() -> None:
    mine, named_one = samples.signer("EdDSA"), samples.signer()
    header = {"alg": "EdDSA", "x5c": [b64encode(one.der).decode() for one in (named_one, mine)]}
    assert "of another kind" in why(handmade(header, LIST, mine.key))


def test_x5c_whose_first_certificate_did_not_sign_says_which_did() -> None:
    other = pki.client(None, "Another signer")
    header = {"alg": "ES256", "x5c": [b64encode(one.der).decode() for one in (samples.signer(), other)]}
    assert "certificate 2 of x5c" in why(handmade(header, LIST, other.key))


@pytest.mark.parametrize(
    ("algorithm", "by"), [("ES256", "EdDSA"), ("EdDSA", "ES256"), ("PS256", "ES256"), ("ES384", "ES256")]
)
def test_a_key_of_another_kind_than_the_algorithm_says_so(algorithm: str, by: str) -> None:
    issued = samples.signer(by)
    data = handmade(header_of(issued, algorithm), LIST, issued.key, as_algorithm=by)
    assert f"another kind than the signature's algorithm, {algorithm}" in why(data)


def test_ed448_is_not_what_eddsa_means_here() -> None:
    key = ed448.Ed448PrivateKey.generate()
    issued = pki.issue(pki.name("Ed448"), samples.root(), key=key)  # type: ignore[arg-type]
    data = handmade(header_of(issued, "EdDSA"), LIST, key, as_algorithm="Ed448")  # type: ignore[arg-type]
    assert "of another kind" in why(data)


def test_a_short_rsa_key_is_too_weak() -> None:
    issued = pki.client(None, "Short", key=pki.rsa_key(1024))
    with pytest.warns(SecurityWarning):
        data = handmade(header_of(issued, "RS256"), LIST, issued.key)
    assert "1024 bits" in why(data)


def test_a_certificate_that_may_not_sign_does_not_count() -> None:
    issued = pki.client(None, "No signatures", key_usage=("key_agreement",))
    assert "key usage" in why(handmade(header_of(issued), LIST, issued.key))


def test_a_thumbprint_of_another_certificate_says_so() -> None:
    header = header_of(samples.signer(), more={"x5t#S256": "AAAA"})
    assert "names another certificate" in why(handmade(header, LIST, samples.signer().key))


# --- not even tried ---


def test_nobody_as_signer_is_refused() -> None:
    head = urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).rstrip(b"=")
    body = urlsafe_b64encode(LIST).rstrip(b"=")
    assert "alg none" in refusal(head + b"." + body + b".")
    assert "alg none" in refusal(flattened(head + b"." + body + b"."))


def test_a_public_key_as_the_secret_of_a_digest_is_refused() -> None:
    """The confusion of RS256 with HS256: the public key, which everybody has, as the secret."""
    issued = samples.signer("PS256")
    public = issued.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head = urlsafe_b64encode(json.dumps(header_of(issued, "HS256")).encode()).rstrip(b"=")
    body = urlsafe_b64encode(LIST).rstrip(b"=")
    digest = hmac.digest(public, head + b"." + body, hashlib.sha256)
    data = b".".join((head, body, urlsafe_b64encode(digest).rstrip(b"=")))
    assert "keyed digest (HS256)" in refusal(data)


@pytest.mark.parametrize("name", ["jku", "x5u", "jwk"])
def test_a_key_that_the_list_names_itself_is_refused(name: str) -> None:
    header = header_of(samples.signer(), more={name: "https://evil.example"})
    assert f"its own key ({name})" in refusal(handmade(header, LIST, samples.signer().key))


@pytest.mark.parametrize(
    "more", [{"crit": ["exp"], "exp": 1}, {"crit": ["b64"], "b64": False}, {"b64": False}]
)
def test_extensions_that_must_be_understood_are_refused(more: dict[str, object]) -> None:
    data = handmade(header_of(samples.signer(), more=more), LIST, samples.signer().key)
    assert "extension that is not known" in refusal(data)


@pytest.mark.parametrize("algorithm", ["ES512", "RS1", "ES256K", "PS512", "es256"])
def test_other_algorithms_are_refused(algorithm: str) -> None:
    data = handmade(header_of(samples.signer(), algorithm), LIST, samples.signer().key, as_algorithm="ES256")
    assert f"not taken: {algorithm}" in refusal(data)


def test_two_signatures_are_refused() -> None:
    first, second = signed(), signed("EdDSA")
    payload = first.split(b".")[1].decode()
    signatures = [
        {"protected": one.split(b".")[0].decode(), "signature": one.split(b".")[2].decode()}
        for one in (first, second)
    ]
    general = json.dumps({"payload": payload, "signatures": signatures}).encode()
    assert "2 signatures" in refusal(general)
    beside = sign_list(LIST, samples.signer().key, [samples.signer().der], detached=True)
    assert "another signature lies beside it" in refusal(first, beside)
    assert "brings a list of its own" in refusal(LIST, first)


def test_a_header_that_is_not_signed_is_refused() -> None:
    assert "not signed" in refusal(flattened(signed(), header={"alg": "ES256"}))


def test_a_header_with_a_name_twice_is_refused() -> None:
    _, payload, signature = signed().split(b".")
    header = urlsafe_b64encode(b'{"alg": "none", "alg": "ES256"}').rstrip(b"=")
    assert "stands twice" in refusal(b".".join((header, payload, signature)))


@pytest.mark.parametrize(("cut", "said"), [(0.05, "cut short"), (0.5, "cut short")])
def test_a_signed_list_that_is_cut_short_says_so(cut: float, said: str) -> None:
    data = signed()
    assert said in refusal(data[: int(len(data) * cut)])


def test_a_missing_signature_is_refused() -> None:
    assert "missing" in refusal(signed().rpartition(b".")[0] + b".")


@pytest.mark.parametrize("x5c", [[], "AAAA", ["%%"], ["AAAA"], [5], ["AAAA"] * 17])
def test_certificates_that_cannot_be_read_are_refused(x5c: object) -> None:
    header: dict[str, object] = {"alg": "ES256", "x5c": x5c}
    assert "(x5c) cannot be read" in refusal(handmade(header, LIST, samples.signer().key))


def test_base64url_has_one_spelling() -> None:
    data = signed()
    last = data[-1:]
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = alphabet[alphabet.index(last) ^ 1 :][:1]
    with pytest.raises(UnusableInputError, match="bits that mean nothing"):
        opened(data[:-1] + other)
    with pytest.raises(UnusableInputError):
        opened(data.replace(b".", b"=.", 1))


def test_a_date_outside_the_certificates_validity_is_remarked() -> None:
    issued = samples.signer()
    data = sign_list(LIST, issued.key, [issued.der], signed_at=day("2031-01-01"))
    document = open_signed(ListBytes(place="l", data=data), [named(issued)])
    assert document.authenticity.state is AuthenticityState.VERIFIED
    assert len(document.remarks) == 1


# --- signing ---


def test_a_key_of_another_certificate_does_not_sign() -> None:
    with pytest.raises(UnusableInputError, match="not that of the certificate"):
        sign_list(LIST, samples.signer().key, [samples.signer("EdDSA").der])


@pytest.mark.parametrize("key", [ec.generate_private_key(ec.SECP521R1()), pki.rsa_key(1024)])
def test_a_key_of_another_kind_does_not_sign(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> None:
    issued = pki.client(None, "Unfit", key=key)
    with pytest.raises(UnusableInputError, match="key of this kind"):
        sign_list(LIST, key, [issued.der])


def test_a_certificate_that_may_not_sign_does_not_sign() -> None:
    issued = pki.client(None, "No signatures", key_usage=("key_agreement",))
    with pytest.raises(UnusableInputError, match="cannot sign"):
        sign_list(LIST, issued.key, [issued.der])


# --- anything at all ---


def read(data: bytes) -> ListContent | None:
    try:
        return read_list(ListBytes(place="l", data=data), schema=SCHEMA, signers=[named(samples.signer())])
    except UnusableInputError:
        return None


SIGNED = signed()


@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
@settings(max_examples=200, deadline=None)
def test_a_changed_byte_never_verifies(at: int, flip: int) -> None:
    content = read(SIGNED[:at] + bytes([SIGNED[at] ^ flip]) + SIGNED[at + 1 :])
    # A byte in the name of x5c leaves a signature that nobody can check.
    not_holding = {AuthenticityState.FAILED, AuthenticityState.NOT_CHECKED}
    assert content is None or content.authenticity.state in not_holding


@given(st.integers(0, len(SIGNED) - 1))
@settings(max_examples=100, deadline=None)
def test_a_cut_never_verifies(length: int) -> None:
    content = read(SIGNED[:length])
    assert content is None or content.authenticity.state is AuthenticityState.FAILED


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=2)
)


@given(
    st.dictionaries(
        st.sampled_from(["alg", "x5c", "crit", "kid", "iat", "sigT", "typ", "x5t#S256"]), json_values
    )
)
@settings(max_examples=100, deadline=None)
def test_any_header_is_read_or_refused(header: dict[str, object]) -> None:
    head = urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=")
    content = read(head + b"." + SIGNED.split(b".", 1)[1])
    assert content is None or content.authenticity.state is not AuthenticityState.VERIFIED
