"""The embedded lab: a small PKI and partner servers on loopback, for the demo, rehearsal and tests.

May import verify, formats and core. It runs in a process of its own, ends with its parent, and listens
on loopback only. Its throw-away keys lie in its own 0700 folder for as long as it runs.

Decisions:
- 2026-11: all servers speak TLS through pyOpenSSL over memory BIOs. Against the standard library's ssl: a
  front end that takes a bad client certificate in TLS and refuses it in HTTP needs a verify callback, and
  the system's OpenSSL obeys a policy that may forbid TLS 1.1. Against asyncio's TLS transport: it loses the
  alert of a failed handshake. Measured on two shared cores: all servers up in 0.3 s, 200 endpoints more in
  0.05 s, 0.7 ms of CPU for a handshake with its answer, stopped in 0.03 s.
- 2026-11: the lab signs a trust list as an office would (`list_office`), so that the demo reviews a real one.
- 2026-11: a connection is closed for sending first and swallows what still comes for two seconds, because
  a close with unread bytes sends RST, and RST destroys the alert on its way.
"""
