"""Every page and dialog, light and dark, in three languages and two sizes, on a few big pictures to look at.

Runs with the project's own Python:
`PYTHONPATH=. python packaging/contact_sheet.py FOLDER [LANGUAGE …]`.
The data are those of the tests' desk: every probe ends at once, and nothing is connected to.
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from tests.support import samples
from tests.support.answering_desk import answering_desk
from trustdesk.gui.application import application
from trustdesk.gui.language import SETTING, set_language
from trustdesk.gui.theme.theme import ThemeMode, current_theme
from trustdesk.gui.tour import Scene, tour

LANGUAGES = ("en", "de", "ar")
SIZES = ((1000, 640), (1440, 900))
COLUMNS, ROWS, WIDTH, GAP = 3, 4, 960, 8


def draw(app: QApplication, language: str, size: tuple[int, int], mode: ThemeMode) -> list[QImage]:
    """Return the scenes of the tour in their order, each made as wide as a column."""
    with tempfile.TemporaryDirectory(prefix="trustdesk-contact-") as folder:
        settings = QSettings(str(Path(folder) / "window.ini"), QSettings.Format.IniFormat)
        settings.setValue(SETTING, language)
        set_language(app, settings)
    current_theme().apply(app)
    found: list[QImage] = []

    def keep(scene: Scene) -> None:
        image = scene.picture().toImage()
        found.append(image.scaledToWidth(WIDTH, Qt.TransformationMode.SmoothTransformation))

    endpoint = replace(samples.board_rows()[0].endpoint, identity="client-good")
    tour(answering_desk(), keep, handshake_target=endpoint, modes=(mode,), size=size, everything=True)
    return found


def sheet(images: list[QImage]) -> QImage:
    """Return the pictures side by side and below each other."""
    height = max(image.height() for image in images)
    rows = (len(images) + COLUMNS - 1) // COLUMNS
    big = QImage(COLUMNS * (WIDTH + GAP), rows * (height + GAP), QImage.Format.Format_RGB32)
    big.fill(Qt.GlobalColor.gray)
    painter = QPainter(big)
    for place, image in enumerate(images):
        row, column = divmod(place, COLUMNS)
        painter.drawImage(QPoint(column * (WIDTH + GAP), row * (height + GAP)), image)
    painter.end()
    return big


def main() -> int:
    """Write `<language>-<width>-<theme>-<number>.png` into the folder that is named."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    app = application()
    for language in sys.argv[2:] or LANGUAGES:
        for size in SIZES:
            for mode in (ThemeMode.LIGHT, ThemeMode.DARK):
                images = draw(app, language, size, mode)
                for number, start in enumerate(range(0, len(images), COLUMNS * ROWS), 1):
                    name = f"{language}-{size[0]}-{mode.value}-{number}.png"
                    sheet(images[start : start + COLUMNS * ROWS]).save(str(folder / name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
