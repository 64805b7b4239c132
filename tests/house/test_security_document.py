"""`docs/security.md` is whole, its tests exist, and its figures are those of the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from evaltools.collect.workbook.gate import LARGEST_FILE, LARGEST_INSIDE, MOST_PARTS
from evaltools.collect.workbook.opening import CPU_SECONDS, MEMORY
from evaltools.store.access.operators import SHORTEST_PASSWORD
from evaltools.web.security.bodies import LARGEST_FORM, LARGEST_REQUEST_OF_PROGRAM, SECONDS_TO_ARRIVE
from evaltools.web.site import Options

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
TEXT = (ROOT / "docs" / "security.md").read_text("utf-8")
ROWS = {row[0]: row for row in re.findall(r"^\| (\d+\.\d+\.\d+) \| (.+?) \| (.+?) \| (.+?) \|$", TEXT, re.MULTILINE)}

REQUIRED: Final = [
    "1.2.1",
    "1.2.2",
    "1.2.3",
    "1.2.4",
    "1.2.5",
    "1.3.1",
    "1.3.2",
    "1.5.1",
    "2.1.1",
    "2.1.2",
    "2.1.3",
    "2.2.1",
    "2.2.2",
    "2.2.3",
    "2.3.1",
    "2.3.2",
    "2.3.3",
    "2.3.4",
    "2.4.1",
    "3.2.1",
    "3.2.2",
    "3.3.1",
    "3.4.1",
    "3.4.2",
    "3.5.1",
    "3.5.2",
    "3.5.3",
    "4.1.1",
    "4.4.1",
    "5.2.1",
    "5.2.2",
    "5.3.1",
    "5.3.2",
    "6.1.1",
    "6.2.1",
    "6.2.2",
    "6.2.3",
    "6.2.4",
    "6.2.5",
    "6.2.6",
    "6.2.7",
    "6.2.8",
    "6.3.1",
    "6.3.2",
    "6.4.1",
    "6.4.2",
    "7.1.1",
    "7.1.2",
    "7.1.3",
    "7.2.1",
    "7.2.2",
    "7.2.3",
    "7.2.4",
    "7.3.1",
    "7.3.2",
    "7.4.1",
    "7.4.2",
    "7.4.3",
    "7.4.4",
    "7.4.5",
    "7.5.1",
    "7.5.2",
    "7.6.1",
    "7.6.2",
    "8.1.1",
    "8.1.2",
    "8.2.1",
    "8.2.2",
    "8.2.3",
    "8.3.1",
    "8.4.1",
    "9.1.1",
    "9.1.2",
    "9.1.3",
    "9.2.1",
    "10.4.1",
    "10.4.2",
    "10.4.3",
    "10.4.4",
    "10.4.5",
    "11.3.1",
    "11.3.2",
    "11.4.1",
    "12.1.1",
    "12.2.1",
    "12.2.2",
    "13.4.1",
    "14.2.1",
    "14.3.1",
    "15.1.1",
    "15.2.1",
    "15.3.1",
    "16.1.1",
    "16.2.1",
    "16.2.2",
    "16.2.3",
    "16.2.4",
    "16.2.5",
    "16.3.1",
    "16.3.2",
    "16.3.3",
    "16.3.4",
    "16.4.1",
    "16.4.2",
    "16.4.3",
    "16.5.1",
    "16.5.2",
    "16.5.3",
]
"""OWASP ASVS 5.0: level 1, and level 2 of chapters 2, 7, 8 and 16."""


def _tests_named() -> Iterator[tuple[str, str]]:
    for _, _, _, cell in ROWS.values():
        yield from re.findall(r"`([^`:]+)::([^`]+)`", cell)


def test_every_requirement_has_its_row() -> None:
    assert sorted(ROWS) == sorted(REQUIRED)


@pytest.mark.parametrize("number", REQUIRED)
def test_a_row_names_a_test_or_says_why_there_is_none(number: str) -> None:
    _, _, how, test = ROWS[number]
    assert re.fullmatch(r"`[^`]+::test_\w+`", test) or (
        test == "-" and how.startswith(("not applicable: ", "not met "))
    )


def test_every_test_that_is_named_exists() -> None:
    for path, name in _tests_named():
        file = ROOT / path
        assert file.is_file(), path
        assert re.search(rf"^(async )?def {name}\(", file.read_text("utf-8"), re.MULTILINE), f"{path}::{name}"


def test_the_document_says_what_the_requirements_ask_a_document_to_say() -> None:
    headings = re.findall(r"^## (.+)$", TEXT, re.MULTILINE)
    for wanted in (
        "Who may see and do what",
        "Links and sessions",
        "Passwords of operators",
        "Validation and limits",
        "Logs",
        "Dependencies",
    ):
        assert wanted in headings
    for target in re.findall(r"\]\(#([a-z-]+)\)", TEXT):
        assert target in [heading.lower().replace(" ", "-") for heading in headings]


def test_the_limits_in_the_document_are_those_of_the_code() -> None:
    limits = Options()
    for said in (
        f"{limits.per_address} (`--per-address`)",
        f"{limits.per_token} (`--per-token`)",
        f"{LARGEST_FORM} bytes, 5000 fields, {SECONDS_TO_ARRIVE} s",
        f"{LARGEST_FILE} bytes, {LARGEST_INSIDE} unpacked, {MOST_PARTS} parts",
        f"{MEMORY // 2**20} MB and {CPU_SECONDS} s of processor",
        f"{LARGEST_REQUEST_OF_PROGRAM} bytes",
        f"At least {SHORTEST_PASSWORD} signs",
        f"may try {limits.wrong_passwords} times",
        f"{limits.idle.seconds // 3600} hours without a request",
        f"after {limits.lasts.seconds // 3600} hours in all",
    ):
        assert said in TEXT, said


def _calls() -> Iterator[tuple[Path, str, ast.Call]]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield path, ast.unparse(node.func), node


def test_no_source_runs_text_as_code_or_as_a_command() -> None:
    refused = {
        "eval",
        "exec",
        "os.system",
        "os.popen",
        "subprocess.getoutput",
        "pickle.loads",
        "sqlalchemy.text",
    }
    found = [
        f"{path.name}: {ast.unparse(node)[:80]}"
        for path, name, node in _calls()
        if name in refused or (name.startswith("subprocess.") and any(each.arg == "shell" for each in node.keywords))
    ]
    assert found == []


def test_no_source_uses_a_broken_hash() -> None:
    used = {found for path in SOURCES for found in re.findall(r"\bhashlib\.(\w+)", path.read_text("utf-8"))}
    assert used <= {"sha256", "scrypt", "blake2b"}


@pytest.mark.parametrize(
    ("file", "said"), [("nginx.conf", "ssl_protocols TLSv1.2 TLSv1.3;"), ("nginx.conf", "return 308 https://")]
)
def test_the_proxies_speak_tls_1_2_and_1_3_only_and_send_everybody_there(file: str, said: str) -> None:
    assert said in (ROOT / "docs" / "deployment" / file).read_text("utf-8")
    assert "protocols" not in (ROOT / "docs" / "deployment" / "Caddyfile").read_text("utf-8")  # its own are these two


def test_every_dependency_is_pinned_with_hashes() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    pinned = re.findall(r"^[A-Za-z0-9_.-]+==", lock, re.MULTILINE)
    assert len(pinned) > 50
    assert len(re.findall(r"^[A-Za-z0-9_.\[\]-]+==[^\n]*\\\n\s+--hash=sha256:", lock, re.MULTILINE)) == len(pinned)
