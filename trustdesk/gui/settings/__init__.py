"""The settings dialog: each choice with its meaning, kept as soon as it is made."""
