"""What docs/questionnaire-language.md says is so: its examples are read, its list of faults is complete."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaltools.errors import SchemaError
from evaltools.schema import check_survey, fields, read_dictionary, read_survey
from evaltools.schema.shape import ITEM_CLASSES

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/questionnaire-language.md").read_text("utf-8")
BLOCKS = re.findall(r"```(?:yaml|csv)\n# (\S+)\n(.*?)```", PAGE, re.DOTALL)


def _write_example(root: Path) -> Path:
    for name, text in BLOCKS:
        if "/" in name:
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
    return root / "surveys/network/2018"


def test_the_whole_example_passes_the_check(tmp_path: Path) -> None:
    report = check_survey(_write_example(tmp_path))
    assert report.faults == ()
    assert [(path.name, path.fields) for path in report.paths] == [("non_user", 4)]
    assert set(read_dictionary(tmp_path).indicators) == {"i02"}


def test_the_example_items_pass_the_check_and_show_every_type(tmp_path: Path) -> None:
    file = _write_example(tmp_path) / "questionnaire.yaml"
    items = next(text for name, text in BLOCKS if name == "items")
    section = 'sections:\n  - section: more\n    title: {da: "Mere", en: "More"}\n    items:\n'
    text = file.read_text("utf-8").replace("sections:\n", section + textwrap.indent(items, " " * 6))
    file.write_text(text, "utf-8")
    questionnaire = read_survey(file)
    assert {item.kind for item in questionnaire.items} == set(ITEM_CLASSES)
    assert "phase_3_text" in {field.name for field in fields(questionnaire)}


def _raised() -> Iterator[str]:
    folder = ROOT / "src/evaltools/schema"
    for file in (*folder.glob("*.py"), *(folder / "checks").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name in ("Fault", "_fault", "_wrong"):
                    yield str(node.args[0].value)


def test_every_fault_is_documented_and_nothing_else() -> None:
    table = PAGE[PAGE.index("## Faults") :]
    documented = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", table))
    assert documented == {code for code in _raised() if code.isupper()}


def test_every_fault_is_tested() -> None:
    tests = [*(ROOT / "tests/faults").rglob("*"), *(ROOT / "tests/unit/schema").glob("*.py")]
    text = "\n".join(path.read_text("utf-8") for path in tests if path.suffix in (".yaml", ".csv", ".py"))
    assert [code for code in sorted(set(_raised())) if code.isupper() and code not in text] == []


def test_a_target_has_words_and_a_share_that_can_be_tested(tmp_path: Path) -> None:
    folder = _write_example(tmp_path).parents[2] / "data_dictionary"
    entry = 'indicators:\n  x:\n    label: {{da: A, en: A}}\n    definition: {{da: "Familier, af alle.", en: "Families, of all."}}\n'
    entry += (
        "    numerator: a\n    denominator: b\n    unit: family\n    target: {{share: {share}, da: målet, en: aim}}\n"
    )
    entry += "    baseline: {{count: 8, base: 57, da: før, en: before}}\n    span: {{da: et år, en: a year}}\n"
    file = folder / "indicators.yaml"
    file.write_text(entry.format(share="0.33"), "utf-8")
    found = read_dictionary(tmp_path).indicators["x"]
    assert (found.target_share, found.baseline_counts) == (0.33, (8, 57))
    assert (found.counted.da, found.among.en) == ("familier", "all")
    file.write_text(entry.format(share="33"), "utf-8")
    with pytest.raises(SchemaError) as refused:
        read_dictionary(tmp_path)
    assert refused.value.code == "TARGET_NOT_A_SHARE"
