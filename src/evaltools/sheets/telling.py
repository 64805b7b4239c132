"""What the pages told, as cells for the release plan of a memo: who has both subtracts one from the other.

A memo counts everybody as they answered in the end, the pages those taken in as they had answered then. The difference
is about the others: who was never taken in, and who changed the answer. They are a group like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from evaltools.dataset import Dataset, build_dataset, codelist_of
from evaltools.estimate.result import Estimate, Row, Source, Sum, Term
from evaltools.present import BEYOND, ConfidentialCell, confidential_cells
from evaltools.schema import Variable, survey_from_source
from evaltools.sheets.batches import LEAST
from evaltools.sheets.figures import compared
from evaltools.sheets.frozen import GROUPINGS, frozen_snapshot
from evaltools.sheets.keeping import read_groups
from evaltools.store import Snapshot, Store, WaveSnapshot

Mask = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.str_]
Coordinates = tuple[tuple[str, str], ...]

_KEPT: Final = "kept"
_CHANGED: Final = "changed"
_OTHERS: Final = "others"


def sheet_cells(store: Store, snapshot: Snapshot) -> tuple[ConfidentialCell, ...]:
    """The figures of all pages so far, as public cells, and the small groups that they leave to be worked out.

    snapshot : of the store, from which the memo is built. Empty where no page has figures yet. Raises `DataError` as
    `build_dataset` does.
    """
    return tuple(cell for wave in snapshot.waves for cell in _cells_of_wave(store, snapshot, wave))


def _cells_of_wave(store: Store, snapshot: Snapshot, wave: WaveSnapshot) -> Iterator[ConfidentialCell]:
    if survey_from_source(wave.questionnaire).many_records:
        return
    batches, _ = read_groups(store, wave.survey, wave.wave)
    frozen = frozen_snapshot(store, wave, batches, erased=True)
    if not batches.taken_in or frozen is None:
        return
    name = f"{wave.survey}/{wave.wave}"
    now, then = build_dataset(name, snapshot), build_dataset(name, frozen)
    names = {field.name for field in compared(now.questionnaire)}
    for variable in now.variables.values():
        if variable.field.name in names:
            yield from _cells_of_variable(now, then, variable)


@dataclass(frozen=True, slots=True, eq=False)
class _Answers:
    """One column as the memo and as the pages count it; units in the same order.

    now, then : codes as text. kept : units that count alike in both.
    """

    now: Texts
    then: Texts
    answered_now: Mask
    answered_then: Mask
    kept: Mask


def _cells_of_variable(now: Dataset, then: Dataset, variable: Variable) -> Iterator[ConfidentialCell]:
    (now_given, now_answered), (then_given, then_answered) = (_given(data, variable.name) for data in (now, then))
    kept = now_answered & then_answered & (now_given == then_given)
    answers = _Answers(now_given, then_given, now_answered, then_answered, kept)
    codelist = codelist_of(variable)
    codes = ["1"] if codelist is None else [category.code for category in codelist.categories]
    for group, inside in _groups(now):
        if int((answers.answered_then & inside).sum()) >= LEAST:
            for code in codes:
                yield from _cells(now, variable, _Asked(group, code, inside, answers))


def _given(data: Dataset, name: str) -> tuple[Texts, Mask]:
    """Codes as text, and who gave one."""
    codes = data.frame[name].astype(str).str.removesuffix(".0").to_numpy(dtype=str)
    return codes, (data.missing[name] == 0).to_numpy()


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """One answer in one group that the pages tell of."""

    group: Coordinates
    code: str
    inside: Mask
    answers: _Answers

    def count(self, given: Texts, who: Mask) -> tuple[int, int]:
        """How many of these units gave the answer, and how many there are."""
        chosen = who & self.inside
        return int(((given == self.code) & chosen).sum()), int(chosen.sum())


def _groups(data: Dataset) -> Iterator[tuple[Coordinates, Mask]]:
    yield (), np.ones(len(data.frame), dtype=bool)
    for name in (each for each in GROUPINGS if each in data.frame_columns):
        for value in sorted(data.frame[name].dropna().unique()):
            yield ((name, value),), (data.frame[name] == value).to_numpy()


def _cells(data: Dataset, variable: Variable, asked: _Asked) -> Iterator[ConfidentialCell]:
    """The figure on the pages, which is public, and what the memo counts beyond it, which is not."""
    answers, kept = asked.answers, asked.answers.kept
    told, n = asked.count(answers.then, answers.answered_then)
    _, changed_n = asked.count(answers.then, answers.answered_then & ~kept)
    terms = [_term(data, variable.name, asked, _KEPT, n - changed_n)]
    on_pages = f"{variable.name} on the pages {dict(asked.group)}"
    terms += [_term(data, on_pages, asked, _CHANGED, changed_n)] if changed_n else []
    figure = _row(on_pages, asked, asked.group, (told, n))
    yield from (
        replace(cell, public=True)
        for cell in _released(data, variable, replace(figure, tells=(Sum(told, tuple(terms)),)))
    )
    others, others_n = asked.count(answers.now, answers.answered_now & ~kept)
    if others_n:
        group = (*asked.group, (BEYOND, _OTHERS))
        yield from _released(data, variable, _row(variable.name, asked, group, (others, others_n)))


def _row(column: str, asked: _Asked, group: Coordinates, counted: tuple[int, int]) -> Row:
    count, n = counted
    share = count / n if n else 0.0
    return Row(
        group, ("",) * len(group), share, n, float(n), "", count=count, counted=(column, (asked.code,))
    )  # fmt: skip


def _term(data: Dataset, column: str, asked: _Asked, part: str, n: int) -> Term:
    return Term(1.0, data.code, column, n, (*asked.group, (BEYOND, part)), (asked.code,))


def _released(data: Dataset, variable: Variable, row: Row) -> tuple[ConfidentialCell, ...]:
    item = variable.field.item
    unit = data.questionnaire.unit
    source = Source(data.origin, data.questionnaire.id, item.name, "", "", item.confidentiality, data.code, unit=unit)
    return confidential_cells(Estimate("share", (row,), source))
