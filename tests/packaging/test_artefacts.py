"""Artefacts: the same octets for the same content, and checksums that sha256sum reads."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import artefacts


def test_folder_packs_to_the_same_octets_whenever_it_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    archives = []
    for name in ("first", "second"):
        bundle, dist = tmp_path / name / "bundle", tmp_path / name / "dist"
        bundle.mkdir(parents=True)
        dist.mkdir()
        for file in ("b", "a") if name == "second" else ("a", "b"):
            (bundle / file).write_text(file)
        (bundle / "link").symlink_to("a")
        archives.append(artefacts.pack_bundle(bundle, dist, "1.0").read_bytes())

    assert archives[0] == archives[1]


def test_checksums_are_those_that_sha256sum_checks(tmp_path: Path) -> None:
    (tmp_path / "one.whl").write_bytes(b"one")
    (tmp_path / "two.deb").write_bytes(b"two")
    artefacts.write_checksums(tmp_path)

    text = artefacts.write_checksums(tmp_path).read_text()

    assert [line.split("  ")[1] for line in text.splitlines()] == ["one.whl", "two.deb"]
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=tmp_path, check=True)


def test_nothing_of_the_checkout_is_on_the_path_of_what_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere")

    assert "PYTHONPATH" not in artefacts.environ()


def test_program_that_is_not_whole_fails_the_build() -> None:
    with pytest.raises(artefacts.BuildFailedError, match="bundle"):
        artefacts.smoke(["false"], "bundle")
