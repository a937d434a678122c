"""The desktop's notification service on a bus of its own: what it is told, and what happens without one."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from jeepney import HeaderFields, new_method_return  # type: ignore[import-untyped]
from jeepney.bus_messages import message_bus  # type: ignore[import-untyped]
from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

from trustdesk.services.desktop_notification import tell_desktop

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="D-Bus is Linux's")


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty session bus."""
    configuration = tmp_path / "bus.conf"
    configuration.write_text(
        f"<busconfig><type>session</type><listen>unix:path={tmp_path}/bus</listen>"
        '<policy context="default"><allow send_destination="*" eavesdrop="true"/>'
        '<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>'
    )
    running = subprocess.Popen(
        ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address=1"],
        stdout=subprocess.PIPE,
    )
    assert running.stdout is not None
    address = running.stdout.readline().decode().strip()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    yield address
    running.terminate()
    running.wait()
    running.stdout.close()


def test_the_service_is_told_once_with_text_that_is_no_markup(bus: str) -> None:
    told: list[tuple[object, ...]] = []
    with open_dbus_connection(bus=bus) as service:
        service.send_and_get_reply(message_bus.RequestName("org.freedesktop.Notifications"))

        def serve() -> None:
            while True:
                call = service.receive(timeout=10)
                if call.header.fields.get(HeaderFields.member) == "Notify":
                    told.append(call.body)
                    service.send(new_method_return(call, "u", (1,)))
                    return

        serving = threading.Thread(target=serve)
        serving.start()
        assert tell_desktop("1 thing wants a renewal", "<a href='x'>Kestrel</a>\n\u202e & Co")
        serving.join()
    ((program, replaces, _icon, title, body, actions, hints, _time),) = told
    assert (program, replaces, title, actions, hints) == ("trustdesk", 0, "1 thing wants a renewal", [], {})
    assert body == "&lt;a href='x'&gt;Kestrel&lt;/a&gt;\\x0a\\u202e &amp; Co"


def test_without_a_service_or_a_bus_nothing_happens(bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not tell_desktop("a", "b")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all")
    assert not tell_desktop("a", "b")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    assert not tell_desktop("a", "b")
