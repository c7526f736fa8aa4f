//! A share of something that is worked off in several places: every n-th of a list, or every n-th
//! seed of a campaign.

use std::fmt;
use std::str::FromStr;

/// Part `number` of `of` parts. Parts are disjoint and together they are the whole; each takes
/// every `of`-th thing, so that they are equally large and equally hard.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Shard {
    /// From 1.
    number: u64,
    of: u64,
}

impl Shard {
    /// Everything in one part.
    pub const WHOLE: Shard = Shard { number: 1, of: 1 };

    /// Part `number`, from 1, of `of`; `None` if there is no such part.
    pub const fn new(number: u64, of: u64) -> Option<Shard> {
        if 1 <= number && number <= of { Some(Shard { number, of }) } else { None }
    }

    /// Its number, from 1.
    pub const fn number(self) -> u64 {
        self.number
    }

    /// How many parts there are.
    pub const fn of(self) -> u64 {
        self.of
    }

    /// Whether the thing at this position of the whole belongs to this part.
    pub const fn has(self, position: u64) -> bool {
        position % self.of == self.number - 1
    }

    /// The position in the whole of the `nth` thing of this part, both from 0.
    pub const fn position(self, nth: u64) -> u64 {
        nth.wrapping_mul(self.of).wrapping_add(self.number - 1)
    }

    /// How many of `whole` things are of this part. `u64::MAX` stands for no limit, and stays so.
    pub const fn share(self, whole: u64) -> u64 {
        let rest = (self.number <= whole % self.of) as u64;
        if whole == u64::MAX { whole } else { whole / self.of + rest }
    }
}

impl Default for Shard {
    fn default() -> Self {
        Shard::WHOLE
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |word: &str| {
            let is_plain = word.bytes().all(|byte| byte.is_ascii_digit());
            word.parse().ok().filter(|_| is_plain)
        };
        let numbers = text.split_once('/');
        numbers
            .and_then(|(part, of)| Shard::new(number(part)?, number(of)?))
            .ok_or_else(|| "write it like 2/4: the second of four parts".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_the_whole_once() {
        for whole in [0, 1, 2, 3, 9, 10, 11] {
            let parts = ["1/3", "2/3", "3/3"].map(|text| text.parse::<Shard>().expect("it is one"));
            let mut positions: Vec<u64> = Vec::new();
            for part in parts {
                let share: Vec<u64> =
                    (0..part.share(whole)).map(|nth| part.position(nth)).collect();
                assert!(share.iter().all(|&position| part.has(position)), "{part} of {whole}");
                positions.extend(share);
            }
            positions.sort_unstable();
            assert_eq!(positions, (0..whole).collect::<Vec<_>>());
        }
        assert!(Shard::WHOLE.has(7));
        assert_eq!(Shard::WHOLE.share(7), 7);
    }

    #[test]
    fn no_limit_stays_none() {
        let part = Shard::new(2, 4).expect("there is one");
        assert_eq!(part.share(u64::MAX), u64::MAX);
        assert_eq!(part.to_string(), "2/4");
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "3", "0/3", "4/3", "1/0", "a/b", "1/2/3", "-1/2", "+1/2", "1/ 2"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
