"""Runs the workflows that `emit` prints for GitHub: `github.py PROGRAM`, with PROGRAM as it is built.

There is no GitHub here. Each job runs in a folder of its own, its `run` lines as they stand in the
workflow; of the actions that it uses, those for artifacts and the cache copy folders, and `gh` is a
program that keeps issues in a file. So it shows what a pull request sees: green without a bug, red
with one and told which, green again when it is known; and what happens in two nights.
"""

import fnmatch
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

PROGRAM = os.path.realpath(sys.argv[1])
BUG = "raft-core?bug=vote-duplicate-counted"
COMMIT = "9f3c2ab0a1b2c3d4e5f60718293a4b5c6d7e8f90"

GH = """#!/usr/bin/env python3
import json, os, sys
file, args = os.environ["ISSUES"], sys.argv[1:]
issues = json.load(open(file)) if os.path.exists(file) else []
flag = lambda name: args[args.index(name) + 1]
assert os.environ["GH_TOKEN"] and os.environ["GH_REPO"] and args[0] == "issue"
if args[1] == "list":
    assert flag("--jq") == ".[] | select(.title == env.TITLE) | .number"
    for number, issue in enumerate(issues, 1):
        if issue["title"] == os.environ["TITLE"]:
            print(number)
else:
    body = open(flag("--body-file")).read()
    if args[1] == "create":
        issues.append({"title": flag("--title"), "bodies": [body]})
    else:
        issues[int(args[2]) - 1]["bodies"].append(body)
json.dump(issues, open(file, "w"))
"""


class Repository:
    """A repository on GitHub: a checkout, what workflows keep, and issues."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.checkout = self.folder / "checkout"
        (self.checkout / ".git").mkdir(parents=True)
        (self.checkout / ".git/HEAD").write_text(COMMIT + "\n")
        (self.folder / "bin").mkdir()
        (self.folder / "bin/gh").write_text(GH)
        (self.folder / "bin/gh").chmod(0o755)
        self.runs = 0

    def issues(self):
        """All of them, with the bodies that they have had."""
        file = self.folder / "issues.json"
        return json.loads(file.read_text()) if file.exists() else []

    def run(self, engine, flags):
        """Runs a workflow with two shards; whether each job passed, and all that was said."""
        self.runs += 1
        emit = [PROGRAM, "emit", engine, "--shards", "2", "--program", PROGRAM, "--", *flags]
        text = subprocess.run(emit, check=True, capture_output=True, text=True).stdout
        workflow = yaml.safe_load(text)
        passed, said = {}, ""
        for name, job in workflow["jobs"].items():
            assert all(passed[need] or "if" in job for need in [job.get("needs")] if need)
            passed[name] = True
            for shard in job.get("strategy", {}).get("matrix", {}).get("shard", [1]):
                ok, words = Job(self, name, job, shard).run()
                passed[name] &= ok
                said += words
        return passed, said


class Job:
    """One job on a machine of its own."""

    def __init__(self, repository, name, job, shard):
        self.repository, self.job, self.shard = repository, job, shard
        self.folder = repository.folder / f"{repository.runs}-{name}-{shard}"
        shutil.copytree(repository.checkout, self.folder)

    def fill(self, text):
        """What expressions stand for."""
        for word, value in [("matrix.shard", self.shard), ("github.run_id", self.repository.runs)]:
            text = text.replace("${{ %s }}" % word, str(value))
        text = text.replace("${{ github.token }}", "token")
        return text.replace("${{ github.repository }}", "somebody/raft")

    def run(self):
        """All steps; what stands after one that failed only if it says so."""
        ok, said = True, ""
        for step in self.job["steps"]:
            if not ok and step.get("if") != "${{ !cancelled() }}":
                continue
            if "run" in step:
                code, words = self.type(step)
                ok &= code == 0
                said += words
            else:
                self.use(step["uses"].split("@")[0], step.get("with", {}))
        summary = self.folder / "summary.md"
        return ok, said + (summary.read_text() if summary.exists() else "")

    def type(self, step):
        """Runs the lines of a step."""
        env = {name: self.fill(it) for name, it in (self.job.get("env", {}) | step.get("env", {})).items()}
        env |= {"PATH": f"{self.repository.folder}/bin:{os.environ['PATH']}"}
        env |= {"ISSUES": str(self.repository.folder / "issues.json")}
        env |= {"GITHUB_STEP_SUMMARY": str(self.folder / "summary.md")}
        env |= {"GITHUB_RUN_ID": str(self.repository.runs)}
        line = ["bash", "-e", "-c", step["run"]]
        ended = subprocess.run(line, env=env, cwd=self.folder, capture_output=True, text=True)
        return ended.returncode, ended.stdout + ended.stderr

    def use(self, action, given):
        """Does what an action would do."""
        kept = self.repository.folder / "kept"
        path = given.get("path", "").splitlines()
        if action == "actions/upload-artifact":
            hidden = [it[1:] for it in path if it.startswith("!")]
            ignore = lambda folder, names: [
                name
                for name in names
                for it in hidden
                if fnmatch.fnmatch(os.path.relpath(f"{folder}/{name}", self.folder), it)
            ]
            name = f"{self.repository.runs}-{self.fill(given['name'])}"
            shutil.copytree(self.folder / path[0], kept / name, ignore=ignore)
        elif action == "actions/download-artifact":
            assert given["merge-multiple"]
            for artifact in sorted(kept.glob(f"{self.repository.runs}-{given['pattern']}")):
                shutil.copytree(artifact, self.folder / path[0], dirs_exist_ok=True)
        elif action == "actions/cache/restore":
            before = sorted(kept.glob(f"cache-{given['restore-keys']}*"))
            if before:
                shutil.copytree(before[-1], self.folder / path[0])
        elif action == "actions/cache/save":
            shutil.copytree(self.folder / path[0], kept / f"cache-{self.fill(given['key'])}")
        else:
            assert action == "actions/checkout", action


def pull_requests(folder):
    """What a pull request sees: without a bug, with one, and with one that is known."""
    repository = Repository(folder)
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
    verdict = repository.folder / f"{repository.runs}-verdict-1"
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
    repository = Repository(folder)
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
