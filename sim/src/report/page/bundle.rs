//! The page's modules as one script, for a file that loads nothing: each becomes a function that is
//! called once, after those that it imports from.
//!
//! It reads what the modules are written in, and no more of the language: an import or an export is
//! a line of its own that begins with that word.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::file;

/// The module with which the page begins.
const FIRST: &str = "main.js";

/// The script.
pub(super) fn bundle() -> String {
    let mut bundle = Bundle::default();
    bundle.add(FIRST);
    bundle.text
}

#[derive(Default)]
struct Bundle {
    text: String,
    added: BTreeSet<String>,
}

impl Bundle {
    /// Adds a module, behind all that it needs.
    fn add(&mut self, name: &str) {
        if !self.added.insert(name.to_owned()) {
            return;
        }
        let (mut body, mut exported) = (String::new(), Vec::new());
        for line in code(file(name).expect("a module imports what is there").text) {
            if let Some((names, from)) = import(line) {
                self.add(from);
                let _ = writeln!(body, "const {} = {};", names.replace(" as ", ": "), call(from));
            } else if let Some(declared) = line.strip_prefix("export ") {
                exported.push(declared_name(declared));
                let _ = writeln!(body, "{declared}");
            } else {
                let _ = writeln!(body, "{line}");
            }
        }
        let exported = exported.join(", ");
        let _ = writeln!(
            self.text,
            "const {} = (() => {{\n{body}return {{ {exported} }};\n}})();",
            call(name)
        );
    }
}

/// The lines of a module without its remarks.
fn code(text: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    text.lines().map(str::trim).filter(move |line| {
        let is_remark = inside || line.starts_with("/**") && !line.contains("*/ ");
        inside = is_remark && !line.ends_with("*/");
        !is_remark && !line.starts_with("//") && !line.is_empty()
    })
}

/// Names and module of `import { a, b as c } from './module.js';`.
fn import(line: &str) -> Option<(&str, &str)> {
    let (names, from) = line.strip_prefix("import ")?.split_once(" from './")?;
    Some((names, from.strip_suffix("';")?))
}

/// What a module is called within the script: `page_main`.
fn call(module: &str) -> String {
    format!("page_{}", module.trim_end_matches(".js"))
}

/// The name in `async function name(…`, `class Name {`, `const NAME = …`.
fn declared_name(declared: &str) -> &str {
    let is_word = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let kinds = ["async", "function", "class", "const", "let"];
    let mut words = declared.split(|char| !is_word(char));
    words.find(|word| !kinds.contains(word)).expect("what is exported has a name")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::page::FILES;

    #[test]
    fn every_module_is_in_it_once_and_after_what_it_needs() {
        let bundle = bundle();
        let modules = FILES.iter().filter(|file| file.mime.starts_with("text/javascript"));
        for name in modules.map(|file| call(file.name)) {
            let made = format!("const {name} = (");
            assert_eq!(bundle.matches(&made).count(), 1, "{name}");
            let used = bundle.find(&format!("= {name};"));
            assert!(
                used.is_none_or(|used| bundle.find(&made).is_some_and(|at| at < used)),
                "{name}"
            );
        }
        let begins = |word: &str| bundle.lines().any(|line| line.starts_with(word));
        assert!(!begins("import ") && !begins("export "));
        assert!(!bundle.contains("</script"), "it can stand in a document");
    }

    #[test]
    fn names_are_taken_from_what_is_declared() {
        assert_eq!(declared_name("async function ask(name) {"), "ask");
        assert_eq!(declared_name("class Run {"), "Run");
        assert_eq!(declared_name("const ROLES = ['a'];"), "ROLES");
        assert_eq!(
            import("import { h, show as s } from './dom.js';"),
            Some(("{ h, show as s }", "dom.js"))
        );
    }

    #[test]
    fn remarks_are_left_out_and_casts_are_kept() {
        let text = "// Head.\n/** Of one line. */\n/**\n * Of more.\n */\nconst a = 1;\n  /** @type {any} */ (b).c();\n";
        let kept: Vec<&str> = code(text).collect();
        assert_eq!(kept, ["const a = 1;", "/** @type {any} */ (b).c();"]);
    }
}
