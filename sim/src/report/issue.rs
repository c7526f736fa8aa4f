//! A failure as an issue of a tracker: for whoever has only the checkout, and none of our files.
//!
//! The title names the class of failure and never a seed, so that the next night's finding of the
//! same bug is the same issue.

use std::fmt::Write as _;

use super::campaign::{CampaignReport, Report};
use super::failure::FailureReport;
use super::formats::markdown;
use super::words::shell;

/// Most bytes: GitHub takes no more characters than 65,536.
const BYTES_MAX: usize = 65_000;

/// An issue.
pub struct Issue {
    /// A name for a file: letters, digits, hyphens and dots.
    pub name: String,
    /// Markdown. The first line is the title, after `# `.
    pub text: String,
}

/// One for each failure that is not known; `program` is how the program is called.
pub fn issues(report: &Report, program: &str) -> Vec<Issue> {
    let failures = report.campaigns.iter().flat_map(|campaign| {
        campaign.failures.iter().map(|failure| issue(campaign, failure, program))
    });
    failures.collect()
}

fn issue(campaign: &CampaignReport, failure: &FailureReport, program: &str) -> Issue {
    let (finding, target) = (&failure.finding, &campaign.target);
    let place = finding.place.as_ref().map_or_else(String::new, |place| format!(" at {place}"));
    let title = format!("{}{place} ({target})", finding.invariant);
    let harmless = |char: char| if char.is_ascii_alphanumeric() { char } else { '-' };
    let name: String =
        format!("{target} {}{place}", finding.invariant).chars().map(harmless).collect();
    let mut text = format!("# {title}\n\n{}", markdown::failure(failure));
    let _ = writeln!(
        text,
        "Without that file, in a checkout:\n\n```sh\n{program} replay - --target {} <<'END'\n{}\n{}\nEND\n```",
        shell(target),
        finding.cluster,
        finding.script.join("\n"),
    );
    Issue { name: format!("{name}.md"), text: markdown::cut(text, BYTES_MAX) }
}
