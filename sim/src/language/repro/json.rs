//! JSON that remembers where it stood, so that an error in a value can show the value.
//!
//! `serde_json` reads; a value that is kept raw is a piece of the file's own text, and its address
//! tells its place.

use crate::language::file_error::FileError;
use crate::language::text::{ParseError, clipped, did_you_mean, quoted, suggest};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;
use std::fmt;
use std::ops::RangeInclusive;
use std::path::Path;

/// A text as JSON.
pub(super) fn quote(text: &str) -> String {
    serde_json::to_string(text).expect("a text is always JSON")
}

/// A file being read.
#[derive(Copy, Clone)]
pub(super) struct Source<'a> {
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
}

/// A value in a file.
#[derive(Copy, Clone)]
pub(super) struct Value<'a> {
    source: Source<'a>,
    raw: &'a str,
}

/// An object in a file.
pub(super) struct Object<'a> {
    whole: Value<'a>,
    members: Vec<Member<'a>>,
}

struct Member<'a> {
    name: String,
    key: Value<'a>,
    value: Value<'a>,
}

/// Members of an object that are looked at: more than any object here may have, so one of them is
/// already wrong.
const MEMBERS_MAX: usize = 64;

/// The members of an object as they come, whatever is in them; of endless ones the first.
struct Members<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    if members.len() < MEMBERS_MAX {
                        members.push(member);
                    }
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// The items of a list, whatever is in them; of endless ones the first.
struct Items {
    max: usize,
}

impl<'de> Visitor<'de> for Items {
    type Value = Vec<&'de RawValue>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            if items.len() < self.max {
                items.push(item);
            }
        }
        Ok(items)
    }
}

impl<'a> Source<'a> {
    /// The file's one value.
    pub(super) fn value(self) -> Result<Value<'a>, FileError> {
        if self.text.trim().is_empty() {
            return Err(self.error(0, 1, "the file is empty"));
        }
        match serde_json::from_str::<&RawValue>(self.text) {
            Ok(raw) => Ok(Value { source: self, raw: raw.get() }),
            Err(error) => Err(self.syntax_error(&error)),
        }
    }

    fn error(self, byte: usize, width: usize, message: impl Into<String>) -> FileError {
        FileError::at(self.path, self.text, byte, width, message)
    }

    fn syntax_error(self, error: &serde_json::Error) -> FileError {
        if error.classify() == Category::Eof {
            return self
                .error(self.text.trim_end().len(), 1, "the file ends in the middle")
                .hint("it was cut off: fetch or write it again");
        }
        let start: usize =
            self.text.split_inclusive('\n').take(error.line() - 1).map(str::len).sum();
        let byte = (start + error.column().saturating_sub(1)).min(self.text.len());
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default().to_lowercase();
        let error = self.error(byte, 1, format!("not JSON: {message}"));
        match self.text.as_bytes().get(byte) {
            Some(b'/' | b'#') => {
                error.hint("JSON has no comments: use `title`, or `why` beside `do`")
            }
            Some(b'\'') => error.hint("texts stand in double quotes"),
            Some(b'<' | b'=' | b'>') => error.hint("is this a merge that was not finished?"),
            _ => error,
        }
    }
}

impl<'a> Value<'a> {
    /// A mistake that is this value.
    pub(super) fn error(self, message: impl Into<String>) -> FileError {
        let byte = self.raw.as_ptr().addr() - self.source.text.as_ptr().addr();
        self.source.error(byte, self.raw.chars().count(), message)
    }

    /// A mistake inside this text. Where the JSON has escapes, columns cannot be told apart.
    pub(super) fn error_inside(self, error: ParseError) -> FileError {
        let mut file_error = self.error(error.message);
        if !self.raw.contains('\\') {
            file_error.column = file_error.column.map(|column| column + error.column);
            file_error.width = error.width;
        }
        file_error.hint = error.hint;
        file_error
    }

    /// Something else stands where `what` should be.
    fn expected(self, what: &str) -> FileError {
        let found = match self.raw.as_bytes().first() {
            Some(b'{') => "an object".to_owned(),
            Some(b'[') => "a list".to_owned(),
            Some(b'"') => "a text".to_owned(),
            _ => clipped(self.raw),
        };
        self.error(format!("expected {what}, found {found}"))
    }

    /// A text.
    pub(super) fn text(self) -> Result<String, FileError> {
        if !self.raw.starts_with('"') {
            return Err(self.expected("a text"));
        }
        // The syntax is right already; what can still fail is one half of a surrogate pair.
        serde_json::from_str(self.raw)
            .map_err(|_| self.error("not JSON: an escape in this text is no character"))
    }

    /// One of some words.
    pub(super) fn word<T: Copy>(
        self,
        words: impl IntoIterator<Item = (&'static str, T)>,
    ) -> Result<T, FileError> {
        let words: Vec<(&str, T)> = words.into_iter().collect();
        let text = self.text()?;
        if let Some(&(_, meaning)) = words.iter().find(|(word, _)| *word == text) {
            return Ok(meaning);
        }
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let all = || format!("use one of {}", names.join(", "));
        let hint = suggest(&text, names.iter().copied()).map_or_else(all, did_you_mean);
        Err(self.error(format!("unknown word {}", quoted(&text))).hint(hint))
    }

    /// A whole number.
    pub(super) fn number(self, range: RangeInclusive<u32>) -> Result<u32, FileError> {
        if !self.raw.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.expected("a whole number"));
        }
        self.raw.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| {
            let hint = format!("it is a whole number from {} to {}", range.start(), range.end());
            self.error(format!("{} is out of range", clipped(self.raw))).hint(hint)
        })
    }

    /// `true` or `false`.
    pub(super) fn truth(self) -> Result<bool, FileError> {
        serde_json::from_str(self.raw).map_err(|_| self.expected("true or false"))
    }

    /// A list; of a longer one no more than `max` items.
    pub(super) fn list(self, max: usize) -> Result<Vec<Value<'a>>, FileError> {
        let items = serde_json::Deserializer::from_str(self.raw).deserialize_seq(Items { max });
        let items = items.map_err(|_| self.expected("a list"))?;
        Ok(items.into_iter().map(|item| Value { raw: item.get(), ..self }).collect())
    }

    /// Whether it is an object.
    pub(super) fn is_object(self) -> bool {
        self.raw.starts_with('{')
    }

    /// An object; its keys are not looked at yet, see [`Object::only`].
    pub(super) fn object(self) -> Result<Object<'a>, FileError> {
        let Members(members) =
            serde_json::from_str(self.raw).map_err(|_| self.expected("an object"))?;
        let value = |raw: &'a RawValue| Value { raw: raw.get(), ..self };
        let members: Result<_, FileError> = members
            .into_iter()
            .map(|(key, item)| {
                Ok(Member { name: value(key).text()?, key: value(key), value: value(item) })
            })
            .collect();
        Ok(Object { whole: self, members: members? })
    }
}

impl<'a> Object<'a> {
    /// Refuses keys that are not among `keys`, and keys that are given twice.
    pub(super) fn only(&self, keys: &[&str]) -> Result<(), FileError> {
        for (position, Member { name, key, .. }) in self.members.iter().enumerate() {
            if !keys.contains(&name.as_str()) {
                let all = || format!("keys here are {}", keys.join(", "));
                let hint = suggest(name, keys.iter().copied()).map_or_else(all, did_you_mean);
                return Err(key.error(format!("unknown key {}", quoted(name))).hint(hint));
            }
            if self.members[..position].iter().any(|earlier| earlier.name == *name) {
                return Err(key.error(format!("`{name}` is given twice")).hint("delete one"));
            }
        }
        Ok(())
    }

    /// The value of a key that may be absent.
    pub(super) fn get(&self, key: &str) -> Option<Value<'a>> {
        self.members.iter().find(|member| member.name == key).map(|member| member.value)
    }

    /// The value of a key that must be there; `example` is one.
    pub(super) fn require(&self, key: &str, example: &str) -> Result<Value<'a>, FileError> {
        self.get(key).ok_or_else(|| {
            let brace = Value { raw: &self.whole.raw[..1], ..self.whole };
            brace.error(format!("`{key}` is missing")).hint(format!("add `\"{key}\": {example}`"))
        })
    }
}
