"""OCSP requests answered by a responder that nobody here wrote: `openssl ocsp`, over files."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support import pki
from tests.support.ocsp_cases import (
    GOOD,
    REVOKED,
    SENT,
    SOURCE,
    UNAVAILABLE,
    UNKNOWN,
    delegate,
    failed,
    status_of,
)
from tests.support.pki import Issued
from trustdesk.core.revocation import RevocationAnswer, RevocationRuleStatus
from trustdesk.verify.decoded import decode
from trustdesk.verify.revocation.ocsp import check_response, ocsp_request

pytestmark = pytest.mark.servers

# The responder's clock is the real one.
LASTING: dict[str, Any] = {
    "not_before": datetime(2020, 1, 1, tzinfo=UTC),
    "not_after": datetime(2120, 1, 1, tzinfo=UTC),
}
REVOKED_AT = datetime(2026, 11, 1, 12, 30, tzinfo=UTC)


@cache
def ca() -> Issued:
    return pki.authority("Issuing CA", pki.root(**LASTING), **LASTING)


@cache
def leaves() -> dict[str, Issued]:
    return {
        state: pki.client(ca(), state, **LASTING)
        for state in ("good", "revoked", "compromised", "held", "unknown")
    }


class Responder:
    """`openssl ocsp` with an index of certificates; answers a file with a file."""

    def __init__(self, folder: Path, signer: Issued, *options: str) -> None:
        self._folder = folder
        self._options = options
        signer_file = self._file("signer.pem", signer.pem)
        key_file = self._file("signer.key", signer.key_pem())
        ca_file = self._file("ca.pem", ca().pem)
        revoked = f"{REVOKED_AT:%y%m%d%H%M%SZ}"
        rows = {
            "good": ("V", ""),
            "revoked": ("R", revoked),
            "compromised": ("R", f"{revoked},keyCompromise"),
            "held": ("R", f"{revoked},certificateHold"),
        }
        lines = []
        for state, (letter, date) in rows.items():
            serial = f"{leaves()[state].certificate.serial_number:X}"
            serial = serial.zfill(len(serial) + len(serial) % 2)
            lines.append(f"{letter}\t21191231235959Z\t{date}\t{serial}\tunknown\t/CN={state}\n")
        index = self._file("index.txt", "".join(lines).encode())
        self._command = [
            *("openssl", "ocsp", "-index", index, "-CA", ca_file, "-rsigner", signer_file),
            *("-rkey", key_file, "-ndays", "1"),
        ]

    def answer(self, request: bytes) -> bytes:
        requested = self._file("request.der", request)
        response = self._folder / "response.der"
        done = subprocess.run(
            [*self._command, "-reqin", requested, "-respout", str(response), *self._options],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        assert response.exists(), done.stderr  # status 1 of the program is an answer too
        return response.read_bytes()

    def _file(self, name: str, content: bytes) -> str:
        place = self._folder / name
        place.write_bytes(content)
        return str(place)


def ask(
    responder: Responder,
    state: str = "good",
    *,
    digest: Any = "sha1",
    nonce: bytes | None = SENT,
    expected_nonce: bytes | None = None,
    at: datetime | None = None,
) -> RevocationAnswer:
    leaf, issuer = decode(leaves()[state].der), decode(ca().der)
    response = responder.answer(ocsp_request(leaf, issuer, digest=digest, nonce=nonce))
    now = datetime.now(UTC)
    return check_response(
        response,
        source=SOURCE,
        certificate=leaf,
        issuer=issuer,
        at=at or now,
        nonce=expected_nonce or nonce,
        retrieved_at=now,
    )


@pytest.mark.parametrize("digest", ["sha1", "sha256"])
@pytest.mark.parametrize("delegated", [False, True])
@pytest.mark.parametrize(
    ("state", "status", "reason"),
    [
        ("good", GOOD, None),
        ("revoked", REVOKED, None),
        ("compromised", REVOKED, "keyCompromise"),
        ("held", REVOKED, "certificateHold"),
        ("unknown", UNKNOWN, None),
    ],
)
def test_every_status_is_said_with_its_reason(
    tmp_path: Path, state: str, status: str, reason: str | None, delegated: bool, digest: str
) -> None:
    signer = delegate(ca(), **LASTING) if delegated else ca()
    answer = ask(Responder(tmp_path, signer), state, digest=digest)
    assert (answer.status, answer.revocation_reason, failed(answer)) == (status, reason, [])
    assert answer.revoked_at == (REVOKED_AT if status is REVOKED else None)
    assert answer.signed_by == ("CN=Responder" if delegated else "CN=Issuing CA")
    assert status_of(answer, "ocsp.nonce") is RevocationRuleStatus.PASS
    assert answer.next_update is not None
    assert answer.this_update is not None
    assert answer.next_update - answer.this_update == timedelta(days=1)


def test_responder_is_known_by_the_hash_of_its_key(tmp_path: Path) -> None:
    answer = ask(Responder(tmp_path, delegate(ca(), **LASTING), "-resp_key_id"))
    assert (answer.status, failed(answer)) == (GOOD, [])


def test_nonce_that_was_not_sent_or_is_another(tmp_path: Path) -> None:
    responder = Responder(tmp_path, ca())
    unsent = ask(responder, nonce=None)
    assert status_of(unsent, "ocsp.nonce") is RevocationRuleStatus.NOT_APPLICABLE
    assert unsent.status is GOOD
    missing = ask(responder, nonce=None, expected_nonce=SENT)
    assert status_of(missing, "ocsp.nonce") is RevocationRuleStatus.NOT_RUN
    another = ask(responder, expected_nonce=bytes(32))
    assert (another.status, failed(another)) == (UNAVAILABLE, ["ocsp.nonce"])


def test_rsa_pss_of_openssl_is_verified(tmp_path: Path) -> None:
    signer = delegate(ca(), key=pki.rsa_key(), **LASTING)
    options = ("-rmd", "sha384", "-rsigopt", "rsa_padding_mode:pss", "-rsigopt", "rsa_pss_saltlen:20")
    answer = ask(Responder(tmp_path, signer, *options))
    assert (answer.status, failed(answer)) == (GOOD, [])
    (check,) = (check for check in answer.checks if check.rule == "ocsp.digest")
    assert dict(check.evidence.params)["algorithm"] == "rsassaPss-sha384"


def test_signature_that_openssl_corrupts_is_not_believed(tmp_path: Path) -> None:
    for state in ("good", "revoked"):
        answer = ask(Responder(tmp_path, ca(), "-badsig"), state)
        assert (answer.status, failed(answer)) == (UNAVAILABLE, ["ocsp.signature"])


def test_certificates_that_openssl_leaves_out_are_missed(tmp_path: Path) -> None:
    answer = ask(Responder(tmp_path, delegate(ca(), **LASTING), "-resp_no_certs"))
    assert (answer.status, failed(answer)) == (UNAVAILABLE, ["ocsp.responder"])


def test_sibling_that_signs_is_not_believed(tmp_path: Path) -> None:
    answer = ask(Responder(tmp_path, leaves()["good"]))
    assert answer.status is UNAVAILABLE
    assert {"ocsp.delegate.purpose", "ocsp.independence"} <= set(failed(answer))


def test_answer_is_out_of_date_later_and_too_early_before(tmp_path: Path) -> None:
    responder = Responder(tmp_path, ca())
    later = ask(responder, at=datetime.now(UTC) + timedelta(days=2))
    assert (later.status, failed(later)) == (UNAVAILABLE, ["ocsp.next_update"])
    before = ask(responder, at=datetime.now(UTC) - timedelta(days=2))
    assert before.status is UNAVAILABLE
    assert "ocsp.this_update" in failed(before)


def test_answer_of_another_cas_responder_is_not_believed(tmp_path: Path) -> None:
    other = pki.authority("Other CA", None, **LASTING)
    stranger = pki.client(other, **LASTING)
    leaf, issuer = decode(stranger.der), decode(other.der)
    response = Responder(tmp_path, ca()).answer(ocsp_request(leaf, issuer, digest="sha256", nonce=None))
    answer = check_response(
        response, source=SOURCE, certificate=leaf, issuer=issuer, at=datetime.now(UTC), nonce=None
    )
    assert answer.status is UNAVAILABLE
    assert "ocsp.delegate.issuer" in failed(answer)


def test_request_about_nothing_is_malformed(tmp_path: Path) -> None:
    response = Responder(tmp_path, ca()).answer(bytes.fromhex("300430023000"))
    answer = check_response(
        response,
        source=SOURCE,
        certificate=decode(leaves()["good"].der),
        issuer=decode(ca().der),
        at=datetime.now(UTC),
        nonce=None,
    )
    assert (answer.status, failed(answer)) == (UNAVAILABLE, ["ocsp.status"])
