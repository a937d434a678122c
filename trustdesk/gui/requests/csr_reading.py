"""Reading requests from files that a person chose or dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from trustdesk.core.errors import TrustdeskError, UnusableInputError
from trustdesk.core.inspection import CsrFacts, Inspection
from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk
from trustdesk.services.desk_values import PastedData


def ask_request_file(parent: QWidget) -> Path | None:
    """Ask for a request's file; None when the person thinks better of it."""
    name, _kind = QFileDialog.getOpenFileName(
        parent, say(msg("Certificate request")), "", "*.csr *.req *.p10 *.pem *.der *.txt;;*"
    )
    return Path(name) if name else None


def read_requests(
    bridge: Bridge,
    desk: Desk,
    sources: Sequence[Path | PastedData],
    on_found: Callable[[tuple[CsrFacts, ...]], None],
    on_error: Callable[[TrustdeskError], None],
) -> None:
    """Read the requests in sources; there is at least one, or an error."""

    def take(found: Inspection) -> None:
        requests = tuple(item.csr for item in found.items if item.csr is not None)
        if requests:
            on_found(requests)
            return
        place = None if not sources else _name(sources[0])
        problem = next(
            (problem for item in found.items for problem in item.problems),
            next(iter(found.problems), msg("There is no certificate request in it.")),
        )
        remedy = msg("Choose a PKCS#10 request: PEM begins with BEGIN CERTIFICATE REQUEST.")
        on_error(UnusableInputError(problem, remedy=remedy, place=place))

    bridge.when_done(desk.inspect(sources), take, on_error)


class LatestReading:
    """Reads a file at a time: what comes of one that another followed is dropped."""

    def __init__(self, bridge: Bridge, desk: Desk) -> None:
        self._bridge, self._desk = bridge, desk
        self._number = 0

    def forget(self) -> None:
        """Want nothing any more of what is being read."""
        self._number += 1

    def read(
        self,
        file: Path,
        on_found: Callable[[tuple[CsrFacts, ...]], None],
        on_error: Callable[[TrustdeskError], None],
    ) -> None:
        """Read the requests in a file; there is at least one, or an error."""
        self.forget()
        number = self._number

        def found(requests: tuple[CsrFacts, ...]) -> None:
            if number == self._number:
                on_found(requests)

        def failed(error: TrustdeskError) -> None:
            if number == self._number:
                on_error(error)

        read_requests(self._bridge, self._desk, [file], found, failed)


def _name(source: Path | PastedData) -> str:
    return source.name if isinstance(source, PastedData) else str(source)
