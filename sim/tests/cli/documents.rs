//! JSON of commands: one document for each invocation, which says its format, and has a schema.

use serde_json::Value;

use super::process::{Ended, Folder};
use super::{BUG, FAILING, RUNS};

const NAMES: [&str; 8] =
    ["report", "line", "replayed", "minimized", "why", "explored", "list", "repro"];

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
    folder.run(&["corpus", "add", file]).exits(0);
    let checked = document(&folder, "replayed", &run(&["corpus", "check"]).exits(0));
    assert_eq!(checked["runs"][0]["exit"], 0);
    let hunt = ["fuzz", "--target", BUG, "--runs", RUNS, "--seed", "1", "--minimize", "off"];
    document(&folder, "report", &run(&hunt).exits(1));
    let merged = run(&["merge", "target/raft-sim/raft-core-bug-vote-duplicate-counted-0x1"]);
    document(&folder, "report", &merged.exits(1));
}
