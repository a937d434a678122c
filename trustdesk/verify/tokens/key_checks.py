"""What is asked of one published key: strength, its certificates, and a trust list that knows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Severity
from trustdesk.core.identity_provider import IdentityProvider
from trustdesk.core.message import Message, msg
from trustdesk.core.trust_entry import EntryStatus, ListEntry
from trustdesk.formats.certificate_details import read_details
from trustdesk.formats.certification_path import public_key_of
from trustdesk.formats.web_key import WebKey, key_identifier
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.profiles.rule import Held, NotApplicable, NotRun, Outcome, Violated
from trustdesk.verify.profiles.shared_rules import weak_key, weak_signature
from trustdesk.verify.signatures import SignatureStatus, check_signature
from trustdesk.verify.tokens.case import ServerSeen
from trustdesk.verify.tokens.thumbprints import thumbprint_fault

ASK_FOR_KEYS = msg("Ask the identity provider to publish its keys anew.")

_TRUSTED = frozenset({EntryStatus.TRUSTED, EntryStatus.TRUSTED_UNTIL})


def weakness_of(key: WebKey) -> Message | None:
    """Say why a key is too weak to sign tokens; None where it is not, or nobody can say."""
    return None if key.spki is None else weak_key(key.key_algorithm, key.key_bits)


def server_fault(server: ServerSeen) -> Message | None:
    """Say why a provider's server does not pass the rules for servers; None where it does, or is unknown."""
    failed = [one for one in server.findings if one.is_failure and one.rule.startswith("SRV-")]
    if server.trouble is not None or (server.trusted is not False and not failed):
        return None
    words = failed[0].evidence if failed else msg("Its certificate is not trusted.")
    return msg("{endpoint}: {fault}", endpoint=server.endpoint, fault=words)


def certificates_outcome(key: WebKey, at: datetime) -> Outcome:
    """Say whether the certificates beside a key are its own, in time, strong and in order."""
    if not key.certificates:
        if key.sha1_thumbprint is None and key.sha256_thumbprint is None:
            return NotApplicable(msg("{key}: no certificate stands beside the key.", key=key.title))
        return NotRun(
            msg("{key}: there is a thumbprint, and no certificate (x5c) to compare it with.", key=key.title)
        )
    fault = _certificate_fault(key, at)
    if fault is not None:
        return Violated(msg("{key}: {fault}", key=key.title, fault=fault), ASK_FOR_KEYS)
    own = key.certificates[0]
    return Held(
        msg(
            "{key}: {certificate} is the key's own certificate; the thumbprints that are given are right.",
            key=key.title,
            certificate=own.title,
        )
    )


def trusted_signer_outcome(
    key: WebKey, provider: IdentityProvider | None, entries: Sequence[ListEntry] | None, at: datetime
) -> Outcome:
    """Say whether a trust list knows a signer by its subject key identifier, as the text of 2020 has it.

    A list of providers that names identifiers is looked at as well: a key that it does not name is none.
    """
    own = identifiers_of(key)
    if not own:
        return NotRun(msg("{key}: the key cannot be read.", key=key.title))
    named = () if provider is None else provider.signing_skis
    if named and not own & {one.lower() for one in named}:
        return Violated(
            msg(
                "{key}: its identifier {identifier} is none of those that the list of providers names.",
                key=key.title,
                identifier=min(own),
            ),
            msg("Ask the provider which keys it signs with, and whoever publishes the list."),
        )
    if entries is None:
        return NotRun(msg("No trust list in force has entries for signers of identity providers."))
    found = [entry for entry in entries if _stands_above(entry, key, own)]
    good = [entry for entry in found if entry.status in _TRUSTED and _is_in_time(entry, at)]
    if good and not any(entry.status is EntryStatus.DISTRUSTED for entry in found):
        faults = [_vouching_fault(entry, key, at) for entry in good]
        if None not in faults:
            return Violated(
                msg(
                    "{key}: {entry} on a trust list does not vouch for it: {fault}",
                    key=key.title,
                    entry=good[0].subject,
                    fault=faults[0] or "",
                ),
                ASK_FOR_KEYS,
            )
        subject = good[faults.index(None)].subject
        return Held(msg("{key}: {entry} on a trust list vouches for it.", key=key.title, entry=subject))
    if found:
        return Violated(
            msg(
                "{key}: {entry} is on a trust list, but it is not trusted now ({status}).",
                key=key.title,
                entry=found[0].subject,
                status=found[0].status.value,
            ),
            msg("Ask whoever publishes the list why."),
            Severity.ERROR if any(one.status is EntryStatus.DISTRUSTED for one in found) else None,
        )
    return Violated(
        msg(
            "{key}: no trust list in force names its identifier {identifier}.",
            key=key.title,
            identifier=min(own),
        ),
        None,
    )


def identifiers_of(key: WebKey) -> frozenset[str]:
    """Return the subject key identifiers of a key in hex: SHA-1 of its bits, and its certificate's word."""
    found = {key.key_identifier}
    if key.certificates and public_key_of(key.certificates[0].der) == key.spki is not None:
        found.add(read_details(key.certificates[0].der).subject_key_id)
    return frozenset(one.lower() for one in found if one)


def _certificate_fault(key: WebKey, at: datetime) -> Message | None:
    own = key.certificates[0]
    spki = public_key_of(own.der)
    if spki is None or key.spki is None or spki != key.spki:
        return msg("the certificate {certificate} is that of another key.", certificate=own.title)
    for value, is_sha1, name in (
        (key.sha1_thumbprint, True, "x5t"),
        (key.sha256_thumbprint, False, "x5t#S256"),
    ):
        if value is None:
            continue
        if value == key.kid and thumbprint_fault(value, own, sha1=is_sha1) is not None:
            return msg(
                "{member} repeats the key id, and has to be the certificate's thumbprint.", member=name
            )
        fault = thumbprint_fault(value, own, sha1=is_sha1)
        if fault is not None:
            return msg("{member} is wrong. {fault}", member=name, fault=fault)
    return _chain_fault(key.certificates, at)


def _chain_fault(chain: Sequence[CertificateFacts], at: datetime) -> Message | None:
    for position, facts in enumerate(chain):
        if facts.not_before is None or facts.not_after is None:
            return msg("the validity of {certificate} cannot be read.", certificate=facts.title)
        if at > facts.not_after:
            return msg("{certificate} ended on {end}.", certificate=facts.title, end=facts.not_after)
        if at < facts.not_before:
            return msg("{certificate} begins on {start}.", certificate=facts.title, start=facts.not_before)
        is_root = position > 0 and facts.is_self_issued
        weakness = None if is_root else weak_signature(facts.signature_algorithm)
        if weakness is not None:
            return msg("{certificate}: {weakness}", certificate=facts.title, weakness=weakness)
    for child, issuer in pairwise(chain):
        if child.issuer != issuer.subject or not _signed(child, issuer):
            return msg(
                "{issuer} stands after {certificate} and did not issue it.",
                issuer=issuer.title,
                certificate=child.title,
            )
        if not issuer.is_ca:
            return msg(
                "{issuer} issued {certificate} and is no CA.", issuer=issuer.title, certificate=child.title
            )
    return None


def _signed(child: CertificateFacts, issuer: CertificateFacts) -> bool:
    return check_signature(Decoded(child), Decoded(issuer)) is SignatureStatus.MADE


def _stands_above(entry: ListEntry, key: WebKey, own: frozenset[str]) -> bool:
    """Whether an entry is the key's own certificate, or that of a CA which signed what stands beside it."""
    if entry.certificate is None:
        return False
    spki = public_key_of(entry.certificate.der)
    identifiers = {read_details(entry.certificate.der).subject_key_id}
    if spki is not None:
        identifiers.add(key_identifier(spki))
    # The identifier in a certificate is a name that anybody can write; only the key itself proves it.
    if spki is not None and spki == key.spki and own & {one.lower() for one in identifiers if one}:
        return True
    if not key.certificates or public_key_of(key.certificates[0].der) != key.spki:
        return False
    top = key.certificates[-1]
    chain_holds = all(
        one.issuer == above.subject and _signed(one, above) for one, above in pairwise(key.certificates)
    )
    return chain_holds and (
        any(one.sha256 == entry.sha256 for one in key.certificates[1:])
        or (
            top.issuer == entry.certificate.subject
            and entry.certificate.is_ca
            and _signed(top, entry.certificate)
        )
    )


def _vouching_fault(entry: ListEntry, key: WebKey, at: datetime) -> Message | None:
    """Say what is wrong on the way from an entry to a key; the key's own certificate needs no way."""
    facts = entry.certificate
    if facts is not None and public_key_of(facts.der) == key.spki:
        return None
    if facts is None or not facts.is_ca:
        return msg("it is no CA.")
    return _chain_fault(key.certificates, at)


def _is_in_time(entry: ListEntry, at: datetime) -> bool:
    facts = entry.certificate
    if facts is None or facts.not_before is None or facts.not_after is None:
        return False
    if not facts.not_before <= at <= facts.not_after:
        return False
    after = entry.distrust.tls_after
    return after is None or at <= after
