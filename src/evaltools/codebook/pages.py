"""The generated pages of the data dictionary: made from the schema alone, the same bytes every time."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from evaltools.codebook.shared_pages import codelists_page, concepts_page, index_page, indicators_page
from evaltools.codebook.survey_page import survey_page
from evaltools.errors import Fault, SchemaError
from evaltools.language import Language
from evaltools.schema import read_dictionary, read_survey

FOLDER: Final = "data_dictionary/generated"


def dictionary_pages(root: Path, *, language: Language = "da") -> dict[str, str]:
    """The text of every generated page by its path below `root`, in order of path.

    root : the folder that holds `data_dictionary/` and `surveys/`. language : of headings and explanations;
        question texts and codes stand in both languages.

    Raises `SchemaError` NO_DATA_DICTIONARY, or with all faults of the first file that is wrong.
    """
    if not (root / "data_dictionary").is_dir():
        remedy = "Name the folder that holds data_dictionary and surveys."
        problem = "there is no folder data_dictionary here"
        raise SchemaError(Fault("NO_DATA_DICTIONARY", root.name, problem, remedy))
    dictionary = read_dictionary(root)
    found = sorted((root / "surveys").glob("*/*/questionnaire.yaml"))
    questionnaires = [read_survey(path.parent) for path in found]
    names = {each.id: f"{each.survey}_{each.wave}.md" for each in questionnaires}
    pages = {names[each.id]: survey_page(each, language) for each in questionnaires} | {
        "README.md": index_page(questionnaires, names, language),
        "concepts.md": concepts_page(dictionary, questionnaires, language),
        "indicators.md": indicators_page(dictionary, language),
        "codelists.md": codelists_page(dictionary, language),
    }
    return {f"{FOLDER}/{name}": pages[name] for name in sorted(pages)}


def stale_pages(root: Path, pages: Mapping[str, str]) -> tuple[str, ...]:
    """The paths of pages that are missing, differ from what they should be, or belong to nothing any longer."""
    there = {f"{FOLDER}/{path.name}" for path in (root / FOLDER).glob("*.md")}
    differing = {name for name, text in pages.items() if _text(root / name) != text}
    return tuple(sorted(differing | (there - set(pages))))


def write_pages(root: Path, pages: Mapping[str, str]) -> None:
    """Make the folder hold exactly these pages; each is written aside and then renamed."""
    target = root / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".pages-", dir=target))
    try:
        for name, text in pages.items():
            (aside / Path(name).name).write_bytes(text.encode())
        for name in pages:
            (aside / Path(name).name).replace(root / name)
        for path in target.glob("*.md"):
            if f"{FOLDER}/{path.name}" not in pages:
                path.unlink()
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _text(path: Path) -> str | None:
    return path.read_bytes().decode() if path.is_file() else None
