"""The codebook: the data dictionary with released frequencies, as one HTML file without scripts."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from evaltools.codebook.book import Book
from evaltools.codebook.counting import cells_of
from evaltools.codebook.item_block import item_block
from evaltools.codebook.uses import uses_of
from evaltools.dataset import Dataset, build_dataset
from evaltools.document.html.elements import Html, fact_list, link, page, tag, text, unordered
from evaltools.language import Language, Texts, texts
from evaltools.present import ConfidentialCell, ReleasePlan
from evaltools.store.model import Snapshot


def codebook_html(
    datasets: Sequence[Dataset],
    *,
    language: Language = "da",
    plan: ReleasePlan | None = None,
    register: Mapping[str, Any] | None = None,
) -> str:
    """One page on every item of some datasets: question, universe, released answers, kinds of missing, use.

    plan : the release plan of the memo, which hides more. register : the content of `notat.json`; with it each item
    says which numbers, figures and tables of the memo use it.

    Every number has passed `present.release`; free text and personal data are counted, never shown.
    """
    words = texts(language)
    books = [Book(each, language, plan, None if register is None else uses_of(each, register)) for each in datasets]
    titles = [each.questionnaire.title.to(language) for each in datasets]
    title = words.say("codebook.book.title", title=titles[0]) if len(titles) == 1 else words.say("codebook.book.many")
    body = [
        tag("a", text(words.say("codebook.book.skip")), class_="skip", href="#content"),
        tag("header", tag("h1", text(title))),
        tag("nav", *_contents(books, words), aria_label=words.say("codebook.book.contents")),
        tag("main", *(_part(book) for book in books), id="content"),
    ]
    style = (resources.files("evaltools.codebook") / "book.css").read_text("utf-8")
    return page(title, language, style, body)


def build_codebook(
    snapshot: Snapshot,
    folder: Path,
    *,
    language: Language = "da",
    plan: ReleasePlan | None = None,
    register: Mapping[str, Any] | None = None,
) -> Path:
    """Write the codebook of every wave of a snapshot into a folder; see `codebook_html`. Returns the file.

    Raises `DataError` as `build_dataset` does.
    """
    datasets = [build_dataset(f"{wave.survey}/{wave.wave}", snapshot) for wave in snapshot.waves]
    return write_codebook(codebook_html(datasets, language=language, plan=plan, register=register), folder)


def codebook_cells(snapshot: Snapshot) -> tuple[ConfidentialCell, ...]:
    """What the codebook of a snapshot tells, for the release plan of the memo that it is published with.

    Raises `DataError` as `build_dataset` does.
    """
    datasets = (build_dataset(f"{wave.survey}/{wave.wave}", snapshot) for wave in snapshot.waves)
    return tuple(cell for data in datasets for cell in cells_of(data))


def write_codebook(html: str, folder: Path) -> Path:
    """Write the page as `index.html` into a folder; it is written aside and then renamed."""
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / ".index.html.part"
    aside.write_text(html, encoding="utf-8", newline="\n")
    os.replace(aside, folder / "index.html")
    return folder / "index.html"


def _contents(books: Sequence[Book], words: Texts) -> Iterator[Html]:
    for book in books:
        questionnaire = book.data.questionnaire
        yield tag("h2", link(f"#{book.anchor()}", f"{questionnaire.title.to(book.language)} ({questionnaire.id})"))
        items = (item for item in questionnaire.items if item.kind != "note")
        yield unordered(link(f"#{book.anchor(item.name)}", item.label.to(book.language)) for item in items)


def _part(book: Book) -> Html:
    questionnaire = book.data.questionnaire
    title = tag("h2", text(f"{questionnaire.title.to(book.language)} ({questionnaire.id})"))
    mark = [tag("p", text(book.mark), class_="mark")] if book.mark else []
    sections = [
        part
        for section in questionnaire.sections
        for part in (
            tag("h3", text(section.title.to(book.language))),
            *(item_block(item, book) for item in section.items if item.kind != "note"),
        )
    ]
    return tag("section", title, *mark, fact_list(_facts(book)), *sections, id=book.anchor())


def _facts(book: Book) -> Iterator[tuple[str, Html]]:
    say, data, questionnaire = book.words.say, book.data, book.data.questionnaire
    total, responded = len(data.population), int(data.population["responded"].sum())
    if questionnaire.many_records:
        response = say("codebook.book.records", count=int(data.frame["responded"].sum()), units=responded, total=total)
    else:
        response = say("codebook.book.responded", count=responded, total=total)
    yield say("codebook.fact.universe"), text(questionnaire.universe.to(book.language))
    yield say("codebook.fact.reference_year"), text(str(questionnaire.reference_year))
    yield say("codebook.book.response"), text(response)
    yield say("codebook.book.origin"), text(say(f"codebook.book.{data.origin}"))
    for name, words in questionnaire.about.items():
        yield say(f"codebook.about.{name}"), text(words.to(book.language))
    yield say("codebook.book.snapshot"), tag("code", text(data.snapshot_sha256[:16]))
