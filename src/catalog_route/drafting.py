"""The case text to send: a template of the knowledge, filled with what is known; the rest stays a visible placeholder.

Only the template is read for placeholders. What the seller wrote is inserted as it is, never expanded a second time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from catalog_route.advice import DraftEntry
from catalog_route.knowledge import Draft, Placeholder

_NAME = re.compile(r"\{([a-z_]+)\}")


def fill(draft: Draft, placeholders: Mapping[str, Placeholder], known: Mapping[str, str]) -> DraftEntry:
    """`draft` filled with `known` (placeholder id → text); `missing` lists the labels of what the seller must fill."""
    missing: dict[str, None] = {}

    def put(found: re.Match[str]) -> str:
        name = found[1]
        if known.get(name):
            return known[name]
        label = placeholders[name].label if name in placeholders else name
        missing[label] = None
        return f"[{label}]"

    lines = []
    for line in draft.lines:
        optional = line.startswith("? ")
        names = _NAME.findall(line)
        if optional and not any(known.get(name) for name in names):
            continue
        lines.append(_NAME.sub(put, line.removeprefix("? ")))
    subject = " ".join(_NAME.sub(put, draft.subject).split())
    return DraftEntry(subject, "\n".join(lines), draft.attach, tuple(missing))
