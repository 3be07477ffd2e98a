#!/usr/bin/env python3
"""Kills every step at random moments, runs it again, and compares what stands with a round that nobody killed.

  kill.py BUILD FOLDER [--seed N] [--kills 10] [--only good|soak|watch]

Three playgrounds side by side, each with its kind of release: one that is good, one that its soak rolls back, one that
watch rolls back. A round takes a new release through all steps; a kill hits a step's main process only, as a dying runner
does. Exits with 1 when anything differs.
"""
import argparse
import pathlib
import random
import signal
import sys
import threading
import time

from facts import Round
from playground import Playground

BASELINE = 10  # seconds that the live colour serves before the next release
ROUNDS = 14  # at most: a step may end before its kill

# Per kind: the release's fault from its first request, the fault before watch, and the steps with their codes.
KINDS = {
    "good": ("", None, {"precheck": 0, "migrate": 0, "switch": 0, "watch": 0, "finalize": 0}),
    "soak": ("errors=8%", None, {"precheck": 0, "migrate": 0, "switch": 4, "finalize": 0}),
    "watch": ("", "errors=40%", {"precheck": 0, "migrate": 0, "switch": 0, "watch": 4, "finalize": 0}),
}
lock = threading.Lock()


def say(text):
    with lock:
        print(text, flush=True)


def differences(expected, seen, path=""):
    if isinstance(expected, dict) and isinstance(seen, dict):
        for key in sorted(expected.keys() | seen.keys()):
            yield from differences(expected.get(key), seen.get(key), f"{path}/{key}")
    elif expected != seen:
        yield f"{path}: without a kill {expected!r}, now {seen!r}"


class Campaign:
    """One kind of release in one playground."""

    def __init__(self, kind, arguments):
        self.kind = kind
        self.fault, self.later_fault, self.codes = KINDS[kind]
        self.wanted = arguments.kills
        self.world = Playground(arguments.build, pathlib.Path(arguments.folder) / kind)
        self.random = random.Random(f"{arguments.seed} {kind}")
        # One kill in each tenth of a step's time, in random order.
        self.moments = {step: [(tenth + self.random.random()) / self.wanted for tenth in range(self.wanted)] for step in self.codes}
        for moments in self.moments.values():
            self.random.shuffle(moments)
        self.lasted, self.expected = {}, {}
        self.killed = {step: [] for step in self.codes}
        self.bad = {step: 0 for step in self.codes}
        self.faults = []

    def run(self):
        try:
            with self.world:
                time.sleep(BASELINE + 5)
                self.take_release(10, self.no_kill)  # the very first starts from less than the others
                self.take_release(11, self.reference)
                for number in range(12, 12 + ROUNDS):
                    if any(self.moments.values()):
                        self.take_release(number, self.kill_and_compare)
        except Exception as error:  # a thread's end must be seen
            self.faults.append(f"{type(error).__name__}: {error}")

    def take_release(self, number, act):
        if self.kind != "good":
            time.sleep(BASELINE)
        release = f"v2.{number}.0"
        self.world.set_release(release, self.fault)
        self.add_migrations(number)
        this = Round(self.world, release)
        for step in self.codes:
            if step == "watch" and self.later_fault:
                self.world.set_release(release, self.later_fault)
            act(this, step)

    def add_migrations(self, number):
        for part in range(3):
            name = f"round_{number}{part}"
            text = f"-- migrate:up\ncreate table {name} (id integer);\ninsert into {name} values (1), (2);\n\n-- migrate:down\ndrop table {name};\n"
            (self.world.folder / "db" / "migrations" / f"2026{number}{part}0000000_{name}.sql").write_text(text)

    def log(self, this, step, attempt):
        return open(self.world.folder / f"{this.release}-{step}-{attempt}.log", "wb")

    def no_kill(self, this, step):
        begun = time.monotonic()
        with self.log(this, step, 0) as log:
            code = self.world.begin(step, this.release, log=log).wait()
        if code != self.codes[step]:
            raise RuntimeError(f"{this.release}: {step} without a kill ended with {code}, see {log.name}")
        return time.monotonic() - begun

    def reference(self, this, step):
        self.lasted[step] = self.no_kill(this, step)
        self.expected[step] = {"exit code": self.codes[step], **this.after(step)}

    def kill_and_compare(self, this, step):
        moment = self.moments[step].pop() * self.lasted[step] if self.moments[step] else None
        code = self.killed_at(this, step, moment)
        if code is None:
            with self.log(this, step, 1) as log:
                code = self.world.begin(step, this.release, log=log).wait()
        seen = {"exit code": code, **this.after(step)}
        for difference in differences(self.expected[step], seen):
            self.bad[step] += 1
            say(f"crash: {self.kind}: {step} of {this.release}, killed after {moment or 0:.3f} s: {difference}")
        if seen["verdict"] != self.expected[step]["verdict"]:
            raise RuntimeError(f"{this.release}: {step} ended otherwise, the rest of the rounds means nothing")

    def killed_at(self, this, step, moment):
        """The code of a step that ended by itself; nothing when it was killed."""
        begun = time.monotonic()
        with self.log(this, step, 0) as log:
            process = self.world.begin(step, this.release, log=log)
            if moment is None:
                return process.wait()
            time.sleep(moment)
            process.send_signal(signal.SIGKILL)
            code = process.wait()
        if code == -signal.SIGKILL:
            this.was_killed(step)
            self.killed[step].append(moment)
            return None
        self.lasted[step] = min(self.lasted[step], time.monotonic() - begun)
        self.moments[step].insert(0, self.random.random() * 0.9)
        return code

    def report(self):
        for step, moments in self.killed.items():
            between = f" between {min(moments):.3f} and {max(moments):.3f} s of {self.lasted[step]:.3f} s" if moments else ""
            say(f"crash: {self.kind}: {step}: {len(moments)} kills{between}, "
                f"{'all equal' if not self.bad[step] else str(self.bad[step]) + ' differences'}")
        for fault in self.faults:
            say(f"crash: {self.kind}: {fault}")
        return not self.faults and not any(self.bad.values()) and all(len(m) >= self.wanted for m in self.killed.values())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--only", choices=KINDS)
    arguments = parser.parse_args()
    begun = time.monotonic()
    say(f"crash: seed {arguments.seed}")
    campaigns = [Campaign(kind, arguments) for kind in KINDS if arguments.only in (None, kind)]
    threads = [threading.Thread(target=campaign.run) for campaign in campaigns]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    good = all([campaign.report() for campaign in campaigns])
    say(f"crash: {'everything stands as without a kill' if good else 'FAILED'} ({time.monotonic() - begun:.0f} s)")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
