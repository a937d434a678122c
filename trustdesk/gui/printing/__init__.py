"""Pages of A4 from `core.printed`, painted into a PDF.

Painted here and not laid out by QTextDocument, whose table rows are torn apart between pages, whose
wide tables run out of the paper, and which knows neither a page's number nor a box that stays whole.
"""
