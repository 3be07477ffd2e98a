#!/usr/bin/env python3
"""Reads a prober's report and asserts what users were promised.

  assert.py good REPORT OLD NEW PROVED   nobody failed, and no fresh connection met OLD after PROVED (RFC 3339)
  assert.py bad REPORT BAD LIMIT         nobody failed to connect; BAD was met for at most LIMIT seconds
  assert.py control REPORT               the same load without a switch
"""
import datetime
import json
import sys


def time_of(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")[:26].rstrip("+").ljust(26, "0") + "+00:00") if "." in text else \
        datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def complain(text):
    print("e2e: FAILED: " + text, file=sys.stderr)
    sys.exit(1)


def nobody_failed(report, what):
    print(f"e2e: {what}: {report['failed']} failed of {report['requests']} requests")
    if report["failed"]:
        complain(f"{what}: " + "; ".join(report["reasons"]))


def errors_of(report, version):
    return sum(kinds.get(version, {}).get("errors", 0) for kinds in report["seen"].values())


def good(path, old, new, proved):
    report = load(path)
    nobody_failed(report, f"switch to {new}")
    for version in (old, new):
        if errors_of(report, version):
            complain(f"{errors_of(report, version)} answers of 500 and over from {version}")
    fresh = report["seen"]["fresh"]
    if new not in fresh:
        complain(f"no fresh connection ever met {new}")
    late = (time_of(fresh[old]["last"]) - time_of(proved)).total_seconds() if old in fresh else 0
    print(f"e2e: last fresh connection to {old}: {late * 1000:.0f} ms after the switch was called proved")
    if late > 0:
        complain(f"a fresh connection met {old} after the switch was called proved")


def bad(path, version, limit):
    report = load(path)
    nobody_failed(report, f"rollback of {version}")
    met = [kinds[version] for kinds in report["seen"].values() if version in kinds]
    if not met:
        complain(f"no user ever met {version}: nothing was proved")
    first = min(time_of(entry["first"]) for entry in met)
    last = max(time_of(entry["last"]) for entry in met)
    seconds = (last - first).total_seconds()
    print(f"e2e: users were on {version} for {seconds:.1f} s, {errors_of(report, version)} of their requests failed by its own fault")
    if limit and seconds > float(limit):
        complain(f"users were on {version} for {seconds:.1f} s; {limit} s are the most")
    others = {name for kinds in report["seen"].values() for name in kinds if name != version}
    for other in others:
        if errors_of(report, other):
            complain(f"{errors_of(report, other)} answers of 500 and over from {other}")


def control(path):
    nobody_failed(load(path), "control without a switch")


{"good": good, "bad": bad, "control": control}[sys.argv[1]](*sys.argv[2:])
