"""One window for each workspace: a second start hands its files over to the first and ends."""
