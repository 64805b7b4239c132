"""The data dictionary as pages, with released frequencies."""
