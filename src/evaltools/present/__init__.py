"""The release plan and its gate, then tables, charts and sentences made from released results only."""

from evaltools.present.charts import bar_chart, before_after, interval_chart, response_chart, scale_chart, tile_map
from evaltools.present.disclosure import plan, release, release_tiles
from evaltools.present.model import (
    ConfidentialCell,
    Exhibit,
    FigureExhibit,
    Number,
    Released,
    ReleasedTiles,
    ReleasePlan,
    SentenceExhibit,
    TableCell,
    TableExhibit,
)
from evaltools.present.numbers import fixed, number
from evaltools.present.sentences import (
    citation_sentence,
    compare_sentence,
    rare_sentence,
    sentence,
    target_sentence,
)
from evaltools.present.tables import count_table, crosstab_table, share_table, table

__all__ = [
    "ConfidentialCell",
    "Exhibit",
    "FigureExhibit",
    "Number",
    "ReleasePlan",
    "Released",
    "ReleasedTiles",
    "SentenceExhibit",
    "TableCell",
    "TableExhibit",
    "bar_chart",
    "before_after",
    "citation_sentence",
    "compare_sentence",
    "count_table",
    "crosstab_table",
    "fixed",
    "interval_chart",
    "number",
    "plan",
    "rare_sentence",
    "release",
    "release_tiles",
    "response_chart",
    "scale_chart",
    "sentence",
    "share_table",
    "table",
    "target_sentence",
    "tile_map",
]
