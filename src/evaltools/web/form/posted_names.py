"""The names under which a page posts more than the answers themselves."""

from __future__ import annotations

from typing import Final

from evaltools.collect.missing_input import MISSING_SUFFIX

AS_SHOWN_SUFFIX: Final = "__as_shown"
"""`<field>__as_shown`: `register` or `last` where that known figure is the answer, `no` where another number is."""
TURNS_SUFFIX: Final = "__turns"
"""`<repeat>__turns`: how many turns of a repeat stood on the page."""
CHOICE_SUFFIX: Final = "__choice"
"""`<field>__choice`: `mine` or `theirs`, where somebody else has changed the field meanwhile."""
SHOWN: Final = "shown"
"""Names the radio buttons and checkboxes that stood on the page: a browser posts nothing for an empty group."""
MISSING_CODE: Final = "missing:"
"""Begins the value of a radio button that stands for a kind of missing; no code holds a colon."""

__all__ = ["AS_SHOWN_SUFFIX", "CHOICE_SUFFIX", "MISSING_CODE", "MISSING_SUFFIX", "SHOWN", "TURNS_SUFFIX"]
