"""Reports at the desk: what a face asks for to have one partner, or all of them, written into a file.

Nothing here blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a face is painted before the values are needed
    from trustdesk.core.diagnosis import Diagnosis
    from trustdesk.core.partner import Endpoint
    from trustdesk.core.ports import Job

ReportListener = Callable[[int, int], None]
"""Told, from another thread, how many steps are done, of how many."""


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """What came of it: the file; None when it was cancelled, and what was there before still is."""

    file: Path | None


class ReportDesk(Protocol):
    """Writes reports; the file's ending says in which form: .html, .pdf, .csv or .json.

    The futures fail with UnusableInputError for another ending, and with EnvironmentFailureError where the
    file cannot be written, or no PDF be made. Results are judged as the desk judges them when it begins.
    """

    def write_board(
        self, file: Path, endpoints: Sequence[Endpoint] | None, on_progress: ReportListener | None = None
    ) -> Job[WrittenReport]:
        """Write how endpoints stand, failing first; None for all of them."""
        ...

    def write_sheet(
        self,
        file: Path,
        partner: str,
        on_progress: ReportListener | None = None,
        *,
        endpoint_ids: Sequence[int] | None = None,
        diagnoses: Mapping[int, Diagnosis] | None = None,
    ) -> Job[WrittenReport]:
        """Write the review sheet of one partner, with a box to sign in.

        The future fails with UnusableInputError where there is no partner of this name.

        Args:
            endpoint_ids: of those to tell of; None for all of the partner's.
            diagnoses: that were run in this session, by the endpoint's id.
        """
        ...
