"""Where the lab listens: loopback, and never beyond it."""

from __future__ import annotations

import socket

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg

LOOPBACK = "127.0.0.1"


def loopback_socket() -> socket.socket:
    """Return a socket that is bound to a port of the system's choice.

    Raises:
        EnvironmentFailureError: the system has no more ports or file descriptors to give.
    """
    listener: socket.socket | None = None
    try:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.bind((LOOPBACK, 0))
    except OSError as problem:
        if listener is not None:
            listener.close()
        raise EnvironmentFailureError(
            msg("A lab server cannot listen on loopback: {reason}.", reason=problem.strerror or str(problem)),
            remedy=msg("Start fewer endpoints, or raise this account's limit of open files."),
            place=LOOPBACK,
        ) from problem
    return listener
