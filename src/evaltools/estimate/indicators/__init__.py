"""Indicators from published or registered counts: one share, two shares, a share and its target."""
