"""The embedded lab: a small PKI and partner servers on loopback, for the demo, rehearsal and tests.

May import verify, formats and core. It runs in a process of its own, ends with its parent, and listens
on loopback only. Its throw-away keys lie in its own 0700 folder for as long as it runs.
"""
