"""What desktops read: valid, and every kind of file that the Inspector is for is offered to it."""

from __future__ import annotations

import configparser
import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from lxml import etree
from PySide6.QtCore import QMimeDatabase
from PySide6.QtGui import QImage

import debian
import icons
from trustdesk import __version__

DESKTOP = Path(__file__).resolve().parents[2] / "resources" / "desktop"
ENTRY = DESKTOP / "trustdesk.desktop"
METAINFO = DESKTOP / debian.METAINFO
ENDINGS = ("pem", "crt", "cer", "der", "p12", "pfx", "p7b", "p10", "jks")


def entry() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(ENTRY, encoding="utf-8")
    return parser["Desktop Entry"]


@pytest.mark.parametrize(
    ("program", "arguments", "file"),
    [
        ("desktop-file-validate", [], ENTRY),
        ("appstreamcli", ["validate", "--no-net", "--strict"], METAINFO),
    ],
)
def test_validator_has_no_complaint(program: str, arguments: list[str], file: Path) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed here; packaging/dev.py test installs it on Debian")

    ran = subprocess.run([program, *arguments, file], capture_output=True, text=True, check=False)

    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, said
    assert not {"hint", "warning", "error", "I:", "W:", "E:"} & set(said.replace("hint:", "hint ").split()), (
        said
    )


@pytest.mark.parametrize("ending", ENDINGS)
def test_desktop_offers_the_program_for_files_that_end_in(ending: str) -> None:
    offered = set(entry()["MimeType"].split(";"))

    kind = QMimeDatabase().mimeTypeForFile(f"file.{ending}", QMimeDatabase.MatchMode.MatchExtension)

    assert offered & {kind.name(), *kind.aliases()}, kind.name()


def test_version_is_released_in_the_metainfo() -> None:
    releases = etree.parse(METAINFO).iterfind("releases/release")

    assert __version__ in {release.get("version") for release in releases}


def test_metainfo_offers_no_kind_of_file_that_the_menu_entry_does_not() -> None:
    kinds = {str(one.text) for one in etree.parse(METAINFO).iterfind("provides/mediatype")}

    assert kinds <= set(entry()["MimeType"].split(";"))


def test_icon_is_drawn_in_every_size_and_container(tmp_path: Path) -> None:
    icons.main(DESKTOP / "trustdesk.svg", tmp_path)

    for size in icons.SIZES:
        picture = QImage(str(tmp_path / "hicolor" / f"{size}x{size}" / "apps" / "trustdesk.png"))
        assert (picture.width(), picture.height()) == (size, size)
        assert picture.pixelColor(0, 0).alpha() == 0
        assert picture.pixelColor(size // 8, size // 2).name() == "#1d5bbf"
    icns = (tmp_path / "trustdesk.icns").read_bytes()
    assert icns[:4] == b"icns"
    assert struct.unpack(">I", icns[4:8]) == (len(icns),)
    windows = QImage(str(tmp_path / "trustdesk.ico"))
    assert not windows.isNull()


def test_drawing_that_is_no_svg_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.svg").write_text("no picture")

    with pytest.raises(ValueError, match="no SVG"):
        icons.drawn(tmp_path / "broken.svg", 16)
