"""Comparing two waves: what can be followed over time, and the words of the law that change with the year."""

from __future__ import annotations

from pathlib import Path

import pytest

from broad_survey import QUESTIONNAIRE, write_broad_survey
from evaltools.schema import ItemChange, compare_waves, read_survey, variables

ROOT = Path(__file__).parents[3]


def changes(tmp_path: Path, before: str, after: str) -> dict[str, ItemChange]:
    assert before in QUESTIONNAIRE
    earlier = read_survey(write_broad_survey(tmp_path / "a"))
    later = read_survey(write_broad_survey(tmp_path / "b", QUESTIONNAIRE.replace(before, after)))
    return {change.name: change for change in compare_waves(earlier, later)}


@pytest.mark.parametrize(
    ("item", "before", "after", "change"),
    [
        ("role", 'en: "Role?"', 'en: "Your role?"', "reworded"),
        ("others", "max_choices: 2", "max_choices: 3", "extended"),
        ("others", "max_choices: 2", "max_choices: 1", "reworded"),
        ("placed", "missing: [dont_know, cannot_be_counted]", "missing: [dont_know]", "incompatible"),
        ("placed", "missing: [dont_know, cannot_be_counted]", "missing: [dont_know, cannot_be_counted, no_cases]", "extended"),
        ("placed", '"children"', '"families"', "incompatible"),
        ("considered", "ask_if: placed > 0", "ask_if: placed > 1", "incompatible"),
        ("remark", "type: text, max_length: 200", "type: email", "incompatible"),
        ("posts", "decimals: 1, min: 0, text", "decimals: 2, min: 0, text", "incompatible"),
        ("stage", '{code: m2, da: "Anden"', '{code: m3, da: "Tredje", en: "Third"}\n      - {code: m2, da: "Anden"', "extended"),
        ("phase", '      - {code: 3, da: "Ved {term:respite}", en: "With {term:respite}"}\n', "", "incompatible"),
        ("rate", "100 * considered", "1000 * considered", "incompatible"),
        ("home", "{name: beds, type: integer, min: 0", "{name: beds, type: integer, min: 1", "reworded"),
        ("mail", "      - {name: mail,", "      - {name: mailbox,", "removed"),
        ("mailbox", "      - {name: mail,", "      - {name: mailbox,", "added"),
        ("day", 'en: "Role?"', 'en: "Your role?"', "unchanged"),
    ],
)  # fmt: skip
def test_a_change_has_its_class(tmp_path: Path, item: str, before: str, after: str, change: str) -> None:
    found = changes(tmp_path, before, after)[item]
    assert found.change == change
    assert bool(found.differences) == (change not in ("unchanged", "added", "removed"))


def test_the_years_that_are_filled_in_are_no_change(tmp_path: Path) -> None:
    later = QUESTIONNAIRE.replace("reference_year: 2017\nanswer_year: 2018", "reference_year: 2019\nanswer_year: 2020")
    waves = [
        read_survey(write_broad_survey(tmp_path / name, text)) for name, text in (("a", QUESTIONNAIRE), ("b", later))
    ]
    assert {change.change for change in compare_waves(*waves)} == {"unchanged"}


def test_under_the_law_of_2024_the_words_change_and_the_variable_names_do_not(tmp_path: Path) -> None:
    text = (ROOT / "tests/waves/network_methods/2024/questionnaire.yaml").read_text("utf-8")
    old_law = text.replace("reference_year: 2024\nanswer_year: 2025", "reference_year: 2017\nanswer_year: 2018")
    for name in ("data_dictionary", "surveys"):
        (tmp_path / name).symlink_to(ROOT / name)
    folder = tmp_path / "before"
    folder.mkdir()
    (folder / "questionnaire.yaml").write_text(old_law, "utf-8")
    before, after = read_survey(folder), read_survey(ROOT / "tests/waves/network_methods/2024")
    assert [item.name for item in before.items] == [item.name for item in after.items]
    new = {variable.name for variable in variables(after)} - {variable.name for variable in variables(before)}
    gone = {variable.name for variable in variables(before)} - {variable.name for variable in variables(after)}
    assert gone == set()
    assert new == {f"b3_phase_{row}_2" for row in ("m1", "m2", "m3")}
    found = {change.name: change for change in compare_waves(before, after)}
    assert found["b3_phase"].differences[0] == "code 2 is new"
    assert found["f9_resp"].change == "reworded"
    assert "aflastning" in before.item_by_name["f9_resp"].text.da
    assert "støtteophold" in after.item_by_name["f9_resp"].text.da
    assert {change.change for change in found.values()} == {"unchanged", "reworded", "extended"}


def test_a_fixed_limit_that_happens_to_be_a_year_of_one_wave_is_the_same_limit() -> None:
    waves = [read_survey(ROOT / "surveys/network_methods" / wave) for wave in ("2015", "2018")]
    changes = {change.name: change for change in compare_waves(*waves)}
    assert [wave.item_by_name["a5b_year"].minimum for wave in waves] == [2015, 2015]
    assert changes["a5b_year"].change == "unchanged"
    assert changes["b2_start"].change == "unchanged"
