"""Pictures of the pages without a display: for the demo, and for looking at what was built."""

from __future__ import annotations

from pathlib import Path

from trustdesk.core.partner import Endpoint
from trustdesk.gui.application import application
from trustdesk.gui.language import set_language
from trustdesk.gui.tour import SIZE, Scene, tour
from trustdesk.services.desk import Desk


def save_shots(
    desk: Desk, folder: Path, *, handshake_target: Endpoint | None = None, size: tuple[int, int] = SIZE
) -> tuple[Path, ...]:
    """Draw the pages with the desk's data, light and dark, into PNG files of `folder`.

    They speak the desktop's language.

    Args:
        desk: stays open.
        folder: must exist.
        handshake_target: see `tour`.
        size: of the window, in pixels.

    Returns:
        The files, `<page>-<theme>.png`. What does not come within 20 s is missing from the picture.
    """
    files: dict[str, list[Path]] = {}

    def save(scene: Scene) -> None:
        file = folder / f"{scene.name}-{scene.mode.value}.png"
        scene.picture().save(str(file), "PNG")
        files.setdefault(scene.name, []).append(file)

    set_language(application(), None)
    tour(desk, save, handshake_target=handshake_target, size=size)
    return tuple(file for both in files.values() for file in both)
