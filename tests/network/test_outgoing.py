"""The way out of a desk: which proxy it goes by, and that nothing leaves once a person is offline."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.network.test_web_proxy import BODY, ForwardingProxy, only_the_proxy
from tests.support.peers import Peer
from trustdesk.core.connections import Connections, OfflineError, ProxyUse
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.ports import FetchFailure
from trustdesk.core.target import parse_target
from trustdesk.network.download import Downloader, FetchLimits
from trustdesk.network.fetch import WebFetcher
from trustdesk.network.outgoing import Outgoing
from trustdesk.network.request import ProbeRequest
from trustdesk.network.thread import NetworkThread
from trustdesk.network.web_connection import WebRequest
from trustdesk.network.web_url import parsed_url

OFFLINE = Connections(is_offline=True)


def test_a_named_proxy_is_gone_through_from_the_moment_it_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    proxy = ForwardingProxy()
    with Peer(proxy) as peer:
        ways = Outgoing()
        ways.choose(Connections(proxy_use=ProxyUse.NAMED, proxy=f"http://proxy.example:{peer.port}"))
        assert ways.tunnel_to("partner.example", 443) == ways.proxy_for(parsed_url("http://ca.example/"))
        assert WebFetcher(proxies=ways, resolver=only_the_proxy).fetch("http://ca.example/") == BODY
    assert proxy.requests


def test_none_goes_around_the_proxies_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    ways = Outgoing()
    assert ways.tunnel_to("partner.example", 443) is not None
    ways.choose(Connections(proxy_use=ProxyUse.NONE))
    assert ways.tunnel_to("partner.example", 443) is None


@pytest.mark.parametrize("text", ["", "gopher://x", "http://user:secret@proxy.example:1"])
def test_a_proxy_that_cannot_be_used_leaves_the_choice_before(text: str) -> None:
    ways = Outgoing(chosen=OFFLINE)
    with pytest.raises(UnusableInputError) as caught:
        ways.choose(Connections(proxy_use=ProxyUse.NAMED, proxy=text))
    assert "secret" not in repr(caught.value)
    assert ways.chosen == OFFLINE


def test_offline_refuses_downloads_before_any_name_is_asked_for() -> None:
    asked: list[str] = []

    def resolver(host: str, _port: int) -> tuple[()]:
        asked.append(host)
        return ()

    found = WebFetcher(proxies=Outgoing(chosen=OFFLINE), resolver=resolver).fetch("http://ca.example/ca.cer")
    assert isinstance(found, FetchFailure)
    assert found.reason.id == "not run: offline"
    assert asked == []


def test_offline_refuses_probes() -> None:
    ways = Outgoing(chosen=OFFLINE)
    with pytest.raises(OfflineError):
        ways.tunnel_to("partner.example", 443)
    with pytest.raises(OfflineError):
        ways.as_it_stands()


def test_a_download_that_runs_ends_when_the_person_goes_offline() -> None:
    ways = Outgoing()
    waits, goes_on = threading.Event(), threading.Event()

    def resolver(_host: str, _port: int) -> tuple[()]:
        waits.set()
        goes_on.wait(10)
        return ()

    downloader = Downloader(proxies=ways, resolver=resolver)
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(
            downloader.download, WebRequest(url="http://ca.example/"), FetchLimits(total_s=9), lambda _: None
        )
        assert waits.wait(10)
        ways.choose(OFFLINE)
        found = done.result(5)
        goes_on.set()
    assert isinstance(found, FetchFailure)
    assert downloader.is_cancelled


def test_the_network_thread_begins_nothing_while_it_is_offline() -> None:
    network = NetworkThread()
    network.start()
    try:
        network.set_offline(True)
        request = ProbeRequest(target=parse_target("https://127.0.0.1:1"), judge=None)  # type: ignore[arg-type]
        with pytest.raises(OfflineError):
            network.probe(request)
        network.set_offline(False)
        network.probe(request).cancel()
    finally:
        network.close()
