"""The self-test of an open desk, on a thread of its own: nothing else waits for it."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from trustdesk.core.ports import Clock
from trustdesk.core.self_check import SelfTest
from trustdesk.storage.workspace import Workspace

if TYPE_CHECKING:
    from trustdesk.services.desk import Desk


class LiveSelfTest:
    """Looks at a desk and its workspace."""

    def __init__(self, desk: Desk, workspace: Workspace, clock: Clock) -> None:
        self._desk, self._workspace, self._clock = desk, workspace, clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-selftest")

    def run(self) -> Future[SelfTest]:
        """Look at the machine and at all that the desk knows; Qt is the window's own affair."""
        return self._thread.submit(self._look)

    def close(self) -> None:
        """Begin no further look, and wait for the one under way; before the desk's parts are closed."""
        self._thread.shutdown(cancel_futures=True)

    def _look(self) -> SelfTest:
        from trustdesk.services.selftest import desk_checks, machine_checks, self_test
        from trustdesk.storage.workspace_check import check_opened

        now = self._clock.now()
        found = desk_checks(self._desk, lambda: check_opened(self._workspace), now)
        return self_test(now, machine_checks(self._workspace.folder), tuple(found))
