"""Small pieces of WordprocessingML as text: runs, fields, bookmarks, paragraphs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from evaltools.document.characters import printable

WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES: Final = (
    f'xmlns:w="{WORD}" xmlns:r="{RELATIONS}"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def clean(text: str) -> str:
    """Text as XML content: escaped, without characters that XML cannot hold.

    >>> clean("a < b & c")
    'a &lt; b &amp; c'
    """
    return escape(printable(text))


def attribute(text: str) -> str:
    """Text as a quoted XML attribute.

    >>> print(attribute('a "b"'))
    'a "b"'
    """
    return quoteattr(printable(text))


def run(text: str, properties: str = "") -> str:
    """A run of text; `properties` is the inside of `w:rPr`."""
    inside = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inside}<w:t xml:space="preserve">{clean(text)}</w:t></w:r>'


def tab() -> str:
    """A tabulator."""
    return "<w:r><w:tab/></w:r>"


def field_begin(instruction: str) -> str:
    """The opening of a field; its shown result follows, then `field_end`."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {clean(instruction)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


def field_end() -> str:
    """The end of a field."""
    return '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def field(instruction: str, shown: str, properties: str = "") -> str:
    """A field with the result it shows until Word works it out again."""
    return field_begin(instruction) + run(shown, properties) + field_end()


def bookmark(number: int, name: str, inside: str) -> str:
    """A bookmark around some runs. Word's dialogue for cross references lists those named `_Ref...`."""
    start = f'<w:bookmarkStart w:id="{number}" w:name={attribute(name)}/>'
    return f'{start}{inside}<w:bookmarkEnd w:id="{number}"/>'


@dataclass(frozen=True, slots=True)
class Para:
    """One paragraph: style, content, and how it holds on to its neighbours."""

    style: str
    inside: str
    keep_next: bool = False
    page_break: bool = False
    unnumbered: bool = False
    list_id: int = 0
    indent: int = 0
    """Twentieths of a point from the left; 0 leaves it to the style."""
    space_after: int = 0
    """Twentieths of a point; 0 leaves it to the style."""
    section: str = ""
    """The `w:sectPr` that ends a section with this paragraph."""

    def xml(self) -> str:
        """The paragraph as XML, properties in the order that the schema asks for."""
        properties = (
            f'<w:pStyle w:val="{self.style}"/>',
            "<w:keepNext/>" if self.keep_next else "",
            "<w:pageBreakBefore/>" if self.page_break else "",
            '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>' if self.unnumbered else "",
            f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{self.list_id}"/></w:numPr>' if self.list_id else "",
            f'<w:spacing w:after="{self.space_after}"/>' if self.space_after else "",
            f'<w:ind w:left="{self.indent}"/>' if self.indent else "",
            self.section,
        )
        return f"<w:p><w:pPr>{''.join(properties)}</w:pPr>{self.inside}</w:p>"


Element = Para | str
"""A paragraph, or the XML of a table."""


def broken_before(elements: list[Element]) -> list[Element]:
    """The same elements, the first paragraph on a new page."""
    for index, element in enumerate(elements):
        if isinstance(element, Para):
            return [*elements[:index], replace(element, page_break=True), *elements[index + 1 :]]
    return elements


def body_xml(elements: list[Element]) -> str:
    """The elements one after the other."""
    return "".join(element.xml() if isinstance(element, Para) else element for element in elements)
