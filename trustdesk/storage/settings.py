"""What an office has agreed on for its workspace, kept as one document."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from concurrent.futures import Future
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, insert, select

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.core.workspace_settings import WorkspaceSettings
from trustdesk.formats.json_text import compact_json
from trustdesk.formats.records import value_converter
from trustdesk.storage.schema import settings
from trustdesk.storage.workspace import Workspace

if TYPE_CHECKING:
    from cattrs import Converter

_NAME = "workspace"
_MAX_DAYS = 36_500
_MAX_REPORTS = 10_000

_log = logging.getLogger(__name__)


class SettingsStore:
    """The settings of one workspace. Every answer is a future of the workspace's thread."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def read(self) -> Future[WorkspaceSettings]:
        """The settings; what holds until somebody chooses where nobody has, or where they are damaged."""
        return self._workspace.submit(read_settings, reading=True)

    def change(self, changed: Callable[[WorkspaceSettings], WorkspaceSettings]) -> Future[WorkspaceSettings]:
        """Change the settings as they are at that moment, so that of two programs none undoes the other's.

        The future raises UnusableInputError where a value is out of its range; nothing is changed then.

        Args:
            changed: makes the new settings of those that stand; runs on the workspace's thread.
        """

        def work(connection: Connection) -> WorkspaceSettings:
            new = changed(read_settings(connection))
            _see_that_it_fits(new)
            connection.execute(delete(settings).where(settings.c.name == _NAME))
            document = compact_json(_converter().unstructure(new))
            connection.execute(insert(settings).values(name=_NAME, document=document))
            return new

        return self._workspace.submit(work, durable=True)

    def write(self, new: WorkspaceSettings) -> Future[WorkspaceSettings]:
        """Keep these settings, whatever stands there; see `change`."""
        return self.change(lambda _now: new)


def read_settings(connection: Connection) -> WorkspaceSettings:
    """Return the settings in the transaction of a connection."""
    text = connection.execute(
        select(settings.c.document).where(settings.c.name == _NAME)
    ).scalar_one_or_none()
    if text is None:
        return WorkspaceSettings()
    try:
        kept = _converter().structure(_object(text), WorkspaceSettings)
        _see_that_it_fits(kept)
    except (ValueError, TypeError, KeyError, AttributeError, UnusableInputError):
        _log.warning("the settings of the workspace are damaged; what holds without them is used")
        return WorkspaceSettings()
    return kept


def _object(text: str) -> dict[str, object]:
    document = json.loads(text)
    if not isinstance(document, dict):
        raise TypeError
    return document


def _see_that_it_fits(new: WorkspaceSettings) -> None:
    limits = new.thresholds
    for value, least, most, what in (
        (new.keep_days, 1, _MAX_DAYS, msg("Days that observations are kept")),
        (new.full_reports, 1, _MAX_REPORTS, msg("Whole reports kept of each endpoint")),
        (new.due_after_hours, 1, 24 * _MAX_DAYS, msg("Hours after which an endpoint is due")),
        (limits.warn_days, 1, _MAX_DAYS, msg("Days of the first warning")),
        (limits.urgent_days, 0, limits.warn_days, msg("Days of the urgent warning")),
        (limits.warn_per_cent, 1, 100, msg("Per cent of the first warning")),
        (limits.urgent_per_cent, 0, limits.warn_per_cent, msg("Per cent of the urgent warning")),
        (limits.short_lived_days, 0, _MAX_DAYS, msg("Days of a short-lived certificate")),
    ):
        if value is not None and not least <= value <= most:
            raise _out_of_range(what, value, least, most)


def _out_of_range(what: Message, value: int, least: int, most: int) -> UnusableInputError:
    return UnusableInputError(
        msg("{setting}: {value} is out of range.", setting=what, value=value),
        remedy=msg("Choose a number from {least} to {most}.", least=least, most=most),
    )


@cache
def _converter() -> Converter:
    return value_converter()
