"""Charts of curves: what they draw and mark, what their words tell, and what they keep to themselves."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from evaltools.errors import ReleaseError
from evaltools.estimate import Curve, monitor
from evaltools.estimate.monitor import Counts
from evaltools.language import Language
from evaltools.memo.expressions import evaluate_code
from evaltools.present import FigureExhibit, release
from evaltools.present.charts import control_chart, funnel_chart, run_chart_figure, run_chart_panels
from evaltools.provenance import Origin
from evaltools.schema.model import Confidentiality
from made_results import monitored, shares, source, survived

FOUND, NEW = [10, 11, 9, 12, 30, 10, 13, 9], [100, 110, 95, 100, 105, 90, 100, 98]
TOWNS = {"Aarhus": (30, 310), "Randers": (29, 98), "Vejle": (12, 112), "Odense": (18, 210)}


def quarters(
    confidentiality: Confidentiality = "practice",
    origin: Origin = "collected",
    language: Language = "da",
    **changes: object,
) -> Counts:
    names = [f"{2015 + place // 4}-Q{place % 4 + 1}" for place in range(len(NEW))]
    table = pd.DataFrame({"quarter": names, "found": FOUND, "new": NEW}).assign(**changes)  # type: ignore[arg-type]
    return monitor.counts(
        table, at="quarter", count="found", base="new", about="Fundet i netværket", unit="placement",
        confidentiality=confidentiality, origin=origin, language=language,
    )  # fmt: skip


def towns(shares: dict[str, tuple[int, int]], confidentiality: Confidentiality = "practice") -> Curve:
    table = pd.DataFrame([(name, *pair) for name, pair in shares.items()], columns=["town", "found", "new"])
    return monitor.funnel(
        monitor.counts(table, at="town", count="found", base="new", unit="placement", confidentiality=confidentiality)
    )


def weeks(**changes: object) -> Curve:
    table = pd.DataFrame(
        {"week": [f"2019-W{week:02d}" for week in range(1, 25)], "held": [2, 4, 3, 5] * 3 + [6, 8, 7, 9] * 3}
    )
    counts = monitor.counts(table, at="week", count="held", unit="meeting", confidentiality="practice")
    return monitor.run_chart(counts, baseline="2019-W12")


def p_figure(**known: object) -> FigureExhibit:
    return control_chart(release(monitor.p_chart(quarters(**known))), "Andelen svinger")  # type: ignore[arg-type]


def drawn(figure: FigureExhibit) -> list[str]:
    """The words in the picture."""
    return [text.replace("\u00a0", " ") for text in re.findall(r"<!-- (.+?) -->", figure.svg)]


def test_a_point_outside_the_limits_is_told_in_picture_note_alternative_text_and_data() -> None:
    figure = p_figure()
    assert "29 %" in drawn(figure)
    assert "Uden for grænserne" in drawn(figure)
    for text in (figure.alt, figure.note):
        assert "Ét punkt ligger uden for grænserne (1. kvartal 2016)." in text
    assert [row[-1] for row in figure.rows if row[-1]] == ["uden for grænserne"]


def test_without_a_signal_the_alternative_text_says_that_there_is_none() -> None:
    figure = p_figure(found=[10, 11, 9, 12, 11, 10, 13, 9])
    assert figure.alt.endswith("Ingen af reglerne ser andet end tilfældige udsving.")
    assert "det viser ikke, at intet er ændret" in figure.note
    assert "Uden for grænserne" not in drawn(figure)


def test_a_run_is_told_by_open_points_and_in_words_that_name_no_cause() -> None:
    figure = run_chart_figure(release(weeks()), "Flere møder")
    assert "I en lang serie" in drawn(figure)
    assert "punkter i træk ligger over medianen" in figure.alt
    assert "Det siger ikke hvorfor." in figure.note
    assert "fordi" not in figure.alt + figure.note


def test_axis_and_lines_name_periods_years_and_values() -> None:
    words = drawn(p_figure())
    assert [words.count(each) for each in ("K1", "K4", "2015", "2016")] == [2, 2, 1, 1]
    assert any(word.startswith("midterlinje 13,0 %") for word in words)
    assert any(word.startswith("øvre grænse") for word in words)


def test_english_words_stand_in_an_english_picture() -> None:
    figure = control_chart(release(monitor.p_chart(quarters(language="en"))), "Varies", language="en")
    assert {"Period", "Outside the limits", "Q1"} <= set(drawn(figure))
    assert "One point lies outside the limits (Q1 2016)." in figure.alt


def test_phases_are_named_above_and_a_missing_period_is_a_gap() -> None:
    names = ["2015-Q1", "2015-Q2", "2015-Q3", "2016-Q1", "2016-Q2", "2016-Q3", "2016-Q4", "2017-Q1"]
    chart = monitor.p_chart(
        quarters(quarter=names, found=[10, 11, 9, 12, 20, 21, 19, 22]), phases={"2016-04-01": "Efter start"}
    )
    figure = control_chart(release(chart), "To faser")
    assert [drawn(figure).count(name) for name in ("Før", "Efter start")] == [1, 1]
    assert figure.rows[3][0] == "4. kvartal 2015"
    assert figure.rows[3][1] is None
    assert figure.rows[3][-1] == "ikke med i tallene"


def test_made_up_numbers_carry_the_mark_in_every_picture() -> None:
    made = quarters(origin="rehearsal")
    figures = [control_chart(release(monitor.p_chart(made)), "A"), run_chart_figure(release(monitor.run_chart(made)), "B"),
               funnel_chart(release(monitor.funnel(made)), "C")]  # fmt: skip
    for figure in figures:
        assert drawn(figure).count("Øvelsesdata") >= 4
        assert all("Øvelsesdata" in text for text in (figure.title, figure.alt, figure.note))


def test_the_same_curve_gives_the_same_bytes() -> None:
    one, other = (p_figure() for _ in range(2))
    assert (one.svg, one.png) == (other.svg, other.png)


def test_a_hidden_period_is_in_no_form_anywhere_and_what_the_rules_see_is_not_told() -> None:
    figure = p_figure(confidentiality="children", found=[10, 11, 2, 12, 30, 10, 13, 3])
    assert figure.alt.count("vises ikke") >= 2
    assert {row[0] for row in figure.rows if row[1] == "vises ikke"} >= {"3. kvartal 2015", "4. kvartal 2016"}
    assert all(value is None for row in figure.rows if row[1] == "vises ikke" for value in row[2:])
    assert "fortælles ikke" in figure.alt
    assert "Længere perioder kan vises" in figure.note
    assert "vises ikke" in drawn(figure)


def test_a_curve_that_rests_on_too_few_everywhere_is_refused_with_the_remedy() -> None:
    with pytest.raises(ReleaseError) as refused:
        p_figure(confidentiality="children", found=[1, 2, 2, 1, 3, 1, 2, 3])
    assert refused.value.code == "NOTHING_TO_DRAW"
    assert 'merged(counts, "quarter")' in str(refused.value)


def test_a_run_through_a_hidden_point_is_not_marked_on_its_neighbours() -> None:
    found = [10, 11, 9, 12, 2, 11, 10, 12, 11, 30, 31, 29, 33, 35, 30, 31, 32, 30]
    names = [f"{2012 + place // 4}-Q{place % 4 + 1}" for place in range(len(found))]
    table = pd.DataFrame({"quarter": names, "found": found, "new": [100] * len(found)})
    chart = monitor.p_chart(monitor.counts(table, at="quarter", count="found", base="new", unit="placement"))
    assert any(signal.rule == "long_run" for signal in chart.signals)
    shown = release(chart).result
    assert isinstance(shown, Curve)
    assert all("run" not in point.flags for point in shown.points[:9])
    assert [signal.rule for signal in shown.signals if signal.rule == "few_crossings"] == []


def test_a_median_that_is_a_hidden_value_is_not_told() -> None:
    counts = quarters("children", found=[3, 11, 9, 12, 1, 2, 2, 3], new=[30, 30, 30, 30, 30, 40, 30, 31])
    released = release(monitor.run_chart(counts))
    assert isinstance(released.result, Curve)
    assert {point.centre for point in released.result.points} == {None}


def test_units_of_a_funnel_are_named_only_where_they_may_be() -> None:
    figure = funnel_chart(release(towns(TOWNS)), "En ligger højt", named=["Aarhus"])
    told = " ".join([figure.alt, figure.note, *drawn(figure), *(str(row[0]) for row in figure.rows)])
    assert "Aarhus" in told
    assert not any(name in told for name in ("Randers", "Vejle", "Odense"))
    assert "Enhed 1 ligger over 99,8 %-grænsen." in figure.alt
    assert [row[0] for row in figure.rows] == ["enhed 1", "enhed 2", "enhed 3", "Aarhus"]


def test_published_units_are_named() -> None:
    made = towns(TOWNS)
    published = replace(made.source, origin="published", citation="Socialstyrelsen, 2014", code='published_case("a")')
    figure = funnel_chart(release(replace(made, source=published)), "En ligger højt")
    assert "Randers ligger over 99,8 %-grænsen." in figure.alt


def test_a_funnel_without_a_unit_outside_says_so() -> None:
    figure = funnel_chart(release(towns({"a": (10, 100), "b": (12, 110), "c": (8, 90)})), "Ens")
    assert figure.alt.endswith("Ingen enheder ligger uden for 99,8 %-grænserne.")


def test_a_unit_that_is_not_there_cannot_be_named() -> None:
    with pytest.raises(ReleaseError) as refused:
        funnel_chart(release(towns(TOWNS)), "x", named=["Randes"])
    assert refused.value.code == "NO_SUCH_UNIT"
    assert '"Randers"' in str(refused.value)


@pytest.mark.parametrize("draw", [control_chart, run_chart_figure, funnel_chart])
def test_what_a_chart_is_not_for_is_refused(draw: object) -> None:
    assert callable(draw)
    for other in (release(shares({"m1": (41, 69)})), release(survived([(0, 60, 0), (1, 60, 9)]))):
        with pytest.raises(ReleaseError) as refused:
            draw(other, "x")
        assert refused.value.code == "NOT_A_CURVE"


def test_points_have_numbers_whose_code_gives_them_again_where_a_program_has_the_data() -> None:
    curve = monitored([(9, 20), (12, 40), (0, 0)], where=source(code="made()", unit="meeting"))
    figure = control_chart(release(curve), "x")
    assert [number.value for number in figure.numbers.values()] == [45.0, 30.0]
    for number in figure.numbers.values():
        assert evaluate_code(number.source.code, {"made": lambda: curve}, {}) == number.value
    assert p_figure().numbers == {}


def test_values_of_few_cases_are_told_as_counts() -> None:
    figure = control_chart(release(monitored([(9, 18), (12, 40)], where=source(unit="meeting"))), "x")
    assert "2018-K1 9 af 18; 2018-K2 30" in figure.alt.replace("\u00a0", " ")


def by_team(held: list[int], confidentiality: Confidentiality = "practice") -> Curve:
    names = [f"2019-W{week:02d}" for week in range(1, len(held) + 1)]
    table = pd.DataFrame({"week": names, "held": held})
    return monitor.run_chart(
        monitor.counts(table, at="week", count="held", unit="meeting", confidentiality=confidentiality)
    )


def test_panels_tell_every_point_of_every_group_and_signals_by_group_where_the_rules_say_something() -> None:
    busy, quiet = by_team([6, 8, 7, 9] * 3 + [2, 4, 3, 5] * 3), by_team([0, 0, 0, 1] * 6)
    figure = run_chart_panels({"Børn": release(busy), "Unge": release(quiet)}, "Efter team")
    assert [row[0] for row in figure.rows[::24]] == ["Børn, uge 1, 2019", "Unge, uge 1, 2019"]
    assert len(figure.rows) == 48
    assert "Børn: 12 punkter i træk" in figure.note
    assert "Unge: " not in figure.note.replace("om Unge: ", "")
    assert "Reglerne siger intet om Unge" in figure.note
    assert not any("serie" in str(row[-1]) for row in figure.rows[24:])


def test_panels_hide_what_a_chart_of_the_group_alone_would() -> None:
    secret = release(by_team([6, 2, 7, 9] * 3, "families"))
    figure = run_chart_panels({"Børn": secret, "Unge": release(by_team([6, 8, 7, 9] * 3))}, "Efter team")
    told = [row for row in figure.rows if row[1] == "vises ikke"]
    assert len(told) == len(secret.hidden) >= 3
    assert all(str(row[0]).startswith("Børn") and set(row[2:]) == {None} for row in told)
    with pytest.raises(ReleaseError, match="no group"):
        run_chart_panels({}, "Efter team")
