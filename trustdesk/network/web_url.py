"""The URLs that are fetched at all, and how a reason not to travels to the one place that returns it."""

from __future__ import annotations

from urllib.parse import urljoin

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from trustdesk.core.message import Message, msg

MAX_URL = 2048
PORTS = {"http": 80, "https": 443}


class RefusedError(Exception):
    """Nothing comes of a download; `reason` is the sentence that says why."""

    def __init__(self, reason: Message, *, of_certificate: bool = False) -> None:
        super().__init__(reason.id)
        self.reason = reason
        self.of_certificate = of_certificate


def parsed_url(text: str) -> Url:
    """Read an http or https URL.

    Raises:
        RefusedError: it is too long, of another kind, or carries a password.
    """
    if len(text) > MAX_URL:
        raise RefusedError(msg("the URL is longer than {limit} characters", limit=MAX_URL))
    try:
        url = parse_url(text)
    except LocationParseError:
        raise RefusedError(msg("it is no URL that can be fetched")) from None
    if url.scheme in {"ldap", "ldaps"}:
        raise RefusedError(msg("it is an LDAP address, and only http and https are fetched"))
    if url.scheme not in PORTS:
        raise RefusedError(msg("only http and https are fetched"))
    if not url.host or url.auth is not None or not text.isascii() or not text.isprintable():
        raise RefusedError(msg("it is no URL that can be fetched"))
    return url


def host_of(url: Url) -> str:
    """Return the host without the brackets of an IPv6 literal."""
    return (url.host or "").strip("[]")


def port_of(url: Url) -> int:
    """Return the port, the scheme's own where none is named."""
    return url.port or PORTS[url.scheme or ""]


def redirected(url: str, location: str) -> str:
    """Return where a redirect leads.

    Raises:
        RefusedError: that is no URL.
    """
    try:
        return urljoin(url, location)
    except ValueError:
        raise RefusedError(msg("it redirects to something that is no URL")) from None
