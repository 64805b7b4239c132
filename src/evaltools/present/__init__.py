"""The release plan and its gate, then tables, charts and sentences made from released results only."""

from evaltools.present.disclosure import plan, release
from evaltools.present.model import (
    ConfidentialCell,
    Exhibit,
    FigureExhibit,
    Number,
    Released,
    ReleasePlan,
    SentenceExhibit,
    TableCell,
    TableExhibit,
)
from evaltools.present.numbers import fixed, number

__all__ = [
    "ConfidentialCell",
    "Exhibit",
    "FigureExhibit",
    "Number",
    "ReleasePlan",
    "Released",
    "SentenceExhibit",
    "TableCell",
    "TableExhibit",
    "fixed",
    "number",
    "plan",
    "release",
]
