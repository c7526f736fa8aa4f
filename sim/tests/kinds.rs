//! The words for messages belong to a target, not to its type: here come two targets of one type
//! whose words are known only when they are made.

mod changed;

use changed::{Change, Changed};
use raft_invariants::Selection;
use raft_sim::guests::raft_core::RaftCore;
use raft_sim::language::script::Script;
use raft_sim::node::{Kind, Node, Word};
use raft_sim::run::{Replay, Run};
use raft_sim::schedule::config::{RunConfig, Settings};
use raft_sim::search::target::{Guest, Target};

/// The reference, under words of its own.
enum Translated {}

impl Change for Translated {
    type Config = Vec<Kind>;

    fn kinds(config: &Vec<Kind>) -> &[Kind] {
        config
    }
}

/// The reference whose words are those of the reference as `translate` gives them back.
fn target(translate: impl Fn(&str) -> String) -> Guest<Changed<Translated>> {
    let word = |word: Word| Word::read(&translate(word.text()));
    let kind = |kind: &Kind| Kind {
        name: word(kind.name),
        outcomes: kind.outcomes.map(|outcomes| outcomes.map(word)),
    };
    let kinds = RaftCore::kinds(&None).iter().map(kind).collect();
    Guest::new("translated", "", kinds)
}

fn replay(target: &dyn Target, text: &str) -> Run {
    let script = Script::parse(text, "test.txt".as_ref(), target.kinds()).expect("it is right");
    let (run, skipped) = target.replay(&script, &Selection::ALL, Replay::STORY);
    assert_eq!(skipped, [0; 0], "every line means something");
    run
}

const STORY: &str = "\
cluster nodes=3
timeout n1
deliver n1->n2 RequestVote
deliver n2->n1 RequestVoteReply granted
";

#[test]
fn each_target_of_a_type_has_its_own_words() {
    let latin = target(|word| format!("{word}ex"));
    let greek = target(|word| format!("{word}os"));
    let text = STORY.replace("Vote\n", "Voteex\n").replace("Reply granted", "Replyex grantedex");
    let run = replay(&latin, &text);
    let line = run.actions[1].to_string();
    assert!(line.starts_with("deliver n1->n2 RequestVoteex #"), "{line}");
    let error = Script::parse(&text, "test.txt".as_ref(), greek.kinds()).expect_err("not Greek");
    assert_eq!(error.message, "unknown message kind `RequestVoteex`");
    let hint = error.hint.expect("the words of this target help");
    assert!(hint.contains("this target sends RequestVoteos, RequestVoteReplyos"), "{hint}");
}

#[test]
fn words_that_were_read_are_as_good_as_words_of_the_code() {
    let read = target(str::to_owned);
    let reference = Guest::<RaftCore>::new("raft-core", "", None);
    let (a, b) = (replay(&read, STORY), replay(&reference, STORY));
    assert_eq!((a.hash, a.actions), (b.hash, b.actions));
    for seed in 0..20 {
        let config = RunConfig::draw(seed, &Settings::default(), &reference.traits());
        let of = |target: &dyn Target| target.run(&config, &Selection::ALL);
        let (a, b) = (of(&read), of(&reference));
        assert_eq!((a.hash, a.actions), (b.hash, b.actions), "seed {seed}");
    }
}
