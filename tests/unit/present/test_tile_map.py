"""The tile map shows a municipality's answer only if it agreed to be named."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from evaltools.dataset import Dataset
from evaltools.errors import ReleaseError
from evaltools.language import Text
from evaltools.present import release, release_tiles
from evaltools.present.charts import bar_chart, tile_map
from evaltools.provenance import Origin
from evaltools.schema import variables
from evaltools.schema.model import Category, CodeList
from evaltools.schema.storing import with_source
from made_results import monitored
from small_survey import QUESTIONNAIRE, WHY, item

CONSENT = CodeList(
    "consent", Text("Samtykke", "Consent"), (Category("1", Text("Ja", "Yes")), Category("2", Text("Nej", "No")))
)
LONG = CodeList(
    "long", Text("Lang", "Long"), tuple(Category(str(code), Text(f"K{code}", f"K{code}")) for code in range(6))
)
EXTRA = (
    item("consent", "single", codelist=CONSENT),
    item("long", "single", codelist=LONG),
    item("quarrel", "single", codelist=WHY, confidentiality="children"),
)
SURVEY = with_source(
    replace(
        QUESTIONNAIRE, sections=(replace(QUESTIONNAIRE.sections[0], items=(*QUESTIONNAIRE.sections[0].items, *EXTRA)),)
    )
)
ROWS = {
    "101": ("Åby", "ÅBY", 0, 0, True, "2", "1"),
    "153": ("Brøndby", "BRB", 0, 1, True, "0", "2"),
    "730": ("Randers", "RAN", 1, 0, True, "1", "1"),
    "851": ("Aalborg", "AAL", 1, 1, False, None, None),
    "860": ("Hjørring", "HJØ", 2, 1, True, None, "1"),
}


def data(origin: Origin = "collected") -> Dataset:
    columns = ["name", "label", "tile_row", "tile_col", "responded", "stage_m1", "consent"]
    frame = pd.DataFrame.from_dict(ROWS, orient="index", columns=columns)
    return Dataset(
        questionnaire=SURVEY,
        frame=frame,
        missing=pd.DataFrame(index=frame.index),
        variables={variable.name: variable for variable in variables(SURVEY)},
        families={},
        frame_columns=("name", "label", "tile_row", "tile_col"),
        origin=origin,
        snapshot_sha256="0" * 64,
        code='load("small/2018")',
    )


def test_only_those_who_agreed_are_shown_with_their_answer() -> None:
    released = release_tiles(data(), "stage_m1", consent="consent")
    assert {tile.label: (tile.state, tile.category) for tile in released.tiles} == {
        "ÅBY": ("shown", "2"),
        "BRB": ("no_consent", ""),
        "RAN": ("shown", "1"),
        "AAL": ("no_answer", ""),
        "HJØ": ("no_answer", ""),
    }


def test_the_answer_of_the_others_is_nowhere_in_the_figure() -> None:
    figure = tile_map(release_tiles(data(), "stage_m1", consent="consent"), "Hvem bruger metoden")
    assert [row for row in figure.rows if row[1] == "Brøndby"] == [("153", "Brøndby", "vises ikke (uden samtykke)")]
    assert [row[1] for row in figure.rows] == ["Brøndby", "Hjørring", "Randers", "Åby", "Aalborg"]
    assert "vises ikke (uden samtykke) 1" in figure.alt
    assert "Kilde: Lille undersøgelse, 2018." in figure.note


def test_answers_can_be_drawn_alike() -> None:
    groups = {"Bruger ikke": ("0", "1"), "Bruger": ("2",)}
    released = release_tiles(data(), "stage_m1", consent="consent", groups=groups)
    assert released.categories == (("0", "Bruger ikke"), ("1", "Bruger"))
    assert [tile.category for tile in released.tiles] == ["1", "", "0", "", ""]


def test_lightness_dots_and_hatching_tell_what_colour_alone_may_not() -> None:
    svg = tile_map(release_tiles(data(), "stage_m1", consent="consent"), "Hvem bruger metoden").svg
    assert "<pattern" in svg
    assert "stroke-dasharray" in svg


def test_the_map_is_the_same_bytes_each_time_and_carries_the_rehearsal_mark() -> None:
    figures = [tile_map(release_tiles(data("rehearsal"), "stage_m1", consent="consent"), "Kort") for _ in range(2)]
    assert figures[0].png == figures[1].png
    assert figures[0].svg == figures[1].svg
    assert figures[0].svg.count("<!-- Øvelsesdata -->") >= 4
    assert "Øvelsesdata" in figures[0].title
    assert "Øvelsesdata" not in tile_map(release_tiles(data(), "stage_m1", consent="consent"), "Kort").svg


@pytest.mark.parametrize(
    ("variable", "code"),
    [
        ("quarrel", "NEVER_NAMED"),
        ("placed", "NEVER_NAMED"),
        ("stag_m1", "NO_SUCH_VARIABLE"),
        ("share", "NOT_CATEGORIES"),
        ("long", "TOO_MANY_CATEGORIES"),
    ],
)
def test_what_may_not_or_cannot_be_mapped_is_refused(variable: str, code: str) -> None:
    with pytest.raises(ReleaseError) as refused:
        release_tiles(data(), variable, consent="consent")
    assert refused.value.code == code


def test_units_without_a_place_cannot_be_mapped() -> None:
    nowhere = replace(data(), frame=data().frame.drop(columns="tile_row"))
    with pytest.raises(ReleaseError) as refused:
        release_tiles(nowhere, "stage_m1", consent="consent")
    assert refused.value.code == "NO_TILE_POSITIONS"


def test_a_curve_is_no_result_of_rows() -> None:
    with pytest.raises(ReleaseError) as refused:
        bar_chart(release(monitored([(9, 20)])), "Kurve")
    assert refused.value.code == "NOT_AN_ESTIMATE"
