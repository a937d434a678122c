"""The parts that pages are made of; each paints itself from the tokens of the theme in force."""
