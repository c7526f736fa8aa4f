//! A node asks for nothing that the port does not have.

use crate::evidence::evidence;
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level};
use crate::moment::Breached;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "H4",
    name: "PortContract",
    level: Level::Harness,
    statement: "A node sends to servers of its cluster alone, names its messages by kinds that it \
                has declared, numbers its writes upwards, and lets messages wait only for writes \
                that it has issued.",
    source: "the port's contract",
    explain: "\
What cannot be done is not done, and the node stops there: whatever came of it after that would \
say nothing about its Raft. The mistake is nearly always the adapter's.

Example: an adapter that counts servers from 0 sends to n0.",
    needs: &[],
    judges: &[Judge::Breached(breached)],
};

fn breached(_: &History, moment: &Breached) -> Judgement {
    Err(evidence!("{} {}", moment.node, moment.breach.to_string()))
}

#[cfg(test)]
mod tests {
    use crate::fact::{Breach, NodeId};
    use crate::testing::Play;

    #[test]
    fn every_breach_is_told_in_words() {
        let told = |breach| {
            let mut play = Play::new(3);
            play.holds();
            play.breach(1, breach);
            play.breaks("PortContract");
            play.checker.violations()[0].evidence.to_string()
        };
        let to = NodeId(0);
        assert_eq!(told(Breach::NoSuchNode { to }), "n1 sends to n0, which does not exist");
        let kind = Breach::NoSuchKind { kind: 4, kinds: 4 };
        assert_eq!(told(kind), "n1 names a message by kind 4, but has only the kinds 0 to 3");
        let none = Breach::NoSuchKind { kind: 0, kinds: 0 };
        assert_eq!(told(none), "n1 names a message by kind 0, but has no kinds");
        let write = Breach::WriteNotRising { write: 7, last: 7 };
        assert_eq!(told(write), "n1 issues write 7 after write 7");
        let after = Breach::NoSuchWrite { after: 8, last: Some(7) };
        assert_eq!(
            told(after),
            "n1 lets a message wait for write 8, but issued none after write 7"
        );
        let none = Breach::NoSuchWrite { after: 8, last: None };
        assert_eq!(told(none), "n1 lets a message wait for write 8, but issued none");
    }

    #[test]
    fn who_breaks_it_is_down() {
        let mut play = Play::new(1);
        play.breach(1, Breach::WriteNotRising { write: 1, last: 2 });
        assert!(!play.checker.history().node(NodeId(1)).up);
        play.boot(1);
        assert!(play.checker.history().node(NodeId(1)).up);
    }
}
