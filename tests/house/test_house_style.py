"""What keeps the house tidy: rules that no tool checks for us."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "evaltools"
MODULES = sorted(SOURCE.rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TEXT_FILES = [
    path
    for pattern in ("*.py", "*.md", "*.yaml", "*.toml", "*.csv", "Makefile", "*.ipynb", "*.typ", "*.css")
    for path in ROOT.rglob(pattern)
    if not {".venv", ".bench", "out", ".git"} & set(path.relative_to(ROOT).parts)
]
_DANISH = re.compile(r"[æøåÆØÅ]")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_is_short_enough_to_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 320


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_danish_words_for_people_stand_in_data_not_in_code(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    spoken = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in documentation
        and _DANISH.search(node.value)
        and " " in node.value
    ]
    assert spoken == []


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    assert [path.name for path in MODULES if path.stem in ("utils", "helpers", "common", "misc")] == []


def test_no_file_names_a_machine() -> None:
    paths = re.compile(r"(?<![A-Za-z.\w])/(?:home|root|work|Users)/[a-z]")
    found = [str(path) for path in TEXT_FILES if path != Path(__file__) and paths.search(path.read_text("utf-8"))]
    assert found == []


def _loaded_after(statement: str) -> set[str]:
    code = f"import sys, json\n{statement}\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    "statement",
    [
        "import evaltools",
        "from evaltools.cli import main; main(['--help'])",
        "import evaltools.store, evaltools.collect, evaltools.schema",
        "import evaltools.web.app",
    ],
)
def test_help_and_the_rooms_of_the_form_load_no_statistics_stack(statement: str) -> None:
    heavy = {"numpy", "pandas", "scipy", "statsmodels", "matplotlib", "pyarrow", "pyreadstat"}
    assert heavy & _loaded_after(statement) == set()


@pytest.mark.parametrize("statement", ["import evaltools as ev; ev.rollout", "import evaltools.estimate"])
def test_the_engine_of_rollouts_is_loaded_only_by_those_who_estimate_one(statement: str) -> None:
    assert "diff_diff" not in _loaded_after(statement)


def test_who_estimates_from_a_survey_loads_no_library_of_the_other_kinds_of_estimates() -> None:
    loaded = _loaded_after("import evaltools as ev; ev.proportion; ev.crosstab")
    assert {"evaltools.estimate.survey", "scipy.special"} <= loaded
    assert {"scipy.stats", "scipy.optimize", "statsmodels", "typst", "evaltools.estimate.rollout"} & loaded == set()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_chapter_is_thin_and_carries_no_outputs(path: Path) -> None:
    notebook = json.loads(path.read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        source = "".join(cell["source"])
        assert len(source.splitlines()) <= 10, source
        assert not re.search(r"^\s*(def|class) |lambda", source, re.MULTILINE), source
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


DEFERRING = {"cli/verify.py", "estimate/rollout/engine.py", "notebook/showing.py", "store/migrations/__init__.py"}
"""Three ways to verify need three stacks; diff-diff takes seconds and is an extra; IPython is there only in a notebook;
alembic only when a store changes."""


def test_imports_are_deferred_in_four_files_only() -> None:
    found: set[str] = set()
    for path in MODULES:
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) and any(
                isinstance(node, (ast.Import, ast.ImportFrom)) for node in ast.walk(function)
            ):
                found.add(path.relative_to(SOURCE).as_posix())
    assert found == DEFERRING


def _defined(path: Path) -> list[str]:
    """Names that a module defines at its top level, apart from what Python itself reads."""
    names: list[str] = []
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.append(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names.extend(target.id for target in targets if isinstance(target, ast.Name))
    return [name for name in names if not name.startswith("__")]


def test_every_name_is_used_somewhere_in_the_house_or_handed_out_by_its_room() -> None:
    words = Counter(word for path in MODULES for word in re.findall(r"\w+", path.read_text("utf-8")))
    read_by_alembic = {"revision", "down_revision"}
    unused = [
        f"{path.relative_to(SOURCE).as_posix()}: {name}"
        for path in MODULES
        for name in _defined(path)
        if words[name] < 2 and name not in read_by_alembic
    ]
    assert unused == []
