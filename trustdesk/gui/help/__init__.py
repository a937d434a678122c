"""Help in the window: the handbook, the keys, the self-test, and what trustdesk is made of."""
