"""The kinds of scalar in the files: everything is read as text, and each key says what the text must be."""

from __future__ import annotations

import re
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel as PydanticModel
from pydantic import BeforeValidator, ConfigDict, Strict, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

NAME_PATTERN = r"^[a-z][a-z0-9_]{0,27}$"
CODE_PATTERN = r"^[A-Za-z0-9_]{1,12}$"

Element = TypeVar("Element")


class Shape(PydanticModel):
    """Base of everything that describes a file: frozen, strict, no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


def whole_number(value: Any) -> Any:
    """A whole number written with digits."""
    if isinstance(value, str):
        if re.fullmatch(r"-?\d{1,15}", value):
            return int(value)
        raise _wrong("NOT_A_WHOLE_NUMBER", value, "is not a whole number", "Write digits, e.g. 2.")
    return value


def flag(value: Any) -> Any:
    """Exactly `true` or `false`."""
    if isinstance(value, str):
        if value in ("true", "false"):
            return value == "true"
        raise _wrong("NOT_TRUE_OR_FALSE", value, "is neither true nor false", "Write true or false.")
    return value


def number_or_name(value: Any) -> Any:
    """A number, or a parameter or year in braces; it stays text until the braces are filled in."""
    if isinstance(value, str) and not re.fullmatch(r"-?\d+(\.\d+)?|\{[a-z][a-z0-9_]*\}", value):
        raise _wrong("NOT_A_NUMBER", value, "is not a number", 'Write e.g. 2, 2.5 or "{answer_year}".')
    return value


def name_of_item(value: Any) -> Any:
    """A name of an item, section, rule or survey."""
    if isinstance(value, str) and not re.fullmatch(NAME_PATTERN, value):
        remedy = "Begin with a small letter; then small letters, digits and _; at most 28 signs."
        raise _wrong("BAD_NAME", value, "cannot be a name", remedy)
    return value


def name_of_wave(value: Any) -> Any:
    """The name of a wave: it becomes part of paths."""
    if isinstance(value, str) and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}", value):
        raise _wrong("BAD_NAME", value, "cannot be a wave", "Use letters, digits, _ and -, e.g. 2018.")
    return value


def code(value: Any) -> Any:
    """A code of a category: it becomes part of variable names."""
    if isinstance(value, str) and not re.fullmatch(CODE_PATTERN, value):
        raise _wrong("BAD_CODE", value, "cannot be a code", "Use 1 to 12 letters, digits and _, e.g. 4 or m1.")
    return value


def _wrong(fault: str, value: str, problem: str, remedy: str) -> PydanticCustomError:
    context = {"problem": f'"{value}" {problem}', "remedy": remedy}
    return PydanticCustomError(fault, "{problem}", context)


WholeNumber = Annotated[int, BeforeValidator(whole_number), WithJsonSchema({"type": "integer"})]
Flag = Annotated[bool, BeforeValidator(flag), WithJsonSchema({"type": "boolean"})]
NumberOrName = Annotated[str, BeforeValidator(number_or_name), WithJsonSchema({"type": ["number", "string"]})]
Name = Annotated[str, BeforeValidator(name_of_item), WithJsonSchema({"type": "string", "pattern": NAME_PATTERN})]
Wave = Annotated[str, BeforeValidator(name_of_wave), WithJsonSchema({"type": ["string", "integer"]})]
Word = Annotated[str, StringConstraints(min_length=1), WithJsonSchema({"type": ["string", "number"]})]
Code = Annotated[str, BeforeValidator(code), WithJsonSchema({"type": ["string", "integer"]})]
Many = Annotated[tuple[Element, ...], Strict(strict=False)]
