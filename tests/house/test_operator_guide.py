"""The operator's guide tells the truth: every command can be typed, every file works, every code exists."""

from __future__ import annotations

import argparse
import configparser
import datetime as dt
import importlib
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import cast

import pytest

from errors_page import codes
from evaltools.cli import VERBS, Verb
from evaltools.contact import KINDS
from evaltools.store import read_fieldwork

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/operators.md").read_text("utf-8")
DEPLOYMENT = ROOT / "docs/deployment"
UNITS = sorted(DEPLOYMENT.glob("*.service")) + sorted(DEPLOYMENT.glob("*.timer"))
COMMANDS = sorted(
    {
        found
        for page in (GUIDE, *(unit.read_text("utf-8") for unit in UNITS))
        for found in re.findall(r"^(?:ExecStart=)?(?:\S+/)?evaltools (.+)$", page, re.MULTILINE)
        if found.split()[0] in VERBS  # a verb that is not there is told by the test of all docs
    }
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_can_be_typed_as_it_stands(command: str) -> None:
    name, *words = shlex.split(command)
    parser = argparse.ArgumentParser(prog=name, exit_on_error=False)
    cast(Verb, importlib.import_module(f"evaltools.cli.{name}")).arguments(parser)
    parser.parse_args(words)


def test_every_code_of_the_guide_exists_and_those_of_contacts_and_letters_are_all_there() -> None:
    table = GUIDE.partition("## Når noget går galt")[2]
    told = set(re.findall(r"`([A-Z]{2,}(?:_[A-Z]+)+)`", table)) - {"EVALTOOLS_SMTP_PASSWORD", "EVALTOOLS_TRACE"}
    found = codes()
    assert told - set(found) == set()
    of_contact = {code for code, places in found.items() if "contact" in {room for room, _ in places}}
    assert of_contact - told == set()


def test_every_kind_of_letter_is_in_the_guide() -> None:
    assert [kind for kind in KINDS if f"`{kind}`" not in GUIDE and f"--kind {kind}" not in GUIDE] == []


def test_the_settings_shown_are_read_as_they_stand(tmp_path: Path) -> None:
    (settings,) = re.findall(r"```yaml\n(keep_years.+?)```", GUIDE, re.DOTALL)
    file = tmp_path / "fieldwork.yaml"
    file.write_text(settings, "utf-8")
    fieldwork = read_fieldwork(file, dt.date(2027, 1, 4))
    assert (fieldwork.keep_until.year, fieldwork.approval, fieldwork.link_days) == (2032, "leader", 180)
    assert fieldwork.closes_at is not None


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_of_systemd_has_its_sections_and_says_where_it_goes(unit: Path) -> None:
    parser = configparser.ConfigParser(strict=True, interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(unit, "utf-8")
    assert parser.has_option("Unit", "Description")
    assert parser.has_section("Timer" if unit.suffix == ".timer" else "Service")
    assert f"/etc/systemd/system/{unit.name}" in unit.read_text("utf-8")
    assert unit.name in GUIDE


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_finds_nothing_wrong_with_its_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = re.sub(r"^ExecStart=.*$", "ExecStart=/bin/true", unit.read_text("utf-8"), flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *sorted(map(str, tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, [line for line in done.stderr.splitlines() if str(tmp_path) in line]) == (0, [])


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_a_proxy_closes_its_brackets_speaks_to_the_form_and_logs_no_addresses(name: str) -> None:
    text = (DEPLOYMENT / name).read_text("utf-8")
    assert text.count("{") == text.count("}")
    assert "127.0.0.1:8000" in text
    assert "access_log off;" in text if name == "nginx.conf" else not re.search(r"^\s*log\b", text, re.MULTILINE)
    if name == "nginx.conf":
        statements = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
        assert [line for line in statements if not line.endswith((";", "{", "}"))] == []
