"""What a report means: groups, echoes, readings, who cures it, one recommendation; and the command around it."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_route import knowledge as k
from catalog_route import report_command
from catalog_route.case import CaseFacts
from catalog_route.cells import csv_lines, safe, unsafe
from catalog_route.deciding import Decision, Finding
from catalog_route.grouping import MOST_GROUPS, MOST_SKUS, WINDOW, Groups
from catalog_route.knowledge import ErrorCode, Knowledge, Reading
from catalog_route.likeness import Likeness, Settings
from catalog_route.plain import draft_lines
from catalog_route.report_draft import draft_for
from catalog_route.report_sheet import report_sheet
from catalog_route.reporting import CodeEntry, ReportAdvice, explain, recommend, summarise
from catalog_route.reports import Message, Report, Tally, open_report
from catalog_route.router import Router
from catalog_route.terminal import Exit, Stop


def code(name: str, cured_by: str = "seller", **more: object) -> ErrorCode:
    fields: dict[str, object] = {"meaning": f"meaning of {name}", "signal": "feed", "cure": f"cure of {name}", **more}
    return ErrorCode(code=name, cured_by=cured_by, certainty="practice", source="S", **fields)  # type: ignore[arg-type]


def known_with(*codes: ErrorCode) -> Knowledge:
    """A small knowledge of three tiers, two teams, three signals and these codes."""

    def tier(ident: str, level: int, *can: str, entry: str = "") -> k.Tier:
        return k.Tier(ident, level, f"The {ident}", ident, "", can, "", "", "", (), entry=entry)

    def team(ident: str, group: str) -> k.Team:
        return k.Team(ident, group, f"The {ident}", ident, "", "", "S", "practice")  # type: ignore[arg-type]

    def signal(ident: str, **more: object) -> k.Signal:
        return k.Signal(ident, f"{ident} title", "why", "S", k.Examples((), ()), **more)  # type: ignore[arg-type]

    return Knowledge(
        digest="0" * 12,
        sources={},
        facts={},
        abilities={name: k.Ability(name, name) for name in ("read", "dig", "all")},
        tiers={
            t.id: t
            for t in (tier("low", 1, "read"), tier("mid", 2, "read", "dig"), tier("top", 3, "read", "dig", "all", entry="mid"))
        },
        teams={t.id: t for t in (team("brand", "brand_registry"), team("desk", "other"))},
        beyond={},
        terms={},
        signals={s.id: s for s in (signal("feed", needs=("dig",)), signal("lock", team="brand"), signal("deep", needs=("all",)))},
        history={},
        codes={c.code: c for c in codes},
        tips={},
        steps={
            s.id: s
            for s in (
                k.Step("b", 20, "mid", "Write.", "stated", "S", k.When(destinations=("mid",)), wait="a day"),
                k.Step("a", 10, "seller", "Look again.", "practice", "S", k.When(destinations=("mid", "top"))),
                k.Step("c", 10, "brand", "Ask the brand.", "official", "S", k.When(signals=("lock",))),
            )
        },
        questions={},
        drafts={
            "any": k.Draft("any", "{issue} – {code}", ("{text}", "? ASIN {asin}", "? SKU {sku}", "Wanted: {wish}"), ("report",)),
            "8541": k.Draft("8541", "Conflict {code}", ("Feed {feed}", "{text}"), when=k.When(codes=("8541",))),
        },
        placeholders={
            p.id: p
            for p in (
                k.Placeholder("code", "code", "error_codes"),
                k.Placeholder("asin", "ASIN", "asins"),
                k.Placeholder("sku", "SKU", "skus"),
                k.Placeholder("feed", "feed", "feed_ids"),
                k.Placeholder("wish", "what you want"),
            )
        },
        groups={},
        changes={},
        vocabulary=k.Vocabulary(),
        layers=(),
    )


CODES = (
    code("8541", then="mid"),
    code("8560"),
    code("20005", echo_of=("8560", "8541")),
    code("8008", echo_of=("20005", "8560")),
    code("7000", "mid"),
    code("7001", "top", signal="deep"),
    code("7002", "brand", signal="lock"),
    code(
        "5000",
        readings=(
            Reading(("too  LONG", "maxlength"), "A text is too long.", "feed", "seller", "Shorten it.", "official", "S"),
            Reading(("owner’s brand",), "The brand is locked.", "lock", "brand", "Ask the brand.", "official", "S"),
        ),
    ),
)
KNOWN = known_with(*CODES)


def decided(destination: str | None, signal: str = "lock") -> Decision:
    findings = [Finding(KNOWN.signals[signal], destination or "", (), "phrase")] if destination else []
    return Decision(destination, destination, "medium", findings, [], frozenset(), [], [], {})


def never(text: str) -> Decision:
    raise AssertionError(f"{text!r} was routed although its code is known")


def as_report(messages: Iterable[Message], tally: Tally | None = None) -> Report:
    tally = tally or Tally()

    def counted() -> Iterable[Message]:
        for message in messages:
            tally.read += message.count
            yield message

    return Report("flat-file", "flat-file processing report", iter(counted()), tally, lambda: None)


def said(*rows: tuple[str, str] | tuple[str, str, str], decide: object = never, **options: object) -> ReportAdvice:
    """The advice on messages given as code, SKU and perhaps text."""
    messages = [
        Message(row[0], row[2] if len(row) > 2 else "the message", "error", row[1], number) for number, row in enumerate(rows, 1)
    ]
    return summarise(as_report(messages), KNOWN, decide, **options)  # type: ignore[arg-type]


def by_code(advice: ReportAdvice, name: str) -> CodeEntry:
    entry = advice.entry(name)
    assert entry is not None
    return entry


# --- groups


def test_codes_are_grouped_with_skus_and_severities() -> None:
    messages = [
        Message("8541", "one", "error", "A", 1, attributes=("color",), asin="B000TEST01", effects=("HIDDEN",)),
        Message("8541", "two", "warning", "B", 2, attributes=("color", "size")),
        Message("8541", "one", "error", "A", 3, count=3),
    ]
    (entry,) = summarise(as_report(messages), KNOWN, never).codes
    assert (entry.count, entry.own, entry.severities, entry.gravest) == (5, 5, {"error": 4, "warning": 1}, "error")
    assert (entry.skus, entry.sku_count, entry.sku_count_exact, entry.skus_complete) == (("A", "B"), 2, True, True)
    assert (entry.rows, entry.messages, entry.attributes) == ((1, 2, 3), ("one", "two"), {"color": 2, "size": 1})
    assert (entry.asins, entry.effects) == (("B000TEST01",), {"HIDDEN": 1})
    assert (entry.meaning, entry.cured_by, entry.cure, entry.then, entry.by) == (
        "meaning of 8541", "seller", "cure of 8541", "mid", "knowledge",
    )  # fmt: skip


def test_few_skus_are_listed_unless_all_are_wanted() -> None:
    rows = [("8541", f"S-{n}") for n in range(3000)]
    few = by_code(said(*rows), "8541")
    assert (len(few.skus), few.sku_count, few.sku_count_exact, few.skus_complete) == (5, MOST_SKUS, False, False)
    every = by_code(said(*rows, every_sku=True), "8541")
    assert (len(every.skus), every.sku_count, every.skus_complete) == (3000, 3000, True)


def test_readings_are_chosen_by_the_message() -> None:
    advice = said(("5000", "A", "something"), ("5000", "B", "value is TOO long"), ("5000", "C", "it's the owner's  brand"))
    found = {entry.meaning: entry for entry in advice.codes}
    assert set(found) == {"meaning of 5000", "A text is too long.", "The brand is locked."}
    assert found["The brand is locked."].cured_by == "brand"
    assert found["A text is too long."].skus == ("B",)


def test_echoes_go_under_their_root_cause() -> None:
    advice = said(("20005", "A"), ("8560", "A"), ("8008", "A"), ("20005", "B"), ("8541", "C"), ("8008", "D"), ("20005", "D"))
    images = by_code(advice, "20005")
    assert (images.count, images.own) == (3, 2)
    assert [(echo.code, echo.count) for echo in images.echo_of] == [("8560", 1)]
    assert [(echo.code, echo.count) for echo in by_code(advice, "8560").echoes] == [("20005", 1), ("8008", 1)]
    family = by_code(advice, "8008")
    assert {(echo.code, echo.count) for echo in family.echo_of} == {("8560", 1), ("20005", 1)}
    assert family.own == 0
    assert advice.codes[-1].code == "8008", "what is only an echo comes last"


def test_echoes_belong_to_the_reading_that_stood_on_the_sku() -> None:
    reading = Reading(("exempt",), "No exemption.", "feed", "seller", "Ask for one.", "official", "S")
    known = known_with(code("8560", readings=(reading,)), code("20005", echo_of=("8560",)))
    messages = [
        Message("8560", "plain", "error", "A"),
        Message("8560", "not exempt", "error", "B"),
        Message("20005", "m", "error", "B"),
    ]
    advice = summarise(as_report(messages), known, never)
    assert {entry.meaning: len(entry.echoes) for entry in advice.codes if entry.code == "8560"} == {
        "meaning of 8560": 0,
        "No exemption.": 1,
    }


def test_echoes_of_a_row_without_sku_and_circles() -> None:
    messages = [
        Message("8560", "m", "error", "", 4),
        Message("20005", "m", "error", "", 4),
        Message("20005", "m", "error", "", 5),
    ]
    entry = by_code(summarise(as_report(messages), KNOWN, never), "20005")
    assert (entry.count, entry.own) == (2, 1)
    circle = known_with(code("1", echo_of=("2",)), code("2", echo_of=("1",)))
    advice = summarise(as_report([Message("1", "m", "error", "A"), Message("2", "m", "error", "A")]), circle, never)
    assert [(e.code, e.own) for e in advice.codes] == [("1", 1), ("2", 0)]


def test_echoes_are_found_within_the_window_only() -> None:
    rows = [("8560", "A"), *(("8560", f"S-{n}") for n in range(WINDOW)), ("20005", "A")]
    assert by_code(said(*rows), "20005").own == 1


def test_unknown_codes_are_kept_and_their_message_is_routed() -> None:
    asked: list[str] = []

    def decide(text: str) -> Decision:
        asked.append(text)
        return decided("brand")

    advice = said(("4711", "A", "locked by the brand"), ("4711", "B", "other words"), decide=decide)
    (entry,) = advice.codes
    assert asked == ["locked by the brand"]
    assert (entry.count, entry.cured_by, entry.by, entry.meaning) == (2, "brand", "text", "lock title")
    assert entry.certainty == "confidence medium"
    unclear = by_code(said(("4711", "A"), decide=lambda _: decided(None)), "4711")
    assert (unclear.cured_by, unclear.meaning) == (None, "")


def test_messages_without_code_fall_together_when_alike() -> None:
    rows = [("", "A", "SKU 'A-1' lacks 12 values"), ("", "B", "SKU 'B-22' lacks 3 values"), ("", "C", "Other")]
    assert [e.count for e in said(*rows, decide=lambda _: decided("mid", "feed")).codes] == [2, 1]


def test_too_many_groups_are_counted_together() -> None:
    rows = [(f"X{n}", "") for n in range(MOST_GROUPS + 7)]
    advice = said(*rows, decide=lambda _: decided(None))
    assert advice.ungrouped == 7
    assert sum(entry.count for entry in advice.codes) == MOST_GROUPS + 7


# --- the recommendation


def test_the_highest_tier_that_is_needed() -> None:
    told = said(("8541", "A"), ("7000", "B"), ("7000", "C"), ("7001", "D"), ("7002", "E"), ("7002", "F")).recommendation
    assert told.recommended is not None and told.start_with is not None
    assert (told.alone, told.recommended.id, told.recommended.level, told.start_with.id) == (False, "top", 3, "mid")
    assert told.codes == ("7001",)
    assert {other.id: other.codes for other in told.also} == {"mid": ("7000",), "brand": ("7002",)}
    assert [step.do for step in told.path] == ["Look again."]


def test_a_desk_beside_the_catalog() -> None:
    told = said(("8541", "A"), ("7002", "E")).recommendation
    assert told.recommended is not None
    assert (told.recommended.id, told.recommended.kind, told.recommended.level) == ("brand", "team", None)
    assert [step.do for step in told.path] == ["Ask the brand."]


def test_what_the_seller_cures_alone_still_names_who_is_next() -> None:
    told = said(("8541", "A"), ("8560", "B")).recommendation
    assert told.recommended is not None
    assert (told.alone, told.recommended.id, told.codes) == (True, "mid", ("8541", "8560"))
    assert [(step.step, step.do, step.wait) for step in told.path] == [(1, "Look again.", ""), (2, "Write.", "a day")]


def test_echoes_and_remarks_do_not_decide() -> None:
    known = known_with(code("8560"), code("9000", "top", echo_of=("8560",)), code("9001", "top"))
    messages = [Message("8560", "m", "error", "A"), Message("9000", "m", "error", "A"), Message("9001", "m", "info", "B")]
    assert summarise(as_report(messages), known, never).recommendation.alone
    assert not summarise(as_report(messages[2:]), known, never).recommendation.alone


def test_nothing_to_recommend() -> None:
    told = said().recommendation
    assert (told.alone, told.recommended, told.path) == (False, None, ())
    told = said(("4711", "A"), decide=lambda _: decided(None)).recommendation
    assert (told.alone, told.recommended) == (False, None)


def test_what_the_seller_cures_stands_first() -> None:
    advice = said(("7000", "A"), ("7000", "B"), ("8541", "A"), ("8560", "A"), ("8560", "B"))
    assert [entry.code for entry in advice.codes] == ["8560", "8541", "7000"]


# --- the document

FLAT = (
    "Feed Processing Summary:\n\tNumber of records processed\t\t3\n\tNumber of records successful\t\t1\n\n"
    "original-record-number\tsku\terror-code\terror-type\terror-message\n"
    "1\t=TEA-1\t8541\tError\tThe data conflicts with B000TEST01 \x1b[31m[bold]\n"
    "2\tTEA-2\t7000\tError\tlocked\n2\tTEA-2\t4711\tWarning\twords\n"
)


def test_the_document_holds_what_the_report_says() -> None:
    advice = summarise(open_report(io.BytesIO(FLAT.encode())), KNOWN, lambda _: decided("mid", "feed"))
    document = advice.to_dict()
    assert json.loads(json.dumps(document)) == document
    assert document["schema_version"] == "1"
    assert (document["messages"], document["rejected"], document["broken"]) == (3, 0, None)
    assert document["stated"] == {"processed": 3, "successful": 1}
    assert document["recommendation"]["recommended"]["id"] == "mid"
    assert [entry["code"] for entry in document["codes"]] == ["8541", "7000", "4711"]
    assert advice.sound


def test_broken_reports_tell_what_was_read() -> None:
    advice = summarise(open_report(io.BytesIO(FLAT.encode()[:-14])), KNOWN, never)
    assert advice.broken is not None
    assert (advice.messages, advice.broken.where, advice.sound) == (2, "at line 8", False)
    assert advice.differences == ()


CODE_NAMES = st.sampled_from([*(c.code for c in CODES), "4711", "", "X"])


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(CODE_NAMES, st.sampled_from(["", "A", "B", "C"]), st.sampled_from(["maxlength", "m", "owner's brand"])))
)
def test_property_nothing_is_lost(rows: list[tuple[str, str, str]]) -> None:
    advice = said(*rows, decide=lambda _: decided("desk"))
    assert advice.messages == len(rows) == sum(entry.count for entry in advice.codes)
    for entry in advice.codes:
        assert entry.count == entry.own + sum(echo.count for echo in entry.echo_of)
        assert entry.own >= 0
    echoed = sum(echo.count for entry in advice.codes for echo in entry.echo_of)
    roots = {entry.code: entry.echoes for entry in advice.codes}
    assert sum(echo.count for echoes in roots.values() for echo in echoes) == echoed
    assert not rows or any(entry.own for entry in advice.codes)


@settings(max_examples=50, deadline=None)
@given(st.permutations([("8560", "A"), ("20005", "A"), ("8008", "A"), ("7000", "B"), ("7001", "C"), ("4711", "C")]))
def test_property_order_does_not_matter(rows: list[tuple[str, str]]) -> None:
    def essence(advice: ReportAdvice) -> object:
        return [(e.code, e.count, e.own, e.echo_of, e.echoes, e.cured_by) for e in advice.codes], advice.recommendation

    given_order = said(*rows, decide=lambda _: decided("desk"))
    assert essence(given_order) == essence(said(*sorted(rows), decide=lambda _: decided("desk")))


def test_many_messages_in_bounded_memory() -> None:
    def rows() -> Iterable[Message]:
        for number in range(30_000):
            yield Message("8560", f"Missing value {number}", "error", f"SKU-{number:08}", number)
            yield Message("20005" if number % 2 else "7000", f"Other {number}", "error", f"SKU-{number:08}", number)

    tracemalloc.start()
    try:
        advice = summarise(as_report(rows()), KNOWN, never)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert advice.messages == 60_000
    assert by_code(advice, "20005").own == 0
    assert peak < 9_000_000


def test_memory_does_not_grow_with_unknown_codes_and_skus() -> None:
    groups = Groups(KNOWN)
    tracemalloc.start()
    try:
        for number in range(50_000):
            groups.add(Message(f"U{number}", f"text {number}", "error", f"SKU-{number}", number))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(groups.close()) == MOST_GROUPS + 1
    assert peak < 20_000_000


def test_the_shipped_knowledge_explains_8541() -> None:
    from catalog_route.loading import load_knowledge

    known = load_knowledge()
    messages = [Message("8541", "The SKU data provided conflicts with the Amazon catalog.", "error", "A", 1)]
    (entry,) = explain(_groups(known, messages), known, never)
    assert entry.by == "knowledge"
    assert entry.meaning and entry.cure
    assert recommend([entry], known).recommended is not None


def _groups(known: Knowledge, messages: list[Message]) -> list[object]:
    groups = Groups(known)
    for message in messages:
        groups.add(message)
    return groups.close()  # type: ignore[return-value]


# --- drafts


class StubRouter(Router):
    """A router over any knowledge, with weights that say nothing."""

    def __init__(self, known: Knowledge) -> None:
        groups = [*(tier.id for tier in known.ladder()), "brand_registry", "fba", "advertising", "other", "unclear"]
        weights = Settings({"strong": 3.0, "normal": 2.0, "weak": 1.0}, 0.9, 0.5)
        super().__init__(known, Likeness(groups, [5.0 * (group == "mid") for group in groups], {}, {}, weights))


def test_drafts_are_filled_from_the_report() -> None:
    router = StubRouter(KNOWN)
    tally = Tally(feed="50000000001")
    messages = [
        Message("8541", "The data conflicts with ASIN B000TEST01", "error", "A-1", 1),
        Message("7000", "It is locked", "error", "B-2", 2),
        Message("7000", "It is locked", "error", "", 3),
    ]
    advice = summarise(as_report(messages, tally), KNOWN, never)
    draft = draft_for(router, advice, by_code(advice, "8541"))
    assert draft is not None
    assert draft.subject == "Conflict 8541"
    assert draft.body.startswith("Feed 50000000001\nThe flat-file processing report names error 8541 once.")
    draft = draft_for(router, advice, by_code(advice, "7000"))
    assert draft is not None
    assert draft.subject == "feed title – 7000"
    assert "SKU B-2" in draft.body and "ASIN" not in draft.body
    assert draft.missing == ("what you want",)
    assert draft_for(router, advice, replace(by_code(advice, "7000"), cured_by=None)) is None
    assert CaseFacts().skus == ()


# --- cells


@settings(max_examples=300)
@given(st.text())
def test_property_cells_can_be_undone(text: str) -> None:
    assert unsafe(safe(text)) == text
    assert safe(text).lstrip(" ")[:1] not in set("=+-@\t\r\n＝＋－＠")


def test_csv_is_quoted_and_marked() -> None:
    lines = "".join(csv_lines(("a", "b"), [('=cmd|" /C calc"!A0', 1), (None, "x\ny")]))
    assert list(csv.reader(io.StringIO(lines, newline=""))) == [
        ["a", "b", "text_escaped"], ['\'=cmd|" /C calc"!A0', "1", "yes"], ["", "x\ny", "no"],
    ]  # fmt: skip


# --- the command


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder, with the command working on the small knowledge."""
    monkeypatch.setattr(report_command, "knowledge_for", lambda *folders: KNOWN)
    monkeypatch.setattr(report_command, "Router", StubRouter)
    return tmp_path


def written(folder: Path, content: str | bytes = FLAT) -> str:
    path = folder / "report"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def test_command_plain(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report_command.report(written(desk), color="never") == Exit.ANSWERED
    out, err = capsys.readouterr()
    assert out.startswith(
        "flat-file processing report: 3 messages of 3 codes; the report itself states: processed 3, successful 1\n"
    )
    assert "first alone: 8541: correct and send again, without a case\n" in out
    assert "who: The mid (mid) (because of 7000, 4711)\n" in out
    assert "8541 (1 error): SKUs: =TEA-1\n" in out
    assert "\x1b" not in out and "␛[31m[bold]" in out
    assert err == ""


def test_command_fancy(desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    assert report_command.report(written(desk), color="always") == Exit.ANSWERED
    out = capsys.readouterr().out
    assert "[bold]" in out and "\x1b[31m" not in out
    assert all(len(line) <= 80 for line in out.splitlines())


def test_command_json(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report_command.report(written(desk), as_json=True, draft="7000") == Exit.ANSWERED
    out = capsys.readouterr().out
    assert out.isascii()
    document = json.loads(out)
    assert document["recommendation"]["recommended"]["id"] == "mid"
    assert document["draft"]["subject"] == "feed title – 7000"


def test_command_csv(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report_command.report(written(desk), as_csv=True) == Exit.ANSWERED
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out, newline="")))
    assert [row["code"] for row in rows][:2] == ["8541", "7000"]
    assert rows[0]["skus"] == "'=TEA-1"
    assert rows[0]["text_escaped"] == "yes"


def test_command_draft(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report_command.report(written(desk), draft="8541") == Exit.ANSWERED
    assert "\nSubject: Conflict 8541\n\nFeed [feed]\n" in capsys.readouterr().out
    with pytest.raises(Stop, match="it holds 8541, 7000") as caught:
        report_command.report(written(desk), draft="1")
    assert caught.value.code is Exit.USAGE


def test_command_on_broken_input(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report_command.report(written(desk, FLAT[:-14])) == Exit.INPUT
    out, err = capsys.readouterr()
    assert "8541 (1 error): means: meaning of 8541" in out
    assert "the report itself: broken: at line 8 it ends inside a row" in out
    assert err.count("\n") == 1
    assert "flat-file processing report, broken at line 8" in err


def test_command_on_rejected_rows_and_differences(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report_command.report(written(desk, FLAT + "nonsense\n")) == Exit.INPUT
    assert "3 read, 1 rejected" in capsys.readouterr().err
    assert report_command.report(written(desk, FLAT.replace("\t\t3\n", "\t\t9\n"))) == Exit.ANSWERED
    assert "the report states 8, read were 2" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "no code here", "<html>", '{"a": 1}'])
def test_command_on_foreign_input(desk: Path, content: str) -> None:
    with pytest.raises(Stop) as caught:
        report_command.report(written(desk, content))
    assert caught.value.code is Exit.INPUT
    assert "\n" not in str(caught.value)


def test_command_on_paths(desk: Path) -> None:
    for path in (str(desk), str(desk / "none"), "\0"):
        with pytest.raises(Stop) as caught:
            report_command.report(path)
        assert caught.value.code is Exit.INPUT


def test_command_on_standard_input(desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(FLAT.encode())))
    assert report_command.report("-", as_json=True) == Exit.ANSWERED
    assert json.loads(capsys.readouterr().out)["messages"] == 3
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(Stop) as caught:
        report_command.report("-")
    assert caught.value.code is Exit.USAGE


def test_sheet_tells_differences_and_all_rows_are_filled() -> None:
    advice = summarise(open_report(io.BytesIO(FLAT.replace("\t\t3\n", "\t\t9\n").encode())), KNOWN, lambda _: decided(None))
    sheet = report_sheet(advice, KNOWN)
    rows = [row for section in sheet.sections for row in section.rows]
    assert all(text for _, text, _ in rows)
    assert ("differs", "records with errors: the report states 8, read were 2", "") in rows
    assert ("cured by", "nobody to name", "") in rows


def rows_of(advice: ReportAdvice) -> list[tuple[str, str]]:
    sections = report_sheet(advice, KNOWN).sections
    return [(f"{section.heading} {label}".strip(), text) for section in sections for label, text, _ in section.rows]


def test_sheet_tells_all_that_is_known() -> None:
    messages = [
        *(Message("7001", "deep", "error", f"S-{n}", n, effects=("HIDDEN",)) for n in range(1, 2000)),
        Message("7002", "locked", "error", "", 0),
        Message("7000", "m", "warning", "", 4, attributes=("color",)),
        Message("20005", "m", "error", "A", 5),
        Message("8560", "m", "error", "A", 5),
        Message("20005", "m", "error", "B", 6),
    ]
    told = rows_of(summarise(as_report(messages, Tally(feed="50000000001", notes=["read as cp932"])), KNOWN, never))
    for row in (
        ("who", "The top (top)"),
        ("start with", "The mid (mid)"),
        ("also", "brand"),
        ("7001 (1999 errors) enforced", "HIDDEN (1999)"),
        ("7002 (1 error) rows", "the file as a whole"),
        ("7000 (1 warning) rows", "4"),
        ("7000 (1 warning) fields", "color (1)"),
        ("20005 (2 errors) echo of", "8560 (1) of the same SKU: cure that and this goes too; 1 on their own"),
        ("8560 (1 error) brings along", "20005 (1)"),
        ("the report itself feed", "50000000001"),
        ("the report itself note", "read as cp932"),
    ):
        assert row in told
    notes = [note for s in report_sheet(summarise(as_report(messages), KNOWN, never), KNOWN).sections for _, _, note in s.rows]
    assert "at least 1000 in all; --all lists every one" in notes


def test_sheet_of_little() -> None:
    alone = rows_of(said(("8541", "A")))
    assert alone[0] == ("who", "you can cure all of it yourself, without a case")
    assert ("if that fails who", "The mid (mid)") in alone
    assert rows_of(said()) == [("who", "nobody: it holds no message")]
    many = said(*((f"X{n}", "") for n in range(MOST_GROUPS + 3)), decide=lambda _: decided(None))
    assert ("the report itself not kept apart", "3 messages of further codes") in rows_of(many)
    rejected = summarise(open_report(io.BytesIO((FLAT + "nonsense\n").encode())), KNOWN, lambda _: decided(None))
    assert ("the report itself line 9", "the row has no error code: nonsense") in rows_of(rejected)


def test_the_cure_comes_before_the_case() -> None:
    """What the seller can cure alone was followed by four steps to open a case, before the first cure was told."""
    advice = said(("8541", "A"))
    assert advice.recommendation.alone
    headings = [section.heading for section in report_sheet(advice, KNOWN).sections]
    assert headings == ["", "8541 (1 error)", "if that fails"]
    rows = rows_of(advice)
    assert [label for label, _ in rows][:1] == ["who"]
    assert ("if that fails step 1", "Look again.") in rows
    mixed = [section.heading for section in report_sheet(said(("8541", "A"), ("7000", "B")), KNOWN).sections]
    assert mixed[0] == ""
    assert mixed[-1] == "the road"


def test_drafts_that_cannot_be_written() -> None:
    router = StubRouter(replace(KNOWN, drafts={}))
    advice = said(("8541", "A"))
    assert draft_for(router, advice, by_code(advice, "8541")) is None
    many = said(*(("8541", f"S-{n}") for n in range(50)))
    draft = draft_for(StubRouter(KNOWN), many, by_code(many, "8541"))
    assert draft is not None
    assert "names error 8541 50 times. Affected are 50 SKUs; the report is attached." in draft.body


def test_a_draft_says_how_it_is_sent() -> None:
    drafts = {name: replace(draft, send="Send it once.") for name, draft in KNOWN.drafts.items()}
    advice = said(("8541", "A"))
    draft = draft_for(StubRouter(replace(KNOWN, drafts=drafts)), advice, by_code(advice, "8541"))
    assert draft is not None
    assert list(draft_lines(draft))[:3] == ["", "send: Send it once.", ""]


def test_command_cannot_do_both(desk: Path) -> None:
    with pytest.raises(Stop, match="choose one"):
        report_command.report(written(desk), as_json=True, as_csv=True)
    with pytest.raises(Stop, match="nobody is known"):
        report_command.report(written(desk, '{"errors":[{"code":"Odd","message":"?"}]}'), draft="Odd")


def test_a_case_that_csv_has_no_place_for_is_refused_and_not_dropped(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--csv --draft CODE` printed the table, and of the case nothing."""
    with pytest.raises(Stop, match="--csv and --draft: choose one") as caught:
        report_command.report(written(desk), as_csv=True, draft="8541")
    assert caught.value.code is Exit.USAGE
    assert capsys.readouterr().out == ""


def test_command_on_a_terminal_says_what_it_waits_for(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Typed(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Typed(io.BytesIO(FLAT.encode())))
    assert report_command.report("-") == Exit.ANSWERED
    assert capsys.readouterr().err == "reading the report from the terminal; end it with Ctrl-D\n"


@pytest.mark.parametrize(
    ("form", "label", "note"),
    [
        ("flat-file", "rows", "the first ones; row 1 is the first below the headings of the upload"),
        ("text", "rows", "the first ones; row 1 is the first below the headings of the upload"),
        ("xml", "message ids", "the first ones, as the feed numbers its messages"),
        ("json-feed", "message ids", "the first ones, as the feed numbers its messages"),
    ],
)
def test_a_message_id_is_not_told_to_be_a_row_below_the_headings(form: str, label: str, note: str) -> None:
    """The fourth message of an XML feed, which has no headings, was told as their fourth row."""
    report = replace(as_report([Message("7000", "m", "error", "", 4)]), format=form)
    rows = [row for section in report_sheet(summarise(report, KNOWN, never), KNOWN).sections for row in section.rows]
    assert (label, "4", note) in rows


def test_messages_without_a_code_count_as_no_code() -> None:
    """One message with a code and one without were told as "2 messages of 2 codes"."""
    advice = said(("8541", "A"), ("", "B"), decide=lambda _: decided(None))
    assert report_sheet(advice, KNOWN).summary == "2 messages of 1 code"


def test_skus_with_blanks_stay_apart_in_a_cell(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """MUG RED and MUG BLUE came as "MUG RED MUG BLUE"."""
    content = f"{FLAT.splitlines()[4]}\n1\tMUG RED\t8541\tError\tconflict\n2\tMUG BLUE\t8541\tError\tconflict\n"
    assert report_command.report(written(desk, content), as_csv=True) == Exit.ANSWERED
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out, newline=""))
    assert row["skus"].split("\n") == ["MUG RED", "MUG BLUE"]


def test_sheet_when_nobody_can_be_named() -> None:
    told = rows_of(said(("4711", "A"), decide=lambda _: decided(None)))
    assert told[0] == ("who", "nobody to name")
    assert not any(label.startswith("Amazon says") for label, _ in rows_of(said(("7000", "A", ""))))


def test_codes_without_anybody_do_not_decide() -> None:
    advice = said(("4711", "A"), ("7000", "B"), decide=lambda _: decided(None))
    assert advice.recommendation.recommended is not None
    assert advice.recommendation.recommended.id == "mid"
    assert advice.recommendation.codes == ("7000",)


def test_many_fields_are_counted_up_to_a_limit() -> None:
    from catalog_route.grouping import MOST_NAMES

    advice = summarise(
        as_report([Message("7000", "m", "error", "A", n, attributes=(f"field-{n}",)) for n in range(200)]), KNOWN, never
    )
    assert len(by_code(advice, "7000").attributes) == MOST_NAMES


def test_messages_of_the_whole_file_have_no_echo() -> None:
    advice = summarise(as_report([Message("20005", "m", "error"), Message("8560", "m", "error")]), KNOWN, never)
    assert by_code(advice, "20005").echo_of == ()


def test_draft_of_a_report_leaves_open_what_nobody_told() -> None:
    placeholders = {**KNOWN.placeholders, "days": k.Placeholder("days", "days", "ticket_days")}
    drafts = {"any": k.Draft("any", "x", ("Waiting for {days} days", "{text}"))}
    advice = said(("7000", "A"))
    draft = draft_for(StubRouter(replace(KNOWN, placeholders=placeholders, drafts=drafts)), advice, by_code(advice, "7000"))
    assert draft is not None
    assert draft.body.startswith("Waiting for [days] days")


def test_what_the_seller_cures_alone_may_leave_nobody_to_name() -> None:
    advice = said(("8560", "A"))
    told = recommend([replace(entry, then=None) for entry in advice.codes], KNOWN)
    assert (told.alone, told.recommended, told.path) == (True, None, ())
    rows = rows_of(replace(advice, recommendation=told))
    assert rows[0] == ("who", "you can cure all of it yourself, without a case")
    assert not any(label.startswith("if that fails") for label, _ in rows)


def test_sheet_of_a_code_without_sku_and_row_names_neither() -> None:
    labels = [label for label, _ in rows_of(summarise(as_report([Message("7000", "m", "error")]), KNOWN, never))]
    assert "7000 (1 error) cured by" in labels
    assert not any(label.endswith((" SKUs", " rows")) for label in labels)
