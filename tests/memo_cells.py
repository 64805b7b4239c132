"""What a number of a memo counts, which cells may not be told, and how a call and a line of the codebook are read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evaltools.estimate import Design
from evaltools.estimate.survey.designs.answers import Column
from evaltools.schema.model import Field
from memo_reader import BookTable

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

SMALLEST: Mapping[str, int] = {"children": 5, "families": 5, "staff": 3, "opinion": 3}
MUNICIPALITIES = 3
KINDS = ("region", "size")


@dataclass(frozen=True, slots=True)
class Cell:
    """What a number counts or adds up: codes of a column (none: its numbers) over some rows of a wave."""

    wave: str
    column: Column
    codes: tuple[str, ...]
    rows: Mask
    name: str
    counts_units: bool
    part: str = ""

    @property
    def limit(self) -> int:
        """The smallest count that may be told; 0 where any may."""
        assert self.column.variable is not None
        kind = self.column.variable.field.item.confidentiality
        if kind == "practice" or (kind == "opinion" and not self.codes):
            return 0
        return MUNICIPALITIES if self.codes and self.counts_units else SMALLEST[kind]

    def values(self) -> Floats:
        """By row, what counts."""
        if self.codes:
            places = [place for place, code in enumerate(self.column.categories) if code in self.codes]
            return (np.isin(self.column.codes, places) & self.rows).astype(float)
        assert self.column.numbers is not None
        return np.where(self.rows, np.nan_to_num(self.column.numbers), 0.0)

    def needed(self, units: npt.NDArray[np.str_]) -> float:
        """How wide the range must stay because the cell may not be told; 0 where it may."""
        values, n = self.values(), int(self.rows.sum())
        counted = float(values.sum())
        if 0 < n < MUNICIPALITIES:
            return float(n) if self.codes else 1.0
        if self.codes:
            small = 0 < counted < self.limit or 0 < n - counted < self.limit or 0 < n < self.limit
            return float(min(self.limit, n)) if small else 0.0
        largest = np.sort([values[units == unit].sum() for unit in np.unique(units)])[::-1]
        if not self.limit or not counted:
            return 0.0
        one, two = largest[0], largest[:2].sum()
        dominated = one > 0.75 * counted or two > 0.9 * counted or counted - two < 0.1 * one
        return max(1.0, self.limit, 0.2 * one) if n < self.limit or counted < self.limit or dominated else 0.0


def is_closed(column: Column) -> bool:
    """Whether a reader knows all answers that could be given; of a year, any may have been."""
    assert column.variable is not None
    return column.variable.category is not None or column.variable.field.item.codelist is not None


def same_weight(weights: Floats) -> float:
    assert np.ptp(weights) < 1e-9, "units alike in region and size weigh the same"
    return float(weights[0])


def group_of(design: Design, cell: Cell) -> Mask:
    """Rows in the group of a cell, whether they answered its question or not; read off those that did."""
    frame = design.answers.frame
    inside = design.mask.copy()
    for name in KINDS:
        if name in frame.columns and frame[name][cell.rows].nunique() == 1:
            inside &= (frame[name] == frame[name][cell.rows].iloc[0]).to_numpy()
    return inside


def in_group(design: Design, called: str) -> Mask:
    """Rows of the region or size that a comparison page calls so; all, where it calls neither."""
    frame = design.answers.frame
    for name in (each for each in KINDS if each in frame.columns):
        for value in frame[name].dropna().unique():
            if re.sub(r"^\d+: ", "", str(value)).casefold() in called.casefold():
                return np.asarray((frame[name] == value).to_numpy())
    return np.ones(len(frame), dtype=bool)


def coordinates_of(lookup: str) -> dict[str, str]:
    call = next(node for node in ast.walk(ast.parse(f"x{lookup}", mode="eval")) if isinstance(node, ast.Call))
    return {str(word.arg): ast.literal_eval(word.value) for word in call.keywords}


def designs_of(call: str) -> list[str]:
    """The designs that a call is about."""
    tree = ast.parse(call, mode="eval").body
    while isinstance(tree, ast.Call) and isinstance(tree.func, ast.Attribute):
        tree = tree.func.value
    assert isinstance(tree, ast.Call)
    return [ast.unparse(each) for each in tree.args if isinstance(each, ast.Call)]


def after_designs(call: str) -> str:
    tree = ast.parse(call, mode="eval").body
    assert isinstance(tree, ast.Call)
    rest = [ast.unparse(each) for each in tree.args if not isinstance(each, ast.Call)]
    rest += [f"{word.arg}={ast.unparse(word.value)}" for word in tree.keywords]
    return "".join(f", {each}" for each in rest)


def denominator_of(call: str) -> str:
    tree = ast.parse(call, mode="eval").body
    while isinstance(tree, ast.Call) and isinstance(tree.func, ast.Attribute):
        tree = tree.func.value
    assert isinstance(tree, ast.Call)
    return str(ast.literal_eval(tree.args[2]))


def entries_of(table: BookTable, asked: list[Field]) -> Iterable[tuple[Field, str, str]]:
    """Field, label and what is shown for each number of a table of answers."""
    if table.header[0] == "":
        for name, *shown in table.lines:
            found = [each for each in asked if name_of(each) == name]
            if len(found) == 1:
                yield from ((found[0], label, text) for label, text in zip(table.header[1:], shown, strict=True))
        return
    labels = {line[0] for line in table.lines}
    own = [each for each in asked if labels & set(labels_of(each))] or asked[:1]
    yield from ((own[0], line[0], line[1]) for line in table.lines)


def name_of(each: Field) -> str:
    return (each.row.label if each.row and each.part == "" else each.label).da


def labels_of(each: Field) -> list[str]:
    return [] if each.item.codelist is None else [category.label.da for category in each.item.codelist.categories]


def counted_by(design: Design, found: Field, label: str) -> tuple[str, tuple[str, ...]] | None:
    """Column and codes of one line of the codebook; None for quartiles and numbers of answers."""
    variables = [each for each in design.answers.variables.values() if each.field.name == found.name]
    if variables[0].category is not None:
        names = [each.name for each in variables if each.category and each.category.label.da == label]
        return (names[0], ("1",)) if names else None
    if label in ("Gennemsnit", "Sum"):
        return variables[0].name, ()
    codes = (
        [code.code for code in found.item.codelist.categories if code.label.da == label] if found.item.codelist else []
    )
    return (variables[0].name, (codes[0],)) if codes else None
