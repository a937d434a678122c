"""Whether a folder is a good place for a file with a private key."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from trustdesk.core.message import Message, msg

# What the programs call the folder that they copy elsewhere, by their manuals; compared without case.
_SYNCED = {
    "dropbox": "Dropbox",
    "onedrive": "OneDrive",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "icloud drive": "iCloud",
    "iclouddrive": "iCloud",
    "com~apple~clouddocs": "iCloud",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "box": "Box",
    "box sync": "Box",
    "pclouddrive": "pCloud",
    "pcloud drive": "pCloud",
    "megasync": "MEGA",
    "seafile": "Seafile",
    "synologydrive": "Synology Drive",
    "tresorit": "Tresorit",
    "cloudstorage": "CloudStorage",
}
_PREFIXES = {"onedrive - ": "OneDrive", "dropbox (": "Dropbox", "onedrive-": "OneDrive"}
# What they leave in the folder.
_MARKED_BY_FILE = {".dropbox": "Dropbox"}
"""Folders of these names are where the program keeps its own settings, in the home folder."""

_MARKS = {
    ".stfolder": "Syncthing",
    ".dropbox.cache": "Dropbox",
    ".owncloudsync.log": "ownCloud",
    ".nextcloudsync.log": "Nextcloud",
    ".sync": "Resilio Sync",
}


def warnings_of(folder: Path) -> tuple[Message, ...]:
    """Return what a person should know before a private key lies in that folder; empty when all is well."""
    place = folder.absolute()
    found: list[Message] = []
    if os.name == "posix" and _is_open_to_others(place):
        found.append(
            msg(
                "Other users of this computer can list the folder {folder}; the file is yours alone.",
                folder=str(folder),
            )
        )
    found += [
        msg(
            "The folder is copied elsewhere by {program}: the file leaves this computer with it.",
            program=program,
        )
        for program in dict.fromkeys(_synced_by(place))
    ]
    return tuple(found)


def _is_open_to_others(place: Path) -> bool:
    """Whether others can come to the folder and read it."""
    try:
        mode = place.stat().st_mode
        return bool(mode & stat.S_IROTH) and all(
            one.stat().st_mode & stat.S_IXOTH for one in (place, *place.parents)
        )
    except OSError:
        return False


def _synced_by(place: Path) -> Iterator[str]:
    # Also where a link leads: Google Drive and OneDrive lie behind links on a Mac.
    for folder in {*_with_parents(place), *_with_parents(place.resolve())}:
        name = folder.name.casefold()
        if name in _SYNCED:
            yield _SYNCED[name]
        yield from (program for prefix, program in _PREFIXES.items() if name.startswith(prefix))
        yield from (program for mark, program in _MARKS.items() if _is_there((folder / mark).exists))
        yield from (
            program for mark, program in _MARKED_BY_FILE.items() if _is_there((folder / mark).is_file)
        )


def _with_parents(place: Path) -> tuple[Path, ...]:
    return (place, *place.parents)


def _is_there(look: Callable[[], bool]) -> bool:
    try:
        return look()
    except OSError:
        return False
