"""Rules on tokens of identity providers (JWT-01 to JWT-12), and on what a provider publishes (IDP-…).

May import formats, core and the rest of verify. Pure: instant, lists, keys and certificate come in as
arguments (`tokens.case`); `tokens.judge` and `tokens.provider` apply the rules.

Decisions:
- 2026-11: keys come from the list of providers, or were fetched from where that list or the provider's own
  discovery document says, by a person's wish. A key, or an address of one, in a token's header is never used:
  whoever writes a token writes its header (RFC 8725 3.10).
- 2026-11: a token whose signature was not checked warns at best, whatever else it says. So does one whose
  provider or whose binding to a certificate was not looked at: "not run" is no pass.
- 2026-11: joserfc's algorithms check signatures, on bytes and a key that were chosen here; its readers of
  tokens and key sets are not used, because they take the last of two members of one name.
"""
