//! Running the program and reading what it says.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keepers"));
    command.args(arguments).stdin(Stdio::null());
    for display in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        command.env_remove(display);
    }
    command
}

pub fn keepers_in(folder: &Path, arguments: &[&str]) -> Run {
    let output = command(arguments)
        .current_dir(folder)
        .output()
        .expect("the program runs");
    Run {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

pub fn keepers(arguments: &[&str]) -> Run {
    keepers_in(Path::new(env!("CARGO_MANIFEST_DIR")), arguments)
}

/// Runs a verb that must succeed and reads its JSON.
pub fn json(arguments: &[&str]) -> Value {
    let run = keepers(&[arguments, &["--json"]].concat());
    assert_eq!(run.code, Some(0), "{arguments:?}: {}", run.err);
    serde_json::from_str(&run.out).expect("JSON")
}

/// Runs a verb that must fail with this code and returns the one message it gave.
pub fn failure(code: i32, arguments: &[&str]) -> String {
    let run = keepers(arguments);
    assert_eq!(run.code, Some(code), "{arguments:?}: {}", run.err);
    assert_eq!(run.out, "", "{arguments:?}");
    assert!(run.err.starts_with("error: "), "{arguments:?}: {}", run.err);
    assert_eq!(run.err.matches("error:").count(), 1, "{}", run.err);
    assert!(!run.err.contains("panicked"), "{}", run.err);
    run.err
}

pub fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8 path")
}

/// A file of the public data sets; `None`, said aloud, where they are not at hand.
pub fn public_data(name: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("KEEPERS_DATA") else {
        eprintln!("skipped: KEEPERS_DATA is not set");
        return None;
    };
    Some(Path::new(&folder).join(name))
}

/// Equal to the cent, whatever the order in which a reader summed.
pub fn assert_money(found: &Value, expected: f64) {
    let found = found.as_f64().expect("a number");
    assert!((found - expected).abs() < 0.005, "{found} ≠ {expected}");
}

pub fn column<'a>(rows: &'a Value, name: &str) -> Vec<&'a Value> {
    let rows = rows.as_array().expect("an array");
    rows.iter().map(|row| &row[name]).collect()
}
