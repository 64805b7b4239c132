"""Results of local projects pooled as results: names, codes and counts go along, and unlike ones are refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evaltools.errors import DesignError
from evaltools.estimate import Estimate, indicators, rollout
from refused import code_of

CASES: dict[str, object] = {
    name: {
        "label": name, "unit": "families", "measure": "families", "citation": "The source",
        "counts": [
            {"id": "then", "count": earlier[0], "base": earlier[1], "period": "then"},
            {"id": "now", "count": later[0], "base": later[1], "period": "now"},
        ],
    }
    for name, earlier, later in (("a", (8, 57), (22, 98)), ("b", (5, 60), (11, 70)), ("c", (12, 90), (15, 85)))
}  # fmt: skip


def change(name: str) -> Estimate:
    """A difference of shares with its standard error."""
    then, now = (indicators.published_case(name, cases=CASES).only(period=period) for period in ("then", "now"))
    found = indicators.two_proportions(then, now)
    variance = sum(each.rows[0].estimate * (1 - each.rows[0].estimate) / each.rows[0].n for each in (then, now))
    return replace(found, rows=(replace(found.rows[0], se=variance**0.5),))


def test_results_are_pooled_with_their_names_codes_and_counts() -> None:
    projects = [change(name) for name in "abc"]
    pooled = rollout.pool_effects(projects)
    plain = rollout.pool_numbers(
        [each.rows[0].estimate for each in projects], [each.rows[0].se or 0 for each in projects]
    )
    assert pooled.row(project="pooled").estimate == plain.row(project="pooled").estimate
    assert pooled.row(project="pooled").n == sum(each.rows[0].n for each in projects)
    assert [row.labels[0] for row in pooled.rows][:3] == ["a", "b", "c"]
    assert pooled.source.code == f"rollout.pool_effects([{', '.join(each.source.code for each in projects)}])"
    assert pooled.measure == "difference"


def test_effects_that_are_measured_otherwise_are_not_pooled() -> None:
    first = change("a")
    other = replace(first, measure="coefficient")
    assert code_of(lambda: rollout.pool_effects([first, other])) == "UNLIKE_EFFECTS"
    several = replace(first, rows=first.rows * 2)
    assert code_of(lambda: rollout.pool_effects([first, several])) == "NOT_ONE_ROW"
    bare = replace(first, rows=(replace(first.rows[0], se=None),))
    with pytest.raises(DesignError, match="project 2 has the effect"):
        rollout.pool_effects([first, bare])


def test_few_projects_are_told_to_be_few() -> None:
    assert any("færre end 5" in note for note in rollout.pool_effects([change(name) for name in "abc"]).notes)
