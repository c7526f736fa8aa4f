//! Reading a scenario: line by line, every mistake with its place.

use std::path::Path;

use super::{Block, DASHES, Picture, Scenario, Section, VIOLATIONS};
use crate::language::file_error::FileError;
use crate::language::phrase::Phrase;
use crate::language::script::{ACTIONS_MAX, Cluster, LEAVE_OUT, Script, too_long};
use crate::language::text::{Cursor, ParseError, quoted};
use crate::node::Kind;

/// Before the name of another target.
const ELSEWHERE: &str = "====";
/// Actions, pictures and what is told of other targets, in lines at most.
const LINES_MAX: usize = 2 * ACTIONS_MAX;
/// Before the name of the target.
const TARGET: &str = "target";

impl Scenario {
    /// Reads a file. `path` is for errors only. `kinds_of` gives the messages of the target that the
    /// file names, or of the one that it is told to if it names none; or else a hint.
    ///
    /// # Errors
    /// At the first line that is wrong.
    pub fn parse<'k>(
        text: &str,
        path: &Path,
        kinds_of: impl Fn(Option<&str>) -> Result<&'k [Kind], String>,
    ) -> Result<Scenario, FileError> {
        let mut reader = Reader::default();
        for (position, line) in text.lines().enumerate() {
            reader
                .read(position + 1, line, &kinds_of)
                .map_err(|error| FileError::in_line(path, position + 1, line, error))?;
        }
        let scenario = reader.scenario.ok_or_else(|| {
            FileError::at(path, text, text.trim_end().len(), 1, "the script is empty")
                .hint("begin with a line like `cluster nodes=3`")
        })?;
        Ok(Scenario { text: text.to_owned(), ..scenario })
    }
}

/// What was read so far.
#[derive(Default)]
struct Reader<'k> {
    target: Option<String>,
    kinds: Option<&'k [Kind]>,
    scenario: Option<Scenario>,
    in_picture: bool,
    /// Lines that say something, without the head.
    lines: usize,
    phrases: usize,
}

impl<'k> Reader<'k> {
    fn read(
        &mut self,
        number: usize,
        line: &str,
        kinds_of: &impl Fn(Option<&str>) -> Result<&'k [Kind], String>,
    ) -> Result<(), ParseError> {
        let is_silent = is_silent(line);
        let kinds = match (self.kinds, &mut self.scenario) {
            _ if is_silent => {
                self.in_picture = false;
                return Ok(());
            }
            (kinds, None) => return self.read_head(line, kinds, kinds_of),
            (kinds, Some(_)) => kinds.unwrap_or_default(),
        };
        self.lines += 1;
        if LINES_MAX < self.lines {
            let message = format!("a scenario has at most {LINES_MAX} lines that say something");
            return Err(Cursor::new(line).error(&Cursor::new(line).take(), message, LEAVE_OUT));
        }
        let scenario = self.scenario.as_mut().expect("the head was read");
        if let Some(section) = scenario.sections.last_mut()
            && !line.starts_with(ELSEWHERE)
        {
            return section.read(number, line);
        }
        if let Some(target) = line.strip_prefix(ELSEWHERE) {
            let target = target.trim().to_owned();
            scenario.sections.push(Section { target, line: number, violations: None });
            return Ok(());
        }
        if self.in_picture && is_pictured(line) {
            let block = scenario.blocks.iter_mut().rev().find_map(|block| block.picture.as_mut());
            let picture = block.expect("a picture was begun");
            picture.lines.push(line.trim_end().to_owned());
            return Ok(());
        }
        self.in_picture = line.trim_end() == DASHES;
        let is_new = scenario.blocks.last().is_none_or(|block| block.picture.is_some());
        if is_new {
            scenario.blocks.push(Block::default());
        }
        let last = scenario.blocks.iter().rev().find_map(|block| block.phrases.last());
        let is_over = matches!(last, Some((_, Phrase::Calm(_))));
        let cluster = scenario.cluster;
        let block = scenario.blocks.last_mut().expect("one was just pushed");
        if self.in_picture {
            block.picture = Some(Picture { line: number + 1, lines: Vec::new() });
            return Ok(());
        }
        let phrase = phrase(line, cluster, kinds, is_over)?;
        self.phrases += usize::from(!matches!(phrase, Phrase::Calm(_)));
        if ACTIONS_MAX < self.phrases {
            return Err(Cursor::new(line).error(&Cursor::new(line).take(), too_long(), LEAVE_OUT));
        }
        block.phrases.push((number, phrase));
        Ok(())
    }

    /// A line above the first that is told: the target's, or the cluster's.
    fn read_head(
        &mut self,
        line: &str,
        kinds: Option<&'k [Kind]>,
        kinds_of: &impl Fn(Option<&str>) -> Result<&'k [Kind], String>,
    ) -> Result<(), ParseError> {
        let mut cursor = Cursor::new(line);
        let word = cursor.take();
        if word.text == TARGET && kinds.is_none() {
            let name = cursor.take();
            let unknown = |hint| {
                let message = format!("unknown target {}", quoted(name.text));
                cursor.error(&name, message, hint)
            };
            self.kinds = Some(kinds_of(Some(name.text)).map_err(unknown)?);
            self.target = Some(name.text.to_owned());
            return Ok(());
        }
        let cluster = Cluster::parse(line)?;
        let unknown = |hint| cursor.error(&word, "no target is linked in".to_owned(), hint);
        self.kinds = Some(match kinds {
            Some(kinds) => kinds,
            None => kinds_of(None).map_err(unknown)?,
        });
        self.scenario = Some(Scenario {
            text: String::new(),
            target: self.target.take(),
            cluster,
            blocks: Vec::new(),
            sections: Vec::new(),
        });
        Ok(())
    }
}

/// What a line tells. Nothing is told when it is over, after the calm.
fn phrase(
    line: &str,
    cluster: Cluster,
    kinds: &[Kind],
    is_over: bool,
) -> Result<Phrase, ParseError> {
    let mut cursor = Cursor::new(line);
    let word = cursor.take();
    let wrong = |message: &str, hint: &str| Err(cursor.error(&word, message.to_owned(), hint));
    match word.text {
        "cluster" => wrong("a script has one `cluster` line", "delete this one"),
        TARGET => wrong("the target is named above the `cluster` line", "move it there"),
        _ if is_over => wrong("nothing comes after `calm`", "make it the last line"),
        _ => cluster.parse_phrase(line, kinds),
    }
}

/// Whether a line means nothing: it is blank, or a comment.
fn is_silent(line: &str) -> bool {
    let word = Cursor::new(line).take();
    word.text.is_empty() || word.text.starts_with('#')
}

/// Whether a line has the form of a picture's, which no action has: `n1 ...`, `violations ...`.
fn is_pictured(line: &str) -> bool {
    let word = line.split(' ').next().unwrap_or_default();
    matches!(word.as_bytes(), [b'n', b'1'..=b'9']) || line.starts_with(VIOLATIONS)
}

impl Section {
    fn read(&mut self, number: usize, line: &str) -> Result<(), ParseError> {
        match line.strip_prefix(VIOLATIONS) {
            Some(violations) if self.violations.is_none() => {
                self.violations = Some((number, violations.trim().to_owned()));
                Ok(())
            }
            _ => {
                let cursor = Cursor::new(line);
                let message = "nothing more is told after `====`".to_owned();
                let hint = "a section says `violations` and their names, or nothing";
                Err(cursor.error(&cursor.peek(), message, hint))
            }
        }
    }
}

impl Script {
    /// Reads plain text: a `cluster` line, then one action a line, and nothing that only scenarios
    /// have. Blank lines and lines that begin with `#` mean nothing. `path` is for errors only.
    ///
    /// # Errors
    /// At the first line that is wrong.
    pub fn parse(text: &str, path: &Path, kinds: &[Kind]) -> Result<Script, FileError> {
        let scenario = Scenario::parse(text, path, |name| match name {
            None => Ok(kinds),
            Some(_) => Err("a script is told to whom it is given: delete the line".to_owned()),
        })?;
        let is_plain = |phrase: &Phrase| matches!(phrase, Phrase::Act(_) | Phrase::Calm(_));
        let (line, what) = if let Some((line, phrase)) =
            scenario.phrases().find(|(_, phrase)| !is_plain(phrase))
        {
            (*line, format!("`{phrase}` stands for several actions"))
        } else if let Some(picture) = scenario.blocks.iter().find_map(|it| it.picture.as_ref()) {
            (picture.line - 1, "a script has no pictures".to_owned())
        } else if let Some(section) = scenario.sections.first() {
            (section.line, "a script has no sections".to_owned())
        } else {
            return Ok(scenario.script().expect("it was just seen to have actions only"));
        };
        let source = text.lines().nth(line - 1).unwrap_or_default();
        let cursor = Cursor::new(source);
        let error =
            cursor.error(&cursor.peek(), what, "`replay FILE --script` prints plain actions");
        Err(FileError::in_line(path, line, source, error))
    }
}
