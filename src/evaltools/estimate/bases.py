"""What a rate is made of, and the one rule that says whether two rates may stand side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from evaltools.errors import DesignError, Fault
from evaltools.language import Language, noun, texts

PERIODS: Final = ("stock", "flow", "unknown")
"""On one day, during a span of time, or not told by the source."""

_FIELDS: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "unit": ("UNLIKE_UNITS", "unit", "Count the same in both: children beside children, families beside families."),
        "age_base": ("UNLIKE_AGE_BASES", "age base", "Take both of the same ages."),
        "period": (
            "UNLIKE_PERIODS", "period", "Take both on one day (stock), or both during spans of one length (flow).",
        ),
        "denominator": ("UNLIKE_DENOMINATORS", "denominator", "Divide both by the same, or show each by itself."),
        "numerator": ("UNLIKE_NUMERATORS", "numerator", "Count the same in both, or list them in `indicator_table`."),
    }
)  # fmt: skip
"""Part of a base -> code of the refusal, its name in a message, what to do. The first part that differs is named."""


@dataclass(frozen=True, slots=True)
class Base:
    """What a rate counts and of what, in words. `unit` is a key of `language.noun`, such as `family`.

    age_base : "0-17 år"; "" where no ages are meant. period : one of `PERIODS`. span : how long a flow was counted.
    """

    numerator: str
    denominator: str
    unit: str
    age_base: str = ""
    period: str = "unknown"
    span: str = ""

    def part(self, name: str) -> str:
        """One of the five parts that must be the same; a flow's period names its span.

        >>> Base("found", "new families", "family", period="flow", span="year").part("period")
        'flow, year'
        """
        return ", ".join(filter(None, (self.period, self.span))) if name == "period" else str(getattr(self, name))

    def words(self, language: Language) -> str:
        """The base as a table prints it beside a rate: what of what, the unit, which ages, when.

        >>> Base("found", "new families", "family", period="flow", span="year").words("en")
        'found, of new families; families; during the period (flow), year'
        """
        say, known = texts(language).say, noun(self.unit, language)
        period = say(f"estimate.period.{self.period}")
        when = ", ".join(filter(None, (period, self.span)))
        of = say("estimate.period.of", counted=self.numerator, among=self.denominator)
        return "; ".join(filter(None, (of, known.many if known else self.unit, self.age_base, when)))


def unlike(one: Base | None, other: Base | None, where: str = "rates") -> Fault | None:
    """Why two rates may not stand side by side: the first part that differs, by name, and what to do; None if they may.

    A rate that says what it is made of never stands beside one that does not.

    >>> share = Base("in the network", "all placements", "placement", "0-17", "stock")
    >>> unlike(share, Base("in the network", "all placements", "placement", "0-22", "stock")).code
    'UNLIKE_AGE_BASES'
    """
    if one is None or other is None:
        remedy = "Say of both which indicator they are of, with `as_indicator`."
        problem = "only one of the two rates says what it is made of"
        return None if one is other else Fault("BASE_NOT_SAID", where, problem, remedy)
    for name, (code, called, remedy) in _FIELDS.items():
        here, there = one.part(name), other.part(name)
        if here != there:
            return Fault(code, where, f'the {called} differs: "{here}" and "{there}"', remedy)
    return None


def first_unlike(bases: Iterable[Base | None], where: str) -> Fault | None:
    """Why rates of a table or chart may not stand together; those that do not say what they are made of are passed by.

    >>> first_unlike([None, Base("a", "b", "child"), Base("a", "b", "family")], "the table").problem
    'the unit differs: "child" and "family"'
    """
    known = [base for base in dict.fromkeys(bases) if base is not None]
    return next(filter(None, (unlike(one, other, where) for one, other in pairwise(known))), None)


def check_same(parts: Iterable[tuple[str, str, str]], where: str, remedy: str) -> None:
    """`DesignError` UNLIKE_UNITS for the first part that is not the same in both: its name, and what it is in each."""
    for what, here, there in parts:
        if here != there:
            raise DesignError(Fault("UNLIKE_UNITS", where, f'the {what} differs: "{here}" and "{there}"', remedy))
