"""Every broken questionnaire in this folder gives exactly the codes, at the lines, that its comments expect."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaltools.errors import Fault
from evaltools.schema import check_survey

HERE = Path(__file__).parent
EXPECTED = re.compile(r"# expect(?: (\d+))?: ([A-Z_, ]+)")
CASES = sorted(HERE.glob("*.yaml")) + sorted(HERE.glob("own/*/questionnaire.yaml"))


def _name(path: Path) -> str:
    return path.parent.name if path.parent.parent.name == "own" else path.stem


def _expected(case: Path) -> Iterator[tuple[str, int, str]]:
    """File, line and code of each expectation; a comment `# expect 3: CODE` is about line 3."""
    own = case.parent.parent.name == "own"
    files = sorted(path for path in case.parent.rglob("*") if path.is_file()) if own else [case]
    for file in files:
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
            for match in EXPECTED.finditer(line):
                for code in match[2].split(","):
                    yield file.name, int(match[1] or number), code.strip()


def _found(fault: Fault) -> tuple[str, int, str]:
    name, _, line = fault.where.rpartition(":")
    return (Path(name).name, int(line), fault.code) if name else (Path(fault.where).name, 1, fault.code)


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_a_broken_questionnaire_says_what_is_wrong_and_where(case: Path) -> None:
    faults = check_survey(case).faults
    assert sorted(map(_found, faults)) == sorted(_expected(case)), "\n".join(map(str, faults))
    assert all(fault.problem and fault.remedy and not fault.problem.endswith(".") for fault in faults)


def test_there_are_at_least_forty_broken_questionnaires_and_one_has_ten_faults() -> None:
    assert len(CASES) >= 40
    assert len(list(_expected(HERE / "ten_faults.yaml"))) == 10
