#!/usr/bin/env python3
"""Asserts what users were promised, from what a load met.

  users.py control FOLDER NAME VERSION              nothing was released: VERSION answered all, none failed
  users.py switched FOLDER NAME OLD NEW MOVE TIMES  nobody failed, and no fresh connection met OLD after the proof
  users.py returned FOLDER NAME GOOD BAD SINCE LIMIT MOVE TIMES
      nobody failed to connect, only BAD's own answers were errors, no fresh connection met BAD after the proof, and users
      were on BAD for at most LIMIT seconds, counted from its "first" answer or, where its fault came later, "first_error"
  users.py total FOLDER CONTROL NAME…               adds up the releases' loads, beside the control's

MOVE: how the Service records the move; TIMES: the milliseconds that the step measured; both JSON.
"""
import datetime
import json
import sys

from load import Load, require, say, time_of

AT_LEAST = 10_000  # requests


def control(folder, name, version):
    load = Load(folder, name)
    load.require_no_failure()
    load.require_only(version)
    load.require_no_error(version)
    load.require_hey_met(200)


def switched(folder, name, old, new, move, times):
    load = Load(folder, name)
    load.require_no_failure()
    load.require_only(old, new)
    load.require_no_error(old, new)
    load.require_hey_met(200)
    move = json.loads(move)
    after = (load.last(old) - time_of(move["patched_at"])).total_seconds()
    say(f"  milliseconds from the patch of the selector: {times}")
    say(f"  last answer of {old}, on a kept connection: {after:.1f} s after it")
    load.require_none_late(old, time_of(move["proved_at"]))


def returned(folder, name, good, bad, since, limit, move, times):
    load = Load(folder, name)
    load.require_no_failure()
    load.require_only(good, bad)
    load.require_no_error(good)
    load.require_hey_met(200, 500)
    back = time_of(json.loads(move)["undone_at"])
    say(f"  milliseconds from the patch that put the selector back: {times}")
    say(f"  last answer of {bad}, on a kept connection: {(load.last(bad) - back).total_seconds():.1f} s after it")
    load.require_none_late(bad, back + datetime.timedelta(milliseconds=json.loads(times)["proved_ms"]))
    stayed = (load.last(bad) - load.first(bad, since)).total_seconds()
    say(f"  users were on {bad} for {stayed:.1f} s from its {since.replace('_', ' ')} to its last answer; "
        f"{load.errors(bad)} of the prober's requests met its errors")
    require(stayed <= float(limit), f"{limit} s are the most")


def total(folder, without, *names):
    quiet = Load(folder, without).requests
    loads = [Load(folder, name) for name in names]
    for load in loads:
        require(load.prober["failed"] == 0 and all(hey.failed == 0 for hey in load.hey.values()), f"{load.name} failed")
    requests = sum(load.requests for load in loads)
    hey = sum(of_kind.requests for load in loads for of_kind in load.hey.values())
    say(f"0 failed of {requests} requests across switches and rollbacks ({hey} of them hey's); control: 0 failed of {quiet}")
    require(min(quiet, hey) >= AT_LEAST, f"{AT_LEAST} are the least")


{"control": control, "switched": switched, "returned": returned, "total": total}[sys.argv[1]](*sys.argv[2:])
