"""Lists to select from: what is an anchor, and what a list is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import pki
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.trust import TrustListOrigin
from trustdesk.services.trust_lists import certifi_list, file_list


def test_public_web_list_is_labelled_as_such() -> None:
    web = certifi_list()
    assert web.origin is TrustListOrigin.PUBLIC_WEB
    assert web.name == "certifi"
    assert len(web.anchors) > 100
    assert all(anchor.is_ca and not anchor.problems for anchor in web.anchors)


def test_file_keeps_ca_certificates_alone(tmp_path: Path) -> None:
    root = pki.root()
    file = tmp_path / "partners.pem"
    file.write_bytes(pki.server(root).pem + root.pem)
    trust_list = file_list(file)
    assert trust_list.name == "partners.pem"
    assert trust_list.origin is TrustListOrigin.FILE
    assert [anchor.sha256 for anchor in trust_list.anchors] == [root.sha256]


def test_file_without_a_ca_certificate_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "server.pem"
    file.write_bytes(pki.server(pki.root()).pem)
    with pytest.raises(UnusableInputError) as caught:
        file_list(file)
    assert "no CA certificate" in caught.value.problem.id
    assert caught.value.place == str(file)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableInputError) as caught:
        file_list(tmp_path / "none.pem")
    assert caught.value.place is not None
    assert caught.value.place.endswith("none.pem")
