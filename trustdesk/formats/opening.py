"""A file into an Inspection: everything in it found, read out and named, and nothing believed.

Pure: bytes and a way to ask for passwords come in, values without keys go out. Hostile input is opened in a
process of its own (`services.reading`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from trustdesk.core.errors import UnusableInputError, WrongPasswordError
from trustdesk.core.inspection import (
    InspectedItem,
    Inspection,
    ItemKind,
    KeyFacts,
    ReadingLimits,
)
from trustdesk.core.message import msg
from trustdesk.formats.algorithms import curve_of, key_of
from trustdesk.formats.certificate_details import read_details
from trustdesk.formats.contents import Content, Contents, read_contents
from trustdesk.formats.der import read_element
from trustdesk.formats.kinds import KeyForm
from trustdesk.formats.password_encryption import WorkBudget
from trustdesk.formats.private_key import Ask, PasswordSource, SealedKey, open_with_password
from trustdesk.formats.protection import protection_of_key
from trustdesk.formats.request import read_request
from trustdesk.formats.revocation_list import read_revocation_list

_MAX_SHOWN_BYTES = 64 * 1024


def open_anything(
    data: bytes,
    source: str,
    password: Ask | None = None,
    limits: ReadingLimits | None = None,
    known_passwords: Sequence[str] = (),
) -> Inspection:
    """Open a file of any kind and say what is in it.

    Args:
        source: what the file is called, for items and for questions.
        password: asked for each thing that needs one that has not been given yet; None from it ends the
            asking, None instead of it when there is nobody to ask.
        limits: None for the usual ones.
        known_passwords: tried on everything before anybody is asked.
    """
    limits = limits or ReadingLimits()
    passwords, budget = PasswordSource(password, list(known_passwords)), WorkBudget(limits.rounds)
    contents = Contents()
    try:
        read_contents(data, source, passwords, budget, limits, contents)
    except UnusableInputError as error:
        contents.problems.append(error.problem)
    inside = Counter((content.source, content.parent) for content in contents.items)
    items = tuple(
        _item(content, inside[content.source, content.position], passwords, budget)
        for content in contents.items
    )
    return Inspection(items=items, problems=tuple(contents.problems))


def _item(content: Content, inside: int, passwords: PasswordSource, budget: WorkBudget) -> InspectedItem:
    problems = list(content.problems)
    locked = False
    if content.error is not None:
        problems.append(content.error.problem)
        locked = isinstance(content.error, WrongPasswordError)
    key = None
    if content.key is not None:
        key, error = _key_facts(content.key, content.source, passwords, budget)
        problems += [] if error is None else [error.problem]
        locked = locked or isinstance(error, WrongPasswordError)
    certificate = read_details(content.data) if content.kind is ItemKind.CERTIFICATE else None
    csr = read_request(content.data) if content.kind is ItemKind.CSR else None
    crl = read_revocation_list(content.data) if content.kind is ItemKind.CRL else None
    for read in (certificate, csr, crl):
        problems += [] if read is None else read.problems
    unknown = content.kind is ItemKind.UNKNOWN
    return InspectedItem(
        kind=content.kind,
        source=content.source,
        position=content.position,
        parent=content.parent,
        alias=content.alias,
        offset=content.offset,
        certificate=certificate,
        csr=csr,
        crl=crl,
        key=key,
        data=content.data[:_MAX_SHOWN_BYTES] if unknown else None,
        count=inside if content.kind in _CONTAINERS else None,
        locked=locked,
        protection=content.protection,
        problems=tuple(problems),
    )


_CONTAINERS = frozenset({ItemKind.PKCS12, ItemKind.PKCS7, ItemKind.JKS})


def _key_facts(
    key: SealedKey, place: str, passwords: PasswordSource, budget: WorkBudget
) -> tuple[KeyFacts, UnusableInputError | None]:
    """Open a key just long enough to learn which public key belongs to it."""
    protection = protection_of_key(key.form, key.data, key.headers) if key.encrypted else key.enclosure
    encrypted = key.encrypted or key.enclosure is not None
    facts = KeyFacts(form=key.form, encrypted=encrypted, protection=protection)
    if key.form is KeyForm.OPENSSH:
        problem = msg("It is a key of OpenSSH, which TLS does not use.")
        return facts, UnusableInputError(problem, remedy=_REMEDY, place=place)
    try:
        private, password = open_with_password(key, place, passwords, budget, checked=False)
        public = private.public_key()
        spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        element = read_element(spki)
        algorithm, bits = key_of(element)
        curve = curve_of(element)
    except UnusableInputError as error:
        return facts, error
    except ValueError:
        problem = msg("Nothing can be said of the public key that belongs to it.")
        return facts, UnusableInputError(problem, remedy=_REMEDY, place=place)
    return (
        KeyFacts(
            form=key.form,
            encrypted=encrypted,
            algorithm=algorithm,
            bits=bits,
            curve=curve,
            spki_sha256=hashlib.sha256(spki).hexdigest(),
            protection=protection,
            empty_password=not password if key.encrypted else encrypted and not any(key.passwords),
        ),
        None,
    )


_REMEDY = msg("Name the file with the key of the certificate.")
