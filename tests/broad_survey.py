"""A questionnaire in a folder of its own that uses every type of item, for tests of the questionnaire language."""

from __future__ import annotations

from pathlib import Path

UNITS = "# label_da: Enheder\n# label_en: Units\ncode,da,en,flags,aliases\n01,Nord,North,,N.\n02,Syd,South,,\n"
ROLES = (
    "# label_da: Roller\n# label_en: Roles\ncode,da,en,flags,aliases\n"
    "1,Leder,Manager,,Chef|Boss\n2,Andet,Other,write_in,\n0,Ingen,None,exclusive,\n"
)
STAGE = "# ordered: true\ncode,da,en\n0,Nej,No\n1,Plan,Plan\n2,Ja,Yes\n"
CONCEPTS = """
concepts:
  user:
    label: {da: "Bruger", en: "User"}
    definition: {da: "Metoden er i brug", en: "The method is in use"}
    codelist: stage
    codes: [2]
"""
TERMS = """
terms:
  respite:
    words:
      - {until: 2023, da: "aflastning", en: "respite care"}
      - {from: 2024, da: "støtteophold", en: "support stays"}
  screening:
    words:
      - {from: 2024, da: "screening", en: "screening"}
"""
MODULE = """
module: methods
version: 3
title: {da: "Metoder", en: "Methods"}
source: {da: "Egne ord", en: "Own words"}
licence: CC0-1.0
parameters:
  things: {kind: codelist}
  noun: {kind: text, default: {da: "metode", en: "method"}}
  most: {kind: number, default: 99}
sections:
  - section: methods
    title: {da: "Metoder", en: "Methods"}
    items:
      - name: stage
        type: grid
        rows: "{things}"
        codes: stage
        text: {da: "Bruges denne {noun} i {ref_year}?", en: "Is this {noun} used in {ref_year}?"}
      - name: cases
        type: grid
        rows: "{things}"
        cell: integer
        min: 0
        max: "{most}"
        row_if: stage_{row} in user
        text: {da: "I hvor mange sager?", en: "In how many cases?"}
    rules:
      - name: few_cases
        level: explain
        rule: sum(cases) <= most
        message: {da: "Mere end {most}", en: "More than {most}"}
        pass: {cases: 1}
        fail: {cases: 90}
"""
QUESTIONNAIRE = """
survey: broad
wave: 2018
title: {da: "Bredt skema", en: "Broad questionnaire"}
unit: municipality
population: units
universe: {da: "Alle", en: "All"}
reference_year: 2017
answer_year: 2018
references: [register]
contact: {da: "Ring", en: "Call"}
codelists:
  things:
    label: {da: "Ting", en: "Things"}
    categories:
      - {code: m1, da: "Første", en: "First"}
      - {code: m2, da: "Anden", en: "Second"}
  phases:
    categories:
      - {code: 1, da: "Tidligt", en: "Early"}
      - {code: 2, da: "Under {term:screening}", en: "During {term:screening}"}
      - {code: 3, da: "Ved {term:respite}", en: "With {term:respite}"}
sections:
  - section: about
    title: {da: "Om", en: "About"}
    items:
      - {name: role, type: single, codes: roles, text: {da: "Rolle?", en: "Role?"}}
      - {name: others, type: multiple, codes: roles, max_choices: 2, text: {da: "Andre?", en: "Others?"}}
      - {name: hello, type: note, text: {da: "Goddag", en: "Hello"}}
  - use: methods
    version: 3
    with: {things: things}
  - section: rest
    title: {da: "Resten", en: "The rest"}
    ask_if: role != 0
    items:
      - name: placed
        type: integer
        min: 0
        missing: [dont_know, cannot_be_counted]
        reference: register
        text: {da: "Børn i {term:respite}?", en: "Children in {term:respite}?"}
        unit: {da: "børn", en: "children"}
      - {name: considered, type: count, ask_if: placed > 0, text: {da: "Overvejet?", en: "Considered?"}}
      - {name: posts, type: decimal, decimals: 1, min: 0, text: {da: "Stillinger?", en: "Posts?"}}
      - {name: begun, type: year, max: "{answer_year}", text: {da: "Begyndt?", en: "Begun?"}}
      - {name: month, type: month, text: {da: "Måned?", en: "Month?"}}
      - {name: day, type: date, text: {da: "Dag?", en: "Day?"}}
      - {name: remark, type: text, max_length: 200, text: {da: "Bemærkning?", en: "Remark?"}}
      - {name: mail, type: email, confidentiality: personal, text: {da: "E-post?", en: "E-mail?"}}
      - {name: phase, type: multiple, codes: phases, text: {da: "Hvornår?", en: "When?"}}
      - {name: rate, type: computed, value: 100 * considered / placed, decimals: 1, text: {da: "Andel", en: "Share"}}
      - name: home
        type: repeat
        repeat: 2
        text: {da: "Hjem", en: "Home"}
        items:
          - {name: beds, type: integer, min: 0, text: {da: "Pladser?", en: "Beds?"}}
          - {name: free, type: integer, ask_if: beds > 0, text: {da: "Ledige?", en: "Free?"}}
rules:
  - name: as_register
    level: note
    rule: placed == ref_register
    message: {da: "Afviger", en: "Differs"}
    pass: {placed: 4, ref_register: 4}
    fail: {placed: 4, ref_register: 5}
paths:
  nobody:
    label: {da: "Ingen ting", en: "Nothing"}
    answers: {role: 1, stage: 0, placed: 0}
    at_most: 14
  full:
    answers: {role: 2, stage: 2, placed: 4, home_1_beds: 1, home_2_beds: 3}
"""


def write_broad_survey(root: Path, questionnaire: str = QUESTIONNAIRE) -> Path:
    """Write the survey with its dictionary below a root folder; gives the folder of the wave."""
    files = {
        "data_dictionary/codelists/units.csv": UNITS,
        "data_dictionary/codelists/roles.csv": ROLES,
        "data_dictionary/codelists/stage.csv": STAGE,
        "data_dictionary/concepts.yaml": CONCEPTS,
        "data_dictionary/terms.yaml": TERMS,
        "surveys/modules/methods.yaml": MODULE,
        "surveys/broad/2018/questionnaire.yaml": questionnaire,
    }
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.lstrip("\n"), "utf-8")
    return root / "surveys/broad/2018"
