"""Step curves as pictures: what may be shown of few children, direct labels, those at risk, words for who cannot see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evaltools as ev
from evaltools.errors import ReleaseError
from evaltools.estimate import Curve, durations
from evaltools.language import Language
from evaltools.present import FigureExhibit, Released, number, release
from evaltools.present.charts import step_chart
from evaltools.present.steplines import step_lines
from evaltools.provenance import Origin
from evaltools.schema.model import Confidentiality
from made_results import shares

ENDINGS = {"breakdown": "b", "home": "h"}


def register(n: int = 240, *, seed: int = 4) -> pd.DataFrame:
    """Made-up placements of two kinds; a third was still going on."""
    chance = np.random.default_rng(seed)
    months = np.ceil(chance.weibull(0.9, n) * 30)
    how = np.where(months > 40, "x", chance.choice(["b", "h", "h"], n))
    return pd.DataFrame({"t": np.minimum(months, 40), "how": how, "type": chance.choice(["family", "network"], n)})


def curve(
    *,
    n: int = 240,
    kind: Confidentiality = "children",
    origin: Origin = "collected",
    language: Language = "da",
    by: str | None = None,
    incidence: bool = False,
) -> Curve:
    about = durations.About(confidentiality=kind, origin=origin, language=language)
    made = durations.spells(register(n), end="t", ending="how", endings=ENDINGS, going_on="x", about=about)
    if incidence:
        return durations.cumulative_incidence(made, by=by)
    return durations.kaplan_meier(made, by=by, ending="breakdown")


def drawn(released: Released, *, language: Language = "da") -> FigureExhibit:
    return step_chart(released, "De fleste holder", language=language)


def test_of_few_children_only_fixed_times_are_shown_and_each_rests_on_five_or_none() -> None:
    made = curve()
    (line,) = step_lines(release(made))
    assert not line.whole
    assert {each.point.at for each in line.points} <= {"0", "3", "6", "12", "24", "36"}
    assert all(each.count == 0 or each.count >= 5 for each in line.points)
    assert sum(point.count or 0 for point in made.points) >= sum(each.count for each in line.points)


def test_no_single_step_of_few_children_is_anywhere_in_the_figure() -> None:
    figure = drawn(release(curve()))
    assert {row[1] for row in figure.rows} <= {0.0, 3.0, 6.0, 12.0, 24.0, 36.0}
    assert all(not 0 < int(str(row[5])) < 5 for row in figure.rows)
    assert all(not 0 < int(str(row[6])) < 5 for row in figure.rows)
    assert "faste tidspunkter" in figure.note


def test_what_counts_no_children_steps_wherever_something_happened() -> None:
    (line,) = step_lines(release(curve(kind="practice")))
    assert line.whole
    assert len(line.points) > 20


def test_endings_that_compete_are_shown_and_left_out_together() -> None:
    """Of 60 placements few go home by each time; where one ending is hidden, so is the other."""
    for size in (40, 60, 90, 240):
        made = curve(n=size, incidence=True)
        hidden = release(made).hidden
        shown = {
            ending: {
                p.at for place, p in enumerate(made.points) if place not in hidden and p.coordinate("ending") == ending
            }
            for ending in ENDINGS
        }
        assert shown["breakdown"] == shown["home"]


def test_steps_on_enough_are_all_shown_of_children_too() -> None:
    rows = pd.DataFrame({"t": np.repeat(np.arange(1.0, 13.0), 20)})
    (line,) = step_lines(release(durations.kaplan_meier(durations.spells(rows, end="t"))))
    assert line.whole
    assert [each.count for each in line.points] == [0] + [20] * 12


def test_of_very_few_nothing_is_drawn() -> None:
    with pytest.raises(ReleaseError) as refused:
        drawn(release(curve(n=4)))
    assert refused.value.code == "NOTHING_TO_DRAW"


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_alternative_tells_the_values_at_12_and_24_months(language: Language) -> None:
    made = curve(language=language, by="type")
    alt = drawn(release(made), language=language).alt
    word = {"da": "efter", "en": "after"}[language]
    for line in step_lines(release(made)):
        for each in line.told:
            assert f"{line.name} {word} {each.point.at}" in alt
            assert f"{round(100 * each.y)}" in alt
    assert f"{word} 12" in alt
    assert f"{word} 24" in alt


def test_numbers_at_fixed_times_can_be_traced_and_taken_for_prose() -> None:
    released = release(curve(incidence=True))
    figure = drawn(released)
    made = number(released, at="12", ending="breakdown")
    assert figure.numbers["breakdown_12"].shown == made.shown
    assert made.source.code.endswith(".point('12', ending='breakdown').percent")
    assert made.unit == "percent"


def test_the_rehearsal_mark_stands_in_the_picture_its_title_its_note_and_its_alternative() -> None:
    figure = drawn(release(curve(origin="rehearsal")))
    assert figure.svg.count("<!-- Øvelsesdata -->") >= 4
    assert all("Øvelsesdata" in text for text in (figure.title, figure.alt, figure.note))
    assert "Øvelsesdata" not in drawn(release(curve())).svg


def test_equal_content_gives_equal_bytes_with_letters_as_paths_and_no_title() -> None:
    one, other = drawn(release(curve(by="type"))), drawn(release(curve(by="type")))
    assert (one.svg, one.png) == (other.svg, other.png)
    assert "<text" not in one.svg


def test_every_line_is_named_and_those_under_observation_stand_below() -> None:
    svg = drawn(release(curve(by="type", kind="practice", language="en")), language="en").svg
    for text in ("family: ", "network: ", "Under observation", "months"):
        assert f"<!-- {text}" in svg


def test_stacked_endings_and_what_still_goes_on_make_up_everything() -> None:
    for kind in ("practice", "children"):
        made = curve(incidence=True, kind=kind)
        figure = step_chart(release(made), "Tre veje", shape="stacked")
        ended = sum(line.points[-1].y for line in step_lines(release(made)))
        assert f"<!-- Stadig i gang: {round(100 * (1 - ended))}" in figure.svg.replace("\u00a0", " ")
        assert figure.alt.startswith("Stablede andele over tid")


REFUSED: dict[str, Callable[[], object]] = {
    "NOT_A_STEP_CURVE": lambda: drawn(release(shares({"m1": (30, 69)}))),
    "NOT_STACKED": lambda: step_chart(release(curve(incidence=True, by="type")), "x", shape="stacked"),
    "NO_SUCH_SHAPE": lambda: step_chart(release(curve()), "x", shape="bars"),  # type: ignore[arg-type]
    "TOO_MANY_CURVES": lambda: drawn(release(many_groups())),
}


def many_groups() -> Curve:
    rows = pd.DataFrame({"t": [5.0] * 140, "g": list("abcdefg") * 20})
    return durations.kaplan_meier(durations.spells(rows, end="t"), by="g", at=[5])


@pytest.mark.parametrize("code", REFUSED)
def test_what_cannot_be_drawn_is_refused(code: str) -> None:
    with pytest.raises(ReleaseError) as refused:
        REFUSED[code]()
    assert refused.value.code == code


def test_a_curve_of_one_minus_kaplan_meier_is_not_stacked() -> None:
    with pytest.raises(ReleaseError) as refused:
        step_chart(release(curve()), "x", shape="stacked")
    assert refused.value.code == "NOT_STACKED"


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.booleans())
def test_whoever_counts_what_happened_between_shown_points_never_finds_one_to_four(seed: int, late: bool) -> None:
    """Of any register, also with delayed entry: events in each way since the shown point before, and those at risk."""
    chance = np.random.default_rng(seed)
    n = int(chance.integers(6, 400))
    entry = np.maximum(chance.integers(-40, 30, n), 0) if late else np.zeros(n, int)
    length = np.ceil(chance.weibull(0.9, n) * chance.integers(5, 40))
    how = chance.choice(list("xabc"), n, p=[0.3, 0.4, 0.2, 0.1])
    rows = pd.DataFrame({"t": entry + length, "from": entry, "how": how, "g": chance.choice(["p", "q"], n)})
    some = durations.spells(rows, end="t", ending="how", going_on="x", entry="from")
    for made in (durations.kaplan_meier(some, by="g"), durations.cumulative_incidence(some, by="g")):
        hidden, since = release(made).hidden, dict.fromkeys((point.coordinates for point in made.points), 0)
        for place, point in enumerate(made.points):
            since[point.coordinates] += point.count or 0
            if place not in hidden:
                assert not 0 < since[point.coordinates] < 5
                assert not 0 < point.n < 5
                since[point.coordinates] = 0


def waiting_list(waits: int) -> Curve:
    rows = pd.DataFrame(
        {"asked": ["2018-01"] * 12 + ["2018-02"] * waits, "began": ["2018-03"] * 6 + [None] * (6 + waits)}
    )
    return durations.waiting_list(durations.waiting(rows, request="asked", start="began", until="2018-04"))


def test_what_came_and_went_in_a_month_is_shown_whole_or_not_at_all() -> None:
    made = waiting_list(3)
    hidden = {(made.points[place].at, made.points[place].coordinate("flow")) for place in release(made).hidden}
    assert hidden == {("2018-02", "asked"), ("2018-02", "started")}
    assert release(waiting_list(5)).hidden == frozenset()


def test_a_stock_of_few_hides_the_flows_that_would_give_it() -> None:
    made = waiting_list(5)
    few = [
        replace(p, n=3, count=3, y=3.0) if (p.at, p.coordinate("flow")) == ("2018-03", "waiting") else p
        for p in made.points
    ]
    made = replace(made, points=tuple(few))
    hidden = {(made.points[place].at, made.points[place].coordinate("flow")) for place in release(made).hidden}
    assert hidden == {
        ("2018-03", "waiting"),
        ("2018-03", "asked"),
        ("2018-03", "started"),
        ("2018-04", "asked"),
        ("2018-04", "started"),
    }


def test_the_everyday_face_draws_and_writes_a_picture(tmp_path: Path) -> None:
    figure = ev.step_chart(ev.release(curve(by="type")), "Netværk og anden pleje")
    (tmp_path / "step.png").write_bytes(figure.png)
    assert figure.png.startswith(b"\x89PNG")
