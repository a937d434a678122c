"""The page Trust lists: lists, their versions, what would change, and what was decided."""
