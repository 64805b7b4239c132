"""Loads what a chapter works on: the snapshot of the build, or of the store that a researcher has at hand."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from evaltools.dataset import Dataset, Panel, build_dataset, panel
from evaltools.errors import Fault, SettingsError
from evaltools.estimate.indicators import (
    Indicator,
    Story,
    indicator_named,
    published_case,
    published_story,
    read_indicators,
)
from evaltools.estimate.result import Estimate
from evaltools.language import Language
from evaltools.memo.private import read_plan
from evaltools.present.model import ReleasePlan
from evaltools.settings import Settings, person_at_work, read_settings
from evaltools.store import note_read, note_reads, open_store, read_snapshot, take_snapshot
from evaltools.store.model import Snapshot


def load(wave: str) -> Dataset:
    """The labelled data of one wave, such as `network_methods/2018`.

    Inside a memo build this is the snapshot of the build; elsewhere the store named by the environment variable
    EVALTOOLS_STORE, or `out/rehearsal.db` in this folder or one above, and the store notes who has read collected
    answers. Errors: SettingsError NO_STORE, StoreError STATISTICS_MODE outside a build, and those of `build_dataset`.
    wave : survey and wave. Returns a `Dataset`.
    """
    settings = _settings()
    path = _source(settings)
    data = build_dataset(wave, _read(path, path.stat().st_mtime_ns))
    if path.suffix != ".json":
        _note_once(path, data.questionnaire.survey, data.questionnaire.wave)
    return data


def load_panel(survey: str, waves: Sequence[str]) -> Panel:
    """Waves of one survey side by side, from where `load` reads; the store notes it for each wave.

    survey : its name. waves : the earliest first. Returns a `Panel`. Raises as `load` and `dataset.panel`.
    """
    path = _source(_settings())
    made = panel(_read(path, path.stat().st_mtime_ns), survey, waves)
    if path.suffix != ".json":
        for wave in waves:
            _note_once(path, survey, wave)
    return made


def open_snapshot(path: str | Path) -> Snapshot:
    """The snapshot in a file, or of a store as it is now; the store notes who has read collected answers.

    path : a snapshot (`.json`) or a store.
    Returns the `Snapshot`. Raises `StoreError` STATISTICS_MODE, and as `open_store`, or as `read_snapshot` for a file.
    """
    file = Path(path)
    if file.suffix == ".json":
        return read_snapshot(file)
    with open_store(file) as store:
        snapshot = take_snapshot(store)
        note_reads(store, snapshot, "snapshot", at=dt.datetime.now(dt.UTC), actor=person_at_work())
        return snapshot


def indicator(name: str) -> Indicator:
    """An indicator of the data dictionary by its id.

    Raises `SettingsError` NO_DICTIONARY and `DesignError` NO_SUCH_INDICATOR.
    name : the id in `indicators.yaml`. Returns the `Indicator`, for `indicators.rate` and `indicators.as_indicator`.

    >>> indicator("i14b_respite_families").target_share
    0.33
    """
    return indicator_named(name, read_indicators(_dictionary()))


def published(case: str) -> Estimate:
    """A published local case by its id in `published_cases.yaml`. Errors: SettingsError NO_DICTIONARY.

    case : the id. Returns an `Estimate` with a row per period; see `indicators.published_case`.

    >>> [row.count for row in published("kobenhavn_new_families").rows]
    [8, 22]
    """
    return published_case(case, _dictionary())


def story(name: str, *, language: Language = "da") -> Story:
    """A published text without counts by its id in `published_cases.yaml`: what it says was done, with its source.

    name : the id. language : of the facts. Returns a `Story` for `story_sentence`.
    Raises `SettingsError` NO_DICTIONARY and `DesignError` NO_SUCH_STORY or STORY_WITHOUT_SHAPE.

    >>> story("randers_unit").counted
    False
    """
    return published_story(name, _dictionary(), language=language)


def plan_of_build() -> ReleasePlan | None:
    """The release plan of the build that this chapter is part of; None when a researcher runs it alone."""
    path = _settings().plan
    return None if path is None else read_plan(path)


def _settings() -> Settings:
    return read_settings(os.environ, Path.cwd())


def _dictionary() -> Path:
    folder = _settings().dictionary
    if folder is None:
        remedy = "Run the notebook below the folder that holds data_dictionary, or set EVALTOOLS_DICTIONARY."
        raise SettingsError(Fault("NO_DICTIONARY", "notebook", "there is no data_dictionary here", remedy))
    return folder


def _source(settings: Settings) -> Path:
    path = settings.snapshot or settings.store
    if path is None:
        remedy = "Make one with `make memo`, or set EVALTOOLS_STORE to the store you want to read."
        raise SettingsError(Fault("NO_STORE", "notebook", "there is no store here", remedy))
    return path


@cache
def _note_once(path: Path, survey: str, wave: str) -> None:
    """One line for each kernel that reads a wave: what it computes again from the same answers adds nothing."""
    with open_store(path) as store:
        note_read(store, survey, wave, at=dt.datetime.now(dt.UTC), actor=person_at_work(), what="answers")


@cache
def _read(path: Path, changed: int) -> Snapshot:
    """Reads a file once as long as it does not change; `changed` is part of the key for that reason only."""
    if path.suffix == ".json":
        return read_snapshot(path)
    with open_store(path) as store:
        return take_snapshot(store)
