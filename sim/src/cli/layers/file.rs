//! `raft-sim.toml`: sections of settings, each of which may inherit from another.

use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Command;
use toml::de::{DeTable, DeValue};

use super::super::error::CliError;
use super::super::input::read_bounded;
use super::{Origin, Setting, Source, Value, find, flag_of, is_switch, settable};
use crate::language::file_error::FileError;
use crate::language::text::{did_you_mean, quoted, suggest};

/// What the file is called, in the folder or in one above it.
const NAME: &str = "raft-sim.toml";
/// A larger one is none of ours.
const BYTES_MAX: u64 = 1 << 20;
/// The section that counts always, below all others.
const DEFAULT: &str = "default";
/// The key that names the section below.
const INHERITS: &str = "inherits";

/// A section as it stands in the file.
struct Section {
    name: String,
    inherits: Option<(String, Range<usize>)>,
    settings: Vec<Setting>,
}

/// The settings of a section (by default of `default` alone) and of those that it inherits from,
/// the uppermost first.
pub(super) fn layers(
    fuzz: &Command,
    folder: &Path,
    wanted: Option<&str>,
) -> Result<Vec<Vec<Setting>>, CliError> {
    let Some(source) = nearest(folder)? else {
        return match wanted {
            None => Ok(Vec::new()),
            Some(name) => {
                let message = format!("there are no settings {}: there is no {NAME}", quoted(name));
                let hint = "it stands in this folder or in one above it";
                Err(CliError::usage(message).hint(hint))
            }
        };
    };
    let source = Arc::new(source);
    let mut sections = sections(fuzz, &source)?;
    for section in &sections {
        lineage(&sections, Some(&section.name), &source)?;
    }
    let mut layers = Vec::new();
    for name in lineage(&sections, wanted, &source)? {
        let section = sections.iter_mut().find(|section| section.name == name);
        layers.push(std::mem::take(&mut section.expect("a lineage is of sections").settings));
    }
    Ok(layers)
}

/// The file that counts, named from where we are.
fn nearest(folder: &Path) -> Result<Option<Source>, CliError> {
    let mut named = PathBuf::new();
    for folder in folder.ancestors() {
        let path = named.join(NAME);
        match fs::File::open(folder.join(NAME)) {
            Ok(file) => {
                let bytes = read_bounded(file, &path, BYTES_MAX)?;
                let text = FileError::utf8(&path, &bytes)?.to_owned();
                return Ok(Some(Source { path, text }));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => named.push(".."),
            Err(error) => return Err(CliError::unreadable(&path, &error)),
        }
    }
    Ok(None)
}

/// All sections of the file, every value checked.
fn sections(fuzz: &Command, source: &Arc<Source>) -> Result<Vec<Section>, CliError> {
    let table = DeTable::parse(&source.text).map_err(|error| {
        let span = error.span().unwrap_or_default();
        complain(source, &span, error.message(), None)
    })?;
    let mut sections = Vec::new();
    for (name, value) in table.get_ref() {
        let DeValue::Table(entries) = value.get_ref() else {
            let message = format!("{} stands in no section", quoted(name.get_ref()));
            let hint = format!("write [{DEFAULT}] above it");
            return Err(complain(source, &name.span(), &message, Some(hint)));
        };
        sections.push(section(fuzz, source, name.get_ref(), entries)?);
    }
    Ok(sections)
}

fn section(
    fuzz: &Command,
    source: &Arc<Source>,
    name: &str,
    entries: &DeTable<'_>,
) -> Result<Section, CliError> {
    let mut section = Section { name: name.to_owned(), inherits: None, settings: Vec::new() };
    for (key, value) in entries {
        let flag = key.get_ref().as_ref();
        if flag == INHERITS {
            let DeValue::String(parent) = value.get_ref() else {
                let message = "`inherits` takes the name of a section";
                return Err(complain(source, &value.span(), message, None));
            };
            section.inherits = Some((parent.to_string(), value.span()));
            continue;
        }
        let Some(arg) = find(fuzz, flag) else {
            let flags = settable(fuzz).map(flag_of).chain([INHERITS]);
            let hint = suggest(flag, flags).map_or_else(
                || "a setting is called like its flag; `fuzz --help` has all of them".to_owned(),
                did_you_mean,
            );
            let message = format!("there is no setting {}", quoted(flag));
            return Err(complain(source, &key.span(), &message, Some(hint)));
        };
        let read = read(value.get_ref(), is_switch(arg), arg.get_value_delimiter().is_some());
        let value_read = read.map_err(|wanted| {
            let message = format!("{} takes {wanted}", quoted(flag));
            complain(source, &value.span(), &message, None)
        })?;
        let span = value.span();
        let origin = Origin::File {
            source: Arc::clone(source),
            section: name.to_owned(),
            byte: span.start,
            width: width(source, &span),
        };
        let setting = Setting { flag: flag.to_owned(), value: value_read, origin };
        setting.check(fuzz)?;
        section.settings.push(setting);
    }
    Ok(section)
}

/// A value as it would be typed, or what the flag takes instead.
fn read(value: &DeValue<'_>, is_switch: bool, is_list: bool) -> Result<Value, &'static str> {
    let word = |value: &DeValue<'_>| match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().replace('_', "")),
        DeValue::Integer(number) if number.radix() == 16 => Some(format!("0x{}", number.as_str())),
        _ => None,
    };
    match value {
        DeValue::Boolean(is_on) if is_switch => Ok(Value::Switch(*is_on)),
        _ if is_switch => Err("true or false"),
        DeValue::Array(values) if is_list => {
            let words: Option<Vec<String>> =
                values.iter().map(|value| word(value.get_ref())).collect();
            words.map(Value::Many).ok_or("a list of texts or whole numbers")
        }
        DeValue::Boolean(true) => Ok(Value::Switch(true)),
        DeValue::Boolean(false) => Ok(Value::Switch(false)),
        value if is_list => word(value).map(Value::One).ok_or("a text, a whole number or a list"),
        value => word(value).map(Value::One).ok_or("a text or a whole number"),
    }
}

/// The names of a section and of those that it inherits from, itself first.
fn lineage(
    sections: &[Section],
    wanted: Option<&str>,
    source: &Source,
) -> Result<Vec<String>, CliError> {
    let names = || sections.iter().map(|section| section.name.as_str());
    let mut next = match wanted {
        Some(name) if !names().any(|known| known == name) => {
            let message = format!("{} has no section {}", source.path.display(), quoted(name));
            let known: Vec<String> = names().map(|name| format!("[{name}]")).collect();
            return Err(CliError::usage(message)
                .hint_if(suggest(name, names()).map(did_you_mean))
                .hint_if((!known.is_empty()).then(|| format!("it has {}", known.join(", ")))));
        }
        Some(name) => name.to_owned(),
        None => DEFAULT.to_owned(),
    };
    let mut lineage: Vec<String> = Vec::new();
    while let Some(section) = sections.iter().find(|section| section.name == next) {
        lineage.push(next);
        next = match &section.inherits {
            None if section.name == DEFAULT => break,
            None => DEFAULT.to_owned(),
            Some((parent, span)) => {
                let hint = suggest(parent, names()).map(did_you_mean);
                if !names().any(|known| known == parent) {
                    let message = format!("there is no section {} to inherit", quoted(parent));
                    return Err(complain(source, span, &message, hint));
                }
                if lineage.contains(parent) {
                    let message = format!("[{}] would inherit from itself", section.name);
                    return Err(complain(source, span, &message, None));
                }
                parent.clone()
            }
        };
    }
    Ok(lineage)
}

fn complain(source: &Source, span: &Range<usize>, message: &str, hint: Option<String>) -> CliError {
    let width = width(source, span);
    let error = FileError::at(&source.path, &source.text, span.start, width, message);
    CliError::from(FileError { hint, ..error })
}

/// How many characters of the first line are meant.
fn width(source: &Source, span: &Range<usize>) -> usize {
    let meant = source.text.get(span.clone()).unwrap_or_default();
    meant.lines().next().unwrap_or_default().chars().count()
}
