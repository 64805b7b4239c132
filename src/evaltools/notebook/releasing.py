"""Releases results under the plan of the build, without the chapter having to know it."""

from __future__ import annotations

from evaltools.estimate.curve import Curve
from evaltools.estimate.result import Estimate, Test
from evaltools.language import Language
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


def release_rounded(
    result: Estimate, plan: ReleasePlan | None = None, *, base: int = 0, language: Language = "da"
) -> Released:
    """The shares of a result with rounded counts in place of hidden cells; see `present.disclosure.release_rounded`.

    result : shares that hide small counts. plan : the plan of the memo build when absent. base : the counts become
    multiples of it; twice the smallest count that may be shown when 0, and never less. language : of the method's name.
    Returns a `Released`, which tables, charts and sentences take.
    Raises `ReleaseError` NOT_ROUNDED, and those of `release`.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> design = ev.survey_design(pd.DataFrame({"uses": ["yes"] * 50 + ["no"] * 21}), population=98)
    >>> try:
    ...     ev.release_rounded(ev.proportion(design, "uses"))
    ... except ev.errors.ReleaseError as refused:
    ...     print(refused.code)
    NOT_ROUNDED
    """
    return disclosure.release_rounded(result, plan_of_build() if plan is None else plan, base=base, language=language)
