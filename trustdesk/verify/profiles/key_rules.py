"""The rules on keys (KEY-…): from what is known of them, never from the keys."""

from __future__ import annotations

from trustdesk.core.finding import Severity
from trustdesk.core.inspection import ContainerProtection, Protection
from trustdesk.core.message import Message, listed, msg, msg_n
from trustdesk.verify.profiles import path_outcomes as outcomes
from trustdesk.verify.profiles.context import AnyCase, CertificateSubject, WithKeyCase
from trustdesk.verify.profiles.rule import (
    Held,
    NotApplicable,
    NotRun,
    Outcome,
    Rule,
    RuleSetName,
    Violated,
    rule,
)

_NO_KEY = msg("No private key was given.")
_UNREADABLE = msg("The public key cannot be read.")
_NO_OTHERS = msg("No other certificates were given.")
_PROTECT = msg(
    "Import it into the keyring and delete the file, or protect the file with a passphrase and AES-256."
)
_REPLACE = msg("Have the certificate revoked, make a new key and never use this one again.")
_MODERN = "PBES2 AES-"
_OLD_CIPHERS = ("RC2", "RC4", "DES")
_OLD_DIGESTS = ("SHA-1", "MD5")
_MODERN_DIGESTS = ("SHA-224", "SHA-256", "SHA-384", "SHA-512")
_KNOWN_DERIVATIONS = ("PBKDF2 SHA-", "scrypt")


@rule("KEY-01", msg("The private key belongs to it."), "RFC 5280 4.1.2.7", always=Severity.BLOCKER)
def key_matches(case: AnyCase) -> Outcome:
    """KEY-01: the public keys are compared."""
    key, own = case.context.key, case.subject.spki_sha256
    if key is None:
        return NotRun(_NO_KEY)
    if key.facts.spki_sha256 is None:
        return NotRun(msg("The private key was not opened."))
    if own is None:
        return Violated(_UNREADABLE, msg("Ask the CA for a new certificate."))
    if key.facts.spki_sha256 == own:
        return Held(msg("The public keys are the same."))
    return Violated(
        msg("The private key belongs to another public key."),
        msg("Look for the key that the request was made with; if it is lost, make a new key and request."),
    )


@rule(
    "KEY-02",
    msg("The private key lies in the keyring, or in a file under a passphrase."),
    "ONE Record certificate policy 6.2; RFC 8018 6.2",
    always=Severity.WARNING,
)
def key_protected(case: WithKeyCase) -> Outcome:
    """KEY-02; what a PKCS#12 file is encrypted with, KEY-03 asks."""
    key = case.context.key
    if key is None:
        return NotRun(_NO_KEY)
    if key.in_keyring:
        return Held(msg("It lies in the keyring."))
    form, protection = key.facts.form, key.facts.protection
    if not key.facts.encrypted:
        return Violated(msg("It lies in a file ({form}) without a passphrase.", form=form), _PROTECT)
    if key.facts.empty_password:
        return Violated(
            msg("It lies in a file ({form}) under an empty passphrase, which protects nothing.", form=form),
            _PROTECT,
        )
    if protection is None:
        return Held(msg("It lies in a file ({form}) under a passphrase.", form=form))
    evidence = msg(
        "It lies in a file ({form}) under a passphrase, encrypted with {cipher}.",
        form=form,
        cipher=protection_words(protection),
    )
    if key.container is None and not protection.cipher.startswith(_MODERN):
        return Violated(evidence, _PROTECT)
    return Held(evidence)


@rule(
    "KEY-03",
    msg("The PKCS#12 file is protected with AES and SHA-2, and is DER."),
    "RFC 8018 6.2; RFC 7292 5; measured with OpenSSL 3.0, which reads the old ciphers only when asked to",
    always=Severity.WARNING,
)
def container_modern(case: WithKeyCase) -> Outcome:
    """KEY-03."""
    key = case.context.key
    if key is None:
        return NotRun(_NO_KEY)
    container = key.container
    if container is None:
        return NotApplicable(msg("The key does not lie in a PKCS#12 file."))
    old = old_parts(container)
    if old:
        return Violated(
            msg("The file uses {old}.", old=listed(old)),
            msg("Export it again with AES-256 and SHA-256; some programs do not open it as it is."),
        )
    if not container.parts:
        return Violated(
            msg("Nothing in the file is encrypted."), msg("Export it again under a passphrase, with AES-256.")
        )
    mac = container.mac
    if mac is None:
        return Violated(
            msg("The file has no MAC: nothing proves that nobody changed it."),
            msg("Export it again with AES-256 and a MAC with SHA-256."),
        )
    unknown = [part for part in container.parts if not _is_modern(part)]
    if _digest_of(mac) not in _MODERN_DIGESTS:
        unknown.append(mac)
    if unknown:
        return NotRun(
            msg(
                "How the file is protected is not known here: {unknown}.",
                unknown=joined([protection_words(part) for part in unknown]),
            )
        )
    return Held(
        msg(
            "The file uses {ciphers}; MAC: {mac}.",
            ciphers=joined([protection_words(part) for part in container.parts]),
            mac=protection_words(mac),
        )
    )


def old_parts(container: ContainerProtection) -> list[str]:
    """Return what of a PKCS#12 file's protection new programs refuse; empty for a file of today."""
    names = [part.cipher for part in container.parts]
    old = [name for name in names if any(part in name.upper() for part in _OLD_CIPHERS)]
    mac = container.mac
    if mac is not None and _digest_of(mac) in _OLD_DIGESTS:
        old.append(f"{mac.cipher} MAC")
    if container.is_ber:
        old.append("BER")
    return list(dict.fromkeys(old))


def _is_modern(part: Protection) -> bool:
    derivation = part.derivation or ""
    return part.cipher.startswith(_MODERN) and derivation.startswith(_KNOWN_DERIVATIONS)


def _digest_of(mac: Protection) -> str:
    return mac.cipher.removeprefix("PBMAC1 ")


def protection_words(protection: Protection) -> Message:
    """Return how something is protected: cipher, derivation and rounds, as far as they are known."""
    if protection.rounds is None:
        return msg("{cipher}", cipher=protection.cipher)
    if protection.derivation is None:
        return msg_n(
            "{cipher} ({count} round)",
            "{cipher} ({count} rounds)",
            protection.rounds,
            cipher=protection.cipher,
        )
    return msg_n(
        "{cipher} ({derivation}, {count} round)",
        "{cipher} ({derivation}, {count} rounds)",
        protection.rounds,
        cipher=protection.cipher,
        derivation=protection.derivation,
    )


@rule(
    "KEY-04",
    msg("No other certificate has the same key."),
    "ONE Record certificate policy 4.6, 4.7",
    always=Severity.WARNING,
)
def key_used_once(case: AnyCase) -> Outcome:
    """KEY-04: neither client and server at once, nor again after a renewal."""
    return _used_once(case)


@rule(
    "KEY-05",
    msg("The key is not known to be public."),
    "ONE Record certificate policy 4.9.1; CA/Browser Forum TLS Baseline Requirements 4.9.1.1",
    always=Severity.BLOCKER,
)
def key_secret(case: WithKeyCase) -> Outcome:
    """KEY-05."""
    return outcomes.key_secret(
        case.context.compromised_keys,
        case.subject.key_digests,
        [(issuer.facts.title, CertificateSubject(issuer).key_digests) for issuer in case.issuers or ()],
        if_own=_REPLACE,
        if_issuer=msg("Get a certificate from another CA: anybody can issue in the name of this one."),
    )


@rule(
    "CSR-8",
    msg("The key is not used in another certificate or request."),
    "ONE Record certificate policy 4.6, 4.7",
    sets={RuleSetName.ORGANISATION: Severity.WARNING},
)
def request_key_used_once(case: AnyCase) -> Outcome:
    """CSR-8."""
    return _used_once(case)


def joined(words: list[Message]) -> Message:
    """Return several as one, with commas between."""
    whole = words[0]
    for one in words[1:]:
        whole = msg("{first}, {second}", first=whole, second=one)
    return whole


def _used_once(case: AnyCase) -> Outcome:
    others, own = case.context.other_keys, case.subject.spki_sha256
    if others is None:
        return NotRun(_NO_OTHERS)
    if own is None:
        return Violated(_UNREADABLE, msg("Make a new key and request."))
    same = [
        other.title
        for other in others
        if other.spki_sha256 == own and other.sha256 != case.subject.facts.sha256
    ]
    if same:
        return Violated(
            msg("The same key is used in {others}.", others=listed(same)),
            msg("Make a new key for each certificate."),
        )
    place = case.context.others_place
    issued = case.context.issued
    if issued is not None and issued.spki_sha256 == own:
        return Held(
            msg(
                "No other one in {place} has this key but {issued}, which was issued for it.",
                place=place,
                issued=issued.facts.title,
            )
        )
    if not others:
        return NotRun(msg("There is no other certificate or request in {place}.", place=place))
    return Held(msg("No other one in {place} has this key.", place=place))


KEY_ALONE_RULES: tuple[Rule[WithKeyCase], ...] = (key_protected, container_modern, key_secret)

KEY_RULES: tuple[Rule[AnyCase], ...] = (
    key_matches,
    key_protected,
    container_modern,
    key_used_once,
    key_secret,
)
