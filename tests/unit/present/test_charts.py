"""Every chart carries its title, its data, an alternative text and, for made-up numbers, the mark in its picture."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evaltools.errors import ReleaseError
from evaltools.estimate.result import Estimate
from evaltools.language import Language
from evaltools.present import FigureExhibit, release
from evaltools.present.charts import bar_chart, before_after, interval_chart, response_chart, scale_chart
from evaltools.provenance import Origin
from evaltools.schema.model import Confidentiality
from made_results import METHODS, share_row, shares, source

Draw = Callable[[Origin, Confidentiality, Language], FigureExhibit]
STAGES = {"0": "Aldrig", "3": "Afprøver", "5": "Fast"}
COUNTS = {"m1": (41, 69), "m2": (30, 69), "m3": (2, 69)}


def results(origin: Origin, confidentiality: Confidentiality) -> Estimate:
    return shares(COUNTS, where=source(confidentiality, origin))


def stages(origin: Origin, confidentiality: Confidentiality) -> Estimate:
    counts = {"m1": (20, 19, 30), "m2": (2, 30, 37)}
    rows = tuple(
        share_row(count, 69, 98, (METHODS[item], STAGES[code]), item=item, category=code)
        for item, line in counts.items()
        for code, count in zip(STAGES, line, strict=True)
    )
    return Estimate("share", rows, source(confidentiality, origin))


CHARTS: dict[str, Draw] = {
    "bar": lambda origin, kind, language: bar_chart(release(results(origin, kind)), "Flest bruger", language=language),
    "scale": lambda origin, kind, language: scale_chart(
        release(stages(origin, kind)), "Flest bruger", language=language
    ),
    "split": lambda origin, kind, language: scale_chart(
        release(stages(origin, kind)), "Flest bruger", neutral="3", language=language
    ),
    "interval": lambda origin, kind, language: interval_chart(
        release(results(origin, kind)), "Flest bruger", target=0.33, language=language
    ),
    "response": lambda origin, kind, language: response_chart(
        {
            "Region": release(results(origin, kind)),
            "Størrelse": release(shares(COUNTS, name="size", where=source(kind, origin))),
        },
        "Flest svar",
        language=language,
    ),
    "before_after": lambda origin, kind, language: before_after(
        release(results(origin, kind)),
        release(results(origin, kind)),
        "Flere bruger",
        names=("2015", "2018"),
        language=language,
    ),
}


@pytest.fixture(params=CHARTS)
def draw(request: pytest.FixtureRequest) -> Draw:
    return CHARTS[request.param]


def test_the_same_content_gives_the_same_bytes(draw: Draw) -> None:
    one, other = (draw("collected", "practice", "da") for _ in range(2))
    assert one.svg == other.svg
    assert one.png == other.png
    assert "<dc:date>" not in one.svg


def test_the_rehearsal_mark_stands_inside_the_picture_several_times(draw: Draw) -> None:
    marked = draw("rehearsal", "practice", "da")
    assert marked.svg.count("<!-- Øvelsesdata -->") >= 4
    assert "Øvelsesdata" in marked.title
    assert "Øvelsesdata" in marked.alt
    assert "Øvelsesdata" in marked.note


def test_collected_data_never_carry_the_mark(draw: Draw) -> None:
    figure = draw("collected", "practice", "da")
    assert "Øvelsesdata" not in figure.svg + figure.title + figure.alt + figure.note


def test_letters_are_drawn_as_paths_so_that_no_font_is_needed(draw: Draw) -> None:
    assert "<text" not in draw("collected", "practice", "da").svg


def test_the_title_stands_in_the_caption_and_not_in_the_picture(draw: Draw) -> None:
    figure = draw("collected", "practice", "da")
    drawn = figure.svg[figure.svg.index("</metadata>") :]
    assert figure.title not in drawn


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_alternative_text_says_kind_finding_and_values(draw: Draw, language: Language) -> None:
    alt = draw("collected", "practice", language).alt
    assert len(alt) >= 40
    assert "Fle" in alt
    assert any(digit in alt for digit in "0123456789")
    assert ".." not in alt


def test_every_figure_carries_its_data_and_its_numbers(draw: Draw) -> None:
    figure = draw("collected", "practice", "da")
    assert len(figure.rows) == len(figure.numbers)
    assert all(len(row) == len(figure.header) for row in figure.rows)


def test_a_hidden_value_is_neither_drawn_nor_told_nor_in_the_data(draw: Draw) -> None:
    figure = draw("collected", "opinion", "da")
    assert "vises ikke" in figure.alt or "værdier vises ikke" in figure.alt
    assert any("vises ikke" in row for row in figure.rows)
    assert all(row[2] != 2 for row in figure.rows)
    assert "diskretion" in figure.note


def test_bars_are_sorted_and_those_without_a_value_come_last() -> None:
    figure = bar_chart(release(results("collected", "opinion")), "Flest bruger")
    assert [row[0] for row in figure.rows] == [METHODS["m1"], METHODS["m2"], METHODS["m3"]]
    counts = {"m1": (2, 69), "m2": (60, 69), "m3": (9, 69)}
    figure = bar_chart(release(shares(counts)), "Flest bruger")
    assert [row[2] for row in figure.rows] == [60, 9, 2]
    figure = bar_chart(release(shares(counts)), "Flest bruger", order="given")
    assert [row[2] for row in figure.rows] == [2, 60, 9]


def test_more_than_eight_values_are_told_by_their_extremes() -> None:
    counts = {f"r{place}": (place * 5, 69) for place in range(1, 11)}
    alt = bar_chart(release(shares(counts)), "Mange årsager").alt
    assert "Størst: r10 72" in alt
    assert "mindst: r1 7" in alt
    assert "står i regnearket" in alt
    assert "r5" not in alt


def test_bases_that_differ_stand_at_the_labels_and_hidden_ones_do_not() -> None:
    figure = bar_chart(release(shares({"a": (1, 2), "b": (20, 30), "c": (9, 40)}, name="region")), "Flest bruger")
    assert "<!-- b (n = 30) -->" in figure.svg
    assert "(n = 2)" not in figure.svg
    assert "n = 2" not in figure.note


def test_a_target_is_drawn_with_its_value_and_explained() -> None:
    figure = CHARTS["interval"]("collected", "practice", "da")
    assert "mål 33" in figure.svg.replace("\u00a0", " ")
    assert "Den lodrette linje viser målet på 33" in figure.note


def test_an_unknown_neutral_category_is_refused() -> None:
    with pytest.raises(ReleaseError) as refused:
        scale_chart(release(stages("collected", "practice")), "Flest bruger", neutral="4")
    assert refused.value.code == "NO_SUCH_CATEGORY"


def test_two_waves_with_different_units_are_never_drawn_together() -> None:
    children = shares(COUNTS, where=source("children"))
    families = shares(COUNTS, where=source("families"))
    with pytest.raises(ReleaseError) as refused:
        before_after(release(children), release(families), "Flere", names=("2015", "2018"))
    assert refused.value.code == "UNLIKE_UNITS"


def test_a_result_without_rows_cannot_be_drawn() -> None:
    with pytest.raises(ReleaseError) as refused:
        bar_chart(release(Estimate("share", (), source())), "Intet")
    assert refused.value.code == "NOTHING_TO_DRAW"


def test_a_bar_chart_lifts_the_bars_that_it_is_told_to() -> None:
    plain = bar_chart(release(results("collected", "practice")), "Flest bruger")
    lifted = bar_chart(release(results("collected", "practice")), "Flest bruger", highlight=("m1",))
    assert plain.svg.count("#13487c") == 3
    assert lifted.svg.count("#13487c") == 1
