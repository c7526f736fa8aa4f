//! Kinds of messages, and the words that name them.
//!
//! A target that is written in Rust has its words in its code; one that runs elsewhere tells them
//! when it starts. Either way a word is there for good, and a script may hold it by its name.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Mutex;

/// A kind of message, and the words for its yes and no where it answers something.
///
/// ```
/// use raft_sim::node::Kind;
///
/// const KINDS: [Kind; 2] = [
///     Kind::new("RequestVote"),
///     Kind::new("RequestVoteReply").with_outcomes("granted", "denied"),
/// ];
/// assert_eq!(KINDS[1].outcome(true).expect("it has outcomes"), "granted");
/// ```
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Kind {
    /// `RequestVote`. Letters only.
    pub name: Word,
    /// Words for the outcome flag, yes first: `granted`, `denied`. Letters only; `None` if the kind
    /// has no flag.
    pub outcomes: Option<[Word; 2]>,
}

impl Kind {
    /// A kind that has no outcome flag.
    pub const fn new(name: &'static str) -> Kind {
        Kind { name: Word::new(name), outcomes: None }
    }

    /// The same kind with an outcome flag, by the words for its yes and its no.
    #[must_use]
    pub const fn with_outcomes(self, yes: &'static str, no: &'static str) -> Kind {
        Kind { outcomes: Some([Word::new(yes), Word::new(no)]), ..self }
    }

    /// The word for this outcome, if the kind has outcomes.
    pub fn outcome(&self, flag: bool) -> Option<Word> {
        self.outcomes.map(|[yes, no]| if flag { yes } else { no })
    }
}

/// A word that is there for good: as small as a reference to it, and compared as fast.
#[derive(Copy, Clone, Eq)]
pub struct Word(&'static str);

/// Words that were read at run time, each once.
static READ: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

impl Word {
    /// A word of the code.
    pub const fn new(text: &'static str) -> Word {
        Word(text)
    }

    /// A word that was read. Its text is kept until the program ends, once, however often it is
    /// read: for the few words of a target, not for words in general.
    pub fn read(text: &str) -> Word {
        let mut words = READ.lock().expect("nothing in here panics");
        if let Some(known) = words.get(text) {
            return Word(known);
        }
        let kept: &'static str = Box::leak(text.into());
        words.insert(kept);
        Word(kept)
    }

    /// The word itself.
    pub const fn text(self) -> &'static str {
        self.0
    }
}

impl PartialEq for Word {
    fn eq(&self, other: &Word) -> bool {
        // Mostly it is the same word of the same list; another list may have the same word.
        std::ptr::eq(self.0, other.0) || self.0 == other.0
    }
}

impl PartialEq<str> for Word {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Word {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_the_same_wherever_it_comes_from() {
        let read = Word::read(&["Request", "Vote"].concat());
        assert_eq!(read, Word::new("RequestVote"));
        assert_ne!(read, Word::new("RequestVotes"));
        assert_eq!(read.to_string(), "RequestVote");
    }

    #[test]
    fn a_word_that_is_read_twice_is_kept_once() {
        let [first, second] = ["Vote"; 2].map(Word::read);
        assert!(std::ptr::eq(first.text(), second.text()), "{first} is in one place");
    }
}
