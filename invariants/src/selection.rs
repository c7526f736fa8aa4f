//! Which invariants are asked for, by name, id or level.

use crate::invariant::Invariant;
use crate::judges::catalogue;

/// A choice among the catalogue; the default is all of it.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Selection {
    only: Option<Vec<&'static str>>,
    skipped: Vec<&'static str>,
}

impl Selection {
    /// All invariants.
    pub const ALL: Selection = Selection { only: None, skipped: Vec::new() };

    /// Only the named ones; a level (`paper`) names all that lie there.
    ///
    /// # Errors
    /// The name that the catalogue does not have.
    pub fn only<N: AsRef<str>>(names: &[N]) -> Result<Self, String> {
        Ok(Selection { only: Some(resolve(names)?), skipped: Vec::new() })
    }

    /// All but the named ones.
    ///
    /// # Errors
    /// The name that the catalogue does not have.
    pub fn skip<N: AsRef<str>>(names: &[N]) -> Result<Self, String> {
        Selection::ALL.without(names)
    }

    /// What is selected so far, but not the named ones.
    ///
    /// # Errors
    /// The name that the catalogue does not have.
    pub fn without<N: AsRef<str>>(mut self, names: &[N]) -> Result<Self, String> {
        self.skipped.extend(resolve(names)?);
        Ok(self)
    }

    /// Whether an invariant is selected.
    pub fn contains(&self, invariant: &Invariant) -> bool {
        let named = |names: &Vec<&str>| names.contains(&invariant.name);
        self.only.as_ref().is_none_or(named) && !named(&self.skipped)
    }
}

fn resolve<N: AsRef<str>>(names: &[N]) -> Result<Vec<&'static str>, String> {
    let mut resolved = Vec::new();
    for name in names.iter().map(AsRef::as_ref) {
        let before = resolved.len();
        resolved.extend(find(name).map(|invariant| invariant.name));
        resolved.extend(of_level(name).map(|invariant| invariant.name));
        if resolved.len() == before {
            return Err(name.to_owned());
        }
    }
    Ok(resolved)
}

/// The invariants of the level with this name; case does not matter.
fn of_level(name: &str) -> impl Iterator<Item = &'static Invariant> {
    let lies_there =
        move |invariant: &&Invariant| invariant.level.to_string().eq_ignore_ascii_case(name);
    catalogue().iter().copied().filter(lies_there)
}

/// The invariant of this name or id; case does not matter.
pub fn find(name: &str) -> Option<&'static Invariant> {
    catalogue()
        .iter()
        .find(|invariant| {
            invariant.name.eq_ignore_ascii_case(name) || invariant.id.eq_ignore_ascii_case(name)
        })
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invariant::Level;

    #[test]
    fn names_and_ids_select() {
        let one = Selection::only(&["a1"]).expect("A1 is in the catalogue");
        let selected = catalogue().iter().filter(|invariant| one.contains(invariant));
        assert_eq!(
            selected.map(|invariant| invariant.name).collect::<Vec<_>>(),
            ["ElectionSafety"]
        );

        let rest = Selection::skip(&["ElectionSafety"]).expect("it is in the catalogue");
        let skipped = catalogue().iter().filter(|invariant| !rest.contains(invariant));
        assert_eq!(skipped.count(), 1);
    }

    #[test]
    fn a_level_selects_all_that_lie_there() {
        let paper = Selection::only(&["paper"]).expect("it is a level");
        let selected = catalogue().iter().filter(|invariant| paper.contains(invariant));
        let levels: Vec<Level> = selected.map(|invariant| invariant.level).collect();
        assert!(1 < levels.len() && levels.iter().all(|&level| level == Level::Paper));
    }

    #[test]
    fn an_unknown_name_is_handed_back() {
        assert_eq!(Selection::only(&["NoSuchThing"]), Err("NoSuchThing".to_owned()));
    }
}
