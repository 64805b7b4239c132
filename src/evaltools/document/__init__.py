"""Blocks (headings, paragraphs with numbers, figures, tables) and the four writers. Knows no survey.

Each writer is taken from its own sub-room (`docx`, `html`, `pdf`, `xlsx`), because each brings its libraries with it,
and most who need one need no other.
"""
