"""The ways out of the house: one adapter for each channel, all spoken to through :mod:`.base`."""
