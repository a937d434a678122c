"""An identity provider behind nginx, as a person checks it: documents as files, keys kept, a token judged."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.servers.nginx_server import nginx_server
from tests.servers.process import ServerSetup
from tests.support import tokens
from tests.support.command import trustdesk
from tests.support.peers import issue
from tests.support.tokens import public_jwk

pytestmark = pytest.mark.servers


def test_nginx_as_the_endpoint_of_a_provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    root = issue("provider root", is_ca=True)
    own = issue("localhost", root)
    site = tmp_path / "site" / "realms" / "cargo"
    (site / ".well-known").mkdir(parents=True)
    (tmp_path / "nginx").mkdir()
    setup = ServerSetup(chain=own.pem(), key=own.key_pem(), client_ca=None, folder=tmp_path / "nginx")
    files = f"location /realms/ {{ root {tmp_path}/site; types {{}} default_type application/json; }}"
    roots = tmp_path / "roots.pem"
    roots.write_bytes(root.certificate.public_bytes(Encoding.PEM))
    with nginx_server(setup, files) as server:
        issuer = f"https://localhost:{server.port}/realms/cargo"
        document = {"issuer": issuer, "jwks_uri": f"{issuer}/keys", "token_endpoint": f"{issuer}/token"}
        (site / ".well-known" / "openid-configuration").write_text(json.dumps(document))
        (site / "keys").write_text(json.dumps({"keys": [public_jwk("2048")]}))
        providers = {
            "schema": "trustdesk.trust-list/1", "title": "Ours", "providers": [{"issuer": issuer}],
        }  # fmt: skip
        (tmp_path / "ours.json").write_text(json.dumps(providers))
        space = ("--workspace", tmp_path / "space")
        assert trustdesk("idp", "import", tmp_path / "ours.json", *space).status == 0
        asked = ("--trust-list", roots, "--no-proxy", "--keep-keys", *space, "--json")
        ran = trustdesk("idp", "check", issuer, *asked)
    assert (ran.status, ran.document["verdict"]) == (0, "pass"), ran.out + ran.err
    statuses = {one["rule"]: one["status"] for one in ran.document["findings"]}
    assert (statuses["JWT-11"], statuses["SRV-01"], statuses["SRV-03"]) == ("pass", "pass", "pass")
    # The server is gone; what was kept is enough.
    text = tokens.token("PS256", "2048", **{**tokens.claims(datetime.now(UTC)), "iss": issuer})
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    judged = trustdesk("token", "inspect", *space, "--json")
    assert (judged.status, judged.document["signature"], judged.document["verdict"]) == (0, "valid", "pass")
