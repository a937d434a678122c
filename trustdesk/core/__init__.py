"""What certificates, trust lists and handshakes are.

Pure values: no I/O, no clock, no threads, no Qt, and no library beyond the standard one
and idna. Every other
layer imports this one; this one imports nobody. Instants come in as aware UTC datetimes.

Decisions:
- 2026-11: a sentence is a `Message` (gettext message id and named parameters), never a formatted string;
  faces render it. The message id is the English sentence, so English needs no catalogue.
- 2026-11: certificates cross layers as DER bytes plus `CertificateFacts`, so that damaged ones travel too.
"""
