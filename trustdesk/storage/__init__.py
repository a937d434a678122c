"""Files: the workspace database, atomic files, places, packaged resources.

May import verify, formats and core. One thread of its own owns the workspace database.
"""
