//! What the columns of a table mean.

pub mod assign;
pub mod doubts;
pub mod evidence;
pub mod facts;
pub mod inspect;
pub mod money;
pub mod reading;
pub mod reason;
pub mod shop_clock;
pub mod synonyms;
pub mod vocabulary;
