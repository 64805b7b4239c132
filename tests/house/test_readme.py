"""The README and the docs tell the truth: links lead somewhere, verbs and names exist, code runs."""

from __future__ import annotations

import argparse
import importlib
import re
import shlex
from pathlib import Path

import pytest

import evaltools as ev
from evaltools.cli import VERBS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_verb_and_everyday_name_in_the_docs_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    verbs = set(re.findall(r"^(?:\.venv\S*\\)?evaltools ([a-z]+)", text, re.MULTILINE))
    assert verbs <= set(VERBS)
    names = set(re.findall(r"\bev\.([a-z_]+)", text)) - {"monitor", "rollout"}
    assert {name for name in names if not hasattr(ev, name)} == set()


def test_the_commands_of_the_readme_are_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in set(re.findall(r"\bmake ([a-z]+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_readme_is_about_a_hundred_lines() -> None:
    assert len(README.splitlines()) <= 125


def test_every_verb_of_the_command_line_is_in_the_readme_or_the_docs() -> None:
    everything = "\n".join(page.read_text("utf-8") for page in PAGES)
    assert [verb for verb in VERBS if f"evaltools {verb}" not in everything] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_in_the_docs_is_one_that_the_command_line_understands(page: Path) -> None:
    for command in re.findall(r"^evaltools (.+?)(?:\s+#.*)?$", page.read_text("utf-8"), re.MULTILINE):
        verb, *words = shlex.split(command)
        parser = argparse.ArgumentParser(exit_on_error=False)
        importlib.import_module(f"evaltools.cli.{verb}").arguments(parser)
        assert parser.parse_args(words), command


def test_the_researchers_example_runs_on_the_answers_of_a_rehearsal(
    rehearsal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVALTOOLS_STORE", str(rehearsal))
    (example,) = re.findall(r"## Researchers\n\n```python\n(.*?)```", README, re.DOTALL)
    names: dict[str, object] = {}
    exec(example, names)
    use = names["use"]
    assert isinstance(use, ev.Estimate)
    assert len(use.rows) == 25
