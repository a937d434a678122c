"""Running the lab: start everything, say what runs, end with the parent, leave nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from trustdesk.lab.catalogue import CATALOGUE, load_endpoint
from trustdesk.lab.connection import Crowd, Limits
from trustdesk.lab.description import LabDescription, contract_lines
from trustdesk.lab.folder import make_folder, remove_folder
from trustdesk.lab.list_office import write_list_office
from trustdesk.lab.pasts import write_pasts
from trustdesk.lab.pki import LabPki, write_identities, write_trust_list
from trustdesk.lab.rehearsal_server import Rehearsal, RehearsalServers, TellVerdict
from trustdesk.lab.servers import LabServers, Tell

PARENT_CHECK_S = 0.5
"""How often a lab looks whether its parent process is still the same."""

_OWN_DESCRIPTORS = 32

Servers = LabServers | RehearsalServers
"""What a lab runs: the whole catalogue, or one server to rehearse with."""


def serve_forever(
    write_line: Callable[[str], None],
    *,
    count: int = 0,
    rehearsal: Rehearsal | None = None,
    write_log: Callable[[str], None] | None = None,
    write_verdict: TellVerdict | None = None,
) -> None:
    """Run the lab in the foreground until SIGINT, SIGTERM or the end of the parent process.

    A parent's end is noticed on POSIX systems only; a lab that was told to outlive its parent (nohup,
    setsid) does. Returns normally in each of these cases, also when the reader of the lines is gone; the
    folder with the keys is removed first.

    Args:
        write_line: gets the JSON lines of the contract, without line ends, once everything listens.
        count: healthy endpoints beside the catalogue's servers.
        rehearsal: the one server to run instead of the catalogue's; None for those.
        write_verdict: gets a sentence on each client of the rehearsal; None for none.
        write_log: gets a line on each handshake of a server that asks for client certificates, with the
            digest of what it received, "received and refused" or "none"; None for no log.

    Raises:
        EnvironmentFailureError: no room for the folder, or no ports or descriptors for that many servers.
    """

    def write_lines(description: LabDescription) -> None:
        for line in contract_lines(description):
            write_line(line)

    with suppress(BrokenPipeError, KeyboardInterrupt):
        run(
            None,
            write_lines,
            count=count,
            rehearsal=rehearsal,
            write_log=write_log,
            write_verdict=write_verdict,
            watch_parent=_is_bound_to_parent(),
        )


def run(
    folder: Path | None,
    on_ready: Callable[[LabDescription], None],
    *,
    count: int = 0,
    rehearsal: Rehearsal | None = None,
    write_log: Tell | None = None,
    write_verdict: TellVerdict | None = None,
    lifeline: Connection | None = None,
    watch_parent: bool = True,
) -> None:
    """Run the lab until it is told to stop, and remove its folder.

    Args:
        folder: empty, takes the keys; None to make one.
        on_ready: called once everything listens.
        lifeline: a pipe to the parent; its end stops the lab, and SIGINT, which a terminal sends to the
            whole group, does not. None for a lab of its own.
        watch_parent: whether a change of the parent process stops the lab.

    Raises:
        EnvironmentFailureError: see `serve_forever`.
    """

    def make_servers(pki: LabPki, crowd: Crowd) -> Servers:
        if rehearsal is not None:
            return RehearsalServers(pki, crowd, rehearsal, write_verdict)
        return LabServers(pki, crowd, specs, write_log)

    specs = (*CATALOGUE, *(load_endpoint(number + 1) for number in range(count)))
    asyncio.run(_run(folder, on_ready, make_servers, len(specs), lifeline, watch_parent))


async def _run(
    folder: Path | None,
    on_ready: Callable[[LabDescription], None],
    make_servers: Callable[[LabPki, Crowd], Servers],
    count: int,
    lifeline: Connection | None,
    watch_parent: bool,
) -> None:
    stopped = asyncio.Event()
    _stop_on_signals(stopped, interrupt=lifeline is None)
    if lifeline is not None:
        _stop_on_end_of(lifeline, stopped)
    if watch_parent and os.name == "posix":
        _stop_with_parent(os.getppid(), stopped)
    limits = Limits(connections=_connections_that_fit(count))
    # Only now: from here on, every end but SIGKILL comes past the removal.
    folder = folder or make_folder()
    try:
        pki = LabPki.create(datetime.now(UTC).replace(microsecond=0))
        servers = make_servers(pki, Crowd(limits))
        try:
            await servers.start()
            on_ready(_describe(pki, servers, folder))
            await stopped.wait()
        finally:
            # The keys go first: whoever sees the lab closed finds nothing of it.
            remove_folder(folder)
            servers.stop()
    finally:
        remove_folder(folder)


def _describe(pki: LabPki, servers: Servers, folder: Path) -> LabDescription:
    write_list_office(pki, folder)
    if isinstance(servers, LabServers):
        write_pasts(pki, servers.presented, folder)
    return LabDescription(
        trust_list=write_trust_list(pki, folder),
        identities=write_identities(pki.client_credentials(), folder),
        servers=tuple(servers.running),
    )


def _stop_on_signals(stopped: asyncio.Event, *, interrupt: bool) -> None:
    """Stop on SIGTERM, SIGHUP and, with `interrupt`, on SIGINT; only the main thread gets signals."""
    if threading.current_thread() is not threading.main_thread():
        return
    if not interrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.name != "posix":
        return  # asyncio.run turns Ctrl+C into KeyboardInterrupt there
    loop = asyncio.get_running_loop()
    wanted = [signal.SIGTERM, *([signal.SIGINT] if interrupt else [])]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        wanted.append(signal.SIGHUP)
    for number in wanted:
        loop.add_signal_handler(number, stopped.set)


def _stop_on_end_of(lifeline: Connection, stopped: asyncio.Event) -> None:
    """Stop when the pipe ends or says anything; a thread waits, as Windows' pipes need."""
    loop = asyncio.get_running_loop()

    def wait() -> None:
        with suppress(OSError):
            lifeline.poll(None)
        with suppress(RuntimeError):  # the loop is closed: it stopped for another reason
            loop.call_soon_threadsafe(stopped.set)

    threading.Thread(target=wait, name="lab-lifeline", daemon=True).start()


def _stop_with_parent(parent: int, stopped: asyncio.Event) -> None:
    """Stop when the parent process is another: ours ended, and another process holds its pipe open."""
    if os.getppid() != parent:
        stopped.set()
    else:
        loop = asyncio.get_running_loop()
        loop.call_later(PARENT_CHECK_S, _stop_with_parent, parent, stopped)


def _is_bound_to_parent() -> bool:
    if os.name != "posix":
        return False
    told_to_outlive = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN or os.getsid(0) == os.getpid()
    return not told_to_outlive


def _connections_that_fit(servers: int) -> int:
    """Raise the limit of open files as far as the account may; return how many connections it allows."""
    if os.name != "posix":
        return Limits().connections
    import resource  # POSIX only

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # macOS begins with 256, and refuses more than its kernel allows even where "hard" is unlimited.
    for wanted in (65_536, 10_240, 4_096):
        if soft == resource.RLIM_INFINITY or soft >= wanted:
            break
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
            soft = allowed
    if soft == resource.RLIM_INFINITY:
        return Limits().connections
    return max(1, min(Limits().connections, soft - servers - _OWN_DESCRIPTORS))
