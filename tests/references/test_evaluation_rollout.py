"""Effects of rollouts against R's did, fixest, bacondecomp, synthdid and HonestDiD, on their own public data."""

from __future__ import annotations

import pytest

from evaluation_calls import Case, cases_of, check
from evaluation_calls.rollout import CALLS


@pytest.mark.parametrize("case", cases_of(CALLS), ids=lambda case: str(case["id"]))
def test_a_published_case_is_met_within_its_own_tolerance(case: Case) -> None:
    check(case, CALLS)
