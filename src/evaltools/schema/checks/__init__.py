"""What `evaltools check` looks for beyond what must hold for a questionnaire to be read at all."""

from evaltools.schema.checks.all import all_faults

__all__ = ["all_faults"]
