"""What the store keeps of the groups: who was taken in, and the figures as they were last made, to be used again."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import Final

from evaltools.language import Text
from evaltools.provenance import canonical_json
from evaltools.sheets.figures import Figure, Figures
from evaltools.sheets.frozen import Batches
from evaltools.store import Page, Store, find_page

FIGURES_KIND: Final = "comparison-groups"
JSON_TYPE: Final = "application/json"


def read_groups(store: Store, survey: str, wave: str) -> tuple[Batches, Figures]:
    """The batches and figures that the store keeps; none before the first."""
    page = find_page(store, survey, wave, "", FIGURES_KIND, "da")
    if page is None:
        return Batches(), {}
    kept = json.loads(page.content)
    return Batches(tuple(kept["taken_in"])), {
        field: {
            (grouping, name): {code: Figure(Text(**counts), Text(**population)) for code, counts, population in cells}
            for grouping, name, cells in groups
        }
        for field, groups in kept["figures"].items()
    }


def groups_page(batches: Batches, figures: Figures, wave: tuple[str, str], at: dt.datetime) -> Page:
    """Batches and figures as the store keeps them: a finished page of no unit. wave : survey and wave."""
    kept = {
        "taken_in": [dict(batch) for batch in batches.taken_in],
        "figures": {
            field: [
                [*group, [[code, asdict(each.counts), asdict(each.population)] for code, each in cells.items()]]
                for group, cells in groups.items()
            ]
            for field, groups in figures.items()
        },
    }
    content = canonical_json(kept).encode()
    return Page(*wave, "", FIGURES_KIND, "da", JSON_TYPE, content, at, batches.sha256)
