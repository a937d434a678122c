"""A support bundle: everything about one diagnosis, shown before it is saved, without any secret.

It is made of public things alone: nothing that goes in has ever held a key, a passphrase or a token. What
comes out is searched for them all the same before a byte is written, and what looks like one is left out:
a partner's name or answer may hold anything, and must not keep the bundle from being made.
"""

from __future__ import annotations

import io
import platform
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from trustdesk import __version__
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.diagnosis import Diagnosis
from trustdesk.core.message import Message, msg
from trustdesk.core.proxy import Proxy
from trustdesk.formats.diagnosis_documents import diagnosis_document
from trustdesk.formats.documents import probe_document
from trustdesk.formats.json_text import json_text
from trustdesk.services.chain_export import pem_of
from trustdesk.services.equivalent_commands import equivalent_commands
from trustdesk.services.ladder_text import ladder_text
from trustdesk.services.partner_letter import letter_text, write_letter

Words = Callable[[Message], str]

_SPACE = r"(?:\\{1,2}(?:x0[9ad]|[nrt])|\s)"
"""White space, also as `visible` and JSON write it."""

_QUOTE = r"\\*[\"']"
"""A quotation mark, also as JSON writes it in a string."""

_WORD = r"[^\s\"'\\,;<>]+"
_COOKIE = rf"{_WORD}(?:\\*\"[^\"\\]*\\*\")?"

_SECRETS = (
    # OpenSSL's old form has lines of a header after the first: `Proc-Type: 4,ENCRYPTED`.
    re.compile(
        rf"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----(?:{_SPACE}|(?!-----)[A-Za-z0-9+/=:,.-])*"
        r"(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY-----)?"
    ),
    re.compile(
        rf"\b(?:Proxy-)?Authorization(?:{_QUOTE})?{_SPACE}*:{_SPACE}*(?:{_QUOTE})?(?:{_SPACE}*{_WORD}){{0,2}}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:Set-)?Cookie(?:{_QUOTE})?{_SPACE}*:{_SPACE}*(?:{_QUOTE})?{_COOKIE}(?:;{_SPACE}*{_COOKIE})*",
        re.IGNORECASE,
    ),
    # The user and the password of an address; its host stays.
    re.compile(r"(?<=://)[^\s\"'\\<>/?#]+(?=@)"),
    # A challenge names its parameters in quotes: `Bearer realm="…"`.
    re.compile(rf"\bBearer{_SPACE}+(?![a-z_]+=\\?[\"'])[a-z0-9._~+/=-]{{8,}}", re.IGNORECASE),
    re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?"),
    re.compile(
        r"\b(?:(?:CLIENT|SERVER)(?:_EARLY|_HANDSHAKE)?_(?:TRAFFIC_SECRET\w*|RANDOM)|(?:EARLY_)?EXPORTER_SECRET)\b"
        rf"(?:{_SPACE}+[0-9A-Fa-f]+){{0,2}}"
    ),
)
"""Private keys, credentials for HTTP, cookies, passwords in addresses, tokens, TLS session secrets."""

_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
"""Whose values go where a document has them under a key."""

_LEFT_OUT = "[left out: it looks like a secret]"

_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleFile:
    """One file of a bundle, as it will be saved."""

    name: str
    text: str


def bundle_files(
    diagnosis: Diagnosis, say: Words, *, client: CertificateFacts | None = None, proxy: Proxy | None = None
) -> tuple[BundleFile, ...]:
    """Return the files of a bundle, for the preview and for `bundle_bytes`.

    Args:
        client: the client certificate that was selected; None when none was.
        proxy: that the tests went through.
    """
    return tuple(_files(diagnosis, say, client, proxy))


def bundle_bytes(files: Sequence[BundleFile]) -> bytes:
    """Return the files as a ZIP, the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(zipfile.ZipInfo(file.name, _EPOCH), file.text.encode("utf-8"))
    return out.getvalue()


def _files(
    diagnosis: Diagnosis, say: Words, client: CertificateFacts | None, proxy: Proxy | None
) -> Iterator[BundleFile]:
    yield _text("READ-ME.txt", _read_me(diagnosis, say))
    yield _document("diagnosis.json", diagnosis_document(diagnosis, say))
    yield _text("letter.txt", letter_text(write_letter(diagnosis, client), say))
    yield _text("commands.txt", _commands(diagnosis, say, proxy))
    for probe in diagnosis.probes:
        yield _document(f"probes/{probe.id}.json", probe_document(probe.report, say))
        yield _text(f"probes/{probe.id}.txt", ladder_text(probe.report.record))
    chain = diagnosis.probes[0].report.record.presented_chain
    if chain:
        yield _text("certificates/server-chain.pem", pem_of(chain).decode("ascii"))
    if client is not None:
        yield _text("certificates/client.pem", pem_of([client]).decode("ascii"))
    yield _text("versions.txt", _versions())


def _text(name: str, text: str) -> BundleFile:
    return BundleFile(name=name, text=_without_secrets(text))


def _document(name: str, document: object) -> BundleFile:
    """Return a document as a file: searched string by string, so that what is left is JSON."""
    return BundleFile(name=name, text=json_text(_searched(document), indent=1) + "\n")


def _searched(value: object) -> object:
    match value:
        case str():
            return _without_secrets(value)
        case dict():
            return {
                key: _LEFT_OUT if key.lower() in _HEADERS and isinstance(one, str) else _searched(one)
                for key, one in value.items()
            }
        case list() | tuple():
            return [_searched(one) for one in value]
        case _:
            return value


def _without_secrets(text: str) -> str:
    """Return a text, or JSON in a string, without what looks like a secret."""
    for secret in _SECRETS:
        text = secret.sub(_LEFT_OUT, text)
    return text


def _read_me(diagnosis: Diagnosis, say: Words) -> str:
    first = diagnosis.hypotheses[0]
    sentences = (
        msg("Diagnosis of {endpoint}, {at}.", endpoint=diagnosis.target.endpoint, at=diagnosis.started_at),
        first.statement,
        msg("Made by trustdesk {version}.", version=__version__),
        msg("It holds what was seen on the wire and public certificates; no key, passphrase or token."),
    )
    return "".join(f"{say(sentence)}\n" for sentence in sentences)


def _commands(diagnosis: Diagnosis, say: Words, proxy: Proxy | None) -> str:
    lines: list[str] = []
    for probe in diagnosis.probes:
        lines.append(f"# {probe.id}")
        for command in equivalent_commands(
            diagnosis.target, probe.variant, with_identity=diagnosis.identity is not None, proxy=proxy
        ):
            if command.remark is not None:
                lines.append(f"# {say(command.remark)}")
            lines.append(command.line)
        lines.append("")
    return "\n".join(lines)


def _versions() -> str:
    import cryptography
    from OpenSSL import SSL
    from OpenSSL import __version__ as pyopenssl

    rows = {
        "trustdesk": __version__,
        "Python": platform.python_version(),
        "cryptography": cryptography.__version__,
        "pyOpenSSL": pyopenssl,
        "OpenSSL": SSL.OpenSSL_version(SSL.OPENSSL_VERSION).decode("ascii", "replace"),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
    }
    return "".join(f"{name:<14}{value}\n" for name, value in rows.items())
