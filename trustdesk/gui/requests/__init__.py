"""Certificate requests: the wizard that makes them, the cases they become, and what a CA replies."""
