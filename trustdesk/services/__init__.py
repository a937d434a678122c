"""Use cases: every page of the window and every command calls one of these.

May import network, storage, lab and what lies below. No Qt, no terminal. Results are core values;
sentences are messages, turned into words by `services.wording` at the edge.
"""
