"""Whatever an author does to a questionnaire, the check answers with faults and never breaks down."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from broad_survey import MODULE, QUESTIONNAIRE, write_broad_survey
from evaltools.schema import check_survey

WORDS = (
    "",
    "x",
    "0",
    "-1",
    "[]",
    "{}",
    "[a, b]",
    "{a: b}",
    '"{things}"',
    "role",
    "role == 1",
    "1.5",
    "true",
    "{",
    "'",
    "é",
)


def damaged(text: str, rng: random.Random) -> str:
    """The text with one to three lines deleted, doubled, swapped, moved right, or given another value."""
    lines = text.strip("\n").split("\n")
    for _ in range(rng.randint(1, 3)):
        at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        kind = rng.randrange(6)
        if kind == 0:
            del lines[at]
        elif kind == 1:
            lines.insert(at, lines[other])
        elif kind == 2:
            lines[at], lines[other] = lines[other], lines[at]
        elif kind == 3:
            lines[at] = "  " + lines[at]
        elif kind == 4:
            key = lines[at].split(":", 1)[0]
            lines[at] = f"{key}: {rng.choice(WORDS)}"
        else:
            words = lines[at].split(" ")
            words[rng.randrange(len(words))] = rng.choice(WORDS)
            lines[at] = " ".join(words)
    return "\n".join(lines) + "\n"


def check_damaged(root: Path, seed: int) -> int:
    """How many faults the check finds; it fails the test if it breaks down or one of them says too little."""
    rng = random.Random(seed)
    folder = write_broad_survey(root, damaged(QUESTIONNAIRE, rng))
    if rng.random() < 0.3:
        (root / "surveys/modules/methods.yaml").write_text(damaged(MODULE, rng), "utf-8")
    report = check_survey(folder)
    assert all(fault.code and fault.where and fault.problem and fault.remedy for fault in report.faults)
    return len(report.faults)


def test_a_damaged_questionnaire_gives_faults_and_no_other_exception(tmp_path: Path) -> None:
    for seed in range(60):
        check_damaged(tmp_path, seed)


@pytest.mark.proof
def test_three_thousand_damaged_questionnaires_give_faults_and_no_other_exception(tmp_path: Path) -> None:
    found = [check_damaged(tmp_path, seed) for seed in range(3_000)]
    refused = sum(faults > 0 for faults in found)
    print(f"{len(found)} damaged questionnaires, {refused} refused with {sum(found)} faults, no other exception")  # noqa: T201
