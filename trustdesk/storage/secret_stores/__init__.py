"""Secret stores (`core.ports.SecretStore`) over the keyrings of operating systems.

May import formats and core, as all of storage.

Decisions:
- 2026-11: `keyring`'s own classes for Secret Service, Windows Credential Locker and macOS Keychain, made
  directly. `keyring.get_keyring()` would load any class that an environment variable, a configuration file
  or an installed package names, down to one that stores nothing and says so to nobody.
- 2026-11: everything that a keyring's library raises becomes a KeyStoreError here, by the names of its
  classes: they come from four libraries, and an exception whose class nobody expected must not carry a
  secret's way into a log.
- 2026-11: a key's name says nothing of it: labels and attributes of a Secret Service are readable while it
  is locked.
"""
