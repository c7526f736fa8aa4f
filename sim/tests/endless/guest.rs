//! A server that is its own cluster, and goes wrong in one call or another.

use std::hint::black_box;
use std::time::Duration;

use raft_sim::node::{
    Boot, Claim, Effect, Explorable, Fingerprint, HardState, Input, Kind, Label, Need, Node,
    NodeId, Reveals, Role, Statement, Storage, Timer, Traits, View, Word, Write,
};

/// In which call it goes wrong, and how.
#[derive(Copy, Clone, PartialEq, Debug)]
pub(crate) enum Mistake {
    Loops(Call),
    Panics(Call),
    Allocates,
    WantsWithoutEnd,
    Slow,
    /// After a restart its second election panics, and its first one loops.
    PanicsOrLoops,
    WritesToNobody,
    /// It panics with what a terminal would obey.
    Shouts,
}

/// A call into a guest.
#[derive(Copy, Clone, PartialEq, Debug)]
pub(crate) enum Call {
    Boot,
    Step,
    View,
    Label,
}

/// As targets.
pub(crate) const MISTAKES: &[(&str, Mistake)] = &[
    ("loops-in-boot", Mistake::Loops(Call::Boot)),
    ("loops-in-step", Mistake::Loops(Call::Step)),
    ("loops-in-view", Mistake::Loops(Call::View)),
    ("loops-in-label", Mistake::Loops(Call::Label)),
    ("panics-in-boot", Mistake::Panics(Call::Boot)),
    ("panics-in-step", Mistake::Panics(Call::Step)),
    ("panics-in-view", Mistake::Panics(Call::View)),
    ("panics-in-label", Mistake::Panics(Call::Label)),
    ("allocates", Mistake::Allocates),
    ("wants-without-end", Mistake::WantsWithoutEnd),
    ("slow", Mistake::Slow),
    ("panics-or-loops", Mistake::PanicsOrLoops),
    ("writes-to-nobody", Mistake::WritesToNobody),
    ("shouts", Mistake::Shouts),
];

/// Targets that take memory without end.
pub(crate) const HUNGRY: &[&str] = &["allocates", "wants-without-end"];

/// It votes for itself, and leads once that is durable.
#[derive(Clone)]
pub(crate) struct Ill {
    id: NodeId,
    hard_state: HardState,
    leads: bool,
    mistake: Mistake,
    starts: u32,
    writes: u64,
}

const KINDS: [Kind; 1] = [Kind { name: Word::new("Word"), outcomes: None }];

impl Mistake {
    /// Goes wrong, if this is the call.
    fn happen(self, call: Call) {
        match self {
            Mistake::Loops(here) if here == call => forever(),
            Mistake::Panics(here) if here == call => match call {
                Call::Boot => panic!("in boot"),
                Call::Step => panic!("in step"),
                Call::View => panic!("in view"),
                Call::Label => panic!("in label"),
            },
            _ => {}
        }
    }
}

fn forever() {
    loop {
        black_box(());
    }
}

impl Ill {
    fn stand(&mut self, effects: &mut Vec<Effect<Mistake>>) {
        self.mistake.happen(Call::Step);
        let current_term = self.hard_state.current_term + 1;
        match self.mistake {
            Mistake::Allocates => {
                let mut memory: Vec<Vec<u8>> = Vec::new();
                loop {
                    memory.push(black_box(vec![1; 1 << 20]));
                }
            }
            Mistake::WantsWithoutEnd => loop {
                effects.push(Effect::SetTimer(Timer::Election));
            },
            Mistake::Shouts => panic!("\x1b[2Jstop"),
            Mistake::PanicsOrLoops => {
                assert!(self.starts == 1 || current_term == 1, "twice");
                if self.starts == 2 {
                    forever();
                }
            }
            _ => {}
        }
        self.hard_state = HardState { current_term, voted_for: Some(self.id) };
        self.leads = false;
        self.writes += 1;
        let hard_state = Some(self.hard_state);
        effects.push(Effect::Write(Write { id: self.writes, hard_state, ..Write::default() }));
        let to = if self.mistake == Mistake::WritesToNobody { NodeId(7) } else { self.id };
        effects.push(Effect::Send { to, message: self.mistake, after: Some(self.writes) });
        effects.push(Effect::SetTimer(Timer::Election));
    }
}

impl Node for Ill {
    type Message = Mistake;
    type Config = Mistake;

    fn traits(_: &Mistake) -> Traits {
        let reveals = Reveals::only(&[Need::TermAndRole, Need::Votes]);
        Traits { storage: Storage::Asynchronous, reveals, nodes: (1, 1) }
    }

    fn boot(boot: &Boot<'_, Mistake>, effects: &mut Vec<Effect<Mistake>>) -> Self {
        if 1 < boot.incarnation {
            boot.config.happen(Call::Boot);
        }
        effects.push(Effect::SetTimer(Timer::Election));
        let (hard_state, mistake) = (boot.disk.hard_state, *boot.config);
        Ill { id: boot.id, hard_state, leads: false, mistake, starts: boot.incarnation, writes: 0 }
    }

    fn step(&mut self, input: Input<Mistake>, effects: &mut Vec<Effect<Mistake>>) {
        if self.mistake == Mistake::Slow {
            pause();
        }
        match input {
            Input::Timeout(_) => self.stand(effects),
            Input::WriteDone(_) => self.leads = true,
            Input::WriteFailed => effects.push(Effect::Halt),
            Input::Receive { .. } | Input::Propose(_) => {}
        }
    }

    fn view(&self) -> View {
        if self.leads {
            self.mistake.happen(Call::View);
        }
        View {
            current_term: Some(self.hard_state.current_term),
            voted_for: Some(self.hard_state.voted_for),
            role: Some(if self.leads { Role::Leader } else { Role::Follower }),
            ..View::default()
        }
    }

    fn kinds(_: &Mistake) -> &[Kind] {
        &KINDS
    }

    fn label(mistake: &Mistake) -> Label {
        mistake.happen(Call::Label);
        let statement = Statement { term: None, claim: Claim::Other };
        Label { kind: 0, yes: false, signature: 0, statement }
    }
}

impl Explorable for Ill {
    fn fork(&self) -> Self {
        self.clone()
    }

    fn fingerprint(&self, print: &mut Fingerprint<'_>) {
        print.add(u64::from(self.leads));
    }
}

/// Long for a call, and yet it ends.
#[expect(clippy::disallowed_methods, reason = "it is slow on purpose, and decides nothing")]
fn pause() {
    std::thread::sleep(Duration::from_millis(250));
}
