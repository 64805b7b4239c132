"""The loss list as a text for people and as JSON for programs."""

from __future__ import annotations

import json

from evaltools.exchange.model import ExportReport, Note
from evaltools.language import Language, texts


def loss_text(report: ExportReport, language: Language) -> str:
    """The list in words: what is kept, what was changed and what the files cannot hold."""
    say = texts(language).say
    lines = [say("exchange.list.title"), ""]
    for title, notes in (("kept", report.kept), ("changed", report.changed), ("lost", report.lost)):
        lines.append(say(f"exchange.list.{title}"))
        lines.extend(f"- {note_text(note, language)}" for note in notes)
        if not notes:
            lines.append(f"- {say('exchange.list.nothing')}")
        lines.append("")
    return "\n".join(lines)


def note_text(note: Note, language: Language) -> str:
    """One note as a sentence: format, feature, reason, columns."""
    say = texts(language).say
    sentence = f"{say(f'exchange.format.{note.format}')}: {say(f'exchange.feature.{note.feature}')}"
    if note.reason:
        sentence += f". {say(f'exchange.reason.{note.reason}', detail=note.detail)}"
    if note.columns:
        sentence += f" ({', '.join(note.columns)})"
    return sentence


def loss_json(report: ExportReport) -> str:
    """The list as JSON; file names without folders, so that the list is the same wherever it was made."""
    lists = {"kept": report.kept, "changed": report.changed, "lost": report.lost}
    content = {"files": [file.name for file in report.files]} | {
        name: [_as_json(note) for note in notes] for name, notes in lists.items()
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _as_json(note: Note) -> dict[str, object]:
    return {
        "format": note.format,
        "feature": note.feature,
        "reason": note.reason,
        "columns": list(note.columns),
        "detail": note.detail,
    }
