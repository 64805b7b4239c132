"""Releases results under the plan of the build, without the chapter having to know it."""

from __future__ import annotations

from evaltools.estimate.result import Curve, Estimate, Test
from evaltools.notebook.loading import plan_of_build
from evaltools.present import disclosure
from evaltools.present.model import Released, ReleasePlan


def release(result: Estimate | Curve | Test, plan: ReleasePlan | None = None) -> Released:
    """The result with the cells that must stay hidden; see `present.disclosure.release`.

    plan : the plan of the memo build when absent; a researcher alone has none and releases provisionally.
    result : an estimate, a curve or a test. Returns a `Released`, which tables, charts and sentences take.
    Raises `ReleaseError` NEVER_RELEASED for personal data, and PUBLISHED_WITHOUT_SOURCE.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> design = ev.survey_design(pd.DataFrame({"uses": ["yes"] * 50 + ["no"] * 21}), population=98)
    >>> released = ev.release(ev.proportion(design, "uses", category="yes"))
    >>> released.ground, len(released.hidden)
    ('checked', 0)
    """
    return disclosure.release(result, plan_of_build() if plan is None else plan)
