//! Reading a repro file: every key looked at, every mistake with its line.

use super::json::{Object, Source, Value};
use super::{Expect, FORMAT, Found, Repro, Verdict};
use crate::language::action::Action;
use crate::language::file_error::FileError;
use crate::language::script::{ACTIONS_MAX, CALM, Cluster, DiskMode, LEAVE_OUT, Script, too_long};
use crate::language::text::{Cursor, quoted};
use crate::node::{Kind, Limits, NODES_MAX, NodeSet};
use std::path::Path;

/// The keys of a file, in the order in which they are written.
pub(super) const KEYS: [&str; 9] =
    ["format", "title", "issue", "target", "expect", "found", "cluster", "one_minimal", "actions"];

impl Repro {
    /// Reads of a file's text what it is about, and not its run: the name of the target, and what
    /// must come of it. So the target need not be known.
    ///
    /// # Errors
    /// At the first thing that is wrong there.
    pub fn subject(text: &str, path: &Path) -> Result<(String, Expect), FileError> {
        let file = Source { path, text }.value()?.object()?;
        format(&file)?;
        let target = file.require("target", "\"raft-core\"")?.text()?;
        Ok((target, expect(&file.require("expect", "{\"outcome\": \"pass\"}")?.object()?)?))
    }

    /// Reads a file's text. `path` is for errors only. `kinds_of` gives the messages of a target,
    /// or a hint if there is no such target.
    ///
    /// # Errors
    /// At the first thing that is wrong.
    pub fn parse<'k>(
        text: &str,
        path: &Path,
        kinds_of: impl Fn(&str) -> Result<&'k [Kind], String>,
    ) -> Result<Repro, FileError> {
        let file = Source { path, text }.value()?.object()?;
        // Another version may have other keys: its number comes first.
        format(&file)?;
        file.only(&KEYS)?;
        let text = |key| file.get(key).map(Value::text).transpose();
        let target_value = file.require("target", "\"raft-core\"")?;
        let target = target_value.text()?;
        let kinds = kinds_of(&target).map_err(|hint| {
            target_value.error(format!("unknown target {}", quoted(&target))).hint(hint)
        })?;
        let mut repro = Repro {
            title: text("title")?,
            issue: text("issue")?,
            target,
            expect: expect(&file.require("expect", "{\"outcome\": \"pass\"}")?.object()?)?,
            found: file.get("found").map(found).transpose()?,
            one_minimal: file.get("one_minimal").map(Value::truth).transpose()?,
            script: Script { cluster: cluster(&file)?, actions: Vec::new(), calm: None },
            why: std::collections::BTreeMap::new(),
        };
        // One more than there may be, and the calm after it, show that it is too long.
        let lines = file.require("actions", "[]")?.list(ACTIONS_MAX + 2)?;
        for (position, line) in lines.into_iter().enumerate() {
            if repro.script.calm.is_some() {
                return Err(line.error("nothing comes after `calm`").hint("make it the last line"));
            }
            if let Some(core) = calm(&line, repro.script.cluster)? {
                repro.script.calm = Some(core);
                continue;
            }
            if position == ACTIONS_MAX {
                return Err(line.error(too_long()).hint(LEAVE_OUT));
            }
            let (action, why) = action(line, repro.script.cluster, kinds)?;
            repro.script.actions.push(action);
            if let Some(why) = why {
                repro.why.insert(position, why);
            }
        }
        Ok(repro)
    }
}

fn format(file: &Object<'_>) -> Result<(), FileError> {
    let value = file.require("format", &format!("\"{FORMAT}\""))?;
    let format = value.text()?;
    if format == FORMAT {
        return Ok(());
    }
    let message = format!("this build does not read the format {}", quoted(&format));
    Err(value.error(message).hint(format!("it reads {FORMAT}")))
}

fn expect(object: &Object<'_>) -> Result<Expect, FileError> {
    object.only(&["outcome", "invariant", "place", "actions", "hash"])?;
    let outcome = object
        .require("outcome", "\"violation\"")?
        .word(Verdict::ALL.map(|verdict| (verdict.name(), verdict)))?;
    if outcome == Verdict::Violation {
        object.require("invariant", "\"StateMachineSafety\"")?;
    }
    Ok(Expect {
        outcome,
        invariant: object.get("invariant").map(Value::text).transpose()?,
        place: object.get("place").map(Value::text).transpose()?,
        actions: object.get("actions").map(|value| value.number(0..=u32::MAX)).transpose()?,
        hash: object.get("hash").map(hash).transpose()?,
    })
}

fn hash(value: Value<'_>) -> Result<u64, FileError> {
    let text = value.text()?;
    let wrong = || {
        value
            .error(format!("{} is not a hash", quoted(&text)))
            .hint("a hash is sixteen digits of 0-9 a-f: \"b2b14acd42a0e62a\"")
    };
    if text.len() == 16 { hex(&text).ok_or_else(wrong) } else { Err(wrong()) }
}

fn found(value: Value<'_>) -> Result<Found, FileError> {
    let object = value.object()?;
    object.only(&["seed", "scheduler", "version", "target", "settings"])?;
    let seed_value = object.require("seed", "\"0x6c\"")?;
    let seed = seed_value.text()?;
    let seed = seed.strip_prefix("0x").and_then(hex).ok_or_else(|| {
        seed_value
            .error(format!("{} is not a seed", quoted(&seed)))
            .hint("a seed is a number of 64 bits such as \"0x6c\"")
    })?;
    Ok(Found {
        seed,
        scheduler: object.require("scheduler", "\"swarm\"")?.text()?,
        version: object.require("version", "\"0.1.0\"")?.text()?,
        target: object.get("target").map(Value::text).transpose()?,
        settings: object.get("settings").map(Value::text).transpose()?,
    })
}

/// A number in hexadecimal, without a sign.
fn hex(digits: &str) -> Option<u64> {
    let are_digits = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if are_digits { u64::from_str_radix(digits, 16).ok() } else { None }
}

fn cluster(file: &Object<'_>) -> Result<Cluster, FileError> {
    let example = "{\"nodes\": 3, \"batch_entries_max\": 1, \"window_messages_max\": 1, \
                   \"disk\": \"queued\"}";
    let object = file.require("cluster", example)?.object()?;
    object.only(&["nodes", "batch_entries_max", "window_messages_max", "disk"])?;
    let limit = |key| object.require(key, "1")?.number(1..=u32::from(u16::MAX));
    Ok(Cluster {
        nodes: object.require("nodes", "3")?.number(1..=NODES_MAX as u32)? as u8,
        limits: Limits {
            batch_entries_max: limit("batch_entries_max")? as u16,
            window_messages_max: limit("window_messages_max")? as u16,
        },
        disk: object
            .require("disk", "\"queued\"")?
            .word(DiskMode::ALL.map(|mode| (mode.name(), mode)))?,
    })
}

/// `"calm"` or `"calm {n1 n2}"`; `None` if the line is an action.
fn calm(value: &Value<'_>, cluster: Cluster) -> Result<Option<NodeSet>, FileError> {
    if value.is_object() {
        return Ok(None);
    }
    let line = value.text()?;
    if Cursor::new(&line).take().text != CALM {
        return Ok(None);
    }
    cluster.parse_calm(&line).map(Some).map_err(|error| value.error_inside(error))
}

/// `"timeout n1"` or `{"do": "timeout n1", "why": "..."}`.
fn action(
    value: Value<'_>,
    cluster: Cluster,
    kinds: &[Kind],
) -> Result<(Action, Option<String>), FileError> {
    let (line_value, why) = if value.is_object() {
        let object = value.object()?;
        object.only(&["do", "why"])?;
        let why = object.get("why").map(Value::text).transpose()?;
        (object.require("do", "\"timeout n1\"")?, why)
    } else {
        (value, None)
    };
    let line = line_value.text()?;
    let action =
        cluster.parse_action(&line, kinds).map_err(|error| line_value.error_inside(error))?;
    Ok((action, why))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: &[Kind] = &[
        Kind::new("RequestVote"),
        Kind::new("RequestVoteReply").with_outcomes("granted", "denied"),
    ];

    const FILE: &str = r#"{
  "format": "raft-sim-repro/1",
  "title": "A voter \"forgets\" its vote",
  "issue": "https://example.org/7",
  "target": "raft-core?bug=vote-not-persisted",
  "expect": {"outcome": "violation", "invariant": "ElectionSafety", "place": "vote.rs:7", "actions": 3, "hash": "00b14acd42a0e62a"},
  "found": {"seed": "0x6c", "scheduler": "swarm", "version": "0.1.0"},
  "cluster": {"nodes": 3, "batch_entries_max": 1, "window_messages_max": 2, "disk": "queued"},
  "one_minimal": true,
  "actions": [
    "timeout n1",
    "deliver n1->n2 RequestVote",
    {"do": "crash n2 keep 1", "why": "the vote is lost"},
    "restart n2"
  ]
}
"#;

    fn parse(text: &str) -> Result<Repro, FileError> {
        Repro::parse(text, Path::new("seeds/a.json"), |target| {
            let known = target.starts_with("raft-core");
            if known { Ok(KINDS) } else { Err("see `raft-sim list targets`".to_owned()) }
        })
    }

    #[test]
    fn a_file_comes_back_as_it_was() {
        let repro = parse(FILE).expect("the file is right");
        assert_eq!(repro.to_text(), FILE);
        assert_eq!(repro.why.get(&2).map(String::as_str), Some("the vote is lost"));
        assert_eq!(repro.file_name(0x9c1e_77d0), "election-safety-9c1e77d0.json");
    }

    #[test]
    fn what_a_file_is_about_is_read_without_knowing_the_target() {
        let subject = |text: &str| Repro::subject(text, Path::new("a.json"));
        let (target, expect) = subject(&FILE.replace("raft-core", "x")).expect("it is right");
        assert_eq!(
            (&*target, expect.invariant.as_deref()),
            ("x?bug=vote-not-persisted", Some("ElectionSafety"),)
        );
        let error = subject(&FILE.replace("\"violation\"", "\"red\"")).expect_err("no verdict");
        assert_eq!(error.line, 6);
    }

    #[test]
    fn an_error_shows_the_line_and_the_words() {
        let error = parse(&FILE.replace("crash n2 keep 1", "crash n4 keep 1"));
        let expected = r#"there is no node `n4`
  --> seeds/a.json:13:19
   |
13 |     {"do": "crash n4 keep 1", "why": "the vote is lost"},
   |                   ^^
hint: the cluster has 3 nodes, n1 to n3"#;
        assert_eq!(error.expect_err("a stranger").to_string(), expected);
    }

    /// Replaces a part of the right file, and says what must be said about it.
    #[track_caller]
    fn wrong(part: &str, by: &str, line: usize, message: &str, hint: &str) {
        assert!(FILE.contains(part), "the file has that part");
        let error = parse(&FILE.replacen(part, by, 1)).expect_err("the file is wrong");
        assert_eq!(error.message, message, "{error}");
        assert_eq!(error.hint.as_deref().unwrap_or(""), hint, "{error}");
        assert_eq!(error.line, line, "{error}");
    }

    #[test]
    fn mistakes_in_keys_are_explained() {
        let version = "this build does not read the format `raft-sim-repro/2`";
        wrong("repro/1", "repro/2", 2, version, "it reads raft-sim-repro/1");
        let add = "add `\"format\": \"raft-sim-repro/1\"`";
        wrong("  \"format\": \"raft-sim-repro/1\",\n", "", 1, "`format` is missing", add);
        wrong("\"title\"", "\"titel\"", 3, "unknown key `titel`", "did you mean `title`?");
        wrong("\"issue\"", "\"title\"", 4, "`title` is given twice", "delete one");
        let all = "keys here are do, why";
        wrong("\"why\"", "\"comment\"", 13, "unknown key `comment`", all);
        let add = "add `\"invariant\": \"StateMachineSafety\"`";
        wrong("\"invariant\": \"ElectionSafety\", ", "", 6, "`invariant` is missing", add);
        let message = "unknown target `raftcore?bug=vote-not-persisted`";
        wrong("raft-core", "raftcore", 5, message, "see `raft-sim list targets`");
    }

    #[test]
    fn mistakes_in_values_are_explained() {
        wrong("\"0x6c\"", "108", 7, "expected a text, found 108", "");
        wrong("true", "\"yes\"", 9, "expected true or false, found a text", "");
        wrong("\"nodes\": 3", "\"nodes\": 3.0", 8, "expected a whole number, found 3.0", "");
        let range = "it is a whole number from 1 to 9";
        wrong("\"nodes\": 3", "\"nodes\": 10", 8, "10 is out of range", range);
        let hint = "use one of pass, violation";
        wrong("\"violation\"", "\"red\"", 6, "unknown word `red`", hint);
        let hint = "a hash is sixteen digits of 0-9 a-f: \"b2b14acd42a0e62a\"";
        wrong("00b14acd42a0e62a", "b14", 6, "`b14` is not a hash", hint);
        let hint = "a seed is a number of 64 bits such as \"0x6c\"";
        wrong("0x6c", "108", 7, "`108` is not a seed", hint);
        wrong("\"restart n2\"", "7", 14, "expected a text, found 7", "");
        wrong(
            "timeout n1",
            "timeout",
            11,
            "expected a node, found the end of the line",
            "write it like `timeout n5`",
        );
    }

    #[test]
    fn broken_json_is_explained() {
        wrong("true,", "true", 10, "not JSON: expected `,` or `}`", "");
        let hint = "JSON has no comments: use `title`, or `why` beside `do`";
        wrong("    \"restart", "    // x\n    \"restart", 14, "not JSON: expected value", hint);
        wrong(
            "\\\"forgets\\\"",
            "\\ud800",
            3,
            "not JSON: an escape in this text is no character",
            "",
        );
        let cut = |text: &str| parse(text).expect_err("the file is wrong");
        let error = cut(&FILE[..FILE.find(" keep").expect("it is there")]);
        assert_eq!((error.line, error.message.as_str()), (13, "the file ends in the middle"));
        assert_eq!((cut("").line, cut(" \n").message.as_str()), (1, "the file is empty"));
        assert_eq!(cut("[]").message, "expected an object, found a list");
        assert_eq!(cut(&"[".repeat(100_000)).message, "the file ends in the middle");
        let deep = format!("{{\"format\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(cut(&deep).message, "expected a text, found a list");
    }

    #[test]
    fn columns_count_characters_and_escapes_point_at_the_whole_text() {
        let column = |by: &str| {
            parse(&FILE.replace("timeout n1", by)).expect_err("the file is wrong").column
        };
        assert_eq!(column("timeout é"), Some(14));
        assert_eq!(column("timeout \\u0061"), Some(5));
    }
}
