"""Whether a live endpoint is ready for ONE Record: the rules TLS-…, API-… and AMQ-… of the check catalogue.

May import formats, core and the rest of verify. Pure: what was seen of the endpoint comes in as a
`case.ReadinessCase`, with the reason for each call that was not made.

Decisions:
- 2026-11: what one probe shows is judged by `verify.handshake_rules`, here as there; this package joins
  several probes, and adds what only further calls show.
- 2026-11: what could be the network's doing (a silent port, a machine that is not reached) makes a rule not
  run: it speaks neither for the partner nor against it. A refused connection is the partner's word.
- 2026-11: what a server says in HTTP counts only where its certificate is trusted.
- 2026-11: HTTP 401 or 403 after a certificate that nobody knows tells nothing of the certificate: the same
  answer comes for want of a token.
- 2026-11: whether third parties may POST is never tried (API-11), for a POST makes something.
"""
