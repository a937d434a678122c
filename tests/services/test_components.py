"""What the installation is made of."""

from __future__ import annotations

from trustdesk.services.components import components, licence_texts, own_licence, software_bill


def test_every_library_that_is_asked_for_is_told_and_no_test_tool() -> None:
    names = {one.name for one in components()}
    assert {"cryptography", "PySide6_Essentials", "keyring", "cffi", "SQLAlchemy"} <= names
    assert names & {"pytest", "mypy", "ruff", "trustdesk"} == set()
    assert all(one.version for one in components())


def test_licences_have_their_texts_and_that_of_qt_is_the_lgpl() -> None:
    assert "LESSER GENERAL PUBLIC LICENSE" in licence_texts("PySide6_Essentials")
    assert "Apache License" in own_licence()
    assert "Copyright" in licence_texts("click")
    assert licence_texts("not-there") == ""


def test_the_bill_has_every_part_with_its_address() -> None:
    parts = components()
    bill = software_bill(parts)
    listed = bill["components"]
    assert isinstance(listed, list)
    assert len(listed) == len(parts)
    assert any(str(one["purl"]).startswith("pkg:pypi/cryptography@") for one in listed)
