//! A recorded run as a log for ShiViz: an event of a node, with its vector clock, in two lines each.
//!
//! ShiViz reads them with the expression `(?<host>\S*) (?<clock>\{.*\})\n(?<event>.*)`. What
//! happens to the network happens to no node, and is left out.

use std::fmt::Write as _;

use super::trace::{MessageReport, Recording, StepReport};

/// One number for each node.
type Clock = Vec<u64>;

/// The log.
pub fn shiviz(recording: &Recording) -> String {
    let nodes = usize::from(recording.nodes);
    let mut clocks: Vec<Clock> = vec![vec![0; nodes]; nodes];
    let mut of_messages: Vec<Clock> = vec![Vec::new(); recording.messages.len()];
    let mut text = String::new();
    for (number, step) in recording.steps.iter().enumerate() {
        let arrives = arriving(recording, number, step);
        let Some(node) = happens_to(step, arrives.map(|place| &recording.messages[place])) else {
            continue;
        };
        let slot = usize::from(node) - 1;
        if let Some(place) = arrives {
            let sent = of_messages[place].clone();
            for (ours, theirs) in clocks[slot].iter_mut().zip(sent) {
                *ours = theirs.max(*ours);
            }
        }
        clocks[slot][slot] += 1;
        for (place, message) in recording.messages.iter().enumerate() {
            if message.sent == number && message.from == node {
                of_messages[place].clone_from(&clocks[slot]);
            }
        }
        let action = step.action.as_deref().unwrap_or_default();
        let said: Vec<&str> =
            step.notes.iter().filter(|it| 0 < it.weight).map(|it| it.says.as_str()).collect();
        let event = format!("{number} {action} {}", said.join("; "));
        let _ = writeln!(text, "n{node} {}\n{}", in_words(&clocks[slot]), event.trim_end());
    }
    text
}

/// The message that arrives with a step: the oldest one sent under its name that has not arrived
/// earlier, or for one that arrives again the last that has.
fn arriving(recording: &Recording, number: usize, step: &StepReport) -> Option<usize> {
    let (verb, name) = step.action.as_deref()?.split_once(' ')?;
    let mut named = recording.messages.iter().enumerate();
    match verb {
        "deliver" => named.find(|(_, it)| it.gone == Some(number)).map(|(place, _)| place),
        "duplicate" => {
            let earlier = |it: &MessageReport| it.gone.is_some_and(|gone| gone < number);
            named.rfind(|(_, it)| it.name == name && earlier(it)).map(|(place, _)| place)
        }
        _ => None,
    }
}

/// The node to which a step happens.
fn happens_to(step: &StepReport, arrives: Option<&MessageReport>) -> Option<u8> {
    if let Some(message) = arrives {
        return Some(message.to);
    }
    let (verb, rest) = step.action.as_deref()?.split_once(' ')?;
    if ["drop", "cut", "mend", "partition"].contains(&verb) {
        return None;
    }
    rest.split(' ').next()?.strip_prefix('n')?.parse().ok()
}

fn in_words(clock: &Clock) -> String {
    let known = clock.iter().enumerate().filter(|(_, count)| 0 < **count);
    let known: Vec<String> =
        known.map(|(slot, count)| format!("\"n{}\": {count}", slot + 1)).collect();
    format!("{{{}}}", known.join(", "))
}
