"""What a request asks for, as facts; everything in it comes from outside."""

from __future__ import annotations

from collections.abc import Sequence

from trustdesk.core.certificate_request import RequestPurpose
from trustdesk.core.inspection import CsrFacts
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.inspector.fact import Fact
from trustdesk.gui.words import say

_LONGEST = 300
_MAX_NAMES = 12


def facts_of_request(csr: CsrFacts) -> tuple[Fact, ...]:
    """Return subject, names, usages, key and signature."""
    facts = [Fact(label=msg("Subject"), value=_shown(csr.subject, msg("empty")))]
    facts += names_of(csr.subject_alt_names)
    if csr.key_usage:
        facts.append(Fact(label=msg("Key usage"), value=", ".join(csr.key_usage)))
    if csr.extended_key_usage:
        facts.append(Fact(label=msg("Extended key usage"), value=", ".join(csr.extended_key_usage)))
    key = " ".join(str(part) for part in (csr.key_algorithm, csr.curve or csr.key_bits) if part)
    facts.append(Fact(label=msg("Key"), value=visible(key) or say(msg("unknown"))))
    words, ink = _SIGNATURE[csr.signature_valid]
    facts.append(Fact(label=msg("Signature"), value=say(words), ink=ink))
    facts += [Fact(label=msg("Problem"), value=say(one), ink="bad") for one in csr.problems]
    return tuple(facts)


def names_of(names: Sequence[str]) -> list[Fact]:
    """Return subject alternative names, a line each, the many counted."""
    facts = [Fact(label=msg("SAN"), value=visible(name, _LONGEST)) for name in names[:_MAX_NAMES]]
    if len(names) > _MAX_NAMES:
        more = msg("and {count} more", count=len(names) - _MAX_NAMES)
        facts.append(Fact(label=msg("SAN"), value=say(more), ink="text2"))
    return facts


def purpose_guess(csr: CsrFacts) -> RequestPurpose:
    """Return what a request seems to be for: by its usages, else by its names."""
    usages = csr.extended_key_usage or ()
    kinds = {name.partition(":")[0] for name in csr.subject_alt_names}
    if "serverAuth" in usages or (not usages and kinds == {"DNS"}):
        return RequestPurpose.SERVER
    if "clientAuth" in usages or (not usages and kinds == {"URI"}):
        return RequestPurpose.CLIENT
    return RequestPurpose.FREE


_SIGNATURE: dict[bool | None, tuple[Message, str]] = {
    True: (msg("made with the key of the request"), "text"),
    False: (msg("not made with the key of the request"), "bad"),
    None: (msg("could not be checked"), "unknown"),
}


def _shown(text: str | None, otherwise: Message) -> str:
    return visible(text, _LONGEST) if text else say(otherwise)
