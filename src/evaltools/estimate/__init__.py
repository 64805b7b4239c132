"""Numbers with uncertainty: design-based survey estimates, indicators, rollout effects."""
