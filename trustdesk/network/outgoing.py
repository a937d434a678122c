"""The one place that every connection of a desk asks for its way out: the person's proxy, or none at all.

Decisions:
- 2026-11: Offline is refused here and at the network's thread, so that no page has to remember to ask. What
  runs when it is switched on is ended: a download by its `Stoppable`, a probe by its job.
"""

from __future__ import annotations

import threading
import weakref
from typing import Protocol

from urllib3.util import Url

from trustdesk.core.connections import Connections, OfflineError, ProxyUse
from trustdesk.core.message import msg
from trustdesk.core.proxy import Proxy
from trustdesk.network.web_proxy import EnvironmentProxies, NamedProxy, NoProxy, ProxyChoice, as_they_stand
from trustdesk.network.web_url import RefusedError


class Stoppable(Protocol):
    """Something that connects until it is told to stop."""

    def cancel(self) -> None:
        """End what runs, and refuse the next ones; from any thread, any number of times."""
        ...


class Outgoing:
    """A `ProxyChoice` that follows what the person chooses; from any thread."""

    def __init__(self, usual: ProxyChoice | None = None, chosen: Connections | None = None) -> None:
        """Begin with a choice.

        Args:
            usual: what ENVIRONMENT stands for; None for the environment.
            chosen: None for a choice that nobody has made yet.

        Raises:
            UnusableInputError: the named proxy cannot be used.
        """
        self._usual = usual or EnvironmentProxies()
        self._lock = threading.Lock()
        self._running: weakref.WeakSet[Stoppable] = weakref.WeakSet()
        self._chosen = chosen or Connections()
        self._way = self._way_of(self._chosen)

    @property
    def chosen(self) -> Connections:
        """What holds now."""
        return self._chosen

    def check(self, wanted: Connections) -> None:
        """See that a choice can be gone by.

        Raises:
            UnusableInputError: the named proxy cannot be used.
        """
        self._way_of(wanted)

    def choose(self, wanted: Connections) -> None:
        """Go by another choice from now on; offline, what is being downloaded ends.

        Raises:
            UnusableInputError: the named proxy cannot be used; nothing is changed then.
        """
        way = self._way_of(wanted)
        with self._lock:
            self._chosen, self._way = wanted, way
            ended = tuple(self._running) if wanted.is_offline else ()
        for one in ended:
            one.cancel()

    def watch(self, one: Stoppable) -> None:
        """Have this end when the person switches to offline."""
        with self._lock:
            self._running.add(one)

    def proxy_for(self, url: Url) -> Proxy | None:
        """Return the proxy for a URL; None for a direct connection.

        Raises:
            RefusedError: nothing may leave, or a proxy is set that cannot be used.
        """
        if self._chosen.is_offline:
            raise RefusedError(msg("not run: offline"))
        return self._way.proxy_for(url)

    def tunnel_to(self, host: str, port: int) -> Proxy | None:
        """Return the proxy for a probe; None for a direct connection.

        Raises:
            OfflineError: nothing may leave.
            UnusableInputError: a proxy is set that cannot be used.
        """
        if self._chosen.is_offline:
            raise OfflineError
        return self._way.tunnel_to(host, port)

    def as_it_stands(self) -> ProxyChoice:
        """Return a choice that does not change any more, for thousands of targets in a row.

        Raises:
            OfflineError: nothing may leave.
        """
        if self._chosen.is_offline:
            raise OfflineError
        return as_they_stand(self._way)

    def _way_of(self, wanted: Connections) -> ProxyChoice:
        if wanted.proxy_use is ProxyUse.NONE:
            return NoProxy()
        if wanted.proxy_use is ProxyUse.NAMED:
            return NamedProxy(wanted.proxy, tunnels=True)
        return self._usual
