"""An identity in two parts for two channels: the protected file, and a sheet that says what to do with it.

The ONE Record text has client certificates handed over on a secure channel of their own (domain section 2).
The passphrase is in neither part: it travels a third way, by voice or in person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import TrustdeskError, UnusableInputError
from trustdesk.core.identity import ExportedFile, ExportForm, ExportProfile, HandOver
from trustdesk.core.message import Message, listed, msg
from trustdesk.formats.pkcs12_writing import profile_protection
from trustdesk.services.chain_export import file_stem
from trustdesk.services.files import read_bounded
from trustdesk.services.fingerprints import in_pairs
from trustdesk.services.identity_export import Exportable, export_identity, not_what_was_written
from trustdesk.services.installation import Installation, installations
from trustdesk.services.p12_openers import P12Facts, openers
from trustdesk.storage.atomic_file import write_atomically

Words = Callable[[Message], str]

_ENDINGS = {ExportForm.PKCS12: ".p12", ExportForm.PEM: ".pem"}
_WIDTH = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFact:
    """One line of facts; `value` is foreign text as it came, or a sentence."""

    label: Message
    value: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionSheet:
    """What goes with a file to whoever installs it; nothing in it is secret.

    Attributes:
        before: what to do before anything is installed, in order.
        cannot_open: programs that do not open the file, with the reason.
    """

    title: Message
    opening: tuple[Message, ...]
    facts: tuple[SheetFact, ...]
    before: tuple[Message, ...]
    installations: tuple[Installation, ...]
    cannot_open: tuple[tuple[str, Message], ...] = ()


def hand_over(
    what: Exportable,
    folder: Path,
    passphrase: str,
    *,
    at: datetime,
    say: Words,
    form: ExportForm | None = None,
    profile: ExportProfile | None = None,
) -> HandOver:
    """Write a protected file and its sheet into a folder; files that are there already stay.

    Args:
        at: now, for the sheet.
        say: renders sentences in the person's language.
        form: PKCS12 or PEM; None is PKCS12.

    Raises:
        UnusableInputError: the form is another, the passphrase is weak, or the key is not at hand.
        EnvironmentFailureError: a file cannot be written; no archive is left without its sheet.
    """
    form = form or ExportForm.PKCS12
    if form not in _ENDINGS:
        raise UnusableInputError(
            msg("A hand-over holds the private key under a passphrase: as PKCS#12 or as PEM."),
            remedy=msg("Choose one of these, or export the certificate by itself."),
        )
    archive_file, sheet_file = _free_names(folder, file_stem(what.certification_path[0]), _ENDINGS[form])
    archive = export_identity(what, archive_file, form, profile=profile, passphrase=passphrase)
    sheet = sheet_for(what, archive, form, profile or ExportProfile.MODERN, at)
    text = sheet_text(sheet, say).encode()
    try:
        write_atomically(sheet_file, text)
        if read_bounded(sheet_file) != text:
            raise not_what_was_written(sheet_file)
    except TrustdeskError:
        # Whoever finds it alone would send it on; its passphrase was never told to anybody.
        with suppress(OSError):
            archive_file.unlink()
        raise
    written = ExportedFile(
        path=str(sheet_file),
        sha256=hashlib.sha256(text).hexdigest(),
        holds=msg("Instructions, without the passphrase"),
    )
    return HandOver(archive=archive, sheet=written)


def sheet_for(
    what: Exportable, archive: ExportedFile, form: ExportForm, profile: ExportProfile, at: datetime
) -> InstructionSheet:
    """Make the sheet for a file that was written."""
    facts, name = what.certification_path[0], Path(archive.path).name
    cannot: tuple[tuple[str, Message], ...] = ()
    if form is ExportForm.PKCS12:
        encryption, mac = profile_protection(profile)
        asked = openers(P12Facts(parts=(encryption, encryption), mac=mac, is_whole=True))
        cannot = tuple((one.program, one.why) for one in asked if one.opens is False)
    return InstructionSheet(
        title=msg("How to install {file}", file=name),
        opening=(
            msg(
                "The file {file} holds a certificate, its issuers, and the private key of the certificate.",
                file=name,
            ),
            msg(
                "It opens with a passphrase, which is neither in the file nor on this sheet: it reaches you"
                " on another channel, by telephone or in person. Do not send it by mail."
            ),
        ),
        facts=tuple(_facts(facts, archive, at)),
        before=(
            msg(
                "Let the person who sent the file read its SHA-256 and the passphrase to you; compare the"
                " SHA-256 with the one of the file that you have."
            ),
            msg("Install it on the machine that uses it, and on no other."),
            msg("Afterwards delete the file, also from mail, downloads and the recycle bin."),
            msg(
                "If the file or the passphrase got into other hands, say so at once: the certificate has to"
                " be revoked."
            ),
        ),
        installations=installations(facts, name, form),
        cannot_open=cannot,
    )


def sheet_text(sheet: InstructionSheet, say: Words) -> str:
    """Lay a sheet out as plain text."""
    title = say(sheet.title)
    lines = [title, "=" * len(title), ""]
    lines += [line for paragraph in sheet.opening for line in (say(paragraph), "")]
    lines += [f"  {say(fact.label):<{_WIDTH}} {say(fact.value)}" for fact in sheet.facts]
    lines += ["", *_headed(say(msg("Before you begin")))]
    lines += [f"  {number}. {say(step)}" for number, step in enumerate(sheet.before, 1)]
    for one in sheet.installations:
        lines += ["", *_headed(one.software)]
        lines += [f"  {say(sentence)}" for sentence in one.sentences]
        lines += ["", *(f"    {line}" for line in one.lines)] if one.lines else []
    if sheet.cannot_open:
        lines += ["", *_headed(say(msg("What does not open this file")))]
        lines += [f"  - {program}: {say(why)}" for program, why in sheet.cannot_open]
        lines += [f"  {say(msg('Ask for the compatible profile if you need one of these.'))}"]
    return "\n".join(lines) + "\n"


def _headed(heading: str) -> tuple[str, str]:
    return heading, "-" * len(heading)


def _facts(facts: CertificateFacts, archive: ExportedFile, at: datetime) -> Iterator[SheetFact]:
    def fact(label: Message, value: str) -> SheetFact:
        return SheetFact(label=label, value=msg("{text}", text=value))

    yield fact(msg("Subject"), facts.subject or facts.title)
    if facts.subject_alt_names:
        yield SheetFact(label=msg("Names"), value=msg("{text}", text=listed(facts.subject_alt_names)))
    yield fact(msg("Issuer"), facts.issuer or "?")
    yield fact(msg("Serial number"), facts.serial_number or "?")
    if facts.not_before is not None and facts.not_after is not None:
        validity = msg("{begin} to {end}", begin=facts.not_before, end=facts.not_after)
        yield SheetFact(label=msg("Valid"), value=validity)
    yield fact(msg("Certificate, SHA-256"), in_pairs(facts.sha256))
    yield fact(msg("File, SHA-256"), in_pairs(archive.sha256))
    yield SheetFact(label=msg("Written"), value=msg("{at}", at=at))


def _free_names(folder: Path, stem: str, ending: str) -> tuple[Path, Path]:
    """Return names for both parts at which nothing lies: what was handed over before stays what it is."""
    number = 1
    while True:
        own = stem if number == 1 else f"{stem}-{number}"
        archive, sheet = folder / f"{own}{ending}", folder / f"{own}-instructions.txt"
        if not (archive.exists() or archive.is_symlink() or sheet.exists() or sheet.is_symlink()):
            return archive, sheet
        number += 1
