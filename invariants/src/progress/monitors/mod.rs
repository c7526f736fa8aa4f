//! One file a monitor; the list is [`MONITORS`](super::MONITORS).

pub mod commits_reach_all;
pub mod earlier_writes_committed;
pub mod elections_cease;
pub mod followers_catch_up;
pub mod leader_emerges;
pub mod messages_bounded;
pub mod operations_answered;
pub mod terms_bounded;
pub mod writes_served;
