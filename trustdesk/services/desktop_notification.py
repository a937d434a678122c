"""One line on the person's desktop, by the freedesktop notification service; where there is none, nothing.

Source: Desktop Notifications Specification 1.2, Notify.
"""

from __future__ import annotations

import html
import os
import sys

from trustdesk.core.untrusted import visible

_NAME, _PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
_ANSWER_S = 2.0
_MOST = 400
"""Characters of one text: what is longer covers the screen on some desktops."""


def tell_desktop(title: str, body: str) -> bool:
    """Show a notification; blocks for two seconds at most.

    Args:
        title, body: plain text. The body is escaped: most services take it for markup.

    Returns:
        Whether the service took it; False where there is none (Windows, macOS, no session bus).
    """
    if not sys.platform.startswith("linux") or not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return False
    try:
        from jeepney import DBusAddress, new_method_call  # type: ignore[import-untyped]
        from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]
        from jeepney.low_level import MessageType  # type: ignore[import-untyped]
    except ImportError:
        return False
    text = html.escape(visible(body, _MOST), quote=False)
    actions: list[str] = []
    hints: dict[str, tuple[str, object]] = {}
    arguments = ("trustdesk", 0, "trustdesk", visible(title, _MOST), text, actions, hints, -1)
    call = new_method_call(
        DBusAddress(_PATH, bus_name=_NAME, interface=_NAME), "Notify", "susssasa{sv}i", arguments
    )
    try:
        with open_dbus_connection(bus="SESSION") as connection:
            answer = connection.send_and_get_reply(call, timeout=_ANSWER_S)
    except (OSError, ValueError, KeyError):
        return False  # No bus, nobody on it, or no answer in time: a reminder is not worth an error.
    return bool(answer.header.message_type is MessageType.method_return)
