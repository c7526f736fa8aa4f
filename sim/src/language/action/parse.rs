//! Text as actions. A line that is wrong gets the place, what stands there, and what to write.

use super::{Action, Groups, Pattern, SKEW_PERCENT};
use crate::language::text::{Cursor, ParseError, Token, clipped, did_you_mean, quoted, suggest};
use crate::node::{Kind, NODES_MAX, NodeId, NodeSet, Timer, Word};
use std::ops::Range;

/// The verbs, each with a line to copy.
const VERBS: &[(&str, &str)] = &[
    ("timeout", "timeout n5"),
    ("heartbeat", "heartbeat n5"),
    ("deliver", "deliver n5->n3 RequestVote"),
    ("duplicate", "duplicate n5->n3 RequestVote"),
    ("drop", "drop n5->n3 RequestVote"),
    ("sync", "sync n2"),
    ("fail", "fail n2 keep 1"),
    ("crash", "crash n1 keep 1"),
    ("restart", "restart n1"),
    ("lose", "lose n1 2"),
    ("wipe", "wipe n1"),
    ("cut", "cut n1->n2"),
    ("mend", "mend n1->n2"),
    ("partition", "partition {n1 n2} {n3 n4 n5}"),
    ("heal", "heal"),
    ("pause", "pause n4"),
    ("resume", "resume n4"),
    ("stall", "stall n4"),
    ("unstall", "unstall n4"),
    ("skew", "skew n2 +3%"),
    ("jump", "jump n2 250ms"),
    ("write", "write n1 x=10"),
];

impl Action {
    /// Reads one line. `kinds` is the target's vocabulary: messages it does not have are errors.
    ///
    /// # Errors
    /// When the line is not in the language.
    pub fn parse(line: &str, kinds: &[Kind]) -> Result<Action, ParseError> {
        let mut cursor = Cursor::new(line);
        let action = action(&mut cursor, kinds)?;
        let rest = cursor.peek();
        if rest.text.is_empty() {
            return Ok(action);
        }
        let hint = if rest.text.starts_with('#') {
            "a comment stands on a line of its own".to_owned()
        } else {
            format!("the action is complete before it: `{action}`")
        };
        Err(cursor.error(&rest, format!("unexpected {}", quoted(rest.text)), hint))
    }
}

fn action(cursor: &mut Cursor<'_>, kinds: &[Kind]) -> Result<Action, ParseError> {
    let verb = cursor.verb()?;
    Ok(match verb {
        "timeout" => Action::Timeout { node: cursor.node()?, timer: Timer::Election },
        "heartbeat" => Action::Timeout { node: cursor.node()?, timer: Timer::Heartbeat },
        "deliver" => Action::Deliver(cursor.pattern(kinds)?),
        "duplicate" => Action::Duplicate(cursor.pattern(kinds)?),
        "drop" => Action::Drop(cursor.pattern(kinds)?),
        "sync" => Action::Sync(cursor.node()?),
        "fail" => Action::Fail { node: cursor.node()?, keep: cursor.keep()? },
        "crash" => Action::Crash { node: cursor.node()?, keep: cursor.keep()? },
        "restart" => Action::Restart(cursor.node()?),
        "lose" => {
            Action::Lose { node: cursor.node()?, writes: cursor.count("a number of writes")? }
        }
        "wipe" => Action::Wipe(cursor.node()?),
        "cut" => cursor.link().map(|(from, to)| Action::Cut { from, to })?,
        "mend" => cursor.link().map(|(from, to)| Action::Mend { from, to })?,
        "partition" => Action::Partition(cursor.groups()?),
        "heal" => Action::Heal,
        "pause" => Action::Pause(cursor.node()?),
        "resume" => Action::Resume(cursor.node()?),
        "stall" => Action::Stall(cursor.node()?),
        "unstall" => Action::Unstall(cursor.node()?),
        "skew" => Action::Skew { node: cursor.node()?, percent: cursor.percent()? },
        "jump" => Action::Jump { node: cursor.node()?, ms: cursor.milliseconds()? },
        "write" => {
            let node = cursor.node()?;
            let (key, value) = cursor.assignment()?;
            Action::Write { node, key, value }
        }
        other => unreachable!("{other} is in VERBS"),
    })
}

impl Cursor<'_> {
    fn verb(&mut self) -> Result<&'static str, ParseError> {
        let token = self.take();
        if let Some(&(verb, example)) = VERBS.iter().find(|(verb, _)| *verb == token.text) {
            self.example = example;
            return Ok(verb);
        }
        let verbs = || VERBS.iter().map(|(verb, _)| *verb);
        let all = || format!("actions are {}", verbs().collect::<Vec<_>>().join(", "));
        let hint = suggest(token.text, verbs()).map_or_else(all, did_you_mean);
        let message = if token.text.is_empty() {
            "expected an action, found the end of the line".to_owned()
        } else {
            format!("unknown action {}", quoted(token.text))
        };
        Err(self.error(&token, message, hint))
    }

    fn node(&mut self) -> Result<NodeId, ParseError> {
        let token = self.take();
        self.node_in(&token)
    }

    fn node_in(&self, token: &Token<'_>) -> Result<NodeId, ParseError> {
        let digits = token.text.strip_prefix('n').unwrap_or_default();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.expected("a node", token));
        }
        match digits.as_bytes() {
            &[digit @ b'1'..=b'9'] => Ok(NodeId(digit - b'0')),
            _ => Err(self.error(
                token,
                format!("there is no node {}", quoted(token.text)),
                format!("nodes are n1 to n{NODES_MAX}"),
            )),
        }
    }

    fn link(&mut self) -> Result<(NodeId, NodeId), ParseError> {
        let token = self.take();
        let Some((from, to)) = token.text.split_once("->") else {
            return Err(self.expected("a link", &token));
        };
        let Range { start, end } = token.bytes;
        let from = Token { text: from, bytes: start..start + from.len() };
        let to = Token { text: to, bytes: end - to.len()..end };
        Ok((self.node_in(&from)?, self.node_in(&to)?))
    }

    fn pattern(&mut self, kinds: &[Kind]) -> Result<Pattern, ParseError> {
        let (from, to) = self.link()?;
        let token = self.take();
        if token.text.is_empty() {
            return Err(self.expected("a message kind", &token));
        }
        let Some(kind) = kinds.iter().find(|kind| kind.name == token.text) else {
            let names: Vec<_> = kinds.iter().map(|kind| kind.name.text()).collect();
            let mut hint = format!("this target sends {}", names.join(", "));
            if let Some(name) = suggest(token.text, names) {
                hint = format!("{} {hint}", did_you_mean(name));
            }
            let message = format!("unknown message kind {}", quoted(token.text));
            return Err(self.error(&token, message, hint));
        };
        let outcome = self.outcome(kind)?;
        let signature = self.signature()?;
        Ok(Pattern { from, to, kind: kind.name, outcome, signature })
    }

    fn outcome(&mut self, kind: &Kind) -> Result<Option<Word>, ParseError> {
        let token = self.peek();
        if token.text.is_empty() || token.text.starts_with('#') {
            return Ok(None);
        }
        let Some([yes, no]) = kind.outcomes else {
            let message = format!("unexpected {}", quoted(token.text));
            return Err(self.error(&token, message, format!("{} has no outcome", kind.name)));
        };
        self.take();
        if let Some(&word) = [yes, no].iter().find(|word| **word == token.text) {
            return Ok(Some(word));
        }
        let message = format!("unknown outcome {}", quoted(token.text));
        let either = format!("{} is `{yes}` or `{no}`", kind.name);
        Err(self.error(&token, message, either))
    }

    fn signature(&mut self) -> Result<Option<u32>, ParseError> {
        let token = self.peek();
        let Some(digits) = token.text.strip_prefix('#') else { return Ok(None) };
        let is_signature = digits.len() == 8
            && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if !is_signature {
            let message = format!("{} is not a signature", quoted(token.text));
            let hint = "a signature is # and eight digits of 0-9 a-f: `#9f3c12ab`";
            return Err(self.error(&token, message, hint));
        }
        self.take();
        Ok(Some(u32::from_str_radix(digits, 16).expect("eight hex digits are a u32")))
    }

    /// `keep 1`, or nothing at all for `keep 0`.
    fn keep(&mut self) -> Result<u16, ParseError> {
        match self.peek().text {
            "" => Ok(0),
            "keep" => {
                self.take();
                self.count("a number of writes")
            }
            _ => Err(self.expected("`keep` or the end of the line", &self.peek())),
        }
    }

    fn count(&mut self, what: &str) -> Result<u16, ParseError> {
        let token = self.take();
        self.number(&token, token.text, what, 0..=u32::from(u16::MAX)).map(|count| count as u16)
    }

    fn percent(&mut self) -> Result<i16, ParseError> {
        let token = self.take();
        let what = "a percentage such as +3%";
        let signed = token.text.strip_suffix('%').ok_or_else(|| self.expected(what, &token))?;
        let digits = signed.strip_prefix(['+', '-']).unwrap_or(signed);
        let size = self.number(&token, digits, what, 0..=u32::MAX)?;
        let size = if signed.starts_with('-') { -i64::from(size) } else { i64::from(size) };
        i16::try_from(size).ok().filter(|percent| SKEW_PERCENT.contains(percent)).ok_or_else(|| {
            let (slow, fast) = (SKEW_PERCENT.start(), SKEW_PERCENT.end());
            let message = format!("{} is out of range", clipped(token.text));
            self.error(&token, message, format!("a skew is from {slow:+}% to {fast:+}%"))
        })
    }

    fn milliseconds(&mut self) -> Result<u32, ParseError> {
        let token = self.take();
        let what = "a time such as 250ms";
        let digits = token.text.strip_suffix("ms").ok_or_else(|| self.expected(what, &token))?;
        self.number(&token, digits, what, 0..=u32::MAX)
    }

    /// `x=10`: the key's number and the value.
    fn assignment(&mut self) -> Result<(u8, u32), ParseError> {
        let token = self.take();
        let what = "a key and a value such as x=10";
        let (key, value) = token.text.split_once('=').ok_or_else(|| self.expected(what, &token))?;
        let &[letter @ b'a'..=b'z'] = key.as_bytes() else {
            let key = Token { text: key, bytes: token.bytes.start..token.bytes.start + key.len() };
            let message = format!("{} is not a key", quoted(key.text));
            return Err(self.error(&key, message, "keys are the letters a to z"));
        };
        let number = Token { text: value, bytes: token.bytes.end - value.len()..token.bytes.end };
        Ok((letter - b'a', self.number(&number, value, "a value", 0..=u32::MAX)?))
    }

    /// `{n1 n2} {n3}`, to the end of the line.
    fn groups(&mut self) -> Result<Groups, ParseError> {
        let mut groups = Groups::default();
        let mut count = 0;
        while count == 0 || !self.peek().text.is_empty() {
            let open = self.take();
            if open.text != "{" {
                return Err(self.expected("a group such as {n1 n2}", &open));
            }
            if count == NODES_MAX {
                let hint = format!("a partition has at most {NODES_MAX} groups");
                return Err(self.error(&open, "one group too many".into(), hint));
            }
            groups.0[count] = self.group()?;
            count += 1;
        }
        Ok(groups)
    }

    /// What follows a group's opening brace, with the closing one.
    fn group(&mut self) -> Result<NodeSet, ParseError> {
        let mut group = NodeSet::EMPTY;
        loop {
            let token = self.take();
            if token.text == "}" {
                return Ok(group);
            }
            if matches!(token.text, "" | "{") {
                return Err(self.expected("a node or `}`", &token));
            }
            let node = self.node_in(&token)?;
            if group.contains(node) {
                let message = format!("{node} is in this group already");
                return Err(self.error(&token, message, "name each node once"));
            }
            group.insert(node);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [Kind; 3] = [
        Kind::new("RequestVote"),
        Kind::new("RequestVoteReply").with_outcomes("granted", "denied"),
        Kind::new("AppendEntries").with_outcomes("entries", "heartbeat"),
    ];

    #[test]
    fn every_verb_has_an_example_that_parses() {
        for (verb, example) in VERBS {
            let action = Action::parse(example, &KINDS).expect("examples are right");
            assert_eq!(action.verb(), *verb);
            assert_eq!(action.to_string(), *example);
        }
    }

    #[test]
    fn blanks_do_not_matter() {
        let action = |line| Action::parse(line, &KINDS).expect("the test's line is right");
        assert_eq!(action("  crash\tn1   keep 2 "), action("crash n1 keep 2"));
        assert_eq!(action("partition{n2 n1}{ n3 }"), action("partition {n1 n2} {n3}"));
        assert_eq!(action("crash n1 keep 0"), action("crash n1"));
    }

    #[track_caller]
    fn wrong(line: &str, text: &str) {
        let error = Action::parse(line, &KINDS).expect_err("the line is wrong");
        assert_eq!(error.to_string(), text, "{line}");
    }

    #[test]
    fn mistakes_with_words_are_explained() {
        wrong(
            "delvier n1->n2 RequestVote",
            "column 1: unknown action `delvier`\nhint: did you mean `deliver`?",
        );
        wrong(
            "deliver n1->n2 RequestVot",
            "column 16: unknown message kind `RequestVot`\n\
             hint: did you mean `RequestVote`? this target sends RequestVote, RequestVoteReply, AppendEntries",
        );
        wrong(
            "drop n1->n2 InstallSnapshot",
            "column 13: unknown message kind `InstallSnapshot`\n\
             hint: this target sends RequestVote, RequestVoteReply, AppendEntries",
        );
        wrong(
            "deliver n2->n1 RequestVoteReply yes",
            "column 33: unknown outcome `yes`\nhint: RequestVoteReply is `granted` or `denied`",
        );
        wrong(
            "deliver n1->n2 RequestVote granted",
            "column 28: unexpected `granted`\nhint: RequestVote has no outcome",
        );
        wrong(
            "deliver n1->n2 RequestVote #9F3",
            "column 28: `#9F3` is not a signature\n\
             hint: a signature is # and eight digits of 0-9 a-f: `#9f3c12ab`",
        );
        wrong(
            "deliver n1 n2 RequestVote",
            "column 9: expected a link, found `n1`\n\
             hint: write it like `deliver n5->n3 RequestVote`",
        );
        wrong(
            "timeout",
            "column 8: expected a node, found the end of the line\nhint: write it like `timeout n5`",
        );
        wrong(
            "heal # at last",
            "column 6: unexpected `#`\nhint: a comment stands on a line of its own",
        );
        wrong(
            "",
            "column 1: expected an action, found the end of the line\n\
             hint: actions are timeout, heartbeat, deliver, duplicate, drop, sync, fail, crash, \
             restart, lose, wipe, cut, mend, partition, heal, pause, resume, stall, unstall, skew, \
             jump, write",
        );
    }

    #[test]
    fn mistakes_with_numbers_are_explained() {
        wrong("crash n0", "column 7: there is no node `n0`\nhint: nodes are n1 to n9");
        wrong("cut n1->n10", "column 9: there is no node `n10`\nhint: nodes are n1 to n9");
        wrong(
            "crash 1",
            "column 7: expected a node, found `1`\nhint: write it like `crash n1 keep 1`",
        );
        wrong(
            "write n1 x=99999999999",
            "column 12: 99999999999 is out of range\n\
             hint: it is a whole number from 0 to 4294967295",
        );
        wrong("write n1 key=1", "column 10: `key` is not a key\nhint: keys are the letters a to z");
        wrong(
            "crash n1 kep 1",
            "column 10: expected `keep` or the end of the line, found `kep`\n\
             hint: write it like `crash n1 keep 1`",
        );
        wrong("skew n1 -95%", "column 9: -95% is out of range\nhint: a skew is from -90% to +900%");
        wrong(
            "partition {n1 n2} {n3",
            "column 22: expected a node or `}`, found the end of the line\n\
             hint: write it like `partition {n1 n2} {n3 n4 n5}`",
        );
        wrong(
            "partition {n1 n1}",
            "column 15: n1 is in this group already\nhint: name each node once",
        );
    }
}
