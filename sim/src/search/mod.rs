//! Many runs: seed after seed by chance ([`campaign`]), runs that grow out of one another
//! ([`guided`]), every run of a small scope ([`exhaustive`]).
//!
//! [`target`] is where a guest's types end: from here on an implementation is an object.

pub mod campaign;
pub mod exhaustive;
pub mod guided;
pub mod seen;
pub mod shard;
pub mod situation;
pub mod spread;
pub mod target;
pub mod watch;
