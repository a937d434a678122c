"""Where a workspace lies, as a person names it: a folder, or a database on a server."""

from __future__ import annotations

from pathlib import Path

import click

from trustdesk.core.database_url import DatabaseUrl, is_database_url
from trustdesk.core.message import msg
from trustdesk.services.wording import wording

PLACE_METAVAR = "DIR|URL"


class PlaceOfWorkspace(click.ParamType[Path | DatabaseUrl]):
    """A folder, or `postgresql://user@host:port/database` without a password in it."""

    name = "place"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path | DatabaseUrl:
        """Return the place.

        Raises:
            UnusableInputError: it is a URL that cannot be used; a password in it is not repeated.
        """
        if isinstance(value, Path | DatabaseUrl):
            return value
        if is_database_url(str(value)):
            return DatabaseUrl.parse(str(value))
        folder = Path(str(value))
        if folder.is_file():
            self.fail(wording().text(msg("{file} is a file, not a folder.", file=str(folder))), param, ctx)
        return folder
