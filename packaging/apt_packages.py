"""What a Debian system lacks for trustdesk, and apt installing it without starting servers.

Standard library only. `dev.py` asks it; where root is needed it calls itself through sudo:
`python3 packaging/apt_packages.py PACKAGE…` installs those packages.
"""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "xauth": "xauth",
    "nginx": "nginx-light",
    "openssl": "openssl",
    "curl": "curl",
    "apache2": "apache2-bin",
    "haproxy": "haproxy",
    "stunnel4": "stunnel4",
    "rabbitmq-server": "rabbitmq-server",
    "node": "nodejs",
    "go": "golang-go",
    "javac": "default-jdk-headless",
    "dbus-daemon": "dbus",
    "gnome-keyring-daemon": "gnome-keyring",
    "strace": "strace",
    "postgres": "postgresql",
    "desktop-file-validate": "desktop-file-utils",
    "appstreamcli": "appstream",
}
"""Programs that tests start, and the Debian packages that hold them."""

TEST_FILES = {
    "usr/libexec/at-spi-bus-launcher": "at-spi2-core",
    "usr/lib/*/girepository-1.0/Atspi-2.0.typelib": "gir1.2-atspi-2.0",
    "usr/lib/python3/dist-packages/gi": "python3-gi",
}
"""What else tests use on Linux that no folder of PATH holds: patterns below the root, and their packages."""

LINUX_PROGRAMS = frozenset(
    {
        "Xvfb",
        "xauth",
        "dbus-daemon",
        "gnome-keyring-daemon",
        "strace",
        "desktop-file-validate",
        "appstreamcli",
    }
)
"""Those of them that only Linux has a use for."""

SERVICES = {
    "nginx-light": "nginx",
    "haproxy": "haproxy",
    "stunnel4": "stunnel4",
    "rabbitmq-server": "rabbitmq-server",
    "postgresql": "postgresql",
}
"""Packages of TEST_PROGRAMS that bring a service, which trustdesk keeps switched off."""

USER_UNITS = {"gnome-keyring": ("gnome-keyring-daemon.service", "gnome-keyring-daemon.socket")}
"""Packages of TEST_PROGRAMS that would start with every person's session, which is switched off too."""

RENAMED = {"libglib2.0-0": "libglib2.0-0t64", "dbus": "dbus-daemon"}
"""Names that changed: with 64-bit time in Debian 13 and Ubuntu 24.04; the session's bus left the system's."""

POSTGRESQL = Path("/usr/lib/postgresql")
"""Debian's folder of PostgreSQL's versions."""

ROOT = Path("/")
POLICY = Path("/usr/sbin/policy-rc.d")
_MARK = "trustdesk: no service starts while packaging/apt_packages.py installs"
_INSTALL = ["apt-get", "install", "--no-install-recommends"]


class CannotInstallError(Exception):
    """The packages are still missing; the text says why and what to type."""


def lacking_venv() -> dict[str, str]:
    """Return the package that brings `venv` to the running Python, with what was looked for."""
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        return {}
    return {f"python3.{sys.version_info.minor}-venv": "Python's venv module"}


def lacking_programs() -> dict[str, str]:
    """Return the packages of the programs that no folder of PATH or sbin holds."""
    # Debian keeps each version of PostgreSQL's server in a folder of its own, and none of them in PATH.
    versions = sorted(map(str, POSTGRESQL.glob("*/bin")))
    path = os.pathsep.join(
        [os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin", *versions]
    )
    found = {
        package: program
        for program, package in TEST_PROGRAMS.items()
        if shutil.which(program, path=path) is None
        and (sys.platform == "linux" or program not in LINUX_PROGRAMS)
    }
    if sys.platform == "linux":
        found |= {package: file for file, package in TEST_FILES.items() if not any(ROOT.glob(file))}
    return found


def provide(missing: Mapping[str, str], *, assume_yes: bool) -> None:
    """Install the missing packages, after asking where there is a terminal to ask on.

    Raises:
        CannotInstallError: the person said no, nobody here may install, or apt failed.
    """
    packages = [_present_name(package) for package in missing]
    line = shlex.join([*_INSTALL, *packages])
    by_hand = f"Type this line as root, then call this again:\n  {line}"
    for service in (SERVICES[package] for package in packages if package in SERVICES):
        by_hand += f"\n(That starts {service}; `systemctl disable --now {service}` switches it off.)"
    terminal = sys.stdin.isatty()
    print(f"trustdesk needs these Debian packages: {' '.join(packages)}", flush=True)
    if os.geteuid() == 0:
        install: list[str] = []
    elif shutil.which("sudo") and (terminal or _quiet(["sudo", "-n", "true"]) == 0):
        install = ["sudo", sys.executable, str(Path(__file__).resolve())]
    else:
        raise CannotInstallError(by_hand)
    if terminal and not assume_yes and not _agrees(f"Install them{' through sudo' if install else ''} now?"):
        raise CannotInstallError(by_hand)
    status = run([*install, *packages]) if install else install_as_root(packages)
    if status != 0:
        raise CannotInstallError(f"apt-get failed with status {status}. {by_hand}")


def install_as_root(packages: Sequence[str]) -> int:
    """Install with apt, no service started by it and none enabled; return apt-get's status."""
    environ = {
        **os.environ,
        "DEBIAN_FRONTEND": "noninteractive",
        "NEEDRESTART_SUSPEND": "1",  # Ubuntu's needrestart would restart running services
        "RUNLEVEL": "1",  # invoke-rc.d starts nothing in single-user mode, should the policy be overlooked
    }
    install = [*_INSTALL, "--yes", "--option=DPkg::Lock::Timeout=60", *map(_present_name, packages)]
    with services_kept_off(POLICY):
        updated = not all(map(_is_known, packages))
        if updated:
            run(["apt-get", "update"], environ)
            install[-len(packages) :] = map(_present_name, packages)
        status = run(install, environ)
        if status != 0 and not updated:  # the lists may be older than the archive
            run(["apt-get", "update"], environ)
            status = run(install, environ)
    for package in set(packages) & set(SERVICES):
        _disable(SERVICES[package])
    for package in set(packages) & set(USER_UNITS):
        _disable_for_persons(package)
    return status


@contextmanager
def services_kept_off(policy: Path) -> Iterator[None]:
    """Forbid that packages start services (policy-rc.d answers 101) for as long as the block runs.

    A policy that is already there is put aside and comes back. Should this process be killed, the file
    that stays forbids nothing any more, and the next call removes it.
    """
    saved = policy.with_name(f"{policy.name}.before-trustdesk")
    _restore(policy, saved)
    if policy.is_symlink() or policy.exists():
        policy.replace(saved)
    try:
        policy.write_text(
            f"#!/bin/sh\n# {_MARK}\n"
            f"kill -0 {os.getpid()} 2>/dev/null && exit 101\n"
            f'[ -x {shlex.quote(str(saved))} ] && exec {shlex.quote(str(saved))} "$@"\n'
            "exit 0\n"
        )
        policy.chmod(0o755)
        yield
    finally:
        _restore(policy, saved)


def run(
    arguments: Sequence[str | Path], environ: Mapping[str, str] | None = None, folder: Path | None = None
) -> int:
    """Run a program in this terminal and return its status as a shell does (128 + signal).

    Ctrl+C reaches the program by itself; this waits until it has gone.
    """
    with subprocess.Popen(arguments, env=environ, cwd=folder) as child:
        while True:
            try:
                status = child.wait()
            except KeyboardInterrupt:
                continue
            return status if status >= 0 else 128 - status


def _restore(policy: Path, saved: Path) -> None:
    if policy.is_file() and not policy.is_symlink() and _MARK in policy.read_text(errors="replace"):
        policy.unlink()
    if not (policy.is_symlink() or policy.exists()) and (saved.is_symlink() or saved.exists()):
        saved.replace(policy)


def _disable(service: str) -> None:
    """Keep a service that was just installed from starting with the machine."""
    if shutil.which("systemctl"):
        status = _quiet(["systemctl", "disable", f"{service}.service"])
    else:
        status = _quiet(["update-rc.d", service, "disable"])
    if status == 0:
        print(f"{service} is installed for the tests and switched off.")


def _disable_for_persons(package: str) -> None:
    """Keep what was just installed from starting with the sessions of this machine's persons."""
    if shutil.which("systemctl") and _quiet(["systemctl", "--global", "disable", *USER_UNITS[package]]) == 0:
        print(f"{package} is installed for the tests and switched off.")


def _agrees(question: str) -> bool:
    try:
        return input(f"{question} [Y/n] ").strip().lower() in {"", "y", "yes"}
    except EOFError:
        print()
        return False


def _present_name(package: str) -> str:
    renamed = RENAMED.get(package)
    return renamed if renamed and _has_candidate(renamed) else package


def _is_known(package: str) -> bool:
    return _has_candidate(_present_name(package))


def _has_candidate(package: str) -> bool:
    answer = subprocess.run(
        ["apt-cache", "policy", package],
        env={**os.environ, "LC_ALL": "C"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    ).stdout
    return "Candidate: " in answer and "Candidate: (none)" not in answer


def _quiet(arguments: Sequence[str]) -> int:
    return subprocess.run(
        arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    ).returncode


def _stop(_signal: int, _frame: object) -> None:
    raise SystemExit(143)


def main(packages: Iterable[str]) -> int:
    """Install as root; a terminated process puts the policy back before it goes."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    return install_as_root(list(packages))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
