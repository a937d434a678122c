"""Rehearsals of the desk: one local server each, on a thread of its own, until it is stopped."""

from __future__ import annotations

import multiprocessing
import queue
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import Message, msg
from trustdesk.core.target import parse_target
from trustdesk.lab.description import LabDescription
from trustdesk.lab.rehearsal import Style
from trustdesk.lab.rehearsal_server import Rehearsal
from trustdesk.lab.serve import run
from trustdesk.services.desk_values import RunningRehearsal
from trustdesk.services.trust_lists import file_list

_START_S = 20.0
_END_S = 5.0


class Rehearsals:
    """Starts rehearsed servers and ends those that still run."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []
        self._lifelines: list[Lifeline] = []

    def start(
        self, style: str, client_ca_file: Path | None, on_verdict: Callable[[Message], None]
    ) -> RunningRehearsal:
        """Start a server, and return once it listens.

        Raises:
            TrustdeskError: the file holds no CA, or the system has no port or no room.
        """
        client_list = None if client_ca_file is None else file_list(client_ca_file)
        rehearsal = Rehearsal(style=Style(style), client_list=client_list)
        ours, theirs = multiprocessing.Pipe()
        lifeline = Lifeline(ours)
        answers: queue.SimpleQueue[LabDescription | BaseException] = queue.SimpleQueue()

        def serve() -> None:
            try:
                run(
                    None,
                    answers.put,
                    rehearsal=rehearsal,
                    write_verdict=on_verdict,
                    lifeline=theirs,
                    watch_parent=False,
                )
            except BaseException as error:  # noqa: BLE001 - the edge of a thread: the asker gets it
                answers.put(error)
            finally:
                theirs.close()

        thread = threading.Thread(target=serve, name="trustdesk-rehearsal", daemon=True)
        self._threads.append(thread)
        self._lifelines.append(lifeline)
        thread.start()
        try:
            answer = answers.get(timeout=_START_S)
        except queue.Empty:
            lifeline.cut()
            raise EnvironmentFailureError(
                msg("The local server did not start within {seconds} s.", seconds=_START_S),
                remedy=msg("Close programs that keep the machine busy, and try again."),
            ) from None
        if isinstance(answer, BaseException):
            lifeline.cut()
            raise answer
        server = answer.servers[0]
        return RunningRehearsal(
            target=parse_target(
                f"https://{server.verify_name}:{server.port}",
                connect=f"{server.host}:{server.port}",
                server_name=server.server_name,
            ),
            trust_list=Path(answer.trust_list),
            stop=lifeline.cut,
        )

    def close(self) -> None:
        """End every server and wait for it."""
        for lifeline in self._lifelines:
            lifeline.cut()
        for thread in self._threads:
            thread.join(_END_S)
        self._threads.clear()
        self._lifelines.clear()


class Lifeline:
    """Our end of the pipe that a server lives by."""

    def __init__(self, ours: Connection) -> None:
        self._ours = ours
        self._lock = threading.Lock()

    def cut(self) -> None:
        """End the server; again is allowed."""
        with self._lock:
            if not self._ours.closed:
                self._ours.close()
