"""A snapshot made into a labelled frame in which every missing value has its kind."""

from evaltools.dataset.building import build_dataset
from evaltools.dataset.columns import codelist_of, is_number, is_option
from evaltools.dataset.labels import coded_missing, labelled, value_labels, zap_missing
from evaltools.dataset.model import Dataset, Panel
from evaltools.dataset.panels import panel

__all__ = [
    "Dataset",
    "Panel",
    "build_dataset",
    "coded_missing",
    "codelist_of",
    "is_number",
    "is_option",
    "labelled",
    "panel",
    "value_labels",
    "zap_missing",
]
