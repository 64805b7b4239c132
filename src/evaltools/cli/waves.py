"""What the verbs of the operator share: how a wave, a store and whoever does it are named."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path, PurePath

from evaltools.errors import Fault, SettingsError
from evaltools.store import Store, population_of, unit_statuses

Wave = tuple[str, str]


def add_wave(parser: argparse.ArgumentParser) -> None:
    """The arguments that say which wave in which store, and in what shape to report."""
    parser.add_argument("wave", metavar="WAVE", help="such as network_methods/2018, or the folder of the wave")
    add_store(parser)


def add_store(parser: argparse.ArgumentParser) -> None:
    """The arguments that say which store, and in what shape to report."""
    parser.add_argument("--store", type=Path, required=True, help="the store that holds the answers")
    parser.add_argument("--json", action="store_true", help="report as JSON")


def add_by(parser: argparse.ArgumentParser) -> None:
    """The argument that says who does it, for the log."""
    parser.add_argument("--by", default="operator", metavar="NAME", help="who does it, for the log (default operator)")


def wave_named(text: str) -> Wave:
    """Survey and wave of `survey/wave`, or of the folder that holds it.

    Raises: `SettingsError` WAVE_NOT_NAMED.

    >>> wave_named("network_methods/2018"), wave_named("surveys/network_methods/2018/")
    (('network_methods', '2018'), ('network_methods', '2018'))
    """
    parts = PurePath(text.replace("\\", "/")).parts
    if len(parts) < 2:
        remedy = "Write survey/wave, such as network_methods/2018."
        raise SettingsError(Fault("WAVE_NOT_NAMED", text, "this names no wave", remedy))
    return parts[-2], parts[-1]


def units_named(store: Store, wave: Wave, texts: Iterable[str]) -> tuple[str, ...]:
    """The codes of units by code, name or known spelling; `StoreError` UNKNOWN_UNIT otherwise."""
    population = population_of([status.unit for status in unit_statuses(store, *wave)])
    return tuple(population.code(text, "/".join(wave)) for text in texts)
