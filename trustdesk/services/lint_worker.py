"""A process of its own for pkilint: slow to load, somebody else's code on hostile bytes, and killable."""

from __future__ import annotations

import json
import multiprocessing
import threading
import time
import warnings
from dataclasses import asdict
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from trustdesk.core.finding import Finding
from trustdesk.core.message import Message, msg
from trustdesk.services.worker_process import settle_in
from trustdesk.verify.lint_pkilint import (
    PkilintRefusal,
    PkilintRemark,
    PkilintReport,
    findings_of,
    not_der,
    not_run,
    report,
)

MAX_BYTES = 1024 * 1024
"""A longer certificate is not given to pkilint."""

_MEMORY_BYTES = 1024 * 1024 * 1024
_MAX_ANSWER_BYTES = 4 * 1024 * 1024
_END_S = 2.0


class PkilintWorker:
    """Runs pkilint in one process that is started when it is first needed, and again after it was killed.

    Methods may be called from any thread; one certificate is linted at a time. `with` closes it.

    Attributes:
        deadline_s: for one certificate, the start of the process included.
    """

    def __init__(self, deadline_s: float = 20.0) -> None:
        self.deadline_s = deadline_s
        self._turn = threading.Lock()
        self._state = threading.Lock()
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> PkilintWorker:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Number of the process; None when none runs."""
        with self._state:
            return self._process.pid if self._process is not None and self._process.is_alive() else None

    @property
    def is_running(self) -> bool:
        """Whether the process runs, idle or not."""
        return self.pid is not None

    def findings(self, der: bytes) -> tuple[Finding, ...]:
        """Lint one certificate; raises neither for what is wrong with it nor for what ends the process."""
        no_der = not_der(der)
        if no_der is not None:
            return (no_der,)
        if len(der) > MAX_BYTES:
            return (not_run(msg("The certificate is too big for pkilint.")),)
        with self._turn:
            outcome = self._ask(der)
        return (not_run(outcome),) if isinstance(outcome, Message) else findings_of(outcome, der)

    def close(self) -> None:
        """End the process, in the middle of its work too; the next certificate starts another."""
        with self._state:
            process, connection = self._process, self._connection
            self._process = self._connection = None
        if process is not None:
            process.kill()
            process.join(_END_S)
        if connection is not None:
            connection.close()

    def _ask(self, der: bytes) -> PkilintReport | Message:
        """Return the report, or why there is none."""
        deadline = time.monotonic() + self.deadline_s
        connection = self._running()
        try:
            connection.send_bytes(der)
            if connection.poll(max(0.0, deadline - time.monotonic())):
                return _answer_of(connection.recv_bytes(_MAX_ANSWER_BYTES))
            reason = msg("pkilint was ended: it gave no answer within {seconds} s.", seconds=self.deadline_s)
        except (OSError, EOFError):  # killed by close(), by the system for want of memory, or by itself
            reason = msg("The process of pkilint ended before it answered.")
        except (ValueError, KeyError, TypeError):
            reason = msg("The process of pkilint answered what is no report.")
        self.close()
        return reason

    def _running(self) -> Connection:
        with self._state:
            if self._connection is not None and self._process is not None and self._process.is_alive():
                return self._connection
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe()
            process = context.Process(target=serve, args=(theirs,), name="trustdesk-pkilint", daemon=True)
            process.start()
            theirs.close()
            self._process, self._connection = process, ours
            return ours


def serve(connection: Connection) -> None:
    """Answer certificates with reports until the other side closes; what the worker process runs."""
    settle_in(memory=_MEMORY_BYTES)
    warnings.simplefilter("ignore")  # of libraries, about certificates that the findings speak of
    while True:
        try:
            der = connection.recv_bytes(MAX_BYTES)
        except (EOFError, OSError):
            return
        try:
            answer = _text_of(report(der))
        except Exception as error:  # noqa: BLE001 - the job's edge: somebody else's code on hostile bytes
            answer = json.dumps({"failure": type(error).__name__}).encode()
        connection.send_bytes(answer)


def _text_of(outcome: PkilintReport) -> bytes:
    """JSON, not pickle: the process that answers has been handed hostile bytes."""
    if isinstance(outcome, PkilintRefusal):
        return json.dumps({"refusal": asdict(outcome)}).encode()
    return json.dumps({"remarks": [asdict(remark) for remark in outcome]}).encode()


def _answer_of(answer: bytes) -> PkilintReport | Message:
    document = json.loads(answer)
    if "failure" in document:
        return msg("pkilint failed on this certificate ({error}).", error=str(document["failure"]))
    if "refusal" in document:
        return PkilintRefusal(**document["refusal"])
    return tuple(PkilintRemark(**remark) for remark in document["remarks"])
