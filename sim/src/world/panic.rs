//! A panic inside a node is a verdict, not an accident: it is caught, and named by its place.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use super::pulse;

thread_local! {
    /// Where and why the last call into a guest panicked.
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps panics of nodes off the terminal; all others are still shown as usual.
pub fn silence_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !pulse::is_within() {
                return usual(info);
            }
            let place = info.location().map_or_else(String::new, |location| {
                format!("{}:{}", crate_and_file(location.file()), location.line())
            });
            let message = said(info.payload());
            LAST.set(Some(format!("{place}: {}", normalised(message))));
        }));
    });
}

/// The end of a path that is the same on every machine: folders of the registry and of checkouts
/// differ, crate and file do not.
fn crate_and_file(path: &str) -> String {
    let path = path.replace('\\', "/");
    // A registry keeps sources as `registry/src/<index>/<crate>/...`, wherever in it a crate's are.
    let kept = path.split_once("/registry/src/").and_then(|(_, index)| index.split_once('/'));
    if let Some((_, file)) = kept {
        return file.to_owned();
    }
    match path.rfind("/src/") {
        Some(src) => path[path[..src].rfind('/').map_or(0, |slash| slash + 1)..].to_owned(),
        None => path,
    }
}

/// The message of a panic, where it is text.
fn said(payload: &dyn std::any::Any) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("panicked")
}

/// Why a call gave nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Failure {
    /// It panicked: `file:line: message`.
    Panic(String),
    /// It was not made: it is known to have no end, in this sense.
    Endless(&'static str),
}

/// Makes one call.
#[inline]
pub(super) fn catch<T>(call: impl FnOnce() -> T) -> Result<T, Failure> {
    pulse::begin().map_err(Failure::Endless)?;
    let result = catch_unwind(AssertUnwindSafe(call));
    pulse::end();
    result.map_err(|_| {
        Failure::Panic(LAST.take().unwrap_or_else(|| "somewhere: panicked".to_owned()))
    })
}

/// Numbers in a message differ between runs of one bug; `#` stands for each.
fn normalised(message: &str) -> String {
    let mut text = String::new();
    for char in message.lines().next().unwrap_or("").chars() {
        if !char.is_ascii_digit() {
            text.push(char);
        } else if !text.ends_with('#') {
            text.push('#');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_named_by_place_and_message_without_its_numbers() {
        silence_panics();
        let failure = catch(|| -> () { panic!("index {} of 4", 17) }).expect_err("it panics");
        let Failure::Panic(place) = failure else { panic!("{failure:?}") };
        assert!(place.contains("src/world/panic.rs:"), "{place}");
        assert!(place.ends_with(": index # of #"), "{place}");
        assert_eq!(catch(|| 3), Ok(3));
    }

    #[test]
    fn a_place_is_the_same_on_every_machine() {
        let check = |path: &str, expected: &str| assert_eq!(crate_and_file(path), expected);
        let registry = "/root/.cargo/registry/src/index.crates.io-6f17d22bba15001f";
        check(&format!("{registry}/raft-0.7.0/src/raft.rs"), "raft-0.7.0/src/raft.rs");
        check(&format!("{registry}/flat-1.0.0/lib.rs"), "flat-1.0.0/lib.rs");
        check(
            "C:\\cargo\\registry\\src\\index\\raft-0.7.0\\src\\raft.rs",
            "raft-0.7.0/src/raft.rs",
        );
        check("/rustc/4a4ef493/library/core/src/slice/index.rs", "core/src/slice/index.rs");
        check("/users/me/src/my-raft/src/log.rs", "my-raft/src/log.rs");
        check("sim/src/guests/noraft.rs", "sim/src/guests/noraft.rs");
        check("src/lib.rs", "src/lib.rs");
        check("sim/tests/check.rs", "sim/tests/check.rs");
    }
}
