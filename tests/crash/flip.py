#!/usr/bin/env python3
"""Flips bytes in handoffs and asks the next step: it must end with 7 and a reason, and touch nothing.

  flip.py BUILD FOLDER [--seed N] [--bytes 200]

Takes two releases through the steps in a playground, one unsigned and one signed. Before each step runs, its predecessor's
file is flipped: with --handoff-sha256, with a trust key, and with neither in every field that the read order compares.
Then the finished folders are flipped under `finalize verify`. --bytes is how many bytes of a file are tried, 0 means all.
"""
import argparse
import concurrent.futures
import hashlib
import itertools
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import time

from playground import DEMO, Playground

STEPS = ("precheck", "migrate", "switch", "watch", "finalize")
MASKS = (0x01, 0x20, 0x80)  # a neighbour, the other case, no ASCII any more

# What the read order compares, by reader. Its own file of a step names no step before precheck.
COMMON = ("_type", "predicateType", "predicate/schema", "predicate/step", "predicate/release/app", "predicate/release/version",
          "predicate/release/environment", "predicate/verdict")
CHAINED = ("predicate/release/id", "predicate/previous/step", "predicate/previous/sha256")
CLUSTER = ("subject/0/digest/sha256", "predicate/targets/0/cluster_uid", "predicate/targets/0/namespace")
COMPARED = {
    "migrate": COMMON,
    "switch": COMMON + CHAINED,
    "watch": COMMON + CHAINED + CLUSTER[1:],
    "finalize": COMMON + CHAINED + CLUSTER[1:2],
}


def span_of(text, path):
    """Where the value of `path` stands in the text: its keys are written in order."""
    at = 0
    for key in path.split("/"):
        if not key.isdigit():
            at = text.index(f'"{key}":', at) + len(key) + 3
    while text[at] in " \n[{":
        at += 1
    value, end = json.JSONDecoder().raw_decode(text, at)
    assert isinstance(value, str) and value, f"{path} is {value!r}"
    return range(at + 1, at + 2 if path.endswith("schema") else end - 1)  # a newer minor version may be read


class Flipper:
    def __init__(self, world, arguments):
        self.world = world
        self.limit = arguments.bytes
        self.random = random.Random(arguments.seed)
        self.pool = concurrent.futures.ThreadPoolExecutor(2)
        self.numbers = itertools.count()
        self.good = True

    def flips(self, size, spans=None):
        if spans is not None:
            return [(position, mask) for span in spans for position in span for mask in MASKS]
        positions = range(size) if self.limit in (0, None) or size <= self.limit else sorted(self.random.sample(range(size), self.limit))
        return [(position, self.random.choice(MASKS)) for position in positions]

    def refuse_all(self, label, folder, name, flips, command):
        """`command` makes the argv for a folder; every flip of folder/name must be refused."""
        original = (folder / name).read_bytes()

        def one(flip):
            position, mask = flip
            copy = self.world.folder / f"flipped-{next(self.numbers)}"
            shutil.copytree(folder, copy)
            changed = bytearray(original)
            changed[position] ^= mask
            (copy / name).write_bytes(changed)
            before = self.contents(copy)
            complaint = self.complaint(command(copy), lambda: self.contents(copy) == before)
            shutil.rmtree(copy)
            return complaint and f"byte {position} ^ {mask:#x} ({bytes(original[max(0, position - 25):position + 5])!r}): {complaint}"

        complaints = [complaint for complaint in self.pool.map(one, flips) if complaint]
        print(f"flip: {label}: {len(flips)} of {len(original)} bytes flipped, {len(flips) - len(complaints)} refused with 7", flush=True)
        self.tell(complaints)

    def contents(self, folder):
        return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".lock")}

    def complaint(self, argv, is_untouched, reason="error: "):
        done = subprocess.run(argv, cwd=self.world.folder, env=self.world.env, capture_output=True, text=True, errors="replace",
                              stdin=subprocess.DEVNULL)
        if done.returncode != 7:
            return f"exit {done.returncode}: {(done.stderr or done.stdout).strip()[:300]}"
        if not re.search("no: " if "verify" in argv else reason, done.stderr + done.stdout):
            return f"no reason: {done.stderr.strip()[:300]}"
        return "" if is_untouched() else "the folder was changed"

    def refuse(self, label, argv):
        # By now another release is live, which is a reason too, but not the one in question.
        complaint = self.complaint(argv, lambda: True, "out of order|is for another|chain is broken|no key that is trusted|other bytes|'s handoff")
        print(f"flip: {label}: {'refused with 7' if not complaint else 'FAILED'}", flush=True)
        self.tell([complaint] if complaint else [])

    def tell(self, complaints):
        self.good = self.good and not complaints
        for complaint in complaints[:5]:
            print(f"flip:   {complaint}", flush=True)


class Chain:
    """One release's way; before each step its predecessor's files are tampered with."""

    def __init__(self, flipper, release, options=()):
        self.flipper, self.world, self.release, self.options = flipper, flipper.world, release, list(options)
        self.is_signed = bool(options)
        self.folder = self.world.folder / ".baton"
        self.world.set_release(release)
        self.name = "signed" if self.is_signed else "unsigned"

    def command(self, step, *more, release=None):
        return lambda folder: self.world.command(step, release or self.release, *self.options, *more, "--dir", str(folder))

    def run(self, step):
        with open(self.world.folder / f"{self.release}-{step}.log", "wb") as log:
            code = self.world.begin(step, self.release, *self.options, log=log).wait()
        if code != 0:
            raise RuntimeError(f"{self.release}: {step} ended with {code}, see {log.name}")

    def take(self, kept):
        """All steps; `kept` gets the folder as it was before each."""
        for before, step in zip((None,) + STEPS, STEPS):
            if before:
                kept[step] = self.world.folder / f"{self.release}-before-{step}"
                shutil.copytree(self.folder, kept[step])
                self.tamper(before, step, kept[step])
            self.run(step)  # what was not tampered with goes on: the refusals above had no other cause

    def tamper(self, before, step, folder):
        flipper, name = self.flipper, f"{before}.json"
        data = (folder / name).read_bytes()
        every = flipper.flips(len(data))
        if self.is_signed:
            flipper.refuse_all(f"{name} read by {step}, trust key", folder, name, every, self.command(step))
            bundle = f"{before}.sigstore.json"
            payload = flipper.flips((folder / bundle).stat().st_size, [span_of((folder / bundle).read_text(), "dsseEnvelope/payload")])
            flipper.refuse_all(f"{bundle} read by {step}, its payload", folder, bundle, flipper.random.sample(payload, 100), self.command(step))
            return
        digest = hashlib.sha256(data).hexdigest()
        flipper.refuse_all(f"{name} read by {step}, --handoff-sha256", folder, name, every, self.command(step, "--handoff-sha256", digest))
        spans = [span_of(data.decode(), path) for path in COMPARED[step]]
        flipper.refuse_all(f"{name} read by {step}, neither, compared fields", folder, name, flipper.flips(0, spans), self.command(step))
        for earlier in STEPS[:STEPS.index(before)]:
            size = (folder / f"{earlier}.json").stat().st_size
            flipper.refuse_all(f"{earlier}.json in the chain of {step}, neither", folder, f"{earlier}.json", flipper.flips(size), self.command(step))

    def verify_flipped(self):
        folder = self.world.folder / f"{self.release}-finished"
        shutil.copytree(self.folder, folder)
        verify = lambda copy: [str(self.world.build / "baton-finalize"), "verify", str(copy), *self.options]
        done = subprocess.run(verify(folder), cwd=self.world.folder, env=self.world.env, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"verify says of the untouched folder: {done.stdout}{done.stderr}")
        files = [f"{step}.json" for step in STEPS if self.is_signed or step != "finalize"]
        artifacts = {artifact["name"] for step in STEPS
                     for artifact in json.loads((folder / f"{step}.json").read_text())["predicate"]["artifacts"]}
        for name in files + sorted(artifacts):
            self.flipper.refuse_all(f"{name} under finalize verify, {self.name}", folder, name,
                                    self.flipper.flips((folder / name).stat().st_size), verify)


def mix_up(flipper, first, first_kept, second, second_kept):
    """Files that are whole but belong elsewhere: `first` is unsigned, `second` signed."""
    def folder_of(kept, step, **put):
        folder = flipper.world.folder / f"mixed-{next(flipper.numbers)}"
        shutil.copytree(kept[step], folder)
        for name, source in put.items():
            for ending in (".json", ".sigstore.json"):
                if (source.parent / (source.name + ending)).exists():
                    shutil.copyfile(source.parent / (source.name + ending), folder / (name + ending))
        return folder

    for before, step in zip(STEPS, STEPS[1:]):
        for other in STEPS[:4]:
            for chain, kept in ((first, first_kept), (second, second_kept)):
                source = kept["finalize"] / other
                if other != before:
                    folder = folder_of(kept, step, **{before: source})
                    # finalize takes whichever step ran last; a file under another step's name is still none.
                    flipper.refuse(f"{other}'s file as {before}.json for {step}, {chain.name}", chain.command(step)(folder))
        folder = folder_of(first_kept, step)
        flipper.refuse(f"{before}.json of another release for {step}", first.command(step, release=second.release)(folder))
        flipper.refuse(f"{before}.json of another environment for {step}", first.command(step, "--set", "environment=staging")(folder))
        flipper.refuse(f"{before}.json of another app for {step}", first.command(step, "--set", "app=other", "--set", "kubernetes.service=myapp")(folder))
        folder = folder_of(second_kept, step, **{before: first_kept["finalize"] / before})
        flipper.refuse(f"{before}.json of another release among this one's for {step}", second.command(step)(folder))


def make_keys(folder):
    private, public = folder / "signing.pem", folder / "trusted.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", private], check=True)
    subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True)
    return ["--set", f"signing.key={private}", "--set", f"signing.trust=[{public}]"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--bytes", type=int, default=200)
    arguments = parser.parse_args()
    print(f"flip: seed {arguments.seed}", flush=True)
    begun = time.monotonic()
    with Playground(arguments.build, arguments.folder) as world:
        shutil.copytree(DEMO / "db", world.folder / "db", dirs_exist_ok=True)
        time.sleep(15)  # until there is a baseline
        flipper = Flipper(world, arguments)
        unsigned, signed, unsigned_kept, signed_kept = Chain(flipper, "v2.10.0"), None, {}, {}
        unsigned.take(unsigned_kept)
        unsigned.verify_flipped()
        signed = Chain(flipper, "v2.11.0", make_keys(world.folder))
        signed.take(signed_kept)
        signed.verify_flipped()
        mix_up(flipper, unsigned, unsigned_kept, signed, signed_kept)
    print(f"flip: {'every one was refused' if flipper.good else 'FAILED'} ({time.monotonic() - begun:.0f} s)")
    return 0 if flipper.good else 1


if __name__ == "__main__":
    sys.exit(main())
