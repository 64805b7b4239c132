"""Every number that R's package `survey` (4.1-1 and 4.5) gave in 88 entries of 19 families, through the public face.

`r_calls.py` reads each entry's design and call, never its name. An entry that no verb of ours is known for, or with a
number that ours does not give, is a failure. The entries lie outside the project, since most are on data of others. The
twins are on municipalities of our own, and run everywhere: `municipal_samples.py` made their data, `municipal_twin.R`
their numbers.
"""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path

import pandas as pd
import pytest

import r_survey
from municipal_samples import samples
from r_calls import FAMILIES, differences, numbers_in, reported
from r_entries import OURS, REFERENCES, TWINS, Entry, entries_in


def all_agree(entries: Sequence[Entry]) -> str:
    """Assert that no entry has a number that ours differs from; what was compared, in words."""
    found = {entry["id"]: problems for entry in entries if (problems := differences(entry))}
    count, families = sum(len(reported(entry)) for entry in entries), Counter(entry["family"] for entry in entries)
    shown = ", ".join(f"{family} {families[family]}" for family in FAMILIES)
    told = f"{len(entries) - len(found)} of {len(entries)} entries, {count} numbers: {shown}"
    assert not found, f"{told}\n" + "\n".join(f"{name}: {'; '.join(problems[:3])}" for name, problems in found.items())
    assert families.keys() == FAMILIES.keys(), "a family has no entry, or no verb"
    return told


def test_every_number_of_every_reference_entry_is_ours() -> None:
    if not REFERENCES:
        pytest.skip("the reference values lie only beside the project, in ../shared/reference")
    told = all_agree(REFERENCES)
    print(told)  # noqa: T201  the figures of the proof
    assert told.startswith("88 of 88 entries")


def test_every_number_of_the_twins_on_our_own_municipalities_is_ours() -> None:
    told = all_agree(TWINS)
    print(told)  # noqa: T201  the figures of the proof


@pytest.mark.parametrize("family", FAMILIES)
def test_a_number_that_is_a_little_off_is_noticed(family: str) -> None:
    """The comparison can fail: in each family, each number of the first entry is moved in turn."""
    entry = next(each for each in TWINS if each["family"] == family)
    assert differences(entry) == []
    for part, place in moved(entry):
        assert differences(part), f"{place} was moved unnoticed"


def moved(entry: Entry) -> list[tuple[Entry, str]]:
    """The entry with each number of its first estimate moved by a hundred-thousandth, one at a time."""
    found = []
    for name, number in entry["estimates"][0].items():
        if isinstance(number, (int, float)):
            other = deepcopy(entry)
            other["estimates"][0][name] = number * (1 + 1e-5) + (1e-5 if number == 0 else 0)
            found.append((other, name))
    assert found
    return found


def test_an_entry_that_nothing_of_ours_is_known_for_is_a_failure() -> None:
    entry: Entry = {**TWINS[0], "family": "horoscope"}
    assert differences(entry) == ["no verb is known for the family horoscope"]
    with pytest.raises(AssertionError, match="1 of 2 entries"):
        all_agree([entry, TWINS[1]])


def test_a_family_without_an_entry_is_a_failure() -> None:
    with pytest.raises(AssertionError, match="a family has no entry"):
        all_agree([entry for entry in TWINS if entry["family"] == "smallpop"])


def test_a_number_that_ours_does_not_give_is_a_failure() -> None:
    entry = deepcopy(TWINS[0])
    entry["estimates"][0]["skewness"] = 1.0
    assert [each for each in differences(entry) if "no number of ours" in each]


def test_the_samples_of_the_twins_are_those_that_their_seed_gives() -> None:
    for name, frame in samples().items():
        kept = pd.read_csv(OURS / name)
        pd.testing.assert_frame_equal(kept, frame.reset_index(drop=True), check_dtype=False, rtol=1e-9)


@pytest.mark.proof
def test_r_gives_the_numbers_of_the_twins_again(tmp_path: Path) -> None:
    if not r_survey.is_there():
        pytest.skip("R with its package survey is not found: install Debian's r-cran-survey and r-cran-mass")
    assert r_survey.RSCRIPT is not None
    done = subprocess.run(
        [r_survey.RSCRIPT, "municipal_twin.R", "data"], cwd=OURS.parent, capture_output=True, text=True, check=True
    )
    (tmp_path / "again.json").write_text(done.stdout, "utf-8")
    again = entries_in(tmp_path / "again.json")
    ours, theirs = (dict(numbers_in(entries, "")) for entries in (TWINS, again))
    assert ours.keys() == theirs.keys()
    far = [name for name, number in theirs.items() if abs(ours[name] - number) > 1e-7 * max(abs(number), 1e-9)]
    print(f"{len(again)} entries of R run again, {len(theirs)} numbers: {len(far)} apart")  # noqa: T201  the figures of the proof
    assert far == []
