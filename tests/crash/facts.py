"""What stands after a step, in words that are equal for every round: roles for colours, deltas for what grows."""
import collections
import json
import re
import sqlite3

PRODUCTION = "/apis/apps/v1/namespaces/production/deployments"
SERVICE = "/api/v1/namespaces/production/services/myapp"
LEASE = "/apis/coordination.k8s.io/v1/namespaces/production/leases/baton-myapp"


def deployments(world):
    return {item["metadata"]["name"]: item for item in world.get(PRODUCTION)["items"]}


def image_of(deployment):
    return deployment["spec"]["template"]["spec"]["containers"][0]["image"]


def live_deployment(world):
    """The one whose pods the Service selects; of several the one that has pods."""
    selector = world.get(SERVICE)["spec"]["selector"]
    found = [(item["status"].get("replicas", 0), name) for name, item in deployments(world).items()
             if selector.items() <= item["spec"]["template"]["metadata"]["labels"].items()]
    return max(found)[1]


class Round:
    """One release's way through the steps, and what stood before it."""

    def __init__(self, world, release):
        self.world = world
        self.release = release
        self.old = live_deployment(world)
        self.old_image = image_of(deployments(world)[self.old])
        self.rows_before = set(self.rows())
        self.sent_before = set(world.sink.messages)
        self.torn_before = set(self.torn())
        self.kept = []  # attempts that may stand beside the last one

    def rows(self):
        with sqlite3.connect(f"file:{self.world.folder}/shop.db?mode=ro", uri=True) as database:
            tables = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
            rows = [f"table {name}: {database.execute(f'select count(*) from {name}').fetchone()[0]}" for name in tables
                    if name != "schema_migrations"]
            if "schema_migrations" in tables:
                rows += [f"migration {version}" for (version,) in database.execute("select version from schema_migrations")]
        return rows

    def schema(self):
        """What was added, without the round's number."""
        added = set(self.rows()) - self.rows_before
        return sorted(re.sub(r"(2026|round_)\d\d", r"\1ROUND", row) for row in added)

    def role_of_image(self, image):
        if image == self.old_image:
            return "old image"
        return "new image" if image.endswith(self.digest()) else "an earlier round's"

    def digest(self):
        subject = self.handoff("precheck")["subject"][0]
        return subject["digest"]["sha256"]

    def handoff(self, step):
        return json.loads((self.world.folder / ".baton" / f"{step}.json").read_text())

    def was_killed(self, step):
        """Between its last word and its end: a step that looks again keeps what that run wrote beside its own file, one
        that finds its work done does not."""
        path = self.world.folder / ".baton" / f"{step}.json"
        predicate = self.handoff(step)["predicate"] if path.exists() else None
        if predicate and predicate["release"]["version"] == self.release and predicate["verdict"] != "again":
            self.kept.append(f"{step}.1.json")

    def named(self, text):
        """Without what differs from round to round."""
        text = text.replace(self.release, "RELEASE").replace(self.handoff("precheck")["predicate"]["release"]["id"], "ID")
        text = re.sub(r"\b\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?Z?)?\b|\b\d{14}\b", "TIME", text)
        return re.sub(r"myapp-(blue|green)", "COLOUR", text)

    def cluster(self):
        service = self.world.get(SERVICE)
        selector = dict(service["spec"]["selector"])
        facts = {}
        for name, item in deployments(self.world).items():
            role = "old" if name == self.old else "new"
            if selector.get("version") == item["spec"]["template"]["metadata"]["labels"].get("version", "-"):
                selector["version"] = f"the {role} one's"
            facts[f"{role} deployment"] = {"replicas": item["spec"]["replicas"], "ready": item["status"].get("readyReplicas", 0),
                                           "image": self.role_of_image(image_of(item))}
        move = service["metadata"].get("annotations", {}).get("baton/move")
        facts["selector"] = selector
        facts["phase"] = json.loads(move)["phase"] if move else None
        return facts

    def lease(self):
        return self.world.get(LEASE)["spec"].get("holderIdentity", "free")

    def files(self):
        own = self.world.folder / ".baton"
        names = [str(path.relative_to(own)) for path in own.rglob("*") if path.is_file()]
        names = [name for name in names if not re.match(r"\d{14}-|\..*\.(lock|tmp)$", name)]
        # A colour's name may have been another's pods in an earlier round: their number counts, not their names.
        names = [re.sub(r"COLOUR-[a-z0-9]+-[a-z0-9]+-", "COLOUR-POD-", self.named(name)) for name in names]
        counts = collections.Counter(names)
        return {name: count for name, count in sorted(counts.items()) if (name, count) not in [(kept, 1) for kept in self.kept]}

    def torn(self):
        """Halves of atomic writes, anywhere."""
        return [str(path.relative_to(self.world.folder)) for path in self.world.folder.rglob(".*.tmp")]

    def left_torn(self):
        return sorted(re.sub(r"[0-9a-f]{8}\.tmp", "tmp", name) for name in set(self.torn()) - self.torn_before)

    def backups(self):
        folder = self.world.folder / ".baton-backup"
        return sorted(self.named(path.name) for path in folder.glob("*") if self.release in path.name)

    def history(self):
        path = self.world.folder / "docs" / "deployment-history.md"
        text = path.read_text() if path.exists() else ""
        entries = [entry for entry in text.split("<!-- baton ") if f"## {self.release} " in entry]
        return [re.sub(r"Duration: .*|Issues: \d.*", "measured", self.named(entry)) for entry in entries]

    def archive(self):
        folders = [path for path in (self.world.folder / "deployments" / "archive").rglob(".baton-id")
                   if path.read_text() == self.handoff("precheck")["predicate"]["release"]["id"]]
        return [len([path for path in folder.parent.glob("*.*") if path.name not in (".baton-id", *self.kept)]) for folder in folders]

    def notifications(self):
        """Messages by event; one that came twice with one key is one to its receiver."""
        new = set(self.world.sink.messages) - self.sent_before
        return dict(sorted(collections.Counter(event for event, _ in new).items()))

    def after(self, step):
        return {"verdict": self.handoff(step)["predicate"]["verdict"], "schema": self.schema(),
                "backups": self.backups(), "files": self.files(), "torn": self.left_torn(), "history": self.history(),
                "archive": self.archive(), "notifications": self.notifications(), **self.cluster()}
