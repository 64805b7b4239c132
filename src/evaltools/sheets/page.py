"""The page of one unit: its own answers beside those of its region, its size and all, as a piece of HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evaltools.collect import complete
from evaltools.collect.saying import said
from evaltools.document.html.elements import Html, tag, text
from evaltools.language import Language, Texts, capitalised, number, texts
from evaltools.provenance import Origin
from evaltools.schema import Category, Field, Questionnaire, Section, numbering
from evaltools.schema.missing import Missing
from evaltools.schema.model import Value
from evaltools.sheets.figures import EVERYBODY, Figure, Figures, Group, compared
from evaltools.sheets.frozen import GROUPINGS, Batches
from evaltools.store import Response, Unit


@dataclass(frozen=True, slots=True)
class Compared:
    """What every page of a wave is made of: `figures` count those in `batches`, of all `units`."""

    questionnaire: Questionnaire
    figures: Figures
    batches: Batches
    origin: Origin
    units: int


def comparison_page(wave: Compared, unit: Unit, response: Response, language: Language) -> bytes:
    """The page as UTF-8 HTML that stands inside the form's frame: from its main heading on, without script or style."""
    words = texts(language)
    sheet = _Sheet(wave, unit, complete(wave.questionnaire, response.answers), words)
    parts = [*_opening(sheet), *(part for section in wave.questionnaire.sections for part in _section(sheet, section))]
    return "\n".join(parts).encode()


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One page being made."""

    wave: Compared
    unit: Unit
    answers: Mapping[str, Value]
    words: Texts

    @property
    def groups(self) -> tuple[tuple[Group, str], ...]:
        """The unit's groups with what they are called; all of them last."""
        own = [(name, str(self.unit.frame.get(name, ""))) for name in GROUPINGS]
        named = [((name, value), self._called(name, value)) for name, value in own if value]
        return (*named, (EVERYBODY, self.words.say("sheets.all")))

    def _called(self, grouping: str, value: str) -> str:
        """A group without the number that only orders it, such as `2: 20.000-39.999`."""
        return capitalised(self.words.say(f"sheets.group.{grouping}", name=re.sub(r"^\d+: ", "", value)))


def _opening(sheet: _Sheet) -> Iterator[Html]:
    say, wave, language = sheet.words.say, sheet.wave, sheet.words.language
    counted = len(wave.batches.versions)
    told = [say("sheets.rule")]
    if wave.origin == "rehearsal":
        told.insert(0, f"{say('present.rehearsal.mark')}. {say('sheets.rehearsal')}")
    counts = {"count": number(counted, 0, language), "total": number(wave.units, 0, language)}
    told.append(say("sheets.counted" if counted else "sheets.none_yet", **counts))
    yield tag("h1", text(say("sheets.title")))
    yield tag("p", text(say("sheets.intro")), class_="lead")
    yield tag("div", *(tag("p", text(each)) for each in told), class_="info")


def _section(sheet: _Sheet, section: Section) -> Iterator[Html]:
    """The compared questions of a section that the unit was asked, under its title; nothing where there are none."""
    asked = [
        field
        for field in compared(sheet.wave.questionnaire)
        if field.item.section == section.name and sheet.answers.get(field.name) is not Missing.NOT_ASKED
    ]
    if asked:
        number_of = numbering(sheet.wave.questionnaire).sections[section.name]
        yield tag("h2", text(f"{number_of}. {section.title.to(sheet.words.language)}"))
    yield from (_question(sheet, field) for field in asked)


def _question(sheet: _Sheet, field: Field) -> Html:
    language = sheet.words.language
    called = numbering(sheet.wave.questionnaire).fields[field.name]
    heading = tag("h3", tag("span", text(called), class_="nr"), text(f" {field.label.to(language)}"))
    own = tag("strong", text(said(sheet.answers.get(field.name), field, language)))
    pairs = [(sheet.words.say("sheets.your_answer"), own), *_same(sheet, field)]
    rows = (tag("div", tag("dt", text(name)), tag("dd", told)) for name, told in pairs)
    facts = tag("dl", *rows, class_="facts")
    return tag("section", heading, facts, _everything(sheet, field, called), class_="compared")


def _same(sheet: _Sheet, field: Field) -> Iterator[tuple[str, Html]]:
    """How many of each group gave the unit's own answer; not for questions with several answers."""
    own = sheet.answers.get(field.name)
    if not isinstance(own, str):
        return
    for group, name in sheet.groups:
        figure = _figures(sheet, field, group).get(own)
        yield name, text(sheet.words.say("sheets.too_few") if figure is None else _told(sheet, figure, group))


def _told(sheet: _Sheet, figure: Figure, group: Group) -> str:
    language = sheet.words.language
    same = sheet.words.say("sheets.same", counts=figure.counts.to(language))
    population = figure.population.to(language)
    if group != EVERYBODY or not population:
        return same
    return f"{same}. {sheet.words.say('sheets.population', population=population)}"


def _figures(sheet: _Sheet, field: Field, group: Group) -> Mapping[str, Figure]:
    return sheet.wave.figures.get(field.name, {}).get(group, {})


def _everything(sheet: _Sheet, field: Field, called: str) -> Html:
    """All answers of the unit's groups as a table that a click opens; nothing where no group is shown."""
    shown = [(group, name) for group, name in sheet.groups if _figures(sheet, field, group)]
    if not shown or field.item.codelist is None:
        return Html("")
    say = sheet.words.say
    heads = (say("sheets.answer"), *(name for _, name in shown))
    head = tag("tr", *(tag("th", text(name), scope="col") for name in heads))
    rows = [_row(sheet, field, category, [group for group, _ in shown]) for category in field.item.codelist.categories]
    title = say("sheets.everything", number=called)
    table = tag("table", tag("caption", text(title), class_="vh"), tag("thead", head), tag("tbody", *rows))
    scroll = tag("div", table, class_="scroll", role="region", tabindex="0", aria_label=title)
    return tag("details", tag("summary", text(title)), scroll)


def _row(sheet: _Sheet, field: Field, category: Category, groups: list[Group]) -> Html:
    language = sheet.words.language
    own = sheet.answers.get(field.name)
    is_own = category.code == own or (isinstance(own, tuple) and category.code in own)
    label = [text(category.label.to(language))]
    if is_own:
        label.append(tag("strong", text(f" ({sheet.words.say('sheets.yours')})")))
    figures = (_figures(sheet, field, group).get(category.code) for group in groups)
    cells = (tag("td", text(figure.counts.to(language) if figure else "")) for figure in figures)
    return tag("tr", tag("th", *label, scope="row"), *cells)
