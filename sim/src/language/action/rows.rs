//! What follows from the rows of actions: each row is a variant of [`Action`](super::Action), and
//! whatever is done with an action is done with its fields, one after the other.

use proptest::strategy::BoxedStrategy;

use super::Action;
use crate::language::field::{Cast, Line};
use crate::language::text::ParseError;

/// All that is known of one kind of action.
pub struct Row {
    /// Its verbs; most have one.
    pub verbs: &'static [Verb],
    /// What stands behind the verb.
    pub fields: &'static [Part],
    /// Reads what stands behind the verb.
    pub(crate) read: fn(&mut Line<'_>) -> Result<Action, ParseError>,
    /// Draws one; `None` if the cluster has none.
    pub(crate) arbitrary: fn(&Cast<'_>) -> Option<BoxedStrategy<Action>>,
}

/// The first word of a line, and all that is known of it.
#[derive(Debug)]
pub struct Verb {
    /// The word.
    pub word: &'static str,
    /// What happens, in a sentence or two.
    pub about: &'static str,
    /// A line to copy.
    pub example: &'static str,
    /// Lines without which the example would mean nothing, or nothing worth seeing; the cluster's
    /// is among them if it is not any five nodes.
    pub(super) after: &'static str,
    /// How often it is drawn for property tests, against other verbs; 0 if it is outside the fault
    /// model.
    pub(crate) drawn: u32,
}

/// A part of a line, for people.
#[derive(Debug)]
pub struct Part {
    /// Its place in the form of the line: `NODE`. Empty if the verb alone tells it.
    pub form: &'static str,
    /// What stands there, in a sentence; empty if that needs no words.
    pub meaning: &'static str,
}

impl Verb {
    /// The example as a script that can be played.
    pub fn script(&self) -> String {
        let cluster = if self.after.starts_with("cluster") { "" } else { "cluster nodes=5\n" };
        let before = if self.after.is_empty() { "" } else { "\n" };
        format!("{cluster}{}{before}{}", self.after, self.example)
    }
}

impl Row {
    /// The form of a line that begins with one of its verbs: `crash NODE [keep N]`.
    pub fn form(&self, verb: &Verb) -> String {
        let parts = self.fields.iter().map(|part| part.form).filter(|form| !form.is_empty());
        [verb.word].into_iter().chain(parts).collect::<Vec<_>>().join(" ")
    }
}

/// A row is
///
/// ```text
/// Variant(field: Type, ..) = code => {
///     /// What happens.
///     "verb": "verb and a line to copy" after "lines that make it possible", drawn 5;
/// }
/// ```
///
/// with a further verb a line if a field tells which one it is. The code stands for the verb in
/// hashes, for ever. After the code may stand `or rather ACTION`: what a story would rather have.
macro_rules! actions {
    ($(
        $Variant:ident $(($($field:ident: $Type:ty),+))? = $code:literal $(or rather $weaker:expr)? => {
            $($(#[doc = $about:literal])+ $word:literal: $example:literal $(after $after:literal)?, drawn $drawn:literal;)+
        }
    )+) => {
        /// One thing that happens.
        #[derive(Copy, Clone, PartialEq, Eq, Debug)]
        pub enum Action {
            $($(
                #[doc = concat!("`", $example, "`:")]
                $(#[doc = $about])+
                #[doc = ""]
            )+
            $Variant $(($($Type),+))?,)+
        }

        /// All kinds of actions.
        pub const ROWS: &[Row] = &[$(Row {
            verbs: &[$(Verb {
                word: $word,
                about: concat!($($about),+).trim_ascii(),
                example: $example,
                after: concat!($($after)?),
                drawn: $drawn,
            }),+],
            fields: &[$($(Part { form: <$Type>::FORM, meaning: <$Type>::MEANING }),+)?],
            read: |_line| Ok(Action::$Variant $(($(<$Type as Field>::read(_line)?),+))?),
            arbitrary: |_cast| {
                let fields = (Just(()), $($(<$Type as Field>::arbitrary(_cast)?),+)?);
                Some(fields.prop_map(|((), $($($field),+)?)| Action::$Variant $(($($field),+))?).boxed())
            },
        }),+];

        #[allow(unused_variables, reason = "not every kind of action has all that others have")]
        impl Action {
            /// The first word of its line.
            pub fn verb(&self) -> &'static str {
                match self {
                    $(Action::$Variant $(($($field),+))? => {
                        None $($(.or(Field::verb($field)))+)?.unwrap_or([$($word),+][0])
                    })+
                }
            }

            /// What it is about: that of the first field that tells, the whole cluster if none does.
            pub fn scope(&self) -> Scope {
                match self {
                    $(Action::$Variant $(($($field),+))? => {
                        None $($(.or(Field::scope($field)))+)?.unwrap_or(Scope::Cluster)
                    })+
                }
            }

            /// Adds the action to a hash.
            pub fn hash_into(&self, hasher: &mut Hasher) {
                match self {
                    $(Action::$Variant $(($($field),+))? => {
                        let head = 0;
                        $($(let head = Field::head($field, head);)+)?
                        hasher.add($code << 32 | head);
                        $($(Field::tail($field, hasher);)+)?
                    })+
                }
            }

            /// Prints what stands behind the verb.
            fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Action::$Variant $(($($field),+))? => {
                        $($(Field::print($field, f)?;)+)?
                    })+
                }
                Ok(())
            }

            /// A copy in which `name` has replaced every node, in the order in which the line has
            /// them.
            fn visited(&self, name: &mut impl FnMut(NodeId) -> NodeId) -> Action {
                match *self {
                    $(Action::$Variant $(($($field),+))? => {
                        Action::$Variant $(($(Field::renamed($field, name)),+))?
                    })+
                }
            }

            /// What is left of it if there are these nodes only; `None` if it names another.
            pub fn within(&self, nodes: NodeSet) -> Option<Action> {
                Some(match *self {
                    $(Action::$Variant $(($($field),+))? => {
                        Action::$Variant $(($(Field::within($field, nodes)?),+))?
                    })+
                })
            }

            /// The same without the hash of a message's content, which only scripts need.
            #[must_use]
            pub fn unsigned(&self) -> Action {
                match *self {
                    $(Action::$Variant $(($($field),+))? => {
                        Action::$Variant $(($(Field::unsigned($field)),+))?
                    })+
                }
            }

            /// How far it is from the plainest of its verb; only its own kind compares.
            pub fn plainness(&self) -> u64 {
                let fields = match self {
                    $(Action::$Variant $(($($field),+))? => {
                        0 $($(+ Field::plainness($field))+)?
                    })+
                };
                fields + u64::from(self.weaker().is_some())
            }

            /// What a story would rather have in its place, the plainest first. It is the `nth` of
            /// its verb in its script, from 1.
            pub fn plainer(&self, nth: u32) -> Vec<Action> {
                let mut plainer = Vec::new();
                match *self {
                    $(Action::$Variant $(($($field),+))? => {
                        $(rows::plainer_fields!(plainer, nth, $Variant($($field),+): $($field)+);)?
                    })+
                }
                plainer.extend(self.weaker());
                plainer
            }

            fn weaker(&self) -> Option<Action> {
                match *self {
                    $(Action::$Variant $(($($field),+))? => None $(.or(Some($weaker)))?,)+
                }
            }
        }
    };
}

/// Copies of an action, each with one field made plainer.
macro_rules! plainer_fields {
    ($all:ident, $nth:ident, $Variant:ident $fields:tt: $($field:ident)+) => {
        $(for $field in Field::plainer(&$field, $nth) {
            $all.push(Action::$Variant $fields);
        })+
    };
}

pub(super) use {actions, plainer_fields};
