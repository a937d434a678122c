"""The window: Qt Widgets, pages, models, painted parts, theme.

May import services and below, but nothing heavy before the first paint: services that import
cryptography, OpenSSL or SQLAlchemy are named for types only and arrive ready-made from `app`.
"""
