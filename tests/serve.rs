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
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// The server; ended with the test.
struct Server {
    child: Child,
    address: SocketAddr,
    /// Everything it says, its address but.
    said: Option<thread::JoinHandle<String>>,
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

fn server(model: &Path, arguments: &[&str]) -> Server {
    let mut child = Command::new(env!("CARGO_BIN_EXE_keepers"))
        .args(["serve", "--port", "0", "--model"])
        .arg(model)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the server starts");
    let mut line = String::new();
    let out = child.stdout.take().expect("piped");
    BufReader::new(out)
        .read_line(&mut line)
        .expect("an address");
    let mut err = child.stderr.take().expect("piped");
    let said = thread::spawn(move || {
        let mut said = String::new();
        err.read_to_string(&mut said).expect("text");
        said
    });
    let address = line
        .trim()
        .strip_prefix("listening on http://")
        .expect("an address");
    let address: SocketAddr = address.parse().expect("an address");
    assert!(address.ip().is_loopback(), "this computer only");
    Server {
        child,
        address,
        said: Some(said),
    }
}

/// Status and body of an answer.
fn parsed(answer: &str) -> (u16, Value) {
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok());
    let body = answer.split("\r\n\r\n").nth(1).unwrap_or_default();
    let body = serde_json::from_str(body).unwrap_or(Value::Null);
    (status.expect("a status"), body)
}

/// A prediction request, to be followed by no other on this connection.
fn request(body: &str) -> String {
    format!(
        "POST /predict HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Everything the other side says until it hangs up.
fn rest(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

impl Server {
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("a connection");
        stream
            .set_read_timeout(Some(Duration::from_mins(1)))
            .expect("set");
        stream
    }

    fn send(&self, request: &[u8]) -> (u16, Value) {
        let mut stream = self.connect();
        stream.write_all(request).expect("sent");
        parsed(&rest(stream))
    }

    fn post(&self, body: &str) -> (u16, Value) {
        self.send(request(body).as_bytes())
    }

    fn get(&self, path: &str) -> (u16, Value) {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        self.send(request.as_bytes())
    }
}

const EXAMPLE: &str = r#"{"cohort_month_str":"2017-01","customer_state":"SP","rev_1m":10,"n_orders_1m":1,"rev_3m":10,"n_orders_3m":1}"#;

#[test]
fn it_answers_refuses_and_stops_in_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = model(folder.path());
    let mut usual = server(&model, &[]);
    answers(&usual);
    refusals(&usual);
    one_connection_for_many(&usual);
    a_thousand_at_once(&usual);
    #[cfg(unix)]
    stops(&mut usual);
    let impatient = server(&model, &["--patience", "1"]);
    the_slow_are_cut_off(&impatient);
    #[cfg(unix)]
    a_second_signal_does_not_wait(impatient);
    let _ = &mut usual;
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
    for (path, status) in [("/nothing", 404), ("/predict", 405)] {
        let (found, body) = server.get(path);
        assert_eq!(found, status, "{path}");
        assert!(
            body["error"].to_string().contains("POST /predict"),
            "{body}"
        );
    }
    // Over 1 MiB, sent to its end before the client listens.
    let large = format!("[{}]", vec![EXAMPLE; 12_000].join(","));
    assert!(large.len() > 1 << 20);
    assert_eq!(server.post(&large).0, 413);
    // Within 1 MiB, and too many: an object without fields is as many as any.
    let many = format!("[{}]", vec!["{}"; 10_001].join(","));
    assert_eq!(server.post(&many).0, 413);
    // So large that it is not even read.
    let announced = "POST /predict HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 999999999\r\n\r\n";
    assert_eq!(server.send(announced.as_bytes()).0, 413);
    // A head of 100,000 letters.
    let head = format!(
        "GET /health HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n",
        "y".repeat(100_000)
    );
    let mut stream = server.connect();
    // The server may hang up before it has seen the end.
    let _ = stream.write_all(head.as_bytes());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP/1.1 200"), "a head has a limit");
}

/// Two requests, one after the other on the same connection.
fn one_connection_for_many(server: &Server) {
    let mut stream = server.connect();
    let kept = request(EXAMPLE).replace("Connection: close\r\n", "");
    stream.write_all(kept.as_bytes()).expect("sent");
    let mut first = [0; 12];
    stream.read_exact(&mut first).expect("an answer");
    assert_eq!(&first, b"HTTP/1.1 200");
    stream
        .write_all(request(EXAMPLE).as_bytes())
        .expect("still open");
    let answers = rest(stream);
    assert!(answers.contains("HTTP/1.1 200"), "{answers}");
}

/// A thousand connections are open before the first of them asks.
fn a_thousand_at_once(server: &Server) {
    let expected = server.post(EXAMPLE);
    assert_eq!(expected.0, 200);
    let connected = Barrier::new(1_000);
    thread::scope(|scope| {
        let clients: Vec<_> = (0..1_000)
            .map(|_| {
                scope.spawn(|| {
                    let mut stream = server.connect();
                    connected.wait();
                    stream.write_all(request(EXAMPLE).as_bytes()).expect("sent");
                    parsed(&rest(stream))
                })
            })
            .collect();
        for client in clients {
            assert_eq!(client.join().expect("an answer"), expected);
        }
    });
}

/// Sends a letter every 100 ms until the server hangs up; what it said, and after how long.
fn drip(mut stream: TcpStream, letters: impl Iterator<Item = u8>) -> (String, Duration) {
    let started = Instant::now();
    for letter in letters {
        if stream.write_all(&[letter]).is_err() {
            break;
        }
        assert!(started.elapsed() < PATIENCE, "nobody hangs up");
        thread::sleep(Duration::from_millis(100));
    }
    let mut said = Vec::new();
    // Reset, if a letter crossed the end.
    let _ = stream.read_to_end(&mut said);
    (
        String::from_utf8_lossy(&said).into_owned(),
        started.elapsed(),
    )
}

/// Far beyond the one second that the server waits, for machines with other things to do.
const PATIENCE: Duration = Duration::from_secs(20);

/// Heads and bodies that come letter by letter, and connections that say nothing at all.
fn the_slow_are_cut_off(server: &Server) {
    thread::scope(|scope| {
        let head = "POST /predict HTTP/1.1\r\nX: ".bytes();
        let head = head.chain(std::iter::repeat(b'y'));
        let head = scope.spawn(|| drip(server.connect(), head));
        let body = scope.spawn(|| {
            let mut stream = server.connect();
            let whole = request(EXAMPLE);
            let (start, _) = whole.split_once("{").expect("a body");
            stream.write_all(start.as_bytes()).expect("sent");
            drip(stream, EXAMPLE.bytes())
        });
        let silent = scope.spawn(|| {
            let started = Instant::now();
            let mut said = Vec::new();
            let _ = server.connect().read_to_end(&mut said);
            (
                String::from_utf8_lossy(&said).into_owned(),
                started.elapsed(),
            )
        });
        let (said, after) = body.join().expect("cut off");
        assert!(
            said.starts_with("HTTP/1.1 408") || said.is_empty(),
            "{said}"
        );
        assert!(after < PATIENCE, "body: {after:?}");
        for (what, client) in [("head", head), ("silent", silent)] {
            let (said, after) = client.join().expect("cut off");
            assert!(!said.contains("200 OK"), "{what}: {said}");
            assert!(after < PATIENCE, "{what}: {after:?}");
        }
        // A body that stops half-way and listens is told why.
        let mut stream = server.connect();
        let whole = request(EXAMPLE);
        stream
            .write_all(&whole.as_bytes()[..whole.len() - 5])
            .expect("sent");
        let (status, body) = parsed(&rest(stream));
        assert_eq!(status, 408, "{body}");
    });
    assert_eq!(server.get("/health").0, 200, "everybody else is served");
}

#[cfg(unix)]
fn terminate(server: &Server) {
    let stopped = Command::new("kill")
        .args(["-TERM", &server.child.id().to_string()])
        .status();
    assert!(stopped.is_ok_and(|status| status.success()));
}

/// Asked twice, it ends whatever is under way.
#[cfg(unix)]
fn a_second_signal_does_not_wait(mut server: Server) {
    let mut slow = server.connect();
    let whole = request(EXAMPLE);
    slow.write_all(&whole.as_bytes()[..whole.len() - 5])
        .expect("sent");
    thread::sleep(Duration::from_millis(200));
    terminate(&server);
    thread::sleep(Duration::from_millis(200));
    terminate(&server);
    let status = server.child.wait().expect("ended");
    assert!(status.success(), "{status}");
    let said = server.said.take().expect("once").join().expect("said");
    assert!(said.contains("stopped: "), "{said}");
}

/// A request under way is answered before the server ends.
#[cfg(unix)]
fn stops(server: &mut Server) {
    let mut slow = server.connect();
    let whole = request(EXAMPLE);
    let (head, body) = whole.split_at(whole.len() - EXAMPLE.len());
    slow.write_all(head.as_bytes()).expect("sent");
    thread::sleep(Duration::from_millis(300));
    terminate(server);
    thread::sleep(Duration::from_millis(300));
    slow.write_all(body.as_bytes()).expect("still listened to");
    let answer = rest(slow);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let status = server.child.wait().expect("ended");
    assert!(status.success(), "{status}");
    let said = server.said.take().expect("once").join().expect("said");
    assert!(
        said.contains("every request under way was answered"),
        "{said}"
    );
    assert!(
        TcpStream::connect(server.address).is_err(),
        "nobody listens"
    );
}
