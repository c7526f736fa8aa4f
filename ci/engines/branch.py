"""Plays ci/fuzz.yml, the job for pull requests, on real branches of this repository: `branch.py`.

What is committed is cloned, and every job of the workflow is played step by step, with nothing changed
but the time that it takes: on the branch as it is, on one in whose Raft a line is wrong, and on that
one when the failure is known. All jobs have one folder, cleaned between them as a new machine would
be, and one folder of builds below target/, which is kept: so the program is built twice, not fifteen
times. Ends with 77 and says why where this is no clone of a repository.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from workflow import Repository

ROOT = Path(__file__).resolve().parents[2]
TIME = "4m", "2s"
FORMS_MAX = 6
RULES = "raft-core/src/rules.rs"
RIGHT = "request.last_log >= voter.log.last()"
WRONG = "request.last_log.index >= voter.log.last().index"


def git(*words, folder=ROOT):
    """What git says."""
    line = ["git", "-c", "user.name=ci", "-c", "user.email=ci@localhost", *words]
    return subprocess.run(line, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


class Clone(Repository):
    """A clone of what is committed here, with one commit checked out, as for a pull request."""

    def __init__(self, folder):
        super().__init__(folder)
        self.checkout = self.folder / "checkout"
        git("clone", "--quiet", "--depth", "1", f"file://{ROOT}", str(self.checkout))
        git("checkout", "--quiet", "--detach", folder=self.checkout)

    def machine(self, name):
        git("clean", "--quiet", "-dfx", folder=self.checkout)
        return self.checkout

    def pull_request(self):
        """Plays the workflow."""
        text = (self.checkout / "ci/fuzz.yml").read_text()
        long, short = (f"--time {time} " for time in TIME)
        assert long in text, "the workflow says how long it hunts"
        return self.play(text.replace(long, short))

    def plant(self):
        """Commits a line that is wrong."""
        file = self.checkout / RULES
        text = file.read_text()
        assert text.count(RIGHT) == 1, f"{RULES} has the line once"
        file.write_text(text.replace(RIGHT, WRONG))
        git("commit", "--quiet", "--all", "--message", "Let the longer log win", folder=self.checkout)


def quote(said, *words):
    """Shows the lines that begin with one of these words."""
    for line in said.splitlines():
        if line.startswith(words):
            print(f"    | {line[:160]}")


def has(said, *words):
    """Demands that all of this was said."""
    for word in words:
        assert word in said, f"nobody says {word!r}:\n{said}"


def clean(repository):
    """The branch as it is. raftbare has bugs: they are known."""
    passed, said = repository.pull_request()
    assert all(passed.values()), said
    print("the branch as it is: green")
    quote(repository.verdict, "## ", "merged ", "new ", "Known:")
    has(repository.verdict, "no new failures", "invariants checked", "LeaderCompleteness", "still new in")
    has(repository.verdict, "Known: RoleAfterAppendEntries")


def planted(repository):
    """The branch with a wrong line."""
    repository.plant()
    passed, said = repository.pull_request()
    assert passed == {"shard": True, "verdict": False}, said
    errors = list(dict.fromkeys(line for line in said.splitlines() if line.startswith("::error ")))
    print("the branch on which a voter compares lengths only: red")
    quote(repository.verdict, "## ", "::error ")
    assert errors and all("(raft-core%2C" in error for error in errors), said
    worst = next(error for error in errors if "title=LeaderCompleteness " in error)
    has(said, "timeout n1", "VoteForUpToDateLog")
    reproduce = worst.split("Reproduce: ")[1].replace("%25", "%")
    line = ["bash", "-c", reproduce]
    ended = subprocess.run(line, cwd=repository.checkout, capture_output=True, text=True)
    assert ended.returncode == 0 and "LeaderCompleteness" in ended.stdout, ended.stdout + ended.stderr
    print("  what it says to reproduce it does")


def keep(repository):
    """Keeps what the last play has found, as a person would; the files that it says it wrote."""
    program = f"{os.environ['CARGO_TARGET_DIR']}/release/raft-sim"
    found = repository.checkout.glob("target/raft-sim/shards/raft-core-*/failures/*.json")
    for file in sorted(found):
        line = [program, "corpus", "add", "--quiet", file]
        ended = subprocess.run(line, cwd=repository.checkout, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
        yield ended.stdout.strip()
    git("add", "seeds/known", folder=repository.checkout)


def known(repository):
    """The same branch, on which what was found is kept. A campaign that knows one form of a bug goes
    on and may find another: then it is red again, and that one is kept, too."""
    kept = set()
    for _ in range(FORMS_MAX):
        kept |= set(keep(repository))
        passed, said = repository.pull_request()
        if all(passed.values()):
            break
        assert passed == {"shard": True, "verdict": False}, said
    assert kept and all(passed.values()), said
    print(f"the same branch, of which {len(kept)} runs are kept in seeds/known: green")
    quote(repository.verdict, "## ", "Known:")
    has(said, "no new failures", "raft-core")
    assert any(file in said for file in kept), said


def main():
    if not shutil.which("git") or not (ROOT / ".git").exists():
        print("there is no git here, or this is no clone: clone the repository with it", file=sys.stderr)
        sys.exit(77)
    # A place that stays the same: cargo knows a package by its path.
    folder = ROOT / "target/ci/branch"
    shutil.rmtree(folder / "repository", ignore_errors=True)
    os.environ["CARGO_TARGET_DIR"] = str(folder / "builds")
    repository = Clone(folder / "repository")
    clean(repository)
    planted(repository)
    known(repository)


main()
