//! Starts the window or a headless verb.

use std::process::ExitCode;

use keepers::{
    app::window,
    cli::{self, Outcome},
};

fn main() -> ExitCode {
    match cli::run() {
        Outcome::Done(code) => code,
        Outcome::OpenWindow(paths) => match window::run(paths.clone()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => cli::instead_of_window(paths, &error),
        },
    }
}
