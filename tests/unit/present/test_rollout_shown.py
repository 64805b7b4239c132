"""Effects of rollouts in sentences and pictures: what is assumed is always told, and no effect without a comparison."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evaltools as ev
from evaltools.errors import ReleaseError
from evaltools.estimate.result import Estimate
from evaltools.estimate.rollout import About, RolloutPanel
from evaltools.language import texts
from rollout_panels import rollout_frame

SHARE = ("network", "placements")
CAUSAL = re.compile(r"virkning|effekt|effect|skyldes|takket være|because of|due to|caused", re.IGNORECASE)


def panel_of(frame: pd.DataFrame | None = None, **about: Any) -> RolloutPanel:
    told: dict[str, Any] = {"method": "Familierådslagning", "outcome": "Andel i netværket", **about}
    rows = rollout_frame(seed=1) if frame is None else frame
    return ev.rollout.panel(rows, unit="kommune", period="year", first="first", size="children", about=About(**told))


def said(result: Estimate, **more: Any) -> str:
    return ev.effect_sentence(ev.release(result), "andelen i netværket", "Familierådslagning", **more).text


def test_a_clear_effect_tells_its_size_its_target_and_what_is_assumed() -> None:
    strong = panel_of(rollout_frame(seed=1, effect=0.08))
    text = said(ev.rollout.aggregate(ev.rollout.group_time_effects(strong, SHARE)))
    assert text.startswith("Andelen i netværket er højere med Familierådslagning")
    assert "{x} (95 pct.-interval {x:limits})" in text
    assert "Tallet er den gennemsnitlige forskel i forhold til ingen metode over alle kohorter" in text
    assert "Alle kommuner tæller lige meget." in text
    assert text.endswith("hvis udviklingen uden ville have været som hos sammenligningen.")


def test_an_interval_with_zero_in_it_shows_nothing_and_the_sentence_says_so() -> None:
    none = panel_of(rollout_frame(seed=2, effect=0.0))
    text = said(ev.rollout.imputation(none, SHARE))
    assert text.startswith("Tallene kan ikke vise, om Familierådslagning ændrer andelen i netværket")
    assert "højere med" not in text


def test_an_average_of_children_says_how_they_count() -> None:
    found = ev.rollout.aggregate(ev.rollout.group_time_effects(panel_of(), SHARE, average="size"), "group")
    text = said(found)
    assert "Hver af de kommuner, der indgår, tæller efter antal børn før den første indførelse." in text
    assert "for en af de kommuner, der har indført den" in text


def test_anticipation_is_told_as_assumed() -> None:
    found = ev.rollout.aggregate(ev.rollout.group_time_effects(panel_of(), SHARE, anticipation=1))
    assert "ikke virker mere end 1 periode før indførelsen" in said(found)


def test_one_municipality_is_named_with_its_period() -> None:
    frame = rollout_frame(seed=4)
    one = frame[frame["first"] == 2016].kommune.iloc[0]
    found = ev.rollout.synthetic_difference(panel_of(frame), SHARE, units=[one], draws=20)
    assert f"for {one} i perioderne fra 2016" in said(found)


def before_and_after() -> Estimate:
    counts = [
        {"id": "a", "count": "8", "base": "57", "period": "2012"},
        {"id": "b", "count": "22", "base": "98", "period": "2013"},
    ]
    about = {"label": "New families", "unit": "families", "measure": "families", "citation": "A report"}
    case = ev.indicators.published_case("x", cases={"x": {**about, "counts": counts}})
    return ev.indicators.two_proportions(case.only(period="a"), case.only(period="b"))


@pytest.mark.parametrize(
    "made",
    [
        before_and_after,
        lambda: ev.rollout.two_way_fixed_effects(panel_of(), SHARE),
        lambda: ev.rollout.goodman_bacon(panel_of(), SHARE),
        lambda: ev.rollout.placebo_dates(panel_of(), SHARE),
        lambda: ev.rollout.published_event_study({-2: 0.0, 0: 1.0}, np.eye(2)),
    ],
    ids=["before and after", "two-way", "pairs", "placebo", "published"],
)
def test_what_no_comparison_carries_is_never_called_an_effect(made: Any) -> None:
    result = made()
    with pytest.raises(ReleaseError, match="NO_COMPARISON"):
        said(result)


def test_the_words_for_numbers_before_and_after_hold_no_causal_word() -> None:
    for language in ("da", "en"):
        spoken = {key: text for key, text in texts(language).by_key.items() if key.startswith("present.sentence.")}
        assert [key for key, text in spoken.items() if CAUSAL.search(text)] == []


def test_an_effect_of_one_unit_has_no_interval_and_is_not_told() -> None:
    frame = rollout_frame(seed=5)
    wave = frame["first"].eq(2015)
    frame = frame[~wave | frame.kommune.isin(frame.kommune[wave].unique()[:1])]
    effects = ev.rollout.group_time_effects(panel_of(frame), SHARE)
    with pytest.raises(ReleaseError, match=r"HIDDEN_NUMBER|EFFECT_WITHOUT_INTERVAL"):
        said(effects, cohort="2015", period="2016")


def test_cohorts_of_fewer_than_three_municipalities_are_hidden_in_words_and_pictures() -> None:
    frame = rollout_frame(seed=5)
    wave = frame["first"].eq(2015)
    frame = frame[~wave | frame.kommune.isin(frame.kommune[wave].unique()[:2])]
    effects = ev.rollout.group_time_effects(panel_of(frame), SHARE)
    released = ev.release(effects)
    assert {effects.rows[place].coordinate("cohort") for place in released.hidden} == {"2015"}
    with pytest.raises(ReleaseError, match="HIDDEN_NUMBER"):
        said(effects, cohort="2015", period="2016")
    figure = ev.event_study_chart(ev.release(ev.rollout.event_study(effects)), "Efter indførelsen")
    assert any("vises ikke" in str(row[1]) or row[2:] == (None,) * 4 for row in figure.rows)


def test_the_picture_of_an_event_study_has_its_words_its_data_and_its_mark() -> None:
    study = ev.rollout.event_study(ev.rollout.group_time_effects(panel_of(origin="rehearsal"), SHARE, base="universal"))
    figure = ev.event_study_chart(ev.release(study), "Andelen stiger")
    assert figure.title == "Andelen stiger (Øvelsesdata)"
    assert figure.alt.startswith("Punkter med bånd efter tid siden indførelsen: Andelen stiger.")
    assert "procentpoint" in figure.alt
    assert len(figure.rows) == len(study.rows)
    assert "Målparameter:" in figure.note
    assert figure.svg.startswith("<?xml")
    again = ev.event_study_chart(ev.release(study), "Andelen stiger")
    assert figure.png == again.png


def test_the_picture_of_adoption_tells_who_stopped_again() -> None:
    frame = rollout_frame(seed=6)
    frame["uses"] = (frame.year >= frame["first"]).astype(int)
    frame.loc[
        (frame["first"] == 2016)
        & (frame.year == 2018)
        & (frame.kommune == frame.kommune[frame["first"] == 2016].iloc[0]),
        "uses",
    ] = 0
    panel = ev.rollout.panel(frame, unit="kommune", period="year", treated="uses")
    figure = ev.adoption_chart(ev.release(ev.rollout.adoption(panel)), "Hvem hvornår")
    assert "1 kommune har metoden og siden ikke" in figure.note
    assert [row[0] for row in figure.rows][-1] == "aldrig indført"
    assert figure.alt.startswith("Trappe over, hvornår metoden er indført")


def test_only_event_studies_and_adoptions_are_drawn_as_such() -> None:
    effects = ev.rollout.group_time_effects(panel_of(), SHARE)
    with pytest.raises(ReleaseError, match="NOT_AN_EVENT_STUDY"):
        ev.event_study_chart(ev.release(effects), "x")
    with pytest.raises(ReleaseError, match="NOT_AN_ADOPTION"):
        ev.adoption_chart(ev.release(effects), "x")
