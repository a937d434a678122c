"""trustdesk: certificates, trust lists and live handshakes for ONE Record."""

__version__ = "0.1.0"
