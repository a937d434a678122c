#!/usr/bin/env python3
"""From a clone to a running trustdesk: `python3 packaging/dev.py run`, and everything else a developer types.

Standard library only, Python 3.11 or newer. The first call asks apt for what Debian lacks
(`apt_packages.py`), makes `.venv`, installs `requirements.lock` with hashes and the project itself; later
calls see that all of it is there and go straight on. On Windows, macOS and other Linux systems the same
happens without apt: what is missing is said.

Exit status: that of the program that was started; 1 when a check failed; 2 for a wrong call; 3 when
something is missing that this program may not or cannot install; 130 after Ctrl+C.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - says so before the lines below fail with a traceback
    sys.stderr.write(f"trustdesk needs Python 3.11 or newer; this is {sys.version.split()[0]}.\n")
    sys.exit(3)

import argparse
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "packaging")]

import artefacts  # noqa: E402 - the lines above make these importable
import debian  # noqa: E402
import locks  # noqa: E402
from apt_packages import CannotInstallError, lacking_programs, lacking_venv, provide, run  # noqa: E402
from trustdesk.app import preflight  # noqa: E402

VENV = ROOT / ".venv"
STAMP = VENV / "trustdesk-installed"
WINDOWS = sys.platform == "win32"
EXIT_MISSING = 3


class CannotGoOnError(Exception):
    """Something is missing; the text says what and what to do."""


# --- what the system has to have ----------------------------------------------------------------------


def provide_system(*, window: bool, tests: bool, assume_yes: bool) -> None:
    """See that Linux has what a wheel cannot bring: `venv`, Qt's libraries, and the tests' programs.

    Raises:
        CannotGoOnError: something is missing and was not installed.
        CannotInstallError: apt could not or may not install it.
    """
    missing = lacking_system(window=window, tests=tests)
    if missing and sys.platform == "linux" and shutil.which("apt-get"):
        provide(missing, assume_yes=assume_yes)
        missing = lacking_system(window=window, tests=tests)
    programs = lacking_programs() if tests else {}
    absent = ", ".join(what for package, what in missing.items() if package not in programs)
    if absent:
        raise CannotGoOnError(f"Missing on this system: {absent}. Install it, then call this again.")
    if programs:
        print(f"Missing on this system: {', '.join(programs.values())}. What tests them is left out.")


def lacking_system(*, window: bool, tests: bool) -> dict[str, str]:
    """Return what is missing as Debian's package name and the thing looked for, in a fixed order."""
    missing = {} if venv_works() else lacking_venv()
    if window and sys.platform == "linux":
        libraries = preflight.BASE_LIBRARIES | preflight.XCB_LIBRARIES | preflight.WAYLAND_LIBRARIES
        missing |= {libraries[soname]: soname for soname in preflight.missing_libraries(libraries)}
    return missing | (lacking_programs() if tests else {})


# --- .venv --------------------------------------------------------------------------------------------


def program(name: str, venv: Path = VENV) -> Path:
    """Return where a virtual environment has a program."""
    return venv / ("Scripts" if WINDOWS else "bin") / (f"{name}.exe" if WINDOWS else name)


def venv_works() -> bool:
    """Whether `.venv` has a Python that starts, is new enough, and has pip."""
    if is_installed():
        return True
    question = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    try:
        asked = subprocess.run([program("python"), "-c", question], capture_output=True, check=False)
    except OSError:
        return False
    return asked.returncode == 0


def is_installed() -> bool:
    """Whether `.venv` holds exactly what the lock and pyproject.toml ask for; reads files only."""
    try:
        return os.access(program("python"), os.X_OK) and STAMP.read_text() == fingerprint()
    except OSError:
        return False


def has_stale_translations() -> bool:
    """Whether a translation has changed since it was compiled."""
    sources = (ROOT / "resources" / "translations").rglob("*.po")
    pairs = [(source, source.with_suffix(".mo")) for source in sources]
    return any(not made.is_file() or made.stat().st_mtime < at.stat().st_mtime for at, made in pairs)


def fingerprint() -> str:
    """Digest what an installation follows from: the lock, the project, and the environment's Python."""
    sources = [ROOT / "requirements.lock", ROOT / "pyproject.toml", VENV / "pyvenv.cfg"]
    digest = hashlib.sha256()
    for path in sources:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def make_venv(folder: Path) -> None:
    """Make an empty virtual environment of the running Python, in place of what is in `folder`.

    Raises:
        CannotGoOnError: it could not be made.
    """
    if run([sys.executable, "-m", "venv", "--clear", str(folder)]) != 0:
        raise CannotGoOnError(f"No virtual environment could be made in {folder}.")


def install() -> None:
    """Make `.venv` hold the lock's packages and the project, editable.

    Raises:
        CannotGoOnError: pip failed; it has said why.
    """
    if not venv_works():
        print(f"Making {VENV} with Python {sys.version.split()[0]}", flush=True)
        make_venv(VENV)
    STAMP.unlink(missing_ok=True)
    print("Installing from requirements.lock (some 150 MB the first time)", flush=True)
    pip: list[str | Path] = [program("python"), "-m", "pip", "install", "--disable-pip-version-check"]
    if not sys.stdout.isatty():
        pip.append("--quiet")  # on a terminal pip's progress bars say that it is alive
    for arguments in (
        ["--require-hashes", "--only-binary", ":all:", "--no-deps", "--requirement", "requirements.lock"],
        ["--no-build-isolation", "--no-deps", "--editable", "."],
    ):
        if in_project([*pip, *arguments]) != 0:
            raise CannotGoOnError("pip could not install what trustdesk needs; it says why above.")
    STAMP.write_text(fingerprint())


def in_project(arguments: Sequence[str | Path]) -> int:
    """Run a program in the project's folder; return its status."""
    return run(arguments, folder=ROOT)


def start(arguments: Sequence[str | Path]) -> int:
    """Become another program, in the caller's folder; on Windows run it and return its status."""
    if WINDOWS:
        return run(arguments)
    sys.stdout.flush()
    return os.execv(arguments[0], [str(argument) for argument in arguments])


# --- checks -------------------------------------------------------------------------------------------


def check() -> int:
    """Run all that needs no test: lint, format, types, import contracts, catalogue and locks."""
    python = str(program("python"))
    steps: dict[str, Callable[[], tuple[bool, str]]] = {
        "mypy": lambda: output([program("mypy")]),
        "ruff check": lambda: output([program("ruff"), "check", "--quiet"]),
        "ruff format": lambda: output([program("ruff"), "format", "--check", "--quiet"]),
        "import contracts": lambda: output([program("lint-imports")]),
        "catalogue": lambda: output([python, "packaging/catalogue.py", "--check"]),
        "handbook": lambda: output([python, "packaging/handbook.py", "--check"]),
        "locks": lambda: verdict(locks.lock_problems(ROOT)),
    }
    failed = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        began = time.monotonic()
        running = {pool.submit(step): name for name, step in steps.items()}
        for future in as_completed(running):
            good, text = future.result()
            print(f"{'ok    ' if good else 'FAILED'} {running[future]}", flush=True)
            if not good:
                print(text, flush=True)
                failed = 1
    print(f"checks took {time.monotonic() - began:.1f} s", flush=True)
    return failed


def verdict(problems: Sequence[str]) -> tuple[bool, str]:
    """Return the answer of a check that found these problems."""
    return not problems, "\n".join(problems)


def output(arguments: Sequence[str | Path]) -> tuple[bool, str]:
    """Run a program in the project's folder; return whether it was content, and what it said."""
    done = subprocess.run(
        arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return done.returncode == 0, done.stdout.rstrip()


def test(arguments: Sequence[str]) -> int:
    """Run the checks, then pytest, whose closing line is the last; with arguments only pytest with them."""
    # Tests start programs by the hundred: each would compile the project anew without its bytecode, which
    # the checks leave behind for the first ones.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    checks = 0 if arguments else check()
    # A file stays in one process: what its tests share (a lab, a server) is started once. In their own order
    # the files with few and long tests are not all at the end, where one process waits for the other.
    # Tests wait for servers and keyrings a third of their time: one process more than there are cores.
    processes = f"--numprocesses={(os.cpu_count() or 1) + 1}"
    arguments = arguments or [processes, "--dist=loadfile", "--no-loadscope-reorder"]
    tests = in_project([program("python"), "-m", "pytest", *arguments])
    if checks and not tests:
        print("The tests passed, a check above did not.", flush=True)
    return tests or checks


def gate() -> int:
    """Run what has to pass before a commit goes to main: checks, all tests, and a wheel built twice alike."""
    status = test([])
    status = test(["--numprocesses=auto", "--hypothesis-profile=many", "-m", "exhaustive"]) or status
    status = test(["--numprocesses=auto", "--hypothesis-profile=many", "-m", "hypothesis"]) or status
    with tempfile.TemporaryDirectory(prefix="trustdesk-build-") as folder:
        first, second = Path(folder, "1"), Path(folder, "2")
        status = build(first) or build(second) or status
        for path in sorted(first.glob("*")):
            if path.read_bytes() != (second / path.name).read_bytes():
                print(f"FAILED {path.name}: two builds differ", flush=True)
                status = status or 1
    return status


# --- artefacts ----------------------------------------------------------------------------------------


def build(folder: Path) -> int:
    """Build wheel and source archive into `folder`, the same bytes for the same commit."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", artefacts.source_date())
    arguments = ["build", "--target", "wheel", "--target", "sdist", "--directory", str(folder)]
    return in_project([program("python"), "-m", "hatchling", *arguments])


def build_artefacts(what: str) -> int:
    """Build what was asked for into dist/, see that each runs, and write what is in it and its checksums.

    Raises:
        BuildFailedError: an artefact could not be made, or is not whole.
    """
    dist = ROOT / "dist"
    for old in (*dist.glob("*.whl"), *dist.glob("*.tar.gz"), *dist.glob("*.deb")):
        old.unlink()
    if build(dist) != 0:
        return 1
    (wheel,) = dist.glob("*.whl")
    version = artefacts.version_of(wheel)
    artefacts.make_environment(wheel)
    artefacts.check_wheel(dist)
    icons = artefacts.make_icons()
    bundle = None if what == "wheel" else artefacts.make_bundle()
    if bundle is not None and what in {"bundle", "all"}:
        artefacts.pack_bundle(bundle, dist, version)
    if bundle is not None and what in {"deb", "all"}:
        debian.check_package(debian.make_package(bundle, icons, dist, version))
    artefacts.write_contents(bundle, dist, version)
    print(artefacts.write_checksums(dist).read_text(encoding="utf-8"), end="", flush=True)
    return 0


def lock(*, update: bool) -> int:
    """Resolve the locks anew, with PDM in an environment that is thrown away afterwards."""
    with tempfile.TemporaryDirectory(prefix="trustdesk-pdm-") as folder:
        make_venv(Path(folder))
        try:
            locks.make_locks(ROOT, program("python", Path(folder)), update=update)
        except subprocess.CalledProcessError as error:
            raise CannotGoOnError("The locks could not be made; see above.") from error
    return 0


def bench(names: Sequence[str]) -> int:
    """Run the named measurements of packaging/bench/, or all, each in a process of its own.

    Raises:
        CannotGoOnError: there is no measurement of that name.
    """
    scripts = {script.stem: script for script in sorted((ROOT / "packaging" / "bench").glob("*.py"))}
    unknown = [name for name in names if name not in scripts]
    if unknown:
        raise CannotGoOnError(f"No measurement {', '.join(unknown)}; there are: {', '.join(scripts)}.")
    status = 0
    for name in names or scripts:
        print(f"== {name}", flush=True)
        status = in_project([program("python"), scripts[name]]) or status
    return status


# --- the command line ---------------------------------------------------------------------------------


def main(arguments: Sequence[str]) -> int:
    """Run one command; what it does not know itself goes to the program that it starts."""
    parser = argparse.ArgumentParser(
        prog="packaging/dev.py", description="Run, test and build trustdesk from a clone."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    yes = argparse.ArgumentParser(add_help=False)
    yes.add_argument("--yes", action="store_true", help="install with apt without asking")
    for name, text in {
        "run": "the demo: partner servers on this machine, tested in the window (options: trustdesk demo)",
        "test": "checks and tests; with further arguments only pytest with them",
        "check": "lint, format, types, import contracts, catalogue, handbook, locks",
        "gate": "test with its whole grids, and the wheel builds twice to the same bytes",
        "bench": "measurements of packaging/bench/, all or those named",
        "catalogue": "extract the sentences to resources/translations/trustdesk.pot",
        "handbook": "make the chapters on causes, rules and commands anew",
        "screenshots": "draw the handbook's pictures from the demo",
    }.items():
        commands.add_parser(name, help=text, parents=[yes])
    builder = commands.add_parser("build", help="artefacts into dist/, SBOM, checksums", parents=[yes])
    kinds = ["wheel", "bundle", "deb", "all"]
    builder.add_argument("artefact", nargs="?", choices=kinds, default="wheel", help="default: wheel")
    locker = commands.add_parser("lock", help="resolve pdm.lock and requirements.lock anew", parents=[yes])
    locker.add_argument("--update", action="store_true", help="take the newest versions that fit")
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command not in {"run", "test", "bench"}:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")

    tests = options.command in {"test", "gate", "bench"}
    provide_system(window=tests or options.command in {"run", "build"}, tests=tests, assume_yes=options.yes)
    if options.command == "lock":
        return lock(update=options.update)
    if not is_installed():
        install()
    elif has_stale_translations():
        in_project([program("python"), "packaging/build_hook.py"])
    actions: dict[str, Callable[[], int]] = {
        "run": lambda: start([program("python"), "-P", "-m", "trustdesk", "demo", *rest]),
        "test": lambda: test(rest),
        "check": check,
        "gate": gate,
        "bench": lambda: bench(rest),
        "build": lambda: build_artefacts(options.artefact),
        "catalogue": lambda: in_project([program("python"), "packaging/catalogue.py"]),
        "handbook": lambda: in_project([program("python"), "packaging/handbook.py"]),
        "screenshots": lambda: in_project([program("python"), "packaging/screenshots.py"]),
    }
    return actions[options.command]()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (CannotGoOnError, CannotInstallError) as error:
        print(error, file=sys.stderr)
        sys.exit(EXIT_MISSING)
    except artefacts.BuildFailedError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
