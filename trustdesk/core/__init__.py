"""What certificates, trust lists and handshakes are.

Pure values: no I/O, no clock, no threads, no Qt, and no library beyond the standard one
and idna. Every other layer imports this one; this one imports nobody. Instants come in as aware UTC
datetimes.

Decisions:
- 2026-11: a sentence is a `Message` (gettext message id and named parameters), never a formatted string;
  faces render it. The message id is the English sentence, so English needs no catalogue.
- 2026-11: certificates cross layers as DER bytes plus `CertificateFacts`, so that damaged ones travel too.
- 2026-11: an observation (`observation`) is the few facts of a test that are compared and drawn, apart from
  its whole report (`probe`), which may be gone; what changed between two is a `Change` with what was and what
  is.
- 2026-11: what is printed (`printed`) is a list of blocks without sizes or colours, so that services say what
  stands on paper and the window's Qt alone knows how.
- 2026-11: what a trust list says (`trust_entry`, `trust_version`), what people here decide (`trust_decision`)
  and what a judge takes of both (`trust`) are kept apart: a version never changes, and a decision only takes
  trust away.
"""
