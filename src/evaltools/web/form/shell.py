"""What surrounds every page: whose it is, where one can go, and whom to ask."""

from __future__ import annotations

from dataclasses import dataclass

from evaltools.language import Language


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another page. `current`: the page stands on it."""

    label: str
    path: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom respondents may ask."""

    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Shell:
    """The surroundings of one page.

    path: the address at which the page can be fetched again, with its query but without `lang`. title: of the survey.
    csrf: the token that every form on the page posts. leave_path: where a post ends the session; empty without one.
    mark: stands in the head of every page, such as the mark of rehearsal answers. over: that the deadline has passed.
    """

    language: Language
    path: str
    title: str
    unit: str = ""
    person: str = ""
    csrf: str = ""
    links: tuple[Link, ...] = ()
    leave_path: str = ""
    contact: Contact = Contact()
    was_url: str = "/was"
    publisher: str = ""
    mark: str = ""
    over: str = ""

    def url(self, path: str) -> str:
        """A path of this site that keeps the language of the page.

        >>> Shell("en", "/besvar", "Methods").url("/skema#f1")
        '/skema?lang=en#f1'
        """
        return path if self.language == "da" else _in_language(path, self.language)

    @property
    def other_path(self) -> str:
        """The same page in the other language."""
        return _in_language(self.path, "en" if self.language == "da" else "da")


def _in_language(path: str, language: Language) -> str:
    before, mark, fragment = path.partition("#")
    return f"{before}{'&' if '?' in before else '?'}lang={language}{mark}{fragment}"
