"""What the reports on an investment, on interviews and of the leaders' network have in common."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pikepdf
import pytest

from evaltools.errors import DataError
from evaltools.language import Language
from evaltools.local import Wish, report_from, system_named
from local_files import ROOT, labelled, lines, shuffled, write_csv
from made_reports import DAY, SURVEYS, Made, made, rehearsed, report_on

KINDS: tuple[tuple[Language, bool], ...] = (("da", False), ("en", True))
WAYS: tuple[tuple[str, Language, bool], ...] = tuple((system, *kind) for system in SURVEYS for kind in KINDS)
CAUSAL = re.compile(r"\b(?:effekt|skyldes|takket være|førte til|medført|because of it|thanks to|caused)\b", re.I)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, Language, bool], Made]:
    return {
        way: made(way[0], list(rehearsed(way[0])), tmp_path_factory.mktemp("way"), language=way[1], internal=way[2])
        for way in WAYS
    }


@pytest.mark.parametrize("way", WAYS, ids=lambda way: "-".join(map(str, way)))
def test_a_report_is_two_pages_with_six_indicators_in_all_formats(
    way: tuple[str, Language, bool], reports: dict[tuple[str, Language, bool], Made]
) -> None:
    one = reports[way]
    with pikepdf.open(one.files[".pdf"]) as pdf:
        assert len(pdf.pages) == 2
    data = json.loads(one.text[".json"])
    assert len(data["indicators"]) >= 6
    assert {".pdf", ".docx", ".html", ".json"} <= set(one.files)
    assert "Øvelsesdata" in one.shown
    assert not CAUSAL.search(one.shown)
    of = "ud af" if way[1] == "da" else "of"
    shown = one.shown.replace(".", "").replace(",", "")
    for each in data["indicators"]:
        if each.get("shown") and "count" in each:
            assert f"{each['count']} {of} {each['base']}" in shown, each["indicator"]


@pytest.mark.parametrize("system", SURVEYS)
def test_a_file_made_by_hand_gives_the_same_figures(system: str, tmp_path: Path) -> None:
    exported = report_on(system, list(lines(SURVEYS[system])), tmp_path)
    by_hand = report_on(system, shuffled(lines(SURVEYS[system], change=labelled)), tmp_path)
    assert by_hand.figures == exported.figures
    assert [one.kind for one in by_hand.file.told if one.kind != "doubt"] == ["column"]


@pytest.mark.parametrize("system", SURVEYS)
def test_every_indicator_stands_in_the_dictionary_with_its_definition(system: str) -> None:
    text = (ROOT / "data_dictionary/indicators.yaml").read_text("utf-8")
    names = system_named(system).indicators
    assert len(names) >= 6
    assert all(f"  {name}:\n" in text for name in names)


def test_a_report_without_a_single_answer_that_counts_still_says_so(tmp_path: Path) -> None:
    for system, survey in SURVEYS.items():
        keep = {"unit", "record", "record_year", "figures_quality", "quote_ok", "meetings_attended"}
        rows = [{n: v if n in keep else "" for n, v in row.items()} for row in lines(survey)]
        report = report_on(system, rows, tmp_path)
        assert report.document.blocks
        assert not any("percent" in each for each in report.figures if each["indicator"] != "r6_attended")


def test_nothing_but_the_register_of_a_report_is_read_by_it(tmp_path: Path) -> None:
    wrong = write_csv(tmp_path / "wrong.csv", lines("respite"))
    for system in SURVEYS:
        with pytest.raises(DataError) as refused:
            report_from(system, wrong, ROOT / "data_dictionary", Wish(), DAY)
        assert refused.value.code == "OTHER_REGISTER"
