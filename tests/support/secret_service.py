"""A real Secret Service for a test: gnome-keyring on a private D-Bus, that can be locked and killed.

The private bus activates nothing: there is no prompter, so a locked keyring answers at once that nobody
unlocked it. Nothing of the machine's own keyring is touched.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType

import pytest
import secretstorage
from jeepney.bus_messages import MatchRule, message_bus  # type: ignore[import-untyped]
from jeepney.io.blocking import Proxy, open_dbus_connection  # type: ignore[import-untyped]

BUS_NAME = "org.freedesktop.secrets"
STARTING_S = 20.0
_PASSWORD = b"throw-away"
_ANOTHER_DESKTOP = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "GNOME_KEYRING_CONTROL")


class SecretServiceDaemon:
    """The daemon and its bus; `environ` is what a program needs to find them.

    An environment without the programs fails here: packaging/dev.py installs them.
    """

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._run = tempfile.TemporaryDirectory(prefix="keyring-")  # a socket's path is short: 107 bytes
        run = Path(self._run.name)
        self.environ = {name: value for name, value in os.environ.items() if name not in _ANOTHER_DESKTOP}
        self.environ |= {"HOME": str(home), "XDG_RUNTIME_DIR": str(run)}
        for name in ("data", "config", "cache"):
            (home / name).mkdir()
            self.environ[f"XDG_{name.upper()}_HOME"] = str(home / name)
        self.keyrings = home / "data" / "keyrings"
        configuration = home / "bus.conf"
        configuration.write_text(
            f"<busconfig><type>session</type><listen>unix:dir={run}</listen>"
            '<policy context="default"><allow send_destination="*" eavesdrop="true"/>'
            '<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>'
        )
        self._bus = subprocess.Popen(
            ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address=1"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self.environ,
        )
        assert self._bus.stdout is not None
        self.address = self._bus.stdout.readline().decode().strip()
        self._bus.stdout.close()
        assert self.address, "dbus-daemon did not start"
        self.environ["DBUS_SESSION_BUS_ADDRESS"] = self.address
        self.start()

    def __enter__(self) -> SecretServiceDaemon:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the daemon, unlocked, and wait until it has its name on the bus."""
        owner_changed = MatchRule(
            type="signal",
            sender=message_bus.bus_name,
            interface=message_bus.interface,
            member="NameOwnerChanged",
            path=message_bus.object_path,
        )
        owner_changed.add_arg_condition(0, BUS_NAME)
        with open_dbus_connection(self.address) as connection:
            Proxy(message_bus, connection).AddMatch(owner_changed)
            with connection.filter(owner_changed) as changes:
                self.daemon = subprocess.Popen(
                    ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=self.environ,
                )
                assert self.daemon.stdin is not None
                self.daemon.stdin.write(_PASSWORD)
                self.daemon.stdin.close()
                while not connection.recv_until_filtered(changes, timeout=STARTING_S).body[2]:
                    pass  # the name's old owner went

    def lock(self) -> None:
        """Lock the default collection; only a new start unlocks it again."""
        with closing(open_dbus_connection(self.address)) as connection:
            secretstorage.get_default_collection(connection).lock()

    def pause(self) -> None:
        """Let the daemon answer nothing any more, as one does that waits for a person."""
        self.daemon.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it answer what has come in meanwhile, and all that follows."""
        self.daemon.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End the daemon at once, as a crash does; its bus stays."""
        self.daemon.kill()
        self.daemon.wait()

    def stop(self) -> None:
        """End both."""
        for process in (self.daemon, self._bus):
            process.kill()
            process.wait()
        self._run.cleanup()


@contextmanager
def on_the_bus(daemon: SecretServiceDaemon) -> Iterator[None]:
    """Let this process find the daemon and its folders, as a program of its own does."""
    with pytest.MonkeyPatch.context() as patched:
        for name, value in daemon.environ.items():
            if name in {"HOME", "DBUS_SESSION_BUS_ADDRESS"} or name.startswith("XDG_"):
                patched.setenv(name, value)
        yield
