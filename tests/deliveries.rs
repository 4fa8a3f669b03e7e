//! Lists for e-mail and advertising tools: exact headers, nobody who has not agreed, no address damaged,
//! everybody who is missing counted.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// What is true of one customer of the test's shop.
#[derive(Clone, Debug)]
struct Person {
    id: String,
    email: String,
    phone: String,
    name: String,
    /// As the newest order says it.
    consent: &'static str,
}

/// Small repeatable numbers; the test needs no better ones.
struct Draws(u64);

impl Draws {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// A thousand customers with addresses of every kind; each ordered twice, and said something else about
/// consent the first time.
fn people() -> Vec<Person> {
    let mut draws = Draws(7);
    (0..1_000)
        .map(|number| {
            let email = match draws.below(10) {
                0 => String::new(),
                1 => format!("broken{number}@host"),
                2 => format!("two words{number}@shop.example"),
                3 => format!("Mixed.Case+{number}@Shop.Example"),
                _ => format!("person{number}@shop.example"),
            };
            let phone = match draws.below(4) {
                0 => String::new(),
                1 => format!("0170 {number:07}"),
                _ => format!("+49 (0)170 {number:07}"),
            };
            let consent = ["yes", "yes", "yes", "no", "", "maybe"][draws.below(6) as usize];
            Person {
                id: format!("C{number:04}"),
                email,
                phone,
                name: ["Anna Berg", "Juan Carlos García", "=cmd() Berg"][draws.below(3) as usize]
                    .to_owned(),
                consent,
            }
        })
        .collect()
}

fn orders(people: &[Person]) -> String {
    let mut text = "Order ID,Customer ID,Email,Phone,Customer Name,Accepts Marketing,Order Date,\
                    Total\n"
        .to_owned();
    for (number, person) in people.iter().enumerate() {
        for (order, day) in [(0, "2024-04-10"), (1, "2024-05-10")] {
            let consent = match (order, person.consent) {
                (0, "yes") => "no",
                (0, _) => "yes",
                (_, said) => said,
            };
            writeln!(
                text,
                "{},{},{},{},{},{consent},{day},{}.50",
                number * 2 + order,
                person.id,
                person.email,
                person.phone,
                person.name,
                10 + number % 90,
            )
            .expect("text");
        }
    }
    text
}

struct Shop(tempfile::TempDir);

impl Shop {
    fn new(orders: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("orders.csv"), orders).expect("written");
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a list that holds everybody; returns the messages.
    fn list(&self, arguments: &[&str]) -> String {
        let (code, messages) = self.run(arguments);
        assert_eq!(code, Some(0), "{messages}");
        messages
    }

    fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_keepers"))
            .args(["export", "orders.csv", "--what", "churn_risk", "--replace"])
            .args(arguments)
            .current_dir(self.0.path())
            .stdin(Stdio::null())
            .output()
            .expect("the program runs");
        let messages = String::from_utf8(output.stderr).expect("UTF-8");
        (output.status.code(), messages)
    }
}

/// Header and rows of a CSV whose cells hold no line breaks.
fn read(path: &Path) -> (String, Vec<Vec<String>>) {
    let text = fs::read_to_string(path).expect("written");
    let mut lines = text.split("\r\n").filter(|line| !line.is_empty());
    let header = lines.next().expect("a header").to_owned();
    let rows = lines.map(|line| {
        line.split(',')
            .map(|cell| cell.trim_matches('"').to_owned())
    });
    (header, rows.map(Iterator::collect).collect())
}

fn place_of(header: &str, name: &str) -> usize {
    let mut names = header.split(',');
    names.position(|known| known == name).expect("there")
}

/// The address as a rule of its own: something before one @, a dot behind it, no blank.
fn usable(email: &str) -> bool {
    let mut parts = email.split('@');
    let (name, host) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    parts.next().is_none() && !name.is_empty() && host.contains('.') && !email.contains(' ')
}

#[test]
fn every_tool_gets_its_exact_header() {
    let shop = Shop::new(&orders(&people()));
    for (tool, header) in [
        ("klaviyo", "Email,Phone Number,First Name,Last Name"),
        (
            "mailchimp",
            "Email Address,First Name,Last Name,Phone Number,Tags",
        ),
        ("meta", "email,phone,fn,ln"),
        ("google", "Email,Phone"),
        ("shopify", "Email,Tags"),
    ] {
        let file = format!("{tool}.csv");
        shop.list(&["--for", tool, "--out", &file]);
        assert_eq!(read(&shop.path(&file)).0, header, "{tool}");
    }
}

#[test]
fn nobody_unasked_is_written_to_and_no_address_is_damaged() {
    let people = people();
    let shop = Shop::new(&orders(&people));
    // Who is in the list, and in which group, as the table says it.
    shop.list(&["--out", "all.csv"]);
    let (header, rows) = read(&shop.path("all.csv"));
    let id = place_of(&header, "customer_id");
    let listed: BTreeSet<&str> = rows.iter().map(|row| &*row[id]).collect();
    assert!(listed.len() > 300, "{}", listed.len());
    let messages = shop.list(&["--for", "mailchimp", "--out", "mail.csv"]);
    let (_, written) = read(&shop.path("mail.csv"));
    shop.list(&["--reachable", "--out", "reachable.csv"]);
    let (header, rows) = read(&shop.path("reachable.csv"));
    let (email, group) = (place_of(&header, "email"), place_of(&header, "group"));
    let contacts: BTreeMap<&str, &str> = rows
        .iter()
        .map(|row| (&*row[email], &*row[group]))
        .collect();
    let wanted: BTreeSet<&str> = people
        .iter()
        .filter(|person| listed.contains(&*person.id))
        .filter(|person| person.consent == "yes" && usable(&person.email))
        .map(|person| &*person.email)
        .collect();
    assert_eq!(contacts.keys().copied().collect::<BTreeSet<_>>(), wanted);
    // The tool's file holds the same people without the control group, spelled as the shop does.
    let sent: BTreeSet<&str> = written.iter().map(|row| &*row[0]).collect();
    let of_group = |name: &str| -> BTreeSet<&str> {
        let all = contacts.iter();
        all.filter(|(_, group)| **group == name)
            .map(|(email, _)| *email)
            .collect()
    };
    assert_eq!(sent, of_group("contact"));
    // Whatever the tool: the table's control group is that of every file.
    for tool in ["klaviyo", "meta", "google", "shopify"] {
        let file = format!("{tool}.csv");
        shop.list(&["--for", tool, "--out", &file]);
        let (_, rows) = read(&shop.path(&file));
        let sent: BTreeSet<&str> = rows.iter().map(|row| &*row[0]).collect();
        assert_eq!(sent, of_group("contact"), "{tool}");
    }
    let control = of_group("control").len();
    assert_eq!(control, (wanted.len() as f64 * 0.1).round() as usize);
    let by_email: BTreeMap<&str, &Person> = people
        .iter()
        .map(|person| (&*person.email, person))
        .collect();
    for row in &written {
        let person = by_email[&*row[0]];
        let digits: String = person.phone.replace("(0)", "");
        let digits: String = digits
            .chars()
            .filter(|c| c.is_ascii_digit() || *c == '+')
            .collect();
        let phone = if digits.starts_with('+') {
            digits
        } else {
            String::new()
        };
        assert_eq!(row[3], phone, "{person:?}");
        let name = if person.name == "Anna Berg" {
            ["Anna", "Berg"]
        } else if person.name == "=cmd() Berg" {
            ["'=cmd()", "Berg"]
        } else {
            ["", ""]
        };
        assert_eq!(row[1..3], name, "{person:?}");
        assert_eq!(row[4], "Churn risks");
    }
    // What is missing is said, and adds up.
    let numbers = |word: &str| -> usize {
        let before = messages.split(word).next().expect("text");
        let number = before.trim_end().rsplit(' ').next().expect("a number");
        if messages.contains(word) {
            number.replace(',', "").parse().expect("a number")
        } else {
            0
        }
    };
    let missing = numbers("have no address")
        + numbers("have an address that cannot be right")
        + numbers("have not agreed")
        + numbers("are the control group");
    assert_eq!(missing + written.len(), listed.len(), "{messages}");
}

#[test]
fn a_list_is_cut_and_hashed_when_asked() {
    let shop = Shop::new(&orders(&people()));
    shop.list(&["--reachable", "--at-most", "100", "--out", "table.csv"]);
    assert_eq!(read(&shop.path("table.csv")).1.len(), 100);
    shop.list(&["--for", "google", "--at-most", "100", "--out", "plain.csv"]);
    shop.list(&[
        "--for",
        "google",
        "--at-most",
        "100",
        "--hashed",
        "--out",
        "hashed.csv",
    ]);
    let (plain, hashed) = (
        read(&shop.path("plain.csv")),
        read(&shop.path("hashed.csv")),
    );
    assert_eq!(plain.0, hashed.0);
    assert_eq!(plain.1.len(), 90, "100 without their control group");
    assert_eq!(hashed.1.len(), 90);
    for (plain, hashed) in plain.1.iter().zip(&hashed.1) {
        for (plain, hashed) in plain.iter().zip(hashed) {
            assert_eq!(plain.is_empty(), hashed.is_empty());
            let hex = hashed.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(
                hashed.is_empty() || (hashed.len() == 64 && hex),
                "{plain}: {hashed}"
            );
        }
    }
    let (code, why) = shop.run(&["--for", "klaviyo", "--hashed", "--out", "k.csv"]);
    assert_eq!(code, Some(1), "{why}");
    assert!(why.contains("only meta and google"), "{why}");
    assert!(!shop.path("k.csv").exists());
}

/// Of a column that says who does not want letters, only a plain no or nothing lets somebody be written
/// to: a date is the day on which they left.
#[test]
fn who_has_unsubscribed_is_not_written_to() {
    let said = |number: usize| ["", "no", "yes", "2024-02-01"][number % 4];
    let mut text = "order_id,email,unsubscribed,order_date,total\n".to_owned();
    for number in 0..400 {
        for (order, day) in [(0, "2024-04-10"), (1, "2024-05-10")] {
            let (id, said) = (number * 2 + order, said(number));
            writeln!(text, "{id},person{number}@shop.example,{said},{day},10.50").expect("text");
        }
    }
    let shop = Shop::new(&text);
    let messages = shop.list(&["--for", "shopify", "--out", "tags.csv"]);
    let (_, rows) = read(&shop.path("tags.csv"));
    assert!(rows.len() > 50, "{messages}");
    for row in &rows {
        let digits: String = row[0].chars().filter(char::is_ascii_digit).collect();
        let number: usize = digits.parse().expect("a number");
        assert!(["", "no"].contains(&said(number)), "{}", row[0]);
    }
    assert!(!messages.contains("telephone"), "{messages}");
}

#[test]
fn what_the_files_do_not_say_is_said() {
    let people = people();
    let text = orders(&people);
    // The same shop without the column of consent.
    let text: String = text
        .lines()
        .map(|line| {
            let mut cells: Vec<&str> = line.split(',').collect();
            cells.remove(5);
            cells.join(",") + "\n"
        })
        .collect();
    let shop = Shop::new(&text);
    let messages = shop.list(&["--for", "klaviyo", "--out", "k.csv"]);
    assert!(messages.contains("do not say who agreed"), "{messages}");
    let output = Command::new(env!("CARGO_BIN_EXE_keepers"))
        .args([
            "export",
            "orders.csv",
            "--what",
            "segments",
            "--for",
            "meta",
            "--out",
            "s.csv",
        ])
        .current_dir(shop.0.path())
        .output()
        .expect("the program runs");
    assert_ne!(output.status.code(), Some(0), "segments are no people");
    let output = Command::new(env!("CARGO_BIN_EXE_keepers"))
        .args(["audiences", "orders.csv", "--for", "klaviyo"])
        .current_dir(shop.0.path())
        .output()
        .expect("the program runs");
    let why = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(1), "{why}");
    assert!(why.contains("--list"), "{why}");
}
