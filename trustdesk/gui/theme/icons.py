"""Line icons: one SVG source each, drawn in a colour of the theme, at the pixel ratio of the screen."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap, QTransform
from PySide6.QtSvg import QSvgRenderer

from trustdesk.storage.resources import resource_folder

_DIRECTIONAL = frozenset({"arrow-right", "chevron-right", "chevron-left", "run", "external", "send"})
_THIN = 'stroke-width="1.8"'
_SMALL = 16
"""Icons up to this size are drawn with a stroke of 2 on the grid of 24, so that they stay readable."""


def icon(name: str, color: str, size: int) -> QIcon:
    """Return an icon for the ratios 1 and 2; `color` is `#RRGGBB`, `size` in pixels of the layout."""
    made = QIcon()
    for ratio in (1.0, 2.0):
        made.addPixmap(pixmap(name, color, size, ratio))
    return made


def pixmap(name: str, color: str, size: int, ratio: float) -> QPixmap:
    """Return an icon as picture, tagged with its ratio; treat it as read-only.

    Directional icons are mirrored where the language runs from right to left.

    Raises:
        KeyError: there is no icon of that name.
    """
    mirrored = name in _DIRECTIONAL and QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
    return _draw(name, color, size, ratio, mirrored)


@cache
def _draw(name: str, color: str, size: int, ratio: float, mirrored: bool) -> QPixmap:
    source = _source(name).replace("currentColor", color)
    if size <= _SMALL:
        source = source.replace(_THIN, 'stroke-width="2"')
    pixels = round(size * ratio)
    picture = QPixmap(pixels, pixels)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    if mirrored:
        picture = picture.transformed(QTransform.fromScale(-1, 1))
    picture.setDevicePixelRatio(ratio)
    return picture


@cache
def _source(name: str) -> str:
    file = resource_folder() / "icons" / f"{name}.svg"
    if not file.is_file():
        raise KeyError(name)
    return file.read_text(encoding="utf-8")
