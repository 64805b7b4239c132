"""What the rows of a design answered: columns with codes, kinds of missing and labels, read once and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Codes, Floats, Mask
from evaltools.language import Language
from evaltools.provenance import Origin
from evaltools.schema.missing import Missing
from evaltools.schema.model import CodeList, Questionnaire, Variable

OUTSIDE = (Missing.NOT_ASKED, Missing.NOT_IN_VERSION, Missing.NO_CASES)
"""Kinds of missing that put a unit outside the base of a question; the others leave the answer unknown."""

FREE_TEXT = ("text", "email")
"""Kinds of field whose answers are not categories of anything."""

MOST_CATEGORIES = 60
"""A plain numeric column with more distinct values is a measurement, not a list of categories."""

FEW_ROWS = 1_000
"""So many rows are looked at first: most measurements show there what they are."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One variable over the rows of a design.

    codes : index into `categories`, -1 where there is no answer. numbers : None for categories and texts.
    valid : rows with an answer. outside : rows known to lie outside the question's base. kinds : code of `Missing`.
    """

    name: str
    label: str
    valid: Mask
    outside: Mask
    kinds: npt.NDArray[np.int8]
    categories: tuple[str, ...]
    labels: tuple[str, ...]
    codes: Codes
    numbers: Floats | None
    variable: Variable | None = None

    @property
    def is_measured(self) -> bool:
        """Whether the column holds numbers that add up, not categories or truth values."""
        return self.numbers is not None and set(self.categories).isdisjoint({"True", "False"})

    @property
    def is_option(self) -> bool:
        """Whether the column says 0 or 1 for one category of a multiple item."""
        return self.variable is not None and self.variable.category is not None


@dataclass(frozen=True, eq=False)
class Answers:
    """The rows that answered, with what their columns mean.

    families : columns of an item by its name. missing : kinds of missing beside the frame, None for plain frames.
    code : the expression that gives the data again.
    """

    frame: pd.DataFrame
    missing: pd.DataFrame | None
    variables: Mapping[str, Variable]
    families: Mapping[str, tuple[str, ...]]
    questionnaire: Questionnaire | None
    frame_columns: tuple[str, ...]
    language: Language
    origin: Origin
    code: str
    memo: dict[str, Column] = field(default_factory=dict, repr=False)

    @property
    def survey(self) -> str:
        """`survey/wave`, or "" for a plain frame."""
        return "" if self.questionnaire is None else self.questionnaire.id

    def column(self, name: str) -> Column:
        """The column of that name; `DesignError` NO_SUCH_VARIABLE names near misses."""
        if name not in self.memo:
            self.memo[name] = self._read(name)
        return self.memo[name]

    def _read(self, name: str) -> Column:
        if name not in self.frame.columns:
            known = [*map(str, self.frame.columns), *self.families]
            problem = f'there is no variable "{name}"'
            raise DesignError(Fault("NO_SUCH_VARIABLE", self.survey or "data", problem, near(name, known)))
        values = self.frame[name]
        variable = self.variables.get(name)
        kinds = self._kinds(name, values)
        valid = kinds == 0
        numbers = _numbers(values, valid)
        codelist = None if variable is None or variable.category else variable.field.item.codelist
        if numbers is not None and variable is not None and variable.field.kind != "single":
            codelist = None
        free = variable is not None and variable.field.kind in FREE_TEXT
        is_option = variable is not None and variable.category is not None
        codes, categories, labels = (
            _yes_or_no(valid, numbers)
            if is_option and numbers is not None
            else _categories(values, valid & (not free), codelist, numbers, self.language)
        )
        return Column(
            name=name,
            label=name if variable is None else variable.label.to(self.language),
            valid=valid,
            outside=np.isin(kinds, OUTSIDE),
            kinds=kinds,
            categories=categories,
            labels=labels,
            codes=codes,
            numbers=numbers,
            variable=variable,
        )

    def _kinds(self, name: str, values: pd.Series) -> npt.NDArray[np.int8]:
        if self.missing is not None and name in self.variables:
            return self.missing[name].to_numpy(dtype=np.int8)
        return values.isna().to_numpy() * np.int8(Missing.NOT_ANSWERED)


def code_text(value: object) -> str:
    """A category code as text: 1, 1.0 and "1" are the same code.

    >>> code_text(1.0), code_text("m1"), code_text(True)
    ('1', 'm1', 'True')
    """
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    return str(value)


def _numbers(values: pd.Series, valid: Mask) -> Floats | None:
    if isinstance(values.dtype, pd.CategoricalDtype) or not pd.api.types.is_numeric_dtype(values.dtype):
        return None
    numbers = values.to_numpy(dtype=float)
    return numbers if valid.all() else np.where(valid, numbers, 0.0)


def _categories(
    values: pd.Series, valid: Mask, codelist: CodeList | None, numbers: Floats | None, language: Language
) -> tuple[Codes, tuple[str, ...], tuple[str, ...]]:
    """Codes per row, the categories in their order, and their labels."""
    if codelist is None and numbers is not None and len(np.unique(numbers[:FEW_ROWS])) > MOST_CATEGORIES + 1:
        return _without_categories(len(values))
    place, distinct = pd.factorize(values)
    if codelist is not None:
        labels = tuple(category.label.to(language) for category in codelist.categories)
        return _lookup(place, distinct, valid, codelist.codes), codelist.codes, labels
    known = _known(values, valid, place, distinct, is_number=numbers is not None)
    if len(known) > MOST_CATEGORIES and numbers is not None:
        return _without_categories(len(values))
    texts = tuple(code_text(value) for value in known)
    return _lookup(place, distinct, valid, texts), texts, texts


def _without_categories(rows: int) -> tuple[Codes, tuple[str, ...], tuple[str, ...]]:
    return np.broadcast_to(np.int64(-1), rows), (), ()


def _known(values: pd.Series, valid: Mask, place: Codes, distinct: Iterable[Any], *, is_number: bool) -> Sequence[Any]:
    """The different values of valid rows, in the order of the numbers, of a categorical column, or of their texts."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return list(values.dtype.categories)
    used = np.bincount((place if valid.all() else place[valid]) + 1)[1:]
    found = [value for value, rows in zip(distinct, used, strict=False) if rows]
    return sorted(found, key=None if is_number and not pd.api.types.is_bool_dtype(values.dtype) else code_text)


def _yes_or_no(valid: Mask, numbers: Floats) -> tuple[Codes, tuple[str, ...], tuple[str, ...]]:
    """The same for an option of a multiple item, which is chosen (1) or not (0)."""
    return np.where(valid, numbers, -1).astype(np.int64), ("0", "1"), ("0", "1")


def _lookup(place: Codes, distinct: Iterable[Any], valid: Mask, categories: tuple[str, ...]) -> Codes:
    """The category of each row, from the place of its value among the different ones."""
    position = {code: index for index, code in enumerate(categories)}
    table = np.array([*(position.get(code_text(value), -1) for value in distinct), -1], dtype=np.int64)
    return table[place] if valid.all() else np.where(valid, table[place], -1)
