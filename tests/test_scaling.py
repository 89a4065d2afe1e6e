"""Beyond one machine: the router travels, and the recipe of docs/scaling.md does what it says."""

from __future__ import annotations

import pickle
import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from catalog_route import Router, Told
from catalog_route.batch import Answer, brief, in_brief
from catalog_route.router import router_for

PAGE = Path(__file__).resolve().parents[1] / "docs" / "scaling.md"
TEXTS = [
    "feed issue",
    "page locked by Brand Registry",
    "hello",
    "",
    "case re-opened 4 times, flat file rejected with 8541",
    "Größe falsch 😀",
    "lost inventory in FBA warehouse",
]


def test_router_can_be_pickled(router: Router) -> None:
    """The copy answers alike, down to the whole document."""
    copy: Router = pickle.loads(pickle.dumps(router))
    assert [copy.route(text) for text in TEXTS] == [router.route(text) for text in TEXTS]
    assert [copy.route(text).to_json() for text in TEXTS] == [router.route(text).to_json() for text in TEXTS]


def test_router_is_not_too_large_to_be_sent(router: Router) -> None:
    assert len(pickle.dumps(router)) < 16_000_000


def test_one_router_serves_many_threads(router: Router) -> None:
    expected = [brief(router, text) for text in TEXTS] * 20
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: brief(router, text), TEXTS * 20)) == expected


@pytest.mark.parametrize("round", range(3))
def test_threads_that_use_a_new_router_at_once_all_get_whole_answers(router: Router, round: int) -> None:
    """What a router makes of its tables is made at first use: here by eight threads at the same moment."""
    expected = [router.route(text, draft=True).to_json() for text in TEXTS]
    for fresh in (pickle.loads(pickle.dumps(router)), router_for()):
        gate = Barrier(8)

        def answers(fresh: Router = fresh, gate: Barrier = gate) -> list[str]:
            gate.wait()
            return [fresh.route(text, draft=True).to_json() for text in TEXTS]

        with ThreadPoolExecutor(8) as pool:
            for started in [pool.submit(answers) for _ in range(8)]:
                assert started.result() == expected


def test_a_router_keeps_nothing_of_a_text(router: Router) -> None:
    """Other texts before, other facts beside: the same text has the same answer."""
    first = [router.route(text).to_json() for text in TEXTS]
    for text in TEXTS:
        router.route(text, Told(reopened=9, tried=("captive",), account="vendor"), draft=True)
    assert [router.route(text).to_json() for text in reversed(TEXTS)] == first[::-1]


@pytest.mark.parametrize("text", TEXTS)
def test_brief_answer_is_the_whole_answer_in_brief(router: Router, text: str) -> None:
    assert brief(router, text) == in_brief(router.route(text))


def recipe() -> str:
    """The tested block of the page."""
    block = r"<!-- tested: tests/test_scaling.py[^>]*-->\n```python\n(.*?)```\n<!-- end -->"
    found = re.search(block, PAGE.read_text("utf-8"), re.S)
    assert found is not None
    return found[1]


def test_recipe_is_python_and_names_all_fields_of_the_answer() -> None:
    compile(recipe(), str(PAGE), "exec")
    columns = re.search(r'ANSWER = "(.*)"', recipe())
    assert columns is not None
    assert tuple(column.split()[0] for column in columns[1].split(", ")) == Answer._fields


@pytest.fixture(scope="module")
def spark() -> Any:
    """Spark on two threads of this machine."""
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, and there is no `java` on this machine's path")
    pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'catalog-route[spark]'")
    pytest.importorskip("pandas", reason="pandas is not installed: pip install 'catalog-route[spark]'")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'catalog-route[spark]'")
    sql = import_module("pyspark.sql")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("PYTHONPATH", ":".join(path for path in sys.path if path))
        builder = sql.SparkSession.builder.master("local[2]").appName("catalog-route")
        session = builder.config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "2").getOrCreate()
        yield session
        session.stop()


@pytest.mark.filterwarnings("ignore")
def test_spark_gives_the_answers_of_one_router(spark: Any, router: Router) -> None:
    """Every own column is kept, every answer is the router's."""
    space: dict[str, Any] = {}
    exec(compile(recipe(), str(PAGE), "exec"), space)
    rows = [(number, text, number / 2) for number, text in enumerate(TEXTS)]
    issues = spark.createDataFrame([*rows, (len(TEXTS), None, 0.5)], "id long, text string, weight double").repartition(2)
    out = {row["id"]: row for row in space["routed"](issues).collect()}
    assert len(out) == len(TEXTS) + 1
    for number, text, weight in rows:
        row = out[number]
        answer = Answer(*(row[name] for name in Answer._fields))
        assert answer._replace(signals=tuple(answer.signals)) == brief(router, text)
        assert (row["text"], row["weight"]) == (text, weight)
    assert out[len(TEXTS)]["status"] == "unclear"
