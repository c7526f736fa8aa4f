//! Every call into a guest. What goes wrong in there comes back as an error.

use std::mem::ManuallyDrop;

use super::panic::{Failure, catch};
use crate::node::{Boot, Effect, Input, Kind, Label, Node, View};

/// What came of a call.
pub(crate) type Called<T> = Result<T, Failure>;

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

/// Puts it where it belongs: it is large, and asked for after every step. Of a node that is not
/// settled it stays as it is; says whether it is.
pub(super) fn view<N: Node>(node: &N, view: &mut View) -> Called<bool> {
    catch(|| {
        let settled = node.is_settled();
        if settled {
            *view = node.view();
        }
        settled
    })
}

pub(super) fn label<N: Node>(message: &N::Message) -> Called<Label> {
    catch(|| N::label(message))
}

/// Power loss runs no destructors, so what they say does not count.
pub(super) fn forget<N: Node>(node: &mut Option<N>) {
    let gone = ManuallyDrop::new(node.take());
    let _ = catch(move || drop(ManuallyDrop::into_inner(gone)));
}
