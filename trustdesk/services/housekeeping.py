"""What gives way in the history, done beside everything else, in small steps that nobody feels."""

from __future__ import annotations

import logging
import threading

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.ports import Clock
from trustdesk.services.precedence import Precedence
from trustdesk.storage.observations import ObservationStore
from trustdesk.storage.workspace import Workspace

_AT_ONCE = 25
"""Endpoints of one step: some 20 ms of work."""

_APART_S = 0.25

_log = logging.getLogger(__name__)


class Housekeeping:
    """One round over the history, at most once a day (`storage.retention.tidy`), on a thread of its own."""

    def __init__(self, workspace: Workspace, clock: Clock, precedence: Precedence) -> None:
        self._store = ObservationStore(workspace)
        self._clock = clock
        self._precedence = precedence
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="trustdesk-housekeeping")
        self._begun = threading.Lock()

    def begin(self) -> None:
        """Begin, once for each session."""
        if not self._closed.is_set() and self._begun.acquire(blocking=False):
            self._thread.start()

    def close(self) -> None:
        """Make no further step, and wait for the one that is being made; before the workspace is closed."""
        self._closed.set()
        self._precedence.close()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._closed.is_set():
                self._precedence.give_way()
                if not self._store.tidy(self._clock.now(), _AT_ONCE).result():
                    return
                self._closed.wait(_APART_S)
        except (EnvironmentFailureError, RuntimeError) as error:
            # The next session goes on where this one ended; nothing else depends on it.
            _log.warning("what has to give way in the history was not let go: %s", error)
