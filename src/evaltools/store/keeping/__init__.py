"""Keeping a store true and no longer than allowed: verifying, erasing."""
