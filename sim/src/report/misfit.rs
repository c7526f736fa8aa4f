//! Why a line of a script or a scenario could not be played, in words, and what could be; and which
//! message was taken where a name fitted several.

use super::sentence::said;
use crate::language::action::{Action, Keep, Link, Pattern, Scope};
use crate::node::NodeId;
use crate::run::player::{Choice, Misfit, Unplayed};
use crate::schedule::script::line;
use crate::world::Event;
use crate::world::stage::{Flight, Stage};

/// Messages that are named where others are asked for, at most.
const NAMED_MAX: usize = 8;

/// What is wrong with a line that could not be played.
pub fn message(unplayed: &Unplayed) -> String {
    match &unplayed.misfit {
        Misfit::MeansNothing(action) => {
            let line = unplayed.phrase.to_string();
            if line == action.to_string() {
                return format!("`{line}` means nothing when its turn comes");
            }
            let action = action.unsigned();
            format!("`{action}`, of `{line}`, means nothing when its turn comes")
        }
        Misfit::NoVote { from, to } => format!(
            "`{}`: no vote is on its way from {from} to {to} when its turn comes",
            unplayed.phrase
        ),
        Misfit::NotElected(node) => format!("`{}`: {node} does not win", unplayed.phrase),
        Misfit::NobodyLeads => "nobody leads, so nobody settles anything".to_owned(),
        Misfit::NeverRests => format!("`{}`: the cluster never comes to rest", unplayed.phrase),
    }
}

/// What to know, or to do about it.
pub fn hint(unplayed: &Unplayed) -> String {
    let stage = &unplayed.stage;
    match &unplayed.misfit {
        Misfit::MeansNothing(action) => why(action, stage),
        Misfit::NoVote { from, to } => {
            let link = Link { from: *from, to: *to };
            pending(link, None, Where::OnTheWay, stage)
        }
        Misfit::NotElected(node) => {
            let view = &stage.host(*node).view;
            let role = view.role.map_or("nothing it reveals".to_owned(), |role| role.to_string());
            let term =
                view.current_term.map_or_else(String::new, |term| format!(" of term {term}"));
            format!("it is {role}{term} then; name voters that grant it, and enough of them")
        }
        Misfit::NobodyLeads => "let a node win an election first: `elect n1 by n2`".to_owned(),
        Misfit::NeverRests => {
            "messages call forth messages without end; deliver them one by one".to_owned()
        }
    }
}

/// Which message was taken, and how to name the others.
pub fn choice(choice: &Choice) -> String {
    let Choice { line: _, asked, took, others, stage } = choice;
    if others.is_empty() {
        return format!("no message is exactly that one; taken was `{took}`");
    }
    let verb = asked.verb();
    let others = others.iter().map(|it| format!("`{verb} {}` ({})", stage.pattern(it), words(it)));
    format!(
        "it fits several messages; taken was the newest, `{took}`. The others: {}",
        others.collect::<Vec<_>>().join(", ")
    )
}

fn words(flight: &Flight) -> String {
    said(&flight.label.statement)
}

/// Why an action means nothing.
fn why(action: &Action, stage: &Stage) -> String {
    match *action {
        Action::Deliver(message) | Action::Drop(message) => {
            let there = stage.flights.iter().any(|flight| fits(&message, flight, stage));
            let instead = || pending(message.link(), Some(&message), Where::OnTheWay, stage);
            if there { unreachable(&message, stage) } else { instead() }
        }
        Action::Duplicate(message) => {
            let there = stage.delivered.iter().any(|flight| fits(&message, flight, stage));
            let instead = || pending(message.link(), Some(&message), Where::Delivered, stage);
            if there { unreachable(&message, stage) } else { instead() }
        }
        Action::Timeout(node, timer) => deaf(node, stage)
            .unwrap_or_else(|| format!("{node}'s {} timer is off then", timer.name())),
        Action::Write(node, _) => deaf(node, stage).unwrap_or_else(nothing),
        Action::Sync(node) => unsyncable(node, stage).unwrap_or_else(nothing),
        Action::Fail(node, keep) => {
            unsyncable(node, stage).unwrap_or_else(|| too_many(node, keep, stage))
        }
        Action::Crash(node, keep) if stage.host(node).up => too_many(node, keep, stage),
        Action::Crash(node, _) | Action::Pause(node) if !stage.host(node).up => down(node),
        Action::Restart(node) | Action::Lose(node, _) | Action::Wipe(node)
            if stage.host(node).up =>
        {
            format!("{node} is not down then")
        }
        Action::Lose(node, _) | Action::Wipe(node) => {
            format!("{node} has {} durable writes then", stage.host(node).journal.len())
        }
        Action::Stall(_) if !stage.has_queued_disks() => {
            "the disk is instant: nothing waits for it".to_owned()
        }
        _ => nothing(),
    }
}

fn nothing() -> String {
    "it would change nothing then".to_owned()
}

fn down(node: NodeId) -> String {
    format!("{node} is down then")
}

fn too_many(node: NodeId, Keep(keep): Keep, stage: &Stage) -> String {
    format!("{node} has {} writes queued then, not {keep}", stage.host(node).queue.len())
}

/// Why a node takes no input.
fn deaf(node: NodeId, stage: &Stage) -> Option<String> {
    let host = stage.host(node);
    match (host.up, host.paused, host.busy) {
        (false, ..) => Some(down(node)),
        (_, true, _) => Some(format!("{node} is paused then")),
        (.., true) => Some(format!("{node} waits for its disk then: `sync {node}` first")),
        _ => None,
    }
}

/// Why a disk has nothing to complete.
fn unsyncable(node: NodeId, stage: &Stage) -> Option<String> {
    let host = stage.host(node);
    match (host.up, host.paused, host.stalled, host.queue.is_empty()) {
        (false, ..) => Some(down(node)),
        (_, true, ..) => Some(format!("{node} is paused then")),
        (.., true, _) => Some(format!("{node}'s disk is stalled then")),
        (.., true) => Some(format!("{node} has nothing to sync then")),
        _ => None,
    }
}

/// Why a message that is there cannot arrive.
fn unreachable(message: &Pattern, stage: &Stage) -> String {
    let cut = || format!("the link {} is cut then", message.link());
    deaf(message.to, stage).unwrap_or_else(cut)
}

/// Whether a message is the one that is named.
fn fits(message: &Pattern, flight: &Flight, stage: &Stage) -> bool {
    let pattern = stage.pattern(flight);
    pattern.link() == message.link()
        && pattern.kind == message.kind
        && message.outcome.is_none_or(|outcome| pattern.outcome == Some(outcome))
        && message.signature.is_none_or(|signature| pattern.signature == Some(signature))
}

/// What there is instead, the nearest names first: on the link and of the kind, on the link, of the
/// kind, and the rest, each in the order in which they were sent.
fn pending(link: Link, wanted: Option<&Pattern>, where_: Where, stage: &Stage) -> String {
    let distance = |name: &Pattern| {
        let same_kind = wanted.is_some_and(|wanted| wanted.kind == name.kind);
        match (name.link() == link, same_kind) {
            (true, true) => 0,
            (true, false) => 1,
            (false, true) => 2,
            (false, false) => 3,
        }
    };
    let mut names = where_.names(stage);
    names.sort_by_key(|(number, name)| (distance(name), name.to != link.to, *number));
    let mut names: Vec<String> = names.iter().map(|(_, name)| name.to_string()).collect();
    names.dedup();
    let more = names.len().saturating_sub(NAMED_MAX);
    names.truncate(NAMED_MAX);
    if 0 < more {
        names.push(format!("{more} more"));
    }
    let place = match where_ {
        Where::OnTheWay => "is on its way",
        Where::Delivered => "has arrived before",
    };
    if names.is_empty() {
        return format!("no message {place} then");
    }
    format!("no such message {place} then, but {}", names.join(", "))
}

/// Where messages are looked for.
#[derive(Copy, Clone)]
enum Where {
    OnTheWay,
    Delivered,
}

impl Where {
    /// All messages that are there, by their number, each as short as a line may name it.
    fn names(self, stage: &Stage) -> Vec<(u64, Pattern)> {
        let name = |event| match line(event, stage).scope() {
            Scope::Message(name) => name,
            _ => unreachable!("an event of a message is about a message"),
        };
        match self {
            Where::OnTheWay => {
                let flights = stage.flights.iter().enumerate();
                flights.map(|(slot, flight)| (flight.number, name(Event::Deliver(slot)))).collect()
            }
            Where::Delivered => {
                let flights = stage.delivered.iter().enumerate();
                flights.map(|(slot, it)| (it.number, name(Event::Duplicate(slot)))).collect()
            }
        }
    }
}
