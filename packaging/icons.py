"""The application's icon in the sizes and containers of each system, drawn from its SVG at build time.

`dev.py build` runs it in the environment that builds: `python packaging/icons.py SVG TARGET` writes
`hicolor/…`, `trustdesk.ico` (Windows) and `trustdesk.icns` (macOS) into the folder TARGET.
"""

from __future__ import annotations

import os
import shutil
import struct
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

NAME = "trustdesk"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
_ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
_ICNS_KINDS = {16: b"icp4", 32: b"icp5", 64: b"icp6", 128: b"ic07", 256: b"ic08", 512: b"ic09"}


def main(svg: Path, target: Path) -> None:
    """Write all forms of the icon."""
    pictures = {size: drawn(svg, size) for size in SIZES}
    for size, picture in pictures.items():
        file = target / "hicolor" / f"{size}x{size}" / "apps" / f"{NAME}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(picture)
    scalable = target / "hicolor" / "scalable" / "apps" / f"{NAME}.svg"
    scalable.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(svg, scalable)
    (target / f"{NAME}.ico").write_bytes(ico({size: pictures[size] for size in _ICO_SIZES}))
    (target / f"{NAME}.icns").write_bytes(icns(pictures))


def drawn(svg: Path, size: int) -> bytes:
    """Return a PNG of a side of `size` pixels, with the corners transparent.

    Raises:
        ValueError: the file is no SVG.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QIODevice, Qt
    from PySide6.QtGui import QImage, QImageWriter, QPainter
    from PySide6.QtSvg import QSvgRenderer

    try:
        ET.parse(svg)  # Qt says what is wrong with a file on standard error, and goes on
    except ET.ParseError as error:
        raise ValueError(f"{svg} is no SVG: {error}") from None
    renderer = QSvgRenderer(str(svg))
    if not renderer.isValid():
        raise ValueError(f"{svg} is no SVG that Qt can draw")
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"png").write(image)
    return bytes(buffer.data().data())


def ico(pictures: dict[int, bytes]) -> bytes:
    """Return Windows' container of PNGs by size. Source: Windows' ICONDIR and ICONDIRENTRY structures."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    place = len(head) + 16 * len(pictures)
    entries, content = b"", b""
    for size, picture in pictures.items():
        side = size % 256  # 256 is written as 0
        entries += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(picture), place + len(content))
        content += picture
    return head + entries + content


def icns(pictures: dict[int, bytes]) -> bytes:
    """Return Apple's container of PNGs by size: kind, length with these eight octets, picture."""
    parts = b"".join(
        kind + struct.pack(">I", len(pictures[size]) + 8) + pictures[size]
        for size, kind in _ICNS_KINDS.items()
    )
    return b"icns" + struct.pack(">I", len(parts) + 8) + parts


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
