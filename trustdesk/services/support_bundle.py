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

_SPACE = r"(?:\\{1,2}(?:x0[ad]|[nr])|\s)"
"""White space, also as `visible` and JSON write it; no other escape of JSON may be cut in two."""

_SECRETS = (
    re.compile(
        rf"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----(?:{_SPACE}|[A-Za-z0-9+/=])*"
        r"(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY-----)?"
    ),
    re.compile(rf"\b(?:Proxy-)?Authorization{_SPACE}*:(?:{_SPACE}*[^\s\"'\\,;<>]+){{0,2}}", re.IGNORECASE),
    # A challenge names its parameters in quotes: `Bearer realm="…"`.
    re.compile(rf"\bBearer{_SPACE}+(?![a-z_]+=\\?[\"'])[a-z0-9._~+/=-]{{8,}}", re.IGNORECASE),
    re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?"),
    re.compile(
        rf"\b(?:CLIENT|SERVER)(?:_HANDSHAKE)?_(?:TRAFFIC_SECRET\w*|RANDOM)\b(?:{_SPACE}+[0-9A-Fa-f]+){{0,2}}"
    ),
)
"""Private keys, credentials for HTTP, bearer tokens, JSON web tokens, TLS session secrets."""

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
    return tuple(
        BundleFile(name=file.name, text=_without_secrets(file.text))
        for file in _files(diagnosis, say, client, proxy)
    )


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
    yield BundleFile(name="READ-ME.txt", text=_read_me(diagnosis, say))
    yield BundleFile(
        name="diagnosis.json", text=json_text(diagnosis_document(diagnosis, say), indent=1) + "\n"
    )
    yield BundleFile(name="letter.txt", text=letter_text(write_letter(diagnosis, client), say))
    yield BundleFile(name="commands.txt", text=_commands(diagnosis, say, proxy))
    for probe in diagnosis.probes:
        report = json_text(probe_document(probe.report, say), indent=1)
        yield BundleFile(name=f"probes/{probe.id}.json", text=report + "\n")
        yield BundleFile(name=f"probes/{probe.id}.txt", text=ladder_text(probe.report.record))
    chain = diagnosis.probes[0].report.record.presented_chain
    if chain:
        yield BundleFile(name="certificates/server-chain.pem", text=pem_of(chain).decode("ascii"))
    if client is not None:
        yield BundleFile(name="certificates/client.pem", text=pem_of([client]).decode("ascii"))
    yield BundleFile(name="versions.txt", text=_versions())


def _without_secrets(text: str) -> str:
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
