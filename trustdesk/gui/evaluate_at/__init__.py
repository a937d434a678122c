"""Judging as of another day: the chip in the top bar, its calendar, and the banner that says so."""
