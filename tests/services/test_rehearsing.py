from __future__ import annotations

import queue
import socket
import ssl
from collections.abc import Iterator

import pytest

from trustdesk.core.message import Message
from trustdesk.services.rehearsing import Rehearsals
from trustdesk.services.wording import wording


@pytest.fixture
def rehearsals() -> Iterator[Rehearsals]:
    made = Rehearsals()
    yield made
    made.close()


@pytest.mark.parametrize("style", ["nginx", "java"])
def test_a_client_without_certificate_is_told_of_and_the_server_ends_when_stopped(
    rehearsals: Rehearsals, style: str
) -> None:
    verdicts: queue.SimpleQueue[Message] = queue.SimpleQueue()
    running = rehearsals.start(style, None, verdicts.put)
    address = (running.target.connect_address or "", running.target.connect_port or 0)
    context = ssl.create_default_context(cafile=str(running.trust_list))
    with (
        socket.create_connection(address, timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=running.target.server_name) as tls,
    ):
        if style == "nginx":
            tls.sendall(b"GET / HTTP/1.1\r\nHost: rehearsal.example\r\nConnection: close\r\n\r\n")
            assert b" 400 " in tls.recv(200)
        else:
            assert tls.recv(1) == b""
    assert wording().text(verdicts.get(timeout=10)) == "No client certificate came."
    running.stop()
    running.stop()
    rehearsals.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=10).close()
    assert not running.trust_list.exists()
