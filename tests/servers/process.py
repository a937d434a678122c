"""A server program of somebody else, run in the foreground on a loopback port, with what it writes kept."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

START_S = 60.0
"""How long the slowest of them (RabbitMQ, Java on a busy machine) may take until it listens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSetup:
    """What a server is to be.

    Attributes:
        chain: its certificate and intermediates, PEM.
        key: PEM, in the clear.
        client_ca: CAs whose clients it takes, PEM; None asks for no client certificate.
        requires: whether it insists on one.
        crl: what it checks clients against, PEM; None checks nothing.
        folder: for its files; its own.
    """

    chain: bytes
    key: bytes
    client_ca: bytes | None
    requires: bool = True
    crl: bytes | None = None
    folder: Path

    def file(self, name: str, data: bytes) -> Path:
        """Write a file of the server's."""
        path = self.folder / name
        path.write_bytes(data)
        return path

    @property
    def certificate_file(self) -> Path:
        return self.file("server.pem", self.chain)

    @property
    def key_file(self) -> Path:
        return self.file("server.key", self.key)

    @property
    def combined_file(self) -> Path:
        return self.file("combined.pem", self.chain + self.key)

    @property
    def client_ca_file(self) -> Path:
        return self.file("client-ca.pem", self.client_ca or b"")

    @property
    def crl_file(self) -> Path:
        return self.file("clients.crl", self.crl or b"")


def free_port() -> int:
    """Return a port that was free a moment ago; for servers that cannot take port 0."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


class RealServer:
    """A running server; leaving the block ends it and all it started."""

    def __init__(
        self,
        arguments: Sequence[str | Path],
        port: int,
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        keeps_input: bool = False,
    ) -> None:
        self.port = port
        self._program = str(arguments[0])
        self._lines: list[str] = []
        self._process = subprocess.Popen(
            [str(argument) for argument in arguments],
            stdin=subprocess.PIPE if keeps_input else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            cwd=folder,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    @property
    def log(self) -> str:
        """What it has written so far."""
        return "".join(self._lines)

    def wait_until_it_listens(self) -> Self:
        """Return when connections are taken."""
        deadline = time.monotonic() + START_S
        waiting = threading.Event()
        while self._process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return self
            waiting.wait(0.02)
        self.stop()
        raise AssertionError(f"{self._program} does not listen:\n{self.log}")

    def stop(self) -> str:
        """End it; return all that it wrote."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)
        self._reader.join(10)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        return self.log

    def __enter__(self) -> Self:
        return self.wait_until_it_listens()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.append(line)
