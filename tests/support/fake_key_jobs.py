"""Jobs of a key store that a test ends, or that are done at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from trustdesk.core.errors import (
    CancelledByPersonError,
    TrustdeskError,
)

T = TypeVar("T")


class FakeKeyJob(Generic[T]):
    """A job that is done at once, or, while its desk `waits`, when the test says `finish` or `fail`.

    Attributes:
        name: of the method that began it.
        arguments: what it was given.
        can_be_cancelled: whether it is before its point of no return.
    """

    def __init__(self, name: str, arguments: dict[str, Any], work: Callable[[], T]) -> None:
        self.name, self.arguments = name, arguments
        self.future: Future[T] = Future()
        self.cancelled = False
        self.can_be_cancelled = True
        self._work = work

    def finish(self) -> None:
        """Do it now."""
        try:
            self.future.set_result(self._work())
        except TrustdeskError as error:
            self.future.set_exception(error)

    def fail(self, error: TrustdeskError) -> None:
        """Let it fail."""
        self.future.set_exception(error)

    def cancel(self) -> None:
        self.cancelled = True
        if self.can_be_cancelled and not self.future.done():
            self.future.set_exception(CancelledByPersonError())


@dataclass
class Answers:
    """How both desks answer.

    Attributes:
        failure: raised by every question and job while it is set.
        waits: whether jobs stay open until the test ends them.
        jobs: all that were begun, in their order.
    """

    failure: TrustdeskError | None = None
    waits: bool = False
    jobs: list[FakeKeyJob[Any]] = field(default_factory=list)

    def answer(self, work: Callable[[], T]) -> Future[T]:
        """A future that is done."""
        future: Future[T] = Future()
        try:
            if self.failure is not None:
                raise self.failure
            future.set_result(work())
        except TrustdeskError as error:
            future.set_exception(error)
        return future

    def job(self, called: str, work: Callable[[], T], /, **arguments: Any) -> FakeKeyJob[T]:
        """A job that was begun."""
        begun = FakeKeyJob(called, arguments, work)
        self.jobs.append(begun)
        if self.failure is not None:
            begun.fail(self.failure)
        elif not self.waits:
            begun.finish()
        return begun
