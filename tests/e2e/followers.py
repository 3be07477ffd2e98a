#!/usr/bin/env python3
"""What `kubectl get hpa --watch -o json` told: for how long the autoscaler did not scale, and why. Two that size the same
pods, or one that sizes nobody, may never have been.

  followers.py FILE
"""
import collections
import itertools
import json
import sys

from load import require, say, time_of

NEVER = {"AmbiguousSelector", "ScalingDisabled"}


def states(path):
    """(time of transition, target, status, reason) of ScalingActive, as often as it was told."""
    decoder, at = json.JSONDecoder(), 0
    with open(path, encoding="utf-8") as file:
        text = file.read()
    while at < len(text.rstrip()):
        autoscaler, at = decoder.raw_decode(text, at)
        while at < len(text) and text[at].isspace():
            at += 1
        for condition in autoscaler.get("status", {}).get("conditions", []):
            if condition["type"] == "ScalingActive":
                yield time_of(condition["lastTransitionTime"]), autoscaler["spec"]["scaleTargetRef"]["name"], condition["status"], condition["reason"]


told = list(states(sys.argv[1]))
targets = [target for target, _ in itertools.groupby(told, key=lambda state: state[1])]
changes = sorted({(at, status, reason) for at, _, status, reason in told})
idle = collections.Counter()
for (begun, status, reason), (ended, *_) in zip(changes, changes[1:]):
    if status != "True":
        idle[reason] += (ended - begun).total_seconds()
say(f"the autoscaler sized {', then '.join(targets)}; without figures for {dict(idle) or 'no second'}")
never = {reason for *_, reason in changes} & NEVER
require(told, "nobody watched the autoscaler")
require(not never, f"the autoscaler was {never}")
