"""Making the pages of a wave: take in whoever may be taken in, renew the figures if so, and write what changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from evaltools.dataset import build_dataset
from evaltools.provenance import code_version, sha256_of
from evaltools.schema import Questionnaire, survey_from_source
from evaltools.sheets.figures import Figures, figures_of
from evaltools.sheets.frozen import Batches, frozen_snapshot, with_next
from evaltools.sheets.keeping import FIGURES_KIND, groups_page, read_groups
from evaltools.sheets.page import Compared, comparison_page
from evaltools.store import Page, Response, Snapshot, Store, Unit, WaveSnapshot, find_page, save_pages

PAGE_KIND: Final = "comparison"
HTML_TYPE: Final = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Made:
    """What was made for one wave: pages that changed, units in the figures, and of these how many are new."""

    wave: str
    pages: int
    counted: int
    added: int


def make_sheets(store: Store, snapshot: Snapshot, *, at: dt.datetime) -> tuple[Made, ...]:
    """Make the pages of every wave that is answered once per unit, for the units that have submitted.

    snapshot : of the store, taken just before. at : the time the pages are made. Pages and figures of a wave are kept
    in one transaction. Raises `StoreError` where the store cannot be written.
    """
    return tuple(
        _make(store, wave, questionnaire, at)
        for wave in snapshot.waves
        if not (questionnaire := survey_from_source(wave.questionnaire)).many_records
    )


def _make(store: Store, wave: WaveSnapshot, questionnaire: Questionnaire, at: dt.datetime) -> Made:
    """Make one wave; begin again where another process has renewed the figures in the meantime."""
    before, figures = read_groups(store, wave.survey, wave.wave)
    batches, figures = _renewed(store, wave, (before, figures))
    compared = Compared(questionnaire, figures, batches, wave.origin, len(wave.units))
    pages = list(_changed_pages(store, compared, wave, at))
    own = len(pages)
    if batches != before:
        pages.append(groups_page(batches, figures, (wave.survey, wave.wave), at))
    if pages and not save_pages(store, pages, expected={FIGURES_KIND: before.sha256 if before.taken_in else ""}):
        return _make(store, wave, questionnaire, at)
    return Made(questionnaire.id, own, len(batches.versions), len(batches.versions) - len(before.versions))


def _renewed(store: Store, wave: WaveSnapshot, kept: tuple[Batches, Figures]) -> tuple[Batches, Figures]:
    """Batches and figures with those who may be taken in now; as they were where nobody may, or one is erased."""
    before, figures = kept
    batches = with_next(before, wave)
    frozen = frozen_snapshot(store, wave, batches) if batches != before else None
    if frozen is None:
        return before, figures
    return batches, figures_of(build_dataset(f"{wave.survey}/{wave.wave}", frozen))


def _changed_pages(store: Store, compared: Compared, wave: WaveSnapshot, at: dt.datetime) -> Iterator[Page]:
    """The pages that are not kept yet, or were made from something else."""
    for unit, response in _submitted(wave):
        basis = sha256_of([compared.batches.sha256, response.version, code_version()])
        for language in compared.questionnaire.languages:
            kept = find_page(store, wave.survey, wave.wave, unit.code, PAGE_KIND, language)
            if kept is None or kept.basis_sha256 != basis:
                content = comparison_page(compared, unit, response, language)
                yield Page(wave.survey, wave.wave, unit.code, PAGE_KIND, language, HTML_TYPE, content, at, basis)


def _submitted(wave: WaveSnapshot) -> Iterator[tuple[Unit, Response]]:
    units = {unit.code: unit for unit in wave.units}
    for response in wave.responses:
        if response.disposition == "submitted":
            yield units[response.unit], response
