"""Rates that are not made of the same are refused by name: in tables, charts, sentences and in the notebook."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable

import pytest

import evaltools as ev
from evaltools.errors import ReleaseError
from evaltools.estimate import indicators
from evaltools.estimate.indicators import Rate
from evaltools.language import Text
from evaltools.memo.transport import number_from_json
from evaltools.notebook.showing import show
from evaltools.present.charts.canvas import Canvas
from evaltools.present.charts.exhibit import Content, Drawing, exhibit
from evaltools.present.model import FigureExhibit, Released, SentenceExhibit, TableCell, TableExhibit
from evaltools.present.series import points
from unlike_rates import CHANGED, SHARE, earlier, indicator, later

HEADER = ("Indikator", "Pct.")


def released(rate: Rate) -> Released:
    return ev.release(indicators.shares(rate))


def one_column(one: Rate, other: Rate) -> TableExhibit:
    return ev.table("Andele", HEADER, [(each.when, (ev.number(released(each)), "bare")) for each in (one, other)])


def by_hand(one: Rate, other: Rate) -> TableExhibit:
    rows = tuple((TableCell(each.when), TableCell(number=ev.number(released(each)))) for each in (one, other))
    return TableExhibit("Andele", HEADER, rows, "")


def one_figure(one: Rate, other: Rate) -> FigureExhibit:
    both = [released(each) for each in (one, other)]
    drawn = tuple(point for each in both for point in points(each))
    return exhibit(Canvas(3.0), Content("bar", tuple(both), drawn), Drawing("Andele"))


def one_sentence(one: Rate, other: Rate) -> SentenceExhibit:
    numbers = {"one": ev.number(released(one)), "other": ev.number(released(other))}
    return SentenceExhibit("{one} mod {other}", numbers)


WAYS: dict[str, Callable[[Rate, Rate], object]] = {
    "a table": one_column,
    "a chart of two results": one_figure,
    "a chart of two times": lambda one, other: ev.before_after(
        released(one), released(other), "Andele", names=("før", "nu")
    ),
    "a sentence": lambda one, other: ev.compare_sentence(released(one), released(other), "Andelen"),
    "a citation": lambda one, other: ev.citation_sentence(released(one), released(other), "andelen"),
    "a table in a notebook": lambda one, other: show("tab-x", by_hand(one, other)),
    "a sentence in a notebook": lambda one, other: show("x", one_sentence(one, other)),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("part", CHANGED)
def test_what_differs_is_refused_by_name_wherever_it_would_be_shown(part: str, way: str) -> None:
    changed, code, problem = CHANGED[part]
    with pytest.raises(ReleaseError) as refused:
        WAYS[way](earlier(), later(changed))
    assert refused.value.code == code
    assert refused.value.faults[0].problem == problem


@pytest.mark.parametrize("part", CHANGED)
def test_a_figure_made_by_hand_is_refused_in_a_notebook(part: str) -> None:
    changed, code, _ = CHANGED[part]
    numbers = {"one": ev.number(released(earlier())), "other": ev.number(released(later(changed)))}
    figure = dataclasses.replace(ev.bar_chart(released(earlier()), "Andele"), numbers=numbers)
    with pytest.raises(ReleaseError) as refused:
        show("fig-x", figure)
    assert refused.value.code == code


def test_like_rates_stand_in_all_of_them() -> None:
    assert len(one_column(earlier(), later()).rows) == 2
    assert one_figure(earlier(), later()).numbers
    made = ev.compare_sentence(released(earlier()), released(later()), "Andelen")
    assert set(made.numbers) == {"earlier", "later", "difference"}


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("part", CHANGED)
def test_a_list_of_indicators_prints_what_each_is_made_of(part: str, language: str) -> None:
    changed = CHANGED[part][0]
    both = [ev.release(indicators.shares(each, language=language)) for each in (earlier(), later(changed))]  # type: ignore[arg-type]  # the two languages
    made = ev.indicator_table(both, "Indikatorer", language=language)  # type: ignore[arg-type]  # the two languages
    assert [
        made.note.count(word) for word in (("Viser:", "Grundlag:") if language == "da" else ("Shows:", "Base:"))
    ] == [1, 1]
    said = [row[-1].text for row in made.rows]
    assert len(set(said)) == 2
    assert said[0] == indicators.base_of(SHARE, language).words(language)  # type: ignore[arg-type]  # the two languages
    show("tab-x", made)
    assert [row[1].number.shown["counts"].replace("\u00a0", " ") for row in made.rows if row[1].number] == (
        ["20 ud af 120", "33 ud af 130"] if language == "da" else ["20 of 120", "33 of 130"]
    )


def test_a_base_in_words_names_its_parts() -> None:
    assert indicators.base_of(SHARE).words("da") == (
        "anbringelser i netværket, af alle anbringelser; anbringelser; 0-17 år; i løbet af perioden (bevægelse)"
    )


def test_percentages_without_counts_are_never_a_picture_of_a_change() -> None:
    cited = [
        indicators.cited_rate(SHARE, value, citation="Kilden, 2014", when=when)
        for value, when in ((6.34, "før"), (9.14, "nu"))
    ]
    shown = ev.release(indicators.shares(cited))
    assert ev.share_table(shown, "Andele").rows[0][1].number is not None
    first, second = (released(each) for each in cited)
    draws: list[Callable[[], object]] = [
        lambda: ev.bar_chart(shown, "Andele"),
        lambda: ev.before_after(first, second, "Andele", names=("før", "nu")),
    ]
    for draw in draws:
        with pytest.raises(ReleaseError) as refused:
            draw()
        assert refused.value.code == "NO_COUNTS"


def test_a_small_count_typed_by_hand_is_not_released_since_the_chapter_tells_it() -> None:
    with pytest.raises(ReleaseError) as refused:
        ev.release(indicators.shares(indicators.rate(SHARE, 2, 60)))
    assert refused.value.code == "TYPED_COUNT_HIDDEN"


def test_a_target_test_of_few_is_not_released_since_it_tells_them() -> None:
    assert ev.number(ev.release(indicators.status(later())), column="statistic").value is not None
    with pytest.raises(ReleaseError) as refused:
        ev.release(indicators.status(indicators.rate(SHARE, 2, 60)))
    assert refused.value.code == "TEST_TELLS_COUNTS"


def test_what_a_rate_is_made_of_travels_with_its_number() -> None:
    made = ev.number(released(earlier()))
    content = json.loads(json.dumps(dataclasses.asdict(dataclasses.replace(made, cells=())), default=dict))
    content.pop("cells")
    assert number_from_json(content).source == made.source


def test_the_published_cases_of_kobenhavn_are_of_families_and_of_children_and_never_meet() -> None:
    families = ev.release(ev.published("kobenhavn_new_families").only(period="after"))
    children = ev.release(ev.published("kobenhavn_children"))
    with pytest.raises(ReleaseError) as refused:
        ev.compare_sentence(families, children, "Andelen")
    assert refused.value.code == "UNLIKE_UNITS"
    assert 'the unit differs: "family" and "child"' in str(refused.value)


def test_an_indicator_of_other_words_is_another_indicator() -> None:
    other = indicator(label=Text("Et andet navn", "Another name"))
    assert indicators.unlike(indicators.base_of(SHARE), indicators.base_of(other)) is None
