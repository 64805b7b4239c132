"""Interviews: words only of those who said yes, agreement as by hand, and nothing from a handful of families."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

import evaltools as ev
from evaltools.local import Local
from evaltools.local.quotes import quotes
from evaltools.schema.missing import Missing
from local_files import Answers, Line, first_place, lines, local, of_first_place, write_csv
from made_reports import Made, made, report_on

SURVEY = "foster_interview"
INDICATORS = {
    "r4_time": ("time_to_decide", "34"),
    "r4_information": ("information", "34"),
    "r4_approval": ("approval_fair", "34"),
    "r4_equal_terms": ("equal_terms", "45"),
    "r4_contact_person": ("contact_person", "1"),
    "r4_economy": ("economy", "34"),
    "r4_parent_contact": ("parent_contact", "45"),
    "r4_again": ("again", "45"),
    "r4_stopping": ("thought_of_stopping", "1"),
}


def of_the_first(count: int = 0) -> list[Line]:
    rows = lines(SURVEY, only=first_place(SURVEY))
    return rows[: count or len(rows)]


def worded(rows: list[Line]) -> list[Line]:
    """Every family with words of its own, and a mark of whether they may be used."""
    said = []
    for n, row in enumerate(rows):
        mark = {"1": "frit", "2": "lukket"}.get(str(row["quote_ok"]), "uvist")
        said.append(row | {"best": f"{mark}bedst{n}", "change": f"{mark}anderledes{n}", "stopping_why": ""})
    return said


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Made]:
    rows = worded(of_the_first())
    rows[0] |= {"quote_ok": "måske", "best": "uvistbedst0", "change": "uvistanderledes0"}
    rows[1] |= {"quote_ok": -5, "best": "uvistbedst1", "change": "uvistanderledes1"}
    return {
        internal: made("interviews", rows, tmp_path_factory.mktemp("words"), internal=internal)
        for internal in (False, True)
    }


@pytest.mark.parametrize("internal", [False, True])
def test_words_without_a_plain_yes_come_out_in_no_format(internal: bool, told: dict[bool, Made]) -> None:
    for suffix, text in told[internal].text.items():
        joined = text.replace("­", "")
        assert "lukket" not in joined, suffix
        assert "uvistbedst" not in joined, suffix
        assert "uvistanderledes" not in joined, suffix
    assert sum("fritbedst" in text for text in told[internal].text.values()) >= 3
    assert "lukket" not in told[internal].report._repr_html_()


def whole(rows: list[Line], folder: Path, *, internal: bool = False) -> Local:
    return local(write_csv(folder / "i.csv", rows), SURVEY, internal=internal)


def test_at_most_three_are_drawn_for_each_question_and_it_is_said_from_how_many(tmp_path: Path) -> None:
    rows = worded(of_the_first())
    willing = sum(row["quote_ok"] == "1" for row in rows)
    found = quotes(whole(rows, tmp_path), 3)
    assert [(each.asked, len(each.drawn), each.among) for each in found] == [
        ("best", 3, willing),
        ("change", 3, willing),
    ]
    again = quotes(whole(list(reversed(rows)), tmp_path), 3)
    assert [each.drawn for each in again] == [each.drawn for each in found]


def test_the_same_words_of_somebody_who_did_not_agree_are_not_used(tmp_path: Path) -> None:
    rows = worded(of_the_first())
    closed = next(row for row in rows if row["quote_ok"] == "2")
    for row in rows:
        if row["quote_ok"] == "1":
            row["best"] = "De samme ord."
    closed |= {"change": "De samme   ord."}
    assert "best" not in [each.asked for each in quotes(whole(rows, tmp_path), 3)]


def test_a_record_that_stands_twice_gives_no_quote(tmp_path: Path) -> None:
    rows = worded(of_the_first())
    willing = [row for row in rows if row["quote_ok"] == "1"]
    regretted = [row | {"quote_ok": "2", "best": "", "change": ""} for row in willing]
    assert quotes(whole([*rows, *regretted], tmp_path), 3) == []


def test_words_with_an_address_or_too_long_for_the_page_are_passed_over(tmp_path: Path) -> None:
    rows = [row | {"best": "Skriv til mor@familie.dk", "change": "lang " * 60} for row in worded(of_the_first())]
    assert quotes(whole(rows, tmp_path), 3) == []


def test_nothing_is_told_about_a_handful_of_families(tmp_path: Path) -> None:
    rows = worded(of_the_first(4))
    for row in rows:
        row |= {"quote_ok": "1"}
    report = report_on("interviews", rows, tmp_path)
    assert all(each.get("shown") is False or each.get("base") == 0 for each in report.figures)
    text = report._repr_html_()
    assert "bedst" not in text
    agreement = next(block for block in report.document.blocks if getattr(block, "id", "") == "tab-interviews-readers")
    assert {cell.inline[0].text for row in agreement.rows for cell in row[1:]} == {"–"}  # type: ignore[union-attr]  # the block is the table
    assert "bedst" in report_on("interviews", rows, tmp_path, internal=True)._repr_html_()


def answered(name: str) -> list[str]:
    found = [each.get(name, Missing.NOT_ANSWERED) for each in of_first_place(SURVEY)]
    return [str(value) for value in found if not isinstance(value, Missing)]


def test_every_indicator_is_what_counting_by_hand_gives(tmp_path: Path) -> None:
    file = whole(of_the_first(), tmp_path)
    for name, (item, codes) in INDICATORS.items():
        known = answered(item)
        tallied = file.tally(name)
        assert (tallied.count, tallied.base) == (sum(each in codes for each in known), len(known)), name


def cells(report_table: str, folder: Path) -> list[list[str]]:
    report = report_on("interviews", of_the_first(), folder, internal=True, language="en")
    block = next(one for one in report.document.blocks if getattr(one, "id", "") == f"tab-interviews-{report_table}")
    rows = [["".join(run.text for run in cell.inline) for cell in row] for row in block.rows]  # type: ignore[union-attr]  # the block is the table
    return [[text.replace("\N{NO-BREAK SPACE}", " ") for text in row] for row in rows]


def test_agreement_is_that_of_the_codes_with_resampled_limits(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        [[code(each, reader) for reader in "abc"] for each in of_first_place(SURVEY)], columns=[*"abc"]
    )
    both = frame[["a", "b"]].dropna()
    seen = (both["a"] == both["b"]).mean()
    first, second = (Counter(both[name]) for name in "ab")
    chance = sum(first[code_] * second[code_] for code_ in first) / len(both) ** 2
    shown = cells("readers", tmp_path)
    assert shown[0][1] == f"{(seen - chance) / (1 - chance):.2f}"
    assert shown[0][3:] == [f"{100 * seen:.0f} per cent", str(len(both))]
    for line, row in zip(
        shown,
        (
            ev.agreement.cohen(frame, ["a", "b"], resampled=ev.agreement.Resampled()).rows[0],
            ev.agreement.fleiss(frame, [*"abc"]).rows[0],
            ev.agreement.krippendorff(frame, [*"abc"]).rows[0],
        ),
        strict=True,
    ):
        assert line[1:3] == [f"{row.estimate:.2f}", f"{row.low:.2f} to {row.high:.2f}"]


def code(each: Answers, reader: str) -> str | None:
    value = each.get(f"main_theme_{reader}")
    return value if isinstance(value, str) else None


def test_themes_are_counts_of_interviews(tmp_path: Path) -> None:
    known = [value for each in of_first_place(SURVEY) if isinstance(value := each.get("themes"), tuple)]
    expected = sorted(f"{sum(str(n) in value for value in known)} of {len(known)}" for n in range(1, 8))
    assert sorted(line[1] for line in cells("themes", tmp_path)) == expected


def test_small_themes_are_put_together_and_main_ones_with_a_neighbour(tmp_path: Path) -> None:
    rows = of_the_first(20)
    for n, row in enumerate(rows):
        row |= {"main_theme_a": "1" if n < 9 else "2" if n < 18 else "3"}
        sizes = {2: 9, 3: 8, 4: 7, 5: 6, 6: 2}
        row |= {
            "themes_1": int(n >= 9),
            "themes_7": 0,
            **{f"themes_{code}": int(n < size) for code, size in sizes.items()},
        }
    report = report_on("interviews", rows, tmp_path)
    block = next(one for one in report.document.blocks if getattr(one, "id", "") == "tab-interviews-themes")
    labels = [row[0].inline[0].text for row in block.rows]  # type: ignore[union-attr]  # the block is the table
    assert [label for label in labels if " eller " in label] == ["Barnets trivsel og skole eller familiens eget liv"]
    text = report._repr_html_().replace("\N{NO-BREAK SPACE}", " ")
    assert "Vigtigste tema, som første læser ser det: tid og oplysninger før start 9 ud af 20; " in text
    assert "samarbejde med kommunen og økonomi og godkendelse" in text
    own = report_on("interviews", rows, tmp_path, internal=True)._repr_html_().replace("\N{NO-BREAK SPACE}", " ")
    assert "økonomi og godkendelse 2 ud af 20" in own
