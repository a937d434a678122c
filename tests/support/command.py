"""Runs a command as a person would, without a window: in this process, or in one of its own."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trustdesk.app.printing import QtPdfPrinter
from trustdesk.cli.context import Faces
from trustdesk.cli.main import run
from trustdesk.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """Standard output as the one JSON document that it must be."""
        document = json.loads(self.out)
        assert isinstance(document, dict)
        return document


class NoShots:
    """A window that draws nothing."""

    def save(self, desk: Desk, folder: Path) -> tuple[Path, ...]:
        """Draw nothing."""
        return ()


def no_window(*_: object) -> int:
    """Fail: no command under test opens a window."""
    message = "a window was opened"
    raise AssertionError(message)


FACES = Faces(
    open_window=no_window,
    open_demo_window=no_window,
    run_smoke=no_window,
    has_display=lambda: False,
    window_shots=NoShots(),
    pdf_printer=QtPdfPrinter(),
)


def trustdesk(*arguments: object) -> Ran:
    """Run `trustdesk …` and return its exit status and what it printed."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = run([str(argument) for argument in arguments], FACES)
    return Ran(status, out.getvalue(), err.getvalue())


def trustdesk_apart(environ: Mapping[str, str], *arguments: object) -> Ran:
    """Run `trustdesk …` as a program of its own, which takes a second of the processor to start."""
    command = [sys.executable, "-m", "trustdesk", *map(str, arguments)]
    ran = subprocess.run(command, check=False, capture_output=True, text=True, env=environ, timeout=60)
    return Ran(ran.returncode, ran.stdout, ran.stderr)
