"""The machine interface: the same answers, checks and problems as the form, for other systems."""
