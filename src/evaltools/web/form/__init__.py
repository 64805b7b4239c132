"""The pages of the form: values in, HTML out; what they carry; and a posted page made into raw answers."""

from evaltools.web.form.conflict import ConflictPage, conflict_page
from evaltools.web.form.controls import known_figures
from evaltools.web.form.desk import Desk, Part
from evaltools.web.form.follow_up import Followed, FollowUpPage, follow_up_page, follows_up
from evaltools.web.form.hub import HubPage, hub_page
from evaltools.web.form.meanwhile import on_page, sentence, shown_again, still_shown
from evaltools.web.form.posted import Post, read_posted
from evaltools.web.form.privacy import Keeping, PrivacyPage, privacy_page, privacy_text
from evaltools.web.form.receipt import ReceiptPage, Sent, receipt_page
from evaltools.web.form.rendering import Page, draw, render
from evaltools.web.form.review import CheckPage, check_page
from evaltools.web.form.rules_for_page import RunningSum, rules_for_page, running_sums
from evaltools.web.form.section_page import SectionPage, section_page
from evaltools.web.form.shell import Contact, Link, Shell

__all__ = [
    "CheckPage",
    "ConflictPage",
    "Contact",
    "Desk",
    "FollowUpPage",
    "Followed",
    "HubPage",
    "Keeping",
    "Link",
    "Page",
    "Part",
    "Post",
    "PrivacyPage",
    "ReceiptPage",
    "RunningSum",
    "SectionPage",
    "Sent",
    "Shell",
    "check_page",
    "conflict_page",
    "draw",
    "follow_up_page",
    "follows_up",
    "hub_page",
    "known_figures",
    "on_page",
    "privacy_page",
    "privacy_text",
    "read_posted",
    "receipt_page",
    "render",
    "rules_for_page",
    "running_sums",
    "section_page",
    "sentence",
    "shown_again",
    "still_shown",
]
