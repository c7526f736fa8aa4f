//! `raft-sim completions`: what a shell needs to complete our words.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::error::Exit;
use super::{App, Arguments};

/// Print the completions of a shell
#[derive(Args)]
#[command(after_help = "\
Examples:
  raft-sim completions bash > ~/.local/share/bash-completion/completions/raft-sim
  raft-sim completions zsh > ~/.zfunc/_raft-sim
  raft-sim completions fish > ~/.config/fish/completions/raft-sim.fish")]
pub(super) struct CompletionsArgs {
    /// Which shell
    shell: Shell,
}

pub(super) fn run(app: &App, args: &CompletionsArgs) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Arguments::command(), &app.program, &mut script);
    app.console.out(&String::from_utf8_lossy(&script));
    Exit::Passed
}
