#!/usr/bin/env python3
"""From the first failing answer of a version to its last answer at all: exposure.py REPORT VERSION LIMIT"""
import datetime
import json
import sys


def main():
    path, version, limit = sys.argv[1], sys.argv[2], float(sys.argv[3])
    with open(path, encoding="utf-8") as file:
        seen = json.load(file)["seen"]
    entries = [kinds[version] for kinds in seen.values() if version in kinds]
    parse = lambda text: datetime.datetime.fromisoformat(text[:26].rstrip("Z").ljust(26, "0"))
    first = min(parse(entry["first_error"]) for entry in entries if entry.get("first_error"))
    last = max(parse(entry["last"]) for entry in entries)
    seconds = (last - first).total_seconds()
    print(f"e2e: from the first error of {version} to its last answer: {seconds:.1f} s")
    if seconds > limit:
        print(f"e2e: FAILED: {limit:.0f} s are the most", file=sys.stderr)
        sys.exit(1)


main()
