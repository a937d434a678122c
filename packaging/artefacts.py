"""What goes out: wheel, source archive, the program in one folder, `.deb`, their contents and checksums.

Standard library only; `dev.py build` calls it. Everything is built in `.venv-build`, which holds the wheel
just built, its locked dependencies, PyInstaller and CycloneDX, and nothing of this checkout. Every artefact
runs `trustdesk --smoke` before it counts as built.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import platform
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from apt_packages import run

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "packaging" / "build.lock"
VENV = ROOT / ".venv-build"
WORK = ROOT / "build"
NAME = "trustdesk"
WINDOWS = sys.platform == "win32"


class BuildFailedError(Exception):
    """An artefact could not be built, or is not whole; the text says which."""


def source_date() -> str:
    """Return the instant that artefacts carry, in seconds: the commit's, or a fixed one outside git."""
    commit = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    return os.environ.get("SOURCE_DATE_EPOCH") or commit or "1767225600"


def version_of(wheel: Path) -> str:
    """Return the version in a wheel's file name."""
    return wheel.name.split("-")[1]


def program(name: str) -> Path:
    """Return where the environment that builds has a program."""
    return VENV / ("Scripts" if WINDOWS else "bin") / (f"{name}.exe" if WINDOWS else name)


def environ() -> dict[str, str]:
    """Return the environment of what is started here: nothing of this checkout on Python's path."""
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    return {**kept, "SOURCE_DATE_EPOCH": source_date(), "PYTHONHASHSEED": "0"}


def make_environment(wheel: Path) -> None:
    """Make `.venv-build` hold the locked packages, once for each state of the lock, and this wheel.

    Raises:
        BuildFailedError: it could not be made.
    """
    stamp = VENV / "built-from"
    wanted = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        _step([sys.executable, "-m", "venv", "--clear", VENV], "the environment that builds")
        locked: list[str | Path] = [
            "--require-hashes",
            "--only-binary",
            ":all:",
            "--no-deps",
            "--requirement",
            LOCK,
        ]
        _step([*_pip(), *locked], "the locked packages")
        stamp.write_text(wanted)
    _step([*_pip(), "--no-deps", "--force-reinstall", wheel], "the wheel in it")


def check_wheel(dist: Path) -> None:
    """See that the installed wheel is whole, and that the source archive makes the very same one.

    Raises:
        BuildFailedError: they are not.
    """
    smoke([program(NAME)], "wheel")
    (wheel,), (source,) = dist.glob("*.whl"), dist.glob("*.tar.gz")
    with tempfile.TemporaryDirectory(prefix="trustdesk-sdist-") as folder:
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
        (tree,) = Path(folder).iterdir()
        made = tree / "made"
        _step([program("python"), "-m", "hatchling", "build", "--target", "wheel", "--directory", made],
              "the source archive's wheel", tree)  # fmt: skip
        if (made / wheel.name).read_bytes() != wheel.read_bytes():
            raise BuildFailedError(f"{source.name} makes another wheel than the checkout.")


def make_icons() -> Path:
    """Draw the application's icon in all sizes and containers; return their folder."""
    icons = WORK / "icons"
    script, svg = ROOT / "packaging" / "icons.py", ROOT / "resources" / "desktop" / f"{NAME}.svg"
    _step([program("python"), "-P", script, svg, icons], "icons")
    return icons


def make_bundle() -> Path:
    """Build the program with all that it needs into one folder; return it.

    Raises:
        BuildFailedError: PyInstaller failed, or what it made is not whole.
    """
    spec = ROOT / "packaging" / "pyinstaller" / "trustdesk.spec"
    places: list[str | Path] = ["--distpath", WORK, "--workpath", WORK / "pyinstaller"]
    _step(
        [program("pyinstaller"), "--noconfirm", "--log-level", "WARN", *places, spec],
        "the program in one folder",
    )
    bundle = WORK / NAME
    smoke([bundle / (f"{NAME}.exe" if WINDOWS else NAME)], "bundle")
    return bundle


def pack_bundle(bundle: Path, dist: Path, version: str) -> Path:
    """Write the folder as an archive into `dist`, with the same octets for the same content; return it."""
    archive = dist / f"{NAME}-{version}-{sys.platform}-{platform.machine().lower()}.tar.gz"
    when = int(source_date())

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.mtime, member.uid, member.gid, member.uname, member.gname = when, 0, 0, "", ""
        return member

    with (
        archive.open("wb") as raw,
        gzip.GzipFile("", "wb", 6, raw, mtime=when) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in [bundle, *sorted(bundle.rglob("*"))]:
            tar.add(path, f"{NAME}/{path.relative_to(bundle).as_posix()}", recursive=False, filter=plain)
    return archive


def smoke(command: Sequence[str | Path], what: str, extra: Mapping[str, str] | None = None) -> None:
    """Run `--smoke` of an artefact, away from this checkout.

    Raises:
        BuildFailedError: it is not whole; it has said what is missing.
    """
    print(f"-- {what}", flush=True)
    with tempfile.TemporaryDirectory(prefix="trustdesk-smoke-") as folder:
        if run([*command, "--smoke"], {**environ(), **(extra or {})}, Path(folder)) != 0:
            raise BuildFailedError(f"The {what} is not whole; it says above what is missing.")


def write_contents(bundle: Path | None, dist: Path, version: str) -> Path:
    """Write what is in the program as CycloneDX; return the file. No bundle: Python's packages only."""
    target = dist / f"{NAME}-{version}.cdx.json"
    script = ROOT / "packaging" / "sbom.py"
    _step([program("python"), "-P", script, version, bundle or "", target], "the list of what is in it")
    return target


def write_checksums(dist: Path) -> Path:
    """Write SHA256SUMS of everything in `dist`, as `sha256sum --check` reads it; return it."""
    sums = dist / "SHA256SUMS"
    lines = [f"{_digest(file)}  {file.name}\n" for file in sorted(_files(dist)) if file != sums]
    sums.write_text("".join(lines), encoding="utf-8")
    return sums


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.iterdir() if file.is_file())


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _pip() -> list[str | Path]:
    return [program("python"), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]


def _step(command: Sequence[str | Path], what: str, folder: Path = ROOT) -> None:
    print(f"-- {what}", flush=True)
    if run(command, environ(), folder) != 0:
        raise BuildFailedError(f"Could not be made: {what}. The reason stands above.")
