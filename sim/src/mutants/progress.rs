//! Bugs that cost only progress: nothing wrong is ever said or done, and yet somebody waits for
//! ever once the faults are over.

use raft_core::rules::{Append, AppendReply, Replica, VoteRequest};
use raft_core::{
    Body, Disk, Effect, Entry, Input, LogIndex, LogPosition, Message, NodeId, Paper, Progress,
    Raft, Rules, State, Timer,
};

use super::{Boundary, Harm, Mutant};

pub(super) static PROBE_STOPS_AT_COMMIT: Mutant = Mutant::new(
    "probe-stops-at-commit",
    "§5.3: the leader decrements `nextIndex` and retries until the logs match",
    "after a refusal the leader never goes back below what is committed: a follower without it is \
     refused for ever",
)
.rules(&ProbeStopsAtCommit)
.harms(Harm::Liveness)
.seen_in(&["arcadedb#4081"]);

struct ProbeStopsAtCommit;

impl Rules for ProbeStopsAtCommit {
    fn next_index_after_refusal(
        &self,
        leader: &State,
        follower: &Progress,
        hint: LogPosition,
    ) -> LogIndex {
        Paper.next_index_after_refusal(leader, follower, hint).max(leader.commit_index + 1)
    }
}

pub(super) static SOLE_VOTER_WAITS_FOR_WRITE: Mutant = Mutant::new(
    "sole-voter-waits-for-write",
    "§8: a leader commits a no-op at the start of its term",
    "a server that is alone needs no agreement, so it appends no entry when it comes to lead",
)
.rules(&SoleVoterWaitsForWrite)
.harms(Harm::Liveness)
.seen_in(&["openraft#1246"]);

struct SoleVoterWaitsForWrite;

impl Rules for SoleVoterWaitsForWrite {
    fn entry_on_election(&self, leader: &State) -> Option<Entry> {
        if leader.members() == 1 { None } else { Paper.entry_on_election(leader) }
    }
}

/// Equal logs are the rule once a leader has replicated everything, and then it dies.
pub(super) static VOTE_ONLY_FOR_LONGER_LOG: Mutant = Mutant::new(
    "vote-only-for-longer-log",
    "§5.4.1: the voter denies its vote if its own log is *more* up-to-date",
    "a voter with entries denies its vote unless the candidate's log is more up-to-date than its own",
)
.rules(&VoteOnlyForLongerLog)
.harms(Harm::Liveness);

struct VoteOnlyForLongerLog;

impl Rules for VoteOnlyForLongerLog {
    fn is_up_to_date(&self, voter: &State, request: &VoteRequest) -> bool {
        let last = voter.log.last();
        last.index == 0 || last < request.last_log
    }
}

pub(super) static COMMIT_STOPS_AT_OLD_TERM: Mutant = Mutant::new(
    "commit-stops-at-old-term",
    "§5.4.2: with an entry of its own term all that precede it are committed",
    "a leader commits nothing as long as the next entry to commit is of an earlier term",
)
.rules(&CommitStopsAtOldTerm)
.harms(Harm::Liveness);

struct CommitStopsAtOldTerm;

impl Rules for CommitStopsAtOldTerm {
    fn may_commit_by_counting(&self, leader: &State, entry: LogPosition) -> bool {
        let next = leader.log.term_at(leader.commit_index + 1);
        Paper.may_commit_by_counting(leader, entry) && next == Some(leader.current_term)
    }
}

pub(super) static COMMIT_WAITS_FOR_ALL: Mutant = Mutant::new(
    "commit-waits-for-all",
    "Figure 2: a *majority* of `matchIndex[i] >= N`",
    "a leader commits what all servers have: one that stays down stops all others",
)
.rules(&CommitWaitsForAll)
.harms(Harm::Liveness);

struct CommitWaitsForAll;

impl Rules for CommitWaitsForAll {
    fn replicated_on_majority(&self, _leader: &State, replicas: &[Replica]) -> LogIndex {
        replicas[0].match_index
    }
}

pub(super) static HEARTBEATS_CARRY_NO_COMMIT: Mutant = Mutant::new(
    "heartbeats-carry-no-commit",
    "Figure 2, `AppendEntries` 5: if `leaderCommit > commitIndex`, set `commitIndex`",
    "a follower takes the leader's commit index from messages with entries only",
)
.rules(&HeartbeatsCarryNoCommit)
.harms(Harm::Liveness);

struct HeartbeatsCarryNoCommit;

impl Rules for HeartbeatsCarryNoCommit {
    fn commit_index_after_append(
        &self,
        follower: &State,
        append: &Append,
        consistent: bool,
    ) -> LogIndex {
        let carried = consistent && 0 < append.entries;
        Paper.commit_index_after_append(follower, append, carried)
    }
}

/// The lost message was the only one that was allowed to fly.
pub(super) static HEARTBEATS_FREE_NO_WINDOW: Mutant = Mutant::new(
    "heartbeats-free-no-window",
    "§5.3: leaders retry indefinitely, until all followers store all entries",
    "an answer that confirms nothing new is ignored, so that nobody notices a lost message",
)
.rules(&HeartbeatsFreeNoWindow)
.harms(Harm::Liveness);

struct HeartbeatsFreeNoWindow;

impl Rules for HeartbeatsFreeNoWindow {
    fn counts_acknowledgement(&self, leader: &State, reply: &AppendReply) -> bool {
        let known = leader.follower(reply.follower).map_or(0, |follower| follower.match_index);
        let is_news = !reply.success || known < reply.match_index;
        is_news && Paper.counts_acknowledgement(leader, reply)
    }
}

/// What goes and comes between two nodes never ends, and every heartbeat of the timer adds to it.
pub(super) static ANSWERS_BEGET_HEARTBEATS: Mutant = Mutant::new(
    "answers-beget-heartbeats",
    "§5.2: heartbeats are *periodic*",
    "a leader that hears from a follower says at once that it is still there",
)
.boundary(|| Box::new(AnswersBegetHeartbeats))
.harms(Harm::Liveness);

struct AnswersBegetHeartbeats;

impl Boundary for AnswersBegetHeartbeats {
    fn step(&mut self, server: &mut Raft, input: Input, effects: &mut Vec<Effect>) {
        let heard = match &input {
            Input::Receive { from, message: Message { body, .. } } => {
                matches!(body, Body::AppendEntriesReply { success: true, .. }).then_some(*from)
            }
            _ => None,
        };
        server.step(input, effects);
        let State { current_term: term, commit_index: leader_commit, log, .. } = server.state();
        let prev_log = heard
            .filter(|_| server.state().leads())
            .and_then(|to| Some((to, log.position(server.next_index(to)? - 1)?)));
        if let Some((to, prev_log)) = prev_log {
            let entries = Vec::new();
            let body = Body::AppendEntries { prev_log, entries, leader_commit: *leader_commit };
            let message = Message { term: *term, body };
            effects.push(Effect::Send { to, message, after: None });
        }
    }
}

pub(super) static LEADER_IGNORES_NEWER_TERMS: Mutant = Mutant::new(
    "leader-ignores-newer-terms",
    "§5.1: if an RPC contains a later term, a leader reverts to follower",
    "a leader adopts no later term, from nobody: it leads on, and its followers have left it",
)
.rules(&LeaderIgnoresNewerTerms)
.harms(Harm::Liveness);

struct LeaderIgnoresNewerTerms;

impl Rules for LeaderIgnoresNewerTerms {
    fn adopts_term(&self, server: &State, message: &Message) -> bool {
        !server.leads() && Paper.adopts_term(server, message)
    }
}

pub(super) static WINDOW_NEVER_REOPENS: Mutant = Mutant::new(
    "window-never-reopens",
    "§5.3: leaders retry indefinitely, until all followers store all entries",
    "messages with entries are counted, and only their own answers are taken off the count: a few \
     losses, and none is sent any more until the leader starts anew",
)
.boundary(|| Box::new(WindowNeverReopens::default()))
.harms(Harm::Liveness);

#[derive(Default)]
struct WindowNeverReopens {
    /// By follower: messages with entries that nobody has answered.
    unanswered: Vec<(NodeId, u32)>,
}

/// Messages with entries that may go unanswered.
const WINDOW: u32 = 3;

impl WindowNeverReopens {
    fn unanswered(&mut self, of: NodeId) -> &mut u32 {
        let position = self.unanswered.iter().position(|(node, _)| *node == of);
        let position = position.unwrap_or_else(|| {
            self.unanswered.push((of, 0));
            self.unanswered.len() - 1
        });
        &mut self.unanswered[position].1
    }
}

impl Boundary for WindowNeverReopens {
    fn step(&mut self, server: &mut Raft, input: Input, effects: &mut Vec<Effect>) {
        if let Input::Receive { from, message: Message { body, .. } } = &input
            && let &Body::AppendEntriesReply { success, match_index, .. } = body
        {
            let known = server.match_index(*from).unwrap_or(0);
            if !success || known < match_index {
                let count = self.unanswered(*from);
                *count = count.saturating_sub(1);
            }
        }
        server.step(input, effects);
        effects.retain(|effect| {
            let Effect::Send { to, message: Message { body, .. }, .. } = effect else {
                return true;
            };
            let Body::AppendEntries { entries, .. } = body else { return true };
            if entries.is_empty() {
                return true;
            }
            let count = self.unanswered(*to);
            *count += 1;
            *count <= WINDOW
        });
    }
}

pub(super) static NO_VOTE_AFTER_RESTART: Mutant = Mutant::new(
    "no-vote-after-restart",
    "§5.2: a server that hears nothing from a leader votes, and stands",
    "a server that has started with a log takes no part in elections until it hears of a leader",
)
.boundary(|| Box::new(NoVoteAfterRestart::default()))
.harms(Harm::Liveness);

#[derive(Default)]
struct NoVoteAfterRestart {
    waits: bool,
}

impl Boundary for NoVoteAfterRestart {
    fn on_boot(&mut self, disk: &mut Disk) {
        self.waits = !disk.log.is_empty();
    }

    fn step(&mut self, server: &mut Raft, input: Input, effects: &mut Vec<Effect>) {
        let body = match &input {
            Input::Receive { message, .. } => Some(&message.body),
            _ => None,
        };
        self.waits &= !matches!(body, Some(Body::AppendEntries { .. }));
        match input {
            Input::Timeout(Timer::Election) if self.waits => {
                effects.push(Effect::SetTimer(Timer::Election));
            }
            Input::Receive { ref message, .. }
                if self.waits && matches!(message.body, Body::RequestVote { .. }) => {}
            input => server.step(input, effects),
        }
    }
}

pub(super) static CANDIDATE_STANDS_ONCE: Mutant = Mutant::new(
    "candidate-stands-once",
    "§5.2: a candidate whose election comes to nothing times out and starts a new one",
    "who stands sets no timer: it waits for the outcome of its election, and there may be none",
)
.boundary(|| Box::new(CandidateStandsOnce))
.harms(Harm::Liveness);

struct CandidateStandsOnce;

impl Boundary for CandidateStandsOnce {
    fn step(&mut self, server: &mut Raft, input: Input, effects: &mut Vec<Effect>) {
        let stands = input == Input::Timeout(Timer::Election);
        server.step(input, effects);
        effects.retain(|effect| !stands || *effect != Effect::SetTimer(Timer::Election));
    }
}

pub(super) static HEARTBEATS_PREVENT_NOTHING: Mutant = Mutant::new(
    "heartbeats-prevent-nothing",
    "§5.2: a follower that receives valid RPCs from a leader begins no election",
    "a heartbeat does not restart the election timer, only a message with entries does",
)
.boundary(|| Box::new(HeartbeatsPreventNothing))
.harms(Harm::Liveness);

struct HeartbeatsPreventNothing;

impl Boundary for HeartbeatsPreventNothing {
    fn step(&mut self, server: &mut Raft, input: Input, effects: &mut Vec<Effect>) {
        let is_heartbeat = match &input {
            Input::Receive { message: Message { body, .. }, .. } => {
                matches!(body, Body::AppendEntries { entries, .. } if entries.is_empty())
            }
            _ => false,
        };
        // Who hears of a leader for the first time stops standing.
        let follows = is_heartbeat && server.state().leader().is_some();
        server.step(input, effects);
        effects.retain(|effect| !follows || *effect != Effect::SetTimer(Timer::Election));
    }
}

pub(super) static ONE_ANSWER_A_STEP: Mutant = Mutant::new(
    "one-answer-a-step",
    "§8: the leader responds to the client once its entry is applied",
    "a leader that commits several entries at once answers the client of the last one only",
)
.boundary(|| Box::new(OneAnswerAStep))
.harms(Harm::Liveness);

struct OneAnswerAStep;

impl Boundary for OneAnswerAStep {
    fn step(&mut self, server: &mut Raft, input: Input, effects: &mut Vec<Effect>) {
        server.step(input, effects);
        let is_reply = |effect: &Effect| matches!(effect, Effect::Reply { .. });
        let mut earlier =
            effects.iter().filter(|effect| is_reply(effect)).count().saturating_sub(1);
        effects.retain(|effect| {
            let is_dropped = is_reply(effect) && 0 < earlier;
            earlier -= usize::from(is_dropped);
            !is_dropped
        });
    }
}
