"""Writes to the units: their contacts and links, invitations and reminders, by mail or as files for mail merge."""

from evaltools.contact.addresses import is_mail_address, read_contacts
from evaltools.contact.delivering import Delivered, send_letters, write_letters
from evaltools.contact.inviting import Invited, Maker, invite, keep_contacts, leads, make_links, make_links_file
from evaltools.contact.letters import KINDS, Kind, Letter, Occasion, Recipient, letter
from evaltools.contact.links import ON_THIS_MACHINE, Link, read_links
from evaltools.contact.posting import MailServer, check_server
from evaltools.contact.rounds import Due, LeftOut, Round, Wanted, did_not_arrive, plan_round

__all__ = [
    "KINDS",
    "ON_THIS_MACHINE",
    "Delivered",
    "Due",
    "Invited",
    "Kind",
    "LeftOut",
    "Letter",
    "Link",
    "MailServer",
    "Maker",
    "Occasion",
    "Recipient",
    "Round",
    "Wanted",
    "check_server",
    "did_not_arrive",
    "invite",
    "is_mail_address",
    "keep_contacts",
    "leads",
    "letter",
    "make_links",
    "make_links_file",
    "plan_round",
    "read_contacts",
    "read_links",
    "send_letters",
    "write_letters",
]
