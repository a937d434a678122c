"""A diagnosis on the window: causes, probe matrix, letter, bundle and commands, for all pages."""
