"""The page Identities: our own certificates, how they come in, go out, and what they can be used for."""
