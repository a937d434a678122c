"""How a file with a certificate and its key is installed where it is used: the lines for each software.

Lines leave the key encrypted wherever the software takes it so; where it does not, the sentence says that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.identity import ExportForm
from trustdesk.core.message import Message, msg

_CLIENT, _SERVER = "clientAuth", "serverAuth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What to do with a file on one software.

    Attributes:
        software: its name.
        lines: commands and directives as they stand; empty when the sentences say it.
    """

    software: str
    sentences: tuple[Message, ...]
    lines: tuple[str, ...] = ()


def installations(facts: CertificateFacts, file: str, form: ExportForm) -> tuple[Installation, ...]:
    """Return the ways for nginx, Apache, HAProxy, Java and Windows.

    Args:
        facts: of the end entity; its purposes decide which directives are shown.
        file: the file's name, of letters, digits, dots and hyphens.
        form: PKCS12 or PEM.
    """
    return tuple(_all(facts, file, form))


def _all(facts: CertificateFacts, file: str, form: ExportForm) -> Iterator[Installation]:
    stem = file.rpartition(".")[0]
    pem, p12 = (f"{stem}.pem", file) if form is ExportForm.PKCS12 else (file, f"{stem}.p12")
    # openssl encrypts the key again, under a passphrase that it asks for.
    to_pem = (f"openssl pkcs12 -in {file} -out {pem}",) if form is ExportForm.PKCS12 else ()
    to_p12 = (f"openssl pkcs12 -export -in {file} -out {p12}",) if form is ExportForm.PEM else ()
    usages = facts.extended_key_usage
    is_client = usages is None or _CLIENT in usages
    is_server = usages is None or _SERVER in usages
    owner = f"chmod 600 {pem}"
    yield Installation(
        software="nginx",
        sentences=(
            msg("The passphrase of the key stands in a file that only root reads; then reload nginx."),
            *_purpose_words(is_client, is_server),
        ),
        lines=(
            *to_pem,
            owner,
            *_if(
                is_server,
                f"ssl_certificate {pem}; ssl_certificate_key {pem}; ssl_password_file passphrase.txt;",
            ),
            *_if(
                is_client,
                f"proxy_ssl_certificate {pem}; proxy_ssl_certificate_key {pem};"
                " proxy_ssl_password_file passphrase.txt;",
            ),
        ),
    )
    yield Installation(
        software="Apache",
        sentences=(
            msg(
                "Apache asks for the passphrase of SSLCertificateKeyFile when it starts, or"
                " SSLPassPhraseDialog says where it is."
            ),
            *(
                (
                    msg(
                        "SSLProxyMachineCertificateFile takes no encrypted key: make it with -noenc and let"
                        " nobody but root read it."
                    ),
                )
                if is_client
                else ()
            ),
        ),
        lines=(
            *to_pem,
            owner,
            *_if(is_server, f"SSLCertificateFile {pem}", f"SSLCertificateKeyFile {pem}"),
            *_if(is_client, f"SSLProxyMachineCertificateFile {pem}"),
        ),
    )
    yield Installation(
        software="HAProxy",
        sentences=(
            # Tried with 2.6: without a terminal it says that there is no private key in the file.
            msg(
                "HAProxy asks for the passphrase when it is started in a terminal. As a service it takes no"
                " encrypted key: make it with -noenc and let nobody but root read it."
            ),
        ),
        lines=(
            *to_pem,
            owner,
            *_if(is_server, f"bind :443 ssl crt {pem}"),
            *_if(is_client, f"server partner HOST:443 ssl crt {pem} verify required ca-file CA.pem"),
        ),
    )
    yield Installation(
        software="Java",
        sentences=(
            msg(
                "The program takes the passphrase from its own settings; on the command line others would see"
                " it."
            ),
        ),
        lines=(
            *to_p12,
            f"keytool -list -keystore {p12} -storetype PKCS12",
            f"-Djavax.net.ssl.keyStore={p12} -Djavax.net.ssl.keyStoreType=PKCS12",
        ),
    )
    yield Installation(
        software="Windows",
        sentences=(msg("In PowerShell as administrator; Windows asks for the passphrase."),),
        lines=(
            *to_p12,
            f"Import-PfxCertificate -FilePath {p12} -CertStoreLocation Cert:\\LocalMachine\\My"
            " -Password (Read-Host -AsSecureString)",
        ),
    )


def _if(condition: bool, *lines: str) -> tuple[str, ...]:
    return lines if condition else ()


def _purpose_words(is_client: bool, is_server: bool) -> tuple[Message, ...]:
    if is_client and is_server:
        return (msg("ssl_… is for your own server, proxy_ssl_… for connections to a partner."),)
    return ()
