//! One failure: how it is hunted ([`hunt`]), what is known of it ([`finding`]), the shortest story of it ([`minimize`]), what in
//! it matters ([`why`]), and how soon planted ones are found and how short their stories get
//! ([`score`]).

pub mod finding;
pub mod hunt;
pub mod minimize;
pub mod score;
pub mod why;
