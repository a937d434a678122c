"""What trust lists are written as."""

from __future__ import annotations

from enum import StrEnum


class ListForm(StrEnum):
    """What a list is written as."""

    JSON = "json"
    PEM = "pem"
    PKCS7 = "pkcs7"
    JAVA_TRUST_STORE = "java_trust_store"
    CCADB = "ccadb"
