"""The operator's list of contacts: whichever program kept it, and everything that is wrong with it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaltools.contact import is_mail_address, read_contacts
from evaltools.errors import ContactError
from evaltools.store import Contact
from tiny_survey import UNITS

GOOD = {
    "0101": Contact("Ida Holm", "ida@kbh.dk", "22 33 44 55"),
    "0751": Contact("Åse Ørsted", "aase@aarhus.dk", ""),
    "0825": Contact("Per", "", ""),
}
LINES = [
    "kommunekode;kontakt;mail;telefon;bemærkning",
    "0101;Ida Holm;ida@kbh.dk;22 33 44 55;ny leder",
    "Aarhus Kommune;Åse Ørsted;aase@aarhus.dk;;",
    "825;Per;;;",
]


def written(tmp_path: Path, content: bytes | str) -> Path:
    file = tmp_path / "contacts.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("between", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_way_a_spreadsheet_saves_it_is_read(tmp_path: Path, encoding: str, between: str, end: str) -> None:
    content = end.join(LINES).replace(";", between) + end * 2
    assert read_contacts(written(tmp_path, content.encode(encoding)), UNITS) == GOOD


@pytest.mark.parametrize(
    "header",
    ["code,name,email,phone", "Unit, Navn ,E-MAIL,TLF.", "kode,kontaktperson,Mailadresse,telefon"],
)
def test_columns_may_be_called_by_any_of_their_names(tmp_path: Path, header: str) -> None:
    body = "0101,Ida Holm,ida@kbh.dk,22 33 44 55\n0751,Åse Ørsted,aase@aarhus.dk\n0825,Per,,\n"
    assert read_contacts(written(tmp_path, f"{header}\n{body}"), UNITS) == GOOD


def test_a_column_for_the_contact_goes_before_one_for_the_unit(tmp_path: Path) -> None:
    lines = ["kommunekode,navn,kontakt,mail", "101,København,Ida,a@b.dk", "751,Aarhus,Bo,", "825,Læsø,Per,"]
    assert read_contacts(written(tmp_path, "\n".join(lines)), UNITS)["0101"].name == "Ida"


@pytest.mark.parametrize("code", ["101", "0101", "101.0", "101,00", " 0101 ", "Kbh.", "københavn"])
def test_a_leading_zero_that_was_lost_is_put_back(tmp_path: Path, code: str) -> None:
    lines = ["unit;name;mail", f"{code};Ida;ida@kbh.dk", "751;B;", "825;C;"]
    assert read_contacts(written(tmp_path, "\n".join(lines)), UNITS)["0101"].email == "ida@kbh.dk"


def test_what_excel_says_of_the_parting_sign_is_followed_and_cells_in_quotes_may_hold_lines(tmp_path: Path) -> None:
    content = 'sep=;\nunit;name;mail\n101;"Holm; \nIda";ida@kbh.dk\n751;B;\n825;C;\n826;D;\n'
    with pytest.raises(ContactError) as caught:
        read_contacts(written(tmp_path, content), UNITS)
    assert [fault.where.rpartition(":")[2] for fault in caught.value.faults] == ["7"]
    contacts = read_contacts(written(tmp_path, content.replace("826;D;\n", "")), UNITS)
    assert contacts["0101"].name == "Holm; Ida"


def test_everything_that_is_wrong_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    lines = [
        "code,name,email",
        "0101,Ida,ida(at)kbh.dk",
        "0101,Ida,ida@kbh.dk",
        "Aahus,Bo,bo@aarhus.dk",
        "0999,Nobody,n@n.dk",
        "0825,per@l.dk,Per",
    ]
    with pytest.raises(ContactError) as caught:
        read_contacts(written(tmp_path, "\n".join(lines)), UNITS)
    told = [(fault.code, fault.where.rpartition(":")[2]) for fault in caught.value.faults]
    assert told[:6] == [
        ("CONTACT_ADDRESS", "2"),
        ("CONTACT_TWICE", "3"),
        ("CONTACT_UNIT", "4"),
        ("CONTACT_UNIT", "5"),
        ("CONTACT_ADDRESS", "6"),
        ("CONTACT_NAME", "6"),
    ]
    assert told[6][0] == "CONTACT_LACKING"
    assert 'Did you mean "Aarhus"?' in str(caught.value)
    assert "Aarhus" in caught.value.faults[6].problem


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "TABLE_NOT_READ"),
        (b"PK\x03\x04\x00\x00\x81\x8d", "TABLE_NOT_READ"),
        ("0101,Ida,ida@kbh.dk\n0751,B,\n", "CONTACT_COLUMN"),
        ("code,name,email\n0101,Holm, Ida,ida@kbh.dk\n", "TABLE_LINE"),
        ("code,name,email\n", "CONTACT_COLUMN"),
    ],
)
def test_a_file_that_is_no_such_list_is_refused(tmp_path: Path, content: bytes | str, code: str) -> None:
    with pytest.raises(ContactError) as caught:
        read_contacts(written(tmp_path, content), UNITS)
    assert caught.value.code == code


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContactError, match="there is no such file"):
        read_contacts(tmp_path / "none.csv", UNITS)


@pytest.mark.parametrize(
    "text", ["", "ida", "ida@kbh", "a@b.dk, c@d.dk", "a b@c.dk", "a@b@c.dk", "sø@b.dk", "a@b.dk\nBcc: x@y.dk"]
)
def test_only_one_plain_address_is_one(text: str) -> None:
    assert not is_mail_address(text)
