"""What a PKCS#12 file is made of, bag by bag, who can open it, and what to do about it.

The file is opened with the reader of foreign files; no key leaves this module.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError, WrongPasswordError
from trustdesk.core.identity import ExportedFile, ExportForm, ExportProfile, P12Bag, P12Diagnosis
from trustdesk.core.inspection import ContainerProtection, Protection, ReadingLimits
from trustdesk.core.message import Message, listed, msg, msg_n
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.certification_path import IssuerPool, build_path, public_key_of, spki_sha256
from trustdesk.formats.container_protection import pkcs12_protection
from trustdesk.formats.contents import read_contents
from trustdesk.formats.der import DerError
from trustdesk.formats.keyed_certificates import keyed_certificates
from trustdesk.formats.kinds import FileKind, KeyForm, key_form_of, kind_of
from trustdesk.formats.password_encryption import WorkBudget
from trustdesk.formats.pkcs12 import Bag, BagKind, OpenedPkcs12, read_pkcs12
from trustdesk.formats.private_key import PasswordSource, SealedKey, open_key, usable_key
from trustdesk.formats.protection import protection_of_key
from trustdesk.services.identity_export import Exportable, export_identity
from trustdesk.services.p12_openers import P12Facts, openers
from trustdesk.verify.profiles.key_rules import joined, old_parts, protection_words

FEW_ROUNDS = 10_000
"""Under this, every passphrase that a person can remember is guessed in days (NIST SP 800-63B 5.1.1.2)."""


@dataclass(frozen=True, slots=True)
class _Key:
    """A key's bag with what could be learnt of it; `spki` is None where it stayed closed."""

    bag: Bag
    spki: str | None
    problem: Message | None


@dataclass(slots=True)
class _Inside:
    keys: list[_Key] = field(default_factory=list)
    certificates: list[CertificateFacts] = field(default_factory=list)


def diagnose_p12(data: bytes, source: str, password: str | None = None) -> P12Diagnosis:
    """Examine a PKCS#12 file; what lies open in it is told without a password.

    It blocks for as long as the file's rounds take, and is meant for the reading process.

    Raises:
        UnusableInputError: it is no PKCS#12 file, is damaged in its outermost structure, or asks for endless
            work.
    """
    if kind_of(data) is not FileKind.PKCS12:
        raise UnusableInputError(
            msg("This is no PKCS#12 file."),
            remedy=msg("Name a file that ends in .p12 or .pfx."),
            place=source,
        )
    passwords = PasswordSource(None, [] if password is None else [password])
    budget = WorkBudget(ReadingLimits().rounds)
    try:
        opened = read_pkcs12(data, source, passwords, budget)
    except DerError:
        raise UnusableInputError(
            msg("The PKCS#12 file is damaged."),
            remedy=msg("Ask for the file once more, or export it again."),
            place=source,
        ) from None
    inside = _looked_into(opened, source, passwords, budget)
    protection = pkcs12_protection(opened)
    return P12Diagnosis(
        source=source,
        opened=opened.opens,
        protection=protection,
        bags=tuple(_bags(opened, inside)),
        mac=None if opened.mac is None else protection_words(opened.mac),
        openers=openers(_facts(opened, protection)),
        advice=tuple(_advice(opened, inside, protection)),
    )


def reexport_p12(
    data: bytes,
    source: str,
    password: str | None,
    to: Path,
    *,
    profile: ExportProfile,
    passphrase: str,
) -> ExportedFile:
    """Write a PKCS#12 file anew with another profile; nothing of it is kept.

    Raises:
        UnusableInputError: it holds no key with a certificate, or several keys, or stays closed; or the
            passphrase is weak.
        EnvironmentFailureError: the new file cannot be written.
    """
    limits = ReadingLimits()
    passwords = PasswordSource(None, [] if password is None else [password])
    budget = WorkBudget(limits.rounds)
    items = read_contents(data, source, passwords, budget, limits).items
    closed = next((item.error for item in items if item.error is not None), None)
    if closed is not None:
        raise closed
    found = keyed_certificates(items, items, passwords, budget)
    if len(found) != 1:
        raise UnusableInputError(
            msg("The file holds {count} private keys, and a new one can hold one.", count=len(found)),
            remedy=msg("Import it, and export each identity by itself."),
            place=source,
        )
    (one,) = found
    if one.private_key is None or not one.certification_path:
        raise one.error or UnusableInputError(
            msg("No certificate in the file was made for its private key."),
            remedy=msg("Import key and certificate together, and export the identity."),
            place=source,
        )
    path = tuple(read_certificate(der) for der in one.certification_path)
    what = Exportable(
        name=one.place.alias or path[0].title, certification_path=path, private_key=one.private_key
    )
    return export_identity(what, to, ExportForm.PKCS12, profile=profile, passphrase=passphrase)


def _looked_into(opened: OpenedPkcs12, source: str, passwords: PasswordSource, budget: WorkBudget) -> _Inside:
    inside = _Inside()
    for bag in opened.bags:
        if bag.kind is BagKind.CERTIFICATE:
            inside.certificates.append(read_certificate(bag.data))
        elif bag.kind in {BagKind.KEY, BagKind.SHROUDED_KEY}:
            inside.keys.append(_key(bag, opened, source, passwords, budget))
    return inside


def _key(bag: Bag, opened: OpenedPkcs12, source: str, passwords: PasswordSource, budget: WorkBudget) -> _Key:
    encrypted = bag.kind is BagKind.SHROUDED_KEY
    sealed = SealedKey(
        form=KeyForm.PKCS8 if encrypted else key_form_of(bag.data),
        encrypted=encrypted,
        data=bag.data,
        passwords=opened.spellings if opened.opens else (),
    )
    try:
        key = open_key(sealed, source, passwords, budget, checked=False)
        spki = spki_sha256(key)
        usable_key(key, source)
    except WrongPasswordError:
        problem = msg("It has another password than the file.") if opened.opens else None
        return _Key(bag, None, problem)
    except UnusableInputError as error:
        return _Key(bag, None, error.problem)
    return _Key(bag, spki, None)


def _bags(opened: OpenedPkcs12, inside: _Inside) -> Iterator[P12Bag]:
    keys, certificates = iter(inside.keys), iter(inside.certificates)
    owners = {_spki_of(facts): facts for facts in reversed(inside.certificates)}
    in_paths = _in_paths(inside)
    for bag in opened.bags:
        protection = _bag_protection(bag)
        match bag.kind:
            case BagKind.KEY | BagKind.SHROUDED_KEY:
                key = next(keys)
                owner = owners.get(key.spki) if key.spki is not None else None
                yield P12Bag(
                    what=msg("Private key")
                    if owner is None
                    else msg("Private key of {subject}", subject=owner.subject or owner.title),
                    alias=bag.alias,
                    protection=protection,
                    problem=key.problem or _lone(key, owner),
                )
            case BagKind.CERTIFICATE:
                facts = next(certificates)
                problem = next(iter(facts.problems), None)
                if problem is None and inside.keys and facts.sha256 not in in_paths:
                    problem = msg("It belongs neither to a private key in the file nor to its chain.")
                yield P12Bag(
                    what=msg("Certificate {subject}", subject=facts.subject or facts.title),
                    alias=bag.alias,
                    protection=protection,
                    # Whose it is, only the open key could tell.
                    problem=problem if all(key.spki for key in inside.keys) else None,
                )
            case BagKind.CRL:
                yield P12Bag(what=msg("Revocation list"), alias=bag.alias, protection=protection)
            case BagKind.OTHER:
                yield P12Bag(
                    what=msg("Something else"),
                    alias=bag.alias,
                    protection=protection,
                    problem=msg("It is neither a certificate nor a private key, or it is damaged."),
                )


def _lone(key: _Key, owner: CertificateFacts | None) -> Message | None:
    if key.spki is not None and owner is None:
        return msg("No certificate in the file was made for its private key.")
    return None


def _bag_protection(bag: Bag) -> Message:
    layers = [bag.sealed] if bag.sealed is not None else []
    if bag.kind is BagKind.SHROUDED_KEY:
        own = protection_of_key(KeyForm.PKCS8, bag.data, None)
        layers.insert(0, own or Protection(cipher="?"))
    return joined([protection_words(one) for one in layers]) if layers else msg("none: it lies open")


def _in_paths(inside: _Inside) -> set[str]:
    """Return digests of the certificates that a key in the file needs, its anchor too."""
    pool = IssuerPool(facts.der for facts in inside.certificates)
    wanted = {key.spki for key in inside.keys}
    digests: set[str] = set()
    for facts in inside.certificates:
        if _spki_of(facts) in wanted:
            built = build_path(facts.der, (pool,))
            ders = [*built.certificates, *([built.anchor] if built.anchor is not None else [])]
            digests |= {hashlib.sha256(der).hexdigest() for der in ders}
    return digests


def _spki_of(facts: CertificateFacts) -> str | None:
    spki = public_key_of(facts.der)
    return None if spki is None else hashlib.sha256(spki).hexdigest()


def _facts(opened: OpenedPkcs12, protection: ContainerProtection) -> P12Facts:
    keys = [
        protection_of_key(KeyForm.PKCS8, bag.data, None)
        for bag in opened.bags
        if bag.kind is BagKind.SHROUDED_KEY
    ]
    return P12Facts(
        parts=(*opened.parts, *(key or Protection(cipher="?") for key in keys)),
        mac=opened.mac,
        is_whole=opened.opens and opened.error is None and not opened.problems,
        has_open_key=any(bag.kind is BagKind.KEY for bag in opened.bags),
        is_ber=protection.is_ber,
    )


def _advice(opened: OpenedPkcs12, inside: _Inside, protection: ContainerProtection) -> Iterator[Message]:
    yield from opened.problems
    if opened.error is not None:
        yield opened.error.problem
        if isinstance(opened.error, WrongPasswordError):
            yield msg("What is in the closed parts is told once they are open: give the password.")
    has_key = bool(inside.keys)
    if has_key and (
        protection.has_password is False
        or any(key.bag.kind is BagKind.KEY and key.bag.sealed is None for key in inside.keys)
    ):
        yield msg("No passphrase protects the private key: export it again under one, and delete this file.")
    old = old_parts(protection)
    if old:
        yield msg(
            "It uses {old}: export it again with the modern profile, unless it is for Windows Server 2016,"
            " macOS or an old Java.",
            old=listed(old),
        )
    elif protection.parts:
        yield msg(
            "For Windows Server 2016, macOS and a Java older than 8u301 or 11.0.12, export it again with the"
            " compatible profile."
        )
    yield from _few_rounds(_facts(opened, protection).rounds)
    if opened.mac is None:
        yield msg("Nothing proves that nobody changed the file: it has no MAC.")
    yield from _about_chain(opened, inside)


def _few_rounds(rounds: Sequence[int]) -> Iterator[Message]:
    if rounds and min(rounds) < FEW_ROUNDS:
        yield msg_n(
            "Its password is guessed quickly: {count} round where 600,000 are the custom.",
            "Its password is guessed quickly: {count} rounds where 600,000 are the custom.",
            min(rounds),
        )


def _about_chain(opened: OpenedPkcs12, inside: _Inside) -> Iterator[Message]:
    if not opened.opens:
        return
    if len(inside.keys) > 1:
        yield msg(
            "It holds {count} private keys: several programs take the first one alone.",
            count=len(inside.keys),
        )
    elif not inside.keys:
        yield msg("It holds no private key: as an identity it is of no use.")
    pool = IssuerPool(facts.der for facts in inside.certificates)
    wanted = {key.spki for key in inside.keys}
    for facts in inside.certificates:
        if _spki_of(facts) not in wanted or facts.is_self_issued:
            continue
        built = build_path(facts.der, (pool,))
        if built.anchor is None and len(built.certificates) == 1:
            yield msg(
                "The certificate of the issuer {issuer} is not in it: export it again with the chain.",
                issuer=facts.issuer or "?",
            )
