//! Opening a browser, where there is one.

use std::process::{Command, Stdio};

use crate::cli::environment::variable;

/// Asks the system to show the address; `false` if it cannot.
pub(super) fn open(url: &str) -> bool {
    let (program, words): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("rundll32", &["url.dll,FileProtocolHandler"])
    } else {
        let screen = ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().find_map(variable);
        if screen.is_none() {
            return false;
        }
        ("xdg-open", &[])
    };
    let mut command = Command::new(program);
    command.args(words).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().is_ok()
}
