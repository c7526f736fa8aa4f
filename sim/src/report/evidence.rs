//! What judges have seen, in words.

use raft_invariants::Violation;
use raft_invariants::evidence::Part;
use raft_invariants::fact::Payload;

use super::sentence::content;

/// The evidence of a violation, with commands as clients gave them: judges know only numbers.
pub fn evidence(violation: &Violation) -> String {
    violation.evidence.parts().iter().map(part).collect()
}

fn part(part: &Part) -> String {
    match part {
        &Part::Command(command) => content(Payload::Command(command)),
        &Part::Payload(payload) => content(payload),
        part => part.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::command::Assignment;

    #[test]
    fn commands_are_named_as_clients_do() {
        let command = Assignment { key: 23, value: 3, before: 0 }.command();
        assert_eq!(part(&Part::Command(command)), "x=3");
        assert_eq!(part(&Part::Payload(Payload::Command(command))), "x=3");
        assert_eq!(part(&Part::Payload(Payload::NoOp)), "no-op");
        assert_eq!(part(&Part::Term(3)), "3");
    }
}
