from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from trustdesk.lab.catalogue import CATALOGUE
from trustdesk.lab.pasts import read_past, write_pasts
from trustdesk.lab.pki import LabPki

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
_SPECS = {spec.name: spec for spec in CATALOGUE}


def test_what_a_server_presented_before_is_kept_with_another_key_and_without_any_private_one(
    tmp_path: Path,
) -> None:
    pki = LabPki.create(NOW)
    renewed, kept, new = (_SPECS[name] for name in ("healthy-cross-signed", "healthy-mtls-tls13", "expired"))
    presented = [
        (spec, pki.server_credential(spec.certificate, spec.dns_name, spec.age_days))
        for spec in (renewed, kept, new)
    ]
    write_pasts(pki, presented, tmp_path)
    past = read_past(renewed, tmp_path)
    assert past is not None
    now, before = (x509.load_der_x509_certificate(chain[0]) for chain in (past.chain, past.former))
    assert now == presented[0][1].chain[0]
    assert now.not_valid_before_utc == NOW - timedelta(days=renewed.age_days, hours=1)
    assert before.public_key() != now.public_key()
    assert before.issuer != now.issuer
    assert before.not_valid_before_utc < now.not_valid_before_utc < before.not_valid_after_utc
    steady = read_past(kept, tmp_path)
    assert steady is not None
    assert (len(steady.chain), steady.former) == (2, ())
    assert read_past(new, tmp_path) is None
    assert not any(b"PRIVATE" in file.read_bytes() for file in tmp_path.iterdir())
