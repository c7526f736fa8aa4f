//! The language is what it was: lines, hashes, and who is named.

use super::*;
use crate::node::Kind;

const KINDS: [Kind; 2] =
    [Kind::new("RequestVote"), Kind::new("RequestVoteReply").with_outcomes("granted", "denied")];

fn action(line: &str) -> Action {
    Action::parse(line, &KINDS).expect("the test's line is right")
}

#[test]
fn nodes_are_those_that_the_line_names() {
    let check = |line: &str, nodes: &str| assert_eq!(action(line).nodes().to_string(), nodes);
    check("timeout n5", "{n5}");
    check("deliver n5->n3 RequestVote", "{n3 n5}");
    check("partition {n1 n2} {n2 n9}", "{n1 n2 n9}");
    check("heal", "{}");
}

#[test]
fn renaming_reaches_every_node() {
    let mut names = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(NodeId);
    names.swap(0, 4);
    let check = |line: &str, renamed: &str| {
        assert_eq!(action(line).renamed(&names).to_string(), renamed);
    };
    check("crash n1 keep 2", "crash n5 keep 2");
    check("drop n5->n3 RequestVote", "drop n1->n3 RequestVote");
    check("cut n1->n5", "cut n5->n1");
    check("partition {n1 n2} {n3 n5}", "partition {n2 n5} {n1 n3}");
    check("heal", "heal");
}

/// Hashes in files and the digests of campaigns depend on these.
#[test]
fn actions_print_as_they_are_read_and_hash_to_the_same_for_ever() {
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
        let action = action(line);
        assert_eq!(action.to_string(), line);
        let mut hasher = Hasher::new();
        action.hash_into(&mut hasher);
        assert_eq!(hasher.finish(), hash, "{line}");
    }
}

#[test]
fn every_verb_has_an_example_that_is_its_own() {
    for verb in Action::verbs() {
        let action = action(verb.example);
        assert_eq!((action.verb(), &*action.to_string()), (verb.word, verb.example));
        assert!(verb.about.ends_with('.'), "{}: a sentence", verb.word);
    }
}

#[test]
fn codes_and_words_are_not_used_twice() {
    let mut words: Vec<&str> = Action::verbs().map(|verb| verb.word).collect();
    let mut hashes: Vec<u64> = Action::verbs()
        .map(|verb| {
            let mut hasher = Hasher::new();
            action(verb.example).hash_into(&mut hasher);
            hasher.finish()
        })
        .collect();
    let count = words.len();
    words.sort_unstable();
    words.dedup();
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!((words.len(), hashes.len()), (count, count));
}
