"""Which numbers may stand beside each other: same unit, same kind of base."""

from __future__ import annotations

from evaltools.errors import Fault, ReleaseError
from evaltools.estimate.result import Estimate
from evaltools.present.forms import base_noun
from evaltools.present.model import Released
from evaltools.present.series import estimate_of


def comparable(first: Released, second: Released) -> tuple[Estimate, Estimate]:
    """The two estimates, if they may be compared.

    Raises `ReleaseError` UNLIKE_UNITS where they count different things: children and families are never compared,
    nor shares with totals.
    """
    one, other = estimate_of(first), estimate_of(second)
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
