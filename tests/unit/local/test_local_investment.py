"""An investment: years as by hand, parts of a whole hidden together, and a calculation that says what it assumes."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaltools.cli import main
from evaltools.errors import DataError, SchemaError
from evaltools.local import Report
from evaltools.local.assumptions import read_assumptions
from local_files import ROOT, Line, lines, write_csv
from made_reports import report_on

SURVEY = "investment"
PLACE = lines(SURVEY)[0]["unit"]
YEAR: Line = {
    "unit": PLACE, "principles_a": "3", "principles_b": "3", "principles_c": "1", "principles_d": "3",
    "principles_e": "2", "caseworkers": 30, "network_advisers": 4, "wellbeing_staff": 8.5, "cases": 300,
    "dropouts": 30, "dropouts_of": 400, "placed": 100, "placed_network": 10, "placed_foster": 50,
    "placed_institution": 30, "placed_other": 10, "cost_foster": 16_000, "cost_institution": 33_000,
    "days_foster": 20_000, "days_institution": 11_000, "cost_preventive": 10_000, "cost_casework": 15_000,
    "cost_school": 5_000, "figures_quality": "1",
}  # fmt: skip
"""A year without anything missing."""
LATER: Line = {
    "placed_network": 20, "placed_foster": 50, "placed_institution": 20, "cost_foster": 22_000, "days_foster": 22_000,
    "cost_institution": 27_000, "days_institution": 9_000, "cost_preventive": 11_500, "cost_school": 5_500,
}  # fmt: skip


def two_years(**changed: object) -> list[Line]:
    first = YEAR | {"record": "a", "record_year": 2014}
    return [first, first | LATER | {"record": "b", "record_year": 2018} | changed]


def text_of(report: Report) -> str:
    return report._repr_html_().replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")


def cells(report: Report, table: str) -> dict[str, list[str]]:
    block = next(one for one in report.document.blocks if getattr(one, "id", "") == f"tab-investment-{table}")
    rows = [["".join(run.text for run in cell.inline) for cell in row] for row in block.rows]  # type: ignore[union-attr]  # the block is the table
    return {
        row[0].replace("\N{NO-BREAK SPACE}", " "): [text.replace("\N{NO-BREAK SPACE}", " ") for text in row[1:]]
        for row in rows
    }


def figure(report: Report, name: str) -> dict[str, object]:
    (found,) = [each for each in report.figures if each["indicator"] == name]
    return dict(found)


def test_the_last_year_is_counted_and_no_child_twice(tmp_path: Path) -> None:
    report = report_on("investment", two_years(), tmp_path)
    shares = {name: (figure(report, name)["count"], figure(report, name)["base"]) for name in ("r5_network", "r5_foster", "r5_institution", "r5_dropouts")}  # fmt: skip
    assert shares == {
        "r5_network": (20, 100), "r5_foster": (50, 100), "r5_institution": (20, 100), "r5_dropouts": (30, 400),
    }  # fmt: skip
    assert figure(report, "r5_cases_per_post")["value"] == 10.0
    assert figure(report, "r5_day_foster")["value"] == 1000.0
    assert figure(report, "r5_day_institution")["value"] == 3000.0


def test_years_stand_in_order_whatever_their_order_in_the_file(tmp_path: Path) -> None:
    by_year = cells(report_on("investment", two_years()[::-1], tmp_path), "by_year")
    assert by_year["– i netværksplejefamilie"] == ["10 ud af 100", "20 ud af 100"]
    assert by_year["Døgn på institution, kr."] == ["3.000", "3.000"]
    assert by_year["Sager pr. rådgiver"] == ["10,0", "10,0"]
    assert by_year["Trivsel i skolerne, årsværk"] == ["8,5", "8,5"]
    principles = cells(report_on("investment", two_years(), tmp_path), "principles")
    assert principles["Tidlig indsats i skole og dagtilbud"] == ["Ja, skriftligt", "Ja, skriftligt"]
    assert principles["Familiepleje frem for institution"] == ["Nej", "Nej"]


def test_break_even_is_what_a_pocket_calculator_gives(tmp_path: Path) -> None:
    """2,000,000 more a year, a day 3,000 against 1,000: 1,000 days; ends at ten per cent to each side."""
    found = figure(report_on("investment", two_years(), tmp_path), "break_even")
    assert found["value"] == pytest.approx(2_000_000 / (3000 - 1000))
    assert found["low"] == pytest.approx(1_800_000 / (3300 - 900))
    assert found["high"] == pytest.approx(2_200_000 / (2700 - 1100))
    assert found["assumed"]["investment"]["source"] == "registreringen, 2018 mod 2014"  # type: ignore[index]  # the report is read as JSON


def test_more_for_more_is_the_difference_in_cost_by_the_difference_in_days(tmp_path: Path) -> None:
    found = figure(report_on("investment", two_years(), tmp_path), "incremental_cost")
    before = 16_000 + 33_000 + 10_000 + 15_000 + 5_000
    after = 22_000 + 27_000 + 11_500 + 15_000 + 5_500
    assert found["value"] == pytest.approx(1000 * (after - before) / (22_000 - 20_000))


ASSUMED = """spread: 20
effect: unge, der blev i uddannelse
amounts:
  price_institution: {value: 4000, low: 3500, high: 5000, source: Takstbladet 2018}
  effect_before: {value: 370, source: Skolernes opgørelse}
  effect_after: {value: 390, source: Skolernes opgørelse}
"""


def assumptions(folder: Path, text: str = ASSUMED) -> Path:
    path = folder / "assumptions.yaml"
    path.write_text(text, "utf-8")
    return path


def test_what_somebody_assumes_stands_in_place_of_the_register_and_beside_the_result(tmp_path: Path) -> None:
    report = report_on("investment", two_years(), tmp_path, assumptions=assumptions(tmp_path))
    found = figure(report, "break_even")
    assert found["value"] == pytest.approx(2_000_000 / 3000)
    assert found["high"] == pytest.approx(2_400_000 / (3500 - 1200))
    stated = cells(report, "assumptions")
    assert stated["Døgnpris på institution"] == ["4.000", "3.500 til 5.000", "Takstbladet 2018"]
    assert stated["Døgnpris i familiepleje"] == ["1.000", "800 til 1.200", "registreringen, 2018"]
    assert stated["Unge, der blev i uddannelse, sidst"] == ["390", "–", "Skolernes opgørelse"]
    assert figure(report, "incremental_cost")["value"] == pytest.approx(2_000_000 / 20)
    assert "Takstbladet 2018" in text_of(report)
    assert any(getattr(one, "id", "") == "fig-tornado" for one in report.document.blocks)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("NO_SUCH_ASSUMPTION", "amounts:\n  price_institutoin: {value: 1, source: x}\n"),
        ("ASSUMPTION_NOT_A_NUMBER", "amounts:\n  investment: {value: 2.000.000, source: x}\n"),
        ("ASSUMPTION_RANGE_WRONG", "amounts:\n  investment: {value: 5, low: 6, high: 7, source: x}\n"),
        ("ASSUMPTION_RANGE_WRONG", "spread: 100\n"),
    ],
)
def test_a_wrong_assumption_is_refused_with_its_line(code: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        read_assumptions(assumptions(tmp_path, text), ("investment", "price_institution"))
    assert refused.value.code == code
    assert "assumptions.yaml:" in refused.value.faults[0].where
    assert refused.value.faults[0].remedy


def test_an_amount_without_a_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SchemaError):
        read_assumptions(assumptions(tmp_path, "amounts:\n  investment: {value: 5}\n"), ("investment",))


def test_assumptions_are_refused_where_nothing_is_calculated_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    data = write_csv(tmp_path / "i.csv", lines("foster_interview"))
    words = ["--data", str(data), "--municipality", str(lines("foster_interview")[0]["unit"]), "-o", str(tmp_path)]
    assert main(["local", "interviews", *words, "--assumptions", str(assumptions(tmp_path))]) == 2
    assert "[ASSUMPTIONS_NOT_USED]" in capsys.readouterr().err


def test_parts_of_a_whole_are_hidden_together_everywhere(tmp_path: Path) -> None:
    """3 children in network care of 100 could be worked out from the others; so a second part is hidden too."""
    rows = two_years(placed_network=3, placed_foster=60, placed_institution=37, placed_other=0)
    report = report_on("investment", rows, tmp_path)
    last = [row[1] for name, row in cells(report, "by_year").items() if name.startswith("–")]
    assert last.count("vises ikke") >= 2
    hidden = [name for name in ("r5_network", "r5_foster", "r5_institution") if not figure(report, name)["shown"]]
    assert len(hidden) >= 2
    assert "r5_network" in hidden
    assert not any("count" in figure(report, name) for name in hidden)
    own = report_on("investment", rows, tmp_path, internal=True)
    assert figure(own, "r5_network")["count"] == 3


def test_the_price_of_a_handful_of_childrens_days_is_not_told(tmp_path: Path) -> None:
    rows = [row | {"days_institution": 900, "placed_institution": 3, "placed_foster": 67} for row in two_years()]
    report = report_on("investment", rows, tmp_path)
    assert figure(report, "r5_day_institution")["shown"] is False
    assert cells(report, "by_year")["Døgn på institution, kr."] == ["–", "–"]
    assert cells(report, "costs")["Institution"] == ["–", "–"]
    assert not {"break_even", "incremental_cost"} & {each["indicator"] for each in report.figures}
    assert "30.000" not in text_of(report)
    assert figure(report_on("investment", rows, tmp_path, internal=True), "r5_day_institution")["value"] == 30_000


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"cost_casework": 13_000}, "kan ikke regnes ud"),
        ({"cost_institution": 9_500}, "kan ikke siges"),
        ({"days_foster": 20_000}, "Kort fortalt"),
    ],
)
def test_what_cannot_be_calculated_is_said_and_not_made_up(changed: Line, said: str, tmp_path: Path) -> None:
    report = report_on("investment", two_years(**changed), tmp_path)
    box = report.document.box
    assert box is not None
    assert said in text_of(report) or said in box.title
    absent = "incremental_cost" if "days_foster" in changed else "break_even"
    assert absent not in {each["indicator"] for each in report.figures}


def test_a_year_that_stands_twice_counts_once(tmp_path: Path) -> None:
    rows = two_years()
    again = rows[1] | {"record": "c", "placed_network": 25, "placed_institution": 15}
    assert figure(report_on("investment", [*rows, again], tmp_path), "r5_network")["count"] == 20


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"cost_institution": 33_000},
            "steg de samlede udgifter 4.000 kr. for hver ekstra enhed (døgn i familiepleje)",
        ),
        ({"cost_institution": 20_000}, "faldt de samlede udgifter, og der blev flere (døgn i familiepleje)"),
        ({"days_foster": 19_000, "cost_institution": 33_000}, "steg de samlede udgifter, og der blev færre"),
    ],
)
def test_two_years_are_told_as_a_difference_and_never_as_a_gain(changed: Line, said: str, tmp_path: Path) -> None:
    report = report_on("investment", two_years(**changed), tmp_path)
    assert said in text_of(report)
    named = {each["indicator"] for each in report.figures}
    assert ("incremental_cost" in named) == ("for hver ekstra" in said)
    assert "bedre" not in text_of(report)


def test_the_latest_year_that_tells_where_children_live_is_counted(tmp_path: Path) -> None:
    rows = [*two_years(), YEAR | {"record": "c", "record_year": 2019, "placed": "", "placed_network": ""}]
    report = report_on("investment", rows, tmp_path)
    assert (figure(report, "r5_network")["year"], figure(report, "r5_network")["count"]) == (2018, 20)
    assert "Børnene i 2018" in text_of(report)
