//! The program of whoever brings a Raft: every command of `raft-sim`, the page included, for the guest
//! that the crate's documentation shows. `cargo run --example elector -- lab`.

mod guest;

use guest::Elector;

fn main() -> std::process::ExitCode {
    let main = raft_sim::cli::Main::new().target::<Elector>("elector", "it elects leaders", ());
    main.repro_prefix("cargo run -qr --example elector --").run()
}
