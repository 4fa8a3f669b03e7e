//! The ordinary build talks to nobody: no crate for HTTP, TLS or name look-ups is part of it, and no
//! line of Keepers opens a socket but the endpoint's, which is behind the feature `serve`.
//!
//! What can open a socket at all and is part of the build is listed with whom it comes from: the
//! desktop's own services on this machine, and the runtime polars brings along and never asks.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// HTTP, TLS, QUIC, names: none of it.
const NETWORK: [&str; 24] = [
    "axum",
    "hyper",
    "hyper-util",
    "h2",
    "h3",
    "http",
    "tower",
    "tower-http",
    "reqwest",
    "ureq",
    "isahc",
    "curl",
    "attohttpc",
    "surf",
    "rustls",
    "native-tls",
    "openssl",
    "quinn",
    "tungstenite",
    "tokio-rustls",
    "hickory-resolver",
    "trust-dns-resolver",
    "object_store",
    "webbrowser",
];

/// Crates that can open a socket, and the only crates that may bring them.
const SOCKETS: [(&str, &[&str]); 7] = [
    // polars reads its files through a runtime of its own; Keepers reads no addresses with it.
    ("tokio", &["polars-async", "polars-core", "polars-io"]),
    ("mio", &["tokio"]),
    ("socket2", &["tokio"]),
    // The display.
    ("x11rb", &["winit"]),
    // D-Bus: file dialogs and screen readers.
    (
        "zbus",
        &[
            "accesskit_unix",
            "ashpd",
            "atspi-common",
            "atspi-proxies",
            "rfd",
        ],
    ),
    ("async-io", &["async-process", "async-signal", "zbus"]),
    ("polling", &["async-io", "calloop"]),
];

fn tree(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges", "normal", "--prefix", "none"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .output()
        .expect("cargo runs");
    let problem = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {problem}");
    String::from_utf8(output.stdout).expect("text")
}

/// Names of the crates in a tree.
fn names(tree: &str) -> BTreeSet<&str> {
    tree.lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect()
}

#[test]
fn the_ordinary_build_has_no_crate_for_the_network() {
    let plain = tree(&[]);
    let plain = names(&plain);
    assert!(
        plain.contains("polars"),
        "a tree with crates in it: {plain:?}"
    );
    let found: Vec<_> = NETWORK
        .iter()
        .filter(|name| plain.contains(*name))
        .collect();
    assert!(found.is_empty(), "{found:?}");
    // The list knows what a network crate is: the endpoint's build has them, and so has the lock file.
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock");
    let lock = fs::read_to_string(lock).expect("the lock file");
    for name in ["axum", "hyper", "hyper-util", "http", "tower"] {
        assert!(NETWORK.contains(&name), "{name} is in the list");
        let locked = lock
            .lines()
            .any(|line| line == format!("name = \"{name}\""));
        assert!(locked, "{name} is locked");
    }
}

#[test]
fn sockets_come_from_the_desktop_and_from_polars_only() {
    let plain = tree(&[]);
    let plain = names(&plain);
    for (name, users) in SOCKETS.iter().filter(|(name, _)| plain.contains(name)) {
        let direct = tree(&["--invert", name, "--depth", "1"]);
        let direct = names(&direct);
        let others: Vec<_> = direct
            .iter()
            .filter(|user| *user != name && !users.contains(user))
            .collect();
        assert!(others.is_empty(), "{name} is brought by {others:?}");
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn only_the_endpoint_opens_a_socket() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 200, "{}", files.len());
    let words = [
        "std::net",
        "net::Tcp",
        "net::Udp",
        "TcpStream",
        "TcpListener",
        "UdpSocket",
        "UnixStream",
        "tokio::",
        "hyper::",
        "hyper_util",
    ];
    let mut opening = BTreeSet::new();
    for file in &files {
        let text = fs::read_to_string(file).expect("text");
        let code = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        if code
            .into_iter()
            .any(|line| words.iter().any(|word| line.contains(word)))
        {
            let file = file.strip_prefix(&root).expect("below src");
            opening.insert(file.to_string_lossy().replace('\\', "/"));
        }
    }
    let endpoint = ["cli/serve.rs", "cli/serve/connections.rs"].map(str::to_owned);
    assert_eq!(opening, BTreeSet::from(endpoint));
}
