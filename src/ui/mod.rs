//! Theme, widgets and views. They read snapshots and push [`action::Action`]s; they change nothing.

pub mod action;
pub mod chart;
pub mod command;
pub mod cx;
pub mod format;
pub mod frame;
pub mod manual_link;
#[cfg(test)]
#[cfg(test)]
pub mod testing;
pub mod theme;
pub mod views;
pub mod widgets;
