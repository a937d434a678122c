"""Bytes to core values and back: any file into an Inspection, credentials, JSON documents, tables.

May import core, cryptography and cattrs. Reads no file and opens no socket: bytes come in, values go out.
Heavy libraries are imported inside the modules that use them, never by this file.

From bytes to values: `kinds` and `pem` tell what there is; `contents` walks through containers (`pkcs7`,
`pkcs12`, `java_key_store`, `archive`); `certificate_details`, `request`, `revocation_list` and `private_key`
read one thing out, `revocation_entries` and `revocation_index` what a list holds; `opening` makes an
Inspection of it, `files` a credential, `certificate_columns` a table. From values to bytes: `issuing` makes
certificates and revocation lists, for the lab and for a private CA alike.

Trust lists come in through `list_reading`, whatever their form: our own (`list_envelope`, `list_json`, signed
as `list_signature` checks), what holds certificates alone (`list_bundles`), and those of others (`ccadb`,
`etsi_list`, `master_list`). `list_writing` writes them, and `list_losses` says what a form cannot carry.

Partners come in and go out through `partner_csv` and `partner_json`; what comes in is a draft with each row's
problems (`partner_drafts`). `observation_records`, `standing_records` and `readiness_records` are what the
workspace keeps, `…_documents` what others read. `one_record_json` reads a server's own information,
leniently.

Decisions:
- 2026-11: PKCS#12 is taken apart here, part by part, and decrypted with the library's ciphers, instead of by
  the library's one call: several keys in one file, certificates that lie open without a password, and one
  damaged part among whole ones come out; rounds of key derivation are counted before they are made. RC2 is
  own code (`rc2`), because the library has it with 128 bits only. All 405 PKCS#12 files of PKITS open.
- 2026-11: keys under PEM headers (RFC 1421) are decrypted here, because the library panics, past every
  handler of exceptions, on an initialisation vector that is too short.
- 2026-11: a long CRL is indexed in own tables of fixed width, written and read by `revocation_index`: walk,
  sort and write take 1.15 s of processor time for 1,000,000 entries and 118 MiB. Whole numbers in floats
  sort in 0.26 s, as large integers in 0.73 s; iterating over the library's entries takes 0.5 s and tells
  neither where they stand nor whose they are, and a set of the numbers alone takes 90 MiB more.
- 2026-11: lists of 100,000 certificates are read as columns (about 25 µs each), details on demand (250 µs).
- 2026-11: a list is read whole or not at all, where an Inspection shows what lies beside the damage. Our form
  refuses a field that its schema does not know, because one that says what may not be trusted must not be
  overlooked; names that begin with `x_` are left out with a remark. 2,000 entries with all fields take 1.8 s.
- 2026-11: a cell that a spreadsheet would take for a formula is defused as it is written, and taken back as
  it is read (`tables`); a file of partners is taken with all rows named that are wrong, or not at all.
- 2026-11: forms that cannot say what is not trusted are written with what is trusted alone, and a certificate
  that only helps to build paths is left out of them: whoever loads such a file trusts all of it.
"""
