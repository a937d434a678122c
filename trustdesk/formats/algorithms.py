"""Names of keys and signature algorithms, and the sizes of keys, from DER (RFC 3279, 4055, 5480, 8410)."""

from __future__ import annotations

from trustdesk.formats.der import (
    BIT_STRING,
    OBJECT_IDENTIFIER,
    SEQUENCE,
    DerError,
    Element,
    integer,
    object_identifier,
    read_element,
)

_RSA = "1.2.840.113549.1.1.1"
_RSASSA_PSS = "1.2.840.113549.1.1.10"
_EC = "1.2.840.10045.2.1"

_PLAIN_KEYS = {
    "1.3.101.110": ("X25519", 256),
    "1.3.101.111": ("X448", 448),
    "1.3.101.112": ("Ed25519", 256),
    "1.3.101.113": ("Ed448", 448),
    "2.16.840.1.101.3.4.3.17": ("ML-DSA-44", None),
    "2.16.840.1.101.3.4.3.18": ("ML-DSA-65", None),
    "2.16.840.1.101.3.4.3.19": ("ML-DSA-87", None),
}

_CURVES = {
    "1.2.840.10045.3.1.1": ("P-192", 192),
    "1.3.132.0.33": ("P-224", 224),
    "1.2.840.10045.3.1.7": ("P-256", 256),
    "1.3.132.0.34": ("P-384", 384),
    "1.3.132.0.35": ("P-521", 521),
    "1.3.132.0.10": ("secp256k1", 256),
    "1.3.36.3.3.2.8.1.1.7": ("brainpoolP256r1", 256),
    "1.3.36.3.3.2.8.1.1.11": ("brainpoolP384r1", 384),
    "1.3.36.3.3.2.8.1.1.13": ("brainpoolP512r1", 512),
}

_SIGNATURES = {
    "1.2.840.113549.1.1.2": "md2WithRSAEncryption",
    "1.2.840.113549.1.1.4": "md5WithRSAEncryption",
    "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
    "1.3.14.3.2.29": "sha1WithRSAEncryption",
    "1.2.840.113549.1.1.14": "sha224WithRSAEncryption",
    "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
    "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
    "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
    "1.2.840.10045.4.1": "ecdsa-with-SHA1",
    "1.2.840.10045.4.3.1": "ecdsa-with-SHA224",
    "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
    "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
    "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
    "1.2.840.10040.4.3": "dsa-with-sha1",
    "2.16.840.1.101.3.4.3.2": "dsa-with-sha256",
    "1.3.101.112": "Ed25519",
    "1.3.101.113": "Ed448",
    "2.16.840.1.101.3.4.3.17": "ML-DSA-44",
    "2.16.840.1.101.3.4.3.18": "ML-DSA-65",
    "2.16.840.1.101.3.4.3.19": "ML-DSA-87",
}

_DIGESTS = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}


def key_of(subject_public_key_info: Element) -> tuple[str | None, int | None]:
    """Return the key's algorithm and its size in bits; None for what is unknown to us.

    The size is that of an RSA or DSA modulus, or of the curve's field.

    Raises:
        DerError: it is no SubjectPublicKeyInfo.
    """
    algorithm, key = _two(subject_public_key_info.expect(SEQUENCE))
    oid, parameters = _algorithm(algorithm)
    match oid:
        case "1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.10":
            return ("RSA" if oid == _RSA else "RSASSA-PSS"), _rsa_bits(key)
        case "1.2.840.10045.2.1":
            named = parameters is not None and parameters.tag == OBJECT_IDENTIFIER
            curve = object_identifier(parameters) if named and parameters is not None else ""
            return "EC", _CURVES.get(curve, ("", None))[1]
        case "1.2.840.10040.4.1":
            numbers = [] if parameters is None else list(parameters.expect(SEQUENCE).children())
            return "DSA", integer(numbers[0]).bit_length() if numbers else None
        case _:
            return _PLAIN_KEYS.get(oid, (None, None))


def curve_of(subject_public_key_info: Element) -> str | None:
    """Return the named curve of an EC key, its OID when the name is unknown to us; None for other keys.

    Raises:
        DerError: it is no SubjectPublicKeyInfo.
    """
    oid, parameters = _algorithm(_two(subject_public_key_info.expect(SEQUENCE))[0])
    if oid != _EC or parameters is None or parameters.tag != OBJECT_IDENTIFIER:
        return None
    curve = object_identifier(parameters)
    return _CURVES.get(curve, (curve, None))[0]


def signature_algorithm(algorithm: Element) -> str:
    """Return an AlgorithmIdentifier's usual name, `rsassaPss-DIGEST`, or the dotted OID.

    Raises:
        DerError: it is no AlgorithmIdentifier.
    """
    oid, parameters = _algorithm(algorithm)
    if oid != _RSASSA_PSS:
        return _SIGNATURES.get(oid, oid)
    # RFC 4055 3.1: the digest is SHA-1 unless [0] names another.
    for part in () if parameters is None else parameters.expect(SEQUENCE).children():
        if part.tag == 0xA0:
            digest, _ = _algorithm(read_element(part.data, part.content_start, part.content_end))
            return f"rsassaPss-{_DIGESTS.get(digest, digest)}"
    return "rsassaPss-sha1"


def _algorithm(element: Element) -> tuple[str, Element | None]:
    parts = list(element.expect(SEQUENCE).children())
    if not parts:
        raise DerError("an AlgorithmIdentifier without an algorithm")
    return object_identifier(parts[0]), parts[1] if len(parts) > 1 else None


def _rsa_bits(key: Element) -> int:
    bits = key.expect(BIT_STRING)
    numbers = read_element(key.data, bits.content_start + 1, bits.content_end).expect(SEQUENCE)
    return integer(next(numbers.children())).bit_length()


def _two(element: Element) -> tuple[Element, Element]:
    parts = list(element.children())
    if len(parts) != 2:
        raise DerError("not two parts")
    return parts[0], parts[1]
