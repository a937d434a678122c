"""The families of servers, and what each answers to a client's fault in TLS 1.3, as measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.servers.apache_server import apache_server
from tests.servers.clients import Client
from tests.servers.go_server import go_server
from tests.servers.haproxy_server import haproxy_server
from tests.servers.java_server import java_server
from tests.servers.nginx_server import nginx_server
from tests.servers.node_server import node_server
from tests.servers.openssl_server import openssl_server
from tests.servers.process import RealServer, ServerSetup
from tests.servers.rabbitmq_server import rabbitmq_server
from tests.servers.stunnel_server import stunnel_server

STARTERS: Mapping[str, Callable[[ServerSetup], RealServer]] = {
    "openssl": openssl_server,
    "nginx": nginx_server,
    "apache": apache_server,
    "haproxy": haproxy_server,
    "stunnel": stunnel_server,
    "node": node_server,
    "go": go_server,
    "java": java_server,
    "java-httpsserver": lambda setup: java_server(setup, kind="httpsserver"),
    "rabbitmq": rabbitmq_server,
}

ACCEPTED = "accepted"
CLOSED = "closed"
HTTP_400 = "http 400"
"""What came back: `alert N`, or one of these."""

_OPENSSL = {
    Client.NOBODY: "alert 116",
    Client.GOOD: ACCEPTED,
    Client.LEAF_ONLY: "alert 48",
    Client.STRANGER: "alert 48",
    Client.SELF_SIGNED: "alert 48",
    Client.EXPIRED: "alert 45",
    Client.NOT_YET_VALID: "alert 42",
    Client.SERVER_AUTH_ONLY: "alert 43",
    Client.ANY_PURPOSE: "alert 43",
    Client.NO_DIGITAL_SIGNATURE: "alert 43",
    Client.RSA_1024: "alert 42",
    Client.ED25519: ACCEPTED,
    Client.REVOKED: ACCEPTED,  # without a CRL nobody sees it
}
_ACCEPTED_BY_MOST = {
    Client.GOOD: ACCEPTED,
    Client.RSA_1024: ACCEPTED,
    Client.ED25519: ACCEPTED,
    Client.REVOKED: ACCEPTED,
}
_ANY_PURPOSE_DOES = {Client.ANY_PURPOSE: ACCEPTED}

ANSWERS: Mapping[str, Mapping[Client, str]] = {
    "openssl": _OPENSSL,
    "apache": _OPENSSL,
    "haproxy": _OPENSSL,
    "stunnel": _OPENSSL,
    "nginx": {client: answer if answer == ACCEPTED else HTTP_400 for client, answer in _OPENSSL.items()},
    "node": {
        **dict.fromkeys(Client, CLOSED),
        **_ACCEPTED_BY_MOST,
        Client.NOBODY: "alert 116",
    },
    "go": {
        **dict.fromkeys(Client, "alert 42"),
        **_ACCEPTED_BY_MOST,
        **_ANY_PURPOSE_DOES,
        Client.NO_DIGITAL_SIGNATURE: ACCEPTED,
    },
    "java": {
        **dict.fromkeys(Client, "alert 46"),
        **_ACCEPTED_BY_MOST,
        **_ANY_PURPOSE_DOES,
        Client.NOBODY: "alert 42",
    },
    "java-httpsserver": {**dict.fromkeys(Client, CLOSED), **_ACCEPTED_BY_MOST, **_ANY_PURPOSE_DOES},
    "rabbitmq": {
        **dict.fromkeys(Client, "alert 48"),
        **_ACCEPTED_BY_MOST,
        Client.NOBODY: "alert 116",
        Client.SELF_SIGNED: "alert 42",
        Client.EXPIRED: "alert 45",
        Client.NOT_YET_VALID: "alert 45",
        Client.SERVER_AUTH_ONLY: "alert 40",
        Client.ANY_PURPOSE: "alert 40",
        Client.NO_DIGITAL_SIGNATURE: ACCEPTED,
    },
}
"""Measured with Apache httpd 2.4, HAProxy 2.6, stunnel 5.68, nginx 1.22, OpenSSL 3.0, Node 20, Go 1.19,
Java 17, RabbitMQ 3.10."""
