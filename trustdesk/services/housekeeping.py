"""What gives way in the history, done beside everything else: in small steps between other questions."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future

from trustdesk.core.ports import Clock
from trustdesk.storage.observations import ObservationStore
from trustdesk.storage.workspace import Workspace

_log = logging.getLogger(__name__)


class Housekeeping:
    """One round over the history, at most once a day (`storage.retention.tidy`)."""

    def __init__(self, workspace: Workspace, clock: Clock) -> None:
        self._store = ObservationStore(workspace)
        self._clock = clock
        self._begun = threading.Event()
        self._closed = threading.Event()

    def begin(self) -> None:
        """Begin, once for each session; whoever asks later is served between two steps."""
        if not self._begun.is_set():
            self._begun.set()
            self._step()

    def close(self) -> None:
        """Make no further step; to be called before the workspace is closed."""
        self._closed.set()

    def _step(self) -> None:
        if not self._closed.is_set():
            try:
                self._store.tidy(self._clock.now()).add_done_callback(self._go_on)
            except RuntimeError:  # the workspace was closed in between
                self._closed.set()

    def _go_on(self, done: Future[bool]) -> None:
        error = done.exception()
        if error is not None:
            # The next session goes on where this one ended; nothing else depends on it.
            _log.warning("what has to give way in the history was not let go: %s", error)
        elif done.result():
            self._step()
