"""Readers of real reports: every format, good and broken. All files are invented."""

from __future__ import annotations

import contextlib
import gzip
import io
import itertools
import json
import random
import re
import socket
import time
import tracemalloc
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_route.reports import BrokenReportError, Message, Report, ReportError, UnknownReportError, open_report
from catalog_route.reports.pasted import codes_in

HEADINGS = "original-record-number\tsku\terror-code\terror-type\terror-message"


def opened(content: bytes | str, known: tuple[str, ...] = ()) -> Report:
    return open_report(io.BytesIO(content.encode() if isinstance(content, str) else content), known)


def messages(content: bytes | str, known: tuple[str, ...] = ()) -> list[Message]:
    return list(opened(content, known).messages)


def broken(content: bytes | str) -> tuple[list[Message], BrokenReportError, Report]:
    """What is read before the break, the break, and the report."""
    report = opened(content)
    held: list[Message] = []
    with pytest.raises(BrokenReportError) as caught:
        for message in report.messages:
            held.append(message)
    return held, caught.value, report


def flat(*rows: str, processed: int = 4, successful: int = 1, end: str = "\n", headings: str = HEADINGS) -> str:
    head = [
        "Feed Processing Summary:",
        f"\tNumber of records processed\t\t{processed}",
        f"\tNumber of records successful\t\t{successful}",
        "",
        headings,
    ]
    return "".join(f"{line}{end}" for line in [*head, *rows])


ROWS = (
    "1\tTEA-1\t8541\tError\tThe data conflicts (Merchant: 'Teal' / Amazon: 'Blue')",
    '2\tTEA-2\t8560\tError\tMissing "attributes", standard_product_id',
    "2\tTEA-2\t20005\tWarning\tImages could not be associated",
    "3\t\t99022\terror\tRequired",
)


# --- flat files


def test_flat_file() -> None:
    with opened(flat(*ROWS)) as report:
        assert (report.format, report.title) == ("flat-file", "flat-file processing report")
        first, second, third, fourth = report.messages
    assert first == Message("8541", "The data conflicts (Merchant: 'Teal' / Amazon: 'Blue')", "error", "TEA-1", 1, 6)
    assert second.text == 'Missing "attributes", standard_product_id'
    assert (third.severity, third.row) == ("warning", 2)
    assert (fourth.sku, fourth.severity) == ("", "error")
    assert report.tally.stated == {"processed": 4, "successful": 1}
    assert report.tally.differences == []
    assert report.tally.read == 4


def test_the_report_that_counts_otherwise_is_told() -> None:
    report = opened(flat(*ROWS[:2], processed=9, successful=1))
    assert len(list(report.messages)) == 2
    assert report.tally.differences == ["records with errors: the report states 8, read were 2"]


def test_a_fatal_row_stands_for_the_whole_file() -> None:
    report = opened(flat("0\t\t90011\tFatal\tRequired column headings are missing", processed=7, successful=0))
    (message,) = report.messages
    assert (message.row, message.severity, message.sku) == (0, "fatal", "")
    assert report.tally.differences == []


def test_no_rows_mean_no_messages() -> None:
    assert messages(flat(processed=3, successful=3)) == []
    assert messages("Feed Processing Summary:\n\tNumber of records processed\t\t3\n\tNumber of records successful\t\t3\n") == []


@pytest.mark.parametrize(
    "word, severity",
    [
        ("Fehler", "error"),
        ("Warnung", "warning"),
        ("Erreur", "error"),
        ("Avertissement", "warning"),
        ("FATAL", "fatal"),
        ("Tja", "unknown"),
    ],
)
def test_severities_in_other_languages(word: str, severity: str) -> None:
    assert messages(flat(f"1\tA\t8541\t{word}\tx"))[0].severity == severity


def test_columns_go_by_their_headings() -> None:
    text = flat(
        "Error\tA-1\tx\t8541\t7\tmore", headings="Error Type\tSKU\terror_message\tERROR-CODE\toriginal-record-number\textra"
    )
    assert messages(text)[0] == Message("8541", "x", "error", "A-1", 7, 6)


def test_headings_alone_are_enough_and_foreign_preambles_do_not_matter() -> None:
    assert messages(HEADINGS + "\n" + ROWS[0])[0].code == "8541"
    localised = "Zusammenfassung der Verarbeitung:\n\tVerarbeitet\t\t1.045\n\tErfolgreich\t\t1.044\n\n"
    report = opened(localised + HEADINGS + "\n" + ROWS[0] + "\n")
    assert len(list(report.messages)) == 1
    assert report.tally.stated == {"processed": 1045, "successful": 1044}
    assert report.tally.differences == []


def test_unknown_headings_under_a_summary_are_read_in_the_documented_order_and_said() -> None:
    report = opened(flat(*ROWS[:1], processed=2, headings="Nummer\tArtikel\tFehlercode\tArt\tMeldung"))
    assert [m.code for m in report.messages] == ["8541"]
    assert "documented order" in report.tally.notes[0]


def test_orders_stand_for_skus() -> None:
    report = opened(
        flat(
            "1\t111-222\t9\t18028\tError\tx",
            headings="original-record-number\torder-id\torder-item-id\terror-code\terror-type\terror-message",
        )
    )
    assert next(report.messages).sku == "111-222"
    assert "orders" in report.tally.notes[0]


def test_a_lost_code_is_taken_from_the_help_link() -> None:
    row = "1\tA\t\tError\tsee https://sellercentral.amazon.com/gp/errorcode/8026"
    assert messages(flat(row))[0].code == "8026"


def test_tabs_in_the_message_and_short_and_bad_rows() -> None:
    report = opened(flat("1\tA\t8541\tError\tone\tTAX\t\t", "2\tB\t8560", "continued text of a message", "3\tC\t8541\tError\tx"))
    assert [(m.code, m.text) for m in report.messages] == [("8541", "one\tTAX"), ("8560", ""), ("8541", "x")]
    assert report.tally.rejected == 1
    assert report.tally.refused[0].place == "line 8"


def test_spreadsheet_damage_is_noted() -> None:
    report = opened(flat("1\t1.23457E+11\t8541.0\tError\tx"))
    assert next(report.messages).code == "8541"
    assert "spreadsheet" in report.tally.notes[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_do_not_matter(encoding: str, end: str) -> None:
    rows = ("1\tÄPFEL-1\t8541\tFehler\tDie Angaben “passen” nicht — é", *ROWS[1:])
    expected = messages(flat(*rows))
    report = opened(flat(*rows, end=end).encode(encoding))
    assert list(report.messages) == expected
    noted = {"cp1252": ["bytes that are no UTF-8 were read as windows-1252"]}
    assert report.tally.notes == noted.get(encoding, [f"read as {encoding}"] if encoding[-3:] in ("-le", "-be") else [])


def test_japanese_windows() -> None:
    row = "1\tお茶-1\t8541\tError\t送信されたデータが既存のＡＳＩＮと一致しません。ｱﾏｿﾞﾝ"
    report = opened(flat(row).encode("cp932"))
    (message,) = report.messages
    assert (message.sku, message.text) == tuple(row.split("\t")[i] for i in (1, 4))
    assert report.tally.notes == ["read as cp932"]


@pytest.mark.parametrize("encoding, note", [("cp932", "read as cp932"), ("cp1252", "windows-1252")])
def test_an_encoding_that_shows_late(encoding: str, note: str) -> None:
    text = "ｶﾀｶﾅ カタカナ" if encoding == "cp932" else "naïve café"
    rows = [f"{n}\tA-{n}\t8541\tError\tplain words" for n in range(1, 4000)]
    content = flat(*rows, f"4000\tZ\t8541\tError\t{text}", processed=4001, successful=1).encode(encoding)
    for packed, notes in ((content, 0), (gzip.compress(content), 1)):
        report = opened(packed)
        assert list(report.messages)[-1].text == text
        assert note in report.tally.notes[notes]
        assert report.tally.differences == []


@pytest.mark.parametrize("shown", [*range(9), 2000])
@pytest.mark.parametrize("encoding", ["cp932", "cp1252"])
def test_japanese_that_begins_at_the_end_of_a_piece_is_no_windows_1252(encoding: str, shown: int) -> None:
    """Where only its first bytes stood in the first 65,536, all the rest was read as windows-1252."""
    text = "カタカナの説明" if encoding == "cp932" else "‰ café naïve"
    begin, row = flat("1\tA\t8541\tError\tx")[:-2], f"{text}\n2\tB\t8541\tError\t{text}\n"
    content = begin.encode() + b"x" * (65_536 - len(begin) - shown) + row.encode(encoding)
    report = opened(content)
    assert [message.text.lstrip("x") for message in report.messages] == [text, text]
    assert report.tally.notes == ["read as cp932" if encoding == "cp932" else "bytes that are no UTF-8 were read as windows-1252"]


def test_what_was_read_as_one_encoding_is_read_so_to_its_end() -> None:
    plain = [f"{n}\tA-{n}\t8541\tError\tplain words" for n in range(1, 4000)]
    # behind it, what would be two kana in Japanese
    rows = [*plain, "4000\tZ\t8541\tError\tcaf\udce9", *plain, "4001\tZ\t8541\tError\t\udc83A\udc83C"]
    report = opened(flat(*rows).encode("utf-8", "surrogateescape"))
    assert [m.text for m in report.messages if m.sku == "Z"] == ["café", "ƒAƒC"]
    assert report.tally.notes == ["bytes that are no UTF-8 were read as windows-1252"]


def test_a_byte_that_no_encoding_has_a_sign_for_stays_a_control() -> None:
    content = flat("1\tA\t8541\tError\tcaf\udce9 \udc81 x").encode("utf-8", "surrogateescape")
    assert [m.text for m in messages(content)] == ["café \x81 x"]


def test_what_an_encoding_cannot_mean_is_marked() -> None:
    half = b"\x00\xd8"
    content = flat("1\tA\t8541\tError\tone§two").encode("utf-16-le").replace("§".encode("utf-16-le"), half)
    report = opened(content)
    assert [m.text for m in report.messages] == ["one\ufffdtwo"]
    assert report.tally.notes == ["read as utf-16-le"]


def test_separators_of_unicode_end_no_line() -> None:
    text = "a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\rh"
    assert messages(flat(f"1\tA\t8541\tError\t{text}"))[0].text == text


def test_a_file_cut_inside_a_row() -> None:
    held, fault, report = broken(flat(*ROWS)[:-12])
    assert [m.code for m in held] == ["8541", "8560", "20005"]
    assert (fault.title, fault.where) == ("flat-file processing report", "at line 9")
    assert report.tally.read == 3


def test_a_file_cut_before_its_headings() -> None:
    _, fault, _ = broken("Feed Processing Summary:\n\tNumber of records pro")
    assert "headings" in fault.what


def test_a_huge_line_is_cut_and_told() -> None:
    report = opened(flat("1\tA\t8541\tError\t" + "x" * 3_000_000, *ROWS[1:2]))
    first, second = report.messages
    assert len(first.text) < 1_100_000
    assert second.code == "8560"
    assert "was cut" in report.tally.notes[0]


# --- gzip


def test_gzip_of_several_members() -> None:
    text = flat(*ROWS).encode()
    report = opened(gzip.compress(text[:80]) + gzip.compress(text[80:]))
    assert [m.code for m in report.messages] == ["8541", "8560", "20005", "99022"]


def test_gzip_cut_or_damaged_yields_what_is_sound() -> None:
    rows = [f"{n}\tA-{n}\t8541\tError\t{random.Random(n).random()}" for n in range(1, 5000)]
    packed = gzip.compress(flat(*rows).encode())
    held, fault, _ = broken(packed[: len(packed) // 2])
    assert len(held) > 2000
    assert "gzip" in fault.what
    assert held[-1].text == str(random.Random(len(held)).random())
    damaged = bytearray(packed)
    damaged[-6] ^= 0xFF
    held, fault, _ = broken(bytes(damaged))
    assert len(held) >= 4998
    assert "damaged" in fault.what
    assert messages(gzip.compress(b'{"errors":[{"code":"InvalidInput","message":"x"}]}'))[0].code == "InvalidInput"


# --- XML


def xml(*results: str, errors: int = 1, warnings: int = 0, begin: str = '<?xml version="1.0"?>') -> str:
    return (
        f"{begin}<AmazonEnvelope><Header><MerchantIdentifier>M_TEST</MerchantIdentifier></Header>"
        "<MessageType>ProcessingReport</MessageType><Message><MessageID>1</MessageID><ProcessingReport>"
        "<DocumentTransactionID>40000000001</DocumentTransactionID><StatusCode>Complete</StatusCode><ProcessingSummary>"
        "<MessagesProcessed>3</MessagesProcessed><MessagesSuccessful>2</MessagesSuccessful>"
        f"<MessagesWithError>{errors}</MessagesWithError><MessagesWithWarning>{warnings}</MessagesWithWarning>"
        f"</ProcessingSummary>{''.join(results)}</ProcessingReport></Message></AmazonEnvelope>\n"
    )


def result(number: int = 2, code: str = "8105", kind: str = "Error", text: str = "Not a valid value", sku: str = "TEA-2") -> str:
    return (
        f"<Result><MessageID>{number}</MessageID><ResultCode>{kind}</ResultCode><ResultMessageCode>{code}</ResultMessageCode>"
        f"<ResultDescription>{text}</ResultDescription><AdditionalInfo><SKU>{sku}</SKU></AdditionalInfo></Result>"
    )


def test_xml() -> None:
    with opened(xml(result(), result(3, "8541", "Warning", "x &amp; y"), warnings=1)) as report:
        assert report.format == "xml"
        assert list(report.messages) == [
            Message("8105", "Not a valid value", "error", "TEA-2", 2, 1),
            Message("8541", "x & y", "warning", "TEA-2", 3, 2),
        ]
    assert report.tally.stated == {"processed": 3, "successful": 2, "with_errors": 1, "with_warnings": 1}
    assert report.tally.feed == "40000000001"
    assert report.tally.differences == []


def test_xml_that_counts_errors_and_lists_none_is_told() -> None:
    report = opened(xml(errors=5))
    assert list(report.messages) == []
    assert report.tally.differences == ["messages with errors: the report states 5, read were 0"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252", "windows-31j", "Shift_JIS", "iso-8859-1"])
def test_xml_encodings(encoding: str) -> None:
    text = "茶の色が不正です" if encoding in ("windows-31j", "Shift_JIS") else "café"
    codec = {"windows-31j": "cp932", "windows-1252": "cp1252"}.get(encoding, encoding)
    content = xml(result(text=text), begin=f'<?xml version="1.0" encoding="{encoding}"?>').encode(codec)
    assert messages(content)[0].text == text


def test_xml_of_an_encoding_that_nobody_knows_is_read_as_utf_8() -> None:
    content = xml(result(text="café"), begin='<?xml version="1.0" encoding="x-strange"?>').encode()
    assert [m.text for m in messages(content)] == ["café"]


def test_xml_namespaces() -> None:
    content = xml(result()).replace("<AmazonEnvelope>", '<AmazonEnvelope xmlns="urn:x" xmlns:xsi="urn:y" xsi:a="b">')
    assert messages(content)[0].code == "8105"
    prefixed = (
        xml(result())
        .replace("<AmazonEnvelope>", '<n:AmazonEnvelope xmlns:n="urn:x">')
        .replace("</AmazonEnvelope>", "</n:AmazonEnvelope>")
    )
    assert messages(prefixed)[0].code == "8105"


@pytest.mark.parametrize(
    "begin",
    [
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>',
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "1234567890"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>',
    ],
)
def test_xml_document_types_are_refused(begin: str) -> None:
    held, fault, _ = broken(xml(result(text="&b;"), begin=begin))
    assert (held, fault.where) == ([], "")
    assert "document type" in fault.what


def test_xml_fetches_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        where = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        broken(xml(result(text="&x;"), begin=f'<!DOCTYPE a [<!ENTITY x SYSTEM "{where}">]>'))
        include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{where}"/>'
        assert len(messages(xml(include, result()))) == 1
        with pytest.raises(TimeoutError):
            server.accept()


def test_an_entry_of_xml_that_says_nothing_is_rejected_and_no_message() -> None:
    """It was counted as a sound message, without code and text."""
    empty = "<Result><MessageID>7</MessageID><ResultCode>Error</ResultCode></Result>"
    report = opened(xml(result(), empty, result(3)))
    assert [(m.code, m.at) for m in report.messages] == [("8105", 1), ("8105", 3)]
    assert (report.tally.read, report.tally.rejected) == (2, 1)
    assert [tuple(getattr(one, name) for name in ("place", "reason", "text")) for one in report.tally.refused] == [
        ("entry 2", "neither code nor message", "MessageID 7 ResultCode Error")
    ]


def test_xml_cut_and_with_junk() -> None:
    whole = xml(result(), result(3, "8541"), errors=2)
    held, fault, _ = broken(whole[: whole.index("8541") + 2])
    assert [m.code for m in held] == ["8105"]
    assert "line 1" in fault.where
    held, fault, _ = broken(whole + "trailing")
    assert len(held) == 2
    assert "junk" in fault.what
    held, fault, _ = broken(xml(result(), result(text="\x01")))
    assert len(held) == 1


def test_xml_limits() -> None:
    _, fault, _ = broken(xml(result(), "<a>" * 200_000))
    assert "deep" in fault.what
    held, fault, _ = broken(xml(result(), result(text="x" * 4_000_000), result(4)))
    assert (len(held), fault.where) == (1, "")
    assert "larger" in fault.what


def test_xml_feed_is_no_report() -> None:
    _, fault, _ = broken("<AmazonEnvelope><MessageType>Product</MessageType><Message/></AmazonEnvelope>")
    assert "feed itself" in fault.what
    _, fault, _ = broken("<AmazonEnvelope></AmazonEnvelope>")
    assert "no ProcessingReport" in fault.what


# --- JSON

FEED = {
    "header": {"sellerId": "A_TEST", "version": "2.0", "feedId": "50000000001"},
    "issues": [
        {"messageId": 2, "code": "4002008", "severity": "ERROR", "message": "Message does not meet the schema."},
        {
            "messageId": 3,
            "sku": "TEA-3",
            "code": "90220",
            "severity": "WARNING",
            "message": "'Brand' is missing",
            "attributeName": "brand",
        },
    ],
    "summary": {"errors": 1, "warnings": 1, "messagesProcessed": 3, "messagesAccepted": 1, "messagesInvalid": 2},
}
ITEM = {
    "sku": "TEA-4",
    "summaries": [{"marketplaceId": "ATVPDKIKX0DER", "asin": "B000TEST04", "status": ["BUYABLE"]}],
    "issues": [
        {
            "code": "18320",
            "message": "Main image is missing.",
            "severity": "WARNING",
            "attributeNames": ["main_image"],
            "categories": [],
            "enforcements": {"actions": [{"action": "SEARCH_SUPPRESSED"}], "exemption": {"status": "NOT_EXEMPT"}},
        }
    ],
}
NOTICE = {
    "NotificationVersion": "1.0",
    "NotificationType": "LISTINGS_ITEM_ISSUES_CHANGE",
    "PayloadVersion": "1.0",
    "Payload": {
        "SellerId": "A",
        "MarketplaceId": "M",
        "Asin": "B000TEST05",
        "Sku": "TEA-5",
        "Severities": ["WARNING", "ERROR"],
        "EnforcementActions": ["LISTING_SUPPRESSED"],
    },
}
FEED_MESSAGES = [
    Message("4002008", "Message does not meet the schema.", "error", "", 2, 1),
    Message("90220", "'Brand' is missing", "warning", "TEA-3", 3, 2, ("brand",)),
]
ITEM_MESSAGE = Message(
    "18320", "Main image is missing.", "warning", "TEA-4", None, 1, ("main_image",), "B000TEST04", ("SEARCH_SUPPRESSED",)
)


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_feed(indent: int | None, encoding: str) -> None:
    report = opened(json.dumps(FEED, indent=indent).encode(encoding))
    assert report.format == "json-feed"
    assert list(report.messages) == FEED_MESSAGES
    assert report.tally.feed == "50000000001"
    assert report.tally.stated["messagesAccepted"] == 1
    assert report.tally.differences == []


def test_json_feed_that_counts_otherwise() -> None:
    report = opened(json.dumps({**FEED, "summary": {"errors": 7, "warnings": 1}}))
    list(report.messages)
    assert report.tally.differences == ["errors: the report states 7, read were 1"]
    report = opened(json.dumps({**FEED, "summary": {"errors": 1, "warnings": 0}}))
    list(report.messages)
    assert report.tally.differences == ["warnings: the report states 0, read were 1"]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"data": FEED}),
        json.dumps({"payload": {"data": FEED}}),
        str(FEED),
        json.dumps(FEED).replace('":', '"=>'),
        json.dumps(dict(reversed(FEED.items()))),
        json.dumps([FEED]),
    ],
)
def test_json_feed_in_envelopes_and_as_printed_by_ruby_or_python(content: str) -> None:
    report = opened(content)
    assert list(report.messages) == FEED_MESSAGES
    assert report.tally.stated["errors"] == 1


def test_printed_data_with_none_and_quotes() -> None:
    (message,) = messages(
        str({"header": {"feedId": "1"}, "issues": [{"sku": None, "code": "1234", "message": 'it\'s "so" \xe9'}]})
    )
    assert message.text == 'it\'s "so" \xe9'
    (message,) = messages('{:header=>{:feedId=>"1"}, :issues=>[{:code=>"1234", :message=>"a \\#{b} nil", :x=>nil}]}')
    assert (message.code, message.text) == ("1234", "a \\#{b} nil")
    report = opened('{:issues=>[{:code=>"1234", :message=>"a\\tb \\u00e9 \\"c\\""}]}')
    assert [m.text for m in report.messages] == ['a\tb é "c"']
    assert report.tally.notes == ["this is how Ruby or Python print data, not JSON; read as if it were"]


def test_printed_data_of_many_pieces_is_read_whole() -> None:
    issues = [{"code": str(number), "message": "m" * 5_000} for number in range(1_000, 1_040)]
    assert [(m.code, len(m.text)) for m in messages(str({"issues": issues}))] == [(str(n), 5_000) for n in range(1_000, 1_040)]


def test_listings_item() -> None:
    report = opened(json.dumps(ITEM))
    assert report.format == "listings-item"
    assert list(report.messages) == [ITEM_MESSAGE]
    assert messages(json.dumps(dict(reversed(ITEM.items())))) == [ITEM_MESSAGE]
    submission = {
        "sku": "A",
        "status": "INVALID",
        "submissionId": "x",
        "issues": [{"code": 90220, "message": "m", "severity": "ERROR"}],
    }
    assert messages(json.dumps(submission))[0] == Message("90220", "m", "error", "A", None, 1)


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"numberOfResults": 2, "items": [ITEM, ITEM]}),
        json.dumps([ITEM, ITEM]),
        json.dumps(ITEM) + "\n" + json.dumps(ITEM) + "\n",
    ],
)
def test_many_listings_items(content: str) -> None:
    report = opened(content)
    assert [m.sku for m in report.messages] == ["TEA-4", "TEA-4"]
    assert report.tally.differences == []


def test_a_page_of_items_says_that_there_are_more() -> None:
    report = opened(json.dumps({"numberOfResults": 45, "items": [ITEM]}))
    list(report.messages)
    assert "45" in report.tally.differences[0]


def test_bare_issues_and_exemptions() -> None:
    exempt = {
        "code": "1",
        "message": "m",
        "severity": "INFO",
        "enforcements": {"actions": [{"action": "LISTING_SUPPRESSED"}], "exemption": {"status": "EXEMPT"}},
    }
    assert messages(json.dumps([exempt]))[0] == Message("1", "m", "info", "", None, 1)
    assert messages(json.dumps({"issues": [exempt], "sku": "A"}))[0].effects == ()


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(NOTICE),
        json.dumps({"version": "0", "detail": NOTICE}),
        json.dumps({"Body": json.dumps(NOTICE)}),
        json.dumps({"Type": "Notification", "Message": json.dumps(NOTICE)}),
        json.dumps([NOTICE]),
    ],
)
def test_notifications(content: str) -> None:
    report = opened(content)
    assert report.format == "notification"
    (message,) = report.messages
    assert (message.code, message.severity, message.sku, message.asin) == ("", "error", "TEA-5", "B000TEST05")
    assert message.effects == ("LISTING_SUPPRESSED",)
    assert "no error codes" in report.tally.notes[0]


def test_api_errors_restrictions_and_status() -> None:
    report = opened(
        '{"errors":[{"code":"InvalidInput","message":"bad","details":"field x"},{"code":"NotFound","message":"m","details":""}]}'
    )
    assert report.format == "api-errors"
    assert [(m.code, m.text, m.severity) for m in report.messages] == [
        ("InvalidInput", "bad (field x)", "error"),
        ("NotFound", "m", "error"),
    ]
    report = opened(
        '{"restrictions":[{"marketplaceId":"A","reasons":[{"message":"You need approval","reasonCode":"APPROVAL_REQUIRED"}]}]}'
    )
    assert [(m.code, m.text) for m in report.messages] == [("APPROVAL_REQUIRED", "You need approval")]
    assert messages('{"feedId":"123","processingStatus":"FATAL"}')[0].severity == "fatal"
    assert messages('{"feedId":"123","processingStatus":"DONE"}') == []


def test_json_cut_anywhere_yields_what_is_whole() -> None:
    whole = json.dumps(FEED, indent=1)
    second = whole.index('"messageId": 3')
    held, fault, _ = broken(whole[: second + 20])
    assert held == FEED_MESSAGES[:1]
    assert fault.where.startswith("at line ")
    assert "ends" in fault.what
    for cut in range(30, len(whole.rstrip())):
        held, fault, _ = broken(whole[:cut])
        assert held == FEED_MESSAGES[: len(held)]


@pytest.mark.parametrize(
    "content, what",
    [
        ('{"issues":[{"code":"1","message":"m"} {"code":"2"}]}', "comma"),
        ('{"issues":[{"code":"1","message":"m"}],,}', "key"),
        ('{"issues":[' + "[" * 100_000, "deep"),
        ('{"issues":[{"code":"1","message":"m","x":' + "[" * 100_000, "deep"),
        ('{"issues":[{"code":"1","message":' + '"x' * 9_000_000, ""),
    ],
)
def test_malformed_json(content: str, what: str) -> None:
    _, fault, _ = broken(content)
    assert what in fault.what


def test_json_oddities_are_rejected_one_by_one() -> None:
    content = '{"issues":[1,null,[],"x",{},{"code":"8541","message":"m","x":NaN,"y":' + "9" * 5000 + '},{"message":"\\ud800 é"}]}'
    report = opened(content)
    first, second = report.messages
    assert (first.code, second.text) == ("8541", "\ud800 é")
    assert report.tally.rejected == 4


# --- text


def test_pasted_text() -> None:
    text = "Hi, we get error 8541 on SKU: AB-12 and also 8560 since 2024.\nSee https://sc/gp/errorcode/99022\nFehler: 90057\n"
    found = messages(text, ("8560", "2024x"))
    assert [(m.code, m.at, m.sku, m.severity) for m in found] == [
        ("8541", 1, "AB-12", "error"),
        ("8560", 1, "AB-12", "error"),
        ("99022", 2, "", "unknown"),
        ("90057", 3, "", "error"),
    ]


def test_rows_copied_without_their_headings() -> None:
    assert messages("\n".join(ROWS))[:2] == [
        Message("8541", "The data conflicts (Merchant: 'Teal' / Amazon: 'Blue')", "error", "TEA-1", 1, 1),
        Message("8560", 'Missing "attributes", standard_product_id', "error", "TEA-2", 2, 2),
    ]


@pytest.mark.parametrize(
    ("code", "told"), [("5.0", "5"), (" 8541.0 ", "8541"), ("A.0", "A.0"), (".0", ".0"), ("8541.00", "8541.00"), (8541, "8541")]
)
def test_a_code_that_a_spreadsheet_made_a_fraction_of_is_a_code(code: object, told: str) -> None:
    from catalog_route.reports.shape import clean_code

    assert clean_code(code) == told


def test_codes_in_a_line() -> None:
    assert codes_in("8541: conflict; 8541 again", ("8541",)) == ["8541"]
    assert codes_in("phone 0085411 and 8541.5 and B8541", ("8541",)) == []
    assert codes_in("reason UNKNOWN_SKU for it", ("UNKNOWN_SKU",)) == ["UNKNOWN_SKU"]
    assert codes_in("5000 units sold", ("5000",)) == []
    assert codes_in(" 5000 ", ("5000",)) == codes_in("error 5000", ()) == ["5000"]


# --- foreign input


@pytest.mark.parametrize(
    "content, what",
    [
        (b"", "empty"),
        (b"%PDF-1.7 x", "PDF"),
        (b"\x89PNG\r\n", "picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", ".xls"),
        (b"<html><body>", "HTML"),
        (b"<?xml version='1.0'?><rss/>", "XML"),
        (b'{"a":1}', "JSON"),
        (b"[]", "JSON"),
        (b"item-name\tseller-sku\tprice\n", "inventory"),
        (b"sku\tasin\tprice\tquantity\n", "inventory"),
        (b"TemplateType=fptcustom\tVersion=2021", "template"),
        (b"\0\1\2abc" + b"\x07" * 50, "no text"),
        (b"\x1f\x8b\x08\x00", "gzip"),
    ],
)
def test_foreign_input_is_named(content: bytes, what: str) -> None:
    with pytest.raises(UnknownReportError, match=what):
        messages(content)


@pytest.mark.parametrize(
    "content",
    [
        "Feed Processing Summary:\n" + "\t" * 900_000 + "x\n",
        "error sku" + " " * 900_000,
        "sku " * 200_000,
        "'" * 900_000,
        "x" * 900_000,
        "a-" * 400_000,
        "{'" + "\\'" * 400_000,
        '{"header":' + '"' * 400_000,
        "[" * 400_000,
        "{" * 400_000,
        '{"errors":[' + "{" * 400_000,
        "<AmazonEnvelope " + "a" * 900_000,
        "<AmazonEnvelope>" + "<a/>" * 200_000,
        HEADINGS + "\n" + "1\t" * 400_000,
        HEADINGS + "\n" + "\n" * 900_000,
    ],
)
def test_no_input_takes_long(content: str) -> None:
    start = time.process_time()
    with contextlib.suppress(ReportError):
        messages(content, ("8541",))
    assert time.process_time() - start < 10


class Failing(io.BytesIO):
    """Fails once `sound` bytes were read."""

    def __init__(self, content: bytes, sound: int) -> None:
        super().__init__(content[:sound])

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        if not piece:
            raise OSError(5, "Input/output error")
        return piece


@pytest.mark.parametrize("sound", [0, 1, 10, 200, 250, 300, 66_000, 140_000])
def test_reading_that_fails_yields_what_was_read(sound: int) -> None:
    rows = [f"{n}\tA-{n}\t8541\tError\tsome words" for n in range(1, 6000)]
    content = flat(*rows).encode()
    found: list[Message] = []
    where = f"after {sound} bytes: " if sound else ""
    with pytest.raises(ReportError, match=f"{where}reading failed: Input/output error"):
        for message in open_report(Failing(content, sound)).messages:
            found.append(message)
    assert len(found) == content[:sound].count(b"some words\n")


@pytest.mark.parametrize("content", [b"\0" * 100_000, b" \n" * 40_000, b"\xff\xfe"])
def test_nothing_but_blanks(content: bytes) -> None:
    with pytest.raises(UnknownReportError, match="blanks"):
        messages(content)


def test_endless_text_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_route.reports.pasted.MAX_TEXT", 100_000)
    held, fault, _ = broken(b"y error 8541 y\n" * 50_000)
    assert len(held) == 100_000 // 15
    assert "not read" in fault.what


def test_text_without_codes() -> None:
    with pytest.raises(UnknownReportError, match="no error code"):
        messages("my listing is gone")


def test_paths_are_opened_and_closed(tmp_path: object) -> None:
    path = tmp_path / "strange name.doc"  # type: ignore[operator]
    path.write_text(flat(*ROWS))
    with open_report(path) as report:
        assert len(list(report.messages)) == 4
    with pytest.raises(OSError, match="No such file"):
        open_report(path.with_name("none"))
    path.write_bytes(b"")
    with pytest.raises(UnknownReportError):
        open_report(str(path))


# --- workbooks


def workbook(rows: list[list[object]], title: str = "Feed Processing Summary") -> bytes:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.create_sheet("Template").append(["TemplateType=x"])
    paper = io.BytesIO()
    book.save(paper)
    return paper.getvalue()


SUMMARY: list[list[object]] = [
    ["Feed Processing Summary"],
    ["Number of records processed", 40],
    ["Number of records with errors", 3],
    ["Number of records with warnings", 1],
    [],
    ["Type of error?", "Error message example", "Affected Attribute Names (Excel Column)", "Number of errors"],
    ["Error", 'A required value is missing for "Brand Name"', "brand (H)", 3],
    ["Warning", "8541: The value is too long", "bullet_point#1 (R)", 1],
    ["Total", 4],
]


def test_workbook() -> None:
    report = opened(workbook(SUMMARY))
    first, second = report.messages
    assert (first.code, first.severity, first.count, first.attributes) == ("", "error", 3, ("brand (H)",))
    assert (second.code, second.severity, second.count) == ("8541", "warning", 1)
    assert report.tally.read == 4
    assert report.tally.stated == {"processed": 40, "with_errors": 3, "with_warnings": 1, "total": 4}
    assert report.tally.differences == []
    assert "neither SKU nor row" in report.tally.notes[0]


def test_workbook_total_that_differs_and_table_of_codes() -> None:
    report = opened(workbook([*SUMMARY[:-1], ["Total", 9]]))
    list(report.messages)
    assert report.tally.differences == ["messages in total: the report states 9, read were 4"]
    rows: list[list[object]] = [list(HEADINGS.split("\t")), [1, "TEA-1", 8541, "Error", "x"]]
    assert messages(workbook(rows, "Sheet1")) == [Message("8541", "x", "error", "TEA-1", 1, 2)]


def test_workbooks_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = workbook(SUMMARY)
    _, fault, _ = broken(whole[: len(whole) // 2])
    assert "too early" in fault.what
    _, fault, _ = broken(workbook([["Budget", 1]], "x"))
    assert "no sheet" in fault.what
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    with pytest.raises(UnknownReportError, match=r"catalog-route\[xlsx\]"):
        messages(whole)


# --- properties

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn")), max_size=40).map(str.strip)
ISSUES = st.lists(
    st.tuples(
        st.integers(1, 10**6),
        WORDS.filter(lambda s: not s.startswith("\ufeff")),
        st.integers(1000, 9_999_999).map(str),
        st.sampled_from(["fatal", "error", "warning", "info"]),
        WORDS.filter(bool),
    ),
    max_size=12,
)
Issue = tuple[int, str, str, str, str]


def told(found: list[Message]) -> list[Issue]:
    return [(m.row or 0, m.sku, m.code, str(m.severity), m.text) for m in found]


@settings(max_examples=150, deadline=None)
@given(ISSUES, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le"]), st.booleans())
def test_property_flat_file(issues: list[Issue], encoding: str, packed: bool) -> None:
    rows = ["\t".join((str(n), sku, code, kind.title(), text)) for n, sku, code, kind, text in issues]
    failed = len({n for n, _, _, kind, _ in issues if kind in ("error", "fatal")})
    content = flat(*rows, processed=failed + 5, successful=5).encode(encoding)
    report = opened(gzip.compress(content) if packed else content)
    assert told(list(report.messages)) == issues
    assert (report.tally.rejected, report.tally.differences) == (0, [])


@settings(max_examples=100, deadline=None)
@given(ISSUES, st.booleans())
def test_property_json(issues: list[Issue], ascii_only: bool) -> None:
    document = {
        "header": {"feedId": "1"},
        "issues": [
            {"messageId": n, "sku": sku, "code": code, "severity": kind.upper(), "message": text}
            for n, sku, code, kind, text in issues
        ],
        "summary": {"errors": sum(i[3] == "error" for i in issues), "warnings": sum(i[3] == "warning" for i in issues)},
    }
    report = opened(json.dumps(document, ensure_ascii=ascii_only))
    assert told(list(report.messages)) == issues
    assert report.tally.differences == []


@settings(max_examples=100, deadline=None)
@given(ISSUES, st.sampled_from(["utf-8", "utf-16"]))
def test_property_xml(issues: list[Issue], encoding: str) -> None:
    envelope = ET.Element("AmazonEnvelope")
    report = ET.SubElement(ET.SubElement(envelope, "Message"), "ProcessingReport")
    for number, sku, code, kind, text in issues:
        entry = ET.SubElement(report, "Result")
        for name, value in (
            ("MessageID", str(number)),
            ("ResultCode", kind),
            ("ResultMessageCode", code),
            ("ResultDescription", text),
        ):
            ET.SubElement(entry, name).text = value
        ET.SubElement(ET.SubElement(entry, "AdditionalInfo"), "SKU").text = sku
    assert told(messages(ET.tostring(envelope, encoding=encoding))) == issues


SAMPLES = (
    flat(*ROWS).encode(),
    flat(*ROWS).encode("utf-16"),
    xml(result(), result(3)).encode(),
    json.dumps(FEED).encode(),
    json.dumps([ITEM, ITEM]).encode(),
    json.dumps(NOTICE).encode(),
    str(FEED).encode(),
    gzip.compress(flat(*ROWS).encode()),
    "\n".join(ROWS).encode(),
    b"error 8541 and 8560",
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(SAMPLES), st.lists(st.tuples(st.integers(0, 3000), st.binary(max_size=4)), max_size=4), st.integers(0, 3000)
)
def test_property_damage_raises_only_typed_errors(sample: bytes, changes: list[tuple[int, bytes]], cut: int) -> None:
    content = sample[: cut or None]
    for place, put in changes:
        at = place % (len(content) + 1)
        content = content[:at] + put + content[at + len(put) :]
    try:
        assert all(isinstance(m, Message) for m in messages(content, ("8541",)))
    except ReportError as fault:
        assert "\n" not in str(fault)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=4)), max_size=3))
def test_property_damaged_workbooks_raise_only_typed_errors(changes: list[tuple[int, bytes]]) -> None:
    content = workbook(SUMMARY)
    for place, put in changes:
        at = place % len(content)
        content = content[:at] + put + content[at + len(put) :]
    with contextlib.suppress(ReportError):
        messages(content)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_property_any_bytes(content: bytes) -> None:
    for begin in (b"", b"{", b"[", b"<AmazonEnvelope>", b"\x1f\x8b\x08", b"\xff\xfe", b"PK\x03\x04", HEADINGS.encode() + b"\n"):
        try:
            messages(begin + content)
        except ReportError:
            continue


# --- size


class Rows(io.RawIOBase):
    """A flat-file report of `count` rows that is never held in memory."""

    def __init__(self, count: int) -> None:
        self._left = (
            f"{n}\tSKU-{n:08}\t{8541 if n % 3 else 8560}\tError\tThe SKU data provided conflicts, value {n}\n"
            for n in range(1, count + 1)
        )
        self._held = flat(processed=count, successful=0).encode()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        while len(self._held) < size:
            more = "".join(line for _, line in zip(range(1000), self._left, strict=False))
            if not more:
                break
            self._held += more.encode()
        piece, self._held = self._held[:size], self._held[size:]
        return piece


class Repeated(io.RawIOBase):
    """`begin`, then `part` so many times, never held in memory as a whole."""

    def __init__(self, begin: str, part: str, times: int) -> None:
        self._pieces = itertools.chain([begin.encode()], itertools.repeat(part.encode(), times))

    def read(self, size: int = -1, /) -> bytes:
        return next(self._pieces, b"")


@pytest.mark.parametrize(
    ("begin", "part", "times", "found"),
    [
        ("<AmazonEnvelope><ProcessingReport>", result() * 100, 100, 10_000),
        ("error 8541 ", "x" * 50_000, 400, 1),
    ],
    ids=["XML", "one line"],
)
def test_entries_that_are_done_and_a_line_without_end_are_let_go(begin: str, part: str, times: int, found: int) -> None:
    stream = Repeated(begin, part, times)
    tracemalloc.start()
    try:
        report = open_report(stream)  # type: ignore[arg-type]
        read = 0
        with contextlib.suppress(BrokenReportError):
            for _ in report.messages:
                read += 1
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert read == found
    assert peak < 6_000_000


def test_many_rows_in_bounded_memory() -> None:
    tracemalloc.start()
    try:
        report = open_report(Rows(60_000))  # type: ignore[arg-type]
        assert sum(1 for _ in report.messages) == 60_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert report.tally.differences == []
    assert peak < 4_000_000


# --- seldom met


def test_workbook_rows_without_message_are_rejected_and_without_count_are_one() -> None:
    rows: list[list[object]] = [
        ["Type of error?", "Error message example", "Number of errors", "Other"],
        ["Error", "8541: x", 7, 3], ["Error", "", 7, 3], ["Error", "8560: x", "", 3],
    ]  # fmt: skip
    report = opened(workbook(rows))
    assert [(m.code, m.count) for m in report.messages] == [("8541", 7), ("8560", 1)]
    assert report.tally.refused[0].reason == "the row has no message"


def test_workbook_row_of_the_feed_without_code_and_message_is_rejected() -> None:
    rows: list[list[object]] = [list(HEADINGS.split("\t")), [1, "TEA-1", "", "Error", ""], [2, "TEA-2", 8541, "Error", "x"]]
    report = opened(workbook(rows, "Sheet1"))
    assert [m.sku for m in report.messages] == ["TEA-2"]
    assert report.tally.refused[0].reason == "the row has neither code nor message"


@pytest.mark.parametrize(("limit", "told"), [("MAX_PACKED", "larger than 100"), ("MAX_UNPACKED", "unpacks to more than 100")])
def test_a_workbook_beyond_its_limits_is_refused(monkeypatch: pytest.MonkeyPatch, limit: str, told: str) -> None:
    monkeypatch.setattr(f"catalog_route.reports.workbook.{limit}", 100)
    _, fault, _ = broken(workbook(SUMMARY))
    assert fault.where == ""
    assert told in fault.what


def test_a_workbook_with_entities_expands_none() -> None:
    """The sheets inside a workbook are XML; a bomb in one is refused like a bomb in a report."""
    packed = io.BytesIO(workbook(SUMMARY))
    out = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/"):
                bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
                content = bomb + content.replace(b"<sheetData>", b"<sheetData><row><c><v>&b;</v></c></row>")
            new.writestr(name, content)
    held, fault, _ = broken(out.getvalue())
    assert (held, fault.where) == ([], "")
    assert "cannot be read" in fault.what


def test_a_workbook_of_several_tables_is_read_behind_its_first_heading() -> None:
    rows: list[list[object]] = [["Note"], ["Total", "x"], *SUMMARY]
    assert len(messages(workbook(rows))) == 2


def test_a_preamble_without_end_is_given_up() -> None:
    content = "Feed Processing Summary:\n" + "\tNumber of records\t\t5\n" * 60
    _, fault, report = broken(content)
    assert (fault.where, fault.what) == ("at line 40", "no row of headings")
    assert report.tally.stated == {"processed": 5, "successful": 5}


def test_a_row_with_neither_code_nor_message_is_rejected() -> None:
    report = opened(flat("1\tTEA-1\t\tError\t", "2\tTEA-2\t8541\tError\tx"))
    assert [m.sku for m in report.messages] == ["TEA-2"]
    assert report.tally.refused[0].reason == "the row has neither code nor message"
    assert report.tally.refused[0].text == "1\tTEA-1\t\tError\t"


def test_a_pasted_row_with_neither_code_nor_message_says_nothing() -> None:
    """Without headings a row needs a number where its code stands, so it can only be without a message."""
    assert [m.code for m in messages("1\tTEA-1\t8541\tError\t\nerror 8560")] == ["8541", "8560"]


def test_json_beside_the_entries_is_rejected_and_counted() -> None:
    report = opened('{"items": [5, {"sku": "A", "issues": [{"code": "8541", "message": "x"}]}, "y"]}')
    assert [m.code for m in report.messages] == ["8541"]
    assert [one.reason for one in report.tally.refused] == ["an object is expected"] * 2


def test_json_summary_takes_figures_only() -> None:
    report = opened('{"issues": [], "summary": {"errors": 0, "warnings": true, "note": "x"}}')
    assert messages_of(report) == []
    assert report.tally.stated == {"errors": 0}
    assert report.tally.differences == []


def messages_of(report: Report) -> list[Message]:
    return list(report.messages)


def test_a_number_at_the_end_of_a_piece_goes_on_in_the_next() -> None:
    from catalog_route.reports.json_text import JsonText

    class Pieces:
        def __init__(self, *pieces: str) -> None:
            self.left = list(pieces)

        def read(self) -> str:
            return self.left.pop(0) if self.left else ""

    assert JsonText(Pieces("12", "34", "5 ")).value() == 12345
    assert JsonText(Pieces("tr", "ue")).value() is True
    assert JsonText(Pieces('"a', 'b"', "")).value() == "ab"
    assert JsonText(Pieces('"ab', '"')).value() == "ab"


def test_printed_data_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_route.reports.json_text.MAX_LOOSE", 50_000)
    _, fault, _ = broken(str({"issues": [{"code": "8541", "message": "x" * 200_000}]}))
    assert str(fault) == "Listings Items API answer: it is printed data of more than 50000 characters; save it as JSON"


def test_more_bytes_than_the_limit_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_route.reports.source.MAX_BYTES", 100_000)
    held, fault, _ = broken(flat(*(f"{n}\tTEA-{n}\t8541\tError\tx" for n in range(20_000))))
    assert held
    assert (fault.where, fault.what) == ("after 100000 bytes", "more is not read")


def test_of_many_rejected_rows_the_first_are_kept_and_all_are_counted() -> None:
    report = opened(flat(*["nonsense"] * 50, "1\tTEA-1\t8541\tError\tx"))
    assert len(list(report.messages)) == 1
    assert (report.tally.rejected, len(report.tally.refused)) == (50, 20)


def test_figures_of_xml_that_are_none_are_left_out() -> None:
    summary = "<ProcessingSummary><MessagesProcessed>many</MessagesProcessed><Other>5</Other></ProcessingSummary>"
    report = opened(f"<AmazonEnvelope><ProcessingReport>{summary}{result()}</ProcessingReport></AmazonEnvelope>")
    assert len(list(report.messages)) == 1
    assert report.tally.stated == {}


def test_a_path_that_holds_no_report_is_closed_again(tmp_path: Path) -> None:
    """Whatever is wrong with it; the warning about an unclosed file would be an error here."""
    for content in (b"", b"%PDF", b"\x1f\x8b\x08" + b"rubbish" * 5):
        path = tmp_path / "x"
        path.write_bytes(content)
        with pytest.raises(UnknownReportError):
            open_report(path)


# --- found by changing the code: nobody noticed


def test_two_kana_make_a_text_japanese_and_one_does_not() -> None:
    from catalog_route.reports.source import encoding_of

    assert encoding_of("error アイ".encode("cp932")) == "cp932"
    assert encoding_of("error ア".encode("cp932")) == "utf-8"
    assert encoding_of("ぁぁ".encode("cp932")) == "cp932"


@pytest.mark.parametrize(
    ("cells", "is_table"),
    [
        (["error-code", "sku"], False), (["error-message", "sku"], False), (["error-code", "error-message"], True),
        (["error-code", "error-type"], True), (["error-code", "record-number"], True),
    ],
)  # fmt: skip
def test_a_heading_needs_a_code_and_something_to_say_of_it(cells: list[str], is_table: bool) -> None:
    from catalog_route.reports.flat_file import columns_of

    assert (columns_of(cells) is not None) is is_table


def test_what_waits_for_its_sku_when_the_report_breaks_is_not_lost() -> None:
    """Issues that stood before the SKU were held back, and lost with it."""
    content = '{"issues": [{"code": "8541", "message": "x"}, {"code": "8560", "message": "y"}], "summaries": ['
    held, fault, report = broken(content)
    assert [m.code for m in held] == ["8541", "8560"]
    assert report.tally.read == 2
    assert "ends" in fault.what


def test_printed_data_cut_inside_a_word_break_there() -> None:
    held, fault, _ = broken("{'issues': [{'code': '8541', 'message': 'x'}, {'code': '8560', 'message': 'abc")
    assert [m.code for m in held] == ["8541"]
    assert fault.what == "it ends inside a value"


@pytest.mark.parametrize(("levels", "read"), [(12, 1), (13, 0)])
def test_envelopes_are_opened_up_to_their_limit(levels: int, read: int) -> None:
    content = '{"errors": ' + "[" * (levels - 1) + '{"code": "8541", "message": "x"}' + "]" * (levels - 1) + "}"
    report = opened(content)
    if read:
        assert [m.code for m in report.messages] == ["8541"]
    else:
        with pytest.raises(BrokenReportError, match="nested too deep"):
            list(report.messages)


@pytest.mark.parametrize(("levels", "read"), [(12, True), (13, False)])
def test_json_packed_into_json_is_opened_up_to_the_same_limit(levels: int, read: bool) -> None:
    content = '{"x": 1}'
    for _ in range(levels):
        content = json.dumps({"body": content})
    report = opened(json.dumps({"errors": [], **json.loads(content)}))
    assert list(report.messages) == []
    told = [] if read else ["JSON packed as text breaks at line 1, column 1: envelopes are nested too deep"]
    assert [one.reason for one in report.tally.refused] == told


def test_what_stands_behind_the_first_of_several_packed_documents_is_not_lost() -> None:
    packed = "\n".join(json.dumps({"errors": [{"code": code, "message": "m"}]}) for code in ("8541", "8560"))
    assert [m.code for m in messages(json.dumps({"errors": [], "body": packed}))] == ["8541", "8560"]


def test_packed_json_that_breaks_does_not_hide_what_stands_around_it() -> None:
    """A queue's message that was cut ended the reading of all that came behind it."""
    errors = [json.dumps({"errors": [{"code": code, "message": "m"}]}) for code in ("1001", "1002", "1003")]
    around = {"errors": [], "body": f"{errors[0]} {errors[1][:-9]}", "payload": {"errors": [{"code": "1004", "message": "m"}]}}
    report = opened("\n".join((json.dumps(around), errors[2])))
    assert [(m.code, m.at) for m in report.messages] == [("1001", 1), ("1004", 3), ("1003", 4)]
    assert [(one.place, one.reason) for one in report.tally.refused] == [
        ("entry 2", "JSON packed as text breaks at line 1, column 85: it ends inside a value")
    ]


def test_every_format_has_its_name() -> None:
    samples = (flat(), xml(), json.dumps(FEED), json.dumps(ITEM), json.dumps(NOTICE), "error 8541")
    names = {opened(content).format for content in samples}
    assert names == {"flat-file", "xml", "json-feed", "listings-item", "notification", "text"}


def test_json_breaks_are_placed_by_line_and_column() -> None:
    _, fault, _ = broken('{\n "issues": [\n  x')
    assert (fault.where, fault.what) == ("at line 3, column 3", "expecting value")


def test_a_code_at_the_beginning_of_a_line_needs_no_word_before_it() -> None:
    assert codes_in("8541: conflict", ()) == ["8541"]
    assert codes_in("see 8541: conflict", ()) == []


def test_an_empty_message_type_is_no_feed() -> None:
    content = f"<AmazonEnvelope><MessageType></MessageType><ProcessingReport>{result()}</ProcessingReport></AmazonEnvelope>"
    assert len(messages(content)) == 1


def test_a_mark_that_does_not_stand_at_the_beginning_stays() -> None:
    from catalog_route.reports.shape import Tally
    from catalog_route.reports.source import CHUNK, Bytes, Text

    content = "x" * CHUNK + "\ufeffy"
    text = Text(Bytes(io.BytesIO(content.encode())), Tally())
    assert "".join(iter(text.read, "")) == content


def test_xml_that_counts_warnings_otherwise_is_told() -> None:
    report = opened(xml(result(), errors=1, warnings=3))
    list(report.messages)
    assert report.tally.differences == ["messages with warnings: the report states 3, read were 0"]


def test_a_huge_last_line_is_noted_with_its_number() -> None:
    from catalog_route.reports.source import MAX_LINE

    report = opened("error 8541\nerror 8560 " + "x" * MAX_LINE)
    assert [m.code for m in report.messages] == ["8541", "8560"]
    assert report.tally.notes == [f"line 2 is longer than {MAX_LINE} characters and was cut there"]


def test_counts_that_a_spreadsheet_made_fractions_of_are_counts() -> None:
    rows: list[list[object]] = [
        ["Type of error?", "Error message example", "Number of errors", "Other"], ["Error", "8541: x", "1,045.0", 3],
    ]  # fmt: skip
    assert [m.count for m in messages(workbook(rows))] == [1045]


def test_a_break_that_has_no_place_names_none() -> None:
    _, fault, _ = broken("<AmazonEnvelope></AmazonEnvelope>")
    assert (fault.where, str(fault)) == ("", "XML processing report: it holds no ProcessingReport")


@pytest.mark.parametrize(
    ("errors", "warnings", "differences"),
    [
        (2, 2, []), (3, 3, []), (2, 3, []), (1, 2, ["messages with errors: the report states 1, read were 3"]),
        (3, 4, ["messages with warnings: the report states 4, read were 3"]),
    ],
)  # fmt: skip
def test_a_report_may_count_entries_or_messages(errors: int, warnings: int, differences: list[str]) -> None:
    faults = [result(number) for number in (2, 2, 3)]
    remarks = [result(number, kind="Warning") for number in (4, 4, 5)]
    report = opened(xml(*faults, *remarks, errors=errors, warnings=warnings))
    assert len(list(report.messages)) == 6
    assert report.tally.differences == differences


def test_empty_elements_of_xml_say_nothing() -> None:
    entry = result().replace("<ResultDescription>Not a valid value</ResultDescription>", "")
    report = opened(xml(entry).replace("40000000001", "").replace("<MessagesProcessed>3<", "<MessagesProcessed><"))
    assert [(m.code, m.text) for m in report.messages] == [("8105", "")]
    assert report.tally.feed == ""
    assert "processed" not in report.tally.stated


def test_the_last_line_loses_its_carriage_return_too() -> None:
    content = flat("1\tTEA-1\t8541\tError\tconflict", end="\r\n")
    assert [m.text for m in messages(content.removesuffix("\n"))] == ["conflict"]


def test_a_message_that_begins_with_a_brace_is_text() -> None:
    found = messages('[{"code": "8541", "message": "{not} json", "severity": "ERROR"}]')
    assert [(m.code, m.text, m.severity) for m in found] == [("8541", "{not} json", "error")]


def test_orders_in_the_first_column_stand_for_skus() -> None:
    report = opened("order-id\terror-code\terror-message\n123-456\t8541\tx\n")
    assert [m.sku for m in report.messages] == ["123-456"]
    assert "order ids stand where SKUs would" in report.tally.notes[0]


@pytest.mark.parametrize(
    ("row", "number"), [("x", None), ("12", 12), ("1" * 12, 111_111_111_111), ("1" * 13, None), ("²", None), ("", None)]
)
def test_a_row_number_is_a_number_of_reasonable_length(row: str, number: int | None) -> None:
    report = opened(f"{HEADINGS}\n{row}\tTEA-1\t8541\tError\tx\n")
    assert [m.row for m in report.messages] == [number]


def test_headings_are_found_where_only_carriage_returns_end_lines() -> None:
    report = opened("my notes\rerror-code\tseverity\r8541\tError\r")
    assert report.format == "flat-file"
    assert [m.code for m in report.messages] == ["8541"]


def test_printed_words_that_are_no_words_of_python_are_kept_as_they_stand() -> None:
    (found,) = messages("{'issues': [{'code': '8541', 'message': 'a\\xzz b'}]}")
    assert found.text == "a\\xzz b"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("<AmazonEnvelope>" + "<a>" * 70, "XML processing report: elements are nested more than 64 deep"),
        (
            "<AmazonEnvelope><MessageType>Product</MessageType></AmazonEnvelope>",
            "XML processing report: this is the feed itself (Product), not the report on it",
        ),
    ],
)
def test_what_is_wrong_with_the_whole_is_told_without_a_place(content: str, told: str) -> None:
    _, fault, _ = broken(content)
    assert str(fault) == told


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_mark_before_the_headings_is_no_part_of_them(encoding: str) -> None:
    assert [m.row for m in messages(f"{HEADINGS}\n7\tTEA-1\t8541\tError\tx\n".encode(encoding))] == [7]


def test_what_is_rejected_in_json_is_counted_from_one() -> None:
    report = opened('{"items": [5, 6, {"issues": [{"code": "8541", "message": "x"}]}]}')
    list(report.messages)
    assert [one.place for one in report.tally.refused] == ["entry 1", "entry 2"]


def test_a_count_with_a_blank_for_thousands_is_a_count() -> None:
    rows: list[list[object]] = [
        ["Type of error?", "Error message example", "Number of errors", "Other"], ["Error", "8541: x", "1 045", 3],
    ]  # fmt: skip
    assert [m.count for m in messages(workbook(rows))] == [1045]


def test_a_break_inside_a_value_is_placed_at_the_very_character() -> None:
    _, fault, _ = broken('{"issues": [{"code": "8541",\n "message": x}]}')
    assert fault.where == "at line 2, column 13"


def test_cells_beyond_the_headings_belong_to_the_message_only_when_it_stands_last() -> None:
    last = opened("sku\terror-code\terror-message\nTEA-1\t8541\ta\tb\n")
    assert [m.text for m in last.messages] == ["a\tb"]
    middle = opened("sku\terror-message\terror-code\nTEA-1\ta\t8541\tb\n")
    assert [(m.text, m.code) for m in middle.messages] == [("a", "8541")]


@pytest.mark.parametrize(("key", "severity"), [("issues", "unknown"), ("errors", "error")])
def test_entries_without_a_severity_have_that_of_their_list(key: str, severity: str) -> None:
    assert [m.severity for m in messages(f'{{"{key}": [{{"code": "8541", "message": "x"}}]}}')] == [severity]


def test_messages_without_a_number_count_one_by_one() -> None:
    entry = result(kind="Warning").replace("<MessageID>2</MessageID>", "")
    assert "MessageID" not in entry
    report = opened(xml(entry, entry, entry, errors=0, warnings=3))
    assert len(list(report.messages)) == 3
    assert report.tally.differences == []
    other = opened(xml(entry, entry, errors=0, warnings=9))
    list(other.messages)
    assert other.tally.differences == ["messages with warnings: the report states 9, read were 2"]


def test_a_closed_report_gives_no_more_messages() -> None:
    with opened(flat(*ROWS)) as report:
        assert next(report.messages).code == "8541"
    assert list(report.messages) == []


# --- each heading, word and key, by what comes of it


@pytest.mark.parametrize(
    ("heading", "cell", "field", "told"),
    [
        ("original-record-number", "7", "row", 7), ("record_number", "7", "row", 7), ("Row Number", "7", "row", 7),
        ('"line-number"', "7", "row", 7), ("sku", " A ", "sku", "A"), ("seller-sku", "A", "sku", "A"),
        ("item-sku", "A", "sku", "A"), ("order-id", "1-2", "sku", "1-2"),
        ("error-type", "Warning", "severity", "warning"), ("severity", "Info", "severity", "info"),
        ("error-message", "m", "text", "m"), ("message", "m", "text", "m"),
        ("attribute-name", " brand ", "attributes", ("brand",)), ("field-name", "brand", "attributes", ("brand",)),
        ("attribute-name", "", "attributes", ()),
    ],
)  # fmt: skip
def test_each_heading_of_a_flat_file_fills_its_field(heading: str, cell: str, field: str, told: object) -> None:
    helper = "error-type" if field in ("row", "text") else "record-number"
    (message,) = messages(f"{heading}\terror-code\t{helper}\n{cell}\t8541\t5\n")
    assert getattr(message, field) == told
    assert (message.code, message.at) == ("8541", 2)


def test_of_two_headings_for_one_field_the_first_counts() -> None:
    report = opened("order-id\tsku\tseller-sku\terror-code\terror-message\n1-2\tA\tB\t8541\tx\n")
    assert [m.sku for m in report.messages] == ["A"]
    assert report.tally.notes == []


@pytest.mark.parametrize(
    ("preamble", "stated"),
    [
        ("\tNumber of records processed\t5\n\tNumber of records successful\t4\n", {"processed": 5, "successful": 4}),
        ("\tprocessed\t\t1,045\t\n\tsuccessful\t\t1 044\t\n", {"processed": 1045, "successful": 1044}),
        ("\tNumber of records processed\t\t5\n", {"processed": 5}),
        ("\t5\n\t4\n", {}),
        ("records\tprocessed\t5\n", {}),
        ("\tprocessed\tfive\n\t\t\n", {}),
        ("Feed Processing Summary:\t\t\t\t\n\tprocessed\t\t5\t\n\tsuccessful\t\t4\t\n", {"processed": 5, "successful": 4}),
    ],
)
def test_the_counts_of_a_preamble_stand_behind_an_empty_cell_and_a_label(preamble: str, stated: dict[str, int]) -> None:
    report = opened(f"{preamble}{HEADINGS}\n1\tTEA-1\t8541\tError\tx\n")
    assert [m.code for m in report.messages] == ["8541"]
    assert report.tally.stated == stated
    assert report.tally.differences == []


@pytest.mark.parametrize(
    ("rows", "differences"),
    [
        (("5\tA\t8541\tFatal\tx",), []),
        (("5\tA\t8541\tWarning\tx",), ["records with errors: the report states 1, read were 0"]),
        (("5\tA\t8541\tError\tx", "5\tA\t8560\tFatal\tx"), []),
        (("5\tA\t8541\tError\tx", "6\tA\t8560\tFatal\tx"), ["records with errors: the report states 1, read were 2"]),
        (("0\t\t8541\tFatal\tx", "6\tA\t8560\tError\tx", "7\tA\t8560\tError\tx"), []),
        (("0\t\t20005\tWarning\tx", "6\tA\t8560\tError\tx"), []),
    ],
)
def test_records_with_errors_are_compared_with_what_the_report_states(rows: tuple[str, ...], differences: list[str]) -> None:
    report = opened(flat(*rows, processed=8, successful=7))
    assert len(list(report.messages)) == len(rows)
    assert report.tally.differences == differences


def test_a_row_that_ends_before_its_code_is_rejected_and_one_that_ends_with_it_is_read() -> None:
    report = opened("1\tsku\terror-code\n".replace("1", "row-number") + "1\tTEA-1\n2\tTEA-2\t8541\n\n3\tTEA-3\t8560")
    assert [(m.code, m.sku) for m in report.messages] == [("8541", "TEA-2"), ("8560", "TEA-3")]
    assert [(one.place, one.reason, one.text) for one in report.tally.refused] == [
        ("line 2", "the row has no error code", "1\tTEA-1")
    ]


@pytest.mark.parametrize(
    ("sku", "noted"), [("1.2E+11", True), ("1,2e+11", True), ("9E+3", True), ("AB1E+3", False), ("1E+3X", False), ("12", False)]
)
def test_a_sku_that_a_spreadsheet_changed_is_noted(sku: str, noted: bool) -> None:
    report = opened(flat(f"1\t{sku}\t8541\tError\tx", f"2\t{sku}\t8541\tError\tx"))
    assert [m.sku for m in report.messages] == [sku, sku]
    assert [f"({sku})" in note for note in report.tally.notes] == [True] * noted


# --- what JSON says beside its issues


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"feedId": "7", "processingStatus": "FATAL"}, ("processingStatus FATAL", "fatal", "7")),
        ({"feedId": "7", "processingStatus": "CANCELLED"}, ("processingStatus CANCELLED", "error", "7")),
        ({"processingStatus": "FATAL", "feedId": 7}, ("processingStatus FATAL", "fatal", "7")),
        ({"header": {"feedId": "8"}, "payload": {"processingStatus": "FATAL"}}, ("processingStatus FATAL", "fatal", "8")),
    ],
)
def test_a_feed_that_failed_is_a_message_of_its_own(content: dict[str, object], told: tuple[str, str, str]) -> None:
    report = opened(json.dumps(content))
    (message,) = report.messages
    assert (message.text, message.severity, report.tally.feed) == told
    assert (message.code, message.at) == ("", 1)


@pytest.mark.parametrize(
    ("payload", "text", "severity", "effects"),
    [
        ({"Severities": ["WARNING", "ERROR"]}, "Listing issues changed: WARNING, ERROR", "error", ()),
        ({"EnforcementActions": ["CLOSED"]}, "Listing issues changed: CLOSED", "info", ("CLOSED",)),
        ({"Severities": [], "EnforcementActions": []}, "Listing issues changed: none left", "info", ()),
        ({"Severities": "ERROR"}, "Listing issues changed: none left", "info", ()),
        ({"Severities": ["STRANGE"]}, "Listing issues changed: STRANGE", "unknown", ()),
    ],
)  # fmt: skip
def test_a_notification_tells_severities_and_enforcements(
    payload: dict[str, object], text: str, severity: str, effects: tuple[str, ...]
) -> None:
    notice = {**NOTICE, "Payload": {"Sku": "TEA-5", "Asin": "B000TEST05", **payload}}
    assert messages(json.dumps(notice)) == [Message("", text, severity, "TEA-5", None, 1, (), "B000TEST05", effects)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("issue", "told"),
    [
        ({"code": "1", "message": "m", "details": "m"}, ("1", "m")),
        ({"code": "1", "message": "m", "details": " d "}, ("1", "m (d)")),
        ({"code": "1", "details": "d"}, ("1", "d")),
        ({"reasonCode": "WHY", "message": "m"}, ("WHY", "m")),
        ({"code": "1", "reasonCode": "WHY"}, ("1", "")),
        ({"message": "8541: x"}, ("8541", "8541: x")),
        ({"code": 8541.0, "message": "m"}, ("8541", "m")),
        ({"CODE": "1", "Message": "m"}, ("1", "m")),
        ({"code": True, "message": 5}, ("", "5")),
        ({"code": None, "message": "m", "severity": None}, ("", "m")),
    ],
)
def test_code_and_text_of_an_issue(issue: dict[str, object], told: tuple[str, str]) -> None:
    (message,) = messages(json.dumps({"issues": [issue]}))
    assert (message.code, message.text, message.at) == (*told, 1)


@pytest.mark.parametrize(
    ("issue", "field", "told"),
    [
        ({"messageId": 7}, "row", 7), ({"messageId": "7"}, "row", 7), ({"messageId": "9" * 12}, "row", 999_999_999_999),
        ({"messageId": "9" * 13}, "row", None), ({"messageId": True}, "row", None), ({"messageId": "x"}, "row", None),
        ({"messageId": "²"}, "row", None),
        ({"sku": " A "}, "sku", "A"), ({"sku": 5}, "sku", "5"), ({"sku": ["A"]}, "sku", ""), ({"sku": True}, "sku", ""),
        ({"attributeName": "brand"}, "attributes", ("brand",)),
        ({"attributeNames": ["brand", "", None, "size"]}, "attributes", ("brand", "size")),
        ({"attributeNames": ["brand"], "attributeName": "other"}, "attributes", ("brand",)),
        ({"attributeNames": "brand"}, "attributes", ()),
        ({"enforcements": {"actions": [{"action": "A"}, "x", {"action": "B"}]}}, "effects", ("A", "B")),
        ({"enforcements": {"actions": [{"action": "A"}], "exemption": {"status": "EXEMPT"}}}, "effects", ()),
        ({"enforcements": {"actions": [{"action": "A"}], "exemption": {"status": "NOT_EXEMPT"}}}, "effects", ("A",)),
        ({"enforcements": {"actions": [{"action": "A"}], "exemption": "EXEMPT"}}, "effects", ("A",)),
        ({"enforcements": ["A"]}, "effects", ()), ({"enforcements": {"actions": "A"}}, "effects", ()),
        ({"severity": "WARNING"}, "severity", "warning"), ({"severity": "odd"}, "severity", "unknown"),
    ],
)  # fmt: skip
def test_each_key_of_an_issue_fills_its_field(issue: dict[str, object], field: str, told: object) -> None:
    (message,) = messages(json.dumps({"issues": [{"code": "8541", "message": "m", **issue}]}))
    assert getattr(message, field) == told


@pytest.mark.parametrize(
    ("summaries", "asin"),
    [
        ([{"asin": "B000TEST01"}], "B000TEST01"), ([{}, "x", {"asin": ""}, {"asin": "B000TEST02"}], "B000TEST02"),
        ([{"marketplaceId": "M"}], ""), ("x", ""),
    ],
)  # fmt: skip
def test_the_asin_of_an_item_is_that_of_its_first_summary_with_one(summaries: object, asin: str) -> None:
    item = {"issues": [{"code": "8541", "message": "m"}], "summaries": summaries}
    assert [m.asin for m in messages(json.dumps(item))] == [asin]
    assert [m.asin for m in messages(json.dumps({**item, "asin": "B000TEST09"}))] == ["B000TEST09"]


def test_an_issue_that_names_its_own_sku_keeps_it() -> None:
    issues = [{"code": "1", "message": "m", "sku": "OWN"}, {"code": "2", "message": "m"}]
    assert [m.sku for m in messages(json.dumps({"issues": issues, "sku": "ITEM"}))] == ["OWN", "ITEM"]
    assert [m.sku for m in messages(json.dumps({"sku": "ITEM", "issues": issues}))] == ["OWN", "ITEM"]


def test_figures_and_feeds_of_several_documents_are_joined() -> None:
    other = {**FEED, "header": {"sellerId": "A_TEST"}}
    report = opened(json.dumps(FEED) + "\n" + json.dumps(other))
    assert [m.at for m in report.messages] == [1, 2, 3, 4]
    assert report.tally.stated["errors"] == report.tally.stated["warnings"] == 2
    assert report.tally.stated["messagesProcessed"] == 6
    assert report.tally.feed == "50000000001"
    assert report.tally.differences == []


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ([{"code": "1", "severity": "ERROR"}, {"code": "2", "message": "m"}], [("1", "error"), ("2", "unknown")]),
        ([{"code": "1", "severity": "ERROR", "message": {"code": "2", "message": "z"}}], [("1", "error")]),
        ([{"code": "1", "severity": "ERROR", "message": '{"code": "2", "message": "z"}'}], [("1", "error")]),
        ([{"code": "1", "severity": "ERROR", "issues": [{"code": "2", "message": "m"}]}], [("2", "unknown"), ("1", "error")]),
        ([{"code": "1"}, {"severity": "ERROR"}, {"code": "2", "message": "m"}], [("2", "unknown")]),
        ({"items": [{"code": "1", "message": "m"}], "issues": []}, [("1", "unknown")]),
        ({"payload": {"code": "1", "message": "m"}, "issues": []}, [("1", "unknown")]),
        ({"body": '{"issues": [{"code": "1", "message": "m"}]}', "errors": [{"code": "2", "message": "m"}]},
         [("1", "unknown"), ("2", "error")]),
        ({"body": '{"code": "1", "message": "m"}', "issues": []}, [("1", "unknown")]),
        ({"body": "no json", "issues": [{"code": "1", "message": "m"}]}, [("1", "unknown")]),
        ({"note": '{"issues": [{"code": "9", "message": "m"}]}', "issues": [{"code": "1", "message": "m"}]}, [("1", "unknown")]),
        ({"restrictions": [{"reasons": [{"reasonCode": "1"}]}, {"reasons": []}]}, [("1", "error")]),
    ],
)  # fmt: skip
def test_what_is_an_issue_and_what_is_around_it(content: object, found: list[tuple[str, str]]) -> None:
    assert [(m.code, m.severity) for m in messages(json.dumps(content))] == found


@pytest.mark.parametrize(
    ("before", "issue", "waits"),
    [
        ('"header": {"feedId": "1"}, ', {}, False),
        ('"sku": "A", ', {}, False),
        ("", {"sku": "A"}, False),
        ("", {"messageId": 5}, False),
        ("", {}, True),
    ],
)
def test_messages_come_while_the_report_is_still_read(before: str, issue: dict[str, object], waits: bool) -> None:
    """Unless they may still get the SKU that stands behind them: then at most a thousand wait."""
    one = json.dumps({"code": "8541", "message": "m" * 200, **issue})
    stream = io.BytesIO(f'{{{before}"issues": [{", ".join([one] * 3_000)}]}}'.encode())
    report = open_report(stream)
    next(report.messages)
    assert stream.tell() == pytest.approx(1_000 * (len(one) + 2) if waits else 65_536, abs=70_000)
    assert sum(1 for _ in report.messages) == 2_999


# --- where JSON breaks


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        ('{"issues": [{"code": "1"}', "at line 1, column 26", "it ends inside a list or an object"),
        ('{"issues": [\n{"code": "1"}\n,', "at line 3, column 2", "it ends where a value is expected"),
        ('{"issues": [{"code": "1"} 5]}', "at line 1, column 27", "a comma is expected"),
        ('{"issues": [],\n 5: 1}', "at line 2, column 2", "a key in quotes is expected"),
        ('{"issues": [],', "at line 1, column 15", "it ends inside an object"),
        ('{"issues": [], "x" 5}', "at line 1, column 20", "a colon is expected, not '5'"),
        ('{"issues": [], "x"', "at line 1, column 19", "it ends where a colon is expected"),
        ('{"issues": [], "x": "a\nb', "at line 2, column 2", "it ends inside a value"),
        ('{"issues": [], "x": {"a": 1,\n  b}}', "at line 2, column 3", "expecting property name enclosed in double quotes"),
        ('{"issues": [' + "[" * 20, "at line 1, column 24", "envelopes are nested too deep"),
    ],
)
def test_json_that_breaks_is_placed_at_the_very_character(content: str, where: str, what: str) -> None:
    _, fault, _ = broken(content)
    assert (fault.where, fault.what) == (where, what)
    # behind the first pieces that are read, too
    _, fault, _ = broken('{"submissionId": "' + "x" * 150_000 + '",\n' + content.replace('{"', ' "', 1))
    line, column = (int(number) for number in re.findall("[0-9]+", where))
    assert (fault.where, fault.what) == (f"at line {line + 1}, column {column}", what)


# --- plain text


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("error 8541", ["8541"]), ("Fehlercode: 8541", ["8541"]), ("errors are 8541", ["8541"]),
        ("code 123456789", ["123456789"]), ("code 1234567890", []),
        ("error 5", []), ("[8541] - conflict", ["8541"]), ("8541 conflict", []), ("854: conflict", []),
        ("see /gp/errorcode/99022 or error 8541", ["99022", "8541"]), ("error 8541, then code 8541", ["8541"]),
        ("terror 8541", []), ("error code is not known 8541", []),
    ],
)  # fmt: skip
def test_codes_that_a_line_names(line: str, found: list[str]) -> None:
    assert codes_in(line, ()) == found


@pytest.mark.parametrize(
    ("line", "sku", "severity"),
    [
        ("error 8541 SKU: AB-12.", "AB-12", "error"), ("warning code 8541 (skus AB-12, AB-13)", "AB-12", "warning"),
        ("code 8541 sku none", "", "unknown"), ("Fehler 8541", "", "error"), ("fatal code 8541 for sku#77", "77", "fatal"),
        ("Warnung, error 8541", "", "warning"), ("error 8541 sku 12X", "12X", "error"),
    ],
)  # fmt: skip
def test_sku_and_severity_of_a_line(line: str, sku: str, severity: str) -> None:
    assert messages(f"hello\n  {line}  \n") == [Message("8541", line, severity, sku, None, 2)]  # type: ignore[arg-type]


def test_a_line_of_text_is_shown_up_to_its_limit() -> None:
    from catalog_route.reports.pasted import LONGEST

    assert [len(m.text) for m in messages("error 8541 " + "x" * 5_000)] == [LONGEST]


def test_as_much_text_as_the_limit_allows_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    line = "error 8541\n"
    monkeypatch.setattr("catalog_route.reports.pasted.MAX_TEXT", len(line) * 12)
    assert len(messages(line * 12)) == 12
    held, fault, _ = broken(line * 13)
    assert (len(held), fault.where) == (12, "at line 13")


def test_text_that_names_a_format_is_text() -> None:
    report = opened("we sent <AmazonEnvelope and got error 8541")
    assert (report.format, report.title) == ("text", "text with error codes")
    assert [m.code for m in opened("error 8541".encode("utf-16")).messages] == ["8541"]
    assert opened("X error 8541").format == "text"
    with pytest.raises(UnknownReportError, match="no error code"):
        messages("XX")


# --- gzip, piece by piece


def member(text: str) -> bytes:
    return gzip.compress(text.encode(), 0, mtime=0)


@pytest.mark.parametrize("before", [0, 1, 2, 3])
def test_a_gzip_member_whose_beginning_comes_in_two_pieces_is_not_lost(before: int) -> None:
    """It was taken for rubbish behind the first one, and everything in it was lost without a word."""
    from catalog_route.reports.source import CHUNK

    # the three bytes by which gzip is known are read first, then pieces
    first, filled = flat("1\tTEA-1\t8541\tError\t"), CHUNK + 3 - before
    first += "x" * (filled - len(member(first)))
    assert len(member(first)) == filled
    report = opened(member(first) + member("\n2\tTEA-2\t8560\tError\ty\n") + member(ROWS[2] + "\n"))
    assert [m.code for m in report.messages] == ["8541", "8560", "20005"]


class Drops(io.BytesIO):
    """Gives a byte at a time, as a slow pipe may."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 1, 1))


@pytest.mark.parametrize("rubbish", [b"", b"\0" * 600, b"\x1f", b"\x1f\x8b"])
def test_a_slow_pipe_of_gzip_is_read_to_its_end(rubbish: bytes) -> None:
    """What stands behind the last member is padding."""
    packed = member(flat(*ROWS[:2])) + member(ROWS[2] + "\n") + rubbish
    for stream in (Drops(packed), io.BytesIO(packed)):
        report = open_report(stream)
        assert [m.code for m in report.messages] == ["8541", "8560", "20005"]
        assert report.tally.notes == ["unpacked from gzip"]


def test_gzip_that_ends_too_early_says_where() -> None:
    text = flat(*ROWS)
    packed = gzip.compress(text.encode(), 0, mtime=0)
    held, fault, _ = broken(packed[:-8])
    assert len(held) == 4
    assert (fault.where, fault.what) == (f"after {len(text)} unpacked bytes", "the gzip file ends too early")
    held, fault, _ = broken(packed[:-8] + b"\0" * 8)
    assert (fault.where, fault.what) == (f"after {len(text)} unpacked bytes", "the gzip file is damaged")


def test_all_that_is_sound_before_a_damaged_place_of_gzip_is_read() -> None:
    """Nothing of a piece comes out when it is unpacked at once: then it is unpacked byte by byte."""
    text = flat(*ROWS).encode()
    begin = gzip.compress(b"", mtime=0)[:10]
    stored = b"\x00" + len(text).to_bytes(2, "little") + (0xFFFF - len(text)).to_bytes(2, "little") + text
    no_block = b"\x07"
    held, fault, _ = broken(begin + stored + no_block + b"more")
    assert [m.code for m in held] == ["8541", "8560", "20005", "99022"]
    assert (fault.where, fault.what) == (f"after {len(text)} unpacked bytes", "the gzip file is damaged")


# --- limits, from both sides


def test_a_line_as_long_as_the_limit_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_route.reports.source.MAX_LINE", 400)
    row = "1\tA\t8541\tError\t"
    whole = opened(flat(row + "x" * (400 - len(row)), "2\tB\t8560\tError\ty"))
    assert [len(m.text) for m in whole.messages] == [400 - len(row), 1]
    assert whole.tally.notes == []
    cut = opened(flat(row + "x" * (401 - len(row)), "2\tB\t8560\tError\ty"))
    assert [len(m.text) for m in cut.messages] == [400 - len(row), 1]
    assert cut.tally.notes == ["line 6 is longer than 400 characters and was cut there"]


def test_as_many_bytes_as_the_limit_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    content = flat(*ROWS)
    monkeypatch.setattr("catalog_route.reports.source.MAX_BYTES", len(content.encode()))
    assert len(messages(content)) == 4
    _, fault, _ = broken(content + "\n")
    assert fault.what == "more is not read"


def test_elements_as_deep_as_the_limit_are_read() -> None:
    # AmazonEnvelope, Message and ProcessingReport stand around them
    deep = "<a>" * 61 + "</a>" * 61
    assert [m.code for m in messages(xml(deep, result()))] == ["8105"]
    _, fault, _ = broken(xml(f"<a>{deep}</a>", result()))
    assert fault.what == "elements are nested more than 64 deep"


def test_many_small_entries_are_no_large_one() -> None:
    entries = [result(number, text="x" * 2_000) for number in range(1, 1_001)]
    assert len(messages(xml(*entries, errors=1_000))) == 1_000


def test_twenty_notes_are_kept() -> None:
    report = opened(flat(*(f"{n}\t1.{n}E+11\t8541\tError\tx" for n in range(1, 31)), processed=30, successful=0))
    assert len(list(report.messages)) == 30
    assert len(report.tally.notes) == 20


def test_records_are_told_apart_by_their_number() -> None:
    from catalog_route.reports.shape import MOST_RECORDS, Distinct

    seen = Distinct()
    for number in [*range(200), *range(100), 5_000, 5_000, 4_999, 70, MOST_RECORDS + 1, MOST_RECORDS + 1, None, None]:
        seen.add(number)
    assert seen.count == 200 + 2 + 2 + 2


# --- what else a workbook or an XML report may hold


def test_a_summary_on_the_second_sheet_is_found_and_a_third_one_left_alone() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["Read me"])
    for name in ("Summary", "Copy"):
        sheet = book.create_sheet(name)
        for row in SUMMARY:
            sheet.append(row)
    paper = io.BytesIO()
    book.save(paper)
    report = opened(paper.getvalue())
    assert [(m.count, m.at) for m in report.messages] == [(3, 7), (1, 8)]
    assert report.tally.differences == []


def test_a_workbook_without_errors_has_no_messages() -> None:
    report = opened(workbook([["Number of records processed", 40], ["Number of records with errors", 0]]))
    assert list(report.messages) == []
    assert report.tally.stated == {"processed": 40, "with_errors": 0}


def test_a_workbook_that_misstates_its_size_is_read_whole() -> None:
    """Some programs write that a sheet has one cell, whatever it holds."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(SUMMARY))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', old.read(name)))
    assert [m.count for m in messages(out.getvalue())] == [3, 1]


def test_the_columns_of_a_workbook_go_by_their_headings() -> None:
    rows: list[list[object]] = [
        ["MESSAGE", "Another message", "Number of errors", "Code of it", "Attribute", "Type"],
        ["x", "y", 2, 8541, "brand", "Warning"], ["x", "y", "many", "", "", None], ["8560: x"], ["=A1", "y", 1],
    ]  # fmt: skip
    report = opened(workbook(rows))
    assert list(report.messages) == [
        Message("8541", "x", "warning", at=2, attributes=("brand",), count=2), Message("", "x", "unknown", at=3),
        Message("8560", "8560: x", "unknown", at=4),
    ]  # fmt: skip
    assert [(one.place, one.reason, one.text.split()) for one in report.tally.refused] == [
        ("row 5", "the row has no message", ["y", "1"])
    ]


def test_a_row_of_a_workbook_that_ends_before_its_code_is_rejected_alone() -> None:
    """Empty cells at the end of a row are not there at all; the whole workbook was given up for one of them."""
    rows: list[list[object]] = [list(HEADINGS.split("\t")), [1, "TEA-1"], [2, "TEA-2", 8541]]
    report = opened(workbook(rows, "Sheet1"))
    assert [(m.code, m.at) for m in report.messages] == [("8541", 3)]
    assert [(one.place, one.text.split()) for one in report.tally.refused] == [("line 2", ["1", "TEA-1"])]


def test_rows_of_two_cells_below_the_headings_are_messages_unless_they_are_labels() -> None:
    rows: list[list[object]] = [["Error message", "Number of errors"], ["8541: x", 2], ["In TOTAL", "1,002"], ["8560: y", 3]]
    report = opened(workbook(rows))
    assert [(m.code, m.count, m.attributes) for m in report.messages] == [("8541", 2, ()), ("8560", 3, ())]
    assert report.tally.differences == ["messages in total: the report states 1002, read were 5"]


def test_what_is_wrong_with_a_workbook_is_told_without_a_place() -> None:
    whole = workbook(SUMMARY)
    _, fault, _ = broken(whole[: len(whole) // 2])
    assert str(fault) == "processing summary (workbook): the file ends too early or is damaged"
    _, fault, _ = broken(workbook([["Budget", 1]], "x"))
    assert str(fault) == "processing summary (workbook): no sheet of it is a processing summary"
    _, fault, report = broken(b"PK\x03\x04" + b"\0" * 30)
    assert (fault.where, report.format) == ("", "workbook")


def test_an_entry_of_xml_about_an_order_names_the_order() -> None:
    entry = result().replace("SKU>", "AmazonOrderID>")
    assert [m.sku for m in messages(xml(entry, result(sku="")))] == ["TEA-2", ""]


@pytest.mark.parametrize(("number", "row"), [("7", 7), ("9" * 12, 999_999_999_999), ("9" * 13, None), ("x", None), ("²", None)])
def test_a_message_number_of_xml_is_a_number_of_reasonable_length(number: str, row: int | None) -> None:
    entry = result().replace("<MessageID>2<", f"<MessageID>{number}<")
    assert [m.row for m in messages(xml(entry))] == [row]


def test_the_first_of_two_equal_elements_of_an_entry_counts() -> None:
    entry = result().replace("</Result>", "<Result><ResultMessageCode>9999</ResultMessageCode></Result></Result>")
    assert [(m.code, m.at) for m in messages(xml(entry, result(3)))] == [("8105", 1), ("8105", 2)]


def test_xml_that_is_no_xml_says_where() -> None:
    _, fault, _ = broken("<AmazonEnvelope>\n  <a></b>")
    assert (fault.where, fault.what) == ("at line 2, column 8", "mismatched tag")
