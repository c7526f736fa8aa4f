//! The adapter's own tests: what goes in and comes out, in the port's words.

use super::*;
use crate::node::{Disk, Limits, Log};

fn boot(members: usize, disk: &Disk) -> (RaftCore, Vec<Effect<raft_core::Message>>) {
    let mut effects = Vec::new();
    let boot = Boot {
        id: NodeId(1),
        cluster: NodeSet::first(members),
        incarnation: 1,
        disk,
        limits: Limits { batch_entries_max: 4, window_messages_max: 2 },
        config: &None,
    };
    (RaftCore::boot(&boot, &mut effects), effects)
}

#[test]
fn a_server_starts_with_its_disk() {
    let disk = Disk {
        hard_state: HardState { current_term: 3, voted_for: Some(NodeId(2)) },
        log: Log::from(vec![
            Entry { term: 1, payload: Payload::NoOp },
            Entry { term: 3, payload: Payload::Command(Command(7)) },
        ]),
    };
    let (guest, effects) = boot(3, &disk);
    assert!(matches!(effects[..], [Effect::SetTimer(Timer::Election)]));
    let expected = View {
        current_term: Some(3),
        voted_for: Some(Some(NodeId(2))),
        role: Some(Role::Follower),
        commit_index: Some(0),
        last_applied: Some(0),
        last_log: Some(LogPosition { term: 3, index: 2 }),
        match_index: None,
        next_index: None,
    };
    assert_eq!(guest.view(), expected);
}

#[test]
fn a_cluster_of_one_answers_its_client() {
    let (mut guest, mut effects) = boot(1, &Disk::default());
    guest.step(Input::Timeout(Timer::Election), &mut effects);
    guest.step(Input::WriteDone(1), &mut effects);
    guest.step(Input::Propose(Command(7)), &mut effects);
    guest.step(Input::WriteDone(3), &mut effects);
    let committed = Outcome::Committed(2);
    assert!(matches!(
        effects.last(),
        Some(Effect::Reply { command: Command(7), outcome }) if *outcome == committed
    ));
    let view = guest.view();
    assert_eq!(view.role, Some(Role::Leader));
    assert_eq!(view.match_index.map(|by_slot| by_slot[0]), Some(2));
    assert_eq!(view.next_index.map(|by_slot| by_slot[0]), Some(3));
}

#[test]
fn a_label_is_the_content_and_nothing_else() {
    let message = |entries: Vec<raft_core::Entry>| raft_core::Message {
        term: 4,
        body: Body::AppendEntries {
            prev_log: raft_core::LogPosition { term: 2, index: 5 },
            entries,
            leader_commit: 3,
        },
    };
    let empty = RaftCore::label(&message(vec![]));
    let full = RaftCore::label(&message(vec![raft_core::Entry::client(4, 7)]));
    assert_eq!((empty.kind, empty.yes), (2, false));
    assert_eq!((full.kind, full.yes), (2, true));
    assert_ne!(empty.signature, full.signature);
    let claim = Claim::AppendEntries {
        prev_log: LogPosition { term: 2, index: 5 },
        entries: 1,
        last_log: LogPosition { term: 4, index: 6 },
        leader_commit: 3,
    };
    assert_eq!(full.statement, Statement { term: Some(4), claim });
}
