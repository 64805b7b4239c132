"""From files to a list of sections: modules are fetched, their versions and parameters checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from evaltools.errors import Fault, SchemaError, near
from evaltools.language import Text
from evaltools.schema.codelists import CodeListShelf, PlacedCodeList
from evaltools.schema.dictionary import Dictionary, find_root, load_dictionary
from evaltools.schema.model import Module
from evaltools.schema.reading import Document, Place, read_document
from evaltools.schema.shape import shape
from evaltools.schema.source import (
    CodeListSource,
    ModuleSource,
    ParameterSource,
    QuestionnaireSource,
    RuleSource,
    SectionSource,
    TextSource,
    UseSource,
)
from evaltools.schema.tolerance import Lost, shape_what_fits
from evaltools.schema.wording import PLACEHOLDER, Wording

FILE: Final = "questionnaire.yaml"
MODULES: Final = "surveys/modules"


@dataclass(frozen=True)
class Setting:
    """What the texts and names of one block are read with: its wording, its code lists and its parameters.

    A parameter that was not given is there, and empty, so that its absence is said once.
    """

    wording: Wording
    shelf: CodeListShelf
    lists: Mapping[str, str] = field(default_factory=dict)
    module: str = ""

    def codelist_name(self, written: str, place: Place) -> str:
        """The name of a code list, which may be a parameter in braces."""
        match = PLACEHOLDER.fullmatch(written)
        if match is None:
            return written
        if match[1] not in self.lists:
            problem = f'there is no code list parameter "{match[1]}"'
            self.wording.faults.append(Fault("UNKNOWN_PARAMETER", place.at(), problem, near(match[1], self.lists)))
            return ""
        return self.lists[match[1]]


@dataclass(frozen=True)
class PlacedSection:
    """A section with its place and setting; `used_if` is the condition that stands where its module is used."""

    source: SectionSource
    place: Place
    setting: Setting
    used_if: tuple[str, str, Setting] | None = None


@dataclass(frozen=True)
class PlacedRule:
    """A rule with its place and setting."""

    source: RuleSource
    place: Place
    setting: Setting


@dataclass(frozen=True)
class Expanded:
    """A questionnaire with its modules taken in."""

    source: QuestionnaireSource
    place: Place
    dictionary: Dictionary
    setting: Setting
    sections: tuple[PlacedSection, ...]
    rules: tuple[PlacedRule, ...]
    modules: tuple[Module, ...]
    documents: tuple[Document, ...]
    faults: list[Fault]
    lost: Lost


def expand(path: Path) -> Expanded:
    """Read a questionnaire and all it uses. Raises `SchemaError` if the questionnaire itself has not its shape."""
    file = path / FILE if path.is_dir() else path
    root = find_root(file.parent)
    document = read_document(file, shown(file, root))
    dictionary = load_dictionary(root)
    source, rest, faults, lost = shape_what_fits(QuestionnaireSource, document)
    return _Expander(source, Place(rest), dictionary, lost, faults).expanded()


def shown(path: Path, root: Path) -> str:
    """How a file is called in faults: its path below the root."""
    full = path.resolve()
    return full.relative_to(root).as_posix() if full.is_relative_to(root) else path.as_posix()


class _Expander:
    def __init__(
        self, source: QuestionnaireSource, place: Place, dictionary: Dictionary, lost: Lost, faults: Sequence[Fault]
    ) -> None:
        self.source, self.place, self.dictionary, self.lost = source, place, dictionary, lost
        self.faults = [*dictionary.faults, *faults]
        numbers = {"ref_year": str(source.reference_year), "answer_year": str(source.answer_year)}
        wording = Wording(source.languages, source.reference_year, dictionary.terms, self.faults, numbers=numbers)
        own = placed_lists(source.codelists, place)
        self.setting = Setting(wording, CodeListShelf((own, dictionary.placed), wording))
        self.modules: dict[str, tuple[ModuleSource, Document]] = {}

    def expanded(self) -> Expanded:
        sections = tuple(self._sections())
        rules = [*self._section_rules(sections), *self._module_rules(sections)]
        rules += _rules(self.source.rules, self.place, self.setting)
        return Expanded(
            self.source,
            self.place,
            self.dictionary,
            self.setting,
            sections,
            tuple(rules),
            tuple(self._module(source, document) for source, document in self.modules.values()),
            (self.place.document, *(document for _, document in self.modules.values())),
            self.faults,
            self.lost,
        )

    def _sections(self) -> Iterator[PlacedSection]:
        for n, entry in enumerate(self.source.sections):
            place = self.place.down("sections", n)
            if isinstance(entry, SectionSource):
                yield PlacedSection(entry, place, self.setting)
            else:
                yield from self._used(entry, place)

    def _used(self, use: UseSource, place: Place) -> Iterator[PlacedSection]:
        try:
            module, document = self._fetch(use, place)
        except SchemaError as error:
            self.faults.extend(error.faults)
            self.lost = Lost(everything=True)
            return
        setting = self._module_setting(use, place, module, Place(document))
        condition = (use.ask_if, place.at("ask_if"), self.setting) if use.ask_if else None
        for n, section in enumerate(module.sections):
            yield PlacedSection(section, Place(document, ("sections", n)), setting, condition)

    def _fetch(self, use: UseSource, place: Place) -> tuple[ModuleSource, Document]:
        if use.use in self.modules:
            problem, remedy = (
                f'module "{use.use}" is used twice',
                "Use it once: its items have the same names each time.",
            )
            raise SchemaError(Fault("MODULE_TWICE", place.at("use"), problem, remedy))
        folder = self.dictionary.root / MODULES
        known = sorted(path.stem for path in folder.glob("*.yaml") if "." not in path.stem)
        if use.use not in known:
            remedy = near(use.use, known)
            raise SchemaError(Fault("UNKNOWN_MODULE", place.at("use"), f'there is no module "{use.use}"', remedy))
        for stem in (f"{use.use}.{use.version}", use.use):
            path = folder / f"{stem}.yaml"
            if path.exists():
                document = read_document(path, shown(path, self.dictionary.root))
                source = shape(ModuleSource, document)
                break
        if source.version != use.version:
            problem = f'module "{use.use}" is version {source.version}, not {use.version}'
            remedy = f"Use version {source.version}, or keep the old one as {MODULES}/{use.use}.{use.version}.yaml."
            raise SchemaError(Fault("MODULE_VERSION", place.at("version"), problem, remedy))
        self.modules[use.use] = (source, document)
        return source, document

    def _module(self, source: ModuleSource, document: Document) -> Module:
        title = _plain(source.title)
        origin = _plain(source.source) if source.source else None
        return Module(source.module, source.version, title, origin, source.licence)

    def _module_setting(self, use: UseSource, place: Place, module: ModuleSource, inside: Place) -> Setting:
        given = place.down("with")
        for name in use.parameters:
            if name not in module.parameters:
                problem = f'module "{use.use}" has no parameter "{name}"'
                self._fault("UNKNOWN_PARAMETER", given.at(name), problem, near(name, module.parameters))
        values: dict[str, TextSource | str] = {}
        for name, parameter in module.parameters.items():
            value = use.parameters.get(name, parameter.default)
            if value is None:
                problem = f'module "{use.use}" needs the parameter "{name}"'
                self._fault("MISSING_PARAMETER", place.at("with"), problem, f"Add with: {{{name}: ...}}.")
            elif self._fits(parameter, value, name, given if name in use.parameters else inside):
                values[name] = value
        return self._setting_with(module, inside, given, values)

    def _fits(self, parameter: ParameterSource, value: TextSource | str, name: str, place: Place) -> bool:
        wanted = {"codelist": "the name of a code list", "text": "a text {da: ..., en: ...}", "number": "a number"}
        fits = isinstance(value, TextSource) if parameter.kind == "text" else isinstance(value, str)
        if parameter.kind == "number" and isinstance(value, str):
            fits = value.removeprefix("-").replace(".", "", 1).isdigit()
        if not fits:
            problem = f'the parameter "{name}" is not {wanted[parameter.kind]}'
            self._fault("WRONG_PARAMETER", place.at(name), problem, f"Write {wanted[parameter.kind]}.")
        return fits

    def _setting_with(
        self, module: ModuleSource, inside: Place, given: Place, values: Mapping[str, TextSource | str]
    ) -> Setting:
        texts = {
            name: self.setting.wording.text(value, given.down(name))
            for name, value in values.items()
            if isinstance(value, TextSource)
        }
        kinds = {name: parameter.kind for name, parameter in module.parameters.items()}
        plain = {name: str(values.get(name, "")) for name, kind in kinds.items() if kind != "text"}
        texts |= {name: Text("", "") for name, kind in kinds.items() if kind == "text" and name not in values}
        numbers = {name: value for name, value in plain.items() if kinds[name] == "number"}
        lists = {name: value for name, value in plain.items() if kinds[name] == "codelist"}
        outer = self.setting.wording
        wording = replace(outer, texts=texts, numbers={**outer.numbers, **numbers})
        own = placed_lists(module.codelists, inside)
        shelf = CodeListShelf((own, *self.setting.shelf.shelves), wording)
        found = {name: value and shelf.find(value, given.down(name)) for name, value in lists.items()}
        lists = {name: value if found[name] else "" for name, value in lists.items()}
        return Setting(wording, shelf, lists, f"{module.module}@{module.version}")

    def _section_rules(self, sections: tuple[PlacedSection, ...]) -> list[PlacedRule]:
        return [rule for each in sections for rule in _rules(each.source.rules, each.place, each.setting)]

    def _module_rules(self, sections: tuple[PlacedSection, ...]) -> Iterator[PlacedRule]:
        settings = {each.setting.module: each.setting for each in sections}
        for source, document in self.modules.values():
            setting = settings.get(f"{source.module}@{source.version}")
            if setting is not None:
                yield from _rules(source.rules, Place(document), setting)

    def _fault(self, code: str, where: str, problem: str, remedy: str) -> None:
        self.faults.append(Fault(code, where, problem, remedy))


def placed_lists(sources: Mapping[str, CodeListSource], place: Place) -> dict[str, PlacedCodeList]:
    """Code lists written in a questionnaire or module."""
    return {name: PlacedCodeList(name, source, place.down("codelists", name)) for name, source in sources.items()}


def _rules(sources: tuple[RuleSource, ...], place: Place, setting: Setting) -> list[PlacedRule]:
    return [PlacedRule(source, place.down("rules", n), setting) for n, source in enumerate(sources)]


def _plain(source: TextSource) -> Text:
    return Text(source.da or source.en, source.en or source.da)
