"""What stands around the pages: rail, top bar and status bar."""
