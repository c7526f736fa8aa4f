//! Who is asked at which moment.
//!
//! A judge or a witness sits on one kind of moment; the bench has a row of seats for each kind.

use crate::evidence::Evidence;
use crate::fact::NodeId;
use crate::history::History;
use crate::moment::{
    Accepted, Acknowledged, AppendEntriesSent, Appended, Applied, BecameLeader, Breached, Changed,
    CommitAdvanced, Committed, Durable, Exploded, HardStateWritten, MatchChanged, NextChanged,
    Panicked, Received, Replied, Restarted, RoleChanged, Sent, Stepped, Stopped, Truncated, Voted,
    Withheld,
};

/// `Err` says what is wrong.
pub type Judgement = Result<(), Evidence>;

/// Judges and witnesses have no memory of their own: they are functions of the history.
type Ask<E, A> = fn(&History, &E) -> A;

/// The seats of one kind of moment, each with the number of who sits there.
#[derive(Clone)]
pub(crate) struct Seats<E> {
    pub(crate) judges: Vec<(usize, Ask<E, Judgement>)>,
    pub(crate) sights: Vec<(usize, Ask<E, bool>)>,
}

impl<E> Default for Seats<E> {
    fn default() -> Self {
        Seats { judges: Vec::new(), sights: Vec::new() }
    }
}

/// A kind of moment.
pub(crate) trait Moment: Sized {
    fn seats(bench: &Bench) -> &Seats<Self>;
    fn node(&self) -> NodeId;
    /// Where in the guest's code, for panics.
    fn place(&self) -> Option<String> {
        None
    }
}

macro_rules! moments {
    ($($kind:ident in $seats:ident $({ $($override:item)* })?),+ $(,)?) => {
        /// A judge, by the kind of moment at which it is asked.
        #[derive(Copy, Clone)]
        pub enum Judge {
            $(#[doc = concat!("Sits on [`", stringify!($kind), "`].")]
            $kind(fn(&History, &$kind) -> Judgement),)+
        }

        /// A witness's eye, by the kind of moment that it watches.
        #[derive(Copy, Clone)]
        pub enum Sight {
            $(#[doc = concat!("Watches [`", stringify!($kind), "`].")]
            $kind(fn(&History, &$kind) -> bool),)+
        }

        /// Who is asked at which kind of moment.
        #[derive(Clone, Default)]
        pub(crate) struct Bench {
            $($seats: Seats<$kind>,)+
        }

        impl Bench {
            pub(crate) fn seat(&mut self, number: usize, judge: Judge) {
                match judge {
                    $(Judge::$kind(ask) => self.$seats.judges.push((number, ask)),)+
                }
            }
            pub(crate) fn unseat(&mut self, number: usize) {
                $(self.$seats.judges.retain(|seat| seat.0 != number);)+
            }
            pub(crate) fn watch(&mut self, number: usize, sight: Sight) {
                match sight {
                    $(Sight::$kind(ask) => self.$seats.sights.push((number, ask)),)+
                }
            }
            pub(crate) fn unwatch(&mut self, number: usize) {
                $(self.$seats.sights.retain(|seat| seat.0 != number);)+
            }
        }

        $(impl Moment for $kind {
            fn seats(bench: &Bench) -> &Seats<Self> {
                &bench.$seats
            }
            fn node(&self) -> NodeId {
                self.node
            }
            $($($override)*)?
        })+
    };
}

moments! {
    Restarted in restarted,
    Stopped in stopped,
    HardStateWritten in hard_state_written,
    Truncated in truncated,
    Appended in appended,
    Durable in durable,
    Voted in voted,
    Sent in sent,
    AppendEntriesSent in append_entries_sent,
    Received in received,
    Stepped in stepped,
    Changed in changed,
    RoleChanged in role_changed,
    BecameLeader in became_leader,
    Accepted in accepted,
    CommitAdvanced in commit_advanced,
    Committed in committed,
    MatchChanged in match_changed,
    NextChanged in next_changed,
    Applied in applied,
    Replied in replied,
    Acknowledged in acknowledged,
    Panicked in panicked {
        fn place(&self) -> Option<String> {
            Some(self.place.clone())
        }
    },
    Exploded in exploded,
    Breached in breached,
    Withheld in withheld,
}
