//! Starts the window or a headless verb.

fn main() {}
