#!/usr/bin/env python3
"""Whether a world ended as it should, and when: one line into FOLDER/NAME.verdict.

  verdicts.py FOLDER NAME MOVE BEGUN VERDICT RULES WITHIN
      MOVE: how the Service records the move, JSON; BEGUN: when the fault began, in Unix seconds; RULES: "a b", one of them
"""
import datetime
import json
import sys

from load import time_of

SAYS_WHY = {"rolled-back": "fail", "caution": "warn", "proceed": "fail"}  # the outcome of the findings that do


def main():
    folder, name, move, begun, expected, rules, within = sys.argv[1:]
    with open(f"{folder}/{name}/.baton/watch.json", encoding="utf-8") as file:
        record = json.load(file)["predicate"]
    verdict = record["verdict"]
    found = [finding for finding in record["findings"] if finding["outcome"] == SAYS_WHY.get(verdict)]
    ended = time_of(json.loads(move)["undone_at"] if verdict == "rolled-back" else record["finished_at"])
    after = (ended - datetime.datetime.fromtimestamp(float(begun), datetime.timezone.utc)).total_seconds()

    why = {finding["id"] for finding in found}
    is_why = bool(why & set(rules.split())) if rules else not why
    is_good = verdict == expected and is_why and 0 <= after <= float(within)
    said = ", ".join(f"{finding['id']} ({finding['message']})" for finding in found) or "nothing"
    line = (f"e2e: {name}: {'as expected' if is_good else 'NOT AS EXPECTED'}: {verdict} {after:.0f} s after the fault began "
            f"by {said}; expected: {expected} within {within} s by {' or '.join(rules.split()) or 'nothing'}")
    print(line)
    with open(f"{folder}/{name}.verdict", "w", encoding="utf-8") as file:
        file.write(line + "\n")
    sys.exit(not is_good)


main()
