#!/usr/bin/env python3
"""Turns a page's commands into a script that a test runs.

  commands.py PAGE            the blocks marked sh, in their order, as one bash script
  commands.py PAGE A [B]      those from heading A on, up to heading B; an empty A is the page's begin
  commands.py --left PAGE…    the blocks marked sh that nobody runs, with their reasons

A block marked `sh` is run. One behind a line `<!-- not run: REASON -->` is not, and one that is output is marked `text` or
`console`. A command that ends otherwise than with 0 says so behind it: `baton-switch …   # exit 4: rolled back`.
"""
import re
import sys

FENCE = re.compile(r"^```(\w*)")
NOT_RUN = re.compile(r"^<!-- not run: (.+) -->$")
EXIT = re.compile(r"^(.*\S)\s+# exit (\d+)\b.*$")


def blocks(path):
    """(number of its first line, what it is marked with, its lines, why it is not run) of each fenced block."""
    reason, kind, lines, first = None, None, [], 0
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file.read().splitlines(), 1):
            fence = FENCE.match(line)
            if kind is not None and fence:
                yield first, kind, lines, reason
                kind, lines, reason = None, [], None
            elif kind is not None:
                lines.append(line)
            elif fence:
                kind, first = fence.group(1), number + 1
            elif line:
                told = NOT_RUN.match(line)
                reason = told.group(1) if told else None
    if kind is not None:
        raise SystemExit(f"{path}:{first}: a block that does not end")


def expecting(line):
    """A command whose exit code is told behind it, as one that ends well with that code only."""
    told = EXIT.match(line)
    if not told:
        return line
    command, code = told.groups()
    return f"code=0; {command} || code=$?; [ $code = {code} ] || {{ echo \"exit {code} expected, not $code\" >&2; exit 1; }}"


def line_of(path, heading):
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if re.match(rf"#+ {re.escape(heading)}$", line.rstrip()):
                return number
    raise SystemExit(f"{path}: there is no heading '{heading}'")


def script(path, begin="", end=""):
    yield "set -euo pipefail"
    after = line_of(path, begin) if begin else 0
    before = line_of(path, end) if end else float("inf")
    for first, kind, lines, reason in blocks(path):
        if kind != "sh" or reason or not after < first < before:
            continue
        yield f"echo '--- {path}:{first}' >&2"
        yield from (expecting(line) for line in lines)


def left(path):
    for first, kind, _, reason in blocks(path):
        if kind == "sh" and reason:
            yield f"{path}:{first}: not run: {reason}"


def main():
    if sys.argv[1] == "--left":
        lines = (line for path in sys.argv[2:] for line in left(path))
    else:
        lines = script(*sys.argv[1:])
    for line in lines:
        print(line)


if __name__ == "__main__":
    main()
