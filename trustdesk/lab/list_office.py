"""The lab's list office: the files that the demo makes its trust list of, in the lab's own folder.

The certificate of who signs the list, with its key, and the roots that are on it. As with the identities, the
throw-away key lies in the folder for as long as the lab runs.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from trustdesk.formats.issuing import common_name
from trustdesk.lab.authority import new_key
from trustdesk.lab.pki import LabPki, write_private

SIGNER_FILE = "list-signer.pem"
SIGNER_KEY_FILE = "list-signer.key"
ROOTS_FILE = "list-roots.pem"
"""Root One, then Root Two; `trust-list.pem` beside it holds Root One alone."""
_BACKDATED = timedelta(days=400)
_VALIDITY = timedelta(days=1200)


def write_list_office(pki: LabPki, folder: Path) -> None:
    """Write the three files; the signer is certified by Root One, and may sign and nothing else."""
    key = new_key()
    usage = {
        name: name == "digital_signature"
        for name in (
            "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
            "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
        )
    }  # fmt: skip
    root = pki.root_one
    certificate = (
        x509.CertificateBuilder()
        .subject_name(common_name("Lab List Office", "trustdesk lab"))
        .issuer_name(root.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(pki.now - _BACKDATED)
        .not_valid_after(pki.now - _BACKDATED + _VALIDITY)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key()), critical=False
        )
        .sign(root.key, SHA256())
    )
    write_private(folder / SIGNER_FILE, certificate.public_bytes(Encoding.PEM))
    write_private(
        folder / SIGNER_KEY_FILE, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    roots = (pki.root_one.certificate, pki.root_two.certificate)
    write_private(folder / ROOTS_FILE, b"".join(one.public_bytes(Encoding.PEM) for one in roots))
