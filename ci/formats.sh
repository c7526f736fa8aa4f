#!/usr/bin/env bash
# Checks what the program writes for other programs: `formats.sh PROGRAM`, with PROGRAM as built.
#
# Every JSON document against our own schema of it, every kept run against that of files, SARIF
# against classes generated from its standard, JUnit by a reader that others wrote, and
# what --print-config says against TOML. Ends with 77 and says why where Python cannot be had.
set -euo pipefail
program=$(realpath "$1")
cd "$(dirname "$0")/.."
out=target/ci/formats
rm -rf "$out"
mkdir -p "$out"

# Ends with 0 or 1, and nothing else, whatever it found.
run() { "$program" "$@" --color never -q || [ $? = 1 ]; }
# NAME FILES...: documents against the schema of that name.
valid() {
  local name=$1
  shift
  "$program" schema "$name" >"$out/$name.schema"
  ci/python.sh check-jsonschema --quiet --schemafile "$out/$name.schema" "$@"
  echo "$name: $# documents are what its schema says"
}

bug='raft-core?bug=vote-duplicate-counted'
kept=seeds/mutants/elected-by-quorum-04ebfcf5.json
hunt=(fuzz --target "$bug" --seed 1 --runs 400 --keep-going --minimize 2s --out "$out/hunt")
run "${hunt[@]}" --shard 1/2 --json "$out/fuzz.json" --format jsonl >"$out/lines"
run "${hunt[@]}" --shard 2/2 >/dev/null
run merge "$out/hunt" --known seeds/mutants --format json --sarif "$out/merge.sarif" \
  --junit "$out/merge.xml" >"$out/merge.json"
valid report "$out"/fuzz.json "$out"/merge.json sim/tests/formats/report.json

split --lines 1 --additional-suffix .json "$out/lines" "$out/line-"
valid line "$out"/line-*.json
run replay "$kept" --format json >"$out/replay-one.json"
run replay seeds/mutants --format json >"$out/replay.json"
run corpus check --format json >"$out/corpus.json"
valid replayed "$out"/{replay-one,replay,corpus}.json
run minimize "$kept" -o "$out/minimized/story.json" --format json >"$out/minimize.json"
valid minimized "$out/minimize.json"
run why "$kept" --format json >"$out/why.json"
valid why "$out/why.json"
run exhaust --timeouts 1 --format json >"$out/exhaust.json"
valid explored "$out/exhaust.json"
run replay "$kept" --trace --format json >"$out/trace.json"
run replay 0x5 --target "$bug" --trace --format json >"$out/trace-seed.json"
valid trace "$out"/trace*.json
run corpus add "$out/minimized/story.json" --to "$out/seeds" --format json >"$out/kept-add.json"
run corpus fmt seeds "$out/seeds" --check --format json >"$out/kept-fmt.json"
valid kept "$out"/kept-*.json
score=(bugs vote-duplicate-counted --starts 1 --actions 100000 --format json)
run "${score[@]}" >"$out/scores.json"
valid scores "$out/scores.json"
run "${score[@]}" --compare >"$out/comparison.json"
valid comparison "$out/comparison.json"
for what in targets bugs invariants witnesses faults schedulers; do
  run list "$what" --format json >"$out/list-$what.json"
done
valid list "$out"/list-*.json
valid repro seeds/*/*.json "$out"/hunt/*/failures/*.json "$out/minimized/story.json"

if ci/python.sh check-jsonschema --quiet --schemafile "$out/report.schema" "$kept" >/dev/null; then
  echo "the schema of reports takes a kept run for one" >&2
  exit 1
fi

"$program" fuzz --print-config --target "$bug" --known --seed 1 >"$out/config.toml"
ci/python.sh python3 - "$out/config.toml" "$out/merge.xml" sim/tests/formats/junit.xml \
  "$out/merge.sarif" sim/tests/formats/sarif.json <<'PYTHON'
import pathlib, sys, tomllib
from junitparser import JUnitXml
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif

for path in sys.argv[1:]:
    text = pathlib.Path(path).read_text()
    if path.endswith(".toml"):
        assert tomllib.loads(text)["default"]["seed"] == 1, path
    elif path.endswith(".xml"):
        suites = list(JUnitXml.fromfile(path))
        for suite in suites:
            cases = list(suite)
            skipped = sum(case.is_skipped for case in cases)
            failed = sum(case.is_failure for case in cases)
            assert (suite.tests, suite.skipped, suite.failures) == (len(cases), skipped, failed)
        assert suites, path
    else:
        runs = Sarif.model_validate_json(text).runs
        assert any(run.results for run in runs), path
        for run in runs:
            rules = {rule.id for rule in run.tool.driver.rules or []}
            assert {result.ruleId for result in run.results} == rules, path
    print(f"{path}: is what it says it is")
PYTHON
