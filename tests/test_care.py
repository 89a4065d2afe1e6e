"""The principle of care: nothing is advised that Amazon's rules punish, whatever the problem and its history."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from catalog_route import Advice, Knowledge, Router, Told
from docs_screens import sellers

# What no sentence may tell a seller to do; `not` and `never` before it turn it round.
PUNISHED = {
    "a second case": r"(open|create|start|file|submit) (another|one more|a new|a second|a further) (case|ticket)",
    "re-opening for its own sake": r"re-?open(ing)? (it |the case |that case )?(again and again|until|often|more|several times)",
    "repeated contacts": r"(call|write|contact|ask) (again|them) (every|each|until)|keep (calling|writing|asking|re-opening)",
    "another agent": r"(try|ask for|wait for) (another|a different|other) (agent|associate|rep)|hang up",
    "a new barcode": r"(use|buy|take|get) (a|another) new (barcode|upc|ean|number)",
    "a transfer": r"(ask|insist|demand) (to be|for a) (put through|transfer)",
    "the executives": r"(e-?mail|write to|contact) (jeff|the executive)",
    "judging by accent": r"accent|native speaker|offshore",
}
ALLOWED = re.compile(r"\b(not|never|no|without|nor)\b", re.IGNORECASE)


def sentences(known: Knowledge) -> Iterator[tuple[str, str]]:
    """Every sentence that can be advised, with the id of what says it."""
    held = [(entry.id, entry.text) for section in (known.tips, known.steps) for entry in section.values()]
    held += [(draft.id, text) for draft in known.drafts.values() for text in (draft.send, *draft.lines)]
    held += [(code.id, code.cure) for code in known.codes.values()]
    yield from ((ident, part) for ident, text in held for part in re.split(r"(?<=[.!])\s", text))


@pytest.mark.parametrize("what", PUNISHED)
def test_no_sentence_advises_what_is_punished(known: Knowledge, what: str) -> None:
    found = [
        (ident, text) for ident, text in sentences(known)
        if re.search(PUNISHED[what], text, re.IGNORECASE) and not ALLOWED.search(text)
    ]  # fmt: skip
    assert found == []


def test_re_opening_is_never_advised_without_something_new(known: Knowledge) -> None:
    """Every sentence that re-opens names the new fact or the open point, or tells where to go on instead of a second case."""
    new = re.compile(r"new|news|open point|unanswered|only|instead|not as a new|never|do not|believed|\?", re.IGNORECASE)
    bad = [
        (ident, text) for ident, text in sentences(known) if re.search(r"re-?open", text, re.IGNORECASE) and not new.search(text)
    ]
    assert [(ident, text) for ident, text in bad if "{reopened}" not in text] == []


HISTORIES = (Told(), Told(reopened=1), Told(reopened=5), Told(contacts=4), Told(ticket_days=40), Told(tried=("captive",)))


def advices(router: Router) -> Iterator[Advice]:
    for number, text in enumerate(sellers().values()):
        yield router.route(text, HISTORIES[number % len(HISTORIES)], draft=True)


def test_who_has_a_case_is_never_told_to_open_one(router: Router) -> None:
    for advice in advices(router):
        if advice.case.has_case:
            told = [step.do for step in advice.path] + ([advice.draft.send] if advice.draft else [])
            opening = [line for line in told if re.search(r"(?<!-)\bopen one case\b|^as a new case", line, re.IGNORECASE)]
            assert opening == [], advice.text


def test_every_answer_warns_of_something(router: Router) -> None:
    for advice in advices(router):
        if advice.recommended is not None:
            assert any(tip.stage == "avoid" for tip in advice.tips), advice.text


def test_the_top_tier_is_never_asked_for(router: Router, known: Knowledge) -> None:
    """It has no door; a draft that asks for it by name would only harm, and the start is where a seller can knock."""
    top = known.ladder()[-1]
    for advice in advices(router):
        if advice.recommended is None or advice.recommended.id != top.id:
            continue
        assert advice.start_with is not None
        assert advice.start_with.id == top.entry
        assert advice.draft is not None
        asked = advice.draft.body
        assert not re.search(rf"\b({re.escape(top.short)}|{re.escape(top.name)}|executive)\b", asked, re.IGNORECASE)


def test_a_case_for_the_top_tier_goes_on_in_the_same_case_with_something_new(router: Router, known: Knowledge) -> None:
    top = known.ladder()[-1].id
    seen = 0
    for advice in advices(router):
        if advice.recommended and advice.recommended.id == top and any(f.destination is None for f in advice.findings):
            assert advice.draft is not None
            seen += 1
            assert "[what is new since the last answer]" in advice.draft.body, advice.text
            assert re.search(r"re-open|in the case", advice.draft.send, re.IGNORECASE), advice.text
            assert re.search(r"never|do not", advice.draft.send, re.IGNORECASE), advice.text
    assert seen > 20


def test_after_a_final_no_nothing_is_sent_again(router: Router) -> None:
    for text in ("wrong category", "Amazon retail holds the title", "reopened 5 times, child still missing", "feed issue"):
        advice = router.route(f"{text}. They closed it with no further action.", draft=True)
        assert advice.case.final_no
        assert advice.path[0].do == "Their no is final: do not send it again."
        assert not any(re.search("re-open|go on in", step.do, re.IGNORECASE) for step in advice.path)
        assert advice.draft is None
        assert advice.undrafted.startswith("Amazon's no is final")
