//! What a client writes, `x=10`.

use std::fmt;

use proptest::prelude::*;

use super::{Cast, Field, Line};
use crate::language::hash::Hasher;
use crate::language::text::{ParseError, Token, quoted};

/// A key and its new value: `x=10`.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct KeyValue {
    /// Key, 0 for `a` to 25 for `z`.
    pub key: u8,
    /// Value.
    pub value: u32,
}

impl KeyValue {
    /// Everyone's first key, `x`.
    pub const KEY_X: u8 = b'x' - b'a';
}

impl Field for KeyValue {
    const FORM: &'static str = "KEY=VALUE";
    const MEANING: &'static str = "A key is a letter from a to z, a value a whole number.";

    fn read(line: &mut Line<'_>) -> Result<Self, ParseError> {
        let token = line.cursor.take();
        let what = "a key and a value such as x=10";
        let Some((key, value)) = token.text.split_once('=') else {
            return Err(line.cursor.expected(what, &token));
        };
        let &[letter @ b'a'..=b'z'] = key.as_bytes() else {
            let key = Token { text: key, bytes: token.bytes.start..token.bytes.start + key.len() };
            let message = format!("{} is not a key", quoted(key.text));
            return Err(line.cursor.error(&key, message, "keys are the letters a to z"));
        };
        let number = Token { text: value, bytes: token.bytes.end - value.len()..token.bytes.end };
        let value = line.cursor.number(&number, value, "a value", 0..=u32::MAX)?;
        Ok(KeyValue { key: letter - b'a', value })
    }

    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " {}={}", char::from(b'a' + self.key), self.value)
    }

    fn head(&self, before: u64) -> u64 {
        u64::from(self.key) << 8 | before
    }

    fn tail(&self, hasher: &mut Hasher) {
        hasher.add(u64::from(self.value));
    }

    fn plainness(&self) -> u64 {
        u64::from(self.key.abs_diff(KeyValue::KEY_X)) * 1000 + u64::from(self.value)
    }

    /// Values count.
    fn plainer(&self, nth: u32) -> Vec<Self> {
        vec![KeyValue { key: KeyValue::KEY_X, value: nth }]
    }

    fn arbitrary(cast: &Cast<'_>) -> Option<BoxedStrategy<Self>> {
        let usual = (KeyValue::KEY_X..26, 0u32..100);
        let parts = if cast.wild { (0u8..26, any::<u32>()).boxed() } else { usual.boxed() };
        Some(parts.prop_map(|(key, value)| KeyValue { key, value }).boxed())
    }
}
