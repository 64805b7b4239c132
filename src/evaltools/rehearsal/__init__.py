"""Made-up answers from the schema alone, seeded, through the same entry as real ones."""
