"""The generated tables of the documentation: each function makes the lines of one block from the program itself.

`made(name, argument, old)` calls the function of that name; `old` are the lines that stand there now, from which the
meanings that people wrote are kept.
"""

from __future__ import annotations

import ast
import tomllib
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import MISSING, fields
from math import exp
from pathlib import Path
from statistics import median
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import typer

import conformance
import docs_screens
from catalog_route import knowledge as k
from catalog_route.cli import app
from catalog_route.entries import RECORDS, SECTIONS
from catalog_route.matching import Seen
from catalog_route.meanings import LAYING, LAYING_WORDS, MEANINGS, TOP
from catalog_route.rules import RULES

ROOT = Path(__file__).resolve().parents[1]
UNTOLD = "TODO: say what this is"
Lines = Iterator[str]


def made(name: str, argument: str, old: list[str]) -> list[str]:
    """The lines of the block `name`; blank lines around them as Markdown wants them."""
    lines = list(_MAKERS[name](argument, old))
    while lines and not lines[-1]:
        lines.pop()
    return ["", *lines, ""]


def _known() -> k.Knowledge:
    return docs_screens.router().known


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Lines:
    yield "| " + " | ".join(header) + " |"
    yield "|" + "---|" * len(header)
    for row in rows:
        yield "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in row) + " |"


def _meanings(old: list[str]) -> dict[tuple[str, str], str]:
    """(heading, first cell) → last cell of the tables that stand there now."""
    heading, out = "", {}
    for line in old:
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.startswith("| "):
            cells = line.replace("\\|", "\0").strip("| ").split(" | ")
            out[heading, cells[0].strip("`")] = cells[-1].strip().replace("\0", "|")
    return out


# --- what is known


def _facts(argument: str, _old: list[str]) -> Lines:
    rows = [(f.id, f.about, f.text, f"**{f.certainty}**" if f.certainty != "stated" else f.certainty)
            for f in _known().facts.values() if f.id.startswith(argument)]  # fmt: skip
    yield from _table(("id", "about", "statement", "certainty"), rows)


def _ladder(_argument: str, _old: list[str]) -> Lines:
    tiers = _known().ladder()
    rows = [
        ("who it is", *(t.summary for t in tiers)),
        ("channels", *(t.channels for t in tiers)),
        ("how it is reached", *(t.reached for t in tiers)),
        ("where", *(t.location for t in tiers)),
        ("what it cannot do", *("; ".join(f"{limit.text} ({limit.fact})" for limit in t.limits) for t in tiers)),
    ]
    yield from _table(("", *(f"{t.level} {t.short} (`{t.id}`)" for t in tiers)), rows)


def _abilities(_argument: str, _old: list[str]) -> Lines:
    tiers = _known().ladder()

    def cell(tier: k.Tier, name: str) -> str:
        return "every member" if name in tier.can else "some" if name in tier.some_can else "–"

    rows = [(f"`{a.id}`", a.title, *(cell(t, a.id) for t in tiers), " ".join(a.facts)) for a in _known().abilities.values()]
    yield from _table(("ability", "can …", *(t.short for t in tiers), "statements"), rows)


def _teams(_argument: str, _old: list[str]) -> Lines:
    known = _known()
    rows = [(f"`{t.id}`", t.name, t.group, t.summary, t.reached, f"{t.certainty}; {t.source}") for t in known.teams.values()]
    yield from _table(("id", "desk", "group", "what it owns", "how it is reached", "certainty; source"), rows)


def _beyond(_argument: str, _old: list[str]) -> Lines:
    rows = [(b.name, b.summary, b.reached, " ".join(b.facts)) for b in _known().beyond.values()]
    yield from _table(("who", "what", "how it is reached", "statements"), rows)


def _terms(argument: str, _old: list[str]) -> Lines:
    rows = [(f"`{t.name}`" if argument == "certainty" else t.name, t.text) for t in _known().terms.values() if t.kind in argument]
    yield from _table(("word", "meaning"), rows)


def _sources(_argument: str, _old: list[str]) -> Lines:
    rows = [(f"`{s.id}`", f"[{s.title}]({s.url})" if s.url else s.title, s.kind, s.note) for s in _known().sources.values()]
    yield from _table(("id", "source", "kind", "note"), rows)


def _counts(_argument: str, _old: list[str]) -> Lines:
    n = _known()
    what = {
        "tiers": n.tiers, "desks beside them": n.teams, "kinds of problem": n.signals, "error codes": n.codes, "tips": n.tips,
        "statements with their certainty": n.facts, "sources": n.sources,
    }  # fmt: skip
    yield "It knows " + ", ".join(f"{len(held)} {name}" for name, held in what.items()) + "."


def _screens(_argument: str, _old: list[str]) -> Lines:
    for name, (heading, ident, told) in docs_screens.SCREENS.items():
        options = "".join(f" --{key.replace('_', '-')} {value}" for key, value in told.items())
        advice = docs_screens.answer(name)[0]
        assert advice.recommended is not None
        assert advice.start_with is not None
        yield from (f"## {heading}", "")
        yield from (f"> {line}" for line in docs_screens.sellers()[ident].split("\n"))
        door = "" if advice.start_with == advice.recommended else f", reached through {advice.start_with.name}"
        yield from ("", f"→ **{advice.recommended.name}**{door}", "", f'`catalog-route --draft{options} "…"` shows:', "")
        yield from (f"![{heading}](screens/{name}.svg)", "")


# --- how the program is built


# Where a module belongs, in the order in which a text meets them; the first word of a name finds those not named here.
AREAS: dict[str, str] = {
    "What is known": "knowledge guidance record loading linking entries yaml_source places problems checking schemas",
    "Kept compiled": "compiled compiling stored rows weights",
    "From text to findings": "text spelling phrases graph automaton scanning shapes matching case",
    "From findings to advice": "likeness weighing deciding advising advice drafting router",
    "How it is shown": "choosing rendering remarks plain showing sheets display terminal windows asking",
    "Reports": "reports reporting grouping report_command report_draft report_sheet",
    "Many texts": "batch records streaming tables recognising reading counts cells workers interrupting atomic_file",
    "The command line": "cli __init__ __main__ arguments options completing evaluating figures",
}


def _modules(_argument: str, _old: list[str]) -> Lines:
    source = ROOT / "src" / "catalog_route"
    rows: dict[str, list[tuple[str, str]]] = {area: [] for area in AREAS}
    for path in sorted(source.rglob("*.py")):
        told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        name = path.relative_to(source).with_suffix("").as_posix()
        rows[area_of(name)].append((f"`{name}`", " ".join(told.split("\n\n")[0].split())))
    for area, held in rows.items():
        yield from (f"### {area}", "")
        yield from _table(("module", "what it does"), held)
        yield ""


def area_of(name: str) -> str:
    """The heading under which a module stands."""
    package = name.partition("/")[0]
    for part in (name, package, package.partition("_")[0]):
        for area, names in AREAS.items():
            if part in names.split():
                return area
    return "What is known"


def _sizes(_argument: str, _old: list[str]) -> Lines:
    """What can be measured of the code beside other projects; theirs are written down in the page."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "src" / "catalog_route").rglob("*.py")}
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    functions = [node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, kinds)]
    lengths = [(node.end_lineno or node.lineno) - node.lineno + 1 for node in functions]
    lines = [len(path.read_text(encoding="utf-8").splitlines()) for path in trees]
    public = [node for node in functions if not node.name.startswith("_")]
    told = sum(ast.get_docstring(node) is not None for node in public) / len(public)
    typed = sum(node.returns is not None for node in functions) / len(functions)
    yield from _table(
        ("", "catalog-route", "repo-review", "capa"),
        [
            ("modules", f"{len(trees)}", "19", "145"),
            ("lines of a module: median, most", f"{round(median(lines), -1):.0f}, {max(lines)}", "43, 558", "126, 2,438"),
            ("lines of a function: median, most", f"{median(lengths):.0f}, {max(lengths)}", "8, 154", "8, 225"),
            ("functions beyond 40 lines", f"{sum(length > 40 for length in lengths)}", "7 of 90", "126 of 1,523"),
            ("public functions with a docstring", f"{100 * told:.0f} %", "67 %", "46 %"),
            ("functions with a typed result", f"{100 * typed:.0f} %", "100 %", "53 %"),
        ],
    )  # fmt: skip


def _dependencies(_argument: str, old: list[str]) -> Lines:
    told = _meanings(old)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    rows = [("always", need) for need in project["dependencies"]]
    rows += [(f"extra `{extra}`", need) for extra, needs in project["optional-dependencies"].items() for need in needs]
    yield from _table(
        ("package", "when", "reason"), [(f"`{need}`", when, _reason(told, need)) for when, need in rows]
    )  # fmt: skip


def _reason(told: dict[tuple[str, str], str], need: str) -> str:
    """The reason written beside a package, also when its range has changed since."""
    name = _name(need)
    return next((text for (_, key), text in told.items() if _name(key) == name), UNTOLD)


def _name(need: str) -> str:
    return need.split(">")[0].split("<")[0].split("=")[0].strip("` ")


def commands() -> dict[str, Any]:
    """The commands of the program by name."""
    found = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    return {name: command for name, command in found.items() if not command.hidden}


def _commands(_argument: str, _old: list[str]) -> Lines:
    for name, command in commands().items():
        arguments = [p for p in command.params if p.param_type_name == "argument"]
        options = [p for p in command.params if p.param_type_name == "option"]
        usage = " ".join(_argument_name(p) for p in arguments)
        yield from (f"### `{name}`", "", " ".join((command.help or "").split()), "", "```text")
        yield f"catalog-route {name} [OPTIONS] {usage}".rstrip()
        yield from ("```", "")
        rows = [(f"`{_argument_name(p)}`", p.help or "", "") for p in arguments]
        rows += [(_option_names(p), p.help or "", _default(p)) for p in options]
        yield from _table(("", "what", "default"), rows)
        yield ""


def _argument_name(param: Any) -> str:
    bare = (param.metavar or param.name.upper()).strip("[].")
    choices = getattr(param.type, "choices", None)
    bare = "|".join(choices) if choices else bare
    bare += "..." if param.nargs == -1 else ""
    return bare if param.required else f"[{bare}]"


def _option_names(param: Any) -> str:
    value = "" if param.is_flag else f" {param.metavar}"
    both = [*param.opts, *param.secondary_opts]
    return ", ".join(f"`{name}{value}`" for name in both)


def _default(param: Any) -> str:
    if param.envvar:
        return f"the variable `{param.envvar}`, if set"
    return "" if param.default in (None, False, ()) else str(param.default)


# --- records and documents


def _data_format(_argument: str, _old: list[str]) -> Lines:
    for section in (*SECTIONS, "vocabulary"):
        yield from _record(section, RECORDS[section])
    for kind in (k.Examples, k.Limit, k.When, k.Reading):
        yield from _record(kind.__name__.lower(), kind)


def _record(section: str, kind: Any) -> Lines:
    yield from (f"### {section}", "", " ".join((kind.__doc__ or "").split()), "")
    hints = get_type_hints(kind)
    rows = []
    for part in fields(kind):
        if part.name == "origin" or part.name.startswith("__"):
            continue
        name = part.name.rstrip("_")
        needed = part.default is MISSING and part.default_factory is MISSING
        meaning = MEANINGS[kind.__name__][name]
        if name == "certainty":
            meaning += "; see [certainty](support-model.md#certainty)"
        rows.append((f"`{name}`", _words(hints[part.name]), "yes" if needed else "no", meaning))
    yield from _table(("key", "value", "required", "meaning"), rows)
    yield ""


def _laying(_argument: str, _old: list[str]) -> Lines:
    rows = [(f"`{name}`", "top of a file", meaning) for name, meaning in TOP.items()]
    rows += [(f"`{name}`", "an entry", meaning) for name, meaning in LAYING.items()]
    rows.append(("`replaces`", "`vocabulary`", LAYING_WORDS))
    yield from _table(("key", "where", "meaning"), rows)


def _rules(_argument: str, _old: list[str]) -> Lines:
    yield from _table(("rule", "severity", "finds"), [(f"`{name}`", rule.severity, rule.finds) for name, rule in RULES.items()])


_PLAIN = {str: "text", int: "whole number", bool: "true or false"}


def _words(hint: Any) -> str:
    """A type in words that need no Python."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Literal:
        return ", ".join(map(str, inside))
    if origin is tuple:
        return f"list of {_many(inside[0])}"
    if origin is dict:
        return f"mapping: {_words(inside[0])} → {_words(inside[1])}"
    if origin in (Union, types.UnionType):
        return " or ".join(_words(part) for part in inside if part is not type(None))
    return f"[{hint.__name__.lower()}](#{hint.__name__.lower()})"


def _many(hint: Any) -> str:
    return {str: "texts", int: "numbers"}.get(hint) or f"{_words(hint)} entries"


def _schema(argument: str, old: list[str]) -> Lines:
    told = _meanings(old)
    schema = _report_schema() if argument == "report" else _schema_of(argument)
    rows = list(_paths(schema, schema, ""))
    yield from _table(("field", "type", "meaning"), [(f"`{p}`", kind, told.get(("", p), UNTOLD)) for p, kind in rows])


def _schema_of(what: str) -> dict[str, Any]:
    from catalog_route.schemas import schema_of

    return schema_of(what)


def _report_schema() -> dict[str, Any]:
    from pydantic import TypeAdapter

    from catalog_route.reporting import ReportAdvice

    return TypeAdapter(ReportAdvice).json_schema(mode="serialization")


def _paths(node: dict[str, Any], whole: dict[str, Any], at: str) -> Iterator[tuple[str, str]]:
    """Every field below an object, with its type, lists marked by []."""
    for name, value in node["properties"].items():
        path = f"{at}.{name}" if at else name
        parts = value.get("anyOf", [value])
        inner = next((p for p in (_resolved(p, whole) for p in parts) if "properties" in p), None)
        items = next((_resolved(p["items"], whole) for p in parts if p.get("items")), None)
        yield path, " or ".join(_kind(_resolved(p, whole), whole) for p in parts)
        if inner:
            yield from _paths(inner, whole, path)
        elif items and "properties" in items:
            yield from _paths(items, whole, f"{path}[]")


def _resolved(node: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    return whole["$defs"][node["$ref"].rsplit("/", 1)[-1]] if "$ref" in node else node


def _kind(node: dict[str, Any], whole: dict[str, Any]) -> str:
    if "enum" in node:
        return ", ".join(f"`{value}`" for value in node["enum"])
    if "const" in node:
        return f"`{node['const']}`"
    if node.get("type") == "array":
        return f"list of {_kind(_resolved(node['items'], whole), whole)}s" if node.get("items") else "list"
    return {"object": "object", "null": "null"}.get(node.get("type", ""), node.get("type", "any"))


# --- one decision, step by step


def _worked(argument: str, _old: list[str]) -> Lines:
    """What happens to one text, told from the record of the decision."""
    router = docs_screens.router()
    known = router.known
    matches, decision = router.decide(argument)
    view = matches.view
    yield f"The text: **{argument}**"
    yield ""
    yield "1. Words, and the stems that are compared: " + ", ".join(
        f"{word} (`{stem}`)" if word != stem else f"`{stem}`" for word, stem in zip(view.words, view.stems, strict=True)
    ) + "."  # fmt: skip
    yield "2. What the phrases see:"
    yield ""
    rows = [(f"`{n}`", "signal", _quoted(seen), known.owner(known.signals[n])) for n, seen in matches.signals.items()]
    rows += [(f"`{n}`", "history", _quoted(seen), "adds needs") for n, seen in matches.history.items()]
    rows += [(n, "count", _quoted([s for _, s in all_]), f"= {max(v for v, _ in all_)}") for n, all_ in matches.counts.items()]
    rows += [(f"`{name}`", "set aside", _quoted(seen), "does not count") for name, seen in matches.aside.items()]
    rows += [(code, "error code", "", known.codes[code].signal) for code in matches.codes if code in known.codes]
    yield from _table(("what", "kind", "the very words", "leads to"), rows)
    yield ""
    yield "3. Evidence of each group (natural logarithms), and its share:"
    yield ""
    top = max(decision.evidence.values())
    total = sum(exp(value - top) for value in decision.evidence.values())
    ranked = sorted(decision.evidence.items(), key=lambda pair: -pair[1])
    yield from _table(("group", "evidence", "share"), [(g, f"{v:.1f}", f"{100 * exp(v - top) / total:.1f} %") for g, v in ranked])
    yield ""
    yield "4. Findings:"
    yield ""
    found = [
        (f"`{f.signal.id}`", f.by, "yes" if f.counts else "no", ", ".join(f"`{n}`" for n in f.signal.needs) or f.signal.team)
        for f in decision.findings
    ]
    found += [
        (f"`{h.history.id}`", h.fact or "phrase", "yes", ", ".join(f"`{n}`" for n in h.history.needs)) for h in decision.history
    ]
    yield from _table(("finding", "by", "counts", "needs"), found)
    yield ""
    yield "5. Who can do all of it:"
    yield ""
    verdicts = [
        (known.destination(v.destination).short, v.can, ", ".join(f"`{n}`" for n in v.missing) or "nothing")
        for v in decision.verdicts
    ]
    yield from _table(("who", "can", "missing"), verdicts)
    yield ""
    if decision.destination is None or decision.start is None:
        yield f"6. The answer: **unclear**, confidence {decision.confidence}."
    else:
        answer, start = known.destination(decision.destination), known.destination(decision.start)
        door = "" if start is answer else f", to be reached through **{start.name}**"
        yield f"6. The answer: **{answer.name}**{door}; confidence {decision.confidence}."


def _settings(_argument: str, _old: list[str]) -> Lines:
    """The numbers that belong to the weights."""
    held = docs_screens.router().likeness.settings
    rows = [(f"`{name}`", f"a share of {least:g} or more") for name, least in (("high", held.high), ("medium", held.medium))]
    rows.append(("`low`", "less"))
    rows += [(f"bonus of a `{name}` signal that the weights do not know", f"{value:g}") for name, value in held.bonus.items()]
    yield from _table(("what", "value"), rows)


def _conformance(_argument: str, _old: list[str]) -> Lines:
    """What became of the suites of sound and malformed input."""
    yield from _table(conformance.HEADER, [result.row() for result in conformance.results(docs_screens.router())])


def _limits(_argument: str, _old: list[str]) -> Lines:
    """Every limit, as the code holds it."""
    from catalog_route import (
        compiling,
        evaluating,
        expanding,
        graph,
        grouping,
        loading,
        measuring,
        phrases,
        places,
        reading,
        records,
        streaming,
        text,
        yaml_source,
    )  # fmt: skip
    from catalog_route.reports import json_reports, json_text, pasted, source, workbook, xml_report

    broken = "what stands before is reported, exit 5"
    rows = [
        ("a text", f"{text.MAX_TEXT:,} characters", "exit 5, one line; in a batch one rejected record"),
        ("a text on standard input", f"{reading.MAX_BYTES:,} bytes", "exit 5, one line"),
        ("a line of a batch, a row of a table", f"{streaming.LONGEST:,} bytes", "one rejected record, with its beginning"),
        ("depth of a JSON record", f"{records.DEEPEST} levels", "one rejected record"),
        ("a batch", "no limit: memory stays the same (blank lines ahead of the first record are held)", "–"),
        ("labelled texts for `eval`", f"{evaluating.MAX_BYTES:,} bytes", "exit 5, one line"),
        ("a file of knowledge", f"{places.LARGEST:,} bytes, {yaml_source.MAX_SEPARATORS:,} commas and lines, "
         f"{yaml_source.MAX_DEPTH} levels", "exit 4, told with file and line"),
        ("a folder of knowledge", f"{loading.MOST_BYTES:,} bytes of YAML, {places.MOST_NAMES:,} names", "exit 4, one line"),
        ("a phrase", f"{phrases.MAX_LENGTH} characters, {phrases.MAX_PARTS} parts of {measuring.MAX_GAPS} gaps and "
         f"{measuring.MAX_STATES} states each", "exit 4, told with file and line"),
        ("all phrases", f"{compiling.MAX_PHRASES:,}, {graph.MAX_NODES:,} states", "exit 4, told with file and line"),
        ("a group of the vocabulary", f"{expanding.MAX_GROUP:,} word sequences of {expanding.MAX_WORDS} words, "
         f"{expanding.MAX_ALL:,} in all", "exit 4, told with file and line"),
        ("a report, unpacked", f"{source.MAX_BYTES:,} bytes", broken),
        ("a line of a report", f"{source.MAX_LINE:,} characters", "cut, which is noted"),
        ("an entry of an XML report", f"{xml_report.MAX_ENTRY:,} characters, {xml_report.MAX_DEPTH} levels", broken),
        ("a value in a JSON report", f"{json_text.MAX_VALUE:,} characters", broken),
        ("envelopes around a JSON report", f"{json_reports.MAX_ENVELOPES} levels", broken),
        ("data as Ruby or Python print them", f"{json_text.MAX_LOOSE:,} characters", "exit 5, one line"),
        ("text with codes in it", f"{pasted.MAX_TEXT:,} characters", broken),
        ("a workbook", f"{workbook.MAX_PACKED:,} bytes, {workbook.MAX_UNPACKED:,} unpacked", "exit 5, one line"),
        ("codes of a report kept apart", f"{grouping.MOST_GROUPS:,}", "further ones are counted together, which is said"),
        ("SKUs of a code", f"{grouping.MOST_SKUS:,}, {grouping.MOST_SKUS_IN_ALL:,} in all", "counted; `--all` keeps all"),
    ]  # fmt: skip
    yield from _table(("what", "limit", "beyond it"), rows)


def _quoted(seen: Sequence[Seen]) -> str:
    return ", ".join(dict.fromkeys(f"“{s.text}”" for s in seen))


_MAKERS: dict[str, Callable[[str, list[str]], Lines]] = {
    "facts": _facts, "ladder": _ladder, "abilities": _abilities, "teams": _teams, "beyond": _beyond, "sources": _sources,
    "terms": _terms,
    "counts": _counts, "screens": _screens, "modules": _modules, "sizes": _sizes,
    "dependencies": _dependencies, "commands": _commands,
    "data-format": _data_format, "laying": _laying, "rules": _rules, "schema": _schema, "worked": _worked, "settings": _settings,
    "conformance": _conformance, "limits": _limits,
}  # fmt: skip
