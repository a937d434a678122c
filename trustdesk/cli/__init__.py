"""Commands and their rendering for terminals and scripts.

May import services and below. What needs the window (the demo's pictures) comes in through a port.
"""
