//! The command line with the built-in targets; everything else is in the library.

fn main() -> std::process::ExitCode {
    raft_sim::cli::Main::built_in().run()
}
