"""What a desk's person has chosen or opened: lists, identities and the evaluation time, for one session."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from trustdesk.core.ports import Clock
from trustdesk.core.trust import TrustList
from trustdesk.formats.credential import ClientCredential, ClientIdentity
from trustdesk.services.desk_revocation import DeskRevocation
from trustdesk.services.desk_values import IdentityChoice
from trustdesk.services.identities import choice_of, load_identity
from trustdesk.services.identity_names import unique_name
from trustdesk.services.published_keys import published_keys
from trustdesk.services.rejudging import own_paths
from trustdesk.services.rejudging_worker import Viewpoint
from trustdesk.services.trust_lists import file_list
from trustdesk.verify.judge import PathJudge


class DeskSession:
    """The lists, identities and judges of one desk; methods may be called from any thread.

    What is opened from files lives as long as the session; keys stay in memory.

    Attributes:
        clock: tells the present.
        revocation: what judgements look at before anybody is asked.
        evaluation_time: as of which instant is judged; None is the present.
    """

    def __init__(
        self,
        trust_lists: Iterable[TrustList],
        identities: Mapping[str, ClientCredential],
        clock: Clock,
        revocation: DeskRevocation,
    ) -> None:
        self.clock = clock
        self.revocation = revocation
        self.evaluation_time: datetime | None = None
        self._lock = threading.Lock()
        self._trust_lists = {trust_list.name: trust_list for trust_list in trust_lists}
        self._identities = dict(identities)
        self._own = own_paths(identities.values())
        self._judges: dict[tuple[str, ...], PathJudge] = {}
        self._changes = 0
        revocation.when_changed(self._judge_anew)

    @property
    def at(self) -> datetime:
        """The instant that certificates are judged for, and days are counted from."""
        return self.evaluation_time or self.clock.now()

    @property
    def trust_lists(self) -> tuple[TrustList, ...]:
        """Lists that can be selected; the first is in force."""
        with self._lock:
            return tuple(self._trust_lists.values())

    @property
    def list_in_force(self) -> TrustList | None:
        """The list that is judged by where no other is named; None when there is none at all."""
        return next(iter(self.trust_lists), None)

    def lists(self, names: Sequence[str] = ()) -> tuple[TrustList, ...]:
        """Return lists by their names; no name is the one in force.

        Raises:
            KeyError: a name that is not among `trust_lists`.
        """
        with self._lock:
            chosen = names or tuple(self._trust_lists)[:1]
            return tuple(self._trust_lists[name] for name in chosen)

    def use_trust_list(self, name: str) -> TrustList:
        """Put a list in force.

        Raises:
            KeyError: a name that is not among `trust_lists`.
        """
        with self._lock:
            chosen = self._trust_lists.pop(name)
            self._trust_lists = {name: chosen, **self._trust_lists}
        self._judge_anew()
        return chosen

    def open_trust_list(self, file: Path) -> TrustList:
        """Read a list from a file; it can be selected from then on."""
        trust_list = file_list(file)
        with self._lock:
            self._trust_lists[trust_list.name] = trust_list
        self._judge_anew()
        return trust_list

    def trust_changed(self) -> None:
        """Make every judgement anew."""
        self._judge_anew()

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

    def judge(self, names: tuple[str, ...] = ()) -> PathJudge:
        """Return the judge by some lists, made once; no name is the list in force."""
        with self._lock:
            judge, changes = self._judges.get(names), self._changes
        if judge is not None:
            return judge
        gate = self.revocation.silent_policy().gate
        judge = gate(self.lists(names), published_keys=published_keys())
        with self._lock:
            if changes == self._changes:
                self._judges[names] = judge
        return judge

    def viewpoint(self, trust_list: str | None = None) -> Viewpoint:
        """Fix evaluation time, list (None: the one in force), evidence and our certificates as they are."""
        trust_lists = self.lists(() if trust_list is None else (trust_list,))
        with self._lock:
            own = self._own
        return Viewpoint(
            trust_lists=trust_lists,
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
