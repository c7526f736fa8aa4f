//! What a guest reveals, and what judges need to see: two sides of one list.
//!
//! A judge names what it needs, a guest declares what it reveals, and the judge sits if nothing is
//! missing. What is missing is the reason why it does not.

use std::fmt;

use crate::fact::{Claim, Fact, Role, View};

/// One thing that a judge may need to see.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Need {
    /// Term and role, in the node's view.
    TermAndRole,
    /// The hard state that it writes, term and vote; and its vote, in its view.
    Votes,
    /// The content of its log, by writes; and the position of its last entry, in its view.
    Log,
    /// `commitIndex`, in its view.
    CommitIndex,
    /// A leader's `matchIndex`, in its view.
    MatchIndex,
    /// A leader's `nextIndex`, in its view.
    NextIndex,
    /// What its messages claim, see [`Claim`](crate::fact::Claim).
    Claims,
    /// Followers learn of commits by `AppendEntries` alone (Figure 2), so that what they may
    /// commit can be read off those claims. Not so where heartbeats or votes carry commits too.
    CommitsByAppend,
    /// The entries it applies, with index and term.
    Applies,
    /// Replies to clients.
    Replies,
    /// What it calls committed, in whichever way. Not declared: it follows from
    /// [`Need::CommitIndex`] and from [`Need::Applies`].
    Commits,
}

impl Need {
    /// What a guest can declare, each a matter of its own.
    pub const DECLARED: [Need; 10] = [
        Need::TermAndRole,
        Need::Votes,
        Need::Log,
        Need::CommitIndex,
        Need::MatchIndex,
        Need::NextIndex,
        Need::Claims,
        Need::CommitsByAppend,
        Need::Applies,
        Need::Replies,
    ];

    /// The bits of those declarations of which one is enough.
    const fn bits(self) -> u16 {
        match self {
            Need::Commits => Need::CommitIndex.bits() | Need::Applies.bits(),
            declared => 1 << declared as u16,
        }
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Need::TermAndRole => "term and role",
            Need::Votes => "votes",
            Need::Log => "its log",
            Need::CommitIndex => "its commit index",
            Need::MatchIndex => "matchIndex",
            Need::NextIndex => "nextIndex",
            Need::Claims => "what its messages claim",
            Need::CommitsByAppend => "commits by AppendEntries alone",
            Need::Applies => "what it applies",
            Need::Replies => "replies to clients",
            Need::Commits => "what it calls committed",
        })
    }
}

/// What an implementation reveals at all: a set of [`Need`]s.
///
/// ```
/// use raft_invariants::{Need, Reveals};
///
/// // A crate without `nextIndex` whose heartbeats carry commits:
/// let most = Reveals::ALL.without(&[Need::NextIndex, Need::CommitsByAppend]);
/// // Elections and nothing else:
/// let few = Reveals::only(&[Need::TermAndRole, Need::Votes, Need::Claims]);
/// assert!(most.meets(&[Need::Log]) && !few.meets(&[Need::Log]));
/// ```
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
pub struct Reveals(u16);

impl Reveals {
    /// Everything.
    pub const ALL: Reveals = Reveals::only(&Need::DECLARED);
    /// Nothing.
    pub const NONE: Reveals = Reveals(0);

    /// These things and no others.
    #[must_use]
    pub const fn only(revealed: &[Need]) -> Self {
        Reveals(Reveals::bits(revealed))
    }

    /// What is in the set but not among these things.
    #[must_use]
    pub const fn without(self, hidden: &[Need]) -> Self {
        Reveals(self.0 & !Reveals::bits(hidden))
    }

    /// What is in either set.
    #[must_use]
    pub const fn union(self, other: Reveals) -> Self {
        Reveals(self.0 | other.0)
    }

    /// What is in this set and not in the other.
    #[must_use]
    pub const fn difference(self, other: Reveals) -> Self {
        Reveals(self.0 & !other.0)
    }

    /// What is in both sets.
    #[must_use]
    pub const fn intersection(self, other: Reveals) -> Self {
        Reveals(self.0 & other.0)
    }

    /// What is in the set, in the order of reports.
    pub fn iter(self) -> impl Iterator<Item = Need> {
        Need::DECLARED.into_iter().filter(move |&need| self.contains(need))
    }

    /// Whether there is nothing in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in the set and a view keeps silent about.
    pub(crate) fn withheld(self, view: &View) -> Reveals {
        let leads = view.role == Some(Role::Leader);
        let silent = [
            (Need::TermAndRole, view.current_term.is_none() || view.role.is_none()),
            (Need::Votes, view.voted_for.is_none()),
            (Need::Log, view.last_log.is_none()),
            (Need::CommitIndex, view.commit_index.is_none()),
            (Need::MatchIndex, leads && view.match_index.is_none()),
            (Need::NextIndex, leads && view.next_index.is_none()),
        ];
        let bits = silent.iter().map(|&(need, silent)| if silent { need.bits() } else { 0 });
        Reveals(self.0 & bits.fold(0, |all, one| all | one))
    }

    /// What a fact shows, of all that can be declared.
    pub(crate) fn shown_by(fact: &Fact<'_>) -> Reveals {
        match *fact {
            Fact::Stepped { view, .. } => {
                let silent = Reveals::ALL.withheld(view);
                let of_views = Reveals::only(&[Need::TermAndRole, Need::CommitIndex]);
                let of_leaders = Reveals::only(&[Need::MatchIndex, Need::NextIndex]);
                let leads = view.role == Some(Role::Leader);
                let all = if leads { of_views.union(of_leaders) } else { of_views };
                all.difference(silent)
            }
            Fact::WriteIssued { write, .. } => {
                let votes =
                    Reveals::only(if write.hard_state.is_some() { &[Need::Votes] } else { &[] });
                votes.union(Reveals::only(if write.append.is_empty() { &[] } else { &[Need::Log] }))
            }
            Fact::Sent { statement, .. } => Reveals::only(match statement.claim {
                Claim::Other => &[],
                Claim::AppendEntries { .. } => &[Need::Claims, Need::CommitsByAppend],
                _ => &[Need::Claims],
            }),
            Fact::Applied { .. } => Reveals::only(&[Need::Applies]),
            Fact::Replied { .. } => Reveals::only(&[Need::Replies]),
            _ => Reveals::NONE,
        }
    }

    /// Whether one thing is revealed.
    pub const fn contains(self, need: Need) -> bool {
        self.0 & need.bits() != 0
    }

    /// Whether all of these things are revealed.
    pub fn meets(self, needs: &[Need]) -> bool {
        self.missing(needs).next().is_none()
    }

    /// Those of these things that are not revealed, in their order.
    pub fn missing(self, needs: &[Need]) -> impl Iterator<Item = Need> {
        needs.iter().copied().filter(move |&need| !self.contains(need))
    }

    const fn bits(needs: &[Need]) -> u16 {
        let (mut bits, mut rest) = (0, needs);
        while let [need, others @ ..] = rest {
            bits |= need.bits();
            rest = others;
        }
        bits
    }
}

impl fmt::Display for Reveals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, need) in self.iter().enumerate() {
            let comma = if position == 0 { "" } else { ", " };
            write!(f, "{comma}{need}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{NodeId, Statement};

    #[test]
    fn what_is_hidden_is_missing() {
        for hidden in Need::DECLARED {
            let rest = Reveals::ALL.without(&[hidden]);
            assert_eq!(rest.missing(&Need::DECLARED).collect::<Vec<_>>(), [hidden]);
            assert!(Reveals::only(&[hidden]).meets(&[hidden]));
            assert_eq!(rest.union(Reveals::only(&[hidden])), Reveals::ALL);
            assert_eq!(Reveals::ALL.difference(rest), Reveals::only(&[hidden]));
        }
    }

    #[test]
    fn what_follows_is_missing_only_without_all_that_it_follows_from() {
        let (need, one, other) = (Need::Commits, Need::CommitIndex, Need::Applies);
        assert!(Reveals::only(&[one]).contains(need) && Reveals::only(&[other]).contains(need));
        let neither = Reveals::ALL.without(&[one, other]);
        assert_eq!(neither.missing(&[need, Need::Claims]).collect::<Vec<_>>(), [need]);
        assert_eq!(Reveals::ALL.without(&[need]), neither);
    }

    #[test]
    fn a_message_shows_what_it_claims() {
        let (from, to) = (NodeId(1), NodeId(2));
        let shown = |claim| {
            let statement = Statement { term: Some(1), claim };
            Reveals::shown_by(&Fact::Sent { from, to, statement })
        };
        assert_eq!(shown(Claim::Other), Reveals::NONE);
        let vote = Claim::RequestVoteReply { vote_granted: true };
        assert_eq!(shown(vote), Reveals::only(&[Need::Claims]));
    }
}
