#!/usr/bin/env python3
"""Whether a world ended as it should, and when: one line into FOLDER/NAME.verdict.

  verdicts.py FOLDER NAME MOVE BEGUN VERDICT RULES WITHIN
      MOVE: how the Service records the move, JSON; BEGUN: when the fault began, in Unix seconds; RULES: "a b", of which
      one says why, or none does; WITHIN: seconds at most
"""
import json
import sys

from load import time_of

# The outcome of the findings that say why.
SAYS_WHY = {"rolled-back": "fail", "caution": "warn", "proceed": "fail"}


def acted(record, move):
    """When users were back on the old version, else when a person was warned, else when watch ended."""
    if record["verdict"] == "rolled-back":
        return time_of(move["undone_at"])
    told = [warning["noticed"] for warning in record["state"].get("warnings", [])]
    return time_of(min(told, default=record["finished_at"]))


def main():
    folder, name, move, begun, expected, rules, within = sys.argv[1:]
    with open(f"{folder}/{name}/.baton/watch.json", encoding="utf-8") as file:
        record = json.load(file)["predicate"]
    verdict = record["verdict"]
    found = [finding for finding in record["findings"] if finding["outcome"] == SAYS_WHY.get(verdict)]
    after = acted(record, json.loads(move)).timestamp() - float(begun)

    why = {finding["id"] for finding in found}
    is_why = bool(why & set(rules.split())) if rules else not why
    is_good = verdict == expected and is_why and 0 <= after <= float(within)
    said = ", ".join(f"{finding['id']} ({finding['message']})" for finding in found) or "nothing"
    ended = f"{verdict} {after:.0f} s after the fault began by {said}"
    asked = f"{expected} within {within} s by {' or '.join(rules.split()) or 'nothing'}"
    line = f"e2e: {name}: {'as' if is_good else 'NOT AS'} expected: {ended}; expected: {asked}"
    print(line)
    with open(f"{folder}/{name}.verdict", "w", encoding="utf-8") as file:
        file.write(line + "\n")
    sys.exit(not is_good)


main()
