"""A corrected sheet → labelled texts for `catalog-route eval`.

    python to_labels.py routed.csv > labels.jsonl

The sheet is what `batch` wrote, with one more column, `right`: the group that solved the case in the end. An empty cell
leaves the case out.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from catalog_route.cells import unsafe

TEXT, IDENT, RIGHT = "Issue", "Case", "right"


def labels(path: Path) -> Iterator[dict[str, object]]:
    """One labelled text for each row that says who was right."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row[RIGHT].strip():
                yield {"id": row[IDENT], "text": unsafe(row[TEXT]), "label": row[RIGHT].strip(), "ok": []}


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for label in labels(Path(sys.argv[1])):
        print(json.dumps(label))
