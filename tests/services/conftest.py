"""What tests of services share."""

from __future__ import annotations

import pytest

from tests.support.empty_workspace import made, workspace
from tests.support.store_cases import let_vaults_cost_nothing

__all__ = ["made", "workspace"]


@pytest.fixture(autouse=True)
def vaults_of_no_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Vaults that a desk makes open at once."""
    let_vaults_cost_nothing(monkeypatch)
