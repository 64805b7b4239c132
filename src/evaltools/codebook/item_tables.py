"""The tables of one item: its answers, and why answers are missing. Only released numbers stand in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from evaltools.codebook.book import Book
from evaltools.codebook.counting import Count, FieldCounts
from evaltools.document.html.elements import Html, table, tag, text
from evaltools.language.numbers import number
from evaltools.schema import Item

FIGURES: Final = frozenset({"mean", "lower", "median", "upper", "total"})

Labels = tuple[str, ...]


def item_tables(item: Item, counts: Sequence[FieldCounts], book: Book) -> Iterator[Html]:
    """Answers first, then the kinds of missing, each kind in a row or column of its own; 0 is shown too."""
    say = book.words.say
    label = item.label.to(book.language)
    if item.confidentiality == "personal":
        yield _remark(say("codebook.book.personal"))
    caption = say("codebook.book.answers", label=label)
    for labels, alike in _alike([each for each in counts if each.answers], lambda each: each.answers):
        yield _answer_matrix(labels, alike, caption, book) if len(alike) > 1 else _answer_list(alike[0], caption, book)
    for each in counts:
        if each.field.kind in ("text", "email") and item.confidentiality != "personal":
            yield _remark(say("codebook.book.texts", count=_valid(each, book)))
    caption = say("codebook.book.missing", label=label)
    for labels, alike in _alike([each for each in counts if each.missing], lambda each: each.missing):
        yield (
            _missing_matrix(labels, alike, caption, book) if len(alike) > 1 else _missing_list(alike[0], caption, book)
        )
    if any(count.value is None for each in counts for count in (*each.answers, *each.missing)):
        yield _remark(say("codebook.book.hidden_note", hidden=say("codebook.book.hidden")))


def _alike(
    counts: Sequence[FieldCounts], of: Callable[[FieldCounts], Sequence[Count]]
) -> Iterator[tuple[Labels, list[FieldCounts]]]:
    """Fields with the same answers (or kinds of missing) share one table."""
    groups: dict[Labels, list[FieldCounts]] = {}
    for each in counts:
        groups.setdefault(tuple(count.label for count in of(each)), []).append(each)
    yield from groups.items()


def _answer_list(counts: FieldCounts, caption: str, book: Book) -> Html:
    """One field: a row per answer with count, per cent and bar, or a row per figure."""
    say = book.words.say
    valid = (text(say("codebook.book.valid")), _valid(counts, book))
    if counts.holds_figures:
        header = [say("codebook.book.figure"), say("codebook.book.value")]
        figures = [(text(_label(each, book)), _shown(each, counts, book)) for each in counts.answers]
        return table(caption, book.mark, header, [*figures, valid])
    header = [say(f"codebook.book.{key}") for key in ("answer", "count", "percent_valid", "bar")]
    rows = [(text(each.label), _shown(each, counts, book), _percent(each, book), _bar(each)) for each in counts.answers]
    return table(caption, book.mark, header, [*rows, (*valid, Html(""), Html(""))])


def _answer_matrix(labels: Labels, alike: Sequence[FieldCounts], caption: str, book: Book) -> Html:
    """Several fields: one row each, one column per answer or figure, and how many answered."""
    shown = [_label(each, book) for each in alike[0].answers]
    header = ["", *shown, book.words.say("codebook.book.valid")]
    rows = [
        (_field_name(each, book), *(_shown(count, each, book) for count in each.answers), _valid(each, book))
        for each in alike
    ]
    return table(caption, book.mark, header, rows)


def _missing_list(counts: FieldCounts, caption: str, book: Book) -> Html:
    header = [book.words.say(f"codebook.book.{key}") for key in ("reason", "count")]
    rows = [(text(each.label), _count(each, book)) for each in counts.missing]
    return table(caption, book.mark, header, rows)


def _missing_matrix(labels: Labels, alike: Sequence[FieldCounts], caption: str, book: Book) -> Html:
    rows = [(_field_name(each, book), *(_count(count, book) for count in each.missing)) for each in alike]
    return table(caption, book.mark, ["", *labels], rows)


def _field_name(counts: FieldCounts, book: Book) -> Html:
    """The row of a grid, or the field itself (the second number of "x of y" has a label of its own)."""
    row = counts.field.row
    label = row.label if row and counts.field.part == "" else counts.field.label
    return text(label.to(book.language))


def _label(count: Count, book: Book) -> str:
    return book.words.say(f"codebook.book.{count.label}") if count.label in FIGURES else count.label


def _shown(count: Count, counts: FieldCounts, book: Book) -> Html:
    if count.value is None or not counts.holds_figures:
        return _count(count, book)
    if counts.field.kind == "year" or counts.field.item.cell == "year":
        return text(f"{count.value:.0f}")
    digits = 0 if count.value == int(count.value) else max(1, counts.field.item.decimals)
    return text(number(count.value, digits, book.language))


def _count(count: Count, book: Book) -> Html:
    return text(
        book.words.say("codebook.book.hidden") if count.value is None else number(count.value, 0, book.language)
    )


def _valid(counts: FieldCounts, book: Book) -> Html:
    return text(book.words.say("codebook.book.hidden") if counts.valid is None else str(counts.valid))


def _percent(count: Count, book: Book) -> Html:
    return Html("") if count.share is None else text(number(100 * count.share, 0, book.language))


def _bar(count: Count) -> Html:
    width = 0.0 if count.share is None else 100 * count.share
    return tag("div", tag("span", style=f"width: {width:.0f}%"), class_="bar", aria_hidden="true")


def _remark(words: str) -> Html:
    return tag("p", text(words), class_="quiet")
