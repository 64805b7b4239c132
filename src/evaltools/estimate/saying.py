"""What a result is told about its rows: where they are from, whose secrets they touch, in which language it speaks."""

from __future__ import annotations

from typing import get_args

from evaltools.errors import DesignError, Fault, near
from evaltools.language import Language
from evaltools.provenance import ORIGINS
from evaltools.schema.model import STRICTEST


def check_said(origin: object, confidentiality: object, language: object) -> None:
    """`DesignError` NO_SUCH_ORIGIN, NO_SUCH_CONFIDENTIALITY or NO_SUCH_LANGUAGE for a word that is none.

    A misspelt `rehearsal` would show made-up rows without their mark, and a misspelt confidentiality too much.

    >>> check_said("rehearsal", "children", "da")
    """
    for code, name, value, known in (
        ("NO_SUCH_ORIGIN", "origin", origin, ORIGINS),
        ("NO_SUCH_CONFIDENTIALITY", "confidentiality", confidentiality, STRICTEST),
        ("NO_SUCH_LANGUAGE", "language", language, get_args(Language)),
    ):
        if value not in known:
            raise DesignError(Fault(code, name, f'there is no {name} "{value}"', near(str(value), known)))
