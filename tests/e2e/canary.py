#!/usr/bin/env python3
"""Asserts what a canary has to show, and prints it.

  canary.py share REPORT NAMESPACE VERSION PERCENT POINTS   the version had that share of the answers, within so many points
  canary.py held FOLDER                                     prints what the canary's stages were compared with
  canary.py users FOLDER NAMESPACE                          no request failed, and how long the last one taken back was heard
"""
import collections
import json
import sys

from load import Load, require, say, time_of

AT_LEAST = 2_000  # requests
# By pods each new connection is a draw, and the few kept ones are few draws; a gateway shares by request.
OF = {"pods": "fresh", "route": "all"}


def share(path, name, version, percent, points):
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    answers = {kind: collections.Counter({key: entry["answers"] for key, entry in met.items()}) for kind, met in report["seen"].items()}
    answers["all"] = sum(answers.values(), collections.Counter())
    reached = {kind: 100 * counted[version] / counted.total() for kind, counted in answers.items()}
    say(f"{name}: {answers['all'][version]} of {answers['all'].total()} answers were {version}'s, {percent} % asked: "
        + ", ".join(f"{value:.2f} % of {kind}" for kind, value in reached.items()))
    require(answers["all"].total() >= AT_LEAST, f"{name}: too few answers")
    require(not report["failed"], f"{name}: {report['failed']} requests failed: {report['reasons']}")
    require(abs(reached[OF[name]] - float(percent)) <= float(points), f"{name}: not within {points} points")


def users(folder, name):
    for part in ("begun", "ended"):
        load = Load(folder, f"{name}-{part}")
        load.require_no_failure()
        load.require_no_error(*load.versions)
    with open(f"{folder}/{name}-move.json", encoding="utf-8") as file:
        move = json.load(file)
    late = (load.last(move["version"]) - time_of(move["undone_at"])).total_seconds()
    say(f"{name}: the last answer of {move['version']} came {late:.2f} s after it was decided to take it back")


def held(folder):
    with open(f"{folder}/switch.json", encoding="utf-8") as file:
        found = json.load(file)["predicate"]["findings"]
    print(*(finding["message"] for finding in found if finding["id"] == "canary-held"), sep="\n")


{"share": share, "users": users, "held": held}[sys.argv[1]](*sys.argv[2:])
