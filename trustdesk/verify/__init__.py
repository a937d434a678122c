"""Judgement of certificates: paths, validity, names, purposes, and the rules of the check catalogue.

May import formats and core. Pure: the instant, the lists and the settings come in as arguments.

Decisions:
- 2026-11: the first judge builds paths with cryptography's verifier and adds validity, name and purpose
  rules of its own, behind `core.ports.Judge`; the rule evaluator that replaces it keeps that Protocol.
"""
