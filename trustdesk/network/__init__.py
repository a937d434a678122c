"""Sockets and TLS: resolver, dialer, sans-IO TLS client, probe and sweep.

May import verify, formats and core. Everything runs in one asyncio loop in one thread of its own
(`network.thread`); nothing here formats text for people or judges: the judge is injected.

Decisions:
- 2026-11: pyOpenSSL over memory BIOs, public API only; the messages are read from the wire by a tap that
  is fed from OpenSSL's key-log callback, in memory.
- 2026-11: inbound bytes are cut into records and handed over one at a time. When the server's Certificate
  message is complete the machine stops, the judge decides, and only then may a credential be loaded.
- 2026-11: a sweep (`sweep`) reads its targets as places become free, a few at a time for each host
  (`host_queue`), asks for each name once (`address_book`), and keeps within the files that the process may
  open (`file_limit`): it raises the limit to the hard one, and backs off where the system has no more.
- 2026-11: OpenSSL's contexts are made once for all probes that observe alike (`observing_context`).
- 2026-11: what leaves with a token goes over `strict_exchange`, which shares nothing with a probe: verified
  inside the handshake, no redirect followed, no resumption.
"""
