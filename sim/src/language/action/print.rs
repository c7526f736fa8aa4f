//! Actions as text: one line each, exactly as the parser reads them.

use super::{Action, Groups, Pattern};
use std::fmt;

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.verb())?;
        match *self {
            Action::Timeout { node, .. }
            | Action::Sync(node)
            | Action::Restart(node)
            | Action::Wipe(node)
            | Action::Pause(node)
            | Action::Resume(node)
            | Action::Stall(node)
            | Action::Unstall(node)
            | Action::Fail { node, keep: 0 }
            | Action::Crash { node, keep: 0 } => write!(f, " {node}"),
            Action::Fail { node, keep } | Action::Crash { node, keep } => {
                write!(f, " {node} keep {keep}")
            }
            Action::Deliver(pattern) | Action::Duplicate(pattern) | Action::Drop(pattern) => {
                write!(f, " {pattern}")
            }
            Action::Lose { node, writes } => write!(f, " {node} {writes}"),
            Action::Cut { from, to } | Action::Mend { from, to } => write!(f, " {from}->{to}"),
            Action::Partition(groups) => write!(f, " {groups}"),
            Action::Heal => Ok(()),
            Action::Skew { node, percent } => write!(f, " {node} {percent:+}%"),
            Action::Jump { node, ms } => write!(f, " {node} {ms}ms"),
            Action::Write { node, key, value } => {
                write!(f, " {node} {}={value}", char::from(b'a' + key))
            }
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}->{} {}", self.from, self.to, self.kind)?;
        if let Some(outcome) = self.outcome {
            write!(f, " {outcome}")?;
        }
        if let Some(signature) = self.signature {
            write!(f, " #{signature:08x}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Groups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An empty group changes nothing, but it has a place: the same value must come back.
        let used = self.0.iter().rposition(|group| !group.is_empty()).map_or(1, |last| last + 1);
        for (position, group) in self.0[..used].iter().enumerate() {
            if 0 < position {
                f.write_str(" ")?;
            }
            write!(f, "{group}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::language::action::Action;
    use crate::node::Kind;

    #[test]
    fn every_action_has_its_line() {
        let kinds = [Kind::new("RequestVoteReply").with_outcomes("granted", "denied")];
        let lines = [
            "timeout n5",
            "heartbeat n5",
            "deliver n5->n3 RequestVoteReply",
            "deliver n5->n3 RequestVoteReply granted",
            "deliver n5->n3 RequestVoteReply #0000000a",
            "deliver n5->n3 RequestVoteReply denied #9f3c12ab",
            "duplicate n5->n3 RequestVoteReply",
            "drop n5->n3 RequestVoteReply",
            "sync n2",
            "fail n2",
            "fail n2 keep 1",
            "crash n1",
            "crash n1 keep 1",
            "restart n1",
            "lose n1 2",
            "wipe n1",
            "cut n1->n2",
            "mend n1->n2",
            "partition {n1 n2} {n3 n4 n5}",
            "partition {}",
            "heal",
            "pause n4",
            "resume n4",
            "stall n4",
            "unstall n4",
            "skew n2 +3%",
            "skew n2 -90%",
            "jump n2 250ms",
            "write n1 x=10",
        ];
        for line in lines {
            let action = Action::parse(line, &kinds).expect("every line is in the language");
            assert_eq!(action.to_string(), line);
            assert!(line.starts_with(action.verb()), "a line starts with its verb");
        }
    }
}
