"""The list of what is in the program: what is needed, and none of the tools that built it."""

from __future__ import annotations

from typing import Any

import pytest

import sbom


def document(edges: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "metadata": {"component": {"name": "trustdesk", "bom-ref": "top"}},
        "components": [{"name": name, "bom-ref": name} for name in edges],
        "dependencies": [{"ref": ref, "dependsOn": others} for ref, others in edges.items()],
    }


def test_only_what_the_program_needs_stays_also_through_others() -> None:
    made = document(
        {"trustdesk": ["keyring"], "keyring": ["jeepney"], "jeepney": ["keyring"], "pyinstaller": ["jeepney"]}
    )

    kept = sbom.only_needed(made, "trustdesk")

    assert [one["name"] for one in kept["components"]] == ["keyring", "jeepney"]
    assert {one["ref"]: one["dependsOn"] for one in kept["dependencies"]} == {
        "top": ["keyring"],
        "keyring": ["jeepney"],
        "jeepney": ["keyring"],
    }


def test_environment_without_the_program_has_no_list() -> None:
    made = document({"pip": []})
    made["metadata"]["component"]["name"] = "other"

    with pytest.raises(ValueError, match="not in the environment"):
        sbom.only_needed(made, "trustdesk")
