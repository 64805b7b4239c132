"""A memo is searched for what it must not tell: numbers that are hidden, names, addresses and free text."""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from evaltools.cli import main
from evaltools.schema import read_survey
from evaltools.store import Submission, Unit, open_store, open_wave, receive_all, take_snapshot
from memo_attacker import solved
from memo_search import everything, found_in, written
from tiny_survey import FIELDWORK

WHEN = dt.datetime(2018, 2, 5, 9, 30, tzinfo=dt.UTC)
PERSON, MAIL, WORDS = "Kanarie Hansen", "kanarie@example.dk", "fritekstkanarie"
CANARIES = (4917, 4651)
"""Children in two municipalities, each alone in its region."""

_SURVEY = """
survey: canary
wave: 2018
title: {da: "Kanariefugle", en: "Canaries"}
unit: municipality
population: municipalities
universe: {da: "Alle kommuner", en: "All municipalities"}
languages: [da, en]
reference_year: 2017
answer_year: 2018
records: one
codelists:
  reason:
    label: {da: "Grund", en: "Reason"}
    categories:
      - {code: 1, da: "Tid", en: "Time"}
      - {code: 2, da: "Penge", en: "Money"}
      - {code: 3, da: "Viden", en: "Knowledge"}
sections:
  - section: main
    title: {da: "Spørgsmål", en: "Questions"}
    items:
      - {name: placed, type: integer, min: 0, max: 9000, confidentiality: children, text: {da: "Anbragte?", en: "Placed?"}, unit: {da: børn, en: children}}
      - {name: network, type: integer, min: 0, max: 9000, confidentiality: children, text: {da: "I netværk?", en: "In network?"}, unit: {da: børn, en: children}}
      - {name: why, type: single, codes: reason, confidentiality: opinion, text: {da: "Hvorfor?", en: "Why?"}}
      - {name: remark, type: text, confidentiality: personal, text: {da: "Bemærkninger", en: "Remarks"}}
      - {name: mail, type: email, confidentiality: personal, text: {da: "Mail?", en: "Mail?"}}
"""
_REGIONS = ("Nord", "Syd", "Øst", "Vest", "Midt")
_MEMBERS = {"Nord": 1, "Syd": 1, "Øst": 9, "Vest": 9, "Midt": 10}

_LOAD = "import evaltools as ev\ndata = ev.load('canary/2018')\nasked = ev.design(data)"
_TOTALS = """totals = ev.release(ev.total(asked, ["placed", "network"], by="region"))
ev.show("tab-total", ev.count_table(totals, "Anbragte efter region"))
ratio = ev.release(ev.ratio(asked, "network", "placed", by="region"))
ev.show("fig-ratio", ev.interval_chart(ratio, "Netværk efter region"))
mean = ev.release(ev.mean(asked, "placed", by=["region", "size"]))
ev.show("tab-mean", ev.crosstab_table(mean, "Middel", rows="region", columns="size"))"""
_WHY = """why = ev.release(ev.crosstab(asked, "region", "why"))
ev.show("tab-why", ev.crosstab_table(why, "Hvorfor", rows="region", columns="category"))
ev.show("fig-why", ev.bar_chart(ev.release(ev.proportion(asked, "why")), "Hvorfor alt i alt"))
whole = ev.release(ev.total(asked, ["placed", "network"]))
ev.show("whole", ev.number(whole, item="placed"))"""
_ALONE = """for code in ("1", "2", "3"):
    for region in ("Nord", "Syd", "Øst", "Vest", "Midt"):
        one = ev.proportion(ev.design(data, strata=None), ["why"], category=code, by=["region"])
        if any(row.coordinate("region") == region for row in one.rows):
            name = f"w{code}_{region.lower().replace('ø', 'o')}"
            ev.show(name, ev.number(ev.release(one.only(region=region)), region=region))"""
_UNIONS = """for number, codes in enumerate([("1", "2"), ("1", "3")]):
    union = ev.release(ev.proportion(asked, "why", category=codes, by="region"))
    ev.show(f"tab-union{number}", ev.share_table(union, "To grunde efter region"))"""
_LEAK = """print(data.frame["placed"].tolist())
import sys; print(data.frame["placed"].max(), file=sys.stderr)
data.frame"""


def answers() -> Iterator[tuple[Unit, dict[str, object]]]:
    """Thirty municipalities: two regions with one big one each, and three with fewer children."""
    number = 100
    for region in _REGIONS:
        for place in range(_MEMBERS[region]):
            number += 1
            big = {"Nord": CANARIES[0], "Syd": CANARIES[1]}.get(region)
            placed = big or (number * 7) % 40 + 63  # so that the two big ones are not nearly all of the total
            reason = "1" if region == "Øst" and place == 0 else str(2 + place % 2)
            frame = {"region": region, "size": "stor" if place % 3 == 0 else "lille"}
            given = {
                "placed": placed,
                "network": 1 + place % 2,
                "why": reason,
                "remark": f"{WORDS} {number}",
                "mail": MAIL,
            }
            yield Unit(str(number), f"By {number}", frame), given


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a project with a memo below `out`, and everything that the build printed."""
    root = tmp_path_factory.mktemp("canary")
    _write_project(root)
    command = [sys.executable, "-c", "import sys; from evaltools.cli import main; sys.exit(main(sys.argv[1:]))"]
    arguments = ["memo", str(root / "notebooks"), "--store", str(root / "answers.db"), "-o", str(root / "out")]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return root, done.stdout + done.stderr


def _write_project(root: Path) -> None:
    lists = root / "data_dictionary" / "codelists"
    lists.mkdir(parents=True)
    given = list(answers())
    lines = [f"{unit.code},{unit.name},{unit.name},," for unit, _ in given]
    (lists / "municipalities.csv").write_text("code,da,en,flags,aliases\n" + "\n".join(lines) + "\n", "utf-8")
    survey = root / "surveys" / "canary" / "2018"
    survey.mkdir(parents=True)
    (survey / "questionnaire.yaml").write_text(_SURVEY.lstrip(), "utf-8")
    with open_store(root / "answers.db", create=True) as store:
        open_wave(
            store, read_survey(survey), [unit for unit, _ in given], origin="collected", at=WHEN, fieldwork=FIELDWORK
        )
        sent = [Submission("canary", "2018", unit.code, told, actor=PERSON) for unit, told in given]
        outcomes = receive_all(store, [(one, WHEN) for one in sent])
        assert {type(outcome).__name__ for outcome in outcomes} == {"Saved"}, outcomes
    chapters = root / "notebooks"
    chapters.mkdir()
    (chapters / "memo.yaml").write_text("title: Kanarie\nauthor: Styrelsen\ndate: 2018-12-31\n", "utf-8")
    _chapter(chapters / "01-tal.ipynb", "# Tal\n\n{{whole}}", _TOTALS, _WHY)
    _chapter(chapters / "02-enkelt.ipynb", "# Enkelttal\n\n{{w2_vest}} og {{w1_ost}}", _ALONE)
    _chapter(chapters / "04-flere.ipynb", "# Flere", _UNIONS)
    _chapter(chapters / "03-print.ipynb", "# Udskrift", _LEAK)
    (root / "out").mkdir()


def _chapter(path: Path, prose: str, *cells: str) -> None:
    code = [nbformat.v4.new_code_cell(cell) for cell in (_LOAD, *cells)]
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(prose), *code]), path)


def register(root: Path) -> dict[str, Mapping[str, Any]]:
    content = json.loads((root / "out" / "notat.json").read_text("utf-8"))
    return {entry["id"]: entry for entry in content["numbers"]}


@pytest.mark.parametrize("canary", CANARIES)
def test_no_file_and_no_message_tells_what_one_municipality_answered(canary: int, built: tuple[Path, str]) -> None:
    root, printed = built
    found = {name for name, text in everything(root / "out").items() if written(canary).search(text)}
    assert found == set()
    assert not written(canary).search(printed)


@pytest.mark.parametrize("secret", [PERSON, MAIL, WORDS])
def test_no_file_and_no_message_holds_a_name_an_address_or_free_text(secret: str, built: tuple[Path, str]) -> None:
    root, printed = built
    assert {name for name, text in everything(root / "out").items() if secret in text} == set()
    assert secret not in printed


def test_the_search_reads_every_format(built: tuple[Path, str]) -> None:
    """A number that is shown is found in each file that shows it, so that not finding a hidden one means something."""
    whole = sum(int(str(told["placed"])) for _, told in answers())
    texts = everything(built[0] / "out")
    for name in ("notat.pdf", "notat.docx", "notat.html", "notat.xlsx", "notat.json", "chapters/01-tal.ipynb"):
        assert written(whole).search(texts[name]), name


def test_a_picture_is_searched_for_what_stands_beside_it(tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    told = PngInfo()
    told.add_text("Description", f"{CANARIES[0]} children", zip=True)
    Image.new("1", (2, 2)).save(picture, pnginfo=told)
    (tmp_path / "chapter.ipynb").write_text(base64.b64encode(picture.read_bytes()).decode(), "utf-8")
    assert found_in(tmp_path, CANARIES[0]) == {"picture.png", "chapter.ipynb"}


def test_nothing_that_is_hidden_follows_from_all_that_the_files_tell(built: tuple[Path, str]) -> None:
    root, _ = built
    with open_store(root / "answers.db") as store:
        snapshot = take_snapshot(store)
    found, bare = (solved(snapshot, root / "out", bare=bare) for bare in (False, True))
    assert found.unsafe > 10
    assert (found.recovered, found.close, found.shown) == ([], [], [])
    assert bare.recovered, "the attack is one that succeeds where nothing protects the unsafe cells"


def test_a_hidden_number_has_no_other_field_that_tells_it(built: tuple[Path, str]) -> None:
    hidden = [entry for entry in register(built[0]).values() if entry["disclosure"] == "hidden"]
    assert len(hidden) > 10
    for entry in hidden:
        assert all(entry[name] is None for name in ("value", "n", "N", "base", "low", "high", "level")), entry["id"]
        assert not re.search(r"\d", "".join(map(str, entry["forms"].values()))), entry["id"]


def test_no_difference_between_a_total_and_the_shown_parts_is_what_one_municipality_answered(
    built: tuple[Path, str],
) -> None:
    root, _ = built
    whole = {"placed": sum(int(str(told["placed"])) for _, told in answers())}
    parts: dict[str, float] = {}
    for entry in register(root).values():
        place = re.search(r"\.row\(item=.placed., region=.(\w+).\)\.estimate$", entry["code"])
        if place and entry["value"] is not None and entry["code"].startswith("total("):
            parts[place[1]] = entry["value"]
    assert parts, "some regions are shown"
    for chosen in range(2 ** len(parts)):
        some = sum(value for bit, value in enumerate(parts.values()) if chosen >> bit & 1)
        assert all(abs(whole["placed"] - some - canary) > 0.5 for canary in CANARIES)


def test_one_cell_is_hidden_in_every_chapter_that_asks_for_it_in_its_own_way(built: tuple[Path, str]) -> None:
    """Time in the east was one municipality's reason: hidden alone, in the table, and in no union with money."""
    numbers = register(built[0])
    assert numbers["w1_ost"]["disclosure"] == "hidden"
    shown: dict[tuple[str, tuple[str, ...]], int] = {}
    for entry in numbers.values():
        row = re.search(r"category='([\d+]+)', region='(\w+)'\)\.", entry["code"])
        if row and entry["disclosure"] != "hidden":
            shown[row[2], tuple(row[1].split("+"))] = round(entry["value"] * entry["n"] / 100)
    east = {codes: count for (region, codes), count in shown.items() if region == "Øst"}
    sums = [np.ones(3), *(np.isin(["1", "2", "3"], codes).astype(float) for codes in east)]
    assert {"w1_ost", "w2_ost", "w3_ost"} <= set(numbers), "each is asked for, shown or not"
    sums = [np.ones(3), *(np.isin(["1", "2", "3"], codes).astype(float) for codes in east)]
    rank = np.linalg.matrix_rank(np.array(sums))
    assert np.linalg.matrix_rank(np.array([*sums, [1.0, 0.0, 0.0]])) == rank + 1, east


def test_what_a_cell_printed_does_not_leave_the_build(built: tuple[Path, str]) -> None:
    notebook = nbformat.read(built[0] / "out" / "chapters" / "03-print.ipynb", as_version=4)
    assert [output for cell in notebook["cells"] for output in cell.get("outputs", ())] == []


def test_the_files_of_an_export_hold_no_name_of_a_sender(built: tuple[Path, str], tmp_path: Path) -> None:
    store = str(shutil.copy(built[0] / "answers.db", tmp_path / "answers.db"))
    assert (
        main(["export", "canary/2018", "--store", store, "--to", "csv,spss,stata", "-o", str(tmp_path / "data")]) == 0
    )
    assert all(PERSON.encode() not in path.read_bytes() for path in (tmp_path / "data").iterdir())
