"""Judgement of certificates: paths, validity, names, purposes, and the rules of the check catalogue.

May import formats and core. Pure: the instant, the lists and the settings come in as arguments.

Decisions:
- 2026-11: own builder (`builder`), own rules (`rules`) and evaluator (`evaluator`) on the primitives of
  cryptography, joined in `path_verifier`; `second_opinion` asks cryptography's verifier the same. The first
  judge, which had that verifier as its gate, is replaced; `judge` keeps its Protocol and its findings.
- 2026-11: measured on two shared cores, processor time, least of many rounds: a chain of three with all 192
  checks takes 0.15 ms, with its search and both its signatures (two ECDSA, 0.07 ms each) 0.33 ms, the second
  opinion 0.20 ms more (the same two signatures again), decoding a leaf 0.04 ms after 0.07 ms of reading it.
  Checks that depend on one certificate and its place are kept with it; in bulk only failures are kept
  (0.70 ms a leaf for both purposes and engines, 0.20 ms of it three signatures; a process is up and has its
  2,000 anchors after 0.45 s).
- 2026-11: revocation is judged by `revocation`, and is one rule among the others. PKITS with its CRLs, hard
  fail: 223 of 224 tests; of the other one (4.1.5) no library here loads the key.
- 2026-11: gate (`server_rules`, `chain_rules`) and rule sets (`profiles`) look along a path through one
  `path_view`, which ends where the path does not bind; `profiles.path_outcomes` says once what comes of a
  rule there.
- 2026-11: what lists, decisions and policies say is applied to every path, wherever it ends (`path_policy`):
  a distrust holds for all lists together and by key, however that is encoded (`same_keys`), so that no
  cross-certificate leads around it. For thousands of chains `standing` gives the gate's word without
  findings; a test holds the two together on random PKIs.
- 2026-11: rules on tokens and on identity providers have a package of their own, `tokens`; those on whether
  an endpoint is ready for ONE Record are in `readiness`.
- 2026-11: signatures are checked from the DER, not from the library's certificate object, so that what the
  library does not load (negative serial numbers) is judged as well.
"""
