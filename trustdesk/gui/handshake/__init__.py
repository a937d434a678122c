"""The Handshake page: one live handshake, message by message.

Pure parts (rows, layout, run book, comparison) compute values and rectangles and are tested without a
window; the widgets beside them only draw and listen.
"""
