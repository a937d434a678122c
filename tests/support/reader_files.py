"""Files of every kind that the reader opens, made here: with the library, openssl and keytool."""

from __future__ import annotations

import base64
import io
import shutil
import subprocess
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
    pkcs12,
)
from cryptography.x509.oid import AuthorityInformationAccessOID, ObjectIdentifier

from tests.support import pki
from tests.support.pki import NOW, Issued

PASSWORD = "store-password"
KEY_PASSWORD = "another-password"


def full_certificate(issuer: Issued) -> Issued:
    """Return a certificate with every extension of RFC 5280 4.2 that the library can write, and others."""
    name = pki.name("Names", "ACME")
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(True, 1), True),
        (x509.SubjectKeyIdentifier(b"\x01\x02"), False),
        (x509.AuthorityKeyIdentifier(b"\x03\x04", [x509.DirectoryName(name)], 7), False),
        (x509.SubjectAlternativeName([x509.DNSName("a.example"), x509.DirectoryName(name)]), False),
        (x509.IssuerAlternativeName([x509.RFC822Name("ca@example.org")]), False),
        (x509.ExtendedKeyUsage([pki.CLIENT_AUTH, ObjectIdentifier("1.2.3.4")]), False),
        (x509.NameConstraints([x509.DNSName("example")], [_network("10.0.0.0/8")]), True),
        (_policies(), False),
        (x509.PolicyConstraints(2, 0), True),
        (x509.InhibitAnyPolicy(3), True),
        (_points(x509.CRLDistributionPoints), False),
        (_points(x509.FreshestCRL), False),
        (_access(), False),
        (x509.TLSFeature([x509.TLSFeatureType.status_request]), False),
        (x509.OCSPNoCheck(), False),
        (x509.PrecertPoison(), True),
        (x509.MSCertificateTemplate(ObjectIdentifier("1.3.6.1.4.1.311.21.8.1"), 100, 3), False),
        (x509.UnrecognizedExtension(ObjectIdentifier("2.16.840.1.113730.1.1"), b"\x03\x02\x06\x40"), False),
        (x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.4.5"), b"\x30\x00"), False),
    ]
    return pki.issue(pki.name("Everything"), issuer, extensions=extensions)


def _network(text: str) -> x509.IPAddress:
    import ipaddress

    return x509.IPAddress(ipaddress.ip_network(text))


def _policies() -> x509.CertificatePolicies:
    notice = x509.UserNotice(None, "Read the fine print")
    qualified = x509.PolicyInformation(ObjectIdentifier("1.2.3.7"), ["https://ca.example/cps", notice])
    return x509.CertificatePolicies(
        [qualified, x509.PolicyInformation(ObjectIdentifier("2.5.29.32.0"), None)]
    )


def _points(
    kind: type[x509.CRLDistributionPoints | x509.FreshestCRL],
) -> x509.CRLDistributionPoints | x509.FreshestCRL:
    names = [x509.UniformResourceIdentifier("http://ca.example/list.crl")]
    reasons = frozenset({x509.ReasonFlags.key_compromise})
    return kind([x509.DistributionPoint(names, None, reasons, [x509.DirectoryName(pki.name("Signer"))])])


def _access() -> x509.AuthorityInformationAccess:
    ocsp = x509.UniformResourceIdentifier("http://ocsp.example/")
    issuer = x509.UniformResourceIdentifier("http://ca.example/ca.der")
    return x509.AuthorityInformationAccess(
        [
            x509.AccessDescription(AuthorityInformationAccessOID.OCSP, ocsp),
            x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, issuer),
        ]
    )


def request(issued: Issued) -> bytes:
    """Return a request (DER) with a name, a key usage and a challenge password."""
    builder = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(pki.name("ACME", "ACME Air"))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("acme.example")]), False)
        .add_extension(x509.ExtendedKeyUsage([pki.CLIENT_AUTH]), False)
        .add_attribute(ObjectIdentifier("1.2.840.113549.1.9.7"), b"challenge")
    )
    assert isinstance(issued.key, ec.EllipticCurvePrivateKey)
    return builder.sign(issued.key, hashes.SHA256()).public_bytes(Encoding.DER)


def revocation_list(issuer: Issued, entries: int = 3) -> bytes:
    """Return a CRL (DER) with a number and some entries."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(NOW)
        .next_update(NOW + timedelta(days=7))
        .add_extension(x509.CRLNumber(42), False)
        .add_extension(x509.AuthorityKeyIdentifier(b"\x09", None, None), False)
    )
    for number in range(1, entries + 1):
        revoked = x509.RevokedCertificateBuilder().serial_number(number).revocation_date(NOW)
        builder = builder.add_revoked_certificate(revoked.build())
    assert isinstance(issuer.key, ec.EllipticCurvePrivateKey)
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def armoured(label: str, der: bytes) -> bytes:
    body = base64.encodebytes(der)
    return b"-----BEGIN %b-----\n%b-----END %b-----\n" % (label.encode(), body, label.encode())


def zipped(members: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def trust_store(*issued: Issued) -> bytes:
    """Return a Java trust store in PKCS#12, as the library writes it."""
    entries = [pkcs12.PKCS12Certificate(one.certificate, b"ca") for one in issued]
    protection = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(2048).build(PASSWORD.encode())
    return pkcs12.serialize_java_truststore(entries, protection)


def with_indefinite_lengths(der: bytes) -> bytes:
    """Return DER as BER: indefinite lengths everywhere, and octet strings in segments."""
    from trustdesk.formats.der import OCTET_STRING, read_element

    def write(start: int, end: int) -> bytes:
        written = b""
        while start < end:
            element = read_element(der, start, end)
            if element.is_constructed:
                content = write(element.content_start, element.content_end)
                written += bytes([element.tag, 0x80]) + content + b"\0\0"
            elif element.tag == OCTET_STRING and len(element.content) > 8:
                halves = (element.content[:7], element.content[7:])
                pieces = [definite(OCTET_STRING, half) for half in halves]
                written += b"\x24\x80" + b"".join(pieces) + b"\0\0"
            else:
                written += element.raw
            start = element.end
        return written

    return write(0, len(der))


def definite(tag: int, content: bytes) -> bytes:
    from trustdesk.formats.ber import length_octets

    return bytes([tag]) + length_octets(len(content)) + content


OPENSSL_PKCS12 = {
    "modern": (),
    "legacy": ("-legacy",),
    "rc2-128": ("-legacy", "-certpbe", "PBE-SHA1-RC2-128", "-keypbe", "PBE-SHA1-RC2-40"),
    "rc4": ("-legacy", "-certpbe", "PBE-SHA1-RC4-128", "-keypbe", "PBE-SHA1-RC4-40"),
    "3des": ("-certpbe", "PBE-SHA1-2DES", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha512"),
    "no-mac": ("-nomac",),
    "open certificates": ("-certpbe", "NONE"),
    "open": ("-certpbe", "NONE", "-keypbe", "NONE", "-nomac"),
}
"""Options of `openssl pkcs12 -export`."""


def openssl_pkcs12(
    folder: Path, issued: Issued, *chain: Issued, options: tuple[str, ...], password: str
) -> bytes:
    """Return a PKCS#12 file that openssl wrote."""
    (folder / "in.pem").write_bytes(issued.pem + issued.key_pem() + b"".join(one.pem for one in chain))
    _run(folder, "openssl", "pkcs12", "-export", "-in", "in.pem", "-out", "out.p12", "-name", "Schlüssel",
         "-passout", f"pass:{password}", *options)  # fmt: skip
    return (folder / "out.p12").read_bytes()


def java_store(folder: Path, kind: str, *certificates: Issued, secret: bool = False) -> bytes:
    """Return a store that keytool wrote: a key `mine`, and certificates `ca0`, `ca1` …

    The key is under KEY_PASSWORD, in a PKCS#12 store under PASSWORD as the store is. The same store is made
    once: each entry starts a Java machine.
    """
    made = (kind, *(one.der for one in certificates), secret)
    if made not in _JAVA_STORES:
        _JAVA_STORES[made] = _java_store(folder, kind, certificates, secret=secret)
    return _JAVA_STORES[made]


_JAVA_STORES: dict[tuple[object, ...], bytes] = {}
_QUICK_JAVA = ("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-J-Xshare:auto")


def _java_store(folder: Path, kind: str, certificates: Sequence[Issued], *, secret: bool) -> bytes:
    store = folder / f"store.{kind}"
    store.unlink(missing_ok=True)
    common = ("-keystore", store.name, "-storetype", kind, "-storepass", PASSWORD)
    key_password = PASSWORD if kind == "pkcs12" else KEY_PASSWORD
    _run(folder, "keytool", *_QUICK_JAVA, "-genkeypair", *common, "-keypass", key_password, "-alias", "mine",
         "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=java")  # fmt: skip
    if secret:
        _run(folder, "keytool", *_QUICK_JAVA, "-genseckey", *common, "-keypass", key_password,
             "-alias", "aes", "-keyalg", "AES", "-keysize", "128")  # fmt: skip
    for number, issued in enumerate(certificates):
        (folder / "ca.der").write_bytes(issued.der)
        _run(folder, "keytool", *_QUICK_JAVA, "-importcert", "-noprompt", *common, "-alias", f"ca{number}",
             "-file", "ca.der")  # fmt: skip
    return store.read_bytes()


def _run(folder: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr + done.stdout


def every_kind(folder: Path) -> dict[str, bytes]:
    """Return files of every kind by name; those of openssl and keytool only where these are."""
    root = pki.root()
    leaf, everything = pki.client(root), full_certificate(root)
    rsa_leaf = pki.client(root, key=pki.rsa_key())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        old_key = dsa.generate_private_key(2048)
    bundle = pkcs7.serialize_certificates([leaf.certificate, root.certificate], Encoding.DER)
    traditional = PrivateFormat.TraditionalOpenSSL
    cheap = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(2048).build(PASSWORD.encode())
    modern = pkcs12.serialize_key_and_certificates(
        b"me", leaf.key, leaf.certificate, [root.certificate], cheap
    )
    files = {
        "certificate.der": everything.der,
        "certificate.pem": everything.pem,
        "chain.pem": leaf.pem + root.pem,
        "mail.txt": b"Hello,\n> " + leaf.pem.replace(b"\n", b"\n> ") + b"\nbye",
        "one-line.pem": leaf.pem.replace(b"\n", b""),
        "utf16.pem": leaf.pem.decode().encode("utf-16"),
        "plain.b64": base64.b64encode(leaf.der),
        "request.der": request(leaf),
        "request.pem": armoured("CERTIFICATE REQUEST", request(leaf)),
        "list.crl": revocation_list(root),
        "bundle.p7b": bundle,
        "bundle-ber.p7b": with_indefinite_lengths(bundle),
        "pkcs8.pem": leaf.key_pem(),
        "sec1.der": leaf.key_pem(layout=traditional, encoding=Encoding.DER),
        "pkcs1.pem": rsa_leaf.key_pem(layout=traditional),
        "dsa.pem": old_key.private_bytes(Encoding.PEM, traditional, NoEncryption()),
        "headers.pem": rsa_leaf.key_pem(PASSWORD, layout=traditional),
        "encrypted.pem": leaf.key_pem(PASSWORD),
        "modern.p12": modern,
        "modern-ber.p12": with_indefinite_lengths(modern),
        "trust.p12": trust_store(root, leaf),
        "all.zip": zipped(
            {"leaf.pem": leaf.pem, "in/root.der": root.der, "in/list.crl": revocation_list(root)}
        ),
    }
    if shutil.which("openssl"):
        for name, options in OPENSSL_PKCS12.items():
            quick = (*options, "-iter", "512")
            data = openssl_pkcs12(folder, leaf, root, options=quick, password=PASSWORD)
            files[f"openssl {name}.p12"] = data
    if shutil.which("keytool"):
        files["store.jks"] = java_store(folder, "jks", root)
        files["store.jceks"] = java_store(folder, "jceks", root, secret=True)
    return files
