//! What a test may ask of a scene that was played.

use super::Play;

impl Play {
    /// Nothing was broken.
    #[track_caller]
    pub(crate) fn holds(&self) {
        assert_eq!(self.checker.violations(), [], "a legal run is silent");
        assert_eq!(self.least.broken(), [""; 0], "nobody needs more than it says");
    }

    /// This was broken, perhaps among others.
    #[track_caller]
    pub(crate) fn breaks(&self, name: &str) {
        assert!(self.broken().contains(&name), "{name} is not among {:?}", self.broken());
        assert!(self.least.broken().contains(&name), "{name} needs no more than it says");
    }

    /// This was broken, and these are the words for it.
    #[track_caller]
    pub(crate) fn tells(&self, name: &str, words: &str) {
        self.breaks(name);
        let mut violations = self.checker.violations().iter();
        let told = violations.find(|violation| violation.invariant.name == name);
        assert_eq!(told.expect("it is broken").evidence.to_string(), words);
    }

    /// This was not broken, whatever else was.
    #[track_caller]
    pub(crate) fn keeps(&self, name: &str) {
        assert!(!self.broken().contains(&name), "{name} is not broken here");
    }

    pub(crate) fn broken(&self) -> Vec<&'static str> {
        self.checker.violations().iter().map(|violation| violation.invariant.name).collect()
    }

    pub(crate) fn saw(&self, name: &str) -> bool {
        self.checker.witnesses().saw(name)
    }
}
