//! How a node and its machine stand at some moment.

use std::fmt::Write as _;

use crate::node::{Log, NodeId, Timer, Write};
use crate::world::stage::{Flight, Host, Stage};

use super::sentence::{content, entries, message};

/// Everything about one node, over several lines.
pub fn state(stage: &Stage, node: NodeId, actions: usize) -> String {
    let host = stage.host(node);
    let mut text = format!("{node} after action {actions}: {}\n", health(stage, host));
    let mut line = |what: &str, value: &str| {
        writeln!(text, "  {what:<8}  {value}").expect("a String takes everything");
    };
    line("view", &view(host));
    let hard_state = host.disk.hard_state;
    let vote = hard_state.voted_for.map_or("nobody".to_owned(), |node| node.to_string());
    line("disk", &format!("term {}, voted for {vote}", hard_state.current_term));
    line("log", &log(&host.disk.log));
    if stage.has_queued_disks() {
        let queue: Vec<String> = host.queue.iter().map(write).collect();
        line("queue", queue.first().map_or("empty", String::as_str));
        queue.iter().skip(1).for_each(|write| line("", write));
    }
    let values: Vec<String> = host.state.values().map(|value| value.to_string()).collect();
    let values = if values.is_empty() { "none".to_owned() } else { values.join(", ") };
    line("values", &values);
    let timers = Timer::ALL.map(|timer| timer_text(stage, host, timer));
    line("timers", &timers.join(", "));
    if host.clock_percent != 100 {
        line("clock", &format!("runs at {} % of true time", host.clock_percent));
    }
    line("reaches", &stage.reach[node.slot()].to_string());
    let coming = stage.flights.iter().filter(|flight| flight.to == node);
    let coming =
        coming.map(|flight| format!("from {}: {}", flight.from, coming_message(stage, flight)));
    let coming: Vec<String> = coming.collect();
    line("coming", coming.first().map_or("nothing", String::as_str));
    coming.iter().skip(1).for_each(|message| line("", message));
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

fn health(stage: &Stage, host: &Host) -> String {
    if !host.up {
        return "down".to_owned();
    }
    let mut words = vec![match host.incarnation {
        1 => "up".to_owned(),
        starts => format!("up, started {starts} times"),
    }];
    if host.paused {
        words.push("paused".to_owned());
    }
    if host.stalled {
        words.push("its disk is stalled".to_owned());
    }
    if host.busy {
        words.push("waits for its disk".to_owned());
    }
    words.push(format!("{} ms on the clock", stage.now_us / 1000));
    words.join(", ")
}

fn view(host: &Host) -> String {
    let view = &host.view;
    let mut words: Vec<String> = Vec::new();
    words.extend(view.role.map(|role| role.to_string()));
    words.extend(view.current_term.map(|term| format!("term {term}")));
    words.extend(view.voted_for.map(|voted_for| match voted_for {
        Some(node) => format!("votedFor {node}"),
        None => "votedFor nobody".to_owned(),
    }));
    words.extend(view.commit_index.map(|index| format!("commitIndex {index}")));
    words.extend(view.last_applied.map(|index| format!("lastApplied {index}")));
    words.extend(view.last_log.map(|last| match last.index {
        0 => "log empty".to_owned(),
        _ => format!("log ends at {last}"),
    }));
    if words.is_empty() { "reveals nothing".to_owned() } else { words.join(", ") }
}

fn log(log: &Log) -> String {
    if log.entries().is_empty() {
        return "empty".to_owned();
    }
    let entries = log
        .iter()
        .map(|(index, entry)| format!("{index}:{}(t{})", content(entry.payload), entry.term));
    entries.collect::<Vec<_>>().join(" ")
}

pub(super) fn write(write: &Write) -> String {
    let mut words: Vec<String> = Vec::new();
    if let Some(hard_state) = write.hard_state {
        let vote =
            hard_state.voted_for.map_or("no vote".to_owned(), |node| format!("vote for {node}"));
        words.push(format!("term {} and {vote}", hard_state.current_term));
    }
    words.extend(write.truncate_from.map(|from| format!("cut from index {from} on")));
    if !write.append.is_empty() {
        words.push(format!("append {}", entries(&write.append)));
    }
    words.join(", ")
}

fn timer_text(stage: &Stage, host: &Host, timer: Timer) -> String {
    let name = timer.name();
    match host.timers[timer] {
        Some(set_at) => {
            format!("{name} runs since {} ms", stage.now_us.saturating_sub(set_at) / 1000)
        }
        None => format!("{name} is off"),
    }
}

fn coming_message(stage: &Stage, flight: &Flight) -> String {
    let kind = stage.kind(flight);
    let outcome = kind.outcome(flight.label.yes);
    let said = message(kind.name, outcome, &flight.label.statement);
    let cut = if stage.deliverable(flight) { "" } else { ", cannot arrive now" };
    format!("{said}{cut}")
}
