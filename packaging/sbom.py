"""What is in the program, as CycloneDX: Python packages with licences, Python, native libraries.

`dev.py build` runs it in the environment that builds: `python packaging/sbom.py VERSION BUNDLE TARGET`. The
builder's own tools are in that environment too, and are left out: only what trustdesk needs counts.
"""

from __future__ import annotations

import json
import platform
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_SONAME = re.compile(r"^(lib[a-z0-9_+-]+?)\.so(\.\d+)*$")


def main(version: str, bundle: Path | None, target: Path) -> None:
    """Write the document."""
    made = subprocess.run(
        [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--pyproject",
         ROOT / "pyproject.toml", "--mc-type", "application", "--of", "JSON"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    document = json.loads(made)
    narrowed = only_needed(document, "trustdesk")
    narrowed["metadata"]["component"]["version"] = version
    narrowed["components"] += [_python(), *(_native(bundle) if bundle is not None else ())]
    target.write_text(json.dumps(narrowed, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{target.name}: {len(narrowed['components'])} components")


def only_needed(document: dict[str, Any], root: str) -> dict[str, Any]:
    """Return a CycloneDX document with what `root` depends on, directly or through others; root left out.

    Raises:
        ValueError: no component has that name.
    """
    refs = {component["name"]: component["bom-ref"] for component in document["components"]}
    top = document["metadata"]["component"]
    if root not in refs and top.get("name") != root:
        raise ValueError(f"{root} is not in the environment")
    start = refs.get(root, top["bom-ref"])
    edges = {one["ref"]: one.get("dependsOn", []) for one in document["dependencies"]}
    needed, following = {start}, [start]
    while following:
        new = set(edges.get(following.pop(), ())) - needed
        needed |= new
        following.extend(new)
    kept = needed - {start}
    return {
        **document,
        "components": [one for one in document["components"] if one["bom-ref"] in kept],
        "dependencies": [
            {"ref": ref, "dependsOn": sorted(set(edges.get(ref, ())) & kept)} for ref in sorted(kept)
        ]
        + [{"ref": top["bom-ref"], "dependsOn": sorted(set(edges.get(start, ())) & kept)}],
    }


def _python() -> dict[str, Any]:
    version = platform.python_version()
    return {
        "type": "platform",
        "bom-ref": f"cpython=={version}",
        "name": "CPython",
        "version": version,
        "licenses": [{"license": {"id": "PSF-2.0"}}],
        "purl": f"pkg:generic/cpython@{version}",
    }


def _native(bundle: Path) -> list[dict[str, Any]]:
    """Return the Debian packages that Python's own libraries in the bundle came from; none elsewhere."""
    found: dict[str, dict[str, Any]] = {}
    from_wheels = {file.name for file in (bundle / "_internal" / "PySide6").rglob("lib*.so*")}
    for file in sorted((bundle / "_internal").glob("lib*.so*")):
        if not _SONAME.match(file.name) or file.name in from_wheels:
            continue
        # Debian 12 knows some of them by the path that /lib had before it became a link.
        places = [f"{place}/{platform.machine()}-linux-gnu/{file.name}" for place in ("/usr/lib", "/lib")]
        asked = subprocess.run(
            ["dpkg-query", "--search", *places], check=False, capture_output=True, text=True
        )
        if asked.stdout:
            package = asked.stdout.partition(":")[0]
            found.setdefault(package, _debian(package))
    return list(found.values())


def _debian(package: str) -> dict[str, Any]:
    show = ["dpkg-query", "--show", "--showformat=${Version}", package]
    version = subprocess.run(show, check=True, capture_output=True, text=True).stdout.split("\n")[0]
    purl = f"pkg:deb/debian/{package}@{version}"
    return {"type": "library", "bom-ref": purl, "name": package, "version": version, "purl": purl}


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]) if sys.argv[2] else None, Path(sys.argv[3]))
