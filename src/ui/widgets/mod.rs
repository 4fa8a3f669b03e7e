//! Building blocks shared by the views.

pub mod card;
