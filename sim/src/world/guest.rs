//! Every call into a guest. A panic in there comes back as the place where it happened.

use std::mem;

use super::panic::catch;
use crate::node::{Boot, Effect, Input, Kind, Label, Node, View};

/// What came of a call: `Err` is the `file:line: message` of a panic.
pub(crate) type Called<T> = Result<T, String>;

/// The effects that a call brought about.
type Effects<N> = Vec<Effect<<N as Node>::Message>>;

/// The kinds of messages that a target has.
pub(crate) fn kinds<N: Node>(config: &N::Config) -> Called<&[Kind]> {
    catch(|| N::kinds(config))
}

pub(super) fn boot<N: Node>(boot: &Boot<'_, N::Config>, effects: &mut Effects<N>) -> Called<N> {
    catch(|| N::boot(boot, effects))
}

pub(super) fn step<N: Node>(
    node: &mut N,
    input: Input<N::Message>,
    effects: &mut Effects<N>,
) -> Called<()> {
    catch(|| node.step(input, effects))
}

/// Puts it where it belongs: it is large, and asked for after every step.
pub(super) fn view<N: Node>(node: &N, view: &mut View) -> Called<()> {
    catch(|| *view = node.view())
}

pub(super) fn label<N: Node>(message: &N::Message) -> Called<Label> {
    catch(|| N::label(message))
}

/// Power loss runs no destructors, so what they say does not count.
pub(super) fn forget<N: Node>(node: &mut Option<N>) {
    let _ = catch(|| mem::drop(node.take()));
}
