//! `--shard k/n`: one part of a list that is worked off in several places.

use std::str::FromStr;

/// Part `number` of `of`.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Shard {
    /// From 1.
    number: usize,
    of: usize,
}

impl Shard {
    /// Everything in one part.
    pub(super) const WHOLE: Shard = Shard { number: 1, of: 1 };

    /// Whether the thing at this position of the list belongs to this part.
    pub(super) const fn has(self, position: usize) -> bool {
        position % self.of == self.number - 1
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(number, of)| {
            Some((number.parse::<usize>().ok()?, of.parse::<usize>().ok()?))
        });
        match numbers {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Shard { number, of }),
            _ => Err("write it like 2/4: the second of four parts".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_the_list_once() {
        let parts: Vec<Shard> =
            ["1/3", "2/3", "3/3"].iter().map(|text| text.parse().expect("it is one")).collect();
        for position in 0..10 {
            let having = parts.iter().filter(|part| part.has(position)).count();
            assert_eq!(having, 1, "position {position}");
        }
        assert!(Shard::WHOLE.has(7));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "3", "0/3", "4/3", "1/0", "a/b", "1/2/3", "-1/2"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
