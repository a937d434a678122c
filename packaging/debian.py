"""The `.deb`: the program in one folder, as a package that brings what a bare Debian lacks.

Standard library, `dpkg-deb`, and for the trial `debootstrap`. The folder goes to /opt/trustdesk, so that no
path of the system's own packages is touched.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import artefacts
from apt_packages import RENAMED, run
from artefacts import NAME, ROOT, BuildFailedError
from trustdesk.app.preflight import BASE_LIBRARIES, WAYLAND_LIBRARIES, XCB_LIBRARIES

METAINFO = "io.github.trustdesk.trustdesk.metainfo.xml"
"""What software centres show; the name is the component's id."""

SUITE = "bookworm"
"""The oldest Debian that the package is for; it is built on it and tried in it."""

_LIBRARIES = {**BASE_LIBRARIES, **XCB_LIBRARIES, **WAYLAND_LIBRARIES}
_BESIDES = ("libc6 (>= 2.36)", "libstdc++6", "libgcc-s1", "libgssapi-krb5-2", "fonts-dejavu-core")
_RECOMMENDS = "gnome-keyring | libkf5wallet-bin | keepassxc"
_DEBIAN = re.compile(r"^(?:deb|URIs:)\s+(?:\[[^]]*\]\s*)?(https?://\S+/debian/?)(?:\s|$)", re.MULTILINE)
_CONTROL = """\
Package: {name}
Version: {version}
Architecture: {architecture}
Section: net
Priority: optional
Maintainer: trustdesk maintainers <trustdesk@users.noreply.github.com>
Installed-Size: {size}
Depends: {depends}
Recommends: {recommends}
Description: Certificates, trust lists and live handshakes for ONE Record
 Shows why a TLS or mTLS handshake between ONE Record partners fails and who has
 to act, inspects certificates, judges trust lists before they go live, and keeps
 client certificates with their keys in the keyring of the system.
"""


def make_package(bundle: Path, icons: Path, dist: Path, version: str) -> Path:
    """Write the package into `dist`; return it.

    Raises:
        BuildFailedError: dpkg-deb is not here, or failed.
    """
    if shutil.which("dpkg-deb") is None:
        raise BuildFailedError("dpkg-deb is not here: a .deb is built on Debian or a system made from it.")
    architecture = _answer(["dpkg", "--print-architecture"])
    package = dist / f"{NAME}_{version}_{architecture}.deb"
    with tempfile.TemporaryDirectory(prefix="trustdesk-deb-") as folder:
        tree = Path(folder, "tree")
        shutil.copytree(bundle, tree / "opt" / NAME, symlinks=True)
        (tree / "usr" / "bin").mkdir(parents=True)
        (tree / "usr" / "bin" / NAME).symlink_to(f"../../opt/{NAME}/{NAME}")
        _add_desktop_files(tree, icons)
        _add_licences(tree, version)
        size = (
            sum(file.stat().st_size for file in tree.rglob("*") if file.is_file() and not file.is_symlink())
            // 1024
        )
        control = control_of(version=version, architecture=architecture, size_kib=size)
        (tree / "DEBIAN").mkdir()
        (tree / "DEBIAN" / "control").write_text(control, encoding="utf-8")
        for path in [tree, *tree.rglob("*")]:
            if not path.is_symlink():
                runs = path.is_dir() or os.access(path, os.X_OK)
                path.chmod(0o755 if runs else 0o644)
        command = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z1", "--build"]
        if run([*command, tree, package], artefacts.environ()) != 0:
            raise BuildFailedError("dpkg-deb failed; it says why above.")
    return package


def control_of(*, version: str, architecture: str, size_kib: int) -> str:
    """Return the package's control file."""
    return _CONTROL.format(
        name=NAME,
        version=version,
        architecture=architecture,
        size=size_kib,
        depends=", ".join(depends()),
        recommends=_RECOMMENDS,
    )


def depends() -> list[str]:
    """Return the Debian packages that the program needs, a renamed one with both of its names."""
    packages = dict.fromkeys(_LIBRARIES.values())
    return [*(f"{one} | {RENAMED[one]}" if one in RENAMED else one for one in packages), *_BESIDES]


def check_package(package: Path) -> None:
    """Install, start and remove the package in a bare Debian; say so where that cannot be done here.

    Raises:
        BuildFailedError: it does not install, is not whole, or leaves something behind.
    """
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        print(f"-- {package.name}: not tried; a bare Debian needs root and debootstrap", flush=True)
        return
    print(f"-- {package.name} in a bare Debian ({SUITE})", flush=True)
    with tempfile.TemporaryDirectory(prefix="trustdesk-debian-") as folder:
        root = Path(folder, "root")
        mirror = _mirror()
        bare: list[str | Path] = [
            "debootstrap",
            "--variant=minbase",
            SUITE,
            root,
            *([mirror] if mirror else []),
        ]
        with Path(folder, "debootstrap.log").open("wb") as log:
            made = subprocess.run(bare, stdout=log, stderr=subprocess.STDOUT, check=False)
        if made.returncode != 0:
            print(Path(folder, "debootstrap.log").read_text(errors="replace")[-2000:], file=sys.stderr)
            raise BuildFailedError("debootstrap failed; it says why above.")
        _share_apt(root)
        shutil.copy(package, root / "tmp" / "trustdesk.deb")
        trial = root / "tmp" / "trial.sh"
        shutil.copy(ROOT / "packaging" / "debian_trial.sh", trial)
        # In a mount namespace of its own: what is mounted there is gone with its last process.
        apart = ["unshare", "--mount", "--pid", "--fork", f"--mount-proc={root}/proc"]
        with _display() as display:
            environ = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/root", **display}
            if run([*apart, "chroot", root, "/bin/sh", "-e", "/tmp/trial.sh"], environ) != 0:
                raise BuildFailedError(f"{package.name} failed in a bare Debian; it says where above.")


@contextmanager
def _display() -> Iterator[dict[str, str]]:
    """Run a display that nobody sees, reached by its abstract socket from any folder; none without Xvfb."""
    if shutil.which("Xvfb") is None:
        yield {}
        return
    command = ["Xvfb", "-displayfd", "1", "-ac", "-nolisten", "tcp", "-screen", "0", "1440x900x24"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            number = server.stdout.readline().strip()
            yield {"DISPLAY": f":{number}"} if number else {}
        finally:
            server.terminate()


def _mirror() -> str | None:
    """Return the address that this system's apt takes Debian's packages from; None for debootstrap's own."""
    for place in (Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))):
        text = place.read_text(encoding="utf-8", errors="replace") if place.is_file() else ""
        if found := _DEBIAN.search(text):
            return found[1]
    return None


def _share_apt(root: Path) -> None:
    """Let the bare system reach packages as this one does: name servers, and a proxy where apt has one."""
    shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")
    proxy = _answer(["apt-config", "dump", "--format", '%f "%v";%n', "Acquire::http::Proxy"])
    if proxy:
        (root / "etc" / "apt" / "apt.conf.d" / "proxy").write_text(f"{proxy}\n", encoding="utf-8")


def _add_desktop_files(tree: Path, icons: Path) -> None:
    """Put the entry of the menu, its icons and its description where desktops look for them."""
    share, desktop = tree / "usr" / "share", ROOT / "resources" / "desktop"
    for name, folder in {f"{NAME}.desktop": "applications", METAINFO: "metainfo"}.items():
        (share / folder).mkdir(parents=True)
        shutil.copy(desktop / name, share / folder / name)
    shutil.copytree(icons / "hicolor", share / "icons" / "hicolor")


def _add_licences(tree: Path, version: str) -> None:
    """Write Debian's copyright file: our licence, and where those of the parts lie."""
    documents = tree / "usr" / "share" / "doc" / NAME
    documents.mkdir(parents=True)
    (documents / "copyright").write_text(
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
        f"Upstream-Name: {NAME} {version}\n\n"
        "Files: *\nCopyright: the trustdesk authors\nLicense: Apache-2.0\n"
        " See /usr/share/common-licenses/Apache-2.0.\n\n"
        f"Files: opt/{NAME}/_internal/*\nCopyright: their authors\nLicense: various\n"
        f" The licences of the parts lie in /opt/{NAME}/_internal/*.dist-info; Qt and PySide6 are under\n"
        " LGPL-3.0 (/usr/share/common-licenses/LGPL-3), and their libraries there can be replaced.\n",
        encoding="utf-8",
    )


def _answer(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
