"""What one load met: the prober's report, which tells versions apart, and hey's two outputs, which count connections."""
import datetime
import json
import re
import sys


def say(text):
    print("e2e: " + text)


def require(truth, complaint):
    if not truth:
        print("e2e: FAILED: " + complaint, file=sys.stderr)
        sys.exit(1)


time_of = datetime.datetime.fromisoformat


class Hey:
    """Answers by status, and connections that failed."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            answers, _, failures = file.read().partition("Error distribution:")
        self.statuses = {int(status): int(count) for status, count in re.findall(r"\[(\d+)\]\t(\d+) responses", answers)}
        self.reasons = re.findall(r"^ *\[(\d+)\]\t(.*)", failures, re.MULTILINE)
        self.failed = sum(int(count) for count, _ in self.reasons)
        self.requests = sum(self.statuses.values()) + self.failed


class Load:
    """In `folder` lie NAME-prober.json, NAME-hey-kept.log and NAME-hey-fresh.log."""

    def __init__(self, folder, name):
        self.name = name
        with open(f"{folder}/{name}-prober.json", encoding="utf-8") as file:
            self.prober = json.load(file)
        self.hey = {kind: Hey(f"{folder}/{name}-hey-{kind}.log") for kind in ("kept", "fresh")}
        self.requests = self.prober["requests"] + sum(hey.requests for hey in self.hey.values())
        self.versions = {version for met in self.prober["seen"].values() for version in met}

    def met(self, version):
        """What each kind of connection met of `version`, where it met it."""
        return {kind: met[version] for kind, met in self.prober["seen"].items() if version in met}

    def errors(self, version):
        return sum(entry["errors"] for entry in self.met(version).values())

    def first(self, version, of="first"):
        """The first answer, or with "first_error" the first one that failed."""
        return min(time_of(entry[of]) for entry in self.met(version).values() if of in entry)

    def last(self, version):
        return max(time_of(entry["last"]) for entry in self.met(version).values())

    def require_no_failure(self):
        counts = {"prober": (self.prober["failed"], self.prober["requests"])}
        counts |= {f"hey, {kind} connections": (hey.failed, hey.requests) for kind, hey in self.hey.items()}
        for who, (failed, requests) in counts.items():
            say(f"{self.name}: {failed} failed of {requests} requests ({who})")
            require(requests, f"{who} asked nothing")
        reasons = self.prober["reasons"] + [text for hey in self.hey.values() for _, text in hey.reasons]
        require(not any(failed for failed, _ in counts.values()), "connections failed: " + "; ".join(reasons))

    def require_only(self, *versions):
        require(self.versions == set(versions), f"answered: {sorted(self.versions)}; should have: {sorted(versions)}")

    def require_no_error(self, *versions):
        for version in versions:
            require(not self.errors(version), f"{self.errors(version)} answers of {version} were errors")

    def require_hey_met(self, *statuses):
        met = {status for hey in self.hey.values() for status in hey.statuses}
        require(met == set(statuses), f"hey was answered with {sorted(met)}")

    def require_none_late(self, version, proved):
        """A request that was on its way when the proof was complete is not late."""
        fresh = self.met(version).get("fresh")
        require(fresh, f"no fresh connection ever met {version}: nothing was proved")
        early = (proved - time_of(fresh["last_begun"])).total_seconds() * 1000
        say(f"  the last fresh connection to {version} was opened {early:.0f} ms before the proof was complete")
        require(early >= 0, f"fresh connections reached {version} after they were said to reach it no more")
