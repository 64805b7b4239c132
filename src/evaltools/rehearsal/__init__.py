"""Made-up answers from the schema alone: a dress rehearsal of a whole survey before anybody has answered."""

from evaltools.rehearsal.model import Rehearsal, Relation, WaveCount
from evaltools.rehearsal.population import invented_units
from evaltools.rehearsal.rehearsing import rehearse
from evaltools.rehearsal.settings import read_relations

__all__ = ["Rehearsal", "Relation", "WaveCount", "invented_units", "read_relations", "rehearse"]
