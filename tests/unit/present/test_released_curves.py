"""What a curve may show: points on few cases are hidden, with what protects them; steps are put together."""

from __future__ import annotations

from dataclasses import replace

from evaltools.present import plan, release
from made_results import monitored, source, survived

CHILDREN = source("children")


def test_points_that_count_few_children_or_leave_few_over_are_hidden() -> None:
    counts = [(4, 40), (38, 40), (0, 40), (5, 40), (20, 40), (3, 40)]
    hidden = release(monitored(counts, where=CHILDREN)).hidden
    assert {0, 1, 5} <= hidden
    assert hidden != set(range(6))


def test_counts_of_practice_are_shown_whatever_their_size() -> None:
    assert release(monitored([(1, 40), (2, 40), (20, 40)])).hidden == frozenset()


def test_a_lone_hidden_point_takes_a_neighbour_along_because_the_total_would_give_it_back() -> None:
    hidden = release(monitored([(4, 40), (20, 40), (12, 40), (30, 60)], where=CHILDREN)).hidden
    assert 0 in hidden
    assert len(hidden) == 2


def test_a_period_without_cases_is_no_secret() -> None:
    assert release(monitored([(0, 0), (20, 40), (12, 40)], where=CHILDREN)).hidden == frozenset()


def test_the_plan_of_a_memo_hides_points_and_knows_the_cells_behind_them() -> None:
    curve = monitored([(9, 40), (20, 40), (12, 40)], where=CHILDREN)
    first = release(curve)
    assert first.hidden == frozenset()
    wanted = replace(plan(first.cells), hidden=frozenset({first.cells[1].key}))
    assert 1 in release(curve, wanted).hidden


def test_steps_on_few_events_are_put_together_until_each_rests_on_enough() -> None:
    curve = survived([(0, 60, 0), (1, 60, 2), (2, 58, 2), (3, 56, 1), (4, 54, 6), (5, 40, 1), (6, 30, 2)])
    assert release(curve).hidden == {1, 2, 5, 6}


def test_the_end_of_a_curve_is_left_out_where_few_are_left() -> None:
    curve = survived([(0, 30, 0), (1, 30, 22), (2, 8, 5), (3, 3, 0)])
    assert release(curve).hidden == {2, 3}


def test_each_of_several_curves_is_put_together_by_itself() -> None:
    home, other = (
        replace(
            survived([(0, 60, 0), (1, 60, count)]),
            points=tuple(
                replace(p, coordinates=(("cause", name),)) for p in survived([(0, 60, 0), (1, 60, count)]).points
            ),
        )
        for name, count in (("home", 3), ("other", 9))
    )
    both = replace(home, points=(*home.points, *other.points))
    assert release(both).hidden == {1}


def test_a_curve_of_municipalities_is_left_out_where_fewer_than_three_are_left() -> None:
    assert release(survived([(0, 3, 1), (1, 2, 0)], where=source("practice"))).hidden == {1}
