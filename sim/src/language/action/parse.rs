//! Text as actions. A line that is wrong gets the place, what stands there, and what to write.

use std::fmt;

use super::{Action, ROWS, Row, Verb};
use crate::language::field::Line;
use crate::language::text::{Cursor, ParseError, did_you_mean, quoted, suggest};
use crate::node::Kind;

impl Action {
    /// Reads one line. `kinds` is the target's vocabulary: messages it does not have are errors.
    ///
    /// # Errors
    /// When the line is not in the language.
    pub fn parse(line: &str, kinds: &[Kind]) -> Result<Action, ParseError> {
        Action::parse_or(line, kinds, &[])
    }

    /// The same where a line may begin with other words, too, which this one does not.
    pub(crate) fn parse_or(
        line: &str,
        kinds: &[Kind],
        others: &[&'static str],
    ) -> Result<Action, ParseError> {
        let mut cursor = Cursor::new(line);
        let (row, verb) = verb(&mut cursor, others)?;
        cursor.example = verb.example;
        let mut line = Line { cursor, kinds, verb: verb.word };
        let action = (row.read)(&mut line)?;
        line.end(&action)?;
        Ok(action)
    }
}

impl Line<'_> {
    /// Nothing may follow what was read.
    pub(crate) fn end(&self, read: &impl fmt::Display) -> Result<(), ParseError> {
        let rest = self.cursor.peek();
        if rest.text.is_empty() {
            return Ok(());
        }
        let hint = if rest.text.starts_with('#') {
            "a comment stands on a line of its own".to_owned()
        } else {
            format!("the action is complete before it: `{read}`")
        };
        Err(self.cursor.error(&rest, format!("unexpected {}", quoted(rest.text)), hint))
    }
}

fn verb(
    cursor: &mut Cursor<'_>,
    others: &[&'static str],
) -> Result<(&'static Row, &'static Verb), ParseError> {
    let token = cursor.take();
    let verbs = || ROWS.iter().flat_map(|row| row.verbs.iter().map(move |verb| (row, verb)));
    if let Some(known) = verbs().find(|(_, verb)| verb.word == token.text) {
        return Ok(known);
    }
    let words = Action::verbs().map(|verb| verb.word).chain(others.iter().copied());
    let words: Vec<&str> = words.collect();
    let all = || format!("actions are {}", words.join(", "));
    let hint = suggest(token.text, words.iter().copied()).map_or_else(all, did_you_mean);
    let message = if token.text.is_empty() {
        "expected an action, found the end of the line".to_owned()
    } else {
        format!("unknown action {}", quoted(token.text))
    };
    Err(cursor.error(&token, message, hint))
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
        let error = Action::parse("", &KINDS).expect_err("an empty line is no action");
        assert_eq!(error.message, "expected an action, found the end of the line");
        let hint = error.hint.expect("all verbs are named");
        assert!(hint.starts_with("actions are timeout, heartbeat, deliver, "), "{hint}");
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
