"""The generated pages of the data dictionary are made from the schema alone and kept fresh."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from evaltools.cli import main
from evaltools.codebook import dictionary_pages, stale_pages, write_pages
from evaltools.schema import read_survey, variables

ROOT = Path(__file__).parents[3]
PAGE = "data_dictionary/generated/network_methods_2018.md"


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return dictionary_pages(ROOT)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for folder in ("surveys", "data_dictionary"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def test_the_pages_in_the_project_are_fresh(pages: dict[str, str]) -> None:
    assert stale_pages(ROOT, pages) == (), "run `evaltools dictionary` and commit the pages"


def test_there_is_one_page_per_wave_and_four_that_all_share(pages: dict[str, str]) -> None:
    waves = [path.parent for path in (ROOT / "surveys").glob("*/*/questionnaire.yaml")]
    own = {f"data_dictionary/generated/{wave.parent.name}_{wave.name}.md" for wave in waves}
    shared = {f"data_dictionary/generated/{name}.md" for name in ("README", "concepts", "indicators", "codelists")}
    assert set(pages) == own | shared


def test_the_same_schema_gives_the_same_bytes(pages: dict[str, str]) -> None:
    assert dictionary_pages(ROOT) == pages
    assert all(text.endswith("\n") and not text.endswith("\n\n") and "\r" not in text for text in pages.values())


def test_every_item_stands_with_both_question_texts_universe_and_codes(pages: dict[str, str]) -> None:
    page = pages[PAGE]
    for item in read_survey(ROOT / "surveys/network_methods/2018").items:
        block = page[page.index(f'<a id="{item.name}"></a>') :].split("<a id=", 2)[1]
        assert " ".join(item.text.da.split()).replace("<", "&lt;").replace("|", "\\|") in block
        assert " ".join(item.text.en.split()).replace("<", "&lt;").replace("|", "\\|") in block
        if item.kind != "note":
            assert "**Stilles til:**" in block
        for category in item.codelist.categories if item.codelist and len(item.codelist.categories) <= 40 else ():
            assert f"| `{category.code}` |" in block


def test_every_variable_is_named_or_stands_in_a_shortened_list(pages: dict[str, str]) -> None:
    questionnaire = read_survey(ROOT / "surveys/network_methods/2018")
    named = [variable.name for variable in variables(questionnaire) if f"`{variable.name}`" in pages[PAGE]]
    assert len(named) > 0.5 * len(variables(questionnaire))
    assert f"**Variable:** {len(variables(questionnaire))}" in pages[PAGE]


def test_every_rule_stands_as_a_sentence_beside_the_item_it_is_about(pages: dict[str, str]) -> None:
    for rule in read_survey(ROOT / "surveys/network_methods/2018").rules:
        assert pages[PAGE].count(f"- `{rule.name}` (") == 1


def test_links_between_pages_lead_somewhere(pages: dict[str, str]) -> None:
    for text in pages.values():
        for target in (part.split(")")[0] for part in text.split("](")[1:]):
            file, _, place = target.partition("#")
            assert f"data_dictionary/generated/{file}" in pages
            assert not place or f'<a id="{place}"></a>' in pages[f"data_dictionary/generated/{file}"]


def test_a_changed_missing_or_left_over_page_is_stale(copy: Path, pages: dict[str, str]) -> None:
    write_pages(copy, pages)
    folder = copy / "data_dictionary/generated"
    (folder / "concepts.md").write_text("old", "utf-8")
    (folder / "indicators.md").unlink()
    (folder / "gone_1999.md").write_text("left over", "utf-8")
    assert [Path(name).name for name in stale_pages(copy, pages)] == ["concepts.md", "gone_1999.md", "indicators.md"]
    write_pages(copy, pages)
    assert stale_pages(copy, pages) == ()
    assert {path.name for path in folder.iterdir()} == {Path(name).name for name in pages}


def test_the_verb_writes_stale_pages_and_with_check_only_names_them(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (copy / PAGE).parent.mkdir(exist_ok=True)
    (copy / PAGE).write_text("old", "utf-8")
    assert main(["dictionary", str(copy), "--check"]) == 2
    assert f"{PAGE}: stale" in capsys.readouterr().out
    assert (copy / PAGE).read_text("utf-8") == "old"
    assert main(["dictionary", str(copy)]) == 0
    assert f"wrote {PAGE}" in capsys.readouterr().out
    assert main(["dictionary", str(copy), "--check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["stale"] == []


def test_a_folder_without_a_data_dictionary_has_no_pages_but_a_clear_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["dictionary", str(tmp_path)]) == 2
    assert "data_dictionary" in capsys.readouterr().err
