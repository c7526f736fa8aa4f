//! A server that is its own cluster, and goes wrong in one call or another.

use std::hint::black_box;
use std::time::Duration;

use raft_sim::node::{
    Boot, Claim, Effect, Explorable, Fingerprint, HardState, Input, Kind, Label, Need, Node,
    NodeId, Reveals, Role, Statement, Storage, Timer, Traits, View, Word, Write,
};

/// What goes wrong: in a call, or when the server stands or leads.
#[derive(Copy, Clone, PartialEq, Debug)]
pub(crate) enum Mistake {
    Panics(Call),
    Loops(Call),
    Allocates,
    WantsWithoutEnd,
    /// It wants more at once than is sane.
    WantsTooMuch,
    /// It answers every write with another one.
    WriteForWrite,
    Slow,
    /// After a restart its second election panics, and its first one loops.
    PanicsOrLoops,
    /// Its message is of a kind that there is not.
    NoSuchKind,
    NoSuchNode(NodeId),
    /// It issues the same write twice.
    SameWrite,
    /// Its message waits for a write that it never issues.
    NoSuchWrite,
    /// It panics with what a terminal would obey.
    Shouts,
}

/// A call into a guest.
#[derive(Copy, Clone, PartialEq, Debug)]
pub(crate) enum Call {
    Kinds,
    Boot,
    Step,
    View,
    Label,
    /// Not even power loss brings this about.
    Drop,
}

/// As targets.
pub(crate) const MISTAKES: &[(&str, Mistake)] = &[
    ("loops-in-boot", Mistake::Loops(Call::Boot)),
    ("loops-in-step", Mistake::Loops(Call::Step)),
    ("loops-in-view", Mistake::Loops(Call::View)),
    ("loops-in-label", Mistake::Loops(Call::Label)),
    ("panics-in-kinds", Mistake::Panics(Call::Kinds)),
    ("panics-in-boot", Mistake::Panics(Call::Boot)),
    ("panics-in-step", Mistake::Panics(Call::Step)),
    ("panics-in-view", Mistake::Panics(Call::View)),
    ("panics-in-label", Mistake::Panics(Call::Label)),
    ("panics-in-drop", Mistake::Panics(Call::Drop)),
    ("allocates", Mistake::Allocates),
    ("wants-without-end", Mistake::WantsWithoutEnd),
    ("wants-too-much", Mistake::WantsTooMuch),
    ("writes-for-writes", Mistake::WriteForWrite),
    ("slow", Mistake::Slow),
    ("panics-or-loops", Mistake::PanicsOrLoops),
    ("has-no-such-kind", Mistake::NoSuchKind),
    ("sends-to-n0", Mistake::NoSuchNode(NodeId(0))),
    ("sends-to-n2", Mistake::NoSuchNode(NodeId(2))),
    ("sends-to-n255", Mistake::NoSuchNode(NodeId(255))),
    ("writes-the-same", Mistake::SameWrite),
    ("waits-for-no-write", Mistake::NoSuchWrite),
    ("shouts", Mistake::Shouts),
];

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
                Call::Kinds => panic!("in kinds"),
                Call::Boot => panic!("in boot"),
                Call::Step => panic!("in step, {} of 7", black_box(3)),
                Call::View => panic!("in view"),
                Call::Label => panic!("in label"),
                Call::Drop => panic!("in drop"),
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
            Mistake::WantsTooMuch => effects.resize(100_000, Effect::SetTimer(Timer::Election)),
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
        self.write(effects);
        if self.mistake == Mistake::SameWrite {
            self.writes -= 1;
            self.write(effects);
        }
        let to = if let Mistake::NoSuchNode(nobody) = self.mistake { nobody } else { self.id };
        let after = self.writes + u64::from(self.mistake == Mistake::NoSuchWrite);
        effects.push(Effect::Send { to, message: self.mistake, after: Some(after) });
        effects.push(Effect::SetTimer(Timer::Election));
    }

    fn write(&mut self, effects: &mut Vec<Effect<Mistake>>) {
        self.writes += 1;
        let hard_state = Some(self.hard_state);
        effects.push(Effect::Write(Write { id: self.writes, hard_state, ..Write::default() }));
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
            Input::WriteDone(_) => {
                self.leads = true;
                if self.mistake == Mistake::WriteForWrite {
                    self.write(effects);
                }
            }
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

    fn kinds(mistake: &Mistake) -> &[Kind] {
        mistake.happen(Call::Kinds);
        &KINDS
    }

    fn label(mistake: &Mistake) -> Label {
        mistake.happen(Call::Label);
        let kind = if *mistake == Mistake::NoSuchKind { 7 } else { 0 };
        let statement = Statement { term: None, claim: Claim::Other };
        Label { kind, yes: false, signature: 0, statement }
    }
}

impl Drop for Ill {
    fn drop(&mut self) {
        self.mistake.happen(Call::Drop);
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
