//! What the columns of a table mean.

pub mod assign;
mod date_forms;
pub mod doubts;
pub mod evidence;
pub mod facts;
pub mod full_name;
mod headers;
pub mod inspect;
pub mod job;
pub mod money;
pub mod names;
pub mod needs;
pub mod reading;
pub mod reason;
pub mod shop_clock;
pub mod sniffed;
pub mod vocabulary;
