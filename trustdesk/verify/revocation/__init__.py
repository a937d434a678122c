"""Judgement of revocation: what CRLs and OCSP responses say of each certificate of a path.

Pure as all of `verify`: lists, responses and the way to the web come in as `evidence`. `crl` and what stands
beside it apply RFC 5280 6.3, `ocsp` RFC 6960; `checker` joins all sources into one status for a certificate.
Nothing here is good unless a source says so that may be relied on.
"""
