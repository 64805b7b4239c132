"""Power by the size of a change as a picture: what it tells besides what it draws."""

from __future__ import annotations

import pytest

import evaltools as ev
from evaltools.errors import ReleaseError
from planned_rollouts import rows


def test_the_picture_tells_every_effect_and_the_smallest_one_that_is_seen() -> None:
    before = ev.rollout.baseline(rows(40), language="en")
    tried = ev.rollout.Assumed(effects=(0.0, 0.03, 0.06, 0.1))
    found = ev.rollout.power(before, ev.rollout.order_by_lot({2015: 20}, until=2016), tried, replications=50)
    figure = ev.power_chart(ev.release(found), "What the plan shows", language="en")
    assert [row[0] for row in figure.rows] == [f"{effect} percentage points" for effect in (0, 3, 6, 10)]
    assert figure.alt.startswith("Curve of power by size of the change: What the plan shows.")
    assert "The plan shows a change of" in figure.note
    assert figure.png.startswith(b"\x89PNG")


def test_what_is_no_power_is_refused() -> None:
    other = ev.release(ev.rollout.two_proportion_power(0.14, 0.22, 57))
    with pytest.raises(ReleaseError, match="NOT_POWER"):
        ev.power_chart(other, "x")
