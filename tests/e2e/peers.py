#!/usr/bin/env python3
"""What users met of each way to release, as rows of a table: peers.py FOLDER"""
import sys

from load import Load, require, say, time_of

AT_LEAST = 100_000  # requests of the load that goes there and back


def stamp(folder, name, which):
    with open(f"{folder}/{name}.{which}", encoding="utf-8") as file:
        return time_of(file.read().strip())


def failed(load):
    return load.prober["failed"] + sum(hey.failed for hey in load.hey.values())


def there_and_back(folder, name):
    load = Load(folder, name)
    there = (load.first("v1.6.0") - stamp(folder, f"{name}-there", "begun")).total_seconds()
    fresh = load.met("v1.6.0")["fresh"]
    back = (time_of(fresh["last"]) - stamp(folder, f"{name}-back", "begun")).total_seconds()
    kept = (load.last("v1.6.0") - stamp(folder, f"{name}-back", "begun")).total_seconds()
    say(f"| {name} | {load.requests:,} | {failed(load)} | {there:.1f} s | {back:.2f} s | {kept:.1f} s |")
    return load


def bad(folder, name):
    load = Load(folder, name)
    stayed = (load.last("v1.7.0") - load.first("v1.7.0")).total_seconds()
    errors = load.errors("v1.7.0") + sum(count for hey in load.hey.values() for status, count in hey.statuses.items() if status >= 500)
    say(f"| {name} | {load.requests:,} | {failed(load)} | {stayed:.1f} s | {errors} |")
    return stayed, errors


def main():
    folder = sys.argv[1]
    control = Load(folder, "control")
    say(f"control: {failed(control)} failed of {control.requests:,}")
    say("| way | requests | failed | first answer of the new version | last on a fresh connection after the word to go back | on a kept one |")
    loads = {name: there_and_back(folder, name) for name in ("baton", "hand", "argo")}
    say("| way | requests | failed | users on the bad release | answers that were errors |")
    stayed = {name: bad(folder, name) for name in ("baton-bad", "argo-bad")}
    require(not failed(loads["baton"]), "connections failed")
    require(loads["baton"].requests >= AT_LEAST, f"{loads['baton'].requests} requests, {AT_LEAST} are the least")
    require(stayed["baton-bad"] < stayed["argo-bad"], "the peer was faster")


main()
