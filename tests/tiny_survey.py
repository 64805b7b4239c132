"""Two tiny surveys as YAML, one answered once and one with many records, and a store that they are open in."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from evaltools.provenance import Origin
from evaltools.schema import Questionnaire, read_survey
from evaltools.store import Contact, Fieldwork, Store, Submission, Unit, open_store, open_wave

WHEN = dt.datetime(2018, 2, 5, 9, 30, tzinfo=dt.UTC)
LATER = WHEN + dt.timedelta(hours=3)

FIELDWORK = Fieldwork(keep_until=dt.date(2023, 2, 5), contact=Contact("Undersøgelsen", "svar@example.dk"))

UNITS = (
    Unit("0101", "København", {"region": "Region Hovedstaden", "size": "5: 100.000 og derover"}, ("Kbh.",)),
    Unit("0751", "Aarhus", {"region": "Region Midtjylland", "size": "5: 100.000 og derover"}, ("Århus",)),
    Unit("0825", "Læsø", {"region": "Region Nordjylland", "size": "1: under 20.000"}),
)

_WAVE = """
survey: tiny
wave: {wave}
title: {{da: "Lille skema", en: "Small survey"}}
unit: municipality
population: municipalities
universe: {{da: "Alle kommuner", en: "All municipalities"}}
languages: [da, en]
reference_year: {reference_year}
answer_year: {wave}
records: one
codelists:
  stage:
    label: {{da: "Trin", en: "Stage"}}
    ordered: true
    categories:
      - {{code: 0, da: "Ikke i brug", en: "Not in use"}}
      - {{code: 1, da: "I brug", en: "In use"}}
sections:
  - section: main
    title: {{da: "Brug", en: "Use"}}
    items:
      - {{name: stage, type: single, codes: stage, text: {{da: "Bruges metoden?", en: "Is it used?"}}}}
      - name: placed
        type: integer
        text: {{da: "Hvor mange børn er anbragt?", en: "How many children are placed?"}}
        min: 0
        max: 5000
        missing: [cannot_be_counted]
        confidentiality: children
      - {{name: network, type: integer, min: 0, text: {{da: "Heraf i netværk?", en: "Of these in the network?"}}}}
      - name: cases
        type: integer
        text: {{da: "Hvor mange sager?", en: "How many cases?"}}
        min: 0
        ask_if: stage == 1
      - {{name: remark, type: text, text: {{da: "Bemærkninger", en: "Remarks"}}, confidentiality: opinion}}
      - {{name: mail, type: email, text: {{da: "Din mail?", en: "Your e-mail?"}}, confidentiality: personal}}
rules:
  - name: network_within_placed
    level: stop
    rule: network <= placed
    at: network
    message: {{da: "Tallet kan ikke være større", en: "The number cannot be larger"}}
    pass: {{placed: 10, network: 4}}
    fail: {{placed: 10, network: 14}}
  - name: many_placed
    level: explain
    rule: placed <= 900
    message: {{da: "Det er mange. Hvad skyldes det?", en: "That is many. Why?"}}
    pass: {{placed: 10}}
    fail: {{placed: 1000}}
{extra}
"""

_LIKE_LAST_TIME = """
  - name: placed_as_last
    level: explain
    rule: abs(placed - last_placed) <= 50
    message: {da: "Meget anderledes end sidst. Hvorfor?", en: "Much different from last time. Why?"}
    pass: {placed: 10, last_placed: 12}
    fail: {placed: 100, last_placed: 12}
"""

_REGISTER = """
survey: visits
wave: 1
title: {da: "Besøg", en: "Visits"}
unit: municipality
population: municipalities
universe: {da: "Alle besøg", en: "All visits"}
languages: [da, en]
reference_year: 2018
answer_year: 2018
records: many
sections:
  - section: main
    title: {da: "Besøg", en: "Visit"}
    items:
      - {name: people, type: integer, min: 0, max: 40, text: {da: "Hvor mange kom?", en: "How many came?"}}
      - {name: words, type: text, text: {da: "Hvad blev sagt?", en: "What was said?"}}
"""


def write_tiny(root: Path) -> None:
    """Write the surveys and their dictionary below a folder."""
    lists = root / "data_dictionary" / "codelists"
    lists.mkdir(parents=True)
    lines = [f"{one.code},{one.name},{one.name},,{'|'.join(one.aliases)}" for one in UNITS]
    (lists / "municipalities.csv").write_text("code,da,en,flags,aliases\n" + "\n".join(lines) + "\n", "utf-8")
    for wave, extra in (("2015", ""), ("2018", _LIKE_LAST_TIME)):
        text = _WAVE.format(wave=wave, reference_year=int(wave) - 1, extra=extra)
        _write(root / "surveys" / "tiny" / wave, text)
    _write(root / "surveys" / "visits" / "1", _REGISTER)


def _write(folder: Path, text: str) -> None:
    folder.mkdir(parents=True)
    (folder / "questionnaire.yaml").write_text(text.lstrip(), "utf-8")
    (folder / "fieldwork.yaml").write_text("keep_years: 5\n", "utf-8")


def tiny(root: Path, name: str = "tiny/2018") -> Questionnaire:
    """One of the surveys, read."""
    return read_survey(root / "surveys" / name)


def tiny_store(root: Path, *waves: str, origin: Origin = "collected", anew: bool = False) -> Store:
    """A store in which waves are open; `tiny/2018` when none is named. anew: one with keys of its own, not a copy."""
    if not (root / "surveys").exists():
        write_tiny(root)
    place, wanted = root / "answers.db", waves or ("tiny/2018",)
    if not anew and not place.exists():
        place.write_bytes(_opened(wanted, origin))
    store = open_store(place, create=True)
    for wave in wanted:
        open_wave(store, tiny(root, wave), UNITS, origin=origin, at=WHEN, fieldwork=FIELDWORK)
    return store


@cache
def _opened(waves: tuple[str, ...], origin: Origin) -> bytes:
    """The file of a store in which waves have just been opened."""
    with tempfile.TemporaryDirectory() as name:
        tiny_store(Path(name), *waves, origin=origin, anew=True).close()
        return (Path(name) / "answers.db").read_bytes()


def sent(answers: Mapping[str, object], unit: str = "0101", **more: object) -> Submission:
    """A submission to `tiny/2018`."""
    return Submission(**({"survey": "tiny", "wave": "2018", "unit": unit, "answers": answers} | more))  # type: ignore[arg-type]
