//! Sides of a box.

/// Where text stands within its box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    #[default]
    Start,
    Middle,
    End,
}
