//! Flat customer tables: one row per customer, no order history.
//!
//! Several tables are opened together ([`open`]): those with the same columns one below the other, the
//! others side by side, by the customers they share.

mod group;
mod open;
mod report;
mod verdict;

pub use open::open;
pub use verdict::recognise;
