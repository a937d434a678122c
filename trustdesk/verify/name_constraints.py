"""Do the names of a server's certificate lie within a CA's name constraints (RFC 5280 4.2.1.10)?

For the explanation: the verifier judges DNS names and addresses again. Directory names only this module
compares; a kind of constraint that nothing here understands counts as violated where the certificate has a
name of that kind.
"""

from __future__ import annotations

import ipaddress
import warnings

from cryptography import x509

from trustdesk.core.message import Message, msg
from trustdesk.verify.paths import Link

MAX_COMPARISONS = 20_000
"""Names times constraints: hostile certificates have thousands of both."""


def violated_constraint(authority: Link, subject: Link) -> Message | None:
    """Return what `authority`'s name constraints exclude of `subject`'s names; None when nothing."""
    constraints = next(
        (
            extension.value
            for extension in authority.extensions()
            if isinstance(extension.value, x509.NameConstraints)
        ),
        None,
    )
    if constraints is None:
        return None
    try:
        names = _names(subject)
    except ValueError:
        return msg(
            "The names of {subject} cannot be compared with the constraints.", subject=subject.facts.title
        )
    bases = len(constraints.permitted_subtrees or ()) + len(constraints.excluded_subtrees or ())
    if len(names) * bases > MAX_COMPARISONS:
        return msg("The constraints of {subject} are too many to compare.", subject=authority.facts.title)
    for name in names:
        permitted = [base for base in constraints.permitted_subtrees or () if type(base) is type(name)]
        excluded = [base for base in constraints.excluded_subtrees or () if type(base) is type(name)]
        if permitted and not any(_within(name, base, unsure=False) for base in permitted):
            return msg(
                "{subject} may issue for {permitted} only, not for {name}.",
                subject=authority.facts.title,
                permitted=", ".join(_text(base) for base in permitted),
                name=_text(name),
            )
        if any(_within(name, base, unsure=True) for base in excluded):
            return msg(
                "{subject} may not issue for {excluded}, and so not for {name}.",
                subject=authority.facts.title,
                excluded=", ".join(_text(base) for base in excluded),
                name=_text(name),
            )
    return None


def _names(subject: Link) -> list[x509.GeneralName]:
    """Return the SANs and, where it is not empty, the subject itself (RFC 5280 6.1.3 b)."""
    names: list[x509.GeneralName] = []
    if subject.certificate is not None:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=UserWarning)
            subject_name = subject.certificate.subject
        if len(subject_name.rdns):
            names.append(x509.DirectoryName(subject_name))
    for extension in subject.extensions():
        if isinstance(extension.value, x509.SubjectAlternativeName):
            names.extend(extension.value)
    return names


def _within(name: x509.GeneralName, base: x509.GeneralName, *, unsure: bool) -> bool:
    """Whether `name` lies in the subtree `base`; `unsure` is the answer for kinds not compared here."""
    if isinstance(name, x509.DNSName) and isinstance(base, x509.DNSName):
        return _dns_within(name.value.lower(), base.value.lower())
    if isinstance(name, x509.IPAddress) and isinstance(base, x509.IPAddress):
        return _address_within(name, base)
    if isinstance(name, x509.DirectoryName) and isinstance(base, x509.DirectoryName):
        return _directory_within(name.value, base.value)
    return unsure


def _dns_within(name: str, base: str) -> bool:
    return not base or name == base.removeprefix(".") or name.endswith(f".{base.removeprefix('.')}")


def _address_within(name: x509.IPAddress, base: x509.IPAddress) -> bool:
    network = base.value
    if not isinstance(network, ipaddress.IPv4Network | ipaddress.IPv6Network):
        return False
    return isinstance(name.value, ipaddress.IPv4Address | ipaddress.IPv6Address) and name.value in network


def _directory_within(name: x509.Name, base: x509.Name) -> bool:
    relative_names = [_comparable(relative_name) for relative_name in name.rdns]
    return [_comparable(relative_name) for relative_name in base.rdns] == relative_names[: len(base.rdns)]


def _comparable(relative_name: x509.RelativeDistinguishedName) -> frozenset[tuple[str, str]]:
    """Return attributes without regard to case and blanks (RFC 5280 7.1)."""
    return frozenset(
        (attribute.oid.dotted_string, " ".join(str(attribute.value).casefold().split()))
        for attribute in relative_name
    )


def _text(name: x509.GeneralName) -> str:
    value = name.value
    return value.rfc4514_string() if isinstance(value, x509.Name) else str(value)
