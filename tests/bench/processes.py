"""The programs that a measurement runs, and the servers beside them, each in a process of its own."""
import os
import subprocess
import sys
import tempfile


class Run:
    """A program that has ended: what it said, its CPU seconds and its largest resident size in MB.

    It is the child of a small process: what its parent holds while it begins counts as its own size.
    """

    program = None  # that measures others

    def __init__(self, argv, **settings):
        with tempfile.TemporaryFile() as output, tempfile.TemporaryDirectory() as folder:
            used = f"{folder}/used"
            subprocess.run([Run.program, "measure", used, *argv], stdout=output, check=True, **settings)
            with open(used, encoding="utf-8") as file:
                code, self.cpu, self.megabytes = (float(word) for word in file.read().split())
            if code != 0:
                sys.exit(f"bench: {argv[0]} ended with {code:.0f}")
            output.seek(0)
            self.text = output.read().decode()


class Server:
    """Ours; says first where it is, and for each line that it is sent how it was asked since."""

    def __init__(self, *argv):
        self.child = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url, *self.told = self.child.stdout.readline().split()

    def counts(self):
        self.child.stdin.write("\n")
        self.child.stdin.flush()
        return [int(word) for word in self.child.stdout.readline().split()]

    def stop(self):
        self.child.stdin.close()
        self.child.wait()


class Front(Server):
    """What users would ask while a proof goes on: an address whose every answer says the version that arrived."""

    def __init__(self, program, scheme, folder):
        self.authority = f"{folder}/front.pem"
        super().__init__(program, "front", scheme, folder)


class Store(Server):
    """A metrics store with so many pods."""

    def __init__(self, program, pods):
        super().__init__(program, "store", str(pods))

    def megabytes(self):
        """Answered since it was asked last."""
        return self.counts()[0] / 1e6


class Fleet(Server):
    """A playground whose API server shows each of its pods as many."""

    def __init__(self, program, times):
        super().__init__(program, "fleet", str(times))
        self.folder, self.image = self.told

    def requests(self):
        """That reached the API server since it was asked last."""
        return self.counts()[0]

    def run(self, argv, kubeconfig, version, *settings):
        flags = [f"--set={setting}" for setting in (f"image={self.image}", "app=myapp", *settings)]
        return Run([*argv, "run", "--standalone", "--ci=none", f"--release={version}", *flags], cwd=self.folder,
                   stderr=subprocess.DEVNULL, env={**os.environ, "KUBECONFIG": f"{self.folder}/{kubeconfig}"})
