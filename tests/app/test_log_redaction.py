"""What a log, a traceback or a crash may quote, without the keys in it."""

from __future__ import annotations

import base64
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from tests.support.key_needles import found_in, needles_of
from tests.support.tokens import token
from trustdesk.app.log_redaction import REDACTED, redacted
from trustdesk.storage.key_records import records_of

ROOT = Path(__file__).resolve().parents[2]
KEYS: dict[str, CertificateIssuerPrivateKeyTypes] = {
    "P-256": ec.generate_private_key(ec.SECP256R1()),
    "RSA": rsa.generate_private_key(65537, 2048),
}

SCRIPT = """
import logging, sys, threading
from trustdesk.app.log_redaction import keep_secrets_out_of_logs
keep_secrets_out_of_logs()
secrets = open(sys.argv[1], "rb").read().split(b"\\0")
text, raw = [secret.decode() for secret in secrets[:-1]], secrets[-1]
for secret in text:
    logging.getLogger("keyring").warning("refused %s", secret)
    logging.getLogger("trustdesk.storage").error(f"refused {secret}")
logging.getLogger().error("bytes %r and %s", raw, [raw])
logging.getLogger().error("does not %d fit", text[0])
try:
    raise ValueError(text[0], raw)
except ValueError:
    logging.getLogger("anything").exception("caught %s", text[1])
class Fails:
    def __del__(self):
        raise ValueError(text[2])
fails = Fails()
del fails
def run():
    raise ValueError(text[0])
thread = threading.Thread(target=run)
thread.start()
thread.join()
print("still here")
raise RuntimeError(text[1]) from ValueError(raw)
"""


def der(name: str) -> bytes:
    return KEYS[name].private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize("name", KEYS)
def test_logs_and_crashes_hold_nothing_of_a_key(name: str, tmp_path: Path) -> None:
    pem = KEYS[name].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    record = records_of(KEYS[name], datetime(2026, 11, 27, tzinfo=UTC))[0].encode()
    file = tmp_path / "secrets"
    file.write_bytes(
        b"\0".join([base64.b64encode(der(name)), pem, record, der(name).replace(b"\0", b"\x01")])
    )

    command = [sys.executable, "-c", SCRIPT, str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (1, "still here\n"), done.stderr
    assert found_in((done.stdout + done.stderr).encode(), needles_of(KEYS[name])) == []
    for said in (
        "refused",
        "caught",
        "do not fit",
        "Exception in thread",
        "RuntimeError",
        "ValueError",
        REDACTED,
    ):
        assert said in done.stderr


def test_the_same_without_redaction_would_be_seen(tmp_path: Path) -> None:
    """The needles of the test above are found where they are."""
    for text in (
        base64.b64encode(der("RSA")),
        KEYS["RSA"].private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
        repr(der("RSA")).encode(),
        der("RSA"),
        der("RSA").hex().encode(),
    ):
        assert found_in(text, needles_of(KEYS["RSA"]))


@pytest.mark.parametrize(
    "line",
    [
        "certificate 5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d is not there",
        '  File "/usr/lib/python3/somewhere/very/deep/inside/of/a/library/with/long/paths/m", line 3',
        "keyring:0123456789abcdef0123456789abcdef: The private key is not in the key store any more",
        "-----BEGIN CERTIFICATE-----",
        "CN=Air Cargo Client CA,O=Meridian Trust",
        "b'short'",
    ],
)
def test_what_names_things_stays(line: str) -> None:
    assert redacted(line) == line


@given(st.binary(min_size=48, max_size=4000), st.sampled_from(["", "text ", "key=", "'", "x: "]))
def test_base64_of_anything_long_goes(data: bytes, before: str) -> None:
    text = base64.b64encode(data).decode()
    shown = redacted(f"{before}{text} afterwards")
    assert text not in shown
    assert shown.endswith(" afterwards")


@given(st.text(max_size=3000))
def test_any_text_is_redacted_in_time(text: str) -> None:
    assert len(redacted(text)) <= len(text) + 20 * len(REDACTED)


def test_an_endless_beginning_of_a_key_takes_no_time() -> None:
    assert redacted("-----BEGIN " * 20_000).count("BEGIN") == 20_000
    assert redacted("b'" + "\\" * 100_000) == REDACTED
    assert redacted("-----BEGIN PRIVATE KEY-----" + "a b" * 50_000) == REDACTED


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA"])
def test_tokens_are_taken_out(algorithm: str) -> None:
    text = token(algorithm, "P-256" if algorithm == "ES256" else "Ed25519")
    for line in (text, f"Bearer {text}", f"refused '{text}' at last", text[: len(text) // 2]):
        assert not any(part[:30] in redacted(line) for part in text.split("."))
    assert redacted("eyJ is how a token begins") == "eyJ is how a token begins"
