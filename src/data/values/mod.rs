//! Single values: numbers, dates, ids and texts as shops write them.

pub mod date_text;
pub mod dates;
pub mod ids;
pub mod intern;
pub mod keys;
pub mod lookup;
pub mod missing;
pub mod numbers;
pub mod status;
pub mod text;
