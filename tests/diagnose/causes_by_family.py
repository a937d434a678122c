"""What is wrong, at which server, what that server answers, and the cause that a diagnosis has to name.

One table for the rules over made-up records (`test_matrix`) and for real servers. Answers are those of
`tests.servers.families`, measured there; the others were measured before with the same servers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from tests.servers.apache_server import apache_server
from tests.servers.clients import Client
from tests.servers.families import ACCEPTED, ANSWERS, HTTP_400
from tests.servers.nginx_server import nginx_server
from tests.servers.openssl_server import openssl_server
from tests.servers.process import RealServer, ServerSetup
from trustdesk.diagnose.causes import Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One cell of the matrix.

    Attributes:
        family: as in `STARTERS`.
        version: the one TLS version that both sides speak.
        crl: what the server checks with, an attribute of `Park`; "other" for a CRL of the root alone; None
            when it checks none.
        server: what is special about the server, a key of `SPECIAL`; "" for nothing.
        answer: in the words of `families`; `hello alert N` for one in place of the ServerHello, and
            `later alert N` for one after the request.
        cause: the true one.
    """

    family: str
    client: Client
    version: str = "TLSv1.3"
    crl: str | None = None
    server: str = ""
    answer: str
    cause: Cause

    @property
    def id(self) -> str:
        parts = (self.family, self.client.value, self.version, self.crl or "", self.server)
        return "-".join(part for part in parts if part)


CAUSE_OF: dict[Client, Cause] = {
    Client.NOBODY: Cause.CLIENT_CERT_REQUIRED,
    Client.LEAF_ONLY: Cause.CLIENT_CHAIN_INCOMPLETE,
    Client.STRANGER: Cause.CLIENT_CA_NOT_TRUSTED,
    Client.SELF_SIGNED: Cause.CLIENT_SELF_SIGNED,
    Client.EXPIRED: Cause.CLIENT_CERT_EXPIRED,
    Client.NOT_YET_VALID: Cause.CLIENT_CERT_NOT_YET_VALID,
    Client.SERVER_AUTH_ONLY: Cause.CLIENT_EKU_MISSING_CLIENT_AUTH,
    Client.ANY_PURPOSE: Cause.CLIENT_EKU_MISSING_CLIENT_AUTH,
    Client.NO_DIGITAL_SIGNATURE: Cause.CLIENT_KU_MISSING_DIGITAL_SIGNATURE,
    Client.RSA_1024: Cause.CLIENT_KEY_TOO_WEAK,
    Client.REVOKED: Cause.CLIENT_CERT_REVOKED,
}
"""What is wrong with each client where a server refuses it."""

_CRL = (
    ("crls", Client.GOOD, ACCEPTED, Cause.NONE),
    ("crls", Client.REVOKED, "alert 44", Cause.CLIENT_CERT_REVOKED),
    ("stale_crls", Client.GOOD, "alert 45", Cause.SERVER_CRL_STALE),
    ("other", Client.GOOD, "alert 48", Cause.SERVER_CRL_MISSING),
)
_TLS_1_2 = {
    Client.NOBODY: "alert 40",
    Client.GOOD: ACCEPTED,
    Client.LEAF_ONLY: "alert 48",
    Client.STRANGER: "alert 48",
    Client.SELF_SIGNED: "alert 48",
    Client.EXPIRED: "alert 45",
    Client.SERVER_AUTH_ONLY: "alert 43",
}


def _measured() -> Iterator[Case]:
    for family, answers in ANSWERS.items():
        for client, answer in answers.items():
            cause = Cause.NONE if answer == ACCEPTED else CAUSE_OF[client]
            yield Case(family=family, client=client, answer=answer, cause=cause)


def _with_crl() -> Iterator[Case]:
    for family in ("openssl", "haproxy", "nginx"):
        for crl, client, answer, cause in _CRL:
            told = HTTP_400 if family == "nginx" and answer != ACCEPTED else answer
            yield Case(family=family, client=client, crl=crl, answer=told, cause=cause)


def _in_tls_1_2() -> Iterator[Case]:
    for family in ("openssl", "apache", "haproxy", "stunnel"):
        for client, answer in _TLS_1_2.items():
            cause = Cause.NONE if answer == ACCEPTED else CAUSE_OF[client]
            yield Case(family=family, client=client, version="TLSv1.2", answer=answer, cause=cause)


SPECIAL: Mapping[str, Callable[[ServerSetup], RealServer]] = {
    "by_path": lambda setup: apache_server(setup, by_path=True),
    "ssl_reject_handshake": lambda setup: nginx_server(_asking_nobody(setup), "ssl_reject_handshake on;"),
    "old_versions": lambda setup: openssl_server(
        _asking_nobody(setup), "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"
    ),
    "other_ciphers": lambda setup: openssl_server(
        _asking_nobody(setup), "-tls1_2", "-cipher", "aNULL:@SECLEVEL=0"
    ),
    "other_alpn": lambda setup: openssl_server(_asking_nobody(setup), "-alpn", "h2"),
}
"""How the servers of `Case.server` are started."""


def _asking_nobody(setup: ServerSetup) -> ServerSetup:
    return replace(setup, client_ca=None)


_SPECIAL = (
    Case(
        family="apache",
        client=Client.NOBODY,
        server="by_path",
        answer="http 403",
        cause=Cause.POST_HANDSHAKE_AUTH_REQUIRED,
    ),
    Case(
        family="apache",
        client=Client.NOBODY,
        version="TLSv1.2",
        server="by_path",
        answer="later alert 40",
        cause=Cause.RENEGOTIATION_AUTH_REQUIRED,
    ),
    Case(
        family="nginx",
        client=Client.NOBODY,
        server="ssl_reject_handshake",
        answer="hello alert 112",
        cause=Cause.SNI_REQUIRED,
    ),
    Case(
        family="openssl",
        client=Client.NOBODY,
        version="TLSv1.1",
        server="old_versions",
        answer=ACCEPTED,
        cause=Cause.SERVER_LEGACY_PROTOCOL_ONLY,
    ),
    Case(
        family="openssl",
        client=Client.NOBODY,
        server="other_ciphers",
        answer="hello alert 40",
        cause=Cause.NO_SHARED_CIPHER,
    ),
    Case(
        family="openssl",
        client=Client.NOBODY,
        server="other_alpn",
        answer="hello alert 120",
        cause=Cause.ALPN_MISMATCH,
    ),
)

CASES: tuple[Case, ...] = (*_measured(), *_with_crl(), *_in_tls_1_2(), *_SPECIAL)
