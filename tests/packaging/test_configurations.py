"""What is configured and not built here says so, and names what the other systems' builders will look for."""

from __future__ import annotations

import plistlib
import subprocess
from pathlib import Path

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
FLATPAK = PACKAGING / "flatpak" / "io.github.trustdesk.trustdesk.yaml"
WINDOWS = PACKAGING / "windows" / "trustdesk.iss"
MACOS = PACKAGING / "macos" / "build.sh"
ENDINGS = ("pem", "crt", "cer", "der", "p12", "pfx", "p7b", "p10", "jks")


@pytest.mark.parametrize("file", [FLATPAK, WINDOWS, MACOS], ids=lambda file: file.parent.name)
def test_configuration_says_that_it_is_not_built_here(file: Path) -> None:
    assert (
        "CONFIGURED, NOT BUILT HERE"
        in file.read_text(encoding="utf-8").splitlines()[0 if file != MACOS else 1]
    )


@pytest.mark.parametrize("file", [WINDOWS, PACKAGING / "pyinstaller" / "trustdesk.spec"])
def test_every_kind_of_file_is_offered_there_too(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    assert [ending for ending in ENDINGS if f'"{ending}"' not in text and f'".{ending}"' not in text] == []


def test_shell_takes_the_script_of_macos() -> None:
    subprocess.run(["bash", "-n", MACOS], check=True)


def test_entitlements_are_a_property_list_and_give_one_thing_up() -> None:
    with (PACKAGING / "macos" / "entitlements.plist").open("rb") as stream:
        assert plistlib.load(stream) == {"com.apple.security.cs.allow-unsigned-executable-memory": True}


def test_sandbox_has_no_folder_of_the_person() -> None:
    permissions = [
        line.strip()
        for line in FLATPAK.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith("- --")
    ]

    assert not [one for one in permissions if "filesystem" in one]
    assert "- --talk-name=org.freedesktop.secrets" in permissions
