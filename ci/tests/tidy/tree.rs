//! The files that rules look at: those of the checkout, or a few planted ones.

use std::path::Path;
use std::process::Command;

/// Text files by their path in the checkout.
pub(crate) struct Tree(pub(crate) Vec<File>);

/// One text file.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Tree {
    /// All text files that git tracks; without git, all that are there.
    pub(crate) fn checkout() -> Tree {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the checkout");
        let mut paths = tracked(root).unwrap_or_else(|| walk(root, ""));
        paths.sort();
        let read = |path: String| {
            // What is not text, or was deleted and not yet committed, has no rules to keep.
            let text = std::fs::read_to_string(root.join(&path)).ok()?;
            Some(File { path, text })
        };
        let tree = Tree(paths.into_iter().filter_map(read).collect());
        assert!(tree.file("Cargo.toml").is_some(), "the checkout has a manifest");
        tree
    }

    /// A checkout of a few lines.
    pub(crate) fn planted(files: &[(&str, &str)]) -> Tree {
        let file = |&(path, text): &(&str, &str)| File { path: path.into(), text: text.into() };
        Tree(files.iter().map(file).collect())
    }

    pub(crate) fn file(&self, path: &str) -> Option<&File> {
        self.0.iter().find(|file| file.path == path)
    }

    /// Whether there is such a file, or a folder with files in it. `*` stands for any name.
    pub(crate) fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.0.iter().any(|file| match path.split_once('*') {
            Some((start, end)) => file.path.starts_with(start) && file.path.ends_with(end),
            None => file.path == path || file.path.starts_with(&format!("{path}/")),
        })
    }

    pub(crate) fn with_extension(&self, extension: &str) -> impl Iterator<Item = &File> {
        self.0.iter().filter(move |file| {
            file.path.rsplit_once('.').is_some_and(|(_, theirs)| theirs == extension)
        })
    }
}

impl File {
    /// The lines that a release compiles, numbered from 1: without comments and without tests.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let is_tests = self.path.ends_with("/tests.rs");
        let lines = self.text.lines().enumerate().filter(move |_| !is_tests);
        let code = lines.take_while(|(_, line)| *line != "#[cfg(test)]");
        code.map(|(position, line)| (position + 1, line.split("//").next().unwrap_or("")))
    }
}

fn tracked(root: &Path) -> Option<Vec<String>> {
    let output = Command::new("git").args(["ls-files", "-z"]).current_dir(root).output().ok()?;
    let text = output.status.success().then(|| String::from_utf8(output.stdout).ok())??;
    let paths: Vec<String> =
        text.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect();
    (!paths.is_empty()).then_some(paths)
}

fn walk(root: &Path, folder: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        if entry.path().is_dir() {
            if name != "target" && name != ".git" {
                paths.extend(walk(root, &path));
            }
        } else {
            paths.push(path);
        }
    }
    paths
}

#[test]
fn code_is_what_a_release_compiles() {
    let text = "//! Head.\nuse a; // why\n#[cfg(test)]\nmod tests {}\n";
    let tree = Tree::planted(&[("a.rs", text), ("a/tests.rs", "use b;")]);
    assert_eq!(tree.0[0].code().collect::<Vec<_>>(), [(1, ""), (2, "use a; ")]);
    assert_eq!(tree.0[1].code().count(), 0);
}

#[test]
fn folders_are_there_when_they_hold_something() {
    let tree = Tree::planted(&[("seeds/known/a.json", "")]);
    for path in ["seeds", "seeds/", "seeds/known", "seeds/known/*.json", "seeds/known/a.json"] {
        assert!(tree.has(path), "{path}");
    }
    for path in ["seed", "seeds/known/*.txt", "seeds/kn"] {
        assert!(!tree.has(path), "{path}");
    }
}

#[test]
fn without_git_the_folders_are_walked() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(walk(root, "").contains(&"tests/tidy/tree.rs".to_owned()));
}
