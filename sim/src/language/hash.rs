//! Hashes that are the same on every machine and for ever: signatures in scripts, trace hashes and
//! bucket names depend on them, so golden values pin them.

use crate::node::Payload;

/// Mixes a 64-bit number well; a bijection (the finalizer of `SplitMix64`).
pub const fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Collects numbers into one hash; order matters.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Hasher(u64);

impl Default for Hasher {
    fn default() -> Self {
        Hasher::new()
    }
}

impl Hasher {
    /// Nothing collected yet.
    pub const fn new() -> Self {
        Hasher(0x9e37_79b9_7f4a_7c15)
    }
    /// Adds a number.
    pub const fn add(&mut self, x: u64) -> &mut Self {
        self.0 = mix(self.0.rotate_left(23) ^ x.wrapping_add(0x9e37_79b9_7f4a_7c15));
        self
    }
    /// Adds text: its length, then its bytes.
    pub fn add_str(&mut self, text: &str) -> &mut Self {
        self.add(text.len() as u64);
        for &byte in text.as_bytes() {
            self.add(u64::from(byte));
        }
        self
    }
    /// Adds what a log entry carries.
    pub fn add_payload(&mut self, payload: Payload) -> &mut Self {
        for number in payload.numbers() {
            self.add(number);
        }
        self
    }
    /// The hash of everything added.
    pub const fn finish(&self) -> u64 {
        mix(self.0)
    }
    /// The hash as a message signature.
    pub const fn signature(&self) -> u32 {
        (self.finish() >> 32) as u32
    }
}
