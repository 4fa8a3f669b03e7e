//! The prediction endpoint over real connections: answers, refusals that name every field, limits, a
//! thousand requests at once, and an orderly end. Compiled with `--features serve` only.
#![cfg(feature = "serve")]
// A test's helper may fail like the test itself.
#![allow(clippy::expect_used)]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

/// The server; ended with the test.
struct Server {
    child: Child,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already, as one test asks it to.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn keepers(folder: &Path, arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_keepers"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
}

/// A 12-month LTV model of a simulated shop of Olist's shape.
fn model(folder: &Path) -> PathBuf {
    let shop = [
        "generate",
        "--customers",
        "1500",
        "--seed",
        "7",
        "--shape",
        "olist",
        "--out",
        "shop",
    ];
    keepers(folder, &shop);
    let train = [
        "train",
        "shop",
        "--recipe",
        "12_month_ltv",
        "--folds",
        "2",
        "--backtests",
        "0",
        "--model-out",
        "model.json",
    ];
    keepers(folder, &train);
    folder.join("model.json")
}

fn server() -> Server {
    let folder = tempfile::tempdir().expect("a folder");
    let path = model(folder.path());
    let mut child = Command::new(env!("CARGO_BIN_EXE_keepers"))
        .args(["serve", "--port", "0", "--model"])
        .arg(path)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the server starts");
    let mut line = String::new();
    let out = child.stdout.take().expect("piped");
    BufReader::new(out)
        .read_line(&mut line)
        .expect("an address");
    let address = line
        .trim()
        .strip_prefix("listening on http://")
        .expect("an address");
    let address: SocketAddr = address.parse().expect("an address");
    assert!(address.ip().is_loopback(), "this computer only");
    Server {
        child,
        address,
        _folder: folder,
    }
}

impl Server {
    fn send(&self, request: &[u8]) -> (u16, Value) {
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        stream
            .set_read_timeout(Some(Duration::from_mins(1)))
            .expect("set");
        stream.write_all(request).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok());
        let body = answer.split("\r\n\r\n").nth(1).unwrap_or_default();
        (
            status.expect("a status"),
            serde_json::from_str(body).unwrap_or(Value::Null),
        )
    }

    fn post(&self, body: &str) -> (u16, Value) {
        let request = format!(
            "POST /predict HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.send(request.as_bytes())
    }

    fn get(&self, path: &str) -> (u16, Value) {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        self.send(request.as_bytes())
    }
}

const EXAMPLE: &str = r#"{"cohort_month_str":"2017-01","customer_state":"SP","rev_1m":10,"n_orders_1m":1,"rev_3m":10,"n_orders_3m":1}"#;

#[test]
fn it_answers_refuses_and_stops_in_order() {
    let mut server = server();
    answers(&server);
    refusals(&server);
    a_thousand_at_once(&server);
    #[cfg(unix)]
    stops(&mut server);
    let _ = &mut server;
}

fn answers(server: &Server) {
    assert_eq!(server.get("/health"), (200, json!({"status": "ok"})));
    let (status, model) = server.get("/model");
    assert_eq!(status, 200);
    let names: Vec<&str> = model["features"]
        .as_array()
        .expect("features")
        .iter()
        .filter_map(|feature| feature["name"].as_str())
        .collect();
    for name in [
        "cohort_month_str",
        "customer_state",
        "rev_1m",
        "n_orders_1m",
        "rev_3m",
        "n_orders_3m",
    ] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    let (status, one) = server.post(EXAMPLE);
    assert_eq!(status, 200, "{one}");
    let value = one["prediction"].as_f64().expect("a number");
    assert!(value.is_finite());
    let (status, many) = server.post(&format!("[{EXAMPLE},{EXAMPLE}]"));
    assert_eq!((status, &many), (200, &json!([one, one])));
    assert_eq!(server.post("[]"), (200, json!([])));
}

fn refusals(server: &Server) {
    let (status, wrong) = server.post(r#"[{"customer_state":5,"rev_1m":"ten","shoe":1}]"#);
    assert_eq!(status, 422, "{wrong}");
    let fields = wrong["fields"].as_array().expect("each field");
    let problem = |name: &str| -> String {
        let fault = fields.iter().find(|fault| fault["field"] == name);
        fault
            .map(|fault| fault["problem"].to_string())
            .unwrap_or_default()
    };
    assert!(
        problem("customer_state").contains("must be a text"),
        "{wrong}"
    );
    assert!(problem("rev_1m").contains("must be a number"), "{wrong}");
    assert!(problem("shoe").contains("not known"), "{wrong}");
    assert!(problem("rev_3m").contains("missing"), "{wrong}");
    assert_eq!(server.post("7").0, 422);
    assert_eq!(server.post("{").0, 400);
    assert_eq!(server.get("/nothing").0, 404);
    assert_eq!(server.get("/predict").0, 405);
    let large = format!("[{}]", vec![EXAMPLE; 12_000].join(","));
    assert_eq!(server.post(&large).0, 413);
}

fn a_thousand_at_once(server: &Server) {
    let expected = server.post(EXAMPLE);
    thread::scope(|scope| {
        let clients: Vec<_> = (0..1_000)
            .map(|_| scope.spawn(|| server.post(EXAMPLE)))
            .collect();
        for client in clients {
            assert_eq!(client.join().expect("an answer"), expected);
        }
    });
}

/// A request under way is answered before the server ends.
#[cfg(unix)]
fn stops(server: &mut Server) {
    let mut slow = TcpStream::connect(server.address).expect("a connection");
    let head = format!(
        "POST /predict HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        EXAMPLE.len()
    );
    slow.write_all(head.as_bytes()).expect("sent");
    thread::sleep(Duration::from_millis(300));
    let stopped = Command::new("kill")
        .args(["-TERM", &server.child.id().to_string()])
        .status();
    assert!(stopped.is_ok_and(|status| status.success()));
    thread::sleep(Duration::from_millis(300));
    slow.write_all(EXAMPLE.as_bytes())
        .expect("still listened to");
    let mut answer = String::new();
    slow.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let status = server.child.wait().expect("ended");
    assert!(status.success(), "{status}");
    assert!(
        TcpStream::connect(server.address).is_err(),
        "nobody listens"
    );
}
