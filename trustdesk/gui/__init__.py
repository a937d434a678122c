"""The window: Qt Widgets, pages, models, painted parts, theme.

May import services and below, but nothing heavy before the first paint: services that import
cryptography, OpenSSL or SQLAlchemy are named for types only and arrive ready-made from `app`.

Decisions:
- 2026-11: Python collects between two events of the window's thread alone (`collector`), and leaves what is
  old alone while a sweep runs: of 3,000 endpoints the longest gap, 460 ms, was the collector's.
- 2026-11: tables of 10,000 rows filter and sort in plain Python (`partners.arrange`, `trust.entry_arrange`),
  a little at a time where it would hold up the window for longer than a key press.
- 2026-11: paper is painted (`printing`), in a process of its own, and not laid out by QTextDocument.
"""
