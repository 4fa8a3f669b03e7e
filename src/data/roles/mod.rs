//! What the columns of a table mean.

pub mod inspect;
pub mod mapping;
pub mod reading;
pub mod synonyms;
pub mod vocabulary;
