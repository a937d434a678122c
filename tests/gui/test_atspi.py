"""The window as a screen reader has it: another process reads and presses it through AT-SPI."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

READER = Path(__file__).parent.parent / "support" / "atspi_reader.py"
SYSTEM_PYTHON = "/usr/bin/python3"
WAIT_S = 40
KEPT_FROM_US = (
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "DBUS_SESSION_BUS_ADDRESS",
    "QT_QPA_PLATFORM",
    "AT_SPI_BUS_ADDRESS",
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="AT-SPI is how Linux does it")


@contextlib.contextmanager
def running(command: list[str], environ: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program for as long as the block does."""
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()
            if process.stdout is not None:
                process.stdout.close()
            process.wait(WAIT_S)


def first_line(process: subprocess.Popen[bytes]) -> str:
    """Return what a program says when it is ready."""
    assert process.stdout is not None
    line = process.stdout.readline().decode().strip()
    assert line, "it did not start"
    return line


def test_a_screen_reader_reads_presses_and_types(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir(mode=0o700)
    environ = {name: value for name, value in os.environ.items() if name not in KEPT_FROM_US}
    environ |= {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(run), "XDG_DATA_HOME": str(tmp_path / "data")}
    environ |= {"XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    xvfb = ["Xvfb", "-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"]
    bus = ["dbus-daemon", "--session", "--nofork", "--print-address=1"]
    window = [sys.executable, "-m", "trustdesk", "--workspace", str(tmp_path / "workspace")]
    with contextlib.ExitStack() as stack:
        screen = stack.enter_context(running(xvfb, environ))
        environ["DISPLAY"] = f":{first_line(screen)}"
        daemon = stack.enter_context(running(bus, environ))
        environ["DBUS_SESSION_BUS_ADDRESS"] = first_line(daemon)
        environ |= {"QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "LANGUAGE": "en"}
        stack.enter_context(running(window, environ))
        read = subprocess.run(
            [SYSTEM_PYTHON, str(READER)], env=environ, capture_output=True, timeout=WAIT_S, check=False
        )
    assert read.returncode == 0, read.stderr.decode()
    met = json.loads(read.stdout)
    assert met["typed"] == "1r.nordwind.example"
    assert met["Trust lists"] == "Ctrl+6"
    assert met["Parts of the page: Lists"] == "Trust lists"
    assert met["Test a partner …"]
