"""The private CAs of a workspace at work (`services.authority_desk.AuthorityDesk`).

A private key of a CA is loaded for one signature and let go of. What is signed is judged by the same judge as
everything else before anybody gets it. Reading is done on the workspace's thread; whatever needs a key runs
on that of the key stores.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.certificate_request import RequestPurpose
from trustdesk.core.errors import EnvironmentFailureError, KeyLostError, TrustdeskError, UnusableInputError
from trustdesk.core.finding import Finding, Verdict, verdict_of
from trustdesk.core.inspection import CsrFacts
from trustdesk.core.key_store import StoredKey
from trustdesk.core.message import Message, msg
from trustdesk.core.ports import Clock, Job
from trustdesk.core.private_ca import (
    AuthorityDraft,
    IssuedCertificate,
    IssuedCrl,
    PrivateAuthority,
    RevocationReason,
)
from trustdesk.core.verification import Purpose
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.request import read_request
from trustdesk.services.authority_making import BACKDATED, checked, make_authority
from trustdesk.services.crl_making import (
    ListDraft,
    evidence_of,
    lists_as_pem,
    revoked_of,
    signed_list,
)
from trustdesk.services.issuing_preflight import IssuingContext, own_list, preflight
from trustdesk.services.issuing_profile import Profile, certify, key_of_request, profile_of, purpose_of
from trustdesk.services.key_thread import KeyThread
from trustdesk.services.private_ca_files import PrivateCaFiles
from trustdesk.services.published_keys import published_keys
from trustdesk.services.request_cases import RequestCases
from trustdesk.storage.authorities import (
    Authorities,
    KeptCrl,
    NewAuthority,
    Revocation,
    add_authority,
    remove_authority,
)
from trustdesk.storage.directory import Directory
from trustdesk.storage.key_cancellation import current_cancellation
from trustdesk.storage.key_stores import KeyStores, NewKey
from trustdesk.storage.workspace import Workspace
from trustdesk.verify.path_verifier import PathVerifier

if TYPE_CHECKING:
    from trustdesk.formats.issuing import SigningKey, Validity

MAX_VALIDITY = timedelta(days=365)
"""Of what is issued (ONE Record certificate policy 6.3.2)."""
MAX_CRL_DAYS = 365

CRL_DAYS = 7
"""How long a list lasts unless somebody says otherwise."""

_TRIES = 5
_log = logging.getLogger(__name__)

_CORRECT_THE_REQUEST = msg("Ask for a request that the profile allows.")


class PrivateCa:
    """All private CAs of one workspace."""

    def __init__(
        self,
        workspace: Workspace,
        key_stores: KeyStores,
        key_thread: KeyThread,
        clock: Clock,
        compromised_keys: Mapping[str, str] | None = None,
        *,
        on_lists: Callable[[], object] | None = None,
    ) -> None:
        """Take what others own and close.

        Args:
            clock: the real time, whatever "Evaluate at" says.
            on_lists: called when the workspace keeps new revocation lists, before that is said to be done;
                None where nothing is judged meanwhile.
            compromised_keys: where private keys were published, by SHA-256 of SubjectPublicKeyInfo; None for
                the list that is shipped.
        """
        self._workspace = workspace
        self._authorities = Authorities(workspace)
        self._files = PrivateCaFiles(self._authorities)
        self._directory = Directory(workspace)
        self._requests = RequestCases(workspace, key_stores, clock)
        self._key_stores = key_stores
        self._key_thread = key_thread
        self._clock = clock
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-private-ca")
        self._on_lists = on_lists
        self._compromised_keys = published_keys() if compromised_keys is None else compromised_keys

    def authorities(self) -> Future[tuple[PrivateAuthority, ...]]:
        """All of them, by name."""
        return self._authorities.all()

    def create(self, draft: AuthorityDraft) -> Job[PrivateAuthority]:
        """Make a root and an issuing CA, with their keys in the store, both or none."""
        return self._key_thread.run(lambda: self._create(draft))

    def preflight(
        self, authority_id: int, csr: CsrFacts, purpose: RequestPurpose, partner: str | None = None
    ) -> Future[tuple[Finding, ...]]:
        """Say what is wrong with a request for this CA."""
        return self._reader.submit(self._findings, authority_id, csr, purpose, partner)

    def issue(
        self,
        authority_id: int,
        csr: CsrFacts,
        purpose: RequestPurpose,
        *,
        validity: timedelta,
        partner: str | None = None,
    ) -> Job[IssuedCertificate]:
        """Sign a request by its profile, for a year at most."""
        return self._key_thread.run(lambda: self._issue(authority_id, csr, purpose, validity, partner))

    def revoke(self, authority_id: int, sha256: str, reason: RevocationReason) -> Job[IssuedCrl]:
        """Revoke a certificate and issue the CRL that names it; both or none.

        The list lasts a week, or as long as the last one where that lasts longer.
        """
        return self._key_thread.run(lambda: self._next_crl(authority_id, CRL_DAYS, (sha256, reason)))

    def issue_crl(self, authority_id: int, *, days: int = CRL_DAYS) -> Job[IssuedCrl]:
        """Issue the next CRL."""
        return self._key_thread.run(lambda: self._next_crl(authority_id, days, None))

    def save_chain(self, authority_id: int, sha256: str, file: Path) -> Future[Path]:
        """Write an issued certificate and the issuing CA's as PEM."""
        return self._reader.submit(self._files.save_chain, authority_id, sha256, file)

    def save_root(self, authority_id: int, file: Path) -> Future[Path]:
        """Write the root as a trust list of its own (PEM), to be handed to the group."""
        return self._reader.submit(self._files.save_root, authority_id, file)

    def save_crl(self, authority_id: int, file: Path) -> Future[Path]:
        """Write the last CRL: DER of the issuing CA's for .der and .crl, else both of the path as PEM."""
        return self._reader.submit(self._files.save_crl, authority_id, file)

    def delete(self, authority_id: int) -> Job[None]:
        """Delete a CA with its keys; what it issued stays valid until it expires."""
        return self._key_thread.run(lambda: self._delete(authority_id))

    def close(self) -> None:
        """End the thread that reads; what others own is left alone."""
        self._reader.shutdown(cancel_futures=True)

    def _create(self, draft: AuthorityDraft) -> PrivateAuthority:
        wanted = checked(draft)
        self._authorities.check_name(wanted.name).result()
        at = self._clock.now()
        made = make_authority(wanted, at)
        new = NewAuthority(
            name=wanted.name, root=made.root, issuing=made.issuing, crl_url=wanted.crl_url, created_at=at
        )

        def also(connection: Connection, stored: tuple[StoredKey, ...]) -> PrivateAuthority:
            root_key, issuing_key = stored
            return add_authority(connection, new, root_key, issuing_key)

        keys = (
            NewKey(private_key=made.root_key, source=made.root.title),
            NewKey(private_key=made.issuing_key, source=made.issuing.title),
        )
        return self._key_stores.put(keys, store=wanted.store, also=also)

    def _findings(
        self, authority_id: int, csr: CsrFacts, purpose: RequestPurpose, partner: str | None
    ) -> tuple[Finding, ...]:
        """Judge what stands in the request's bytes, whatever a caller says that it reads."""
        request = read_request(csr.der)
        all_of_them = self._authorities.all().result()
        hosts, shared = self._hosts_of(partner)
        authority = next((one for one in all_of_them if one.id == authority_id), None)
        context = IssuingContext(
            at=self._clock.now(),
            authority=authority or self._authorities.one(authority_id).result(),
            others=all_of_them,
            partner=partner,
            partner_hosts=None if partner is None else hosts,
            shared_hosts=shared,
            key_uses=self._requests.key_uses(request),
            compromised_keys=self._compromised_keys,
        )
        return preflight(request, purpose_of(purpose), context)

    def _hosts_of(self, partner: str | None) -> tuple[tuple[str, ...], Mapping[str, str]]:
        """Return a partner's hosts, and the names of others that have one of them too."""
        own, others = dict[str, str](), dict[str, str]()
        for one in self._directory.endpoints().result():
            found = own if one.partner == partner else others
            for host in (one.target.host, one.target.verify_name):
                found.setdefault(host.lower(), one.partner)
        return tuple(own), {host: others[host] for host in own if host in others}

    def _issue(
        self,
        authority_id: int,
        csr: CsrFacts,
        purpose: RequestPurpose,
        validity: timedelta,
        partner: str | None,
    ) -> IssuedCertificate:
        findings = self._findings(authority_id, csr, purpose, partner)
        if verdict_of(findings) is Verdict.FAIL:
            raise _not_to_be_signed(findings)
        authority = self._authorities.one(authority_id).result()
        at = self._clock.now()
        request, judged_as = read_request(csr.der), purpose_of(purpose)
        profile = profile_of(request, judged_as)
        if isinstance(profile, Message):  # The preflight says so too, and first.
            raise UnusableInputError(profile, remedy=_CORRECT_THE_REQUEST)
        certificate = self._signed(authority, profile, request, _valid(authority, validity, at))
        self._require_valid(authority, certificate, judged_as, at)
        current_cancellation().decide()
        return self._authorities.add_issued(authority_id, certificate, purpose, at).result()

    def _signed(
        self, authority: PrivateAuthority, profile: Profile, request: CsrFacts, validity: Validity
    ) -> CertificateFacts:
        from cryptography import x509
        from cryptography.hazmat.primitives.serialization import Encoding

        from trustdesk.formats.issuing import Addresses, Issuer

        public_key = key_of_request(request)
        issuer = Issuer(
            certificate=x509.load_der_x509_certificate(authority.issuing.der),
            key=self._key(authority.issuing_key),
            addresses=Addresses(crl=authority.crl_url),
        )
        return read_certificate(certify(profile, issuer, public_key, validity).public_bytes(Encoding.DER))

    def _require_valid(
        self, authority: PrivateAuthority, certificate: CertificateFacts, purpose: Purpose, at: datetime
    ) -> None:
        """Let nobody have what our own judge refuses.

        Raises:
            EnvironmentFailureError: it does; the certificate is thrown away.
        """
        verification = PathVerifier([own_list(authority)]).verify(
            certificate, [authority.issuing], purpose=purpose, at=at
        )
        if not verification.trusted:
            raise EnvironmentFailureError(
                msg("The judge refuses what was signed: {reason}", reason=verification.own.reason),
                remedy=msg("Nothing was issued. Look whether the key in the key store is the CA's."),
                place=authority.name,
            )

    def _next_crl(
        self, authority_id: int, days: int, wanted: tuple[str, RevocationReason] | None
    ) -> IssuedCrl:
        if not 1 <= days <= MAX_CRL_DAYS:
            raise UnusableInputError(
                msg("A revocation list lasts from one to {count} days.", count=MAX_CRL_DAYS),
                remedy=msg("Choose other days."),
            )
        for _ in range(_TRIES):
            authority = self._authorities.one(authority_id).result()
            at = self._clock.now().replace(microsecond=0)
            revocation = None
            if wanted is not None:
                revocation = Revocation(sha256=wanted[0], at=at, reason=wanted[1])
            crl = self._signed_lists(authority, at, days, revocation)
            kept = KeptCrl(
                pem=lists_as_pem(crl.der, crl.root_der),
                evidence=evidence_of(authority, crl, at),
                number=crl.number,
                next_update=crl.next_update,
            )
            current_cancellation().decide()
            if self._authorities.keep_crl(authority_id, kept, revocation).result():
                self._tell_of_lists(authority.name)
                return crl
        raise EnvironmentFailureError(
            msg("Somebody else issues revocation lists of this CA all the time."),
            remedy=msg("Try again in a moment."),
        )

    def _tell_of_lists(self, name: str) -> None:
        if self._on_lists is None:
            return
        try:
            self._on_lists()
        except (
            TrustdeskError,
            RuntimeError,
            CancelledError,
        ) as error:  # issued and kept they are; the desk is closing
            _log.warning("the lists of %s count from the next start on: %s", name, type(error).__name__)

    def _signed_lists(
        self, authority: PrivateAuthority, at: datetime, days: int, revocation: Revocation | None
    ) -> IssuedCrl:
        next_update = at + timedelta(days=days)
        if revocation is not None and authority.crl_next_update is not None:
            # Servers were promised a list until then, and nobody may come back before (RFC 5280 5.1.2.5).
            next_update = max(next_update, authority.crl_next_update)
        number = (authority.crl_number or 0) + 1
        draft = ListDraft(number=number, this_update=at - BACKDATED, next_update=next_update)
        entries = revoked_of(authority.issued, revocation)
        der = signed_list(authority.issuing, self._key(authority.issuing_key), entries, draft)
        root_der = signed_list(authority.root, self._key(authority.root_key), (), draft)
        return IssuedCrl(
            number=draft.number,
            der=der,
            root_der=root_der,
            this_update=draft.this_update,
            next_update=draft.next_update,
            count=len(entries),
        )

    def _key(self, stored: StoredKey) -> SigningKey:
        """Load a key; whoever asks lets go of it after one signature."""
        from cryptography.hazmat.primitives.asymmetric import ec, rsa

        key = self._key_stores.load(stored.reference)
        if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            raise KeyLostError(
                msg("What lies under the reference of this key is another key."),
                remedy=msg("Delete the private CA and make a new one."),
                place=stored.source,
            )
        return key

    def _delete(self, authority_id: int) -> None:
        authority = self._authorities.one(authority_id).result()
        self._key_stores.release(
            (authority.root_key.reference, authority.issuing_key.reference),
            also=lambda connection: remove_authority(connection, authority_id),
        )


def _valid(authority: PrivateAuthority, validity: timedelta, at: datetime) -> Validity:
    """Return from when to when a certificate is valid.

    Raises:
        UnusableInputError: that is no time, too long, or longer than the CA lasts.
    """
    from trustdesk.formats.issuing import Validity

    if not timedelta(0) < validity <= MAX_VALIDITY:
        raise UnusableInputError(
            msg("A certificate is issued for one to {count} days.", count=MAX_VALIDITY.days),
            remedy=msg("Choose other days."),
        )
    start = at.replace(microsecond=0) - BACKDATED
    first, last = authority.issuing.not_before, authority.issuing.not_after
    if first is not None:
        start = max(start, first)
    end = start + validity - timedelta(seconds=1)
    if last is None or end > last:
        raise UnusableInputError(
            msg("The issuing CA ends before the certificate would: on {end}.", end=last or at),
            remedy=msg("Issue it for fewer days, or make a new CA in time."),
            place=authority.name,
        )
    return Validity(start, end)


def _not_to_be_signed(findings: tuple[Finding, ...]) -> UnusableInputError:
    first = next(one for one in findings if one.is_failure)
    return UnusableInputError(
        msg("The request is not signed: {evidence} ({rule})", evidence=first.evidence, rule=first.rule),
        remedy=first.remedy or _CORRECT_THE_REQUEST,
    )
