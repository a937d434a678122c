"""Bytes to core values and back: PEM, DER, PKCS#12, certificate read-outs, JSON documents, tables.

May import core, cryptography and cattrs. Reads no file and opens no socket: bytes come in, values go out.
Heavy libraries are imported inside the modules that use them, never by this file.
"""
