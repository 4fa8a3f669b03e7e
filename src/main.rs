//! Starts the window or a headless verb.

use std::process::ExitCode;

use keepers::cli::{self, Outcome};

fn main() -> ExitCode {
    match cli::run() {
        Outcome::Done(code) => code,
        Outcome::OpenWindow(paths) => {
            let _ = paths;
            ExitCode::SUCCESS
        }
    }
}
