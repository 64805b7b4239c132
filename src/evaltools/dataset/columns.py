"""One variable's values and kinds of missing, typed and checked against the questionnaire."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from evaltools.collect.model import Answers
from evaltools.errors import DataError, Fault, near
from evaltools.schema.missing import Missing
from evaltools.schema.model import CodeList, Value, Variable

NUMBER_KINDS: Final = frozenset({"integer", "decimal", "count", "year", "computed"})
"""Kinds of field whose values are numbers (a computed truth value becomes 0 or 1)."""

Kinds = npt.NDArray[np.int8]


def is_option(variable: Variable) -> bool:
    """Whether the column says 0 or 1 for one category of a multiple field."""
    return variable.category is not None


def is_number(variable: Variable) -> bool:
    """Whether the column holds numbers that may be added (not codes, not options)."""
    computes_codes = variable.field.kind == "computed" and variable.field.item.codelist is not None
    return not is_option(variable) and variable.field.kind in NUMBER_KINDS and not computes_codes


def codelist_of(variable: Variable) -> CodeList | None:
    """The code list whose codes the column holds; None for options, numbers and texts."""
    holds_codes = variable.field.kind in ("single", "computed") and not is_option(variable)
    return variable.field.item.codelist if holds_codes else None


def column(variable: Variable, answers: Sequence[Answers | None], where: str) -> tuple[pd.Series, Kinds]:
    """The values of one variable over all rows, and their kinds of missing; an answer of None is a nonrespondent."""
    values: list[str | float | None] = []
    kinds = np.zeros(len(answers), dtype=np.int8)
    for position, row in enumerate(answers):
        value = Missing.UNIT_NONRESPONSE if row is None else row.get(variable.field.name, Missing.NOT_ANSWERED)
        if isinstance(value, Missing):
            kinds[position] = value
            values.append(None)
        else:
            values.append(_typed(variable, value, where))
    dtype = "float64" if is_option(variable) or is_number(variable) else "str"
    return pd.Series(values, dtype=dtype, name=variable.name), kinds


def _typed(variable: Variable, value: Value, where: str) -> str | float:
    if is_option(variable):
        return _option(variable, value, where)
    if is_number(variable):
        if isinstance(value, (int, float)):
            return float(value)
        raise _unlike(variable, value, where, "a number")
    if not isinstance(value, str):
        raise _unlike(variable, value, where, "a text")
    codelist = codelist_of(variable)
    if codelist is not None and value not in codelist.codes:
        raise _unknown_code(variable, value, codelist, where)
    return value


def _option(variable: Variable, value: Value, where: str) -> float:
    if not isinstance(value, tuple):
        raise _unlike(variable, value, where, "a list of codes")
    codelist = variable.field.item.codelist
    for code in value if codelist is not None else ():
        if codelist is not None and code not in codelist.codes:
            raise _unknown_code(variable, code, codelist, where)
    return float(variable.category is not None and variable.category.code in value)


def _unlike(variable: Variable, value: Value, where: str, wanted: str) -> DataError:
    problem = f'"{variable.field.name}" holds {value!r}, which is not {wanted}'
    return DataError(Fault("ANSWER_OF_OTHER_TYPE", where, problem, "Send the answer again through `receive`."))


def _unknown_code(variable: Variable, code: str, codelist: CodeList, where: str) -> DataError:
    problem = f'"{variable.field.name}" holds the code "{code}", which the code list "{codelist.name}" does not have'
    return DataError(Fault("UNKNOWN_CODE", where, problem, near(code, codelist.codes)))
