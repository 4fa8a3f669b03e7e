//! Starts the window or a headless verb.

fn main() -> std::process::ExitCode {
    keepers::cli::run()
}
