//! JSON of commands: one document for each invocation, which says its format, and has a schema.

use serde_json::Value;

use super::process::{Ended, Folder};
use super::{BUG, FAILING, RUNS};

const NAMES: [&str; 12] = [
    "report",
    "line",
    "replayed",
    "minimized",
    "why",
    "explored",
    "trace",
    "kept",
    "scores",
    "comparison",
    "list",
    "repro",
];

/// Keys of an object that a schema does not know, or demands and misses; objects within it, too.
/// That values have the right types is checked by `cargo ci formats` with a validator.
fn check(schema: &Value, root: &Value, value: &Value, place: &str) {
    let schema = match schema["$ref"].as_str() {
        Some(name) => root.pointer(&name[1..]).expect("a reference leads somewhere"),
        None => schema,
    };
    match value {
        Value::Array(items) => {
            for item in items {
                check(&schema["items"], root, item, place);
            }
        }
        Value::Object(object) if schema["properties"].is_object() => {
            for (key, value) in object {
                let known = &schema["properties"][key];
                assert!(!known.is_null(), "{place}: no schema knows {key}");
                check(known, root, value, &format!("{place}.{key}"));
            }
            for key in schema["required"].as_array().into_iter().flatten() {
                let key = key.as_str().expect("a key is a text");
                assert!(object.contains_key(key), "{place} has no {key}");
            }
        }
        _ => {}
    }
}

/// A document of ours, checked against its schema.
#[track_caller]
fn document(folder: &Folder, name: &str, ended: &Ended) -> Value {
    let schema = folder.run(&["schema", name]).exits(0).json();
    let json = ended.json();
    assert_eq!(json["format"], schema["properties"]["format"]["const"], "{name}");
    check(&schema, &schema, &json, name);
    json
}

#[test]
fn every_document_has_a_schema() {
    let folder = Folder::new("schemas");
    let list = folder.run(&["schema"]).exits(0);
    let listed: Vec<&str> =
        list.stdout.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(listed, NAMES);
    for name in NAMES {
        let schema = folder.run(&["schema", name]).exits(0).json();
        assert!(schema["$schema"].as_str().is_some_and(|it| it.contains("2020-12")), "{name}");
    }
    folder.run(&["schema", "rapport"]).exits(2).complains("did you mean `report`?");
}

#[test]
fn what_is_run_again_is_one_document() {
    let folder = Folder::new("document-replay");
    folder.write("kept/a.txt", FAILING);
    folder.write("kept/b.txt", "cluster nodes=3\ntimeout n1\n");
    let args = ["replay", "--format", "json", "--target", BUG];
    let many = folder.run(&[&args[..], &["kept"]].concat()).exits(1);
    let many = document(&folder, "replayed", &many);
    let exits: Vec<&Value> =
        many["runs"].as_array().expect("a list").iter().map(|it| &it["exit"]).collect();
    assert_eq!((exits, &many["exit"]), (vec![&1.into(), &0.into()], &1.into()));
    assert_eq!(many["runs"][0]["seen"]["violations"][0]["invariant"], "ElectedByQuorum");
    assert!(many["runs"][0]["seen"]["story"].is_null(), "of many no story is told");
    let one = folder.run(&[&args[..], &["kept/a.txt"]].concat()).exits(1);
    let one = document(&folder, "replayed", &one);
    assert_eq!(one["runs"][0]["seen"]["story"].as_array().expect("it is told").len(), 4);
    let seed = folder.run(&[&args[..], &["0x5", "0x6"]].concat());
    assert_eq!(document(&folder, "replayed", &seed)["runs"][1]["what"], "0x6");
    let wrong = folder.run(&[&args[..], &["none.json", "kept"]].concat());
    let wrong = document(&folder, "replayed", &wrong);
    assert!(wrong["runs"][0]["outcome"].as_str().is_some_and(|it| it.contains("no such file")));
    folder.run(&[&args[..], &["0x5", "--until", "3"]].concat()).exits(2).complains("for people");
}

#[test]
fn every_step_of_a_run_has_a_document() {
    let folder = Folder::new("document-trace");
    folder.write("a.txt", FAILING);
    let trace = ["replay", "a.txt", "--target", BUG, "--trace", "--format", "json"];
    let trace = document(&folder, "trace", &folder.run(&trace).exits(1));
    assert_eq!(trace["steps"].as_array().expect("a list").len(), 5, "the boot and four actions");
    assert_eq!(trace["steps"][1]["do"], "timeout n1");
    assert_eq!(trace["violations"][0]["invariant"], "ElectedByQuorum");
}

#[test]
fn scores_and_lists_are_one_document_each() {
    let folder = Folder::new("document-scores");
    let name = BUG.split_once('=').expect("a planted bug").1;
    let score = ["bugs", name, "--starts", "1", "--actions", "100000", "--format", "json"];
    let scores = document(&folder, "scores", &folder.run(&score).exits(0));
    assert!(
        scores["bugs"].as_array().is_some_and(|rows| rows.iter().any(|it| it["target"] == BUG))
    );
    let compared = folder.run(&[&score[..], &["--compare"]].concat()).exits(0);
    let compared = document(&folder, "comparison", &compared);
    assert_eq!(compared["bugs"][0]["target"], BUG);
    for what in ["targets", "bugs", "invariants", "witnesses", "faults", "schedulers"] {
        let list = folder.run(&["list", what, "--format", "json"]).exits(0);
        let list = document(&folder, "list", &list);
        assert!(!list["items"].as_array().expect("a list").is_empty(), "{what}");
    }
}

#[test]
fn other_commands_have_documents_too() {
    let folder = Folder::new("documents");
    folder.write("a.txt", FAILING);
    let json = ["--format", "json"];
    let run = |args: &[&str]| folder.run(&[args, &json[..]].concat());
    let minimized = run(&["minimize", "a.txt", "--target", BUG]).exits(0);
    let minimized = document(&folder, "minimized", &minimized);
    assert_eq!(minimized["after"]["actions"], 4);
    folder.shell(minimized["reproduce"].as_str().expect("a line")).exits(0);
    document(&folder, "why", &run(&["why", "a.txt", "--target", BUG]).exits(0));
    document(&folder, "explored", &run(&["exhaust", "--timeouts", "1"]).exits(0));
    let file = minimized["file"].as_str().expect("a path");
    let fate = |args: &[&str], exit: i32| {
        let kept = document(&folder, "kept", &run(args).exits(exit));
        assert_eq!(kept["exit"], exit);
        let kept = &kept["files"][0];
        (kept["file"].as_str().expect("a path").to_owned(), kept["is"].clone())
    };
    let (kept, is) = fate(&["corpus", "add", file], 0);
    assert_eq!(is, "added");
    assert_eq!(fate(&["corpus", "add", file], 0), (kept.clone(), "replaced".into()));
    folder.write(&kept, &folder.read(&kept).replace("  \"target\"", "\"target\""));
    assert_eq!(fate(&["corpus", "fmt", "--check"], 5).1, "unformatted");
    assert_eq!(fate(&["corpus", "fmt"], 0).1, "rewritten");
    assert_eq!(fate(&["corpus", "fmt", "--check"], 0).1, "formatted");
    let checked = document(&folder, "replayed", &run(&["corpus", "check"]).exits(0));
    assert_eq!(checked["runs"][0]["exit"], 0);
    let hunt = ["fuzz", "--target", BUG, "--runs", RUNS, "--seed", "1", "--minimize", "off"];
    document(&folder, "report", &run(&hunt).exits(1));
    let merged = run(&["merge", "target/raft-sim/raft-core-bug-vote-duplicate-counted-0x1"]);
    document(&folder, "report", &merged.exits(1));
    let both = format!("raft-core,{BUG}");
    let hunt = ["fuzz", "--target", &both, "--runs", RUNS, "--seed", "1", "--out", "both"];
    for both in [run(&hunt), run(&["merge", "both"])] {
        let both = document(&folder, "report", &both.exits(1));
        assert_eq!(both["campaigns"].as_array().expect("a list").len(), 2);
    }
}
