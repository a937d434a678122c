"""Identity providers and tokens at work (`services.provider_desk.ProviderDesk`).

A token is judged on a thread of its own and forgotten with the call. It is in no job, no error and no line
of a log: what a job holds of it until its turn comes is taken out when it begins.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import CancelledByPersonError, UnusableInputError
from trustdesk.core.identity_provider import ProviderCheck, ProviderList, TokenReading
from trustdesk.core.message import Message, msg
from trustdesk.core.ports import Job
from trustdesk.core.trust_version import AuthenticityState, ListSource, SignerPin, SourceKind
from trustdesk.formats.discovery import require_issuer
from trustdesk.formats.provider_list import read_provider_list
from trustdesk.formats.token import ReadToken, read_token
from trustdesk.formats.web_key import WebKey
from trustdesk.network.request import ProbeLimits
from trustdesk.network.thread import NetworkThread
from trustdesk.network.web_proxy import ProxyChoice
from trustdesk.services.account import account_name
from trustdesk.services.desk_session import DeskSession
from trustdesk.services.list_import import from_path
from trustdesk.services.prepared_jobs import PreparedJob
from trustdesk.services.provider_check import check_provider, fetch_keys, kept_keys
from trustdesk.services.provider_lists import (
    listed_providers,
    obstacle_of,
    provider_named,
    require_signed_by,
    signers_of,
    with_keys,
)
from trustdesk.services.provider_web import ProviderWeb, host_of_url
from trustdesk.services.signing_entries import SigningEntries
from trustdesk.services.thread_jobs import Stop, ThreadJobs
from trustdesk.services.trust_seals import TrustSeals
from trustdesk.storage.list_schema import trust_list_schema
from trustdesk.storage.provider_lists import ProviderLists
from trustdesk.storage.trust_decisions import TrustDecisions
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.storage.trust_log import LogNote
from trustdesk.storage.workspace import Workspace
from trustdesk.verify.tokens.case import ListedProvider, ServerSeen
from trustdesk.verify.tokens.judge import judge_token, provider_of


class LiveProviders:
    """The lists of identity providers of one workspace, and what is asked about them."""

    def __init__(
        self,
        workspace: Workspace,
        seals: TrustSeals,
        session: DeskSession,
        network: NetworkThread,
        *,
        proxies: ProxyChoice,
        limits: ProbeLimits,
        client_certificate: Callable[[str], CertificateFacts | None],
    ) -> None:
        """Take what others own and close.

        Args:
            client_certificate: of an identity by its name; None where there is none. May block.
        """
        self._lists = ProviderLists(workspace, seals.current)
        self._seals = seals
        self._session = session
        self._network = network
        self._proxies = proxies
        self._limits = limits
        self._client_certificate = client_certificate
        self._signing_entries = SigningEntries(
            TrustLists(workspace, seals.current), TrustDecisions(workspace, seals.current)
        ).at
        self._reading = ThreadJobs("trustdesk-providers")
        self._preparing = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-provider-lists")
        self._asking = ThreadJobs("trustdesk-asking-providers")

    def provider_lists(self) -> Future[tuple[ProviderList, ...]]:
        """The lists that the workspace keeps, by name."""
        return self._lists.all()

    def prepare_providers(self, file: Path, name: str, *, signer: str | None = None) -> Job[ProviderList]:
        """Read a list and check its signature; nothing is kept."""

        def prepared(stop: Stop) -> ProviderList:
            gathered = from_path(file, stop, lambda _done, _total: None)
            pin = self._seals.checked(lambda: self._lists.pin(name)).future.result()
            origin = ListSource(
                kind=SourceKind.JSON,
                place=gathered.place,
                retrieved_at=self._session.clock.now(),
                retrieved_by=account_name(),
                sha256=gathered.source.sha256,
            )
            known = next((one for one in self._lists.all().result() if one.name == name), None)
            providers = read_provider_list(
                gathered.source,
                name=name,
                origin=origin,
                schema=trust_list_schema(),
                signers=signers_of(signer, pin, known),
            )
            return require_signed_by(providers, signer)

        return self._reading.start(prepared)

    def keep_providers(
        self, prepared: ProviderList, comment: str, *, accept_expired: bool = False
    ) -> Job[ProviderList]:
        """Keep a list in place of the one of its name, which may not have a higher sequence.

        A signer that was named for it is pinned. The future fails with UnusableInputError where something
        stands against it: a signature that does not hold, or that of another signer than the pinned one.

        Args:
            accept_expired: the person wants it although its next version was due.
        """
        now = self._session.clock.now()
        pin = _pin_of(prepared, now)

        def start() -> Job[ProviderList]:
            pinned = self._seals.checked(lambda: self._lists.pin(prepared.name)).future.result()
            known = next((one for one in self._lists.all().result() if one.name == prepared.name), None)
            obstacle = obstacle_of(prepared, pinned, known, now, accept_expired=accept_expired)
            if obstacle is not None:
                raise obstacle
            note = _note(comment, now)
            return self._seals.sealed(
                lambda: self._lists.keep(prepared, note, pin=pin), may_ask=pin is not None
            )

        return PreparedJob(self._preparing, start, lambda: None)

    def remove_providers(self, name: str, comment: str) -> Job[None]:
        """Take a list away; the log stays."""
        note = _note(comment, self._session.clock.now())
        return self._seals.sealed(lambda: self._lists.remove(name, note), may_ask=False)

    def keep_keys(self, check: ProviderCheck, comment: str) -> Job[ProviderList]:
        """Keep the keys that a check found with the list that names the provider.

        The future fails with UnusableInputError where there are none, or no list names the provider.
        """
        note = _note(comment, self._session.clock.now())

        def start() -> Job[ProviderList]:
            changed = with_keys(self._lists.all().result(), check)
            return self._seals.sealed(lambda: self._lists.keep(changed, note), may_ask=False)

        return PreparedJob(self._preparing, start, lambda: None)

    def check_provider(
        self, issuer: str, *, trust_lists: Sequence[str] = (), allow_private_addresses: bool = False
    ) -> Job[ProviderCheck]:
        """Ask a provider for its documents and keys, and look at its TLS endpoints.

        Args:
            trust_lists: names of those that its servers are judged by; empty for what is in force.
            allow_private_addresses: ask whatever its documents name, on private networks too; without, only
                the issuer's own host may lie there.
        """
        require_issuer(issuer)

        def checked(stop: Stop) -> ProviderCheck:
            at = self._session.clock.now()
            listed = self._listed()
            found = provider_named(issuer, listed)
            return check_provider(
                issuer,
                web=self._web(issuer, stop, trust_lists, allow_private_addresses=allow_private_addresses),
                at=at,
                listed=found,
                has_lists=bool(listed),
                signing_entries=self._signing_entries(at),
            )

        return self._asking.start(checked)

    def read_token(
        self,
        token: str,
        *,
        identity: str | None = None,
        certificate: CertificateFacts | None = None,
        beside: Sequence[ProviderList] = (),
        with_keys: bool = False,
        trust_lists: Sequence[str] = (),
        allow_private_addresses: bool = False,
    ) -> Job[TokenReading]:
        """Judge a token by JWT-01 to JWT-12, offline unless keys are to be fetched.

        Args:
            identity: whose certificate `cnf` has to name.
            certificate: that `cnf` has to name, in place of an identity's.
            beside: lists that count although they are not kept.
            trust_lists: as for `check_provider`.

        Raises:
            UnusableInputError: there is nothing, too much, or several tokens.
        """
        # Taken apart at once, so that nothing that waits for its turn holds the token as it came.
        held = [read_token(token)]

        def read(stop: Stop) -> TokenReading:
            parts = held.pop()
            at = self._session.at
            listed = (*listed_providers(beside), *self._listed())
            client = certificate if identity is None else self._own_certificate(identity)
            provider = provider_of(parts, listed)
            keys: tuple[WebKey, ...] = ()
            missing: Message | None = None
            servers: tuple[ServerSeen, ...] = ()
            if provider is not None:
                keys = kept_keys(provider.provider)
                missing = msg("no key of the provider is kept with its list, and none was fetched.")
                if with_keys and not _has_key_for(parts, keys):
                    web = self._web(
                        provider.provider.issuer,
                        stop,
                        trust_lists,
                        allow_private_addresses=allow_private_addresses,
                    )
                    fetched = fetch_keys(provider.provider, web)
                    if isinstance(fetched, Message):
                        missing = fetched
                    else:
                        keys, servers = fetched or keys, web.servers
            return judge_token(
                parts,
                at=at,
                providers=listed or None,
                keys=keys,
                keys_missing=missing,
                client=client,
                signing_entries=self._signing_entries(at),
                servers=servers,
            )

        return (self._asking if with_keys else self._reading).start(read)

    def close(self) -> None:
        """End what runs."""
        self._asking.close()
        self._reading.close()
        self._preparing.shutdown(cancel_futures=True)

    def _listed(self) -> tuple[ListedProvider, ...]:
        return listed_providers(self._lists.all().result())

    def _own_certificate(self, identity: str) -> CertificateFacts:
        found = self._client_certificate(identity)
        if found is None:
            raise UnusableInputError(
                msg("There is no identity of this name."),
                remedy=msg("Look at the identities."),
                place=identity,
            )
        return found

    def _web(
        self, issuer: str, stop: Stop, trust_lists: Sequence[str], *, allow_private_addresses: bool
    ) -> ProviderWeb:
        if stop.is_set():
            raise CancelledByPersonError
        return ProviderWeb(
            network=self._network,
            judge=self._session.judge(tuple(trust_lists)),
            trust_lists=self._session.lists(trust_lists),
            proxies=self._proxies,
            limits=self._limits,
            stop=stop,
            named_host=host_of_url(issuer),
            allow_private_addresses=allow_private_addresses,
        )


def _has_key_for(token: ReadToken, keys: Sequence[WebKey]) -> bool:
    """Whether kept keys can be those of a token: one that it names, or any where it names none."""
    kid = (token.header or {}).get("kid")
    return any(kid is None or key.kid in {None, kid} for key in keys)


def _pin_of(prepared: ProviderList, now: datetime) -> SignerPin | None:
    """Return the pin that a person asked for by naming the signer; None where it is pinned, or nobody did."""
    found = prepared.authenticity
    if found.state is not AuthenticityState.VERIFIED or found.pinned or found.signer is None:
        return None
    return SignerPin(signer=found.signer, list_id=prepared.list_id, pinned_at=now, pinned_by=account_name())


def _note(comment: str, at: datetime) -> LogNote:
    return LogNote(by=account_name(), at=at, comment=comment)
