"""RabbitMQ with AMQPS, whose users log in by certificate (SASL EXTERNAL)."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.servers.process import RealServer, ServerSetup, free_port

SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server"


class RabbitMq(RealServer):
    """A broker with Erlang's port mapper, which leaves its process group and is ended by itself."""

    def __init__(
        self, arguments: Sequence[str | Path], port: int, mapper: int, environment: Mapping[str, str]
    ) -> None:
        self._mapper = {**os.environ, "ERL_EPMD_PORT": str(mapper), "ERL_EPMD_ADDRESS": "127.0.0.1"}
        super().__init__(arguments, port, environment=environment)

    def stop(self) -> str:
        """End the broker, then the mapper that it started."""
        log = super().stop()
        subprocess.run(["epmd", "-kill"], env=self._mapper, capture_output=True, check=False)
        return log


def rabbitmq_server(
    setup: ServerSetup, *, external: bool = True, plain_port: int | None = None
) -> RealServer:
    """Return a broker that listens for AMQPS, alone where no other port is named.

    Args:
        external: whether it offers EXTERNAL beside PLAIN.
        plain_port: where it listens without TLS too; None for nowhere.
    """
    port, distribution, names = free_port(), free_port(), free_port()
    folder = setup.folder
    mechanisms = ["PLAIN", "AMQPLAIN", *(["EXTERNAL"] if external else [])]
    lines = [
        "listeners.tcp = none" if plain_port is None else f"listeners.tcp.1 = 127.0.0.1:{plain_port}",
        f"listeners.ssl.1 = 127.0.0.1:{port}",
        f"ssl_options.certfile = {setup.certificate_file}",
        f"ssl_options.keyfile = {setup.key_file}",
        f"ssl_options.cacertfile = {setup.client_ca_file}",
        "ssl_options.depth = 3",
        "ssl_options.versions.1 = tlsv1.3",
        "ssl_options.versions.2 = tlsv1.2",
        f"ssl_options.verify = verify_{'peer' if setup.client_ca is not None else 'none'}",
        f"ssl_options.fail_if_no_peer_cert = {str(setup.client_ca is not None and setup.requires).lower()}",
        *(f"auth_mechanisms.{number} = {name}" for number, name in enumerate(mechanisms, 1)),
        "log.console = true",
        "log.console.level = info",
        "log.file = false",
    ]
    # Its chain of intermediates goes with the CAs: Erlang sends what it can build from them.
    configuration = setup.file("rabbitmq.conf", "\n".join([*lines, ""]).encode())
    plugins = setup.file("enabled_plugins", b"[rabbitmq_auth_mechanism_ssl].\n")
    node = f"trustdesk-{port}@localhost"
    environment = {
        "HOME": str(folder),
        "RABBITMQ_NODENAME": node,
        "RABBITMQ_CONFIG_FILE": str(configuration),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(plugins),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_CONF_ENV_FILE": os.devnull,
        "ERL_EPMD_PORT": str(names),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} +S 1:1",
    }
    (folder / "data").mkdir(exist_ok=True)
    (folder / "log").mkdir(exist_ok=True)
    return RabbitMq([Path(SERVER)], port, names, environment)
