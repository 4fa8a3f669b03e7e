//! Single values: numbers, dates, ids and texts as shops write them.

mod clock;
pub mod date_text;
pub mod dates;
pub mod id_text;
pub mod ids;
pub mod intern;
pub mod keys;
pub mod missing;
mod months;
pub mod numbers;
mod scanner;
pub mod serials;
pub mod sides;
pub mod status;
pub mod text;
