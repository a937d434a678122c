"""The first module of the frozen program: what `python -m trustdesk` runs, by its full name.

Given to PyInstaller in its place: `trustdesk/__main__.py` as a script would put the package's own folders on
the path, where `trustdesk/network` is a module named `network`.
"""

import sys

from trustdesk.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
