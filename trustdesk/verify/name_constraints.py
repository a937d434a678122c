"""Do the names of a certificate lie within the name constraints above it (RFC 5280 4.2.1.10, 6.1.3 b, c)?

Every kind of name is compared, and what cannot be compared counts as outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from trustdesk.core.message import Message, msg
from trustdesk.formats.der import UTF8_STRING, read_element, read_whole
from trustdesk.formats.extension_oids import SUBJECT_ALT_NAME
from trustdesk.verify.comparable_names import email_addresses
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.extension_values import GeneralName, NameConstraints, NameKind
from trustdesk.verify.name_subtrees import Subtrees, unclear_name

MAX_COMPARISONS = 1 << 20
"""Names times constraints in one path."""

_MAX_SHOWN = 8
_SMTP_UTF8_MAILBOX = bytes.fromhex("06082b06010505070809")
_EXPLICIT = 0xA0
_NO_SUBTREES = Subtrees(())


class Constraint:
    """Name constraints, ready to be compared with.

    Attributes:
        authority: who set them: a CA's title, or the name of a trust list.
        constrained: kinds of names that they are about.
    """

    def __init__(self, authority: str, constraints: NameConstraints) -> None:
        self.authority = authority
        self.permitted = _by_kind(constraints.permitted)
        self.excluded = _by_kind(constraints.excluded)
        self.constrained = self.permitted.keys() | self.excluded.keys()


@dataclass(frozen=True, slots=True)
class NameVerdicts:
    """What the constraints above one certificate say of its names.

    Attributes:
        constrained: kinds for which there is a constraint.
        present: kinds of which the certificate has names.
        violations: a sentence for each kind that is violated.
        unusable: a sentence for each kind that could not be compared, for a constraint is malformed. That is
            a fault of who set it (names.syntax), not of this certificate.
    """

    constrained: frozenset[NameKind] = frozenset()
    present: frozenset[NameKind] = frozenset()
    violations: Mapping[NameKind, Message] = field(default_factory=dict)
    unusable: Mapping[NameKind, Message] = field(default_factory=dict)


NOTHING_CONSTRAINED = NameVerdicts()


class Budget:
    """Comparisons that are left for one path."""

    def __init__(self, comparisons: int = MAX_COMPARISONS) -> None:
        self.left = comparisons

    @property
    def is_spent(self) -> bool:
        """Whether more was asked for than there was."""
        return self.left < 0

    def spend(self, comparisons: int) -> bool:
        """Take from the budget; False when it is spent."""
        self.left -= comparisons
        return self.left >= 0


def compare_names(certificate: Decoded, constraints: Sequence[Constraint], budget: Budget) -> NameVerdicts:
    """Compare all names of a certificate with all constraints above it."""
    if not constraints:
        return NOTHING_CONSTRAINED
    names = names_of(certificate)
    violations: dict[NameKind, Message] = {}
    unusable: dict[NameKind, Message] = {}
    constrained: set[NameKind] = set()
    for constraint in constraints:
        constrained |= constraint.constrained
        for name in names:
            kind = name.kind
            if kind in violations or kind not in constraint.constrained:
                continue
            permitted = constraint.permitted.get(kind, _NO_SUBTREES)
            excluded = constraint.excluded.get(kind, _NO_SUBTREES)
            if permitted.unusable or excluded.unusable:
                unusable[kind] = msg(
                    "{authority} constrains names of this kind by {base}, which cannot be compared with.",
                    authority=constraint.authority,
                    base=(*permitted.unusable, *excluded.unusable)[0].text,
                )
                continue
            if not budget.spend(len(permitted.bases) + len(excluded.bases)):
                violations[kind] = msg(
                    "The names of {subject} and the constraints of {authority} are too many to compare.",
                    subject=certificate.title,
                    authority=constraint.authority,
                )
                break
            problem = _violation(name, permitted, excluded, constraint.authority, certificate.title)
            if problem is not None:
                violations[kind] = problem
    return NameVerdicts(frozenset(constrained), frozenset(name.kind for name in names), violations, unusable)


def names_of(certificate: Decoded) -> list[GeneralName]:
    """Return the SANs and the subject, and its email addresses where no SAN says them (4.2.1.10).

    An SmtpUTF8Mailbox (RFC 9598) is an otherName, and bound by constraints on email addresses too.
    """
    names = list(certificate.alternative_names)
    names += [mailbox for name in names if (mailbox := _internationalized_mailbox(name)) is not None]
    if certificate.subject:
        subject = certificate.facts.subject or certificate.title
        names.append(GeneralName(NameKind.DIRECTORY, certificate.subject, subject))
        if not certificate.has(SUBJECT_ALT_NAME):
            names.extend(
                GeneralName(NameKind.EMAIL, address, address)
                for address in email_addresses(certificate.subject)
            )
    return names


def _internationalized_mailbox(name: GeneralName) -> GeneralName | None:
    if name.kind is not NameKind.OTHER or not isinstance(name.value, bytes):
        return None
    if not name.value.startswith(_SMTP_UTF8_MAILBOX):
        return None
    try:
        wrapped = read_element(name.value, len(_SMTP_UTF8_MAILBOX)).expect(_EXPLICIT)
        text = read_whole(wrapped.content, UTF8_STRING).content.decode()
    except ValueError:
        # Octets where text belongs: nothing to compare, and so outside of every constraint.
        return GeneralName(NameKind.EMAIL, b"", name.text)
    return GeneralName(NameKind.EMAIL, text, text)


def _by_kind(bases: Iterable[GeneralName]) -> dict[NameKind, Subtrees]:
    found: dict[NameKind, list[GeneralName]] = {}
    for base in bases:
        found.setdefault(base.kind, []).append(base)
    return {kind: Subtrees(of_kind) for kind, of_kind in found.items()}


def _violation(
    name: GeneralName, permitted: Subtrees, excluded: Subtrees, authority: str, subject: str
) -> Message | None:
    if unclear_name(name):
        return msg(
            "{authority} constrains names of the kind of {name} in {subject}, which cannot be compared.",
            authority=authority,
            name=name.text,
            subject=subject,
        )
    if permitted.bases and permitted.holding(name) is None:
        return msg(
            "{subject} has the name {name}; {authority} may issue for {permitted} only.",
            subject=subject,
            name=name.text,
            authority=authority,
            permitted=_listed(permitted.bases),
        )
    touched = excluded.touched_by(name)
    if touched is not None:
        return msg(
            "{subject} has the name {name}; {authority} may not issue for {excluded}.",
            subject=subject,
            name=name.text,
            authority=authority,
            excluded=touched.text or "*",
        )
    return None


def _listed(bases: Sequence[GeneralName]) -> str | Message:
    shown = ", ".join(base.text or "*" for base in bases[:_MAX_SHOWN])
    if len(bases) <= _MAX_SHOWN:
        return shown
    return msg("{shown} and {count} more", shown=shown, count=len(bases) - _MAX_SHOWN)
