"""Reports of our own mistakes: nothing secret, bounded, one line on a terminal."""

from __future__ import annotations

import stat
import sys
import threading
from pathlib import Path

import pytest

from trustdesk.app import start
from trustdesk.app.crash_report import catch_crashes, crash_report, keep_report

SECRET = "MC4CAQAwBQYDK2VwBCIEIHbZb3X1Dq0QkN0mUFxQ8Zt3r5sB9o1v2w4y6A8C0E2G"
PEM = f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----"


def report_of(error: ValueError) -> str:
    try:
        raise error
    except ValueError as raised:
        return crash_report(type(raised), raised, raised.__traceback__)


def test_a_report_has_versions_and_the_traceback_and_no_key() -> None:
    report = report_of(ValueError(f"cannot read {PEM} in {Path.home()}/me.pem"))
    assert report.startswith("trustdesk ")
    assert "Python 3." in report
    assert "ValueError" in report
    assert SECRET not in report
    assert str(Path.home()) not in report or len(str(Path.home())) <= 1


def test_a_recursion_does_not_make_it_endless() -> None:
    assert len(report_of(ValueError("x " * 200_000))) < 70_000


def test_a_kept_report_is_the_persons_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    file = keep_report("words")
    assert file is not None
    assert file.read_text() == "words"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "not there"))
    assert keep_report("words") is None


def test_a_command_that_goes_wrong_says_so_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> int:
        raise RuntimeError(PEM)

    monkeypatch.setattr(start, "run", fail)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert start.main() == 3
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    (file,) = tmp_path.iterdir()
    assert str(file) in err
    assert SECRET not in file.read_text() + err


def test_exceptions_of_every_thread_are_told_once_and_the_hooks_go_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before: list[str] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_: before.append(kind.__name__))
    monkeypatch.setattr(threading, "excepthook", lambda crash: before.append(crash.exc_type.__name__))
    main, of_thread = sys.excepthook, threading.excepthook
    told: list[str] = []
    let_go = catch_crashes(told.append)
    for error in (KeyError("a"), KeyboardInterrupt()):
        sys.excepthook(type(error), error, None)

    def work() -> None:
        raise OSError("b")

    thread = threading.Thread(target=work, name="worker")
    thread.start()
    thread.join()
    let_go()
    assert before == ["KeyError", "KeyboardInterrupt", "OSError"]
    assert ["KeyError" in told[0], "thread worker" in told[1], len(told)] == [True, True, 2]
    assert (sys.excepthook, threading.excepthook) == (main, of_thread)
