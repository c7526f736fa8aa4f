//! What an application keeps beside [`raftbare`] and [`noraft`]: their logs know terms and indexes
//! but no payloads, they count no applied entries, and they leave timers and disk to their user.
//!
//! The table mirrors the crate's log entry by entry, and every change of it becomes a write, so
//! that memory and disk always hold the same log. It asserts what it can: a payload is looked up by
//! index *and* term, and after each call the table must end where the crate's log ends. A mistake
//! in the bookkeeping is then a panic in this file, and cannot pass for a bug of the crate.
//!
//! What both crates leave to be written, and how it is:
//!
//! - Term and vote are two actions, always neighbours, and become one write: a term saved with the
//!   vote of the term before it would be a state the server never was in.
//! - A follower truncates without an action: on divergence it shortens its log in memory and answers
//!   with the shorter position; an append follows only once the point of divergence is found. The
//!   truncation is written at once, in one write with the term if that is new. Whether an
//!   application does so is its choice: the entries cut off conflict with the leader's log, the
//!   answer vouches for nothing beyond the cut, and a server that crashes and comes back with the
//!   longer log is in the state in which it would be had the message been lost. Mirroring keeps
//!   memory and disk the same log, so that what a judge sees on the disk is what the server votes
//!   and answers with.

use crate::node::{
    Command, Effect, Entry, HardState, LogIndex, LogPosition, Outcome, Payload, Term, Timer, Write,
    WriteId,
};

/// Log with payloads, applied index, unanswered proposals, write ids and the armed timer.
pub(super) struct SideTable {
    log: Vec<Entry>,
    applied: LogIndex,
    pending: Vec<(LogPosition, Command)>,
    last_write: Option<WriteId>,
    armed: Option<Timer>,
    unwritten: Unwritten,
}

/// What the crate's last call has changed and nobody has written yet.
#[derive(Default)]
struct Unwritten {
    /// What the append action stands for.
    append: Option<Write>,
    /// From where the crate has cut its log without asking for it.
    cut: Option<LogIndex>,
    /// Term and vote, until the first of their two actions.
    hard_state: Option<HardState>,
}

/// Payloads that came beside a message or a proposal, for the entries after `prev`.
#[derive(Copy, Clone, Default)]
pub(super) struct Incoming<'a> {
    pub(super) prev: LogIndex,
    pub(super) payloads: &'a [Payload],
}

/// What became of a proposal.
pub(super) enum Fate {
    Open,
    Committed,
    Rejected,
}

impl Incoming<'_> {
    /// Payload of the entry at `index`.
    pub(super) fn at(&self, index: LogIndex) -> Payload {
        let place = index.checked_sub(self.prev + 1).map(|place| place as usize);
        *place
            .and_then(|place| self.payloads.get(place))
            .expect("a command enters a log with a proposal or with a message that carries it")
    }
}

impl SideTable {
    /// The table of a server that boots with this log on its disk.
    pub(super) fn restore(log: &[Entry]) -> Self {
        SideTable {
            log: log.to_vec(),
            applied: 0,
            pending: Vec::new(),
            last_write: None,
            armed: None,
            unwritten: Unwritten::default(),
        }
    }

    pub(super) fn applied(&self) -> LogIndex {
        self.applied
    }

    /// Position of the last entry.
    pub(super) fn last(&self) -> LogPosition {
        let index = self.log.len() as LogIndex;
        LogPosition { term: self.log.last().map_or(0, |entry| entry.term), index }
    }

    /// Payload of the entry at this index, which must be of this term.
    pub(super) fn payload(&self, index: LogIndex, term: Term) -> Payload {
        let entry = self.entry(index);
        assert_eq!(entry.term, term, "a message carries entries of the sender's own log");
        entry.payload
    }

    fn entry(&self, index: LogIndex) -> Entry {
        *self.log.get(index as usize - 1).expect("the table is as long as the crate's log")
    }

    /// Brings the table up to date after a call of the crate, memory first, since messages look
    /// payloads up there. The crate's log now ends at `last`; `appended` are the entries that it asks
    /// to append and the index before them, `hard_state` what it asks to save.
    pub(super) fn mirror(
        &mut self,
        last: LogPosition,
        appended: Option<(LogIndex, Vec<Entry>)>,
        hard_state: Option<HardState>,
    ) {
        let (mut append, mut cut) = (None, None);
        if let Some((anchor, entries)) = appended {
            append = self.replace_after(anchor, &entries);
        } else if last.index < self.last().index {
            cut = self.replace_after(last.index, &[]).and_then(|write| write.truncate_from);
        }
        assert_eq!(self.last(), last, "the crate asks for every change of its log");
        self.unwritten = Unwritten { append, cut, hard_state };
    }

    /// Writes a cut that no action asks for, unless it goes with a new term or vote: a server that
    /// cuts its log for a new leader has entered the leader's term.
    pub(super) fn write_cut<M>(&mut self, effects: &mut Vec<Effect<M>>) {
        if self.unwritten.hard_state.is_none()
            && let Some(cut) = self.unwritten.cut.take()
        {
            self.write(Write { truncate_from: Some(cut), ..Write::default() }, effects);
        }
    }

    /// The crate wants its term or its vote saved: both are, and with them the cut.
    pub(super) fn write_hard_state<M>(&mut self, effects: &mut Vec<Effect<M>>) {
        if let Some(hard_state) = self.unwritten.hard_state.take() {
            let truncate_from = self.unwritten.cut.take();
            let hard_state = Some(hard_state);
            self.write(Write { hard_state, truncate_from, ..Write::default() }, effects);
        }
    }

    /// The crate wants its entries appended.
    pub(super) fn write_append<M>(&mut self, effects: &mut Vec<Effect<M>>) {
        if let Some(append) = self.unwritten.append.take() {
            self.write(append, effects);
        }
    }

    /// The crate replaced everything after `anchor` by `entries`; the write that does it on disk.
    ///
    /// Entries that are already there, term and payload, are left where they are: a crate may ask
    /// for more than the minimal change (noraft action.rs:49), and rewriting a committed entry by
    /// itself is no truncation.
    fn replace_after(&mut self, anchor: LogIndex, entries: &[Entry]) -> Option<Write> {
        let kept = self.log.get(anchor as usize..);
        let kept = kept.expect("the crate appends where its own log has an anchor");
        let same = kept.iter().zip(entries).take_while(|(old, new)| old == new).count();
        let (shorter, append) = (same < kept.len(), entries[same..].to_vec());
        if !shorter && append.is_empty() {
            return None;
        }
        let from = anchor + same as LogIndex + 1;
        self.log.truncate(from as usize - 1);
        self.log.extend_from_slice(&append);
        Some(Write { truncate_from: shorter.then_some(from), append, ..Write::default() })
    }

    /// Issues a write; what is sent from now on waits for it.
    fn write<M>(&mut self, write: Write, effects: &mut Vec<Effect<M>>) {
        let id = self.last_write.unwrap_or(0) + 1;
        self.last_write = Some(id);
        effects.push(Effect::Write(Write { id, ..write }));
    }

    /// The write that a message sent now waits for.
    pub(super) fn after(&self) -> Option<WriteId> {
        self.last_write
    }

    /// (Re)starts the one timer these crates have, under the name that fits the role.
    pub(super) fn arm<M>(&mut self, timer: Timer, effects: &mut Vec<Effect<M>>) {
        match self.armed {
            Some(other) if other != timer => effects.push(Effect::CancelTimer(other)),
            _ => {}
        }
        self.armed = Some(timer);
        effects.push(Effect::SetTimer(timer));
    }

    /// A timer has fired: it must be the one that is armed.
    pub(super) fn disarm(&mut self, timer: Timer) {
        assert_eq!(self.armed.take(), Some(timer), "only the armed timer fires");
    }

    /// Applies entries up to `commit_index` in order.
    pub(super) fn apply_through<M>(&mut self, commit: LogIndex, effects: &mut Vec<Effect<M>>) {
        while self.applied < commit {
            self.applied += 1;
            let Entry { term, payload } = self.entry(self.applied);
            effects.push(Effect::Apply { index: self.applied, term, payload });
        }
    }

    /// Remembers a client that waits for the entry at this position.
    pub(super) fn await_commit(&mut self, position: LogPosition, command: Command) {
        self.pending.push((position, command));
    }

    /// Answers the clients whose proposals have met their fate.
    pub(super) fn answer<M>(
        &mut self,
        fate: impl Fn(LogPosition) -> Fate,
        effects: &mut Vec<Effect<M>>,
    ) {
        self.pending.retain(|&(position, command)| {
            let outcome = match fate(position) {
                Fate::Open => return true,
                Fate::Committed => Outcome::Committed(position.index),
                Fate::Rejected => Outcome::Refused,
            };
            effects.push(Effect::Reply { command, outcome });
            false
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table of two entries of term 1, whose crate's log was cut behind the first.
    fn cut(hard_state: Option<HardState>) -> SideTable {
        let entry = Entry { term: 1, payload: Payload::NoOp };
        let mut table = SideTable::restore(&[entry, entry]);
        table.mirror(LogPosition { term: 1, index: 1 }, None, hard_state);
        table
    }

    /// What both actions for term and vote, and the one to append, make of it.
    fn written(mut table: SideTable) -> Vec<Write> {
        let mut effects: Vec<Effect<()>> = Vec::new();
        table.write_cut(&mut effects);
        table.write_hard_state(&mut effects);
        table.write_hard_state(&mut effects);
        table.write_append(&mut effects);
        let writes = effects.into_iter().map(|effect| match effect {
            Effect::Write(write) => write,
            other => panic!("{other:?} is no write"),
        });
        writes.collect()
    }

    #[test]
    fn a_cut_that_no_action_asks_for_is_written() {
        let write = Write { id: 1, truncate_from: Some(2), ..Write::default() };
        assert_eq!(written(cut(None)), [write]);
    }

    #[test]
    fn term_vote_and_cut_are_one_write() {
        let hard_state = Some(HardState { current_term: 2, voted_for: None });
        let write = Write { id: 1, hard_state, truncate_from: Some(2), ..Write::default() };
        assert_eq!(written(cut(hard_state)), [write]);
    }

    #[test]
    fn an_append_leaves_out_what_is_there() {
        let entry = |term| Entry { term, payload: Payload::NoOp };
        let mut table = SideTable::restore(&[entry(1), entry(1)]);
        let entries = vec![entry(1), entry(2)];
        table.mirror(LogPosition { term: 2, index: 2 }, Some((0, entries)), None);
        let append = vec![entry(2)];
        let write = Write { id: 1, truncate_from: Some(2), append, ..Write::default() };
        assert_eq!(written(table), [write]);
    }
}
