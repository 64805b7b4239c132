"""Tables with their bases, notes and sources."""

from __future__ import annotations

import pytest

from evaltools.errors import ReleaseError
from evaltools.estimate.result import Estimate, Row
from evaltools.present import (
    TableExhibit,
    count_table,
    crosstab_table,
    fixed,
    number,
    release,
    share_table,
    table,
)
from made_results import METHODS, share_row, shares, source

STAGES = {"0": "Aldrig", "3": "Afprøver", "5": "Fast"}


def shown(exhibit: TableExhibit) -> list[list[str]]:
    return [
        [cell.text if cell.number is None else cell.number.shown[cell.form] for cell in row] for row in exhibit.rows
    ]


def stages(confidentiality: str = "practice") -> Estimate:
    counts = {"m1": (20, 19, 30), "m2": (2, 30, 37)}
    rows = tuple(
        share_row(count, 69, 98, (METHODS[item], STAGES[code]), item=item, category=code)
        for item, line in counts.items()
        for code, count in zip(STAGES, line, strict=True)
    )
    return Estimate("share", rows, source("opinion" if confidentiality == "opinion" else "practice"))


def test_a_table_of_shares_never_has_per_cent_without_its_base() -> None:
    exhibit = share_table(release(shares({"m1": (41, 69), "m2": (20, 69)})), "Anvendelse", first="Metode")
    assert exhibit.header == ("Metode", "Pct.", "Antal", "n")
    assert shown(exhibit) == [["Familierådslagning", "59", "41", "69"], ["Signs of Safety", "29", "20", "69"]]


def test_intervals_and_bounds_stand_in_the_table_on_demand() -> None:
    exhibit = share_table(
        release(shares({"m1": (41, 69)})), "Anvendelse", columns=("estimate", "n", "N", "interval", "bounds", "words")
    )
    assert exhibit.header[1:] == ("Pct.", "n", "N", "95 pct.-interval", "Yderpunkter", "Med ord")
    assert shown(exhibit)[0][1:] == ["59", "69", "98", "49–69", "42–71", "et flertal"]
    assert "Yderpunkterne viser" in exhibit.note


def test_the_note_says_question_base_and_weight_and_then_the_source() -> None:
    note = share_table(release(shares({"m1": (41, 69)})), "Anvendelse").note
    remark, origin = note.split("\n")
    assert remark == (
        "Anm.: Spørgsmål: B1. Hvor langt er kommunen med hver metode pr. 31. december 2017? "
        "Grundlag: kommuner, der har svaret (n = 69 af 98). Tallene er ikke vægtet."
    )
    assert origin == "Kilde: Kommunernes arbejde med netværk, 2018."


def test_weights_are_named() -> None:
    note = share_table(release(shares({"m1": (41, 69)}, where=source(weight="antal i regionen"))), "Anvendelse").note
    assert "Vægt: antal i regionen." in note


def test_rows_of_several_items_stand_under_a_heading() -> None:
    exhibit = share_table(release(stages()), "Status")
    assert [row[0] for row in shown(exhibit)] == [
        "Familierådslagning",
        *STAGES.values(),
        "Signs of Safety",
        *STAGES.values(),
    ]
    assert exhibit.group_rows == {0, 4}


def test_a_hidden_cell_is_explained() -> None:
    exhibit = share_table(release(stages("opinion")), "Status")
    assert ["vises ikke"] * 3 in [row[1:] for row in shown(exhibit)]
    assert "»vises ikke«: tallet vises ikke af hensyn til diskretion." in exhibit.note
    assert [cell.hidden for cell in exhibit.cells].count(True) == 2


def test_rounding_is_explained_where_it_shows() -> None:
    thirds = shares({"1": (20, 60), "2": (20, 60), "3": (20, 60)}, name="category")
    assert "på grund af afrunding" in share_table(release(thirds), "Tredjedele").note
    halves = shares({"1": (30, 60), "2": (30, 60)}, name="category")
    assert "afrunding" not in share_table(release(halves), "Halvdele").note


def test_several_answers_are_explained_where_they_add_up_to_more() -> None:
    ticks = shares({"1": (50, 60), "2": (40, 60)}, name="category")
    assert "flere krydser" in share_table(release(ticks), "Årsager").note


def test_a_crosstab_ends_with_the_base_of_each_row() -> None:
    exhibit = crosstab_table(release(stages()), "Status", rows="item", columns="category")
    assert exhibit.header == (" ", "Aldrig", "Afprøver", "Fast", "Procentgrundlag (n)")
    assert shown(exhibit)[0] == ["Familierådslagning", "29", "28", "43", "69"]
    with pytest.raises(ReleaseError) as refused:
        crosstab_table(release(stages()), "Status", rows="region", columns="category")
    assert refused.value.code == "NO_SUCH_COORDINATE"


def test_totals_have_a_table_too() -> None:
    rows = tuple(
        Row((("row", name),), (name,), total, 60, 60.0, "total") for name, total in (("a", 1234.0), ("b", 87.0))
    )
    exhibit = count_table(release(Estimate("total", rows, source())), "Anbragte børn", first="Type")
    assert exhibit.header == ("Type", "Antal", "n")
    assert shown(exhibit) == [["a", "1.234", "60"], ["b", "87", "60"]]


def test_rehearsal_data_are_named_in_the_title_and_published_ones_never() -> None:
    rehearsed = release(shares({"m1": (41, 69)}, where=source(origin="rehearsal")))
    assert share_table(rehearsed, "Anvendelse").title == "Anvendelse (Øvelsesdata)"
    assert "Øvelsesdata" in share_table(rehearsed, "Anvendelse").note
    assert "Øvelsesdata" in share_table(rehearsed, "Use", language="en").title
    assert "Øvelsesdata" in table("Fri", ["a"], [[number(rehearsed)]]).title
    assert "Øvelsesdata" not in table("Fri", ["a"], [[fixed(98, "Danmarks Statistik")]]).title


def test_a_free_table_takes_texts_numbers_and_forms() -> None:
    made = number(release(shares({"m1": (41, 69)})))
    exhibit = table("Fri", ["Hvad", "Andel", "Antal"], [["Brugere", made, (made, "counts")]], note="Eget ord")
    assert shown(exhibit) == [["Brugere", "59\u00a0pct.", "41\u00a0ud\u00a0af\u00a069"]]
    assert exhibit.note == "Anm.: Eget ord.\nKilde: Kommunernes arbejde med netværk, 2018."


@pytest.mark.parametrize(("row", "code"), [(["a"], "UNEVEN_ROW"), (["a", (fixed(1, "x"), "nope")], "NO_SUCH_FORM")])
def test_a_free_table_refuses_what_does_not_fit(row: list[str], code: str) -> None:
    with pytest.raises(ReleaseError) as refused:
        table("Fri", ["a", "b"], [row])
    assert refused.value.code == code


def test_labels_lose_what_only_sorts_them_and_what_all_share() -> None:
    sizes = {"1": "1: under 20.000", "2": "2: 20.000-39.999"}
    exhibit = share_table(release(shares({"1": (20, 30), "2": (20, 30)}, labels=sizes, name="size")), "Størrelse")
    assert [row[0] for row in shown(exhibit)] == ["under 20.000", "20.000–39.999"]
    status = {"m1": "Status: Familierådslagning", "m2": "Status: Signs of Safety"}
    exhibit = share_table(release(shares({"m1": (20, 30), "m2": (20, 30)}, labels=status)), "Status")
    assert [row[0] for row in shown(exhibit)] == ["Familierådslagning", "Signs of Safety"]


def test_shares_in_one_table_have_the_same_number_of_decimals() -> None:
    exhibit = share_table(release(shares({"a": (20, 30), "b": (700, 2000)}, N=None)), "Blandet")
    assert [row[1] for row in shown(exhibit)] == ["67", "35"]


def test_the_base_of_a_line_is_a_range_where_its_columns_are_different_questions() -> None:
    rows = tuple(
        share_row(10, n, 98, (METHODS[item], "Jylland"), item=item, region="j") for item, n in (("m1", 40), ("m2", 42))
    )
    exhibit = crosstab_table(release(Estimate("share", rows, source())), "Brug", rows="region", columns="item")
    assert shown(exhibit)[0][-1] == "40–42"


def test_the_base_in_a_note_is_who_answered_and_not_everybody() -> None:
    where = source(universe="Alle 98 kommuner, der har svaret på spørgsmålet", title="Metoder i kommunerne, 2018")
    note = share_table(release(shares({"m1": (41, 69)}, where=where)), "Anvendelse").note
    assert "Grundlag: kommuner, der har svaret på spørgsmålet (n = 69 af 98)." in note
    assert "Kilde: Metoder i kommunerne, 2018." in note


def years(counts: dict[str, dict[str, int]]) -> Estimate:
    rows = tuple(
        share_row(count, sum(line.values()), 98, (METHODS[item], year), item=item, category=year)
        for item, line in counts.items()
        for year, count in line.items()
    )
    return Estimate("share", rows, source())


def test_a_hidden_line_does_not_tell_which_answers_were_given() -> None:
    released = release(years({"m1": {"2014": 1, "2017": 1}, "m2": {"2011": 4, "2016": 2}}))
    crossed = crosstab_table(released, "Ophør", rows="item", columns="category")
    assert crossed.header[1:-1] == ("2011", "2016")
    assert shown(crossed)[0] == ["Familierådslagning", "vises ikke", "vises ikke", "vises ikke"]
    listed = shown(share_table(released, "Ophør", columns=("estimate", "n")))
    assert listed[1] == ["Alle svar", "vises ikke", "vises ikke"]


def test_several_hidden_lines_are_put_together_as_the_last() -> None:
    released = release(shares({"a": (2, 40), "b": (30, 40), "c": (1, 40), "d": (20, 40)}, where=source("opinion")))
    listed = shown(share_table(released, "Svar", columns=("estimate", "n")))
    assert [row[0] for row in listed][-1] == "2 øvrige linjer"
    assert [row[1] for row in listed][-1] == "vises ikke"
    assert len(listed) == 3


def test_the_bases_stand_in_the_last_row_where_columns_are_different_questions() -> None:
    rows = tuple(
        share_row(10, n, 98, (METHODS[item], answer), item=item, category=answer)
        for item, n in (("m1", 40), ("m2", 42))
        for answer in ("Ja", "Nej")
    )
    exhibit = crosstab_table(release(Estimate("share", rows, source())), "Brug", rows="category", columns="item")
    assert shown(exhibit)[-1] == ["Procentgrundlag (n)", "40", "42"]
    assert len(exhibit.header) == 3


def test_a_note_names_several_questions_and_quotes_one() -> None:
    one = share_table(release(shares({"m1": (41, 69)}, where=source(question="b1_stage: Bruger I den?"))), "Brug").note
    assert "Spørgsmål: b1_stage: Bruger I den?" in one
    both = source(question="f1_placed: Hvor mange børn?; f2_foster: Hvor mange i pleje?")
    assert (
        "Spørgsmål: f1_placed og f2_foster (ordlyden"
        in share_table(release(shares({"m1": (41, 69)}, where=both)), "B").note
    )


def test_columns_that_are_figures_stand_by_size_where_lines_differ() -> None:
    released = release(years({"m1": {"2016": 4, "2017": 4}, "m2": {"2011": 4, "2016": 4}}))
    assert crosstab_table(released, "Ophør", rows="item", columns="category").header[1:-1] == ("2011", "2016", "2017")
