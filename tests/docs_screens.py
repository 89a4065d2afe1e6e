"""Pictures of the terminal view, made by the program itself: ten sellers' problems from text to case text, 80 columns wide.

The texts are real ones of `evaluation/sellers.jsonl`. The same screens, and some that pictures would add nothing to, are kept as
text at 60, 80 and 120 columns in `screens/`, so that a change of the view can be read as a difference.
"""

from __future__ import annotations

import json
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from catalog_route import Advice, Router, Told, load_knowledge
from catalog_route.rendering import advice_view
from catalog_route.terminal import WIDEST

HERE = Path(__file__).parent
WIDTHS = (60, 80, 120)

# File name → heading, id of the text, what is told beside the text.
SCREENS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "barcode-on-another-page": ("A file is rejected: the barcode belongs to another page", "a084", {}),
    "one-number-three-pages": ("One number, three pages", "a103", {}),
    "reopened-four-times": ("A case that was re-opened four times", "d127", {}),
    "stuck-with-technicians": ("A ticket that technicians hold", "d167", {}),
    "vendor-pictures": ("Pictures of a vendor on top", "d160", {}),
    "brand-enrolment": ("The enrolment of a brand is refused", "c069", {}),
    "missing-boxes": ("Boxes lost on the way to Amazon", "d067", {}),
    "ad-payment": ("A campaign that cannot be paid for", "c102", {}),
    "policy-notice": ("A policy notice for a used book", "a116", {}),
    "pictures-by-country": ("A question how to do it", "d024", {}),
}
# Further views, kept as text only: name → text, what is told beside it, and what is asked for.
VIEWS: dict[str, tuple[str, dict[str, Any], dict[str, bool]]] = {
    "feed-issue": ("feed issue", {}, {}),
    "everything": ("8115 item condition New invalid", {}, {"why": True}),
    "unclear": ("help", {}, {}),
    "hardly-sure": ("my title", {}, {}),
    "conflict": (
        "case reopened 4 times, we are a vendor, UPC 036000291453 sits in the wrong category",
        {"reopened": 1, "account": "seller", "tried": ("captive",)}, {},
    ),
    "final-no": ("they closed it with no further action, Amazon retail still holds our title", {}, {"draft": True}),
    "desk-in-play": ("the detail page shows the wrong title, and 3 units are stranded in FBA", {}, {}),
}  # fmt: skip

# After Rich's own picture of a terminal, without fonts from elsewhere.
_FORM = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
  <style>
    .{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
      font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
    .{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: arial, sans-serif; }}
    {styles}
  </style>
  <defs>
    <clipPath id="{unique_id}-clip-terminal">
      <rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
    </clipPath>
    {lines}
  </defs>
  {chrome}
  <g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
    {backgrounds}
    <g class="{unique_id}-matrix">
    {matrix}
    </g>
  </g>
</svg>
"""


@cache
def router() -> Router:
    """One router over the shipped knowledge for all pictures and tables."""
    return Router(load_knowledge())


@cache
def sellers() -> dict[str, str]:
    """Id → text of the labelled sellers' texts."""
    lines = (HERE / "evaluation" / "sellers.jsonl").read_text(encoding="utf-8").splitlines()
    return {item["id"]: item["text"] for item in map(json.loads, lines)}


def answer(name: str) -> tuple[Advice, bool]:
    """The advice that a screen shows, and whether it shows everything."""
    if name in SCREENS:
        _, ident, told = SCREENS[name]
        return router().route(sellers()[ident], Told(**told), draft=True), False
    text, told, asked = VIEWS[name]
    return router().route(text, Told(**told), draft=asked.get("draft", False)), asked.get("why", False)


def picture(name: str) -> str:
    """The screen of that name as SVG."""
    drawn, console = _console(80, record=True), _console(80, record=True)
    drawn.print(advice_view(answer(name)[0]), crop=False)
    assert isinstance(drawn.file, StringIO)
    console.print(Text.from_ansi(drawn.file.getvalue()))  # wraps the case, which the view leaves to the terminal
    made = console.export_svg(title=SCREENS[name][0], unique_id=name, code_format=_FORM)
    return "\n".join(line.rstrip() for line in made.splitlines() if line.strip()) + "\n"


def kept(name: str) -> str:
    """The screen of that name as text, at every width."""
    return "\n".join(f"=== {width} columns\n{shown(name, width)}" for width in WIDTHS)


def shown(name: str, width: int) -> str:
    """The screen of that name as a terminal of that width shows it, without colour."""
    console = _console(min(width, WIDEST))
    advice, why = answer(name)
    console.print(advice_view(advice, why=why), crop=False)
    assert isinstance(console.file, StringIO)
    return "".join(f"{line.rstrip()}\n" for line in console.file.getvalue().splitlines())


def _console(width: int, *, record: bool = False) -> Console:
    return Console(
        record=record, width=width, file=StringIO(), markup=False, emoji=False, highlight=False, force_terminal=record,
        color_system="truecolor" if record else None, legacy_windows=False, _environ={},
    )  # fmt: skip
