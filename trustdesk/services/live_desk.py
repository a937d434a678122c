"""The desk at work: workspace, network, lists and identities behind `services.desk.Desk`.

Each use has an object of its own beside this one; what all of them share is the `DeskSession`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.diagnosis import Diagnosis, IdentityMatch
from trustdesk.core.handshake import CertificateRequest, TimelineEvent
from trustdesk.core.message import Message
from trustdesk.core.ports import Clock, Job, PdfPrinter, SecretStore
from trustdesk.core.probe import Phase, ProbeReport
from trustdesk.core.revocation import RevocationCheck
from trustdesk.core.self_check import SelfTest
from trustdesk.core.target import Target
from trustdesk.core.trust import TrustList
from trustdesk.formats.credential import ClientCredential
from trustdesk.formats.records import prepare
from trustdesk.network.download import Downloader
from trustdesk.network.request import ProbeLimits
from trustdesk.network.sweep import Pace
from trustdesk.network.thread import NetworkThread
from trustdesk.network.web_proxy import ProxyChoice
from trustdesk.services.authority_desk import AuthorityDesk
from trustdesk.services.certificate_desk import CertificateDesk
from trustdesk.services.crl_opening import CrlOpener
from trustdesk.services.desk_revocation import DeskRevocation
from trustdesk.services.desk_session import DeskSession
from trustdesk.services.desk_values import (
    IdentityChoice,
    RunningRehearsal,
)
from trustdesk.services.diagnosing import DiagnosisListener
from trustdesk.services.explaining import ExplainedMessage, explain_text
from trustdesk.services.files import save_file
from trustdesk.services.identities_in_use import IdentitiesInUse
from trustdesk.services.identity_desk import IdentityDesk
from trustdesk.services.kept_trust import TrustSource
from trustdesk.services.live_identities import LiveIdentities
from trustdesk.services.live_inspecting import LiveInspecting
from trustdesk.services.live_partner_desks import DeskParts, LivePartnerDesks
from trustdesk.services.live_providers import LiveProviders
from trustdesk.services.live_selftest import LiveSelfTest
from trustdesk.services.live_settings import LiveSettings, outgoing_of
from trustdesk.services.live_trust import LiveTrust
from trustdesk.services.live_trust_decisions import tell
from trustdesk.services.private_ca import PrivateCa
from trustdesk.services.provider_desk import ProviderDesk
from trustdesk.services.reading_desk import ReadingDesk
from trustdesk.services.rehearsing import Rehearsals
from trustdesk.services.revocation import StoppableWeb, person_web
from trustdesk.services.sealed_trust import SealedTrust
from trustdesk.services.search import Hit
from trustdesk.services.search_corpus import SearchCorpus
from trustdesk.services.settings_desk import SettingsDesk
from trustdesk.services.standings import kept_standing
from trustdesk.services.sweeps import HOST_GAP_S, usual_pace
from trustdesk.services.trust_desk import TrustDesk
from trustdesk.services.workspace_keys import open_keys
from trustdesk.storage.connection_settings import ConnectionSettings
from trustdesk.storage.directory import Directory
from trustdesk.storage.identities import IdentityIndex
from trustdesk.storage.workspace import Workspace


class LiveDesk(LiveInspecting, LivePartnerDesks):
    """One open workspace with everything that works on it."""

    def __init__(
        self,
        *,
        workspace: Workspace,
        trust_lists: Sequence[TrustList],
        identities: Mapping[str, ClientCredential],
        clock: Clock,
        limits: ProbeLimits | None = None,
        proxies: ProxyChoice | None = None,
        pace: Pace | None = None,
        make_web: Callable[[], StoppableWeb] | None = None,
        keyring: SecretStore | None = None,
        make_downloader: Callable[[], Downloader] | None = None,
        kept_trust: TrustSource | None = None,
        in_force: Sequence[str] = (),
        pdf_printer: PdfPrinter | None = None,
        connections: ConnectionSettings | None = None,
    ) -> None:
        """Open it.

        Args:
            identities: for this session, with their keys.
            make_web: makes what asks about revocation; None for the person's own.
            keyring: keeps private keys; None for the system's.
            make_downloader: makes what fetches a trust list; None for the person's own.
            kept_trust: reads lists, decisions and policies; None for the workspace's.
            pdf_printer: prints reports; None where nothing does.
            connections: keeps how this computer connects, which goes before `proxies`; None for nowhere.
            in_force: names of lists that judge whatever the workspace says; empty for what it says, and the
                first of `trust_lists` where it says nothing.
        """
        prepare()
        self._workspace = workspace
        kept = connections or ConnectionSettings(None)
        self._outgoing = outgoing = outgoing_of(kept, proxies)
        directory = Directory(workspace, kept_standing)
        self._crls = CrlOpener()
        self._revocation = DeskRevocation(
            workspace,
            self._crls,
            clock=clock,
            make_web=make_web or (lambda: person_web(clock, proxies=outgoing)),
        )
        self._keys = open_keys(workspace, clock, keyring)
        own_trust = SealedTrust(workspace, self._keys.seals)
        self._session = DeskSession(
            trust_lists,
            identities,
            clock,
            self._revocation,
            kept_trust or own_trust,
            in_force,
            own_trust.revision if kept_trust is None else None,
        )
        self._network = NetworkThread()
        self._network.start()
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-reader")
        self._searching = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-searching")
        self._corpus = SearchCorpus(directory, IdentityIndex(workspace).all)
        LiveInspecting.__init__(
            self, ReadingDesk(), CertificateDesk(self._session, self._crls, outgoing), self._revocation
        )
        self._rehearsals = Rehearsals()
        self._identities = LiveIdentities(
            workspace,
            self._keys,
            self._session,
            changed=self._corpus.changed,
            opened=self._look_at_seals,
        )
        look_again = self._revocation.look_again
        self._authorities = PrivateCa(
            workspace, self._keys.stores, self._keys.thread, clock, on_lists=lambda: look_again().result()
        )
        self._in_use = IdentitiesInUse(self._session, self._identities.stored, self._identities.load_key)
        parts = DeskParts(
            workspace=workspace,
            seals=self._keys.seals,
            directory=directory,
            clock=clock,
            session=self._session,
            reader=self._reader,
            corpus=self._corpus,
            identities=self._identities,
            in_use=self._in_use,
            network=self._network,
            limits=limits or ProbeLimits(),
            proxies=outgoing,
            pdf_printer=pdf_printer,
        )
        LivePartnerDesks.__init__(self, parts, pace=pace or usual_pace(gap_s=HOST_GAP_S))
        self._trust = LiveTrust(
            workspace,
            self._keys,
            self._session,
            self._in_use,
            own_trust,
            find_certificate=lambda sha256: self._corpus.certificate(sha256, self._session.trust_lists),
            make_downloader=make_downloader or (lambda: Downloader(proxies=outgoing)),
        )
        self._providers = LiveProviders(
            workspace,
            self._keys.seals,
            self._session,
            self._network,
            proxies=parts.proxies,
            limits=parts.limits,
            client_certificate=self._probing.client_certificate,
        )
        self._self_test = LiveSelfTest(self, workspace, clock)
        self._settings_desk = LiveSettings(
            workspace, outgoing, self._network, kept, reader=self._reader, stop_asking=self._end_questions
        )
        # What we send is known from the start, for results that are judged again.
        self._reader.submit(self._in_use.stored)
        self._identities.sweep_keys()
        self._reader.submit(self._read_trust)

    @property
    def identity_desk(self) -> IdentityDesk:
        """Our own certificates, requests and key stores."""
        return self._identities

    @property
    def authority_desk(self) -> AuthorityDesk:
        """Our own private CAs."""
        return self._authorities

    @property
    def trust_desk(self) -> TrustDesk:
        """Trust lists with their versions, and what was decided about trust."""
        return self._trust

    @property
    def provider_desk(self) -> ProviderDesk:
        """Identity providers, and the tokens that they issue."""
        return self._providers

    @property
    def settings_desk(self) -> SettingsDesk:
        """What the office agreed on, and how this computer connects."""
        return self._settings_desk

    @property
    def revocation(self) -> DeskRevocation:
        """What judgements look at before anybody is asked, and whether anybody is."""
        return self._revocation

    def self_test(self) -> Future[SelfTest]:
        """Look at this machine, the key stores, the lists and all of the workspace."""
        return self._self_test.run()

    def trust_lists(self) -> Future[tuple[TrustList, ...]]:
        """Lists that can be selected; those in force first."""
        return self._reader.submit(lambda: self._session.trust_lists)

    def use_trust_list(self, name: str) -> Future[TrustList]:
        """Judge by this list alone from the next test on; it is the first of `trust_lists` then."""
        return self._reader.submit(self._session.use_trust_list, name)

    def trust_changed(self) -> None:
        """Judge by what the workspace says of trust now; blocks, and fails where that cannot be read."""
        self._session.trust_changed()

    def identities(self) -> Future[tuple[IdentityChoice, ...]]:
        """Client identities that can be selected."""
        return self._reader.submit(self._in_use.choices)

    def open_trust_list(self, file: Path) -> Future[TrustList]:
        """Read a list from a file, for this session."""
        return self._reader.submit(self._session.open_trust_list, file)

    def open_identity(
        self, certificate_file: Path, key_file: Path | None, password: str | None
    ) -> Future[IdentityChoice]:
        """Read a client certificate with its key, for this session, into memory only."""

        def opened() -> IdentityChoice:
            taken = [one.name for one in self._in_use.stored()]
            return self._session.open_identity(certificate_file, key_file, password, taken)

        return self._reader.submit(opened)

    def probe(
        self,
        target: Target,
        *,
        identity: str | None = None,
        trust_lists: Sequence[str] = (),
        on_progress: Callable[[Phase | TimelineEvent], None] | None = None,
    ) -> Job[ProbeReport]:
        """Probe one target; `identity` and `trust_lists` are names of those above."""
        return self._probing.probe(target, identity, trust_lists, on_progress)

    def diagnose(
        self,
        target: Target,
        *,
        identity: str | None = None,
        trust_lists: Sequence[str] = (),
        on_progress: DiagnosisListener | None = None,
    ) -> Job[Diagnosis]:
        """Find out why a handshake fails, as of the present: that is when it takes place."""
        return self._probing.diagnose(target, identity, trust_lists, on_progress)

    def client_certificate(self, identity: str) -> Future[CertificateFacts | None]:
        """The certificate of an identity, without its key."""
        return self._reader.submit(self._probing.client_certificate, identity)

    def match_identities(
        self, request: CertificateRequest, version: str | None
    ) -> Future[tuple[IdentityMatch, ...]]:
        """Which of the identities clients of different make would present to this request."""
        return self._reader.submit(self._probing.match, request, version)

    def own_revocation(self, identity: str) -> Future[tuple[RevocationCheck, ...]]:
        """What is at hand on the revocation of one of our certificates; nobody is asked."""
        return self._reader.submit(self._probing.own_revocation, identity)

    def explain(self, text: str) -> Future[tuple[ExplainedMessage, ...]]:
        """Explain an error message of another tool."""
        return self._reader.submit(explain_text, text)

    def rehearse(
        self, style: str, client_ca_file: Path | None, on_verdict: Callable[[Message], None]
    ) -> Future[RunningRehearsal]:
        """Start a local server to rehearse with."""
        return self._reader.submit(self._rehearsals.start, style, client_ca_file, on_verdict)

    def search(self, query: str, opened: Sequence[CertificateFacts] = ()) -> Future[tuple[Hit, ...]]:
        """Search everything; one search after the other."""
        return self._searching.submit(
            lambda: self._corpus.find(query, self._session.trust_lists, tuple(opened))
        )

    def certificate(self, sha256: str) -> Future[CertificateFacts | None]:
        """A certificate that was seen or stands on a list."""
        return self._reader.submit(lambda: self._corpus.certificate(sha256, self._session.trust_lists))

    def save_file(self, file: Path, data: bytes) -> Future[Path]:
        """Write an export, whole or not at all."""
        return self._reader.submit(save_file, file, data)

    def set_evaluation_time(self, at: datetime | None) -> None:
        """Judge as of another instant from now on, and count days from it; None is the present."""
        self._session.evaluation_time = at

    def close(self) -> None:
        """End what runs and let go of files, threads and the reading process."""
        self._self_test.close()
        # Everything is asked to stop before the first of them is waited for.
        self._opening.cancel()
        self.cancel_partners()
        self._certificates.cancel()
        self._revocation.close()
        # A run that waits for a keyring ends with the keys' thread, and what it would have begun is not.
        self._keys.close()
        self._providers.close()
        self._probing.close()
        self._rehearsals.close()
        self._network.close()
        self._identities.close()
        self._authorities.close()
        self._trust.close()
        self._opening.close()
        self._certificates.close()
        self._crls.close()
        self.close_partners()
        self._searching.shutdown(cancel_futures=True)
        self._reader.shutdown(cancel_futures=True)
        self._workspace.close()

    def _end_questions(self) -> None:
        self._revocation.stop_asking()
        self._certificates.cancel()

    def _read_trust(self) -> None:
        """Read what is judged by, and again with its seals where something in it counts only with them."""
        if self._session.needs_seals:
            self._keys.seals.look().future.add_done_callback(lambda _: self._session.trust_changed())

    def _look_at_seals(self) -> None:
        """Judge with seals looked at, now that a key store can be used; on the stores' thread."""
        if self._keys.seals.look_here():
            tell(self._session.trust_changed)
