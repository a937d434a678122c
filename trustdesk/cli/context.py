"""What the commands need from the composition, and what all of them share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from trustdesk.services.desk import Desk
from trustdesk.storage.places import WorkspacePlace

if TYPE_CHECKING:
    from trustdesk.core.ports import PdfPrinter
    from trustdesk.core.self_check import SelfCheck


class WindowShots(Protocol):
    """Draws the pages of the window into pictures, for the demo without a display."""

    def save(self, desk: Desk, folder: Path) -> tuple[Path, ...]:
        """Write PNGs of the pages into `folder`, light and dark; return their paths.

        Raises:
            EnvironmentFailureError: Qt cannot draw on this machine; the remedy names what is missing.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Faces:
    """What `app` puts behind the commands.

    Attributes:
        open_window: opens the window on a workspace (None for the person's own) and these files in it, runs
            until it is closed, returns the exit status.
        open_demo_window: the same on the demo.
        run_smoke: uses every part of this installation once, prints what is there, returns the exit status;
            raises `EnvironmentFailureError` where something is missing.
        has_display: whether a window can be shown here.
        window_shots: draws the window's pages for the demo without a display.
        pdf_printer: prints reports.
        window_checks: looks at Qt, its plug-ins and the fonts, for the self-test.
    """

    open_window: Callable[[WorkspacePlace | None, Sequence[Path]], int]
    open_demo_window: Callable[[], int]
    run_smoke: Callable[[], int]
    has_display: Callable[[], bool]
    window_shots: WindowShots
    pdf_printer: PdfPrinter
    window_checks: Callable[[], Iterable[SelfCheck]] = tuple
