"""The pictures of the handbook and of the README, drawn from the demo without a display.

Runs with the project's own Python. The demo makes its own PKI each time, so serial numbers and days differ
from one run to the next; what the pictures show does not.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "resources" / "handbook" / "pictures"
WANTED = {
    "overview": "overview",
    "partners": "diagnosis",
    "handshake": "handshake",
    "inspector": "inspector",
    "identities": "identities",
    "trust-lists": "trust-lists-compare",
}
"""Pictures of the handbook, and the demo's that each is made from."""
WIDTH = 1080
COLOURS = 256
NEAR = 10


def few_colours(image: QImage) -> QImage:
    """Return the picture in the 256 of its colours that are seen most; nobody sees the others missing."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = memoryview(plain.constBits()).cast("I")
    most = [colour for colour, _count in Counter(pixels).most_common(COLOURS * 6)]
    table: list[int] = []
    # Neighbours of a colour that is there already give way to one that is seen less and is not like any.
    for colour in most:
        if all(_apart(colour, other) > NEAR for other in table):
            table.append(colour)
        if len(table) == COLOURS:
            break
    return plain.convertToFormat(QImage.Format.Format_Indexed8, table, Qt.ImageConversionFlag.ThresholdDither)


def _apart(one: int, other: int) -> int:
    return sum(abs((one >> shift & 255) - (other >> shift & 255)) for shift in (0, 8, 16))


def main() -> int:
    """Run the demo, and make its pictures small: 1,080 pixels wide, 256 colours."""
    app = QGuiApplication([])
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="trustdesk-screenshots-") as folder:
        command = [sys.executable, "-P", "-m", "trustdesk", "demo", "--headless", "--output", folder]
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "LANGUAGE": "en"}
        done = subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, check=False)
        if done.returncode not in {0, 1}:
            return done.returncode
        for name, source in WANTED.items():
            for theme, ending in (("light", ""), ("dark", "-dark")):
                image = QImage(str(Path(folder, f"{source}-{theme}.png")))
                if image.isNull():
                    print(f"The demo drew no {source}-{theme}.png.", file=sys.stderr)
                    return 1
                small = image.scaledToWidth(WIDTH, Qt.TransformationMode.SmoothTransformation)
                flat = few_colours(small)
                file = PICTURES / f"{name}{ending}.png"
                if not flat.save(str(file), None, 0):
                    print(f"{file} cannot be written.", file=sys.stderr)
                    return 1
    del app
    return 0


if __name__ == "__main__":
    sys.exit(main())
