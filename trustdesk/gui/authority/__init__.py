"""A private CA for closed groups: its certificates, what it issued, and its revocation lists."""
