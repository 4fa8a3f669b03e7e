//! Models of what customers will do: fitted on plain columns, told in plain numbers, no window.

pub mod btyd;
