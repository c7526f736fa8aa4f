"""Plays the workflows that `emit` prints for GitHub: `github.py PROGRAM`, with PROGRAM as it is built.

Each job runs in a folder of its own, with a planted bug in place of code (`branch.py` has the code).
So it shows what a pull request sees: green without a bug, red with one and told which, green again
when it is known; and what happens in two nights.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from workflow import Repository

PROGRAM = os.path.realpath(sys.argv[1])
BUG = "raft-core?bug=vote-duplicate-counted"
COMMIT = "9f3c2ab0a1b2c3d4e5f60718293a4b5c6d7e8f90"


class Emitted(Repository):
    """A repository in which nothing lies but a commit, and perhaps kept runs."""

    def __init__(self, folder):
        super().__init__(folder)
        self.checkout = self.folder / "checkout"
        (self.checkout / ".git").mkdir(parents=True)
        (self.checkout / ".git/HEAD").write_text(COMMIT + "\n")

    def machine(self, name):
        return shutil.copytree(self.checkout, self.folder / name)

    def run(self, engine, flags):
        """Plays what is emitted for two shards."""
        emit = [PROGRAM, "emit", engine, "--shards", "2", "--program", PROGRAM, "--", *flags]
        return self.play(subprocess.run(emit, check=True, capture_output=True, text=True).stdout)


def pull_requests(folder):
    """What a pull request sees: without a bug, with one, and with one that is known."""
    repository = Emitted(folder)
    hunt = ["--runs", "3000", "--minimize", "5s"]
    passed, said = repository.run("github", ["--target", "raft-core", *hunt])
    assert all(passed.values()), said
    assert "no failures" in said and "invariants checked" in said, said
    print("a pull request without a bug: green, and told what was checked")

    hunt += ["--target", BUG, "--only", "ElectedByQuorum"]
    passed, said = repository.run("github", hunt)
    assert passed == {"shard": True, "verdict": False}, said
    error = next(line for line in said.splitlines() if line.startswith("::error "))
    print(f"one with a bug: red, and told which:\n  {error}")
    assert "title=ElectedByQuorum" in error and "timeout n1" in said, said
    verdict = repository.folder / f"{repository.plays}-verdict-1"
    reproduce = error.split("Reproduce: ")[1]
    ended = subprocess.run(["bash", "-c", reproduce], cwd=verdict, capture_output=True, text=True)
    assert ended.returncode == 0 and "as expected" in ended.stdout, ended.stdout + ended.stderr
    print("  that line repeats it, where what was found has been fetched")

    known = repository.checkout / "seeds/known"
    known.mkdir(parents=True)
    for file in verdict.glob("target/raft-sim/shards/*/failures/*.json"):
        shutil.copy(file, known)
    passed, said = repository.run("github", hunt)
    assert all(passed.values()), said
    assert "known" in said and "ElectedByQuorum" in said and "no new failures" in said, said
    print("one with a bug of which seeds/known keeps a run: green, and told so")


def nights(folder):
    """What happens in two nights with the same bug."""
    repository = Emitted(folder)
    hunt = ["--target", BUG, "--only", "ElectedByQuorum", "--runs", "3000", "--minimize", "5s"]
    hunt += ["--keep-going"]
    sizes = []
    for night in (1, 2):
        passed, said = repository.run("github-nightly", hunt)
        assert passed == {"shard": True, "verdict": False}, said
        (issue,) = repository.issues()
        assert issue["title"] == f"raft-sim: ElectedByQuorum ({BUG})", issue
        assert len(issue["bodies"]) == night, "one issue, told anew each night"
        assert "replay - --target" in issue["bodies"][-1], issue
        kept = sorted((repository.folder / "kept").glob("cache-*"))[-1]
        sizes.append(len(list(kept.iterdir())))
    print(f"two nights with a bug: one issue; a corpus of {sizes[0]} runs, then {sizes[1]}")
    assert 0 < sizes[0] < sizes[1], "the corpus grows"


with tempfile.TemporaryDirectory() as temporary:
    pull_requests(Path(temporary) / "pull-requests")
    nights(Path(temporary) / "nights")
