"""--smoke: that it says what is missing, and what is there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from trustdesk.app import smoke
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.storage import resources


def test_missing_module_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(smoke.KEYRING_BACKENDS, sys.platform, "keyring.backends.gone")
    monkeypatch.setattr("pkgutil.walk_packages", lambda *_arguments: ())

    with pytest.raises(EnvironmentFailureError) as failure:
        list(smoke._modules())

    assert "keyring.backends.gone" in str(dict(failure.value.problem.params))


def test_missing_resource_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(resources, "resource_folder", lambda: tmp_path)

    with pytest.raises(EnvironmentFailureError) as failure:
        list(smoke._resources())

    assert "icons/logo.svg" in str(dict(failure.value.problem.params))


def test_translation_that_was_not_compiled_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in smoke._RESOURCES:
        (tmp_path / name).mkdir(parents=True)
    source = tmp_path / "translations" / "de" / "LC_MESSAGES" / "trustdesk.po"
    source.parent.mkdir(parents=True)
    source.write_text("")
    monkeypatch.setattr(resources, "resource_folder", lambda: tmp_path)

    with pytest.raises(EnvironmentFailureError) as failure:
        list(smoke._resources())

    assert "translations: de" in str(dict(failure.value.problem.params))


@pytest.mark.exhaustive
def test_every_part_of_this_checkout_is_there() -> None:
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}

    ran = subprocess.run(
        [sys.executable, "-m", "trustdesk", "--smoke"],
        capture_output=True,
        text=True,
        env=environ,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    assert "window on offscreen" in ran.stdout
    assert "kinds of processes" in ran.stdout
