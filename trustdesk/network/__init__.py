"""Sockets and TLS: resolver, dialer, sans-IO TLS client, probe and sweep.

May import verify, formats and core. Everything runs in one asyncio loop in one thread of its own
(`network.thread`); nothing here formats text for people or judges: the judge is injected.

Decisions:
- 2026-11: pyOpenSSL over memory BIOs, public API only; the messages are read from the wire by a tap that
  is fed from OpenSSL's key-log callback, in memory.
- 2026-11: inbound bytes are cut into records and handed over one at a time. When the server's Certificate
  message is complete the machine stops, the judge decides, and only then may a credential be loaded.
"""
