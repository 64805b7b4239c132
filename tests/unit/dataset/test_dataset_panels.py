"""Waves side by side, labels for reading, and missing values with and without their kind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evaltools.dataset import Dataset, Panel, build_dataset, coded_missing, labelled, panel, zap_missing
from evaltools.errors import DataError
from evaltools.language import Text
from evaltools.schema.missing import Missing
from evaltools.schema.model import CodeList, Item, Questionnaire
from evaltools.schema.storing import with_source
from evaltools.store.model import Response, Snapshot
from small_survey import ITEMS, QUESTIONNAIRE, STAGE, UNITS, item, response, snapshot, with_items

EARLIER_STAGE = CodeList("stage", STAGE.label, STAGE.categories[:2], ordered=True)


def wave(name: str, *items: Item) -> Questionnaire:
    section = replace(QUESTIONNAIRE.sections[0], items=items)
    return with_source(replace(QUESTIONNAIRE, wave=name, sections=(section,)))


def two_waves(earlier: Questionnaire, later: Questionnaire, *more: Response) -> Snapshot:
    first = [replace(each, wave="2015") for each in (response("101", {"stage_m1": "1"}), response("730", {}))]
    second = [response("101", {"stage_m1": "2", "placed": 4}), response("153", {"placed": 0}), *more]
    waves = (
        snapshot(*first, questionnaire=earlier).waves[0],
        snapshot(*second, questionnaire=later).waves[0],
    )
    return Snapshot(waves, {}, "5" * 64)


@pytest.fixture
def pair() -> Panel:
    earlier = wave("2015", replace(ITEMS[0], codelist=EARLIER_STAGE))
    return panel(two_waves(earlier, wave("2018", *ITEMS)), "small", ["2015", "2018"])


def test_a_panel_has_one_row_per_unit_and_wave_in_order(pair: Panel) -> None:
    assert len(pair.frame) == len(pair.missing) == 2 * len(UNITS)
    assert list(pair.frame.index[:2]) == [("101", "2015"), ("101", "2018")]
    assert pair.frame.index.names == ["unit", "wave"]
    assert pair.frame["stage_m1"].tolist()[:2] == ["1", "2"]


def test_a_variable_that_a_wave_did_not_have_is_not_in_version_there(pair: Panel) -> None:
    assert set(pair.missing.xs("2015", level="wave")["placed"]) == {Missing.NOT_IN_VERSION}
    assert pair.missing.loc[("153", "2018"), "placed"] == 0
    assert pair.missing.loc[("851", "2018"), "placed"] == Missing.UNIT_NONRESPONSE
    assert pair.missing.dtypes.eq("int8").all()
    values = pair.frame[list(pair.variables)]
    assert (values.isna() == (pair.missing != 0)).all(axis=None)


def test_a_panel_knows_who_responded_in_all_and_in_any_wave(pair: Panel) -> None:
    assert pair.in_all == ("101",)
    assert pair.in_any == ("101", "153", "730")


def test_a_panel_says_which_expression_makes_it_again(pair: Panel) -> None:
    assert pair.code == 'load_panel("small", ["2015", "2018"])'


def code_of(snapshot_: Snapshot, *waves: str) -> str:
    with pytest.raises(DataError) as caught:
        panel(snapshot_, "small", waves)
    return caught.value.code


def test_one_wave_is_not_a_panel() -> None:
    given = two_waves(wave("2015", *ITEMS), wave("2018", *ITEMS))
    assert code_of(given, "2018") == code_of(given, "2018", "2018") == "PANEL_OF_ONE_WAVE"
    assert code_of(given, "2012", "2018") == "NO_SUCH_WAVE"


def test_ordered_codes_that_stand_otherwise_stop_the_panel() -> None:
    turned = replace(STAGE, categories=STAGE.categories[::-1])
    given = two_waves(wave("2015", replace(ITEMS[0], codelist=turned)), wave("2018", *ITEMS))
    assert code_of(given, "2015", "2018") == "VARIABLE_CHANGED"


def test_a_reworded_code_is_still_the_same_code() -> None:
    category = replace(STAGE.categories[0], label=Text("Kender den ikke", "Does not know it"))
    reworded = replace(STAGE, categories=(category, *STAGE.categories[1:]))
    given = two_waves(wave("2015", replace(ITEMS[0], codelist=reworded)), wave("2018", *ITEMS))
    assert panel(given, "small", ["2015", "2018"]).variables["stage_m1"].field.item.codelist == STAGE


def test_a_panel_tells_what_has_become_of_each_item(pair: Panel) -> None:
    changes = {each.name: each.change for each in pair.changes["2018"]}
    assert (changes["stage"], changes["placed"]) == ("extended", "added")


def test_a_number_that_became_a_text_stops_the_panel() -> None:
    given = two_waves(wave("2015", ITEMS[0], item("placed", "text")), wave("2018", *ITEMS))
    assert code_of(given, "2015", "2018") == "VARIABLE_CHANGED"


def test_made_up_and_real_answers_are_never_mixed() -> None:
    given = two_waves(wave("2015", *ITEMS), wave("2018", *ITEMS))
    mixed = replace(given, waves=(replace(given.waves[0], origin="rehearsal"), given.waves[1]))
    assert code_of(mixed, "2015", "2018") == "PANEL_OF_TWO_ORIGINS"


def test_a_registration_with_many_records_is_not_a_panel() -> None:
    earlier, later = (with_source(replace(wave(name, *ITEMS), many_records=True)) for name in ("2015", "2018"))
    given = two_waves(earlier, later)
    assert code_of(given, "2015", "2018") == "PANEL_OF_RECORDS"


@pytest.fixture
def data() -> Dataset:
    return build_dataset(QUESTIONNAIRE, snapshot())


def test_labels_stand_instead_of_codes_in_the_order_of_the_code_list(data: Dataset) -> None:
    shown = labelled(data)
    assert shown.loc["101", "stage_m1"] == "Bruger metoden"
    assert list(shown["stage_m1"].cat.categories) == ["Kender ikke metoden", "Overvejer", "Bruger metoden"]
    assert shown["stage_m1"].cat.ordered
    assert shown.loc["101", "why_2"] == "Valgt"
    assert labelled(data, language="en").loc["101", "stage_m1"] == "Uses the method"
    assert data.frame.loc["101", "stage_m1"] == "2"


def test_two_codes_with_the_same_label_stay_apart() -> None:
    twin = replace(STAGE, categories=(STAGE.categories[0], replace(STAGE.categories[0], code="9")))
    questionnaire = with_items(item("stage", "single", codelist=twin))
    answers = [response("101", {"stage": "9"}), response("153", {"stage": "0"})]
    shown = labelled(build_dataset(questionnaire, snapshot(*answers, questionnaire=questionnaire)))
    assert shown["stage"].tolist()[:2] == ["Kender ikke metoden (9)", "Kender ikke metoden (0)"]


def test_every_kind_of_missing_becomes_one_plain_na_when_zapped(data: Dataset) -> None:
    plain = zap_missing(data)
    assert list(plain.columns) == list(data.variables)
    assert plain["placed"].isna().tolist() == [False, True, True, True]


def test_coded_missing_puts_the_code_of_the_kind_in_the_cell(data: Dataset) -> None:
    coded = coded_missing(data)
    assert coded["placed"].tolist() == [812.0, -7.0, -3.0, -3.0]
    assert coded["stage_m2"].tolist() == ["0", "-8", "-3", "-3"]
    assert not coded.isna().any(axis=None)
    assert data.frame["placed"].isna().tolist() == [False, True, True, True]
