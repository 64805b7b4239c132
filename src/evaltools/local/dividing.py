"""Counts that add up to a whole: released together, so that no small one can be worked out from the others."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from evaltools.estimate.result import Estimate
from evaltools.estimate.survey import proportion, survey_design
from evaltools.language import out_of
from evaltools.local.setting import Local
from evaltools.present import Number, Released, number
from evaltools.schema.model import Confidentiality


def divided(local: Local, units: Iterable[tuple[str, str]], secrets: Confidentiality) -> Released | None:
    """How units fall into parts within groups: one pair of group and part per unit. None where there is no unit.

    secrets : whose the counts are.
    """
    frame = pd.DataFrame(units, columns=["within", "part"], dtype=object)
    if frame.empty:
        return None
    made = proportion(survey_design(frame), "part", by="within")
    return local.released(made, secrets, code='proportion(survey_design(frame), "part", by="within")')


def part_number(local: Local, released: Released, within: str, part: str) -> Number | None:
    """The number of a part of a group; None where no unit fell into it."""
    assert isinstance(released.result, Estimate)
    rows = [row for row in released.result.rows if row.coordinate("within") == within]
    if part not in {row.coordinate("category") for row in rows}:
        return None
    return number(released, language=local.language, within=within, category=part)


def part_counts(local: Local, released: Released, within: str, part: str) -> str:
    """A part of a group as `7 of 70`; as hidden where it may not be told, "–" where nothing is known of the group."""
    assert isinstance(released.result, Estimate)
    base = next((row.n for row in released.result.rows if row.coordinate("within") == within), 0)
    found = part_number(local, released, within, part)
    if found is None:
        return out_of(0, base, local.language) if base else "–"
    return found.shown[""] if found.disclosure == "hidden" else found.shown["counts"]
