"""nginx, which takes every handshake and refuses clients in HTTP."""

from __future__ import annotations

import shutil

from tests.servers.process import RealServer, ServerSetup, free_port

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


def nginx_server(setup: ServerSetup, directives: str = "") -> RealServer:
    """Return nginx; a GET is answered with 401."""
    port = free_port()
    verify = ""
    if setup.client_ca is not None:
        verify = f"ssl_client_certificate {setup.client_ca_file}; ssl_verify_depth 3;"
        verify += f"ssl_verify_client {'on' if setup.requires else 'optional'};"
    if setup.crl is not None:
        verify += f"ssl_crl {setup.crl_file};"
    folder = setup.folder
    places = " ".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = setup.file(
        "nginx.conf",
        f"""daemon off; master_process off; pid {folder}/pid; error_log stderr info;
        events {{ worker_connections 64; }}
        http {{
          access_log off; {places}
          server {{
            listen 127.0.0.1:{port} ssl; ssl_protocols TLSv1.2 TLSv1.3;
            ssl_certificate {setup.certificate_file}; ssl_certificate_key {setup.key_file};
            {verify} {directives}
            location / {{ return 401; }}
          }}
        }}""".encode(),
    )
    return RealServer([NGINX, "-p", folder, "-c", configuration], port)
