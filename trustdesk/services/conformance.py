"""pkilint for the certificate that a person looks at: one at a time, and cancelled at once."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor

from trustdesk.core.finding import Finding
from trustdesk.core.message import msg
from trustdesk.services.lint_worker import PkilintWorker
from trustdesk.verify.lint_pkilint import not_run


class ConformanceLinting:
    """Lints certificates in the worker process, in the order asked; nothing starts before the first question.

    Methods may be called from any thread.
    """

    def __init__(self, worker: PkilintWorker | None = None) -> None:
        self._worker = worker or PkilintWorker()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-pkilint")
        self._lock = threading.Lock()
        self._running: ConformanceJob | None = None

    def start(self, der: bytes) -> ConformanceJob:
        """Lint one certificate."""
        job = ConformanceJob(self, der)
        self._thread.submit(self._run, job)
        return job

    def cancel(self, job: ConformanceJob) -> None:
        """Lint a certificate no longer; the process is ended where it is busy with it."""
        with self._lock:
            if job.future.done():
                return
            job.future.set_result((not_run(msg("It was cancelled before pkilint answered.")),))
            if self._running is job:
                self._worker.close()

    def close(self) -> None:
        """End the process and the thread; what was asked is answered as cancelled."""
        with self._lock:
            running = self._running
        if running is not None:
            running.cancel()
        self._thread.shutdown(cancel_futures=True)
        self._worker.close()

    def _run(self, job: ConformanceJob) -> None:
        with self._lock:
            if job.future.done():
                return
            self._running = job
        try:
            found = self._worker.findings(job.der)
        except BaseException as error:  # noqa: BLE001 - a job's edge: the future carries it to the asker
            with self._lock:
                self._running = None
                if not job.future.done():
                    job.future.set_exception(error)
            return
        with self._lock:
            self._running = None
            if not job.future.done():
                job.future.set_result(found)


class ConformanceJob:
    """One certificate at pkilint (`core.ports.Job`)."""

    def __init__(self, linting: ConformanceLinting, der: bytes) -> None:
        self._linting = linting
        self.der = der
        self.future: Future[tuple[Finding, ...]] = Future()

    def cancel(self) -> None:
        """Ask no longer; the future says "not run" then."""
        self._linting.cancel(self)
