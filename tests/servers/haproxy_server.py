"""HAProxy as the front end that ends TLS."""

from __future__ import annotations

import shutil

from tests.servers.process import RealServer, ServerSetup, free_port

HAPROXY = shutil.which("haproxy") or "/usr/sbin/haproxy"


def haproxy_server(setup: ServerSetup, *bind_options: str) -> RealServer:
    """Return HAProxy; a GET is answered with 401."""
    port = free_port()
    options = list(bind_options)
    if setup.client_ca is not None:
        options += ["ca-file", str(setup.client_ca_file)]
        options += ["verify", "required" if setup.requires else "optional"]
    if setup.crl is not None:
        options += ["crl-file", str(setup.crl_file)]
    configuration = setup.file(
        "haproxy.cfg",
        f"""global
    log stdout format raw local0
    ssl-default-bind-options ssl-min-ver TLSv1.2
defaults
    mode http
    log global
    option httplog
    timeout client 10s
    timeout server 10s
    timeout connect 5s
frontend partner
    bind 127.0.0.1:{port} ssl crt {setup.combined_file} {" ".join(options)}
    http-request return status 401 content-type text/plain string no
""".encode(),
    )
    return RealServer([HAPROXY, "-f", configuration, "-db"], port)
