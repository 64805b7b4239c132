"""What `evaltools check` looks for beyond what must hold for a questionnaire to be read at all."""

from evaltools.schema.checks.all import all_faults
from evaltools.schema.checks.layout import LAYOUT

__all__ = ["LAYOUT", "all_faults"]
