//! Reports in Markdown: what GitHub shows as the summary of a job.

use std::fmt::Write as _;

use super::human;
use super::{Told, Writer};
use crate::report::campaign::{CampaignReport, KnownReport};
use crate::report::failure::FailureReport;
use crate::report::look::Look;
use crate::report::parts::PartsReport;
use crate::report::vitals::VitalsReport;
use crate::report::words::{counted, grouped, percent};

/// Most bytes: GitHub takes 1 MiB for each step, and nothing of what is longer.
const BYTES_MAX: usize = 1_000_000;

/// Everything at the end.
pub const WRITER: Writer = Writer {
    name: "markdown",
    summary: "Markdown, such as the summary of a job",
    is_document: true,
    write: |told, _| match told {
        Told::End(report) => {
            let parts: Vec<String> = report.campaigns.iter().map(campaign).collect();
            cut(parts.join("\n"), BYTES_MAX)
        }
        _ => String::new(),
    },
};

fn campaign(campaign: &CampaignReport) -> String {
    let failures = counted(campaign.failures.len() as u64, "failure");
    let troubles = campaign.parts.as_ref().map_or(0, |parts| parts.troubles().len());
    let (mark, verdict) = match (campaign.exit, &campaign.vacuous) {
        _ if !campaign.nondeterministic.is_empty() => ("❌", "not deterministic"),
        _ if troubles != 0 => ("❌", "not all shards"),
        (0, _) if campaign.known.is_empty() => ("✅", "no failures"),
        (0, _) => ("✅", "no new failures"),
        (_, Some(why)) => ("⚠️", why.as_str()),
        _ if campaign.failures.is_empty() => ("⚠️", "ended early"),
        _ => ("❌", failures.as_str()),
    };
    let mut text = format!("## {mark} raft-sim: {}: {verdict}\n\n", campaign.target);
    let _ = writeln!(
        text,
        "{} from seed `{}`, {}; {}, {} committed; digest `{}`\n",
        counted(campaign.runs, "run"),
        campaign.seeds.first,
        campaign.parts.as_ref().map_or_else(
            || format!("shard {}", campaign.seeds.shard),
            |parts| counted(parts.shards, "shard"),
        ),
        counted(campaign.actions, "action"),
        counted(campaign.committed, "entry"),
        campaign.digest,
    );
    for warning in campaign.vitals.iter().flat_map(VitalsReport::warnings) {
        let _ = writeln!(text, "{}\n", escaped(&warning));
    }
    for (what, line) in campaign.parts.iter().flat_map(PartsReport::troubles) {
        let _ = writeln!(text, "- {}\n\n{}", escaped(&what), fenced(line));
    }
    for unstable in &campaign.nondeterministic {
        let told = human::unstable(unstable, Look::default());
        let _ = writeln!(text, "{}", fenced(told.trim_end()));
    }
    for failure in &campaign.failures {
        text.push_str(&self::failure(failure));
    }
    for KnownReport { class, file } in &campaign.known {
        let runs = counted(class.runs, "run");
        let _ = writeln!(text, "Known: {} in {runs}, as in `{file}`.\n", class.invariant);
    }
    text.push_str(&seen(campaign));
    text
}

/// A bug: what was seen, what to type, and the story for whoever wants it.
pub fn failure(failure: &FailureReport) -> String {
    let FailureReport { finding, runs, file, reproduce, stories, .. } = failure;
    let mut text = format!("### ❌ {}\n\n{}\n\n", finding.invariant, escaped(&finding.evidence));
    let _ = writeln!(
        text,
        "In {}, first after {}. {}.\n",
        counted(*runs, "run"),
        counted(failure.after_runs, "run"),
        match &finding.minimized {
            Some(minimized) =>
                format!("Minimized to {}", counted(minimized.actions as u64, "action")),
            None => "Not minimized".to_owned(),
        }
    );
    if 1 < *stories {
        let others = counted(stories - 1, "other story");
        let _ = writeln!(text, "This is the shortest; there are {others} of it.\n");
    }
    if let Some(line) = reproduce.as_ref().or(failure.reproduce_seed.as_ref()) {
        let _ = writeln!(text, "{}", fenced(line));
    }
    if let Some(file) = file {
        let _ = writeln!(text, "Kept as `{file}`.\n");
    }
    let story = format!("{}\n{}", finding.cluster, finding.story.text(Look::default()));
    let diagram = finding.diagram.text(Look::default());
    let _ = writeln!(
        text,
        "<details><summary>Story</summary>\n\n{}\n{}\n</details>\n",
        fenced(story.trim_end()),
        fenced(diagram.trim_end())
    );
    text
}

/// What was checked and seen: it makes a green run believable.
fn seen(campaign: &CampaignReport) -> String {
    let checked = campaign.checked.checked.len() as u64;
    let mut text = format!(
        "<details><summary>{} checked, {} not</summary>\n\n",
        counted(checked, "invariant"),
        grouped((campaign.checked.not_checked.len() + campaign.checked.never_fed.len()) as u64)
    );
    let _ = writeln!(text, "{}\n", campaign.checked.checked.join(", "));
    for absent in &campaign.checked.not_checked {
        let _ = writeln!(text, "- {}: needs {}", absent.invariant, absent.missing.join(", "));
    }
    for unfed in &campaign.checked.never_fed {
        let missing = unfed.missing.join(", ");
        let _ = writeln!(text, "- {}: no run showed {missing}", unfed.invariant);
    }
    text.push_str("\n</details>\n\n| seen | in runs |\n|---|---:|\n");
    for reached in &campaign.reached {
        let is_missing = campaign.missing.contains(&reached.witness);
        let mark = if is_missing { " ⚠️ never" } else { "" };
        let share = percent(reached.runs, campaign.runs);
        let _ = writeln!(text, "| {}{mark} | {share} |", reached.witness);
    }
    text
}

fn fenced(text: &str) -> String {
    format!("```text\n{text}\n```\n")
}

/// Words that Markdown leaves alone.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for char in text.chars() {
        if "\\`*_{}[]<>#|".contains(char) {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}

/// A text that is too long, without its end.
pub fn cut(mut text: String, bytes_max: usize) -> String {
    if bytes_max < text.len() {
        let end = (0..=bytes_max).rev().find(|&at| text.is_char_boundary(at));
        text.truncate(end.unwrap_or(0));
        text.push_str("\n```\n\n(cut here: there is no room for more)\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_cut_between_characters() {
        assert_eq!(cut("é".to_owned(), 2), "é");
        let long = cut("é".repeat(1000), 1001);
        assert!(long.starts_with(&"é".repeat(500)) && long.len() < 1001 + 100);
        assert!(long.ends_with("no room for more)\n"));
    }

    #[test]
    fn evidence_is_no_markup() {
        assert_eq!(escaped("{n1 n2} <x>"), "\\{n1 n2\\} \\<x\\>");
    }
}
