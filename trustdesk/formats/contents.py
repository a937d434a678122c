"""Everything that lies in a file, container by container, before any of it is read out.

What a thing is, its bytes say: names, endings and PEM labels are not believed. Nothing is raised for damage;
a damaged thing is content too, and what lies beside it still comes out.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.inspection import ContainerProtection, ItemKind, ReadingLimits
from trustdesk.core.message import Message, msg
from trustdesk.formats import archive
from trustdesk.formats.ber import to_der
from trustdesk.formats.container_protection import java_protection, pkcs12_protection
from trustdesk.formats.der import DerError, read_element
from trustdesk.formats.java_key_protection import store_is_intact
from trustdesk.formats.java_key_store import EntryKind, JavaKeyStore, read_java_key_store
from trustdesk.formats.kinds import FileKind, KeyForm, key_form_of, kind_of, nothing_known
from trustdesk.formats.password_encryption import WorkBudget
from trustdesk.formats.pem import KEY_LABELS, PemBlock, decode_base64, looks_like_pem, pem_blocks
from trustdesk.formats.pem_labels import KIND_OF_LABEL
from trustdesk.formats.pkcs7 import read_pkcs7
from trustdesk.formats.pkcs12 import BagKind, read_pkcs12
from trustdesk.formats.private_key import PasswordSource, SealedKey, wrong_password

_ITEM_KINDS = {
    FileKind.CERTIFICATE: ItemKind.CERTIFICATE,
    FileKind.REQUEST: ItemKind.CSR,
    FileKind.REVOCATION_LIST: ItemKind.CRL,
    FileKind.PRIVATE_KEY: ItemKind.PRIVATE_KEY,
    FileKind.ENCRYPTED_PRIVATE_KEY: ItemKind.PRIVATE_KEY,
    FileKind.PKCS7: ItemKind.PKCS7,
    FileKind.PKCS12: ItemKind.PKCS12,
    FileKind.JAVA_KEY_STORE: ItemKind.JKS,
}
_PARAMETERS = frozenset({"DH PARAMETERS", "EC PARAMETERS", "DSA PARAMETERS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One thing in a file.

    Attributes:
        kind: what it is for a person.
        found: what its bytes are, more finely; what its label says where the bytes do not.
        data: DER; for UNKNOWN what there is. A key's stands in `key` alone.
        source, position, parent, alias, offset: as in InspectedItem.
        block: which PEM block of the source it stands in, from 1; None outside of PEM.
        key: of a PRIVATE_KEY that could be told apart; None for others.
        error: why it stayed closed; None when nothing did.
        protection: of a PKCS#12 file or a Java key store.
        problems: what is wrong with how it lies there, not with what it says.
    """

    kind: ItemKind
    found: FileKind
    data: bytes = field(repr=False)
    source: str
    position: int
    parent: int | None = None
    alias: str | None = None
    offset: int = 0
    block: int | None = None
    key: SealedKey | None = None
    error: UnusableInputError | None = None
    protection: ContainerProtection | None = None
    problems: tuple[Message, ...] = ()


@dataclass(slots=True)
class Contents:
    """All of them, with what concerns no single one."""

    items: list[Content] = field(default_factory=list)
    problems: list[Message] = field(default_factory=list)


def read_contents(
    data: bytes,
    source: str,
    passwords: PasswordSource,
    budget: WorkBudget,
    limits: ReadingLimits,
    into: Contents | None = None,
) -> Contents:
    """Find everything in a file.

    Private keys stay closed. A password is asked for when a container hides its certificates.

    Args:
        into: where to add what is found, and whose items count for the limits; None for a new one.

    Raises:
        UnusableInputError: a container asks for endless work.
    """
    contents = Contents() if into is None else into
    _Walk(contents, passwords, budget, limits).file(data, source, 0)
    return contents


class _Walk:
    """One walk through a file, with what it has found and what it may still do."""

    def __init__(
        self, contents: Contents, passwords: PasswordSource, budget: WorkBudget, limits: ReadingLimits
    ) -> None:
        self._contents = contents
        self._passwords = passwords
        self._budget = budget
        self._limits = limits
        self._positions: dict[str, int] = {}
        self._unpacked = 0

    def file(self, data: bytes, source: str, depth: int) -> None:
        """Take a whole file apart, or a member of an archive."""
        if len(data) > self._limits.bytes:
            megabytes = self._limits.bytes // (1024 * 1024)
            self._unknown(source, b"", msg("The file holds more than {megabytes} MB.", megabytes=megabytes))
        elif not data.strip():
            self._unknown(source, b"", msg("The file is empty."))
        elif depth > self._limits.depth:
            self._unknown(source, data, msg("Containers lie in containers too deep."))
        elif archive.is_archive(data):
            self._archive(data, source, depth)
        elif kind_of(data) is not FileKind.UNKNOWN:
            self._elements(data, source, depth)
        elif looks_like_pem(data):
            for block in pem_blocks(data, self._limits.items + 1):
                if not self._block(block, source, depth):
                    break
        elif (decoded := decode_base64(data)) is not None and kind_of(decoded) is not FileKind.UNKNOWN:
            self._elements(decoded, source, depth)
        else:
            self._unknown(source, data, nothing_known(data))

    def _archive(self, data: bytes, source: str, depth: int) -> None:
        for member in archive.members(data, self._limits, self._limits.bytes - self._unpacked):
            name = f"{source}/{member.name}" if member.name else source
            if self._is_full():
                return
            if member.data is None:
                self._unknown(name, b"", member.problem or msg("The member is damaged."))
            else:
                self._unpacked += len(member.data)
                self.file(member.data, name, depth + 1)

    def _elements(self, data: bytes, source: str, depth: int) -> None:
        """DER or a Java key store; what follows it is looked at too."""
        offset = 0
        while offset < len(data):
            kind = kind_of(data, offset)
            if kind is FileKind.JAVA_KEY_STORE:
                self._java_key_store(data[offset:], source, offset)
                return
            if kind is FileKind.UNKNOWN:
                rest = data[offset:]
                if rest.strip(b"\0\r\n\t \x1a"):
                    self._unknown(source, rest, msg("Bytes follow here that are nothing known."), offset)
                return
            element = read_element(data, offset, indefinite=True)
            if not self._one(kind, element.raw, source, depth, _Place(offset=offset)):
                return
            offset = element.end

    def _block(self, block: PemBlock, source: str, depth: int) -> bool:
        """Take one PEM block; False when no more are wanted."""
        place = _Place(offset=block.offset, block=block.position, problems=block.problems)
        if block.encryption is not None and block.der is not None and block.label in KEY_LABELS:
            form = {"RSA": KeyForm.PKCS1, "EC": KeyForm.SEC1, "DSA": KeyForm.DSA}.get(
                block.label.partition(" ")[0], KeyForm.PKCS8
            )
            key = SealedKey(form=form, encrypted=True, data=block.der, headers=block.encryption)
            return self._add(ItemKind.PRIVATE_KEY, FileKind.PRIVATE_KEY, b"", source, place, key=key)
        if block.label in _PARAMETERS:
            return True
        labelled = KIND_OF_LABEL.get(block.label, FileKind.UNKNOWN)
        if block.der is None:
            # A damaged key's bytes are a key's bytes: they are not kept.
            remains = b"" if labelled is FileKind.PRIVATE_KEY else block.remains
            return self._add(ItemKind.UNKNOWN, labelled, remains, source, place)
        if block.label == "OPENSSH PRIVATE KEY":
            key = SealedKey(form=KeyForm.OPENSSH, encrypted=False, data=b"")
            return self._add(ItemKind.PRIVATE_KEY, FileKind.PRIVATE_KEY, b"", source, place, key=key)
        kind = kind_of(block.der)
        if kind is FileKind.UNKNOWN:
            if labelled is FileKind.CERTIFICATE:
                # Whatever stands there was meant as one: the reader of certificates says what is wrong.
                return self._add(ItemKind.CERTIFICATE, labelled, block.der, source, place)
            problem = msg("The block says {label}, but holds nothing that is known.", label=block.label)
            remains = b"" if labelled is FileKind.PRIVATE_KEY else block.der
            return self._add(ItemKind.UNKNOWN, labelled, remains, source, place.having(problem))
        if _differs(labelled, kind):
            place = place.having(msg("The block says {label}, but holds something else.", label=block.label))
        der = block.der
        if labelled is not FileKind.CERTIFICATE or block.label == "TRUSTED CERTIFICATE":
            # OpenSSL appends its own trust settings behind a trusted certificate.
            der = read_element(der, indefinite=True).raw if kind is not FileKind.JAVA_KEY_STORE else der
        return self._one(kind, der, source, depth, place)

    def _one(self, kind: FileKind, data: bytes, source: str, depth: int, place: _Place) -> bool:
        """Add one thing of a known kind with all that lies in it; False when no more are wanted."""
        if depth > self._limits.depth:
            return self._unknown(source, data, msg("Containers lie in containers too deep."), place.offset)
        match kind:
            case FileKind.PKCS7:
                self._pkcs7(data, source, place)
            case FileKind.PKCS12:
                self._pkcs12(data, source, place)
            case FileKind.JAVA_KEY_STORE:
                self._java_key_store(data, source, place.offset)
            case FileKind.PRIVATE_KEY | FileKind.ENCRYPTED_PRIVATE_KEY:
                key = _sealed(data, kind, place.alias)
                self._add(ItemKind.PRIVATE_KEY, kind, b"", source, place, key=key)
            case FileKind.PUBLIC_KEY:
                problem = msg("It is a public key alone, without a certificate around it.")
                self._add(ItemKind.UNKNOWN, kind, data, source, place.having(problem))
            case _:
                self._add(_ITEM_KINDS[kind], kind, data, source, place)
        return not self._is_full()

    def _pkcs7(self, data: bytes, source: str, place: _Place) -> None:
        bundle = read_pkcs7(data)
        position = self._next_position(source)
        self._add(ItemKind.PKCS7, FileKind.PKCS7, b"", source, place.having(*bundle.problems))
        for der, offset in bundle.certificates:
            inner = _Place(offset=offset, parent=position)
            self._add(ItemKind.CERTIFICATE, FileKind.CERTIFICATE, der, source, inner)
        for der, offset in bundle.crls:
            inner = _Place(offset=offset, parent=position)
            self._add(ItemKind.CRL, FileKind.REVOCATION_LIST, der, source, inner)

    def _pkcs12(self, data: bytes, source: str, place: _Place) -> None:
        position = self._next_position(source)
        try:
            opened = read_pkcs12(data, source, self._passwords, self._budget)
        except DerError:
            damaged = place.having(msg("The PKCS#12 file is damaged."))
            self._add(ItemKind.PKCS12, FileKind.PKCS12, b"", source, damaged)
            return
        self._add(
            ItemKind.PKCS12,
            FileKind.PKCS12,
            b"",
            source,
            place.having(*opened.problems),
            error=opened.error,
            protection=pkcs12_protection(opened),
        )
        for bag in opened.bags:
            inner = _Place(bag.offset, position, alias=bag.alias)
            match bag.kind:
                case BagKind.CERTIFICATE:
                    self._add(ItemKind.CERTIFICATE, FileKind.CERTIFICATE, bag.data, source, inner)
                case BagKind.CRL:
                    self._add(ItemKind.CRL, FileKind.REVOCATION_LIST, bag.data, source, inner)
                case BagKind.KEY | BagKind.SHROUDED_KEY:
                    encrypted = bag.kind is BagKind.SHROUDED_KEY
                    kind = FileKind.ENCRYPTED_PRIVATE_KEY if encrypted else FileKind.PRIVATE_KEY
                    key = replace(_sealed(bag.data, kind, bag.alias, opened.spellings), enclosure=bag.sealed)
                    self._add(ItemKind.PRIVATE_KEY, kind, b"", source, inner, key=key)
                case BagKind.OTHER:
                    problem = msg("It is neither a certificate nor a private key, or it is damaged.")
                    self._add(ItemKind.UNKNOWN, FileKind.UNKNOWN, b"", source, inner.having(problem))

    def _java_key_store(self, data: bytes, source: str, offset: int) -> None:
        store = read_java_key_store(data)
        has_keys = any(part.kind is EntryKind.KEY for part in store.parts)
        position = self._next_position(source)
        error = self._store_error(store, source) if has_keys or self._passwords.has_some else None
        place = _Place(offset=offset, problems=tuple(store.problems))
        self._add(
            ItemKind.JKS,
            FileKind.JAVA_KEY_STORE,
            b"",
            source,
            place,
            error=error,
            protection=java_protection(store),
        )
        form = KeyForm.JCEKS if store.is_jceks else KeyForm.JKS
        for part in store.parts:
            inner = _Place(offset + part.offset, position, alias=part.alias)
            match part.kind:
                case EntryKind.CERTIFICATE:
                    self._add(ItemKind.CERTIFICATE, FileKind.CERTIFICATE, part.data, source, inner)
                case EntryKind.KEY:
                    key = SealedKey(form=form, encrypted=True, data=part.data, alias=part.alias)
                    self._add(
                        ItemKind.PRIVATE_KEY, FileKind.ENCRYPTED_PRIVATE_KEY, b"", source, inner, key=key
                    )
                case EntryKind.SECRET:
                    problem = msg("It is a secret key in a form that only Java reads.")
                    self._add(ItemKind.UNKNOWN, FileKind.UNKNOWN, b"", source, inner.having(problem))

    def _store_error(self, store: JavaKeyStore, source: str) -> UnusableInputError | None:
        """Check the store's digest with its password; None when it holds, or when nobody knows one."""
        if not store.digest:
            return None
        subject = msg("The password of {file}", file=source)
        for password in self._passwords.attempts(subject):
            if store_is_intact(store.content, store.digest, password or ""):
                return None
        return wrong_password(source) if self._passwords.has_some else None

    def _unknown(self, source: str, data: bytes, problem: Message, offset: int = 0) -> bool:
        place = _Place(offset=offset, problems=(problem,))
        return self._add(ItemKind.UNKNOWN, FileKind.UNKNOWN, data, source, place)

    def _add(
        self,
        kind: ItemKind,
        found: FileKind,
        data: bytes,
        source: str,
        place: _Place,
        *,
        key: SealedKey | None = None,
        error: UnusableInputError | None = None,
        protection: ContainerProtection | None = None,
    ) -> bool:
        if self._is_full():
            return False
        position = self._next_position(source)
        self._positions[source] = position + 1
        self._contents.items.append(
            Content(
                kind=kind,
                found=found,
                data=data,
                source=source,
                position=position,
                parent=place.parent,
                alias=place.alias,
                offset=place.offset,
                block=place.block,
                key=key,
                error=error,
                protection=protection,
                problems=place.problems,
            )
        )
        return True

    def _next_position(self, source: str) -> int:
        return self._positions.get(source, 0)

    def _is_full(self) -> bool:
        if len(self._contents.items) < self._limits.items:
            return False
        problem = msg("There are more than {limit} items: the rest is left unread.", limit=self._limits.items)
        if problem not in self._contents.problems:
            self._contents.problems.append(problem)
        return True


@dataclass(frozen=True, slots=True)
class _Place:
    """Where something lies, and what is wrong with how it lies there."""

    offset: int = 0
    parent: int | None = None
    block: int | None = None
    alias: str | None = None
    problems: tuple[Message, ...] = ()

    def having(self, *problems: Message) -> _Place:
        return _Place(self.offset, self.parent, self.block, self.alias, (*self.problems, *problems))


def _sealed(
    data: bytes, kind: FileKind, alias: str | None, passwords: tuple[str | None, ...] = ()
) -> SealedKey:
    encrypted = kind is FileKind.ENCRYPTED_PRIVATE_KEY
    form = KeyForm.PKCS8 if encrypted else key_form_of(data)
    return SealedKey(form=form, encrypted=encrypted, data=_definite(data), passwords=passwords, alias=alias)


def _definite(data: bytes) -> bytes:
    try:
        return to_der(data)
    except DerError:
        return data


def _differs(labelled: FileKind, kind: FileKind) -> bool:
    keys = {FileKind.PRIVATE_KEY, FileKind.ENCRYPTED_PRIVATE_KEY}
    return labelled is not kind and not {labelled, kind} <= keys and labelled is not FileKind.UNKNOWN
