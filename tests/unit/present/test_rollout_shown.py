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
    assert text.startswith(
        "Andelen i netværket er højere i kommuner med Familierådslagning, end hvis de havde udviklet sig"
    )
    assert "{x} (95 pct.-interval {x:limits})" in text
    assert "Tallet er et gennemsnit over de perioder med metoden, hvor nogen endnu er uden." in text
    assert "Det bygger på {x:n} kommuner, der tæller lige meget." in text
    assert text.endswith("hvis kommuner med og uden ellers ville have udviklet sig ens.")


def test_an_interval_with_zero_in_it_shows_nothing_and_the_sentence_says_so() -> None:
    none = panel_of(rollout_frame(seed=2, effect=0.0))
    text = said(ev.rollout.imputation(none, SHARE))
    assert text.startswith("Tallene kan ikke vise, om andelen i netværket ændrer sig med Familierådslagning.")
    assert "højere" not in text


def test_an_average_of_children_says_how_they_count() -> None:
    found = ev.rollout.aggregate(ev.rollout.group_time_effects(panel_of(), SHARE, average="size"), "group")
    text = said(found)
    assert "kommuner, der tæller efter antal børn før den første indførelse." in text
    assert "for dem, der har indført metoden, hver over sine egne perioder med den." in text


def test_anticipation_is_told_as_assumed() -> None:
    found = ev.rollout.aggregate(ev.rollout.group_time_effects(panel_of(), SHARE, anticipation=1))
    assert "ikke virker mere end 1 periode før indførelsen" in said(found)


def test_one_municipality_is_named_with_its_period() -> None:
    frame = rollout_frame(seed=4)
    one = frame[frame["first"] == 2016].kommune.iloc[0]
    found = ev.rollout.synthetic_difference(panel_of(frame), SHARE, units=[one], draws=20)
    assert f"Tallet gælder perioderne fra 2016. {one} er holdt op mod " in said(found)


def alone(gap: float, others: int) -> Estimate:
    """A synthetic control of one unit that leaves its mixture by `gap` at the start."""
    chance = np.random.default_rng(3)
    y = chance.normal(size=(1, 38)).cumsum(axis=1) + chance.normal(size=(others + 1, 38))
    y[0, 30:] += gap
    names = [f"K{place:02d}" for place in range(others + 1)]
    frame = pd.DataFrame(
        {"kommune": np.repeat(names, 38), "year": np.tile(range(1981, 2019), others + 1), "y": y.ravel()}
    )
    frame["first"] = np.where(frame.kommune == "K00", 2011, 0)
    panel = ev.rollout.panel(frame, unit="kommune", period="year", first="first", about=About())
    return ev.rollout.synthetic_control(panel, "y")


@pytest.mark.parametrize(
    ("gap", "others", "begins", "rank"),
    [
        (4.0, 24, "Trivslen er højere i K00 med Familierådslagning end i den blanding", "nr. 1 af 25"),
        (-4.0, 24, "Trivslen er lavere i K00", "nr. 1 af 25"),
        (4.0, 10, "Tallene kan ikke vise, om trivslen ændrer sig", "nr. 1 af 11"),
    ],
)
def test_a_synthetic_control_is_told_by_its_rank_among_the_others(
    gap: float, others: int, begins: str, rank: str
) -> None:
    text = ev.effect_sentence(ev.release(alone(gap, others)), "trivslen", "Familierådslagning").text
    assert text.startswith(begins)
    assert f"kommer K00 ind som {rank}" in text
    assert f"Tallet er et gennemsnit over perioderne med metoden. K00 er holdt op mod {others} andre" in text
    assert text.endswith("hvis K00 ellers ville have fulgt blandingen.")


def test_one_time_one_cohort_and_one_period_are_told_as_such() -> None:
    effects = ev.rollout.group_time_effects(panel_of(), SHARE)
    told = {
        "Tallet gælder den periode, hvor metoden blev indført.": said(ev.rollout.event_study(effects), event="0"),
        "Tallet gælder 2 perioder efter indførelsen.": said(ev.rollout.event_study(effects), event="2"),
        "dem, der indførte metoden i 2015, opgjort i 2016.": said(effects, cohort="2015", period="2016"),
        "dem, der indførte metoden i 2015. Det": said(ev.rollout.aggregate(effects, "group"), cohort="2015"),
        "Tallet gælder 2016.": said(ev.rollout.aggregate(effects, "calendar"), period="2016"),
    }
    assert [words for words, text in told.items() if words not in text] == []
    with pytest.raises(ReleaseError, match="NO_COMPARISON"):
        said(ev.rollout.event_study(effects), event="-2")


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
