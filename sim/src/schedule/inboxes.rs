//! Messages on their way by addressee, as a scheduler hears of them. It reads what is new after
//! every action, so that no choice has to look at all that is on its way.

use crate::node::NodeId;
use crate::world::stage::{Flight, News, Stage};

/// See the head of this file.
#[derive(Default)]
pub(super) struct Inboxes {
    /// By slot of the addressee: numbers and senders, oldest first; `None` before the first look.
    of: Option<Vec<Vec<(u64, NodeId)>>>,
}

impl Inboxes {
    /// Takes note of what has changed since the last time.
    pub(super) fn keep_up(&mut self, stage: &Stage) {
        let Some(inboxes) = &mut self.of else {
            let mut flights: Vec<&Flight> = stage.flights.iter().collect();
            flights.sort_unstable_by_key(|flight| flight.number);
            let mut inboxes = vec![Vec::new(); stage.hosts.len()];
            for &&Flight { number, from, to, .. } in &flights {
                inboxes[to.slot()].push((number, from));
            }
            self.of = Some(inboxes);
            return;
        };
        for news in &stage.news {
            match *news {
                News::Sent(number, from, to) => inboxes[to.slot()].push((number, from)),
                News::Gone(number, to) => {
                    let inbox = &mut inboxes[to.slot()];
                    let place = inbox.iter().position(|&(it, _)| it == number);
                    inbox.remove(place.expect("what is gone was on its way"));
                }
                News::TimerSet(..) | News::TimerMoved(..) | News::WriteQueued(_) => {}
            }
        }
        debug_assert_eq!(
            inboxes.iter().map(Vec::len).sum::<usize>(),
            stage.flights.len(),
            "inboxes hold what is on its way"
        );
    }

    /// What is on its way to a node: numbers and senders, oldest first.
    pub(super) fn of(&self, to: NodeId) -> &[(u64, NodeId)] {
        self.of.as_ref().map_or(&[], |inboxes| &inboxes[to.slot()])
    }
}
