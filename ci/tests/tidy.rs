//! The rules of the house, held against every file of the checkout.
//!
//! A rule is a function from the files to complaints, and each complaint says what to do. Every
//! rule is also tried on a few planted lines that break it: a rule that cannot fail holds nothing.

#[path = "tidy/floors.rs"]
mod floors;
#[path = "tidy/habits.rs"]
mod habits;
#[path = "tidy/knows.rs"]
mod knows;
#[path = "tidy/lists.rs"]
mod lists;
#[path = "tidy/tree.rs"]
mod tree;

use tree::Tree;

/// Every rule is kept by the checkout.
macro_rules! rules {
    ($($name:ident: $rule:path;)*) => {
        $(
            #[test]
            fn $name() {
                let complaints = $rule(&Tree::checkout());
                assert!(complaints.is_empty(), "{}", complaints.join("\n"));
            }
        )*
    };
}

rules! {
    core_and_judges_depend_on_nothing: knows::no_dependencies;
    nobody_knows_what_it_should_not: knows::words;
    floors_know_only_what_lies_below: floors::order;
    no_circle_of_files: floors::circles;
    the_top_has_few_names: floors::names_at_the_top;
    lists_hold_what_is_in_their_folders: lists::complete;
    the_architecture_names_what_exists: lists::described;
    files_begin_by_saying_what_they_are: habits::head_comments;
    nothing_is_left_for_later: habits::nothing_unfinished;
    documents_have_one_title: habits::one_title;
    files_can_be_read_in_one_sitting: habits::short_files;
    nothing_depends_on_one_machine: habits::no_machine_paths;
}
