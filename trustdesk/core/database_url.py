"""Where a shared workspace lies: a database on an office's PostgreSQL server, by a URL without secrets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg

DEFAULT_PORT = 5432

SCHEMES = ("postgresql://", "postgres://")

TLS_MODES = ("disable", "require", "verify-ca", "verify-full")
"""Of libpq's, without `allow` and `prefer`: they look like TLS, and go on without it."""

OPTIONS = ("host", "sslmode", "sslrootcert", "sslcert", "sslkey", "passfile")
"""Parameters of libpq that a URL may carry; `host` is a folder of sockets. None of them is a secret."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_WORD = re.compile(r"[^\x00-\x1f\x7f]{1,255}")
_LOOPBACK = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseUrl:
    """A database on a server.

    Attributes:
        host: name or address, without brackets; a folder of sockets where it begins with "/".
        user: as the server knows the person.
        options: parameters of libpq out of OPTIONS but `host`, in the order of their names.
    """

    host: str
    user: str
    database: str
    port: int = DEFAULT_PORT
    options: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, text: str) -> DatabaseUrl:
        """Read `postgresql://user@host:port/database`, with parameters out of OPTIONS.

        Raises:
            UnusableInputError: it is no such URL, or a password stands in it; the error does not repeat it.
        """
        scheme = next((one for one in SCHEMES if text.lower().startswith(one)), None)
        if scheme is None:
            raise _unusable(msg("This is no URL of a PostgreSQL database."))
        address, _, query = text[len(scheme) :].partition("?")
        authority, _, path = address.partition("/")
        user_text, at, host_text = authority.rpartition("@")
        given = dict(parse_qsl(query, keep_blank_values=True))
        if ":" in user_text or {"password", "sslpassword"} & given.keys():
            raise UnusableInputError(
                msg("A password stands in the URL of the database."),
                remedy=msg(
                    "Leave it out: give it in TRUSTDESK_DATABASE_PASSWORD, in a password file (PGPASSFILE),"
                    " or keep it in the keyring with trustdesk workspace password."
                ),
            )
        host, port = _host_and_port(host_text)
        host = given.pop("host", "") or host
        options = tuple(sorted(given.items()))
        url = cls(host=host, user=unquote(user_text), database=unquote(path), port=port, options=options)
        _see_that_it_is_whole(url, has_user=bool(at))
        return url

    @property
    def is_local(self) -> bool:
        """Whether what is sent stays on this machine: a socket, or a loopback address."""
        return self.host.startswith("/") or _LOOPBACK.fullmatch(self.host) is not None

    @property
    def address(self) -> str:
        """The URL without its options: what it is, and not how it is reached."""
        port = "" if self.port == DEFAULT_PORT else f":{self.port}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        socket = f"?{urlencode({'host': self.host}, safe='/')}" if self.host.startswith("/") else ""
        return (
            f"postgresql://{quote(self.user, safe='')}@{'' if socket else host.lower()}{port}"
            f"/{quote(self.database, safe='')}{socket}"
        )

    def __str__(self) -> str:
        """The URL as it can be parsed again; nothing in it is secret."""
        if not self.options:
            return self.address
        return f"{self.address}{'&' if '?' in self.address else '?'}{urlencode(self.options, safe='/')}"


def is_database_url(text: str) -> bool:
    """Whether a person means a database, and not a folder.

    So does whoever writes another scheme: as a folder it would be made, with what may be a password in its
    name.
    """
    return _SCHEME.match(text) is not None


def _host_and_port(text: str) -> tuple[str, int]:
    found = re.fullmatch(
        r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[^:\[\]]*))(?::(?P<port>[0-9]{1,5}))?", text
    )
    if found is None:
        raise _unusable(msg("The server's name or port in the URL cannot be read."))
    port = int(found["port"] or DEFAULT_PORT)
    if not 0 < port < 65536:
        raise _unusable(msg("There is no port {port}.", port=port))
    return unquote(found["v6"] or found["name"]), port


def _see_that_it_is_whole(url: DatabaseUrl, *, has_user: bool) -> None:
    if not has_user or not _WORD.fullmatch(url.user):
        raise _unusable(msg("The URL names no user."))
    if not _WORD.fullmatch(url.host) or "," in url.host:
        raise _unusable(msg("The URL names no server."))
    if not _WORD.fullmatch(url.database) or "/" in url.database:
        raise _unusable(msg("The URL names no database."))
    for name, value in url.options:
        if name not in OPTIONS or not _WORD.fullmatch(value):
            raise _unusable(msg("The URL has a parameter that is not known: {name}.", name=name))
        if name == "sslmode" and value not in TLS_MODES:
            raise _unusable(
                msg("There is no sslmode {mode} here: {modes}.", mode=value, modes=", ".join(TLS_MODES))
            )


def _unusable(problem: Message) -> UnusableInputError:
    # The text is not repeated: what a person typed may hold a password in a place where nobody expects it.
    return UnusableInputError(
        problem, remedy=msg("Write postgresql://user@host:port/database, or name a folder.")
    )
