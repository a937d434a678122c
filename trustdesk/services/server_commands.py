"""Lines that make key and request where the key shall stay: on the server, with openssl or keytool.

The lines are for a POSIX shell, quoted. They ask for what `services.request_content` says, to the letter:
openssl by a configuration that lies beside it, keytool by its options.

Measured with OpenSSL 3.0 and keytool 17: keytool makes no certificate with an empty subject, so that its key
pair gets another one, which the request does not repeat; and it splits names at commas without any way to
quote them, so that names which are not plain go in as the bytes of the whole extension.
"""

from __future__ import annotations

import re
import shlex

from cryptography import x509

from trustdesk.core.certificate_request import AskedFor, RequestDraft, ServerCommand
from trustdesk.core.file_name import plain_stem
from trustdesk.core.key_store import KeyKind
from trustdesk.formats.request_writing import requested_extensions, subject_name
from trustdesk.services.request_content import asked_for
from trustdesk.services.request_preflight import require_makeable

_SHORT_NAMES = {
    "2.5.4.3": "CN",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "0.9.2342.19200300.100.1.25": "DC",
}
"""Attribute types that openssl and keytool both call so; others go by their numbers."""
_OPENSSL_SHORT = _SHORT_NAMES | {"2.5.4.9": "street"}
_PLAIN_NAME = re.compile(r"(?:DNS:[A-Za-z0-9.-]+|URI:https?://[A-Za-z0-9.-]+(?::[0-9]+)?/[A-Za-z0-9._~/-]*)")
_ESCAPED_IN_DNAME = frozenset(',+"\\<>;=#')
_SUBJECT_ALT_NAME = "2.5.29.17"


def server_commands(draft: RequestDraft) -> tuple[ServerCommand, ...]:
    """Return the lines for openssl and for keytool.

    Raises:
        UnusableInputError: nothing can be asked for as it stands; says what and why.
    """
    require_makeable(draft)
    asked = asked_for(draft)
    stem = plain_stem(draft.name, "server")
    return _openssl(asked, stem), _keytool(asked, stem)


def _openssl(asked: AskedFor, stem: str) -> ServerCommand:
    configuration, key, csr = f"{stem}.cnf", f"{stem}.key", f"{stem}.csr"
    match asked.key:
        case KeyKind.P256 | KeyKind.P384:
            kind = ["-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{asked.key}"]
        case _:
            kind = ["-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{_rsa_bits(asked.key)}"]
    digest = "-sha384" if asked.key is KeyKind.P384 else "-sha256"
    request = ["openssl", "req", "-new", "-config", configuration, "-key", key, digest]
    if not asked.subject:
        request += ["-subj", "/"]  # a configuration cannot say that it is empty
    return ServerCommand(
        tool="openssl",
        files=((configuration, _configuration(asked)),),
        lines=(
            shlex.join(["openssl", "genpkey", *kind, "-out", key]),
            shlex.join([*request, "-out", csr]),
        ),
    )


def _configuration(asked: AskedFor) -> str:
    extensions = []
    if asked.subject_alt_names:
        critical = "critical, " if asked.names_are_critical else ""
        extensions.append(f"subjectAltName = {critical}@names")
    if asked.key_usage:
        extensions.append(f"keyUsage = critical, {', '.join(asked.key_usage)}")
    if asked.extended_key_usage:
        extensions.append(f"extendedKeyUsage = {', '.join(asked.extended_key_usage)}")
    lines = ["[ req ]", "prompt = no", "utf8 = yes", "string_mask = utf8only", "distinguished_name = subject"]
    lines += ["req_extensions = asked"] if extensions else []
    lines += ["", "[ subject ]", *_subject_lines(asked)]
    if extensions:
        lines += ["", "[ asked ]", *extensions]
    if asked.subject_alt_names:
        lines += ["", "[ names ]"]
        pairs = (name.partition(":") for name in asked.subject_alt_names)
        lines += [f"{kind}.{number} = {_quoted(value)}" for number, (kind, _, value) in enumerate(pairs, 1)]
    return "\n".join([*lines, ""])


def _subject_lines(asked: AskedFor) -> list[str]:
    """Return the attributes in the order of the bytes; the number keeps those of one type apart."""
    lines: list[str] = []
    for relative_name in subject_name(asked.subject).rdns:
        for position, attribute in enumerate(relative_name):
            oid = attribute.oid.dotted_string
            joined = "+" if position else ""
            key = f"{len(lines)}.{joined}{_OPENSSL_SHORT.get(oid, oid)}"
            lines.append(f"{key} = {_quoted(str(attribute.value))}")
    return lines


def _quoted(value: str) -> str:
    r"""Return a value as openssl's configurations have it: within "…", `$` and `#` are themselves."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _keytool(asked: AskedFor, stem: str) -> ServerCommand:
    store, csr = f"{stem}.p12", f"{stem}.csr"
    match asked.key:
        case KeyKind.P256:
            kind, signature = ["-keyalg", "EC", "-keysize", "256"], "SHA256withECDSA"
        case KeyKind.P384:
            kind, signature = ["-keyalg", "EC", "-keysize", "384"], "SHA384withECDSA"
        case _:
            kind, signature = ["-keyalg", "RSA", "-keysize", str(_rsa_bits(asked.key))], "SHA256withRSA"
    place = ["-alias", stem, "-keystore", store, "-storetype", "PKCS12"]
    subject = _dname(asked)
    pair = ["keytool", "-genkeypair", *place, *kind, "-sigalg", signature]
    request = ["keytool", "-certreq", *place, "-sigalg", signature, "-dname", subject, *_options(asked)]
    return ServerCommand(
        tool="keytool",
        lines=(
            shlex.join([*pair, "-dname", subject or f"CN={stem}"]),
            shlex.join([*request, "-file", csr]),
        ),
    )


def _options(asked: AskedFor) -> list[str]:
    options = []
    if asked.subject_alt_names:
        critical = ":critical" if asked.names_are_critical else ""
        if all(_PLAIN_NAME.fullmatch(name) for name in asked.subject_alt_names):
            pairs = (name.partition(":") for name in asked.subject_alt_names)
            names = ",".join(f"{kind.lower()}:{value}" for kind, _, value in pairs)
            options.append(f"SAN{critical}={names}")
        else:
            values = (value for value, _ in requested_extensions(asked))
            der = next(one for one in values if isinstance(one, x509.SubjectAlternativeName)).public_bytes()
            options.append(f"{_SUBJECT_ALT_NAME}{critical}={der.hex()}")
    if asked.key_usage:
        options.append(f"KU:critical={','.join(asked.key_usage)}")
    if asked.extended_key_usage:
        options.append(f"EKU={','.join(asked.extended_key_usage)}")
    return [word for option in options for word in ("-ext", option)]


def _dname(asked: AskedFor) -> str:
    """Return the subject as keytool reads it, in ASCII, whatever the shell's character set is."""
    parts = [
        "+".join(
            f"{_SHORT_NAMES.get(one.oid.dotted_string, one.oid.dotted_string)}={_in_dname(str(one.value))}"
            for one in relative_name
        )
        for relative_name in subject_name(asked.subject).rdns
    ]
    return ",".join(reversed(parts))


def _in_dname(value: str) -> str:
    escaped = []
    for position, character in enumerate(value):
        if character in _ESCAPED_IN_DNAME:
            escaped.append(f"\\{character}")
        elif character == " " and (position in {0, len(value) - 1} or value[position - 1] == " "):
            escaped.append("\\ ")
        elif not character.isascii():
            escaped += [f"\\{octet:02X}" for octet in character.encode()]
        else:
            escaped.append(character)
    return "".join(escaped)


def _rsa_bits(key: KeyKind) -> str:
    return key.removeprefix("RSA-")
