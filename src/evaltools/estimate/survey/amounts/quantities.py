"""The numbers that means, totals and ratios are made of: columns of numbers, or indicators of categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Floats, Mask
from evaltools.estimate.survey.designs.answers import Column
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.designs.selection import Category, blocks, check_answered, items, label_of
from evaltools.estimate.survey.writing import rcode


@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """What is averaged or added: one column of numbers (rows) with its base, and the words for it.

    below : the denominator of a ratio; None for means and totals. category : coordinate and label, or none.
    """

    item: str
    label: str
    values: Floats
    valid: Mask
    outside: Mask
    columns: tuple[Column, ...]
    term: str
    category: tuple[tuple[str, str], ...] = ()
    below: Floats | None = None

    @property
    def known(self) -> Mask:
        """Rows that settle it: an answer, or known to be outside its base."""
        return self.valid | self.outside


def quantities(design: Design, function: str, variable: str | Sequence[str], category: Category) -> list[Quantity]:
    """One quantity per variable, or per category of it; see `mean` and `total`."""
    asked = items(design.answers, variable)
    check_answered(design.answers, [name for _, name in asked])
    found = []
    for item, name in asked:
        column = design.answers.column(name)
        if not column.valid.any():
            continue
        if category is not None or (function == "total" and not column.is_measured):
            found += _indicators(design, item, name, category)
            continue
        column = _number(design, function, name)
        assert column.numbers is not None
        found.append(
            Quantity(
                item=item,
                label=label_of(design.answers, item, column),
                values=column.numbers,
                valid=column.valid,
                outside=column.outside,
                columns=(column,),
                term=f"~{name}",
            )
        )
    return found


def _indicators(design: Design, item: str, name: str, category: Category) -> list[Quantity]:
    (block,) = blocks(design.answers, [name], category)
    return [
        Quantity(
            item=item,
            label=block.item_label,
            values=block.hits[:, place],
            valid=block.valid,
            outside=block.outside,
            columns=(block.column,),
            term=rcode.indicator(block, place),
            category=((code, label),),
        )
        for place, (code, label) in enumerate(block.categories)
    ]


def _number(design: Design, function: str, name: str) -> Column:
    answers = design.answers
    column = answers.column(name)
    if column.numbers is None:
        problem = f'"{name}" holds categories, so that its {function} means nothing'
        remedy = f'Use `proportion(design, "{name}")`, or name a category.'
        raise DesignError(Fault("NOT_NUMBERS", answers.survey or "data", problem, remedy))
    return column


def quotient(design: Design, numerator: str, denominator: str) -> Quantity:
    """Two columns of numbers, one to be divided by the other, over the rows that have both."""
    check_answered(design.answers, [numerator])
    check_answered(design.answers, [denominator])
    above, below = (_number(design, "ratio", name) for name in (numerator, denominator))
    assert above.numbers is not None
    assert below.numbers is not None
    valid = above.valid & below.valid
    return Quantity(
        item=f"{numerator}/{denominator}",
        label=f"{above.label} / {below.label}",
        values=above.numbers * valid,
        valid=valid,
        outside=above.outside | below.outside,
        columns=(above, below),
        term=f"~{numerator}, ~{denominator}",
        below=below.numbers * valid,
    )
