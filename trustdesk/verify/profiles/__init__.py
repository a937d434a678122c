"""Rule sets over the check catalogue: what a certificate, a request or a key file should look like, and why.

May import formats, core and the rest of verify. Pure: the instant, the lists, the records and the policy come
in as arguments (`profiles.context`); `verify.lint` applies the rules.

Decisions:
- 2026-11: rules that every TLS stack applies, and those about keys and chains, run whatever sets are chosen;
  a set adds its own. A rule that stands in several chosen sets weighs what the strictest of them says.
- 2026-11: the 2020 profile left the standard in 2023, so that what its rules call an error is a warning,
  unless the organisation's file says that its partners enforce it (`enforce_1r_2020`).
- 2026-11: a part of a certificate that is there and cannot be read fails the rule that needs it: the thing is
  broken. What the caller did not give (a record, a list, a key) makes the rule not run, with the reason.
"""
