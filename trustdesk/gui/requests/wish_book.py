"""The one place where the wizard's steps read and change what is wanted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from trustdesk.core.certificate_request import FieldRemark, RequestDraft
from trustdesk.gui.requests.judged import Judge, JudgedDraft, judged
from trustdesk.gui.requests.wish import Wish, drafts_of


class WishBook(QObject):
    """A wish with its drafts, judged anew after every change.

    Signals:
        changed: something is wanted otherwise now.
    """

    changed = Signal()

    def __init__(
        self, wish: Wish, judge: Judge, now: Callable[[], datetime], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._wish = self._first = wish
        self.judge = judge
        self._on_hosts: tuple[FieldRemark, ...] = ()
        self._taken: frozenset[str] = frozenset()
        self._judged: tuple[JudgedDraft, ...] | None = None

    @property
    def wish(self) -> Wish:
        """What is wanted."""
        return self._wish

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was typed or chosen yet."""
        return self._wish == self._first

    @property
    def judged(self) -> tuple[JudgedDraft, ...]:
        """A draft for each request, with what is said of it."""
        if self._judged is None:
            begun = self._wish.has_names
            # Hosts are the server's affair where there is a server's request.
            self._judged = tuple(
                judged(
                    one,
                    self.judge,
                    is_begun=begun,
                    on_hosts=self._on_hosts if one.purpose is self._wish.purposes[-1] else (),
                )
                for one in self.drafts
            )
        return self._judged

    @property
    def drafts(self) -> tuple[RequestDraft, ...]:
        """A draft for each request."""
        return drafts_of(self._wish, year=self._now().year, taken=self._taken)

    def drafts_with(self, wish: Wish) -> tuple[RequestDraft, ...]:
        """Return the drafts that would come of another wish."""
        return drafts_of(wish, year=self._now().year, taken=self._taken)

    def say_of_hosts(self, remarks: Sequence[FieldRemark]) -> None:
        """Take what name servers said of the hosts as they are now."""
        self._on_hosts = tuple(remarks)
        self.put(self._wish)

    def keep_from(self, taken: Collection[str]) -> None:
        """Suggest none of these names."""
        self._taken = frozenset(taken)
        self.put(self._wish)

    def choose(self, **fields: object) -> None:
        """Change some fields of the wish, where they are others now."""
        changed = replace(self._wish, **fields)  # type: ignore[arg-type]  # names are checked by replace
        if changed != self._wish:
            self.put(changed)

    def put(self, wish: Wish) -> None:
        """Want something else."""
        if (wish.one_record_ids, wish.dns_names) != (self._wish.one_record_ids, self._wish.dns_names):
            self._on_hosts = ()
        self._wish = wish
        self._judged = None
        self.changed.emit()
