#!/usr/bin/env python3
"""Asserts what one world of adoption.sh has to show, and prints all of them.

  adoption.py moved NAME MOVE DISTURBED PODS   the disturbance was over, and so many pods of the next colour ready, before
                                               the traffic moved; the colour's pods come on stdin, as JSON
  adoption.py next NAME MOVE EXIT-CODE         the next release adopts only where the one before ended with another than 0
  adoption.py users FOLDER NAME CODES SECONDS  no request failed; a row for the table
  adoption.py table FOLDER NAME…               the rows

MOVE: how the Service records the move, JSON; DISTURBED: when the disturbance was over, in Unix seconds.
"""
import json
import os
import re
import sys

from load import Hey, require, say, time_of

AT_LEAST = 1_000  # requests
COLUMNS = "{:<9}{:>9}{:>8}{:>10}  {:<12}{:>8}"


def moved(name, move, disturbed, count):
    move = json.loads(move)
    require(move["adopted"], f"{name}: nothing was adopted")
    patched = time_of(move["patched_at"]).timestamp()
    require(float(disturbed) < patched, f"{name}: the disturbance came too late")
    ready = [condition["lastTransitionTime"] for pod in json.load(sys.stdin)["items"]
             for condition in pod["status"]["conditions"] if condition["type"] == "Ready" and condition["status"] == "True"]
    before = sum(time_of(at).timestamp() <= patched for at in ready)
    say(f"{name}: {before} pods of the next colour were ready when the traffic moved, "
        f"{patched - float(disturbed):.1f} s after the disturbance was over")
    require(before == int(count), f"{name}: {count} expected")


def following(name, move, code):
    require(json.loads(move)["adopted"] == (code != "0"), f"{name}: the next release adopts, or does not: {move}")


def users(folder, name, codes, seconds):
    path = f"{folder}/{name}-load.log"
    hey = Hey(path)
    with open(path, encoding="utf-8") as file:
        slowest = float(re.search(r"Slowest:\s+([\d.]+) secs", file.read()).group(1))
    failed = hey.requests - hey.statuses.get(200, 0)
    say(f"{name}: {failed} failed of {hey.requests} requests, the slowest took {slowest:.2f} s")
    with open(f"{folder}/{name}.row", "w", encoding="utf-8") as file:
        json.dump([name, hey.requests, failed, f"{slowest:.2f} s", codes, seconds], file)
    require(not failed, f"{name}: {hey.statuses}; " + "; ".join(f"{count} times {text}" for count, text in hey.reasons))
    require(hey.requests >= AT_LEAST, f"{name}: {AT_LEAST} requests are the least")


def table(folder, *names):
    say(COLUMNS.format("world", "requests", "failed", "slowest", "exit codes", "seconds"))
    rows = []
    for name in names:
        if not os.path.exists(f"{folder}/{name}.row"):
            say(f"{name:<9}none, see above")
            continue
        with open(f"{folder}/{name}.row", encoding="utf-8") as file:
            rows.append(json.load(file))
        say(COLUMNS.format(*rows[-1]))
    failed = sum(row[2] for row in rows)
    say(f"{failed} failed of {sum(row[1] for row in rows)} requests")
    sys.exit(failed > 0 or len(rows) < len(names))


{"moved": moved, "next": following, "users": users, "table": table}[sys.argv[1]](*sys.argv[2:])
