"""What the self-test asks of Qt: its plug-ins, its drawing of text, and the display."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6 import __version__ as binding_version
from PySide6.QtCore import QCoreApplication, QLibraryInfo, qVersion
from PySide6.QtGui import QFontDatabase, QFontMetrics, QGuiApplication, QImageReader

from trustdesk.core.finding import FindingStatus
from trustdesk.core.message import msg
from trustdesk.core.self_check import SelfCheck

_WANTED_SCRIPTS = (
    (QFontDatabase.WritingSystem.Arabic, "العربية"),
    (QFontDatabase.WritingSystem.SimplifiedChinese, "简体中文"),
)
"""Languages of the window whose letters a plain system often lacks, each by its own name."""


def window_checks() -> Iterator[SelfCheck]:
    """Look at Qt; needs the application of this process."""
    yield _plugins()
    yield _fonts()


def _plugins() -> SelfCheck:
    title = msg("Qt")
    readable = {bytes(one.data()).decode() for one in QImageReader.supportedImageFormats()}
    if "svg" not in readable:
        return SelfCheck(
            name="qt",
            title=title,
            status=FindingStatus.FAIL,
            found=msg(
                "Qt {version} does not find its plug-in for SVG: icons are missing.", version=qVersion()
            ),
            remedy=msg("Install trustdesk again with all that it depends on."),
        )
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
    return SelfCheck(
        name="qt",
        title=title,
        status=FindingStatus.PASS,
        found=msg(
            "Qt {version} (PySide6 {binding}) draws through {platform}; plug-ins: {folder}.",
            version=qVersion(),
            binding=binding_version,
            platform=QGuiApplication.platformName(),
            folder=str(folder if folder.is_dir() else QCoreApplication.libraryPaths()[:1]),
        ),
    )


def _fonts() -> SelfCheck:
    title = msg("Fonts")
    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    metrics = QFontMetrics(fixed)
    families = QFontDatabase.families()
    if not families:
        return SelfCheck(
            name="fonts",
            title=title,
            status=FindingStatus.FAIL,
            found=msg("The system has no fonts: no text can be read."),
            remedy=msg("Install a font, DejaVu for example."),
            command="apt-get install fonts-dejavu-core",
        )
    missing = [name for script, name in _WANTED_SCRIPTS if not QFontDatabase.families(script)]
    if missing:
        return SelfCheck(
            name="fonts",
            title=title,
            status=FindingStatus.WARN,
            found=msg("No font has the letters of {languages}.", languages=", ".join(missing)),
            remedy=msg("Install one if you read that language, or meet names in it."),
            command="apt-get install fonts-noto-core fonts-noto-cjk",
        )
    if metrics.horizontalAdvance("i") != metrics.horizontalAdvance("m"):
        return SelfCheck(
            name="fonts",
            title=title,
            status=FindingStatus.WARN,
            found=msg("The system's fixed font has letters of different widths."),
            remedy=msg("Install one, DejaVu Sans Mono for example."),
            command="apt-get install fonts-dejavu-core",
        )
    return SelfCheck(
        name="fonts",
        title=title,
        status=FindingStatus.PASS,
        found=msg("{count} font families, all scripts of the window among them.", count=len(families)),
    )
