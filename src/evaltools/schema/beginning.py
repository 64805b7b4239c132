"""Begin a questionnaire: a skeleton from modules that passes the check as it stands; `...` marks what to fill in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evaltools.errors import Fault, SchemaError
from evaltools.schema.dictionary import Dictionary, find_root, read_dictionary
from evaltools.schema.expand import FILE, shown
from evaltools.schema.needing import in_order, read_modules, references_in, rows_in
from evaltools.schema.scalars import NAME_PATTERN
from evaltools.schema.source import ModuleSource, ParameterSource

TEXT: Final = '{da: "...", en: "..."}'
POPULATION: Final = "municipalities"
SAMPLE_CODES: Final = ("a", "b")
FIELDWORK_FILE: Final = "fieldwork.yaml"
FIELDWORK: Final = """# How the wave is run; it may be changed while the wave is open.
keep_years: 5
contact: {name: "...", email: "..."}
"""


def new_survey(path: str | Path, modules: Sequence[str] = (), *, year: int) -> Path:
    """Write the skeleton of a questionnaire and of its `fieldwork.yaml`, and give the path of the first.

    :param path: the folder of the wave, `.../<survey>/<wave>`; made if it is not there
    :param modules: names of modules, in the order they are asked; what they build upon is put before them
    :param year: the answer year; the reference year is the year before
    :raises SchemaError: BAD_NAME, FILE_EXISTS, UNKNOWN_MODULE, NO_DATA_DICTIONARY, or the faults of a module
    """
    folder = Path(path)
    root = find_root(folder.parent)
    file = folder / FILE
    survey, wave = folder.resolve().parent.name, folder.resolve().name
    if not re.fullmatch(NAME_PATTERN, survey):
        problem, remedy = f'"{survey}" cannot be the name of a survey', "Give PATH as surveys/<survey>/<wave>."
        raise SchemaError(Fault("BAD_NAME", folder.as_posix(), problem, remedy))
    if file.exists():
        problem = "there is a questionnaire already"
        raise SchemaError(Fault("FILE_EXISTS", shown(file, root), problem, "Choose another wave, or delete it."))
    skeleton = _Skeleton(read_dictionary(root), in_order(modules, read_modules(root)))
    folder.mkdir(parents=True, exist_ok=True)
    fieldwork = folder / FIELDWORK_FILE
    if not fieldwork.exists():
        fieldwork.write_text(FIELDWORK, "utf-8")
    aside = file.with_suffix(".part")
    aside.write_text("".join(skeleton.lines(survey, wave, year)), "utf-8")
    return aside.replace(file)


@dataclass(frozen=True)
class _Skeleton:
    dictionary: Dictionary
    modules: tuple[ModuleSource, ...]

    def lines(self, survey: str, wave: str, year: int) -> Iterator[str]:
        yield f"survey: {survey}\nwave: {wave}\ntitle: {TEXT}\nunit: municipality\npopulation: {self._population()}\n"
        yield f"universe: {TEXT}\nlanguages: [da, en]\nreference_year: {year - 1}\nanswer_year: {year}\nrecords: one\n"
        references = references_in(self.modules)
        if references:
            yield f"references: [{', '.join(references)}]\n"
        yield from self._codelists()
        yield "sections:\n"
        for module in self.modules:
            yield from self._use(module)
        yield f"  - section: own_section\n    title: {TEXT}\n    items:\n"
        yield f"      - {{name: own_remarks, type: text, text: {TEXT}}}\n"

    def _population(self) -> str:
        lists = sorted(self.dictionary.codelists)
        if POPULATION in lists or not lists:
            return POPULATION
        return lists[0]

    def _codelists(self) -> Iterator[str]:
        missing = {
            name: None
            for module in self.modules
            for name, parameter in _needed(module)
            if parameter.kind == "codelist" and name not in self.dictionary.codelists
        }
        if missing:
            yield "codelists:\n"
        for name in missing:
            yield f"  {name}:\n    label: {TEXT}\n    categories:\n"
            for code in rows_in(self.modules) or SAMPLE_CODES:
                yield f'      - {{code: {code}, da: "... {code}", en: "... {code}"}}\n'

    def _use(self, module: ModuleSource) -> Iterator[str]:
        yield f"  - use: {module.module}\n    version: {module.version}\n"
        needed = _needed(module)
        if needed:
            yield "    with:\n"
        for name, parameter in needed:
            value = {"codelist": name, "text": TEXT, "number": "1"}[parameter.kind]
            about = f"  # {parameter.about}" if parameter.about else ""
            line = f"      {name}: {value}{about}"
            yield f"{line if len(line) <= 120 else line[:117] + '...'}\n"


def _needed(module: ModuleSource) -> list[tuple[str, ParameterSource]]:
    """The parameters that have no default."""
    return [(name, parameter) for name, parameter in module.parameters.items() if parameter.default is None]
