"""The shipped questionnaires keep what the review of the draft asked for."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from evaltools.collect import asked, check_answers, read_answers
from evaltools.language.text import LANGUAGES
from evaltools.schema import (
    Item,
    Questionnaire,
    check_survey,
    fields,
    read_dictionary,
    read_survey,
    thresholds,
    variables,
)
from evaltools.schema.missing import Missing
from evaltools.schema.rules import names_in
from evaltools.store import Saved, open_store, open_wave, read_submissions, read_units, receive
from third_survey import OWN, WAVE, read_third_survey
from tiny_survey import FIELDWORK

PROJECT = Path(__file__).parents[2]
ANSWERS = PROJECT / "tests/stories/data"
WAVES = ("2015", "2018")
REGISTRATIONS = ("network_meeting", "respite", "placement_followup", "foster_interview", "investment")
ALL = (
    *(f"network_methods/{wave}" for wave in WAVES),
    *(f"{survey}/1" for survey in (*REGISTRATIONS, "leaders_network")),
)
CORE = ("about_answer", "programme", "adoption", "consideration", "reasons", "figures", "cases", "considered_cases",
        "consent", "closing")  # fmt: skip
NON_USERS = ("non_user", "former_user", "planner")
TEST_ANSWERS = {
    # No placed children: zero everywhere is a true answer.
    "nothing_placed": {"placed_register": 0.0, "children_register": 250.0},
    # 12 placed, none in network care, 2 caseworker posts and 3 trained persons.
    "no_network_placements": {"placed_register": 14.0, "children_register": 600.0},
    # Three placements during the year, none at its end: two broke down, one young person turned 18.
    "all_placements_ended": {"placed_register": 3.0, "children_register": 500.0},
}
COUNTED = ("integer", "decimal", "count")


@cache
def shipped(name: str) -> Questionnaire:
    return read_survey(PROJECT / "surveys" / name)


def core_fields(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> int:
    """Answer fields of the core modules that someone with these answers meets; computed values are none."""
    met = asked(questionnaire, answers)
    core = [field for field in fields(questionnaire) if field.item.module.split("@")[0] in CORE]
    return sum(field.name in met and field.kind != "computed" for field in core)


def path_answers(questionnaire: Questionnaire, name: str) -> Mapping[str, Any]:
    (path,) = [path for path in questionnaire.paths if path.name == name]
    return path.answers


def item(questionnaire: Questionnaire, name: str) -> Item:
    return questionnaire.item_by_name[name]


def small_municipality(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((ANSWERS / f"{name}.json").read_text("utf-8"))
    return content


@pytest.mark.parametrize("name", ALL)
def test_every_shipped_questionnaire_has_no_fault(name: str) -> None:
    assert check_survey(PROJECT / "surveys" / name).faults == ()


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize("path", NON_USERS)
def test_a_non_user_meets_at_most_30_fields_of_the_core(wave: str, path: str) -> None:
    questionnaire = shipped(f"network_methods/{wave}")
    assert core_fields(questionnaire, path_answers(questionnaire, path)) <= 30


@pytest.mark.parametrize("wave", WAVES)
def test_a_user_of_all_three_methods_meets_at_most_45_fields_of_the_core(wave: str) -> None:
    questionnaire = shipped(f"network_methods/{wave}")
    assert core_fields(questionnaire, path_answers(questionnaire, "user_of_three")) <= 45


def test_a_user_of_all_three_methods_answers_at_most_85_fields_in_the_second_wave() -> None:
    questionnaire = shipped("network_methods/2018")
    (path,) = [path for path in questionnaire.paths if path.name == "user_of_three"]
    met = asked(questionnaire, path.answers)
    assert sum(field.name in met and field.kind != "computed" for field in fields(questionnaire)) <= 85


def test_the_last_five_times_are_asked_about_one_method_only() -> None:
    questionnaire = shipped("network_methods/2018")
    stages = {"b1_stage_m1": "4", "b1_stage_m2": "5", "b1_stage_m3": "3"}
    meetings = {f"d4_meetings_{row}" for row in ("m1", "m2", "m3")}
    for row in ("m1", "m2", "m3"):
        assert asked(questionnaire, stages | {"d4_method": row}) & meetings == {f"d4_meetings_{row}"}
    assert not asked(questionnaire, {**stages, "d4_method": Missing.DONT_KNOW}) & meetings
    alone = asked(questionnaire, {"b1_stage_m1": "0", "b1_stage_m2": "5", "b1_stage_m3": "1"})
    assert alone & (meetings | {"d4_method"}) == {"d4_meetings_m2"}


def test_how_regular_the_use_is_is_asked_only_where_the_status_does_not_say_it() -> None:
    questionnaire = shipped("network_methods/2018")
    opened = [stage for stage in "0123456" if "b1_fixed_m1" in asked(questionnaire, {"b1_stage_m1": stage})]
    assert opened == ["4"]


def test_no_mixture_of_states_of_the_three_methods_breaks_the_limits_of_the_core() -> None:
    questionnaire = shipped("network_methods/2015")
    common = {"a5_project": "1", "b1_stage_m7": "0", "b1_stage_m8": "0", "f8_network_year": 5}
    for stages in ((a, b, c) for a in "0123456" for b in "0123456" for c in "0123456"):
        answers = common | {f"b1_stage_m{n}": stage for n, stage in enumerate(stages, 1)}
        used = sum(stage in "345" for stage in stages)
        assert core_fields(questionnaire, answers) <= (30 if used == 0 else 45), stages


def test_the_first_wave_is_the_core_and_the_second_adds_modules_to_it() -> None:
    first, second = ({module.name for module in shipped(f"network_methods/{wave}").modules} for wave in WAVES)
    assert first == set(CORE)
    added = {"organisation", "fidelity", "mapping", "kinship_families", "flows", "staff", "practice", "history"}
    assert second == first | added


def test_at_least_80_per_cent_of_the_2018_items_come_from_modules() -> None:
    items = shipped("network_methods/2018").items
    assert sum(bool(each.module) for each in items) / len(items) >= 0.8


def test_names_mean_the_same_in_both_waves() -> None:
    first, second = (shipped(f"network_methods/{wave}") for wave in WAVES)
    assert set(first.item_by_name) < set(second.item_by_name)
    for name, earlier in first.item_by_name.items():
        later = item(second, name)
        assert (earlier.kind, earlier.cell, earlier.rows, earlier.module) == (
            later.kind, later.cell, later.rows, later.module,
        )  # fmt: skip
        assert earlier.codelist == later.codelist


def test_the_names_that_others_rely_on_are_there() -> None:
    names = {field.name for field in fields(shipped("network_methods/2018"))}
    assert {
        "b1_stage_m1",
        "b1_stage_m2",
        "b1_stage_m3",
        "b4_cases_m1",
        "b6_mandatory",
        "f1_placed",
        "f3_network",
    } <= names


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize("name", TEST_ANSWERS)
def test_a_true_answer_of_a_small_municipality_is_never_stopped(name: str, wave: str) -> None:
    questionnaire = shipped(f"network_methods/{wave}")
    content = small_municipality(name)
    own = {field.name for field in fields(questionnaire)}
    raw = {field: value for field, value in content["answers"].items() if field in own}
    for references in (TEST_ANSWERS[name], {}):
        reading = read_answers(questionnaire, raw, "da")
        problems = (*reading.problems, *check_answers(questionnaire, reading.changes, "da", references=references))
        assert [problem for problem in problems if problem.level == "stop"] == []
        assert sum(problem.level == "explain" for problem in problems) <= 2


@pytest.mark.parametrize("name", TEST_ANSWERS)
def test_the_answer_of_a_small_municipality_is_received_and_submitted(name: str, tmp_path: Path) -> None:
    at = dt.datetime(2018, 3, 1, tzinfo=dt.UTC)
    units = read_units(PROJECT / "data_dictionary/codelists/municipalities.csv")
    (submission,) = read_submissions(ANSWERS / f"{name}.json")
    with open_store(tmp_path / "answers.db", create=True) as store:
        open_wave(store, shipped("network_methods/2018"), units, origin="collected", at=at, fieldwork=FIELDWORK)
        assert isinstance(receive(store, submission, at=at), Saved)


@pytest.mark.parametrize("name", TEST_ANSWERS)
def test_a_test_answer_holds_what_is_asked_and_nothing_else(name: str) -> None:
    questionnaire = shipped("network_methods/2018")
    raw = small_municipality(name)["answers"]
    met = asked(questionnaire, read_answers(questionnaire, raw, "da").changes)
    assert set(raw) <= met
    people = {field.name for field in fields(questionnaire) if field.kind not in ("computed", "text")}
    assert met & people <= set(raw)


def test_no_network_placements_closes_the_kinship_items_and_opens_one_neutral_line() -> None:
    questionnaire = shipped("network_methods/2018")
    without, with_some = (asked(questionnaire, {"f8_network_year": n}) for n in (0, 2))
    assert "f8_note" in without
    assert not without & {"f8_breaknet", "f6_newnet", "g1_support", "g2_weeks"}
    assert with_some >= {"f8_breaknet", "f6_newnet", "g1_support", "g2_weeks"}
    assert "f8_note" not in with_some


@pytest.mark.parametrize("wave", WAVES)
def test_all_counts_stand_in_the_section_of_figures(wave: str) -> None:
    # The five last times are memory, not counts; weeks to approval are a duration.
    elsewhere = {"fidelity", "kinship"}
    for each in shipped(f"network_methods/{wave}").items:
        if each.kind in COUNTED or each.cell in COUNTED:
            assert each.section == "figures" or each.section in elsewhere, each.name
    assert [each.name for each in shipped("network_methods/2018").items if each.section == "kinship"][1] == "g2_weeks"


@pytest.mark.parametrize("wave", WAVES)
def test_every_text_of_the_survey_names_its_year_and_none_says_now(wave: str) -> None:
    questionnaire = shipped(f"network_methods/{wave}")
    years = (str(questionnaire.reference_year), str(questionnaire.answer_year))
    for each in questionnaire.items:
        for language in LANGUAGES:
            assert any(year in each.text.to(language) for year in years), each.name
            assert not re.search(r"\b(nu|now|i dag|today)\b", each.text.to(language).lower()), each.name


@pytest.mark.parametrize("name", ALL)
def test_nobody_is_asked_for_a_percentage(name: str) -> None:
    for each in shipped(name).items:
        assert "procent" not in each.text.da.lower(), each.name
        assert "per cent" not in each.text.en.lower(), each.name


def test_no_cases_can_be_answered_wherever_cases_are_asked_about() -> None:
    questionnaire = shipped("network_methods/2018")
    about_cases = ("b3_phase", "b4_cases", "b7_doc", "b8_considered", "d4_meetings", "d4_neutral", "d5_core_m1",
                   "d6_core_m3", "d7_core_m2", "d4_method", "e1_map", "e3_when_none", "b5_offered_m1")  # fmt: skip
    for name in about_cases:
        assert "no_cases" in {kind.kind for kind in item(questionnaire, name).missing}, name


def test_status_is_asked_before_how_regular_the_use_is_and_which_version() -> None:
    names = [each.name for each in shipped("network_methods/2015").items if each.section == "adoption"]
    assert names[:4] == ["b1_stage", "b1_fixed", "b1_form", "b2_start"]


def test_each_state_of_a_method_opens_its_own_question_of_reasons() -> None:
    questionnaire = shipped("network_methods/2018")
    opened = {"1": "c3_whynot", "2": "c6_missing", "3": "c1_why", "4": "c1_why", "5": "c1_why", "6": "c5_whystop"}
    reasons = {each.name for each in questionnaire.items if each.section == "reasons"}
    assert reasons == set(opened.values())
    for stage in "0123456":
        met = asked(questionnaire, {"b1_stage_m2": stage})
        asked_here = {name for name in reasons if f"{name}_m2" in met}
        assert asked_here == ({opened[stage]} if stage in opened else set())


def test_the_list_of_reasons_has_as_many_for_as_against_and_the_two_that_were_missing() -> None:
    reasons = item(shipped("network_methods/2018"), "c1_why").codelist
    assert reasons is not None
    assert reasons == item(shipped("network_methods/2018"), "c3_whynot").codelist
    assert reasons.codes == tuple(str(n) for n in range(1, 20))  # 1-8 for, 9-16 against, 17-19 neither
    assert "uden en navngiven metode" in reasons.category("17").label.da
    assert "Bevidst fravalgt" in reasons.category("18").label.da


def test_a_user_is_the_same_wherever_it_is_asked() -> None:
    concepts = read_dictionary(PROJECT).concepts
    sets = {name: set(concepts[name].codes) for name in ("aware", "tried", "active", "user", "embedded", "stopped")}
    assert sets["embedded"] < sets["user"] < sets["active"] < sets["tried"] < sets["aware"]
    assert sets["tried"] == sets["active"] | sets["stopped"]
    for path in (PROJECT / "surveys").rglob("*.yaml"):
        assert not re.search(r"b1_stage\w*(_\{row\})? (in \[|==|!=|[<>])", path.read_text("utf-8")), path


def test_what_crosses_sections_asks_for_a_reason_and_only_parts_of_a_whole_stop() -> None:
    questionnaire = shipped("network_methods/2018")
    for rule in questionnaire.rules:
        sections = {item_of(questionnaire, name).section for name in names_in(rule.condition) if known(name)}
        if len(sections) > 1 or not all(known(name) for name in names_in(rule.condition)):
            assert rule.level != "stop", rule.name
    stops = {rule.name for rule in questionnaire.rules if rule.level == "stop"}
    assert "foster_within_placed" in stops
    assert not stops & {"trained_over_posts", "stock_within_year", "placed_as_register", "placed_as_last"}


def known(name: str) -> bool:
    return not name.startswith(("ref_", "last_"))


def item_of(questionnaire: Questionnaire, field_name: str) -> Item:
    (found,) = [field.item for field in fields(questionnaire) if field.name == field_name]
    return found


def test_the_base_of_breakdowns_is_all_placements_of_the_year() -> None:
    indicators = read_dictionary(PROJECT).indicators
    assert indicators["i13_breakdown"].denominator.en == "f7_placed_year"
    assert indicators["i13b_breakdown_network"].denominator.en == "f8_network_year"
    base = item(shipped("network_methods/2018"), "f7_placed_year")
    assert "mindst én dag i 2017" in base.text.da
    assert base.instruction is not None


def test_the_first_page_says_the_thresholds_that_everything_else_reads() -> None:
    for wave in WAVES:
        intro = shipped(f"network_methods/{wave}").sections[0].intro
        assert intro is not None
        assert f"færre end {thresholds()['children']} børn" in intro.da
        assert f"færre end {thresholds()['municipalities']} kommuner" in intro.da
    for name in REGISTRATIONS:
        intro = shipped(f"{name}/1").sections[0].intro
        assert intro is not None
        assert f"færre end {thresholds()['children']} børn" in intro.da


def test_consent_to_names_is_asked_separately_for_practice_and_for_self_criticism() -> None:
    questionnaire = shipped("network_methods/2018")
    practice, criticism = item(questionnaire, "h3_publish"), item(questionnaire, "h3_publish_d")
    assert practice.codelist == criticism.codelist
    closing = questionnaire.sections[-1]
    assert closing.intro is not None
    assert "aktindsigt" in closing.intro.da
    assert "h3_publish_d" not in shipped("network_methods/2015").item_by_name


def test_register_figures_are_shown_for_confirmation() -> None:
    questionnaire = shipped("network_methods/2018")
    assert item(questionnaire, "f1_placed").reference == "placed_register"
    assert item(questionnaire, "a5_project").reference == "project_register"
    assert {"placed_register", "project_register"} <= set(questionnaire.references)


def test_words_follow_the_law_of_the_year_and_names_stay(tmp_path: Path) -> None:
    for name in ("surveys", "data_dictionary"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    wave = tmp_path / "surveys/network_methods/2024"
    shutil.copytree(PROJECT / "surveys/network_methods/2018", wave, ignore=shutil.ignore_patterns("opened.yaml"))
    text = (wave / "questionnaire.yaml").read_text("utf-8")
    for old, new in (("wave: 2018", "wave: 2024"), ("year: 2017", "year: 2024"), ("year: 2018", "year: 2025")):
        text = text.replace(old, new)
    (wave / "questionnaire.yaml").write_text(text, "utf-8")
    before, after = shipped("network_methods/2018"), read_survey(wave)
    assert [field.name for field in fields(before)] == [field.name for field in fields(after)]
    assert "aflastning" in item(before, "f9_resp").text.da
    assert "støtteophold" in item(after, "f9_resp").text.da
    phases_before, phases_after = (item(each, "b3_phase").codelist for each in (before, after))
    assert phases_before is not None
    assert phases_after is not None
    assert set(phases_after.codes) - set(phases_before.codes) == {"2"}
    assert "screening" in phases_after.category("2").label.da
    assert not any("(ingen)" in category.label.da for category in phases_before.categories)
    shared = [variable.name for variable in variables(after) if not variable.name.endswith("_2")]
    assert set(shared) >= {v.name for v in variables(before) if v.name.startswith("f")}


@pytest.mark.parametrize("name", [f"{survey}/1" for survey in REGISTRATIONS])
def test_a_registration_holds_many_records_per_municipality(name: str) -> None:
    assert shipped(name).many_records
    assert shipped(name).population == "municipalities"


def test_the_registrations_have_what_the_review_added() -> None:
    added = {
        "network_meeting": ("team", "safety_plan", "caseworker_present", "asked_week", "held_week", "waiting_weeks",
                            "core_m1", "core_m3", "led_to"),
        "respite": ("child_no", "family_no", "new_investigation", "genogram_done"),
        "placement_followup": ("preventive", "less_intrusive", "followed_from"),
        "foster_interview": ("main_theme", "themes", "quote_ok"),
        "investment": ("caseworkers", "network_advisers", "wellbeing_staff", "dropouts", "placed_network",
                       "cost_foster", "cost_institution", "days_foster", "days_institution", "principles"),
    }  # fmt: skip
    for survey, names in added.items():
        assert set(names) <= set(shipped(f"{survey}/1").item_by_name), survey


def test_helsingor_and_roskilde_can_register_respite() -> None:
    population = read_dictionary(PROJECT).codelists["municipalities"]
    assert {population.category(code).label.da for code in ("0217", "0265")} == {"Helsingør", "Roskilde"}
    assert "Helsingør og Roskilde" in shipped("respite/1").universe.da


WAVE_OF = {"network_methods": "2018"}
RULE_WORDS = {"selected", "answered", "missing", "sum", "row", "and", "or", "in", "not", "no_cases"}


def test_every_indicator_refers_to_items_that_exist() -> None:
    dictionary = read_dictionary(PROJECT)
    assert len(dictionary.indicators) >= 16
    for indicator in dictionary.indicators.values():
        questionnaire = shipped(f"{indicator.survey}/{WAVE_OF.get(indicator.survey, '1')}")
        assert set(indicator.items) <= set(questionnaire.item_by_name), indicator.name
        if indicator.numerator.da != indicator.numerator.en:
            continue  # said in words: the response rates
        known = {field.name for field in fields(questionnaire)} | set(questionnaire.item_by_name)
        known |= set(dictionary.concepts) | RULE_WORDS
        named = set(re.findall(r"[a-z]\w*(?:\{row\})?", f"{indicator.numerator.en} {indicator.denominator.en}"))
        rows = {row for each in questionnaire.items for row in (row.name for row in each.rows)}
        for name in named:
            assert name in known or any(name.replace("{row}", row) in known for row in rows), (indicator.name, name)


def test_every_indicator_is_complete() -> None:
    for indicator in read_dictionary(PROJECT).indicators.values():
        assert indicator.definition is not None
        assert " af " in indicator.definition.da or "for hver" in indicator.definition.da, indicator.name
        assert indicator.unit.en in ("child", "family", "placement", "meeting", "municipality")
        assert indicator.period is not None
        assert indicator.period.en in ("stock", "flow")
        assert indicator.direction is not None
        assert indicator.direction.en in ("up", "down")
        assert (indicator.age_base is not None) == (indicator.unit.en in ("child", "placement")), indicator.name


def test_the_sixteen_indicators_of_the_plan_are_there_and_copenhagens_target_is_for_families() -> None:
    indicators = read_dictionary(PROJECT).indicators
    assert {name[:3] for name in indicators if name.startswith("i")} == {f"i{n:02}" for n in range(1, 17)}
    with_target = {name for name, each in indicators.items() if each.target and "33 pct." in each.target.da}
    assert with_target == {"i14b_respite_families", "r2_network_families"}
    assert {indicators[name].unit.en for name in with_target} == {"family"}


def test_children_families_and_placements_are_never_mixed_in_one_indicator() -> None:
    units = {"børn": "child", "familier": "family", "anbringelser": "placement"}
    questionnaire = shipped("network_methods/2018")
    for indicator in read_dictionary(PROJECT).indicators.values():
        if indicator.survey != questionnaire.survey:
            continue
        counted = [item(questionnaire, name) for name in (indicator.numerator.en, indicator.denominator.en)
                   if name in questionnaire.item_by_name]  # fmt: skip
        for each in counted:
            assert each.unit is not None
            assert units.get(each.unit.da, indicator.unit.en) == indicator.unit.en, indicator.name


def test_a_known_misspelling_means_one_category_only() -> None:
    for codelist in read_dictionary(PROJECT).codelists.values():
        meanings: dict[str, set[str]] = {}
        for category in codelist.categories:
            for word in {category.code, category.label.da, category.label.en}:
                meanings.setdefault(word.casefold(), set()).add(category.code)
        for alias, code in codelist.aliases.items():
            meanings.setdefault(alias.casefold(), set()).add(code)
        assert [word for word, codes in meanings.items() if len(codes) > 1] == [], codelist.name


@pytest.mark.parametrize(
    ("spelling", "code"),
    [("Århus", "0751"), ("Høje Taastrup", "0169"), ("Vesthimmerland", "0820"), ("Bornholms Regionskommune", "0400"),
     ("Københavns Kommune", "0101"), ("101", "0101"), ("Ringkøb.-Skjern", "0760"), ("Nordfyn", "0480")],
)  # fmt: skip
def test_municipalities_are_found_by_spellings_in_use(spelling: str, code: str) -> None:
    assert read_dictionary(PROJECT).codelists["municipalities"].aliases[spelling] == code


GIVEN_COLUMNS = (
    "kommunekode", "navn", "navn_fuldt", "forkortelse", "regionskode", "region", "landsdel", "kommunegruppe",
    "stoerrelse_2014", "tile_row", "tile_col",
)  # fmt: skip
AS_GIVEN = "1e8fbf683562d8364eaa1d8cd0e07958af71f5b7805166eaf55289e08d9e41ca"
"""What these columns held in the list of municipalities that ours was made from."""


def test_the_98_municipalities_keep_their_codes_and_all_columns() -> None:
    with (PROJECT / "data_dictionary/codelists/municipalities.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len({row["code"] for row in rows}) == 98
    assert all(re.fullmatch(r"0\d{3}", row["code"]) and row["code"] == row["kommunekode"] for row in rows)
    assert len({(row["tile_row"], row["tile_col"]) for row in rows}) == 98
    given = json.dumps([[row[name] for name in GIVEN_COLUMNS] for row in rows], ensure_ascii=False)
    assert hashlib.sha256(given.encode()).hexdigest() == AS_GIVEN


@pytest.mark.parametrize("name", ALL)
def test_every_rule_speaks_both_languages_and_has_an_example_each_way(name: str) -> None:
    for rule in shipped(name).rules:
        assert rule.message.da != rule.message.en
        assert rule.passing
        assert rule.failing
        if rule.level == "explain":
            assert rule.message.da.rstrip().endswith("?"), rule.name


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_the_same_text_twice_in_one_questionnaire(name: str) -> None:
    texts = [each.text.da for each in shipped(name).items]
    assert len(texts) == len(set(texts))


def test_an_unrelated_survey_of_at_most_40_lines_uses_the_same_modules(tmp_path: Path) -> None:
    assert (OWN / WAVE / "questionnaire.yaml").read_text("utf-8").count("\n") <= 40
    questionnaire = read_third_survey(tmp_path)
    assert {module.name for module in questionnaire.modules} >= {"adoption", "reasons", "about_answer", "closing"}
    assert all(each.module for each in questionnaire.items)
    ours = {module.name: module.version for module in shipped("network_methods/2018").modules}
    assert all(ours[module.name] == module.version for module in questionnaire.modules)
    for field in fields(questionnaire):
        for text in (field.item.text.da, field.label.da):
            assert not re.search(r"kommune|metode|børn|familie", text), field.name


def test_the_unrelated_survey_takes_answers(tmp_path: Path) -> None:
    questionnaire = read_third_survey(tmp_path)
    raw = {"a2_role": "Bibliotekar", "b1_stage_voice": 5, "b1_stage_pen": 2, "b1_stage_guide": 0, "b4_cases_voice": 40}
    reading = read_answers(questionnaire, raw, "da")
    assert reading.problems == ()
    met = asked(questionnaire, reading.changes)
    assert {"c1_why_voice", "c6_missing_pen"} <= met
    assert not {"c3_whynot_guide", "c1_why_pen"} & met
