"""The release plan and its gate, then tables and sentences made from released results only; `charts` stands apart."""

from evaltools.present.disclosure import (
    check_audit,
    confidential_cells,
    plan,
    release,
    release_rounded,
    release_tiles,
    with_audit,
)
from evaltools.present.effects import effect_sentence
from evaltools.present.families import BEYOND, nesting
from evaltools.present.indicator_tables import indicator_table
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
from evaltools.present.softening import information_lost, merges
from evaltools.present.stories import story_sentence
from evaltools.present.tables import count_table, crosstab_table, share_table, table

__all__ = [
    "BEYOND",
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
    "check_audit",
    "citation_sentence",
    "compare_sentence",
    "confidential_cells",
    "count_table",
    "crosstab_table",
    "effect_sentence",
    "fixed",
    "indicator_table",
    "information_lost",
    "merges",
    "nesting",
    "number",
    "plan",
    "rare_sentence",
    "release",
    "release_rounded",
    "release_tiles",
    "sentence",
    "share_table",
    "story_sentence",
    "table",
    "target_sentence",
    "with_audit",
]
