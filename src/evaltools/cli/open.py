"""`evaltools open WAVE --store FILE`: open a wave in a store, freeze its questionnaire, and make the links."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

from evaltools.cli.populations import units_of
from evaltools.cli.waves import add_by
from evaltools.contact import ON_THIS_MACHINE, Invited, Maker, invite, keep_contacts, read_contacts
from evaltools.errors import Fault, SettingsError, StoreError
from evaltools.schema import Questionnaire, freeze_survey, opened_on, read_survey
from evaltools.store import Fieldwork, Store, fieldwork_of, open_store, open_wave, read_fieldwork


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("wave", type=Path, help="the folder of the wave, surveys/<survey>/<wave>")
    parser.add_argument("--store", type=Path, required=True, help="the store; made if it is not there")
    parser.add_argument("--units", type=Path, help="the file of the units, if not in the data dictionary")
    parser.add_argument("--fieldwork", type=Path, help="how the wave is run; else fieldwork.yaml in its folder")
    parser.add_argument("--contacts", type=Path, metavar="FILE.csv", help="whom to write to: code, name, mail, phone")
    parser.add_argument("--links-to", type=Path, metavar="FILE.csv", help="a new file for the personal links")
    parser.add_argument("--base-url", metavar="URL", help="what links begin with, such as https://svar.example.dk")
    parser.add_argument("--json", action="store_true", help="report as JSON")
    add_by(parser)


def run(options: argparse.Namespace) -> int:
    """From here on the store takes in answers to the wave, and its questions can no longer change."""
    if options.links_to and not options.contacts:
        remedy = "Name the file of contacts too: --contacts FILE.csv."
        raise SettingsError(Fault("LINKS_FOR_NOBODY", str(options.links_to), "links are made for contacts", remedy))
    questionnaire = read_survey(options.wave)
    wave = (questionnaire.survey, questionnaire.wave)
    units = units_of(questionnaire, options.wave, options.units)
    people = read_contacts(options.contacts, units) if options.contacts else {}
    now = dt.datetime.now(dt.UTC)
    maker = Maker(options.by, now)
    report: dict[str, object] = {"wave": questionnaire.id, "units": len(units)}
    fieldwork = _fieldwork(options, questionnaire, now)
    with open_store(options.store, create=True) as store:
        fieldwork = replace(fieldwork, base_url=fieldwork.base_url or _known_base_url(store, wave))
        open_wave(store, questionnaire, units, origin="collected", at=now, fieldwork=fieldwork)
        report["frozen"] = str(freeze_survey(options.wave, now.date()))
        if people:
            report["contacts_changed"] = keep_contacts(store, wave, people, maker)
            report["without_address"] = [unit.name for unit in units if not people[unit.code].email]
        if options.links_to:
            invited = invite(store, wave, options.links_to, maker)
            report |= _links(invited, options.links_to, fieldwork)
    _tell(report, options)
    return 0


def _fieldwork(options: argparse.Namespace, questionnaire: Questionnaire, now: dt.datetime) -> Fieldwork:
    """The settings of the file, under the publisher that the questionnaire names."""
    beside = options.wave if options.wave.is_dir() else options.wave.parent
    fieldwork = read_fieldwork(options.fieldwork or beside, opened_on(options.wave) or now.date())
    publisher = questionnaire.about.get("publisher", fieldwork.publisher)
    return replace(fieldwork, publisher=publisher, base_url=options.base_url or fieldwork.base_url)


def _known_base_url(store: Store, wave: tuple[str, str]) -> str:
    """What the links of an earlier opening begin with, so that later ones do not begin with something else."""
    try:
        return fieldwork_of(store, *wave).base_url
    except StoreError:
        return ""


def _links(invited: Invited, path: Path, fieldwork: Fieldwork) -> dict[str, object]:
    return {
        "links_made": len(invited.made),
        "links_had": len(invited.had),
        "links_to": str(path) if invited.made else None,
        "base_url": fieldwork.base_url or ON_THIS_MACHINE,
    }


def _tell(report: dict[str, object], options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps(report, ensure_ascii=False))
        return
    frozen = f"frozen in {report['frozen']}"
    print(f"{report['wave']} is open for {report['units']} units in {options.store}; {frozen}")
    if "contacts_changed" in report:
        print(f"{report['contacts_changed']} contacts are new or changed")
    without = report.get("without_address")
    if isinstance(without, list) and without:
        print(f"no mail address, so write to them by letter: {', '.join(without)}")
    if "links_made" in report:
        print(f"{report['links_made']} links made, {report['links_had']} units had one")
    if report.get("links_to"):
        print(f"the links begin with {report['base_url']} and stand in {report['links_to']}, and nowhere else")
        if report["base_url"] == ON_THIS_MACHINE:
            print("they work on this machine only; for a server, end them and say --base-url https://...")
