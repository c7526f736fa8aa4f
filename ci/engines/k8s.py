"""Checks and runs what `emit k8s` prints: `k8s.py PROGRAM`, with PROGRAM as it is built.

There is no cluster here. The manifest is read into the typed definitions of Kubernetes and written
again: a key that they do not know is gone then, and seen. The containers are run as their shells
would run them, one for each index, in a folder in place of the volume; every exit code is looked up
in the policy as Kubernetes would do it, and the merge must get the digest of a single process.
"""

import os
import subprocess
import sys
import tempfile

import yaml
from kubernetes import client

PROGRAM = os.path.realpath(sys.argv[1])
SHARDS = 6
CAMPAIGN = ["--target", "raft-core?bug=commit-prior-term-entry", "--only", "paper", "--seed", "7"]
CAMPAIGN += ["--runs", "24000", "--keep-going", "--minimize", "off"]

TYPES = {"Job": "V1Job", "PersistentVolumeClaim": "V1PersistentVolumeClaim"}


def typed(document):
    """The document as the definitions have it: without what they do not know."""
    api = client.ApiClient()
    api.client_side_validation = True
    response = type("Response", (), {"data": yaml.safe_load(yaml.safe_dump(document))})
    read = api._ApiClient__deserialize(response.data, TYPES[document["kind"]])
    return api.sanitize_for_serialization(read)


def check(document):
    """Says what the definitions do not know."""
    again = typed(document)
    assert again == document, f"lost or changed by the definitions:\n{document}\nis\n{again}"
    planted = yaml.safe_load(yaml.safe_dump(document))
    planted["spec"]["maxFailedIndices"] = 7
    assert typed(planted) != planted, "an unknown key is seen"


def run(job, reports, index=None):
    """Runs the only container of a job; its exit code, and what it says on stdout."""
    (container,) = job["spec"]["template"]["spec"]["containers"]
    env = {it["name"]: it["value"] for it in container["env"]}
    env |= {"REPORTS": reports, "PATH": os.environ["PATH"]}
    if index is not None:
        env["JOB_COMPLETION_INDEX"] = str(index)
    command = container["command"] + container["args"]
    ended = subprocess.run(command, env=env, cwd=reports, capture_output=True, text=True)
    return ended.returncode, ended.stdout + ended.stderr


def action(job, code):
    """What Kubernetes does about a container that ended with this code."""
    for rule in job["spec"]["podFailurePolicy"]["rules"]:
        codes = rule.get("onExitCodes")
        if codes and codes["operator"] == "In" and code in codes["values"]:
            return rule["action"]
    return "Complete" if code == 0 else "Retry"


def digest(text):
    """The line of a report that says which runs it is about."""
    return next(line.split()[1] for line in text.splitlines() if line.startswith("digest"))


def main():
    """Everything, in the order in which a cluster would do it."""
    emit = [PROGRAM, "emit", "k8s", "--shards", str(SHARDS), "--program", PROGRAM, "--", *CAMPAIGN]
    text = subprocess.run(emit, check=True, capture_output=True, text=True).stdout
    claim, shards, merge = list(yaml.safe_load_all(text))
    for document in (claim, shards, merge):
        check(document)
        print(f"{document['kind']} {document['metadata']['name']}: every key is known")
    spec = shards["spec"]
    assert spec["completionMode"] == "Indexed" and spec["completions"] == SHARDS
    assert spec["maxFailedIndexes"] == SHARDS, "no finding ends the other shards"
    assert action(shards, 75) == action(shards, 137) == "Retry", "who was ended early runs again"
    assert merge["spec"]["suspend"], "it waits for the shards"
    with tempfile.TemporaryDirectory() as reports:
        actions = set()
        for index in range(SHARDS):
            code, said = run(shards, reports, index)
            assert code in (0, 1), f"index {index} ended with {code}\n{said}"
            actions.add(action(shards, code))
            print(f"index {index} ends with {code}: {action(shards, code)}")
        assert "FailIndex" in actions, "some shard finds the planted bug"
        code, said = run(merge, reports)
        assert code == 1, f"the merge ended with {code}\n{said}"
        whole = [PROGRAM, "fuzz", *CAMPAIGN]
        whole = subprocess.run(whole, cwd=reports, capture_output=True, text=True).stdout
        assert digest(said) == digest(whole), "the digests differ"
        print(f"the merge ends with {code}, digest {digest(said)} as one process")


main()
