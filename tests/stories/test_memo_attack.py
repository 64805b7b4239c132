"""Everything that readers get of the shipped survey, memo, codebook and comparison pages, is attacked at once."""

from __future__ import annotations

import datetime as dt
import json
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from evaltools.cli import main
from evaltools.sheets import PAGE_KIND
from evaltools.sheets.keeping import read_groups
from evaltools.store import Saved, Snapshot, Submission, find_page, open_store, receive, take_snapshot
from memo_attacker import solved
from memo_reader import shown_in_page, shown_in_word
from memo_search import found_in, text_of, written
from pdf_words import pdf_words

ROOT = Path(__file__).parents[2]
CANARY = 4391
"""Children that one municipality is made to have; no other number of the survey is like it."""
LATE = 3


@dataclass(frozen=True)
class Built:
    """The memo below `out`, the snapshot it was built from, and by wave the pages with the units that they count."""

    out: Path
    snapshot: Snapshot
    sheets: dict[str, tuple[list[bytes], list[str]]]


def planted(path: Path) -> None:
    """One municipality has the canary, in the answers that it has sent."""
    with open_store(path) as store:
        (wave,) = (
            each for each in take_snapshot(store).waves if (each.survey, each.wave) == ("network_methods", "2018")
        )
        for sent in (each for each in wave.responses if each.disposition == "submitted"):
            answers = {**sent.answers, "f9_resp": CANARY, "f9n_respnet": 0}
            done = receive(store, Submission("network_methods", "2018", sent.unit, answers), at=dt.datetime.now(dt.UTC))
            if isinstance(done, Saved):
                return
    raise AssertionError("no answer could be changed")


def late(path: Path) -> None:
    """Three municipalities of one region answer when the pages have been made: as others did before them."""
    with open_store(path) as store:
        (wave,) = (
            each for each in take_snapshot(store).waves if (each.survey, each.wave) == ("network_methods", "2018")
        )
        sent = [each for each in wave.responses if each.disposition == "submitted"]
        silent = [each for each in wave.units if each.code not in {response.unit for response in wave.responses}]
        region = next(each.frame["region"] for each in silent)
        done = 0
        for unit in [each for each in silent if each.frame["region"] == region]:
            for example in sent:
                answers = {**example.answers}
                saved = receive(
                    store, Submission("network_methods", "2018", unit.code, answers), at=dt.datetime.now(dt.UTC)
                )
                if isinstance(saved, Saved):
                    done += 1
                    break
            if done == LATE:
                return
    raise AssertionError("no three could answer late")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("attacked")
    path, out = folder / "rehearsal.db", folder / "out"
    assert main(["rehearse", str(ROOT / "surveys"), "--store", str(path)]) == 0
    planted(path)
    assert main(["sheets", "--store", str(path)]) == 0
    late(path)
    assert main(["memo", str(ROOT / "notebooks"), "--store", str(path), "-o", str(out)]) == 0
    with open_store(path) as store:
        snapshot = take_snapshot(store)
        sheets: dict[str, tuple[list[bytes], list[str]]] = {}
        for wave in (each for each in snapshot.waves if each.survey == "network_methods"):
            batches, _ = read_groups(store, wave.survey, wave.wave)
            kept = [find_page(store, wave.survey, wave.wave, unit.code, PAGE_KIND, "da") for unit in wave.units]
            contents = [page.content for page in kept if page is not None]
            sheets[f"{wave.survey}/{wave.wave}"] = contents, sorted(batches.versions)
    return Built(out, snapshot, sheets)


@pytest.mark.proof
def test_nothing_hidden_follows_from_memo_codebook_and_comparison_pages_together(built: Built) -> None:
    start = time.perf_counter()
    found = solved(built.snapshot, built.out, built.sheets)
    bare = solved(built.snapshot, built.out, built.sheets, bare=True)
    pages = sum(len(contents) for contents, _ in built.sheets.values())
    files = sum(path.is_file() for path in built.out.rglob("*"))
    print(  # noqa: T201  the figures of the proof
        f"{files} files of the shipped memo and {pages} comparison pages, {found.equations} equations, {found.unsafe} "
        f"cells that may not be told, {found.hidden} hidden: {len(found.recovered)} recovered, {len(found.close)} bounded "
        f"closer than their range, {len(found.shown)} shown; primary suppression alone: {len(bare.recovered)} recovered; "
        f"{time.perf_counter() - start:.0f} s"
    )
    assert found.unsafe > 100
    assert (found.recovered, found.close, found.shown) == ([], [], [])


@pytest.mark.proof
def test_no_range_of_the_whole_memo_is_too_narrow(built: Built) -> None:
    audit = json.loads((built.out / "notat.json").read_text("utf-8"))["meta"]["audit"]
    print(  # noqa: T201  the figures of the proof
        f"control of the shipped memo, codebook and pages: {audit['hidden']} hidden cells, {audit['solved']} ranges solved, "
        f"narrowest {audit['narrowest']} of what it must be; {audit['seconds']} s"
    )
    assert audit["too_narrow"] == 0
    assert audit["narrowest"] >= 1


@pytest.mark.proof
def test_a_canary_is_in_no_file_and_every_format_says_the_same(built: Built) -> None:
    assert found_in(built.out, CANARY) == set()
    assert not [
        content for contents, _ in built.sheets.values() for content in contents if str(CANARY) in content.decode()
    ]
    assert shown_in_word(built.out / "notat.docx") == shown_in_page(built.out / "notat.html")
    said = text_of(built.out / "notat.html") + text_of(built.out / "notat.xlsx") + text_of(built.out / "notat.docx")
    alone = {word for word in pdf_words(built.out / "notat.pdf").split() if word.strip(".,;()").isdigit()}
    print(f"canary {CANARY} in 0 of {sum(path.is_file() for path in built.out.rglob('*'))} files")  # noqa: T201  the figures of the proof
    assert {word for word in alone if len(word) > 4 and word.strip(".,;()") not in said} == set()
    assert not written(CANARY).search(said)
