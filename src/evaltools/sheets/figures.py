"""The groups' figures in words, through the same estimates and the same gate as a memo's, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from evaltools.dataset import Dataset
from evaltools.errors import DesignError
from evaltools.estimate import Design, Estimate, choices, design, proportion
from evaltools.estimate.result import Row
from evaltools.language import Language, Text
from evaltools.present import Released, release
from evaltools.present.numbers import row_number
from evaltools.schema import Field, Questionnaire, fields
from evaltools.sheets.batches import LEAST
from evaltools.sheets.frozen import GROUPINGS

EVERYBODY: Final = ("", "")
"""The group of all: no grouping, no name."""

Group = tuple[str, str]
"""A grouping and the name of one of its groups, such as `("region", "Nordjylland")`."""


@dataclass(frozen=True, slots=True)
class Figure:
    """How many of a group gave one answer. `counts`: "5 ud af 8"; `population`: what it says of all, or nothing."""

    counts: Text
    population: Text


Figures = Mapping[str, Mapping[Group, Mapping[str, Figure]]]
"""Field -> group -> code of an answer -> figure. A group in which too few were asked is not there."""


def compared(questionnaire: Questionnaire) -> tuple[Field, ...]:
    """The fields that are compared: choices about practice. No counts, no reasons, no assessments, no texts."""
    return tuple(
        field
        for field in fields(questionnaire)
        if field.kind in ("single", "multiple") and field.item.confidentiality == "practice" and field.part == ""
    )


def figures_of(data: Dataset) -> Figures:
    """The figures of every field that is compared, by group and for all.

    data : with those taken in as its only answers. Raises what `design` and `release` do.
    """
    everybody = design(data)
    groupings = [name for name in GROUPINGS if name in data.frame_columns]
    return {
        field.name: {
            group: counts for name in ("", *groupings) for group, counts in _by_group(everybody, field, name).items()
        }
        for field in compared(data.questionnaire)
    }


def _by_group(everybody: Design, field: Field, grouping: str) -> dict[Group, dict[str, Figure]]:
    """The groups of one grouping that have enough answers, each with a figure for every code."""
    found: dict[Group, dict[str, Figure]] = {}
    estimate = _estimate(everybody, field, grouping)
    if estimate is None:
        return found
    released = release(estimate)
    for row in estimate.rows:
        name = row.coordinate(grouping) if grouping else ""
        if row.n >= LEAST and (name or not grouping):
            found.setdefault((grouping, name), {})[row.coordinate("category")] = _figure(released, row)
    return found


def _estimate(everybody: Design, field: Field, grouping: str) -> Estimate | None:
    """The shares of one field; None where nobody was asked or answered."""
    estimator = choices if field.kind == "multiple" else proportion
    try:
        return estimator(everybody, field.name, by=grouping or None)
    except DesignError:
        return None


def _figure(released: Released, row: Row) -> Figure:
    danish, english = (dict(_forms(released, row, language)) for language in ("da", "en"))
    return Figure(*(Text(danish[form], english[form]) for form in ("counts", "population")))


def _forms(released: Released, row: Row, language: Language) -> Iterator[tuple[str, str]]:
    number = row_number(released, row, language=language)
    yield "counts", number.shown.get("counts", number.shown[""])
    yield "population", number.shown.get("population", "") if number.disclosure == "checked" else ""
