"""What the program remembers between texts is bounded, and answers do not depend on it."""

from __future__ import annotations

import pickle
import sys
from array import array

import pytest

from catalog_route import Router, circumstances, ids, places
from catalog_route.features import sentences, units
from catalog_route.rows import Rows
from catalog_route.text import stem
from catalog_route.weights import Weights, weight_tables

TEXTS = ("feed issue", "flat file rejectedd with error 8541", "page loked by Brand Registry", "re opened 4 times", "zzz qqq")
LIMITS = (
    "automaton._REMEMBERED", "shapes._REMEMBERED", "spelling._CACHED", "weights.REMEMBERED", "likeness.REMEMBERED",
    "likeness.MOST_PAIRS",
)  # fmt: skip


def test_nothing_more_being_remembered_changes_no_answer(router: Router, monkeypatch: pytest.MonkeyPatch) -> None:
    want = [router.route(text).to_json() for text in TEXTS]
    for limit in LIMITS:
        monkeypatch.setattr(f"catalog_route.{limit}", 0)
    for module in ("text", "spelling"):
        monkeypatch.setattr(f"catalog_route.{module}.stem", stem.__wrapped__)
    forgetful = pickle.loads(pickle.dumps(router))
    assert [forgetful.route(text).to_json() for text in TEXTS for _ in range(2)] == [said for said in want for _ in range(2)]


def test_what_is_made_once_a_process_is_made_alike_again(router: Router) -> None:
    """Patterns that only some texts need, and where the data lie."""
    text = "ASIN B0CXYZ1234 and SKU AB-12 on amazon.de, case 12345678901, UPC 036000291452, FNSKU X001ABCDEF"
    want, where = router.route(text).to_json(), places.data_dir()
    for made in (ids._compiled, ids._tokens, circumstances._domain, places.data_dir):
        made.cache_clear()
    assert router.route(text).to_json() == want
    assert places.data_dir() == where


def test_a_router_sent_elsewhere_answers_alike(router: Router) -> None:
    sent = pickle.loads(pickle.dumps(router))
    assert [advice.to_json() for advice in sent.route_many(TEXTS)] == [router.route(text).to_json() for text in TEXTS]


def test_rows_can_be_sent_and_are_the_same(router: Router) -> None:
    rows = router.matcher._automaton.nodes
    sent = pickle.loads(pickle.dumps(rows))
    assert isinstance(sent, Rows)
    assert sent[0] == rows[0]
    assert len(sent) == len(rows) > 100


@pytest.mark.parametrize("value", [5, 1 << 40])
def test_weights_are_the_same_on_a_machine_that_reads_numbers_from_the_other_end(
    monkeypatch: pytest.MonkeyPatch, value: int
) -> None:
    """Simulated: the bytes are swapped as such a machine would see them, and must be swapped back."""
    tables = weight_tables({"w:feed": (1, value, -value), "w:fees": (2, 3, 4)})
    here = [Weights(tables, 3).total((name,)) for name in ("w:feed", "w:fees", "w:none")]
    numbers = array("h" if tables["kind"] == "h" else "q", tables["numbers"])
    numbers.byteswap()
    monkeypatch.setattr(sys, "byteorder", "big")
    there = Weights({**tables, "numbers": numbers.tobytes()}, 3)
    assert [there.total((name,)) for name in ("w:feed", "w:fees", "w:none")] == here
    assert there["w:feed"] == there["w:feed"] == here[0]


def test_a_name_that_would_break_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="the name of a feature holds"):
        weight_tables({"w:a|b": (1, 2)})


def test_learning_and_the_finder_count_the_same(router: Router) -> None:
    """Also where words in the middle of a sentence are not heard."""
    for text in (*TEXTS, "the flat file, we are not in Brand Registry, is rejected with error 8541"):
        found = router.matcher.match(text)
        for sentence in sentences(found.view):
            for heard in (list(sentence), [at for at in sentence if at % 4 != 2]):
                learned = sum(router.likeness._weights.total(each.names).packed for each in units(found.view, found.edges, heard))
                assert learned == router.likeness.sum_of(found.view, found.edges, heard)


def test_words_that_deny_are_not_learned_from(router: Router) -> None:
    found = router.matcher.match("Hello. We are not brand registered. My flat file is rejected.")
    assert [[found.view.words[at] for at in places] for places in router.decider._weigher.heard(found)] == [
        ["my", "flat", "file", "is", "rejected"]
    ]
