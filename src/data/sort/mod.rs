//! Judged lines → [`Orders`](super::orders::Orders).

pub mod assemble;
pub mod numbered;
pub mod numbering;
pub mod packed;
pub mod recode;
pub mod sorted;
