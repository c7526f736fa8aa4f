"""Plays workflows for GitHub, job by job and step by step, on this machine.

There is no GitHub here. The `run` lines of each job are run as they stand in the workflow; of the
actions that it uses, those for artifacts and the cache copy folders, and `gh` is a program that keeps
issues in a file.
"""

import fnmatch
import json
import os
import shutil
import subprocess
from pathlib import Path

import yaml

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
    """A repository on GitHub: what workflows keep, and issues. Who inherits has the checkout."""

    def __init__(self, folder):
        self.folder = Path(folder)
        (self.folder / "bin").mkdir(parents=True)
        (self.folder / "bin/gh").write_text(GH)
        (self.folder / "bin/gh").chmod(0o755)
        self.plays = 0
        self.verdict = ""

    def machine(self, name):
        """A folder with what is checked out and nothing else, for the job of this name."""
        raise NotImplementedError

    def issues(self):
        """All of them, with the bodies that they have had."""
        file = self.folder / "issues.json"
        return json.loads(file.read_text()) if file.exists() else []

    def play(self, text):
        """Plays a workflow; whether each job passed, and all that was said. `verdict` is what the last
        job said."""
        self.plays += 1
        passed, said = {}, ""
        for name, job in yaml.safe_load(text)["jobs"].items():
            assert all(passed[need] or "if" in job for need in [job.get("needs")] if need)
            passed[name] = True
            for shard in job.get("strategy", {}).get("matrix", {}).get("shard", [1]):
                machine = self.machine(f"{self.plays}-{name}-{shard}")
                ok, words = Job(self, job, shard, machine).run()
                passed[name] &= ok
                said += words
                self.verdict = words
        return passed, said


class Job:
    """One job on a machine of its own."""

    def __init__(self, repository, job, shard, folder):
        self.repository, self.job, self.shard, self.folder = repository, job, shard, folder
        self.summary = repository.folder / "summary.md"
        self.summary.unlink(missing_ok=True)

    def fill(self, text):
        """What expressions stand for."""
        for word, value in [("matrix.shard", self.shard), ("github.run_id", self.repository.plays)]:
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
        return ok, said + (self.summary.read_text() if self.summary.exists() else "")

    def type(self, step):
        """Runs the lines of a step."""
        given = self.job.get("env", {}) | step.get("env", {})
        env = {name: self.fill(text) for name, text in given.items()}
        ours = {name: it for name, it in os.environ.items() if not name.startswith(("GITHUB_", "RAFT_"))}
        env = ours | env | {"GITHUB_ACTIONS": "true"}
        env |= {"PATH": f"{self.repository.folder}/bin:{os.environ['PATH']}"}
        env |= {"ISSUES": str(self.repository.folder / "issues.json")}
        env |= {"GITHUB_STEP_SUMMARY": str(self.summary)}
        env |= {"GITHUB_RUN_ID": str(self.repository.plays)}
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
            name = f"{self.repository.plays}-{self.fill(given['name'])}"
            shutil.copytree(self.folder / path[0], kept / name, ignore=ignore)
        elif action == "actions/download-artifact":
            assert given["merge-multiple"]
            for artifact in sorted(kept.glob(f"{self.repository.plays}-{given['pattern']}")):
                shutil.copytree(artifact, self.folder / path[0], dirs_exist_ok=True)
        elif action == "actions/cache/restore":
            before = sorted(kept.glob(f"cache-{given['restore-keys']}*"))
            if before:
                shutil.copytree(before[-1], self.folder / path[0])
        elif action == "actions/cache/save":
            shutil.copytree(self.folder / path[0], kept / f"cache-{self.fill(given['key'])}")
        else:
            assert action == "actions/checkout", action
