"""The rules on keys (KEY-…): from what is known of them, never from the keys."""

from __future__ import annotations

from trustdesk.core.finding import Severity
from trustdesk.core.message import msg
from trustdesk.verify.case import listed
from trustdesk.verify.profiles.context import AnyCase
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
_NO_WORKSPACE = msg("The other certificates of the workspace were not given.")
_OLD_CIPHERS = ("RC2", "RC4", "DES")


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
def key_protected(case: AnyCase) -> Outcome:
    """KEY-02."""
    key = case.context.key
    if key is None:
        return NotRun(_NO_KEY)
    if key.in_keyring:
        return Held(msg("It lies in the keyring."))
    if not key.facts.encrypted:
        return Violated(
            msg("It lies in a file ({form}) without a passphrase.", form=key.facts.form),
            msg("Import it into the keyring and delete the file, or protect the file with a passphrase."),
        )
    return Held(msg("It lies in a file ({form}) under a passphrase.", form=key.facts.form))


@rule(
    "KEY-03",
    msg("The PKCS#12 file is protected with AES and SHA-2, and is DER."),
    "RFC 8018 6.2; RFC 7292 5; measured with OpenSSL 3.0, which reads the old ciphers only when asked to",
    always=Severity.WARNING,
)
def container_modern(case: AnyCase) -> Outcome:
    """KEY-03."""
    key = case.context.key
    if key is None:
        return NotRun(_NO_KEY)
    if not key.container_ciphers and key.mac_digest is None:
        return NotApplicable(msg("The key does not lie in a PKCS#12 file."))
    old = [name for name in key.container_ciphers if any(part in name.upper() for part in _OLD_CIPHERS)]
    if (key.mac_digest or "").lower().replace("-", "") in {"sha1", "md5"}:
        old.append(f"{key.mac_digest} MAC")
    if key.is_ber:
        old.append("BER")
    if old:
        return Violated(
            msg("The file uses {old}.", old=listed(old)),
            msg("Export it again with AES-256 and SHA-256; some programs do not open it as it is."),
        )
    return Held(msg("The file uses {ciphers}.", ciphers=listed(key.container_ciphers)))


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
def key_secret(case: AnyCase) -> Outcome:
    """KEY-05."""
    known, own = case.context.compromised_keys, case.subject.spki_sha256
    if known is None:
        return NotRun(msg("No list of public private keys was given."))
    if own is None:
        return Violated(_UNREADABLE, msg("Ask the CA for a new certificate."))
    if own in known:
        return Violated(
            msg("Its private key has been published; anybody can use it."),
            msg("Have the certificate revoked, make a new key and never use this one again."),
        )
    return Held(msg("It is none of the {count} keys that are known to be public.", count=len(known)))


@rule(
    "CSR-8",
    msg("The key is not used in another certificate or request of the workspace."),
    "ONE Record certificate policy 4.6, 4.7",
    sets={RuleSetName.ORGANISATION: Severity.WARNING},
)
def request_key_used_once(case: AnyCase) -> Outcome:
    """CSR-8."""
    return _used_once(case)


def _used_once(case: AnyCase) -> Outcome:
    others, own = case.context.other_keys, case.subject.spki_sha256
    if others is None:
        return NotRun(_NO_WORKSPACE)
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
    return Held(msg("No other one of the workspace has this key."))


KEY_RULES: tuple[Rule[AnyCase], ...] = (
    key_matches,
    key_protected,
    container_modern,
    key_used_once,
    key_secret,
)
