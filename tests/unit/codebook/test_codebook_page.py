"""The codebook shows released numbers only, every kind of missing, and who was asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evaltools.codebook import build_codebook, codebook_html, write_codebook
from evaltools.codebook.counting import FieldCounts, cells_of, count_field
from evaltools.dataset import build_dataset
from evaltools.estimate import design, proportion, total
from evaltools.present import release
from evaltools.schema import Item, fields
from evaltools.schema.missing import Missing
from evaltools.schema.model import Value
from evaltools.schema.storing import with_source
from evaltools.schema.tree import Answer, Call, Constant
from evaltools.store.model import Response, Snapshot, Unit
from municipal_survey import municipal_data
from small_survey import ITEMS, QUESTIONNAIRE, STAGE, item, response, snapshot, with_items


def many_units(count: int) -> tuple[Unit, ...]:
    return tuple(Unit(str(code), f"By {code}", {"region": "Nord"}) for code in range(count))


def counts(one: Item, answers: Sequence[Value], population: int = 30, many_records: bool = False) -> FieldCounts:
    """The counts of one item when the first units gave these answers."""
    questionnaire = with_items(one, many_records=many_records)
    record = "r" if many_records else ""
    given: list[Response] = [response(str(unit), {one.name: each}, record=record) for unit, each in enumerate(answers)]
    data = build_dataset(questionnaire, snapshot(*given, questionnaire=questionnaire, units=many_units(population)))
    return count_field(data, fields(questionnaire)[0], "da")


def test_a_single_item_gives_a_count_and_a_share_of_valid_answers_for_every_code() -> None:
    answers: Sequence[Value] = ["0"] * 6 + ["2"] * 3 + [Missing.DONT_KNOW]
    result = counts(item("stage", "single", codelist=STAGE, missing=(Missing.DONT_KNOW,)), answers)
    assert [(each.label, each.value) for each in result.answers] == [
        ("Kender ikke metoden", 6),
        ("Overvejer", 0),
        ("Bruger metoden", 3),
    ]
    assert result.answers[2].share == pytest.approx(3 / 9)
    assert (result.eligible, result.valid) == (10, 9)


def test_all_kinds_of_missing_are_listed_apart_from_the_answers_also_those_that_do_not_occur() -> None:
    result = counts(
        item("stage", "single", codelist=STAGE, missing=(Missing.DONT_KNOW,)), ["0"] * 4 + [Missing.DONT_KNOW]
    )
    assert [(each.label, each.value) for each in result.missing] == [
        ("Ved ikke", 1),
        ("Ikke stillet", 0),
        ("Ikke besvaret", 0),
        ("Har ikke svaret på skemaet", 25),
    ]


def test_a_multiple_item_has_those_who_answered_as_its_base() -> None:
    result = counts(replace(ITEMS[1], ask_if=None), [("1", "2"), ("1",), ("1",), Missing.NOT_ANSWERED])
    assert [each.value for each in result.answers] == [3, 1, 0]
    assert result.answers[0].share == pytest.approx(1.0)
    assert result.valid == 3


def test_a_number_gives_mean_quartiles_and_sum_but_never_the_answer_of_one_unit() -> None:
    result = counts(item("weeks", "integer"), [10, 20, 30, 40, 0])
    assert {each.label: each.value for each in result.answers} == {
        "mean": 20.0,
        "lower": 10.0,
        "median": 20.0,
        "upper": 30.0,
        "total": 100.0,
    }


def test_answers_of_very_few_are_hidden() -> None:
    result = counts(item("stage", "single", codelist=STAGE), ["0", "2"])
    assert [each.value for each in result.answers] == [None, None, None]


def test_small_counts_of_children_are_hidden_with_one_more_so_that_nobody_can_subtract() -> None:
    cases = item("outcome", "single", codelist=STAGE, confidentiality="children")
    result = counts(cases, ["0"] * 12 + ["1"] * 2 + ["2"] * 6, many_records=True)
    assert [each.value for each in result.answers] == [12, None, None]


def test_a_sum_of_which_one_unit_has_most_is_hidden_as_in_the_memo() -> None:
    result = counts(item("weeks", "integer", confidentiality="children"), [900, 10, 20, 30, 5, 6])
    assert {each.label: each.value for each in result.answers if each.label in ("mean", "total")} == {
        "mean": None,
        "total": None,
    }


def test_the_release_plan_knows_a_cell_of_the_codebook_and_of_the_memo_as_one() -> None:
    data = municipal_data()
    in_codebook = {cell.key: cell.count for cell in cells_of(data)}
    in_memo = release(proportion(design(data), "barrier")).cells + release(total(design(data), "placed")).cells
    assert {cell.key: cell.count for cell in in_memo}.items() <= in_codebook.items()


def test_routing_never_tells_how_few_cases_gave_a_hidden_answer() -> None:
    first = item("outcome", "single", codelist=STAGE, confidentiality="children")
    condition = Call("==", (Answer("outcome"), Constant("2")))
    second = item("why_outcome", "single", codelist=STAGE, confidentiality="children", ask_if=condition)
    questionnaire = with_items(first, second, many_records=True)
    answers = ["0"] * 20 + ["2"] * 3
    given = [response(str(unit), {"outcome": each}, record="r") for unit, each in enumerate(answers)]
    units = many_units(30)
    data = build_dataset(questionnaire, snapshot(*given, questionnaire=questionnaire, units=units))
    followed = count_field(data, fields(questionnaire)[1], "da")
    assert (followed.eligible, followed.valid, followed.answers, followed.missing) == (None, None, (), ())
    page = codebook_html([data])
    block = page[page.index('id="small-2018-why_outcome"') :]
    assert "for få registreringer" in block
    assert "stillet i 3" not in block


def test_personal_answers_are_counted_but_never_shown() -> None:
    mail = item("role", "single", codelist=STAGE, confidentiality="personal")
    result = counts(mail, ["0"] * 9)
    assert result.answers == ()
    assert result.valid == 9


def book(origin: str = "collected", **more: object) -> str:
    given = snapshot(*(response(str(unit), {"placed": 10 + unit, "remarks": "hemmeligt <b>"}) for unit in range(8)))
    wave = replace(given.waves[0], units=many_units(12), origin=origin)  # type: ignore[arg-type]
    return codebook_html([build_dataset(QUESTIONNAIRE, replace(given, waves=(wave,)))], **more)  # type: ignore[arg-type]


class Outline(HTMLParser):
    """The elements of a page in order, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def ids(self) -> list[str]:
        return [attributes["id"] or "" for _, attributes in self.found if "id" in attributes]


def test_the_page_is_one_accessible_file_without_scripts() -> None:
    page = book()
    outline = Outline(page)
    names = [name for name, _ in outline.found]
    assert '<html lang="da">' in page
    assert {"script", "link", "img", "iframe"}.isdisjoint(names)
    assert names.count("h1") == names.count("main") == names.count("nav") == 1
    assert names.count("table") == names.count("caption")
    assert all(attributes.get("scope") in ("row", "col") for name, attributes in outline.found if name == "th")
    assert len(outline.ids()) == len(set(outline.ids()))
    targets = [str(attributes["href"]) for name, attributes in outline.found if name == "a"]
    assert {target.removeprefix("#") for target in targets} <= set(outline.ids())


def test_every_item_says_its_question_universe_and_how_many_were_asked() -> None:
    page = book()
    assert "Hvad er placed?" in page
    assert "Spørgsmålet er stillet til 8 af de 8, der har svaret på skemaet." in page
    assert "8 af 12" in page


def test_free_text_is_counted_and_never_shown() -> None:
    page = book()
    assert "hemmeligt" not in page
    assert "Fritekst vises aldrig; der er 8 svar." in page


def test_rehearsal_data_say_so_inside_every_table() -> None:
    tables = re.findall(r"<table>.*?</table>", book("rehearsal"), re.DOTALL)
    assert tables
    assert all("Øvelsesdata" in table for table in tables)
    assert "Øvelsesdata" not in book("collected")


def test_with_a_register_each_item_says_which_exhibits_of_the_memo_use_it() -> None:
    number = {"id": "fig-placed.m1", "code": 'total(design(load("small/2018")), "placed").row().estimate'}
    other = {"id": "share", "code": 'proportion(design(load("other/1")), "why").row().estimate'}
    register = {"numbers": [number, other], "figures": [{"id": "fig-placed", "title": "Anbragte"}], "tables": []}
    page = book(register=register)
    placed = page[page.index('id="small-2018-placed"') : page.index('id="small-2018-share"')]
    assert "Anbragte" in placed
    assert page.count("Bruges ikke i notatet") == len(ITEMS) - 1
    assert "Bruges i" not in book()


def test_the_english_page_is_english() -> None:
    page = book(language="en")
    assert '<html lang="en">' in page
    assert "What is placed?" in page
    assert "Grund" not in page


def test_the_page_is_written_as_one_file(tmp_path: Path) -> None:
    path = write_codebook(book(), tmp_path / "codebook")
    assert path.read_text("utf-8") == book()
    assert [each.name for each in path.parent.iterdir()] == ["index.html"]


def test_a_snapshot_gives_one_page_with_all_its_waves(tmp_path: Path) -> None:
    waves = [with_source(replace(QUESTIONNAIRE, wave=name)) for name in ("2015", "2018")]
    both = [snapshot(replace(response("101", {}), wave=each.wave), questionnaire=each).waves[0] for each in waves]
    page = build_codebook(Snapshot(tuple(both), {}, "5" * 64), tmp_path).read_text("utf-8")
    assert 'id="small-2015-placed"' in page
    assert 'id="small-2018-placed"' in page
