"""Versions and cipher suites that are below every floor (RFC 8996; RFC 9325 4.1)."""

from __future__ import annotations

import re

LEGACY_VERSIONS = frozenset({"SSLv3", "TLSv1", "TLSv1.1"})

_WEAK = re.compile(r"_(NULL|EXPORT\d*|RC4|RC2|DES|DES40|3DES|IDEA|anon|MD5)(_|$)")


def is_weak_suite(name: str) -> bool:
    """Whether a suite must not be used: no encryption, no authentication, or a broken cipher.

    Args:
        name: IANA name. Suites that only lack forward secrecy or AEAD are a finding, not a fault.
    """
    return _WEAK.search(name) is not None
