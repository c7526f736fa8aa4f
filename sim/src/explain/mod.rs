//! One failure: how it is hunted ([`hunt`]), what is known of it ([`finding`]), the shortest story
//! of it ([`minimize`]), what harm comes of an alarm ([`follow`]), what in it matters
//! ([`why`]), how soon planted ones are found and how short their stories get ([`score`]), and what
//! calls that never come back show ([`stuck`]).

pub mod finding;
pub mod follow;
pub mod hunt;
pub mod minimize;
pub mod score;
pub mod stuck;
pub mod why;
