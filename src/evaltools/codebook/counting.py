"""Counts of answers and of kinds of missing, as estimates that pass the release gate before anyone sees them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from evaltools.dataset import Dataset, codelist_of, is_number, is_option
from evaltools.estimate.result import Estimate, Measured, Row, Source
from evaltools.language import Language
from evaltools.present import ConfidentialCell, Released, ReleasePlan, confidential_cells, release
from evaltools.schema import Field, Item, Variable, fields, thresholds
from evaltools.schema.missing import Missing, missing_label
from evaltools.schema.model import Confidentiality

SHOWN_KINDS: Final = (Missing.NOT_ASKED, Missing.NOT_ANSWERED, Missing.UNIT_NONRESPONSE)
"""Kinds that the system sets; listed for every item, also with 0."""

_TOP: Final = 2
QUARTILES: Final = (("lower", 0.25), ("median", 0.5), ("upper", 0.75))


@dataclass(frozen=True, slots=True)
class Count:
    """One number of the codebook: a count or a figure; None where it must stay hidden."""

    label: str
    value: float | None
    share: float | None = None


@dataclass(frozen=True, slots=True)
class FieldCounts:
    """One field of an item: who was asked and answered, the answers, and why the others are missing.

    eligible, valid : None where so few cases of a registration were asked, or were not, that routing would tell
    what the question before them hides.
    """

    field: Field
    eligible: int | None
    valid: int | None
    answers: tuple[Count, ...]
    missing: tuple[Count, ...]
    holds_figures: bool


def count_field(data: Dataset, field: Field, language: Language, plan: ReleasePlan | None = None) -> FieldCounts:
    """Everything the codebook tells of one field. Free text and personal data are only counted."""
    variables = [each for each in data.variables.values() if each.field.name == field.name]
    kinds = data.missing[variables[0].name].to_numpy()
    responded = data.frame["responded"].to_numpy(dtype=bool)
    asked = responded & (kinds != Missing.NOT_ASKED) & (kinds != Missing.NOT_IN_VERSION)
    eligible, valid = int(asked.sum()), kinds == 0
    if _tells_too_much(data, eligible):
        return FieldCounts(field, None, None, (), (), is_number(variables[0]))
    answers: tuple[Count, ...] = ()
    if field.item.confidentiality != "personal":
        answers = tuple(count for each in _answers(data, variables, valid, language) for count in _shown(each, plan))
    missing = tuple(_shown(_missing(data, field.item, kinds, variables[0], language), plan))
    return FieldCounts(
        field=field,
        eligible=None if _tells_too_much(data, int(responded.sum()) - eligible) else eligible,
        valid=None if _tells_too_much(data, int(valid.sum())) else int(valid.sum()),
        answers=answers,
        missing=missing,
        holds_figures=is_number(variables[0]),
    )


def cells_of(data: Dataset) -> Iterator[ConfidentialCell]:
    """What the codebook of one dataset shows, as cells for a release plan."""
    for field in fields(data.questionnaire):
        yield from _cells_of_field(data, field)


def _cells_of_field(data: Dataset, field: Field) -> Iterator[ConfidentialCell]:
    variables = [each for each in data.variables.values() if each.field.name == field.name]
    kinds = data.missing[variables[0].name].to_numpy()
    language = data.questionnaire.languages[0]
    if field.item.confidentiality != "personal":
        for result in _answers(data, variables, kinds == 0, language):
            yield from confidential_cells(result)
    yield from confidential_cells(_missing(data, field.item, kinds, variables[0], language))


def _tells_too_much(data: Dataset, count: int) -> bool:
    """Whether a count of cases is as small as a count of children that is never shown."""
    return data.questionnaire.many_records and 0 < count < thresholds()["children"]


def _shown(result: Estimate, plan: ReleasePlan | None) -> Iterator[Count]:
    released: Released = release(result, plan)
    for index, row in enumerate(result.rows):
        if index in released.hidden:
            yield Count(row.labels[0], None)
        elif row.count is None:
            yield Count(row.labels[0], row.estimate)
        else:
            yield Count(row.labels[0], row.count, row.estimate if row.n else None)


def _answers(data: Dataset, variables: Sequence[Variable], valid: np.ndarray, language: Language) -> Iterator[Estimate]:
    first = variables[0]
    if is_option(first):
        yield _options(data, variables, valid, language)
    elif codelist_of(first) is not None:
        yield _codes(data, first, valid, language)
    elif is_number(first):
        yield from _figures(data, first, valid)


def _codes(data: Dataset, variable: Variable, valid: np.ndarray, language: Language) -> Estimate:
    codelist, values = codelist_of(variable), data.frame[variable.name]
    assert codelist is not None
    rows = [
        replace(
            _share("category", each.code, each.label.to(language), int((values == each.code).sum()), int(valid.sum())),
            counted=(variable.name, (each.code,)),
        )
        for each in codelist.categories
    ]
    return _estimate(data, variable, rows, "share")


def _options(data: Dataset, variables: Sequence[Variable], valid: np.ndarray, language: Language) -> Estimate:
    rows = []
    for each in variables:
        assert each.category is not None
        count = int((data.frame[each.name] == 1).sum())
        row = _share("choice", each.category.code, each.category.label.to(language), count, int(valid.sum()))
        rows.append(replace(row, counted=(each.name, ("1",))))
    return _estimate(data, variables[0], rows, "share")


def _share(name: str, code: str, label: str, count: int, n: int) -> Row:
    return Row(((name, code),), (label,), count / n if n else 0.0, n, float(n), "count", count=count)


def _figures(data: Dataset, variable: Variable, valid: np.ndarray) -> Iterator[Estimate]:
    """Mean, quartiles and (for whole numbers) the sum; never the smallest or largest, which are one unit's answer."""
    values = data.frame[variable.name].to_numpy(dtype=np.float64)[valid]
    if not len(values):
        return
    by_unit = pd.Series(values).groupby(data.frame.index.get_level_values("unit")[valid]).sum()
    mean = replace(
        _figure("mean", float(values.mean()), len(values)),
        counted=(variable.name, ()),
        summed=float(values.sum()),
        largest=tuple(by_unit.nlargest(_TOP).tolist()),
    )
    yield _estimate(data, variable, [mean], "mean")
    quartiles = [_figure(name, float(np.quantile(values, share)), len(values)) for name, share in QUARTILES]
    yield _estimate(data, variable, quartiles, "quantile")
    if variable.field.kind in ("integer", "count"):
        total = replace(mean, coordinates=(("figure", "total"),), labels=("total",), estimate=float(values.sum()))
        yield _estimate(data, variable, [total], "total")


def _figure(name: str, value: float, n: int) -> Row:
    return Row((("figure", name),), (name,), value, n, float(n), "count")


def _missing(data: Dataset, item: Item, kinds: np.ndarray, variable: Variable, language: Language) -> Estimate:
    occurring = {Missing(int(kind)) for kind in np.unique(kinds[kinds != 0])}
    listed = sorted({*item.missing, *SHOWN_KINDS, *occurring})
    total = len(kinds)
    rows = [
        _share("missing", kind.kind, missing_label(kind, language), int((kinds == kind).sum()), total)
        for kind in listed
    ]
    return _estimate(data, variable, rows, "count", kinds_only=True)


def _estimate(
    data: Dataset, variable: Variable, rows: Sequence[Row], measure: Measured, *, kinds_only: bool = False
) -> Estimate:
    item, questionnaire = variable.field.item, data.questionnaire
    source = Source(
        origin=data.origin,
        survey=questionnaire.id,
        question=f"{item.name}: {item.label.da}",
        universe=questionnaire.universe.da,
        weight="",
        confidentiality=_of_kinds(data, item) if kinds_only else item.confidentiality,
        code=f'codebook({data.code}, "{variable.field.name}")',
    )
    return Estimate(measure, tuple(rows), source)


def _of_kinds(data: Dataset, item: Item) -> Confidentiality:
    """What a count of missing answers tells of: of municipalities, or of the cases of a registration."""
    if not data.questionnaire.many_records:
        return "practice"
    return "children" if item.confidentiality == "personal" else item.confidentiality
