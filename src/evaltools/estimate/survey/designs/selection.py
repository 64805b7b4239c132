"""What a call asks for: variables, families and categories, read against the questionnaire into blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Floats, Mask
from evaltools.estimate.survey.designs.answers import Answers, Column, code_text
from evaltools.estimate.survey.designs.cells import Cells, laid_out
from evaltools.language import Language
from evaltools.schema.missing import Missing, missing_kind, missing_label

Names = str | Sequence[str] | None
"""One name, several, or none: what `by`, `strata` and their like take."""

Category = str | int | Sequence[str | int] | None


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """One variable and what is counted in it.

    item : coordinate of the block (row of a grid, else the variable). categories : coordinate and label of each
    thing counted. cells : a column for each of them, 1 where the row has it. valid, outside : see `Column`.
    terms : the column and the codes that make up each category.
    """

    item: str
    item_label: str
    column: Column
    categories: tuple[tuple[str, str], ...]
    cells: Cells
    valid: Mask
    outside: Mask
    terms: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def hits(self) -> Floats:
        """The columns laid out: rows x categories, 1 where the row has it."""
        return self.cells.dense()


def names_of(value: Names) -> tuple[str, ...]:
    """The names in order.

    >>> names_of("region"), names_of(["region", "size"]), names_of(None)
    (('region',), ('region', 'size'), ())
    """
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)


def blocks(
    answers: Answers, variable: str | Sequence[str], category: Category, with_missing: Sequence[str] = ()
) -> tuple[Block, ...]:
    """One block per variable. `variable` is a name, several, or a family of a grid; see `proportion`."""
    asked = items(answers, variable)
    check_answered(answers, [name for _, name in asked])
    return tuple(_block(answers, item, name, category, tuple(with_missing)) for item, name in asked)


def items(answers: Answers, variable: str | Sequence[str]) -> list[tuple[str, str]]:
    """(coordinate, column) of each variable asked for; a grid's family gives its rows."""
    names = names_of(variable)
    if not names:
        raise DesignError(Fault("NO_SUCH_VARIABLE", answers.survey or "data", "no variable is named", "Name one."))
    found: list[tuple[str, str]] = []
    for name in names:
        if name in answers.families and name not in answers.frame.columns:
            found += [(_row_name(answers, each) if len(names) == 1 else each, each) for each in _family(answers, name)]
        else:
            found.append((name, name))
    return found


def label_of(answers: Answers, item: str, column: Column) -> str:
    """The words for a block: the grid's row where the coordinate is a row, else the variable."""
    row = None if column.variable is None else column.variable.field.row
    return column.label if row is None or row.name != item else row.label.to(answers.language)


def options(answers: Answers, item: str) -> tuple[tuple[str, ...], ...]:
    """The option columns of a multiple item: one entry, or one per row for a grid of multiples.

    Raises `DesignError` NO_SUCH_VARIABLE or NOT_A_MULTIPLE.
    """
    if item not in answers.families:
        if item in answers.frame.columns:
            problem = f'"{item}" holds one choice, not several'
            raise DesignError(Fault("NOT_A_MULTIPLE", answers.survey, problem, f'Use `proportion(design, "{item}")`.'))
        multiples = [name for name in answers.families if _is_multiple(answers, name)]
        problem = f'there is no multiple item "{item}"'
        raise DesignError(Fault("NO_SUCH_VARIABLE", answers.survey or "data", problem, near(item, multiples)))
    if not _is_multiple(answers, item):
        problem = f'the rows of "{item}" hold one choice each, not several'
        raise DesignError(Fault("NOT_A_MULTIPLE", answers.survey, problem, f'Use `proportion(design, "{item}")`.'))
    by_field: dict[str, list[str]] = {}
    for name in answers.families[item]:
        by_field.setdefault(answers.variables[name].field.name, []).append(name)
    return tuple(map(tuple, by_field.values()))


def _is_multiple(answers: Answers, family: str) -> bool:
    return all(answers.variables[name].category is not None for name in answers.families[family])


def _family(answers: Answers, name: str) -> tuple[str, ...]:
    if _is_multiple(answers, name):
        problem = f'"{name}" lets people choose several answers'
        remedy = f'Use `choices(design, "{name}")`, whose shares need not add to 100 pct.'
        raise DesignError(Fault("MULTIPLE_ITEM", answers.survey, problem, remedy))
    return answers.families[name]


def _row_name(answers: Answers, name: str) -> str:
    row = answers.variables[name].field.row
    return name if row is None else row.name


def _block(answers: Answers, item: str, name: str, category: Category, with_missing: tuple[str, ...]) -> Block:
    column = answers.column(name)
    label = label_of(answers, item, column)
    if not column.valid.any():
        nowhere = np.zeros(len(column.valid), dtype=np.int64)
        return Block(item, label, column, (), Cells(nowhere, 0), column.valid, column.outside)
    kinds = _kinds(answers, with_missing)
    valid = np.logical_or.reduce([column.valid, *(column.kinds == kind for kind in kinds)])
    wanted = _wanted(answers, column, category)
    words = [(code, label) for code, label, _ in wanted]
    words += [(kind.kind, missing_label(kind, answers.language)) for kind in kinds] if category is None else []
    return Block(
        item=item,
        item_label=label,
        column=column,
        categories=tuple(words),
        cells=_cells(column, [codes for _, _, codes in wanted], kinds if category is None else []),
        valid=valid,
        outside=column.outside,
        terms=tuple((name, tuple(column.categories[place] for place in places)) for _, _, places in wanted),
    )


def _cells(column: Column, wanted: Sequence[Sequence[int]], kinds: Sequence[Missing]) -> Cells:
    """Rows by what is counted: sets of categories first, then kinds of missing."""
    size = len(wanted) + len(kinds)
    all_in_order = [tuple(places) for places in wanted] == [(place,) for place in range(len(column.categories))]
    if all_in_order and not kinds and column.valid.all():
        return Cells(column.codes, size)
    place = np.full(len(column.categories) + 1, size, dtype=np.int64)
    for index, places in enumerate(wanted):
        place[list(places)] = index
    codes = place[column.codes]
    for index, kind in enumerate(kinds, len(wanted)):
        codes[column.kinds == kind] = index
    return Cells(codes, size)


def option_blocks(answers: Answers, item: str) -> tuple[Block, ...]:
    """One block per field of a multiple item (one, or one per row of a grid) with its options as categories."""
    by_field = options(answers, item)
    check_answered(answers, [name for names in by_field for name in names])
    return tuple(_option_block(answers, names) for names in by_field)


def _option_block(answers: Answers, names: Sequence[str]) -> Block:
    columns = [answers.column(name) for name in names]
    first = columns[0]
    assert first.variable is not None
    field = first.variable.field
    shown = field.label if field.row is None else field.row.label
    return Block(
        item=field.name if field.row is None else field.row.name,
        item_label=shown.to(answers.language),
        column=replace(first, label=shown.to(answers.language)),
        categories=tuple(_option(column, answers.language)[:2] for column in columns),
        cells=laid_out(np.stack([column.numbers == 1 for column in columns], axis=1).astype(float)),
        valid=first.valid,
        outside=first.outside,
        terms=tuple((name, ("1",)) for name in names),
    )


def _kinds(answers: Answers, names: tuple[str, ...]) -> list[Missing]:
    try:
        return [missing_kind(name) for name in names]
    except KeyError as unknown:
        known = [kind.kind for kind in Missing]
        problem = f"there is no kind of missing {unknown}"
        raise DesignError(
            Fault("NO_SUCH_MISSING", answers.survey, problem, near(str(unknown.args[0]).lower(), known))
        ) from None


def check_answered(answers: Answers, names: Sequence[str]) -> None:
    """`DesignError` NEVER_ASKED or NO_ANSWERS when no row of the design has a value in any of the columns."""
    columns = [answers.column(name) for name in names]
    if any(column.valid.any() for column in columns):
        return
    column = columns[0]
    if column.outside.all():
        problem = f'"{column.name}" was asked of none of those who answered'
        raise DesignError(Fault("NEVER_ASKED", answers.survey or "data", problem, "See the routing of the question."))
    problem = f'"{column.name}" has no answer in any row'
    raise DesignError(Fault("NO_ANSWERS", answers.survey or "data", problem, "Choose a variable with answers."))


def nobody_answered(answers: Answers, columns: Iterable[Column]) -> DesignError:
    """The error NO_ANSWERS of a domain in which no row has an answer to any of the columns."""
    problem = f"nobody in the domain has an answer to {', '.join(column.name for column in columns)}"
    return DesignError(Fault("NO_ANSWERS", answers.survey or "data", problem, "Widen the domain."))


def _wanted(answers: Answers, column: Column, category: Category) -> list[tuple[str, str, tuple[int, ...]]]:
    """(coordinate, label, positions) of each thing to count."""
    if not column.categories:
        problem = f'"{column.name}" holds numbers, not categories'
        raise DesignError(
            Fault("NOT_CATEGORIES", answers.survey or "data", problem, "Use `mean`, `total` or `ratio` for numbers.")
        )
    if category is None:
        if column.is_option:
            return [_option(column, answers.language)]
        return [
            (code, label, (place,))
            for place, (code, label) in enumerate(zip(column.categories, column.labels, strict=True))
        ]
    codes, name, label = _codes(answers, column, category)
    return [(name, label, tuple(column.categories.index(code) for code in codes if code in column.categories))]


def _option(column: Column, language: Language) -> tuple[str, str, tuple[int, ...]]:
    assert column.variable is not None
    assert column.variable.category is not None
    place = tuple(index for index, code in enumerate(column.categories) if code == "1")
    return column.variable.category.code, column.variable.category.label.to(language), place


def _codes(answers: Answers, column: Column, category: Category) -> tuple[tuple[str, ...], str, str]:
    """The codes that a category names, with the coordinate and label of the set."""
    if isinstance(category, str) and category not in column.categories:
        concepts = {} if answers.questionnaire is None else answers.questionnaire.concepts
        if category in concepts and concepts[category].codes:
            return concepts[category].codes, category, concepts[category].label.to(answers.language)
    codes = tuple(map(code_text, [category] if isinstance(category, (str, int)) else category or ()))
    allowed = _allowed(column)
    for code in codes:
        if code not in allowed:
            known = [*allowed, *(() if answers.questionnaire is None else answers.questionnaire.concepts)]
            problem = f'"{column.name}" has no category "{code}"'
            raise DesignError(Fault("NO_SUCH_CATEGORY", answers.survey or "data", problem, near(code, known)))
    labels = [column.labels[column.categories.index(code)] for code in codes if code in column.categories]
    return codes, "+".join(codes), " / ".join(labels)


def _allowed(column: Column) -> tuple[str, ...]:
    """A yes/no column in which everyone said the same still has both categories."""
    if column.numbers is not None and set(column.categories) <= {"0", "1"}:
        return ("0", "1")
    return column.categories
