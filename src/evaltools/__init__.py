"""evaltools: from a questionnaire to a memo in which every number can be traced.

`import evaltools as ev` offers the everyday names below; the rest stands in `ev.survey`, `ev.indicators`, `ev.monitor`,
`ev.durations`, `ev.rollout` and the rooms. Importing loads nothing: a name is imported when it is first used.
"""

from __future__ import annotations

import importlib
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from evaltools.dataset import Dataset, Panel, build_dataset, labelled, panel
    from evaltools.estimate import (
        Design,
        Estimate,
        Test,
        adjust,
        adjusted,
        agreement,
        answer_shares,
        average_marginal_effects,
        bootstrap,
        calibrate,
        change,
        choices,
        cochran_q,
        combinations,
        contrast,
        crosstab,
        design,
        design_effects,
        durations,
        early_and_late,
        economy,
        effect_ratios,
        glm,
        half_samples,
        indicators,
        interval,
        item_response,
        jackknife,
        mcnemar,
        mean,
        missing_kinds,
        monitor,
        pairwise_mcnemar,
        permutation_test,
        poststratify,
        predicted_means,
        proportion,
        publication_flags,
        quantile,
        rake,
        rao_scott,
        ratio,
        response,
        response_balance,
        rollout,
        standardise,
        survey,
        survey_design,
        t_test,
        term_test,
        together,
        total,
        trim,
        variance,
        with_replicates,
    )
    from evaltools.estimate.models import response_model, response_test
    from evaltools.exchange import export, read_spss, read_stata
    from evaltools.notebook import (
        indicator,
        load,
        load_panel,
        open_snapshot,
        published,
        question_table,
        release,
        release_rounded,
        section_tables,
        sections,
        show,
        story,
        submit,
    )
    from evaltools.present import (
        citation_sentence,
        compare_sentence,
        count_table,
        crosstab_table,
        effect_sentence,
        fixed,
        indicator_table,
        information_lost,
        merges,
        number,
        plan,
        rare_sentence,
        release_tiles,
        sentence,
        share_table,
        story_sentence,
        table,
        target_sentence,
    )
    from evaltools.present.charts import (
        adoption_chart,
        bar_chart,
        before_after,
        control_chart,
        event_study_chart,
        funnel_chart,
        interval_chart,
        power_chart,
        response_chart,
        run_chart_figure,
        run_chart_panels,
        scale_chart,
        step_chart,
        tile_map,
        tornado_chart,
    )
    from evaltools.schema import read_survey

_HOME: Final = MappingProxyType(
    {
        name: home
        for home, names in {
            "dataset": "Dataset Panel build_dataset labelled panel",
            "estimate": "Design Estimate Test adjust adjusted agreement answer_shares average_marginal_effects "
            "bootstrap calibrate change choices cochran_q combinations contrast crosstab design "
            "design_effects durations early_and_late economy effect_ratios glm half_samples indicators "
            "interval item_response jackknife mcnemar mean missing_kinds monitor pairwise_mcnemar "
            "permutation_test poststratify predicted_means proportion publication_flags quantile rake "
            "rao_scott ratio response response_balance rollout standardise survey survey_design t_test "
            "term_test together total trim variance with_replicates",
            "estimate.models": "response_model response_test",
            "exchange": "export read_spss read_stata",
            "notebook": "indicator load load_panel open_snapshot published question_table release release_rounded "
            "section_tables sections show story submit",
            "present": "citation_sentence compare_sentence count_table crosstab_table effect_sentence fixed "
            "indicator_table information_lost merges number plan rare_sentence release_tiles sentence "
            "share_table story_sentence table target_sentence",
            "present.charts": "adoption_chart bar_chart before_after control_chart event_study_chart funnel_chart "
            "interval_chart power_chart response_chart run_chart_figure run_chart_panels "
            "scale_chart step_chart tile_map tornado_chart",
            "schema": "read_survey",
        }.items()
        for name in names.split()
    }
)

_ROOMS: Final = frozenset({"agreement", "durations", "economy", "indicators", "monitor", "rollout"})
"""Names that are rooms of their home, each imported by itself."""

__all__ = [
    "Dataset", "Design", "Estimate", "Panel", "Test", "adjust", "adjusted", "adoption_chart", "agreement",
    "answer_shares", "average_marginal_effects", "bar_chart", "before_after", "bootstrap", "build_dataset",
    "calibrate", "change", "choices", "citation_sentence", "cochran_q", "combinations", "compare_sentence",
    "contrast", "control_chart", "count_table", "crosstab", "crosstab_table", "design", "design_effects", "durations",
    "early_and_late", "economy", "effect_ratios", "effect_sentence", "event_study_chart", "export", "fixed",
    "funnel_chart", "glm", "half_samples", "indicator", "indicator_table", "indicators", "information_lost",
    "interval", "interval_chart", "item_response", "jackknife", "labelled", "load", "load_panel", "mcnemar", "mean",
    "merges", "missing_kinds", "monitor", "number", "open_snapshot", "pairwise_mcnemar", "panel", "permutation_test",
    "plan", "poststratify", "power_chart", "predicted_means", "proportion", "publication_flags", "published",
    "quantile", "question_table", "rake", "rao_scott", "rare_sentence", "ratio", "read_spss", "read_stata",
    "read_survey", "release", "release_rounded", "release_tiles", "response", "response_balance", "response_chart",
    "response_model", "response_test", "rollout", "run_chart_figure", "run_chart_panels", "scale_chart",
    "section_tables", "sections", "sentence", "share_table", "show", "standardise", "step_chart", "story",
    "story_sentence", "submit", "survey", "survey_design", "t_test", "table", "target_sentence", "term_test",
    "tile_map", "together", "tornado_chart", "total", "trim", "variance", "with_replicates",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """The everyday name, imported when first used."""
    if name not in _HOME:
        raise AttributeError(f"module 'evaltools' has no attribute {name!r}")
    home = f"evaltools.{_HOME[name]}"
    if name in _ROOMS:
        return importlib.import_module(f"{home}.{name}")
    return getattr(importlib.import_module(home), name)


def __dir__() -> list[str]:
    """What completion offers."""
    return sorted(__all__)
