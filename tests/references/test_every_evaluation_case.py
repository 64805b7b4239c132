"""Every reference case of evaluation methods (75), through the public face, within its own tolerance.

`evaluation_calls` derives each call from the case's own fields, never from its name. A case that no family knows, that
two families know, or whose numbers ours do not give, is a failure. The cases lie outside the project, since most are on
data of others; twins on data of our own stand in `test_evaluation_*.py` and run everywhere.
"""

from __future__ import annotations

import json
from collections import Counter
from types import MappingProxyType

import pytest

from evaluation_calls import REFERENCE, Calls, Case, check, durations, indicators, monitoring, planning, rollout, single

FAMILIES: MappingProxyType[str, Calls] = MappingProxyType(
    {
        "indicators and agreement": indicators.CALLS,
        "monitoring": monitoring.CALLS,
        "durations": durations.CALLS,
        "planning and pooling": planning.CALLS,
        "one municipality": single.CALLS,
        "rollout": rollout.CALLS,
    }
)
HERE = REFERENCE / "evaluation.json"


def family_of(case: Case) -> str:
    """The one family that knows the method of a case."""
    (name,) = [name for name, calls in FAMILIES.items() if any(word in case["method"] for word in calls)]
    return name


def problem_of(case: Case) -> str:
    """What is wrong with ours; "" where the case is met."""
    try:
        check(case, FAMILIES[family_of(case)])
    except ValueError:
        return f"no family knows it, or several do: {case['method']}"
    except AssertionError as apart:
        return str(apart)
    return ""


@pytest.mark.skipif(
    not HERE.exists(), reason="the reference values lie only beside the project, in ../shared/reference"
)
def test_every_reference_case_of_evaluation_methods_is_met() -> None:
    cases: list[Case] = json.loads(HERE.read_text("utf-8"))["cases"]
    found = {case["id"]: problem for case in cases if (problem := problem_of(case))}
    met = Counter(family_of(case) for case in cases if case["id"] not in found)
    told = f"{len(cases) - len(found)} of {len(cases)} cases: {', '.join(f'{name} {met[name]}' for name in FAMILIES)}"
    print(told)  # noqa: T201  the figures of the proof
    assert not found, f"{told}\n" + "\n".join(f"{name}: {problem}" for name, problem in found.items())
    assert len(cases) == 75


COUNTS: Case = {"method": "Fisher exact p", "dataset": "8/57 vs 22/98", "value": 0.2915987193, "se": None,
                "tolerance": 1e-9, "source": "R 4.2.2 fisher.test"}  # fmt: skip


def test_a_case_that_is_off_and_one_that_nobody_knows_are_noticed() -> None:
    assert problem_of(COUNTS) == ""
    assert "Mismatch" in problem_of({**COUNTS, "value": COUNTS["value"] + 2e-9})
    assert "no family knows it" in problem_of({**COUNTS, "method": "Student's t"})
    assert "or several do" in problem_of({**COUNTS, "method": "Fisher exact p and Cox"})
