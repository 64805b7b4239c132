"""What is written to the contact of a unit: an invitation, or a reminder."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from evaltools.language import Language, Texts, date, texts
from evaltools.schema import Questionnaire
from evaltools.store import Contact, Fieldwork, Unit

Kind = Literal["invitation", "first", "second", "last"]

KINDS: Final[tuple[Kind, ...]] = ("invitation", "first", "second", "last")


@dataclass(frozen=True, slots=True)
class Occasion:
    """What all letters of one round share."""

    questionnaire: Questionnaire
    fieldwork: Fieldwork
    kind: Kind
    language: Language = "da"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a letter is for. url : their link, where it is known. linked_at : when they got their link."""

    unit: Unit
    contact: Contact
    begun: bool = False
    url: str = ""
    linked_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, ready to be sent. reply_to : who answers questions."""

    recipient: Recipient
    subject: str
    body: str
    reply_to: Contact


def letter(occasion: Occasion, recipient: Recipient) -> Letter:
    """The letter to one recipient, in the words of `language/*/contact.yaml`."""
    say = texts(occasion.language)
    title, unit = occasion.questionnaire.titled(occasion.language), recipient.unit.name
    parts = {
        "greeting": _greeting(say, recipient),
        "asking": _asking(say, occasion, unit),
        "standing": say.say(f"contact.standing.{'begun' if recipient.begun else 'not_begun'}", unit=unit),
        "link": _link(say, recipient),
        "deadline": _deadline(say, occasion.fieldwork.closes_at),
        "declining": say.say("contact.declining"),
        "caution": say.say("contact.caution"),
        "help": _help(say, occasion.fieldwork.contact),
        "title": title,
        "unit": unit,
    }
    subject = say.say(f"contact.{occasion.kind}.subject", **parts)
    body = say.say(f"contact.{occasion.kind}.body", **parts)
    return Letter(recipient, subject, body, occasion.fieldwork.contact)


def _asking(say: Texts, occasion: Occasion, unit: str) -> str:
    title, publisher = occasion.questionnaire.titled(say.language), occasion.fieldwork.publisher.to(say.language)
    if publisher:
        return say.say("contact.asking.publisher", publisher=publisher, unit=unit, title=title)
    return say.say("contact.asking.us", unit=unit, title=title)


def _greeting(say: Texts, recipient: Recipient) -> str:
    if recipient.contact.name:
        return say.say("contact.greeting", name=recipient.contact.name)
    return say.say("contact.greeting_unit", unit=recipient.unit.name)


def _link(say: Texts, recipient: Recipient) -> str:
    if recipient.url:
        return say.say("contact.link.own", url=recipient.url)
    if recipient.linked_at is None:
        return say.say("contact.link.asked")
    return say.say("contact.link.earlier", date=date(recipient.linked_at.date(), say.language))


def _deadline(say: Texts, closes_at: dt.datetime | None) -> str:
    if closes_at is None:
        return say.say("contact.no_deadline")
    return say.say("contact.deadline", date=date(closes_at.date(), say.language))


def _help(say: Texts, contact: Contact) -> str:
    told = ", ".join(each for each in (contact.name, contact.email, contact.phone) if each)
    return say.say("contact.help", contact=told) if told else say.say("contact.help_reply")
