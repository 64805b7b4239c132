"""What keeps the house tidy: rules that no tool checks for us."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
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
    if not {".venv", "out", ".git"} & set(path.relative_to(ROOT).parts)
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
    ],
)
def test_help_and_the_rooms_of_the_form_load_no_statistics_stack(statement: str) -> None:
    heavy = {"numpy", "pandas", "scipy", "statsmodels", "matplotlib", "pyarrow", "pyreadstat"}
    assert heavy & _loaded_after(statement) == set()


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


def test_only_the_face_and_the_porches_defer_imports() -> None:
    allowed = {"__init__.py", "cli", "notebook"}
    found: list[str] = []
    for path in MODULES:
        if allowed & set(path.relative_to(SOURCE).parts) and (
            path.name == "__init__.py" or path.parent.name in allowed
        ):
            continue
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
                inner = [node for node in ast.walk(function) if isinstance(node, (ast.Import, ast.ImportFrom))]
                found.extend(f"{path.relative_to(SOURCE)}:{node.lineno}" for node in inner)
    assert found == []
