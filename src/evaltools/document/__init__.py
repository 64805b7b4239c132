"""Blocks (headings, paragraphs with numbers, figures, tables) and the four writers. Knows no survey."""
