//! The environment of the process. What a seed does never depends on it: only how results look, which
//! part of the work is ours, and which flags stand as if they had been typed.

/// How our own variables begin.
pub(super) const OURS: &str = "RAFT_SIM_";

/// A variable; an empty one counts as not set.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Our own variables, with their values, in the order of their names.
pub(super) fn ours() -> Vec<(String, String)> {
    let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
    let all = std::env::vars_os().map(|(name, value)| (text(name), text(value)));
    let mut ours: Vec<(String, String)> =
        all.filter(|(name, value)| name.starts_with(OURS) && !value.is_empty()).collect();
    ours.sort();
    ours
}
