//! tikv's raft 0.7.0 under raft-sim: every command, for both modes of the crate.

use raft_sim_tikv_raft::{Config, ReadyMode, Tikv};

fn main() -> std::process::ExitCode {
    let main = raft_sim::cli::Main::new();
    let main = main.target::<Tikv>(
        "tikv-raft?ready=sync",
        "tikv's raft 0.7.0, each Ready persisted before the next step",
        Config { ready: ReadyMode::Sync },
    );
    let main = main.version("raft 0.7.0");
    let main = main.target::<Tikv>(
        "tikv-raft?ready=async",
        "tikv's raft 0.7.0, a Ready persisted while the node goes on",
        Config { ready: ReadyMode::Async },
    );
    let main = main.version("raft 0.7.0");
    main.repro_prefix("cargo run -qrp raft-sim-tikv-raft --").run()
}
