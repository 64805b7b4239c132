"""Which numbers may stand beside each other: same unit, same kind of base."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evaltools.errors import Fault, ReleaseError
from evaltools.estimate.bases import first_unlike, unlike
from evaltools.estimate.result import Estimate
from evaltools.present.forms import base_noun
from evaltools.present.model import Number, Released, TableCell
from evaltools.present.series import estimate_of


def comparable(first: Released, second: Released) -> tuple[Estimate, Estimate]:
    """The two estimates, if they may be compared.

    Raises `ReleaseError` UNLIKE_UNITS where they count different things: children and families are never compared,
    nor shares with totals; and UNLIKE_AGE_BASES, UNLIKE_PERIODS, UNLIKE_DENOMINATORS, UNLIKE_NUMERATORS or
    BASE_NOT_SAID where they say what they are made of, and it is not the same.
    """
    one, other = estimate_of(first), estimate_of(second)
    fault = unlike(one.source.made_of, other.source.made_of, one.source.question)
    if fault:
        raise ReleaseError(fault)
    for what, here, there in (
        ("count", one.source.confidentiality, other.source.confidentiality),
        ("are", one.measure, other.measure),
        ("are given in", one.unit, other.unit),
        ("have the base", base_noun(one).many, base_noun(other).many),
    ):
        if here != there:
            problem = f'the results {what} "{here}", the other "{there}"'
            remedy = "Compare like with like: the same unit, age base and denominator."
            raise ReleaseError(Fault("UNLIKE_UNITS", one.source.question, problem, remedy))
    return one, other


def check_counted(released: Released) -> None:
    """`ReleaseError` NO_COUNTS where a picture would set percentages side by side that are only cited."""
    result = estimate_of(released)
    if result.source.origin == "published" and any(row.count is None and row.n == 0 for row in result.rows):
        problem = "only percentages are published, without counts"
        remedy = "Cite them in words: `citation_sentence`. A percentage alone is not compared."
        raise ReleaseError(Fault("NO_COUNTS", result.source.question, problem, remedy))


def check_together(numbers: Iterable[Number], where: str) -> None:
    """Rates of one figure, sentence or column must be made of the same; `ReleaseError` names what differs."""
    fault = first_unlike((number.source.made_of for number in numbers), where)
    if fault:
        raise ReleaseError(fault)


def check_columns(rows: Sequence[Sequence[TableCell]], where: str) -> None:
    """The same for each column of a table, apart from rows that print in words what their rate is made of."""
    open_rows = [row for row in rows if not _names_its_base(row)]
    for column in zip(*open_rows, strict=False):
        check_together((cell.number for cell in column if cell.number is not None), where)


def _names_its_base(row: Sequence[TableCell]) -> bool:
    said = {cell.text for cell in row}
    bases = {cell.number.source.made_of for cell in row if cell.number is not None} - {None}
    return all(said & {base.words("da"), base.words("en")} for base in bases if base)
