"""The release plan and its gate, then tables, charts and sentences made from released results only."""

from evaltools.present.charts import bar_chart
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
from evaltools.present.tables import count_table, crosstab_table, share_table, table

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
    "bar_chart",
    "count_table",
    "crosstab_table",
    "fixed",
    "number",
    "plan",
    "release",
    "share_table",
    "table",
]
