"""What a desk does with partners: the board, sweeps, and the desks beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from trustdesk.core.left_sweep import LeftOfSweep
from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import Clock, Job, PausableJob, PdfPrinter
from trustdesk.core.probe import ProbeReport
from trustdesk.core.target import Target
from trustdesk.network.outgoing import Outgoing
from trustdesk.network.request import ProbeLimits
from trustdesk.network.sweep import Pace
from trustdesk.network.thread import NetworkThread
from trustdesk.services.board import BoardRow
from trustdesk.services.board_desk import BoardDesk
from trustdesk.services.board_standings import BoardStandings
from trustdesk.services.desk_session import DeskSession
from trustdesk.services.desk_values import SweepProgress, SweepTotals
from trustdesk.services.directory_desk import DirectoryDesk
from trustdesk.services.due import due_ones
from trustdesk.services.expiry_desk import ExpiryDesk
from trustdesk.services.expiry_timeline import TimelineReader
from trustdesk.services.history_desk import HistoryDesk
from trustdesk.services.housekeeping import Housekeeping
from trustdesk.services.identities_in_use import IdentitiesInUse
from trustdesk.services.live_directory import LiveDirectory
from trustdesk.services.live_expiry import LiveExpiry
from trustdesk.services.live_history import LiveHistory
from trustdesk.services.live_identities import LiveIdentities
from trustdesk.services.live_readiness import LiveReadiness
from trustdesk.services.live_reports import LiveReports, ReportParts
from trustdesk.services.probing_desk import ProbingDesk
from trustdesk.services.readiness_desk import ReadinessDesk
from trustdesk.services.report_desk import ReportDesk
from trustdesk.services.review_reading import Surroundings
from trustdesk.services.search_corpus import SearchCorpus
from trustdesk.services.standings import kept_standing
from trustdesk.services.trust_seals import TrustSeals
from trustdesk.storage.directory import Directory
from trustdesk.storage.settings import SettingsStore
from trustdesk.storage.stored_chains import ChainStore
from trustdesk.storage.sweeps import SweepBook
from trustdesk.storage.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskParts:
    """What the desks beside the board work on. Whoever made a part closes it.

    Attributes:
        reader: the desk's thread for questions that read; one at a time.
        corpus: is told when what is searched has changed.
    """

    workspace: Workspace
    seals: TrustSeals
    directory: Directory
    clock: Clock
    session: DeskSession
    reader: ThreadPoolExecutor
    corpus: SearchCorpus
    identities: LiveIdentities
    in_use: IdentitiesInUse
    network: NetworkThread
    limits: ProbeLimits
    proxies: Outgoing
    pdf_printer: PdfPrinter | None = None


class LivePartnerDesks:
    """That side of a desk; each method as in `services.desk.Desk`.

    Attributes:
        surroundings: who is asked for what surrounds the last test of an endpoint.

    Its owner calls `close_partners` once nothing is asked any more.
    """

    def __init__(self, parts: DeskParts, *, pace: Pace) -> None:
        self._parts = parts
        self._board = BoardDesk(parts.directory, BoardStandings(parts.workspace), parts.session)
        self._sweeps = SweepBook(parts.workspace, kept_standing)
        self._probing = ProbingDesk(
            parts.network,
            parts.session,
            parts.in_use,
            limits=parts.limits,
            proxies=parts.proxies,
            pace=pace,
            book=self._sweeps,
            on_kept=parts.corpus.changed,
            places=self._board.places,
        )
        self._settings = SettingsStore(parts.workspace)
        self._housekeeping = Housekeeping(parts.workspace, parts.clock, parts.session.precedence)
        self._directory_desk = LiveDirectory(
            parts.workspace,
            parts.seals,
            clock=parts.session.clock,
            changed=parts.corpus.changed,
            policies_changed=parts.session.trust_changed,
        )
        self._history_desk = LiveHistory(
            parts.workspace,
            parts.clock,
            find=lambda sha256: parts.corpus.certificate(sha256, parts.session.trust_lists),
        )
        self._expiry_desk = LiveExpiry(
            parts.workspace,
            parts.session,
            TimelineReader(ChainStore(parts.workspace), parts.in_use.paths),
            parts.in_use,
            views=parts.identities.views,
            settings=self._settings,
        )
        self._readiness_desk = LiveReadiness(
            parts.workspace,
            parts.network,
            parts.session,
            parts.in_use,
            parts.clock,
            limits=parts.limits,
            proxies=parts.proxies,
            partners_at=lambda target: self._board.places().partners_at(target),
            settings=self._settings,
        )
        self.surroundings = Surroundings(
            readiness=self._readiness_desk.last,
            history=self._history_desk.history,
            expiry=self._expiry_desk.expiry,
        )
        self._report_desk = LiveReports(
            ReportParts(
                directory=parts.directory,
                session=parts.session,
                partner=lambda name: self._directory_desk.partner(name).result(),
                viewpoint=self._board.viewpoint,
                surroundings=self.surroundings,
                printer=parts.pdf_printer,
            )
        )

    @property
    def directory_desk(self) -> DirectoryDesk:
        """The partner directory: who they are, and how to reach them."""
        return self._directory_desk

    @property
    def history_desk(self) -> HistoryDesk:
        """What was observed, and what became of it."""
        return self._history_desk

    @property
    def expiry_desk(self) -> ExpiryDesk:
        """What ends when, and what to renew by when."""
        return self._expiry_desk

    @property
    def readiness_desk(self) -> ReadinessDesk:
        """Whether endpoints are ready for ONE Record, by rules."""
        return self._readiness_desk

    @property
    def report_desk(self) -> ReportDesk:
        """One partner, or all of them, as a file."""
        return self._report_desk

    def board(self) -> Future[tuple[BoardRow, ...]]:
        """All endpoints with their last result, by partner name."""
        board = self._parts.session.precedence.first(self._parts.reader.submit(self._board.board))
        board.add_done_callback(lambda _: self._housekeeping.begin())
        return board

    def last_report(self, endpoint_id: int) -> Future[ProbeReport | None]:
        """The last probe of an endpoint; None when there was none."""
        session = self._parts.session
        return self._parts.reader.submit(lambda: self._board.last_report(endpoint_id, session.viewpoint()))

    def rejudge(
        self, endpoints: Sequence[Endpoint], on_rows: Callable[[Sequence[BoardRow]], None]
    ) -> Job[int]:
        """Judge the last results of endpoints again, a chunk at a time; a run before it stops."""
        return self._board.rejudge(endpoints, on_rows)

    def rejudge_report(self, report: ProbeReport, *, trust_list: str | None = None) -> Future[ProbeReport]:
        """Judge a report's certificates again; None for `trust_list` is the one in force."""
        session = self._parts.session
        return self._parts.reader.submit(lambda: self._board.rejudged(report, session.viewpoint(trust_list)))

    def add_endpoint(self, partner: str, target: Target, identity: str | None) -> Future[Endpoint]:
        """Add an endpoint to the directory, and its partner where it is new."""
        added = self._parts.directory.add_endpoint(partner, target, identity)
        self._parts.corpus.changed()
        return added

    def sweep(
        self,
        endpoints: Sequence[Endpoint],
        on_progress: Callable[[SweepProgress], None],
        *,
        goes_on: LeftOfSweep | None = None,
    ) -> PausableJob[SweepTotals]:
        """Probe endpoints side by side, each with its own identity, and keep the results."""
        return self._probing.sweep(endpoints, on_progress, goes_on)

    def due(self, endpoints: Sequence[Endpoint]) -> Future[tuple[Endpoint, ...]]:
        """Those that have not answered for as long as the settings say."""
        now = self._parts.clock.now()
        return self._parts.reader.submit(lambda: tuple(due_ones(self._parts.workspace, endpoints, now)))

    def left_of_sweep(self) -> Future[LeftOfSweep | None]:
        """What the newest sweep left that was killed or cancelled."""
        return self._sweeps.left(self._parts.clock.now())

    def dismiss_sweep(self, left: LeftOfSweep) -> Future[None]:
        """End what a sweep left, and what older ones did."""
        return self._sweeps.dismiss(left.id, self._parts.clock.now())

    def cancel_partners(self) -> None:
        """Ask what runs to stop, without waiting for it."""
        self._parts.session.precedence.close()
        self._board.cancel()
        self._readiness_desk.cancel()

    def close_partners(self) -> None:
        """End what this side started, and what the network ended of it."""
        self._probing.await_kept()
        self._housekeeping.close()
        self._report_desk.close()
        self._directory_desk.close()
        self._expiry_desk.close()
        self._history_desk.close()
        self._readiness_desk.close()
        self._board.close()
