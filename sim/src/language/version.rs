//! What made something: the version of raft-sim and that of what it ran.

/// The version of raft-sim with the commit it is built from, `0.1.0+9f3c2ab`; with `.changed` if
/// files were changed since, and without a commit where nobody knows it.
pub const TOOL: &str = env!("BUILT_VERSION");

/// A version of raft-sim and one of a target, which may not tell its own.
pub fn words(tool: &str, target: Option<&str>) -> String {
    target.map_or_else(|| tool.to_owned(), |target| format!("{tool}, {target}"))
}

/// What there is to say of something that was made by another version than this one.
pub fn remark(made_by: &str, target: Option<&str>) -> Option<String> {
    let this = words(TOOL, target);
    (made_by != this).then(|| format!("it was made by {made_by}, and this is {this}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_another_version_is_worth_a_word() {
        assert_eq!(remark(TOOL, None), None);
        assert_eq!(remark(&words(TOOL, Some("openraft 0.9.24")), Some("openraft 0.9.24")), None);
        let other = remark(&words("0.0.1", Some("openraft 0.9.23")), Some("openraft 0.9.24"));
        let other = other.expect("both are others");
        assert!(
            other.starts_with("it was made by 0.0.1, openraft 0.9.23, and this is "),
            "{other}"
        );
        assert!(other.ends_with(", openraft 0.9.24"), "{other}");
        assert!(remark(TOOL, Some("openraft 0.9.24")).is_some(), "it now tells its version");
    }
}
