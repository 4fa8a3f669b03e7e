//! Running the program and reading what it says.

use std::{
    fmt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keepers"));
    command.args(arguments).stdin(Stdio::null());
    // What somebody has taught the program on this computer must not decide a test.
    command.env("XDG_DATA_HOME", env!("CARGO_TARGET_TMPDIR"));
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
    let Strict(value) = serde_json::from_str(&run.out).expect("JSON without a key said twice");
    value
}

/// JSON in which no object has a key twice: every reader would pick one of the values, and not all the
/// same.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(value)) = items.next_element()? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((key, Strict(value))) = entries.next_entry::<String, Strict>()? {
            if object.insert(key.clone(), value).is_some() {
                return Err(Error::custom(format!("the key {key:?} stands there twice")));
            }
        }
        Ok(Value::Object(object))
    }
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
