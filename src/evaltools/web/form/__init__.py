"""The pages of the form: values in, HTML out; what they carry; and a posted page made into raw answers."""

from evaltools.web.form.desk import Desk, Part
from evaltools.web.form.posted import Post, read_posted
from evaltools.web.form.rendering import Page, render
from evaltools.web.form.rules_for_page import RunningSum, rules_for_page, running_sums
from evaltools.web.form.section_page import SectionPage, section_page
from evaltools.web.form.shell import Contact, Link, Shell

__all__ = [
    "Contact",
    "Desk",
    "Link",
    "Page",
    "Part",
    "Post",
    "RunningSum",
    "SectionPage",
    "Shell",
    "read_posted",
    "render",
    "rules_for_page",
    "running_sums",
    "section_page",
]
