"""What private keys, key stores and unreadable things say, as labels and values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from trustdesk.core.inspection import ContainerProtection, InspectedItem, ItemKind, KeyFacts, Protection
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.untrusted import visible
from trustdesk.gui.inspector.fact import Fact
from trustdesk.gui.inspector.opened import OpenedItem
from trustdesk.gui.words import say

if TYPE_CHECKING:
    from trustdesk.verify.lint_der import NotDer

_SHOWN_RELATED = 5


def key_protection_facts(key: KeyFacts) -> Iterator[Fact]:
    """Yield how a key is written down and protected."""
    yield Fact(label=msg("Form"), value=visible(key.form))
    if not key.encrypted:
        words, ink = msg("not at all: whoever has the file has the key"), "warning"
    elif key.empty_password:
        words, ink = msg("by an empty passphrase: whoever has the file has the key"), "warning"
    else:
        words, ink = msg("by a passphrase"), "text"
    yield Fact(label=msg("Protected"), value=say(words), ink=ink)
    if key.protection is not None:
        yield Fact(label=msg("Encryption"), value=protection_text(key.protection))


def related_facts(one: OpenedItem, related: Sequence[OpenedItem]) -> Iterator[Fact]:
    """Yield the open items that share a public key, or lie in a key store, as links."""
    item = one.item
    if item.key is not None and not any(other.item.key is None for other in related):
        unknown = item.key.spki_sha256 is None
        words = (
            msg("not known: the key was not opened")
            if unknown
            else msg("no certificate and no request that is open")
        )
        yield Fact(label=msg("Belongs to"), value=say(words), ink="unknown")
    for other in related[:_SHOWN_RELATED]:
        yield Fact(label=_relation(item, other.item), value=title_of(other), link=other.key)
    if len(related) > _SHOWN_RELATED:
        more = msg("and {count} more", count=len(related) - _SHOWN_RELATED)
        yield Fact(label=_relation(item, related[_SHOWN_RELATED].item), value=say(more))


def _relation(item: InspectedItem, other: InspectedItem) -> Message:
    if item.kind in {ItemKind.PKCS12, ItemKind.JKS, ItemKind.PKCS7}:
        return msg("Holds")
    if item.key is not None and other.key is None:
        return msg("Belongs to")
    if item.key is None and other.key is not None:
        return msg("Private key")
    return msg("Same key as")


def title_of(one: OpenedItem) -> str:
    """Return what a person calls an item, with its kind where that is no certificate."""
    item = one.item
    if one.facts is not None:
        return visible(one.facts.title, 100)
    if item.csr is not None:
        return say(msg("Request of {subject}", subject=item.csr.subject or item.source))
    if item.key is not None:
        return say(msg("Private key in {file}", file=item.source.rpartition("/")[2]))
    return visible(item.alias or item.source.rpartition("/")[2], 100)


def container_facts(item: InspectedItem) -> Iterator[Fact]:
    """Yield how a key store is protected."""
    protection = item.protection
    if protection is None:
        return
    if item.kind is ItemKind.PKCS12:
        words, ink = {
            True: (msg("with a passphrase"), "text"),
            False: (msg("without a passphrase: whoever has the file has what is in it"), "warning"),
            None: (msg("not opened yet"), "unknown")
            if item.locked
            else (msg("its certificates without a passphrase; each key has its own"), "text"),
        }[protection.has_password]
        yield Fact(label=msg("Opens"), value=say(words), ink=ink)
    old = old_words(item.kind, protection)
    parts = "\n".join(protection_text(part) for part in protection.parts)
    if parts or item.kind is ItemKind.PKCS12:
        yield Fact(
            label=msg("Encryption"), value=parts or say(msg("none")), ink="text" if parts else "warning"
        )
    if protection.mac is not None:
        yield Fact(label=msg("Proof against changes"), value=protection_text(protection.mac))
    else:
        yield Fact(label=msg("Proof against changes"), value=say(msg("none")), ink="warning")
    if item.kind is ItemKind.PKCS12:
        encoding = msg("BER, which some programs refuse") if protection.is_ber else msg("DER")
        yield Fact(label=msg("Encoding"), value=say(encoding), ink="warning" if protection.is_ber else "text")
    if old is not None:
        yield Fact(label=msg("Out of date"), value=say(old), ink="warning")


def old_words(kind: ItemKind, protection: ContainerProtection) -> Message | None:
    """Return what of a key store's protection is out of date; None where nothing is."""
    from trustdesk.core.message import listed
    from trustdesk.verify.profiles.key_rules import old_parts

    if kind is ItemKind.JKS:
        return msg("Java's own key stores protect keys by SHA-1, MD5 or DES alone; PKCS#12 has replaced them")
    old = old_parts(protection)
    return msg("{old}; some programs do not open it", old=listed(old)) if old else None


def protection_text(protection: Protection) -> str:
    """Return cipher, derivation and rounds in words."""
    from trustdesk.verify.profiles.key_rules import protection_words

    return say(protection_words(protection))


def unreadable_facts(item: InspectedItem) -> Iterator[Fact]:
    """Yield which bytes of a file cannot be read, and where they break off."""
    data = item.data or b""
    if not data:
        where = msg("from byte {offset}; they are not kept", offset=item.offset)
        yield Fact(label=msg("Bytes"), value=say(where))
        return
    words = msg_n(
        "{count} byte, from byte {offset} of the file",
        "{count} bytes, from byte {offset} of the file",
        len(data),
        offset=item.offset,
    )
    yield Fact(label=msg("Bytes"), value=say(words))
    place = where_it_breaks(item)
    if place is not None:
        breaks = msg("at byte {offset}: {reason}", offset=place.offset, reason=place.reason)
        yield Fact(label=msg("Breaks off"), value=say(breaks), ink="bad")


def where_it_breaks(item: InspectedItem) -> NotDer | None:
    """Return the first byte of unreadable DER that is none; None for text, and where nothing is wrong."""
    from trustdesk.verify.lint_der import first_not_der

    data = item.data or b""
    return first_not_der(data) if data[:1] == b"\x30" else None
