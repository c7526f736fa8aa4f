//! What judges have seen, in words.

use raft_invariants::Violation;
use raft_invariants::fact::Payload;

use super::sentence::content;

/// The evidence of a violation, with commands as clients gave them: `x=3` instead of a number.
/// Judges know commands only as the numbers that the log carries.
pub fn evidence(violation: &Violation) -> String {
    in_words(&violation.evidence)
}

fn in_words(evidence: &str) -> String {
    let mut text = String::new();
    let mut rest = evidence;
    while let Some((before, number, after)) = next_command(rest) {
        text.push_str(before);
        text.push_str(&content(Payload::Command(number)));
        rest = after;
    }
    text + &rest.replace("NoOp", "no-op")
}

/// The first `Command(17)` or `command 17`: what stands before it, the number, what comes after.
fn next_command(text: &str) -> Option<(&str, u64, &str)> {
    let starts = ["Command(", "command "]
        .iter()
        .filter_map(|word| text.find(word).map(|start| (start, start + word.len())));
    let (start, digits) = starts.min()?;
    let number: &str = &text[digits..];
    let end = number.find(|char: char| !char.is_ascii_digit()).unwrap_or(number.len());
    let value = number[..end].parse().ok()?;
    Some((&text[..start], value, number[end..].trim_start_matches(')')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_names_commands_as_clients_do() {
        let x_3 = 23_u64 << 32 | 3;
        let said = format!("n1 applied Command({x_3}) of term 1 at 1, not command {x_3} at 2");
        assert_eq!(in_words(&said), "n1 applied x=3 of term 1 at 1, not x=3 at 2");
        assert_eq!(in_words("n1 applied NoOp at 1"), "n1 applied no-op at 1");
        assert_eq!(in_words("a command of nobody"), "a command of nobody");
    }
}
