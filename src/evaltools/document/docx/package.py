"""The Word file as a package: every part written here, nothing inherited from a template."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from importlib import resources

from lxml import etree

from evaltools.document.docx.inline import FIRST_LIST, Writing
from evaltools.document.docx.markup import DECLARATION, attribute, clean
from evaltools.document.model import Document
from evaltools.document.writing import zipped_anew

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
PARTS = {
    "word/document.xml": f"{WORD_TYPE}.document.main+xml",
    "word/styles.xml": f"{WORD_TYPE}.styles+xml",
    "word/numbering.xml": f"{WORD_TYPE}.numbering+xml",
    "word/settings.xml": f"{WORD_TYPE}.settings+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
}
CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"


def locale(document: Document) -> str:
    """The document's language as Word names it."""
    return "da-DK" if document.language == "da" else "en-GB"


def package(writing: Writing, parts: Mapping[str, bytes], when: datetime) -> bytes:
    """The zip archive of all parts, each parsed once to prove that it is well formed.

    Parameters: `parts`, name -> content: the body, headers, footers and custom XML; `when`, the time every part bears.
    """
    document = writing.document
    everything = {
        "[Content_Types].xml": _content_types(parts),
        "_rels/.rels": _root_relations(),
        "docProps/core.xml": _core(document, when),
        "docProps/app.xml": _app(),
        "word/_rels/document.xml.rels": _relations(writing, parts),
        "word/styles.xml": _template("styles.xml", locale=locale(document)),
        "word/numbering.xml": _template(
            "numbering.xml", annex=writing.words.say("document.annex"), restarts=_restarts(writing)
        ),
        "word/settings.xml": _settings(document),
        "customXml/_rels/item1.xml.rels": _custom_relations(1),
        "customXml/_rels/item2.xml.rels": _custom_relations(2),
        **parts,
    }
    for content in everything.values():
        etree.fromstring(content)
    everything |= {f"word/media/{name}": image for name, image in writing.images.items()}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in everything.items():
            archive.writestr(name, content)
    return zipped_anew(file.getvalue(), when)


def _template(name: str, **values: str) -> bytes:
    text = resources.files("evaltools.document.docx").joinpath(name).read_text("utf-8")
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", value)
    return text.encode()


def _restarts(writing: Writing) -> str:
    """One numbering instance for each counted list, that starts again at 1."""
    return "".join(
        f'<w:num w:numId="{FIRST_LIST + serial}"><w:abstractNumId w:val="{look}"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        for serial, look in enumerate(writing.lists, start=1)
    )


def _content_types(parts: Mapping[str, bytes]) -> bytes:
    overrides = dict(PARTS)
    for name in parts:
        if name.startswith(("word/header", "word/footer")):
            overrides[name] = f"{WORD_TYPE}.{name[5:11]}+xml"
        if name.startswith("customXml/itemProps"):
            overrides[name] = CUSTOM_TYPE
    inside = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in sorted(overrides.items()))
    defaults = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
    )
    return f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">{defaults}{inside}</Types>'.encode()


def _relationships(rows: list[tuple[str, str, str]], external: Mapping[str, str] | None = None) -> bytes:
    inside = "".join(f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>' for key, kind, target in rows)
    inside += "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/hyperlink" Target={attribute(url)} TargetMode="External"/>'
        for url, key in (external or {}).items()
    )
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'.encode()


def _root_relations() -> bytes:
    return _relationships(
        [
            ("rDocument", f"{OFFICE}/officeDocument", "word/document.xml"),
            ("rCore", f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ("rApp", f"{OFFICE}/extended-properties", "docProps/app.xml"),
        ]
    )


def _relations(writing: Writing, parts: Mapping[str, bytes]) -> bytes:
    rows = [
        (f"r{name.capitalize()}", f"{OFFICE}/{name}", f"{name}.xml") for name in ("styles", "numbering", "settings")
    ]
    for part in parts:
        name = part.removeprefix("word/").removesuffix(".xml")
        if name.startswith(("header", "footer")):
            rows.append((f"r{name.capitalize()}", f"{OFFICE}/{name[:6]}", f"{name}.xml"))
    rows += [(f"rCustom{serial}", f"{OFFICE}/customXml", f"../customXml/item{serial}.xml") for serial in (1, 2)]
    rows += [
        (f"rImage{serial}", f"{OFFICE}/image", f"media/{name}") for serial, name in enumerate(writing.images, start=1)
    ]
    return _relationships(rows, writing.links)


def _custom_relations(serial: int) -> bytes:
    return _relationships([("rId1", f"{OFFICE}/customXmlProps", f"itemProps{serial}.xml")])


def _settings(document: Document) -> bytes:
    language = locale(document)
    decimal, separator = (",", ";") if document.language == "da" else (".", ",")
    return (
        f'{DECLARATION}<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:zoom w:percent="100"/><w:defaultTabStop w:val="567"/><w:autoHyphenation/><w:hyphenationZone w:val="425"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode"'
        ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        f'<w:themeFontLang w:val="{language}"/><w:decimalSymbol w:val="{decimal}"/>'
        f'<w:listSeparator w:val="{separator}"/></w:settings>'
    ).encode()


def _core(document: Document, when: datetime) -> bytes:
    stamp = when.strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'{DECLARATION}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{clean(document.title)}</dc:title><dc:subject>{clean(document.subtitle)}</dc:subject>"
        f"<dc:creator>{clean(document.author)}</dc:creator><cp:keywords>{clean(document.stamp)}</cp:keywords>"
        f"<dc:description>{clean(document.description)}</dc:description>"
        f"<cp:lastModifiedBy>{clean(document.author)}</cp:lastModifiedBy><cp:revision>1</cp:revision>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{stamp}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{stamp}</dcterms:modified>'
        f"<dc:language>{locale(document)}</dc:language></cp:coreProperties>"
    ).encode()


def _app() -> bytes:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    return f'{DECLARATION}<Properties xmlns="{space}"><Application>evaltools</Application></Properties>'.encode()
