"""What every item of one dataset is shown with in the codebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evaltools.dataset import Dataset
from evaltools.language import Language, Texts, texts
from evaltools.present import ReleasePlan


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """One dataset on its way to a page. `used_in`: exhibits of the memo by item name; None without a register."""

    data: Dataset
    language: Language
    plan: ReleasePlan | None = None
    used_in: Mapping[str, tuple[str, ...]] | None = None

    @property
    def words(self) -> Texts:
        """The program's own texts in the language of the book."""
        return texts(self.language)

    @property
    def mark(self) -> str:
        """The word that rehearsal data carry inside every table; "" for collected answers."""
        return self.words.say("present.rehearsal.mark") if self.data.origin == "rehearsal" else ""

    def anchor(self, name: str = "") -> str:
        """The id of an item, or of the whole dataset, on the page."""
        whole = f"{self.data.questionnaire.survey}-{self.data.questionnaire.wave}"
        return f"{whole}-{name}" if name else whole
