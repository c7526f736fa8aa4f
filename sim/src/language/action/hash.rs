//! Actions as numbers, for trace hashes and for remembering what was tried.

use super::{Action, Pattern};
use crate::language::hash::Hasher;
use crate::node::{NodeId, Word};

impl Action {
    /// Adds the action to a hash. A message with a signature is its signature.
    pub fn hash_into(&self, hasher: &mut Hasher) {
        let node = |node: NodeId| u64::from(node.0);
        match *self {
            Action::Timeout { node: n, timer } => hasher.add(1 << 32 | node(n) << 8 | timer as u64),
            Action::Deliver(pattern) => message(hasher, 2, pattern),
            Action::Duplicate(pattern) => message(hasher, 3, pattern),
            Action::Drop(pattern) => message(hasher, 4, pattern),
            Action::Sync(n) => hasher.add(5 << 32 | node(n)),
            Action::Fail { node: n, keep } => hasher.add(6 << 32 | u64::from(keep) << 8 | node(n)),
            Action::Crash { node: n, keep } => hasher.add(7 << 32 | u64::from(keep) << 8 | node(n)),
            Action::Restart(n) => hasher.add(8 << 32 | node(n)),
            Action::Lose { node: n, writes } => {
                hasher.add(9 << 32 | u64::from(writes) << 8 | node(n))
            }
            Action::Wipe(n) => hasher.add(10 << 32 | node(n)),
            Action::Cut { from, to } => hasher.add(11 << 32 | node(from) << 8 | node(to)),
            Action::Mend { from, to } => hasher.add(12 << 32 | node(from) << 8 | node(to)),
            Action::Partition(groups) => {
                hasher.add(13 << 32);
                groups.0.iter().fold(hasher, |hasher, group| hasher.add(u64::from(group.0)))
            }
            Action::Heal => hasher.add(14 << 32),
            Action::Pause(n) => hasher.add(15 << 32 | node(n)),
            Action::Resume(n) => hasher.add(16 << 32 | node(n)),
            Action::Stall(n) => hasher.add(17 << 32 | node(n)),
            Action::Unstall(n) => hasher.add(18 << 32 | node(n)),
            Action::Skew { node: n, percent } => {
                hasher.add(19 << 32 | u64::from(percent.cast_unsigned()) << 8 | node(n))
            }
            Action::Jump { node: n, ms } => hasher.add(20 << 32 | node(n)).add(u64::from(ms)),
            Action::Write { node: n, key, value } => {
                hasher.add(21 << 32 | u64::from(key) << 8 | node(n)).add(u64::from(value))
            }
        };
    }
}

fn message(hasher: &mut Hasher, verb: u64, pattern: Pattern) -> &mut Hasher {
    hasher.add(verb << 32 | u64::from(pattern.from.0) << 8 | u64::from(pattern.to.0));
    match pattern.signature {
        Some(signature) => hasher.add(u64::from(signature)),
        None => hasher.add_str(pattern.kind.text()).add_str(pattern.outcome.map_or("", Word::text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::Kind;

    /// Hashes in files and the digests of campaigns depend on these.
    #[test]
    fn actions_hash_to_the_same_for_ever() {
        let kinds = [Kind::new("RequestVoteReply").with_outcomes("granted", "denied")];
        let golden = [
            ("timeout n5", 0xb979_ebf2_6fa1_f137),
            ("heartbeat n5", 0xa1fe_ee27_d09b_42b2),
            ("deliver n5->n3 RequestVoteReply", 0xc064_2db0_9896_3342),
            ("deliver n5->n3 RequestVoteReply granted", 0x0bbf_50a6_5840_e814),
            ("deliver n5->n3 RequestVoteReply granted #9f3c12ab", 0x88d5_c5ea_4399_5373),
            ("duplicate n5->n3 RequestVoteReply", 0xcb10_f773_ef1f_2ec0),
            ("drop n5->n3 RequestVoteReply", 0x9938_2b9d_0279_a0d5),
            ("sync n2", 0xd597_d61b_4abe_4a2e),
            ("fail n2", 0x4e5b_4cdf_ca63_2cce),
            ("fail n2 keep 1", 0xb826_5f29_094b_adcc),
            ("crash n2 keep 700", 0x50fe_3bb0_e56b_41aa),
            ("restart n1", 0xafb9_cdc0_8c57_8fd7),
            ("lose n1 2", 0x36e8_5ff7_8075_7ee0),
            ("wipe n1", 0xebab_aa6d_5d63_b1ea),
            ("cut n1->n2", 0x8a53_1872_f7cb_d9b0),
            ("mend n1->n2", 0xba31_20be_df53_78f5),
            ("partition {n1 n2} {n3 n4 n5}", 0x20e4_533f_daf7_c5f5),
            ("partition {n3 n4 n5} {n1 n2}", 0x3665_cac6_0c03_1ebb),
            ("heal", 0x4883_de40_0f4b_a90f),
            ("pause n4", 0xbb5e_fa6a_3a01_5bba),
            ("resume n4", 0xbfa7_7509_d088_c022),
            ("stall n4", 0x4594_8eb2_1384_c930),
            ("unstall n4", 0x25dd_33f3_f965_18f2),
            ("skew n2 +3%", 0x0a4f_441f_849f_aa13),
            ("skew n2 -90%", 0x8eed_a3b4_4cd0_0df2),
            ("jump n2 250ms", 0x6275_5ea8_55fd_f7d4),
            ("write n1 x=10", 0xcafe_a107_99bb_81b1),
        ];
        for (line, hash) in golden {
            let action = Action::parse(line, &kinds).expect("every line is in the language");
            let mut hasher = Hasher::new();
            action.hash_into(&mut hasher);
            assert_eq!(hasher.finish(), hash, "{line}");
        }
    }
}
