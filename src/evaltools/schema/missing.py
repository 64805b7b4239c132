"""The kinds of missing. Every place that lacks a value says which kind it is; 0 is always a real zero."""

from __future__ import annotations

from enum import IntEnum

from evaltools.language import Language, texts


class Missing(IntEnum):
    """Why a value is absent. The codes are one contiguous block, so that SPSS takes them as a range."""

    REFUSED = -9
    DONT_KNOW = -8
    CANNOT_BE_COUNTED = -7
    NOT_ASKED = -6
    NOT_ANSWERED = -5
    NOT_IN_VERSION = -4
    UNIT_NONRESPONSE = -3
    NO_CASES = -2

    @property
    def kind(self) -> str:
        """The name used in files, such as `dont_know`."""
        return self.name.lower()

    @property
    def offered(self) -> bool:
        """Whether a respondent may choose it; the others are set by the system only."""
        return self in OFFERED


OFFERED = frozenset({Missing.REFUSED, Missing.DONT_KNOW, Missing.CANNOT_BE_COUNTED, Missing.NO_CASES})


def missing_kind(name: str) -> Missing:
    """The missing kind of that name; `KeyError` if there is none.

    >>> missing_kind("no_cases").value
    -2
    """
    return Missing[name.upper()]


def missing_label(kind: Missing, language: Language) -> str:
    """The kind of missing in words, the same in the form, the data, the codebook and the memo.

    >>> missing_label(Missing.DONT_KNOW, "da")
    'Ved ikke'
    """
    return texts(language).say(f"schema.missing.{kind.kind}")
