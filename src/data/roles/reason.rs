//! Why a column has its role.

use std::{borrow::Cow, fmt};

use crate::dataset::Role;

/// A role and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    pub role: Role,
    pub reason: Reason,
}

impl Guess {
    #[must_use]
    pub fn new(role: Role, reason: Reason) -> Self {
        Self { role, reason }
    }

    /// A role for a reason in words.
    pub fn said(role: Role, why: impl Into<Cow<'static, str>>) -> Self {
        Self::new(role, Reason::Said(why.into()))
    }
}

/// Why a column has its role; shown to people by [`fmt::Display`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The user said so.
    Chosen,
    /// The user's answer to a question said so.
    Answered,
    /// The user said so of an earlier file with these columns; title of the export.
    Taught(String),
    /// A known export says so.
    Layout(String),
    /// Its name says so.
    Named(String),
    /// A part of its name speaks of it.
    PartlyNamed(String),
    /// Its cells say so.
    Content(&'static str),
    /// Calculation says so: "amount = `price` × `qty` on 99 % of rows".
    Arithmetic(String),
    /// Nothing speaks for another role.
    Left,
    /// Whatever a reader of a file knows about it.
    Said(Cow<'static, str>),
}

impl Reason {
    /// Whether a person decided it.
    #[must_use]
    pub fn is_human(&self) -> bool {
        matches!(self, Self::Chosen | Self::Answered | Self::Taught(_))
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chosen => f.write_str("chosen by you"),
            Self::Answered => f.write_str("your answer to a question"),
            Self::Taught(title) => write!(f, "as you taught it: {title}"),
            Self::Layout(title) => write!(f, "known from {title}"),
            Self::Named(name) => write!(f, "named `{name}`"),
            Self::PartlyNamed(name) => write!(f, "its name `{name}` speaks of it"),
            Self::Content(words) => f.write_str(words),
            Self::Arithmetic(words) => f.write_str(words),
            Self::Left => f.write_str("few distinct values"),
            Self::Said(words) => f.write_str(words),
        }
    }
}
