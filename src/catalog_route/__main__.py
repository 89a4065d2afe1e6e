"""Starts the command, as `catalog-route` or as `python -m catalog_route`."""

from __future__ import annotations

import gc

from catalog_route.later import put_off

# Hardly anything that a call makes is garbage; looking for it as often as Python does by itself takes a tenth of the time.
COLLECT_AFTER = 200_000
# What the parser imports, directly or by others, and calls only to install completion, to suggest a word or to page a text.
HARDLY_USED = {
    "subprocess": (), "ipaddress": (), "tokenize": (), "textwrap": (),
    "difflib": ("get_close_matches",), "gettext": ("gettext",), "shutil": ("get_terminal_size",),
}  # fmt: skip


def main() -> None:
    """The entry point of the command."""
    gc.set_threshold(COLLECT_AFTER)
    with put_off(HARDLY_USED):
        from catalog_route.cli import main as begin
    try:
        begin()
    finally:
        gc.freeze()  # or all that is there would be looked through twice more while the interpreter ends


if __name__ == "__main__":
    main()
