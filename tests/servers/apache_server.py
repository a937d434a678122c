"""Apache httpd, for a whole host or with client certificates asked for by the path alone."""

from __future__ import annotations

import shutil

from tests.servers.process import RealServer, ServerSetup, free_port

APACHE = shutil.which("apache2") or "/usr/sbin/apache2"
_MODULES = "/usr/lib/apache2/modules"


def apache_server(setup: ServerSetup, *, by_path: bool = False, directives: str = "") -> RealServer:
    """Return httpd; a GET is answered with 401, by path with 200.

    Args:
        by_path: ask for the client certificate after the request was read: by post-handshake
            authentication in TLS 1.3, by renegotiation in TLS 1.2.
    """
    port = free_port()
    verify = ""
    if setup.client_ca is not None:
        verify = f"SSLVerifyClient {'require' if setup.requires else 'optional'}\nSSLVerifyDepth 3\n"
        verify = f"<Location />\n{verify}</Location>\n" if by_path else verify
        verify += f"SSLCACertificateFile {setup.client_ca_file}\n"
    if setup.crl is not None:
        verify += f"SSLCARevocationFile {setup.crl_file}\nSSLCARevocationCheck leaf\n"
    answer = "Redirect 401 /"
    if by_path:
        # A redirect would be answered before the path's own rules are looked at.
        answer = "<Location />\nSetHandler server-status\nRequire all granted\n</Location>"
    folder = setup.folder
    modules = "\n".join(
        f"LoadModule {name}_module {_MODULES}/mod_{name}.so"
        for name in ("mpm_prefork", "authz_core", "socache_shmcb", "ssl", "alias", "status")
    )
    configuration = setup.file(
        "httpd.conf",
        f"""ServerRoot {folder}
        ServerName localhost
        PidFile {folder}/pid
        DefaultRuntimeDir {folder}
        {modules}
        StartServers 1
        MinSpareServers 1
        MaxSpareServers 2
        Listen 127.0.0.1:{port}
        ErrorLog /dev/stderr
        LogLevel info
        User nobody
        Group nogroup
        SSLSessionCache none
        SSLEngine on
        SSLProtocol -all +TLSv1.2 +TLSv1.3
        SSLCertificateFile {setup.certificate_file}
        SSLCertificateKeyFile {setup.key_file}
        {verify}
        {directives}
        {answer}
        """.encode(),
    )
    return RealServer([APACHE, "-f", configuration, "-DFOREGROUND"], port)
