//! The Segments and Customers views, driven by role and label as a user or a screen reader would.

mod customers;
mod segments;
mod shop;
