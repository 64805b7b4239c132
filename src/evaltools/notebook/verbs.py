"""The verbs that recorded code may use, bound to one snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from evaltools import estimate
from evaltools.dataset import build_dataset
from evaltools.estimate import indicators, interval, models
from evaltools.memo.expressions import Verbs
from evaltools.store.model import Snapshot

_ESTIMATE = (
    "design",
    "proportion",
    "choices",
    "mean",
    "total",
    "ratio",
    "contrast",
    "crosstab",
    "response",
    "item_response",
    "missing_kinds",
    "rao_scott",
)
_MODELS = ("response_model", "response_test")
_INDICATORS = ("two_proportions", "against_target")


def recorded_verbs(snapshot: Snapshot, published: Mapping[str, object]) -> Verbs:
    """Every verb that a register may name.

    snapshot : what `load` reads. published : the published cases that the register recorded, by id.
    """
    intervals = {f"interval.{name}": getattr(interval, name) for name in interval.__all__}
    return {
        "fixed": _fixed,
        "load": partial(build_dataset, snapshot=snapshot),
        "published": partial(indicators.published_case, cases=published),
        "published_case": partial(indicators.published_case, cases=published),
        **{name: getattr(estimate, name) for name in _ESTIMATE},
        **{name: getattr(indicators, name) for name in _INDICATORS},
        **{name: getattr(models, name) for name in _MODELS},
        **intervals,
    }


def _fixed(value: float, source: str) -> float:
    """A constant is what it was written as; its source is words."""
    return value
