"""The demo without a display: a table, a report, status 0, and nothing left behind."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.support.command import trustdesk


def test_it_prints_the_table_writes_the_report_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "temporary"
    own.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(own))
    ran = trustdesk("demo", "--headless", "--output", tmp_path / "out")
    assert ran.status == 0
    assert "Nordwind Cargo" in ran.out
    assert "failed" in ran.out
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Nordwind Cargo" in report
    assert "<script" not in report
    assert list(own.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_said_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = trustdesk("demo", "--headless", "--output", tmp_path / "file" / "out")
    assert ran.status == 3
    assert "--output" in ran.err
    assert ran.out == ""
