"""What a desk's person has chosen or opened: lists, identities and the evaluation time, for one session."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.ports import Clock, Judge
from trustdesk.core.trust import ServerJudgement, TrustList
from trustdesk.core.trust_decision import LocalDecision
from trustdesk.formats.credential import ClientCredential, ClientIdentity
from trustdesk.services.desk_revocation import DeskRevocation
from trustdesk.services.desk_values import IdentityChoice
from trustdesk.services.identities import choice_of, load_identity
from trustdesk.services.identity_names import unique_name
from trustdesk.services.kept_trust import TrustSource, nothing_kept
from trustdesk.services.partner_policies import PolicyBook
from trustdesk.services.precedence import Precedence
from trustdesk.services.published_keys import published_keys
from trustdesk.services.rejudging import own_paths
from trustdesk.services.rejudging_worker import Viewpoint
from trustdesk.services.session_trust import SessionTrust
from trustdesk.services.trust_lists import file_list
from trustdesk.verify.judge import PathJudge


class DeskSession:
    """The lists, identities and judges of one desk; methods may be called from any thread.

    What is opened from files lives as long as the session; keys stay in memory.

    Attributes:
        clock: tells the present.
        revocation: what judgements look at before anybody is asked.
        evaluation_time: as of which instant is judged; None is the present.
        precedence: what goes first of what is read.
    """

    def __init__(
        self,
        trust_lists: Iterable[TrustList],
        identities: Mapping[str, ClientCredential],
        clock: Clock,
        revocation: DeskRevocation,
        kept: TrustSource = nothing_kept,
        in_force: Sequence[str] = (),
        revision: Callable[[], int] | None = None,
    ) -> None:
        """Take what the session begins with.

        Args:
            kept: reads what the workspace keeps of lists, decisions and policies.
            in_force: names of lists that judge whatever the workspace says; empty for what it says.
            revision: tells whether `kept` would say something else; None where nobody else changes it.
        """
        self.clock = clock
        self.revocation = revocation
        self.evaluation_time: datetime | None = None
        self.precedence = Precedence()
        self._lock = threading.Lock()
        self._trust = SessionTrust(trust_lists, kept, in_force, revision)
        self._identities = dict(identities)
        self._own = own_paths(identities.values())
        self._judges: dict[tuple[tuple[str, ...], tuple[str, ...]], PathJudge] = {}
        self._changes = 0
        revocation.when_changed(self._judge_anew)

    @property
    def at(self) -> datetime:
        """The instant that certificates are judged for, and days are counted from."""
        return self.evaluation_time or self.clock.now()

    @property
    def trust_lists(self) -> tuple[TrustList, ...]:
        """Lists that can be selected; those in force first."""
        return self._trust.lists

    @property
    def names_in_force(self) -> tuple[str, ...]:
        """Names of the lists that judge together where no other is named; the first of `trust_lists`."""
        return self._trust.in_force

    @property
    def policies(self) -> PolicyBook:
        """The policies of partners."""
        return self._trust.book

    @property
    def decisions(self) -> tuple[LocalDecision, ...]:
        """What was decided here about certificates; part of every list above already."""
        return self._trust.decisions

    @property
    def needs_seals(self) -> bool:
        """Whether something in policies counts only with a seal that holds."""
        return self._trust.needs_seals

    def lists(self, names: Sequence[str] = (), partners: Sequence[str] = ()) -> tuple[TrustList, ...]:
        """Return the lists that judge.

        Args:
            names: that a person named; none, or the first in force, is those in force.
            partners: whose endpoint is judged, whose policy holds; empty for anybody's, as for our own
                certificates.

        Raises:
            KeyError: a name that is not among `trust_lists`.
        """
        return self._trust.judging(names, partners)

    def use_trust_list(self, name: str) -> TrustList:
        """Put a list in force, alone.

        Raises:
            KeyError: a name that is not among `trust_lists`.
        """
        chosen = self._trust.use(name)
        self._judge_anew()
        return chosen

    def open_trust_list(self, file: Path) -> TrustList:
        """Read a list from a file; it can be selected from then on."""
        trust_list = self._trust.add(file_list(file))
        self._judge_anew()
        return trust_list

    def trust_changed(self) -> None:
        """Take the workspace's lists, decisions and policies as they are now; blocks.

        To be called after each change of them: every judgement is made anew from then on.

        Raises:
            EnvironmentFailureError: they cannot be read; nothing is judged by what was in force before.
        """
        try:
            self._trust.read_again()
        finally:
            # Also where reading fails: judges of before still trust what may have been distrusted.
            self._judge_anew()

    def look_again(self) -> None:
        """Take what another program, such as a command, changed of trust meanwhile; blocks.

        To be called before anything is sent, and before kept results are shown.

        Raises:
            EnvironmentFailureError: what is judged by cannot be read.
        """
        if self._trust.is_outdated():
            self.trust_changed()

    def open_identity(
        self,
        certificate_file: Path,
        key_file: Path | None,
        password: str | None,
        taken: Collection[str] = (),
    ) -> IdentityChoice:
        """Read a client certificate with its key; it is named after its file.

        Args:
            taken: names of stored identities, which this one cannot have.
        """
        name = unique_name(certificate_file.name, taken)
        credential = load_identity(certificate_file, key_file, lambda: password, name)
        with self._lock:
            self._identities[name] = credential
            self._own = {**self._own, **own_paths((credential,))}
        return choice_of(name, credential)

    def credentials(self) -> dict[str, ClientCredential]:
        """Return the identities that were opened for this session by name, as they are now."""
        with self._lock:
            return dict(self._identities)

    def know_own(self, identities: Iterable[ClientIdentity]) -> None:
        """Know what we send with these identities from now on, also when they are gone."""
        with self._lock:
            known = self._own
        # Reading certificates takes longer than looking whether they were read before.
        new = own_paths(one for one in identities if one.label.sha256 not in known)
        if new:
            with self._lock:
                self._own = {**self._own, **new}

    def judge(self, names: tuple[str, ...] = (), partners: tuple[str, ...] = ()) -> PathJudge:
        """Return the judge by the lists of `lists`, made once."""
        bound = partners if any(one in self.policies.partners for one in partners) else ()
        with self._lock:
            judge, changes = self._judges.get((names, bound)), self._changes
        if judge is not None:
            return judge
        gate = self.revocation.silent_policy().gate
        judge = gate(self.lists(names, bound), published_keys=published_keys())
        with self._lock:
            if changes == self._changes:
                self._judges[names, bound] = judge
        return judge

    def gate(self, names: tuple[str, ...] = (), partners: tuple[str, ...] = ()) -> Judge:
        """Return a judge that goes by what is in force whenever it is asked, for runs that take long."""
        return _Gate(lambda: self.judge(names, partners))

    def viewpoint(self, trust_list: str | None = None) -> Viewpoint:
        """Fix evaluation time, list (None: those in force), evidence and our certificates as they are."""
        names = () if trust_list is None else (trust_list,)
        with self._lock:
            own = self._own
        return Viewpoint(
            trust_lists=self.lists(names),
            by_partners={(one,): self.lists(names, (one,)) for one in self.policies.partners},
            names=names,
            at=self.evaluation_time,
            now=self.clock.now(),
            own=own,
            revocation=self.revocation.given(),
        )

    def _judge_anew(self) -> None:
        """Make no judgement by the lists and the evidence of before."""
        with self._lock:
            self._changes += 1
            self._judges.clear()


class _Gate:
    """A judge (`core.ports.Judge`) that is another after each decision."""

    def __init__(self, judge: Callable[[], Judge]) -> None:
        self._judge = judge

    def judge_server(
        self,
        presented_chain: Sequence[bytes],
        reference_identifier: str,
        at: datetime,
        *,
        staple: bytes | None = None,
    ) -> ServerJudgement:
        """Judge by what is in force now; where that cannot be read any more, by nothing."""
        try:
            judge = self._judge()
        except (EnvironmentFailureError, KeyError):  # or a list that was named is gone
            judge = PathJudge(())
        return judge.judge_server(presented_chain, reference_identifier, at, staple=staple)
