"""Reads a sheet of sentences, the form in which people write and translate them."""

import re


def read_sheet(text: str) -> dict[str, str]:
    """Ids to sentences. A sentence starts as `id: words` at the margin and goes on in indented lines, joined by a
    space; ` | ` stands between a title and what goes below it, and becomes a line break; lines with `#` and empty
    lines are for the reader.

    Raises ValueError for a line it cannot read and for an id that comes twice.
    """
    found: dict[str, list[str]] = {}
    last: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if line[0].isspace():
            last.append(line.strip())
            continue
        start = re.fullmatch(r"([\w.-]+(?:\[\w+\])?):(?: (.*))?", line)
        if start is None:
            raise ValueError(f"line {number} is neither `id: words` nor indented: {line!r}")
        if start[1] in found:
            raise ValueError(f"line {number}: {start[1]} is there twice")
        last = found.setdefault(start[1], [start[2]] if start[2] else [])
    return {key: " ".join(parts).replace(" | ", "\n") for key, parts in found.items()}
