//! Lists as files: what stands in them, and that other programs read them as they are meant.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use calamine::{Data, Reader as _, open_workbook_auto};

/// Ids that a careless program turns into numbers, dates or formulas.
const ORDERS: &str = "customer_id,order_date,amount,channel\n\
00017,2024-01-05,10.5,shop\n\
00017,2024-03-05,20,shop\n\
1e3,2024-02-01,5,=1+1\n\
=HYPERLINK(\"x\"),2024-02-02,7,@web\n\
-5,2024-02-03,1,\"a,b\"\n\
2024-01-05,2024-02-04,2,shop\n";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder"));
        fs::write(folder.path("orders.csv"), ORDERS).expect("written");
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs `keepers export orders.csv` with more arguments; returns code, output and messages.
    fn export(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_keepers"))
            .args(["export", "orders.csv"])
            .args(arguments)
            .current_dir(self.0.path())
            .stdin(Stdio::null())
            .output()
            .expect("the program runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("written")
    }
}

#[test]
fn customers_leave_as_text_numbers_and_days() {
    let folder = Folder::new();
    let (code, out, err) = folder.export(&["--what", "customers", "--out", "list.csv"]);
    assert_eq!(code, Some(0), "{err}");
    assert_eq!(out, "wrote list.csv: 5 rows, 12 columns\n");
    let text = folder.read("list.csv");
    let mut lines = text.split("\r\n");
    assert_eq!(
        lines.next(),
        Some(
            "customer_id,segment,orders,net_revenue,average_order_value,first_order,last_order,\
             recency_days,tenure_days,recency_score,frequency_score,monetary_score"
        )
    );
    let row = |id: &str| {
        let mut rows = text.split("\r\n").filter(|line| line.starts_with(id));
        rows.next().map(str::to_owned).unwrap_or_default()
    };
    // S is 2024-03-06; 30.5 in two orders.
    let first = row("\"00017\"");
    assert!(
        first.contains(",2,30.5,15.25,2024-01-05,2024-03-05,1,61,"),
        "{first}"
    );
    assert!(row("\"1e3\"").contains(",1,5,5,2024-02-01,2024-02-01,34,34,"));
    assert!(
        row("\"'=HYPERLINK(\"\"x\"\")\"").contains(",1,7,7,"),
        "{text}"
    );
    assert!(row("\"'-5\"").contains(",1,1,1,"), "{text}");
    assert!(row("\"2024-01-05\"").contains(",1,2,2,"), "{text}");
}

#[test]
fn columns_segments_marks_and_separators_can_be_chosen() {
    let folder = Folder::new();
    let arguments = [
        "--what",
        "customers",
        "--out",
        "ids.csv",
        "--columns",
        "orders,customer_id",
        "--bom",
        "--separator",
        "semicolon",
    ];
    assert_eq!(folder.export(&arguments).0, Some(0));
    let text = folder.read("ids.csv");
    assert!(text.starts_with("\u{feff}orders;customer_id\r\n"), "{text}");
    assert_eq!(text.lines().count(), 6);
    let (code, _, err) = folder.export(&[
        "--what",
        "customers",
        "--out",
        "x.csv",
        "--columns",
        "shoe_size",
    ]);
    assert_eq!(code, Some(1));
    assert!(
        err.contains("shoe_size") && err.contains("customer_id"),
        "{err}"
    );
    // One segment holds some customers, all of them together hold everyone.
    let whole = folder.export(&["--what", "segments", "--out", "segments.csv"]);
    assert_eq!(whole.0, Some(0), "{}", whole.2);
    let segments = folder.read("segments.csv");
    let mut listed = 0;
    for line in segments.lines().skip(1).filter(|line| !line.is_empty()) {
        let name = line.split(',').next().expect("a name");
        let out = format!("{name}.csv");
        let (code, _, err) =
            folder.export(&["--what", "customers", "--segment", name, "--out", &out]);
        assert_eq!(code, Some(0), "{err}");
        listed += folder.read(&out).lines().count() - 1;
    }
    assert_eq!(listed, 5);
    let unknown = folder.export(&[
        "--what",
        "customers",
        "--segment",
        "Nobody",
        "--out",
        "y.csv",
    ]);
    assert!(
        unknown.2.contains("Nobody") && unknown.2.contains("VIP"),
        "{}",
        unknown.2
    );
}

#[test]
fn a_file_is_replaced_only_when_told_so() {
    let folder = Folder::new();
    fs::write(folder.path("mine.csv"), "precious").expect("written");
    let arguments = ["--what", "quality", "--out", "mine.csv"];
    let (code, _, err) = folder.export(&arguments);
    assert_eq!(code, Some(1));
    assert!(err.contains("mine.csv") && err.contains("exists"), "{err}");
    assert_eq!(folder.read("mine.csv"), "precious");
    let (code, _, err) = folder.export(&[&arguments[..], &["--replace"]].concat());
    assert_eq!(code, Some(0), "{err}");
    assert!(
        folder
            .read("mine.csv")
            .starts_with("rule,what_it_means,effect,rows,amount")
    );
    let (code, _, err) = folder.export(&["--what", "quality", "--out", "mine.doc"]);
    assert_eq!(code, Some(1));
    assert!(err.contains(".csv or .xlsx"), "{err}");
    let (_, _, err) = folder.export(&["--what", "profit", "--out", "z.csv"]);
    assert!(err.contains("customers, segments, cohorts"), "{err}");
}

#[test]
fn every_list_is_written_the_same_from_run_to_run() {
    let folder = Folder::new();
    for what in [
        "customers",
        "segments",
        "cohorts",
        "periods",
        "by-channel",
        "quality",
    ] {
        for ending in ["csv", "xlsx"] {
            let names = ["a", "b"].map(|name| format!("{what}-{name}.{ending}"));
            for name in &names {
                let (code, _, err) = folder.export(&["--what", what, "--out", name]);
                assert_eq!(code, Some(0), "{what}: {err}");
            }
            let bytes = names.map(|name| fs::read(folder.path(&name)).expect("written"));
            assert!(bytes[0] == bytes[1], "{what}.{ending}");
        }
    }
    let cohorts = folder.read("cohorts-a.csv");
    // Five acquired in January to March 2024; one of the January cohort came back in March.
    assert!(
        cohorts.starts_with("cohort,customers,month_0,month_1,month_2\r\n"),
        "{cohorts}"
    );
    assert!(folder.read("by-channel-a.csv").contains("'=1+1,5,1,1"));
}

/// Converts with `LibreOffice` where it is installed; `None`, said aloud, otherwise.
fn converted(folder: &Path, file: &str, to: &str, filter: Option<&str>) -> Option<String> {
    let mut command = Command::new("soffice");
    command
        .arg(format!(
            "-env:UserInstallation=file://{}/office",
            folder.display()
        ))
        .args(["--headless", "--convert-to", to, "--outdir", "converted"]);
    if let Some(filter) = filter {
        command.arg(format!("--infilter={filter}"));
    }
    let done = command
        .arg(file)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if done.is_err() {
        eprintln!("skipped: LibreOffice (soffice) is not installed");
        return None;
    }
    let name = Path::new(file).with_extension("csv");
    let written = folder.join("converted").join(name);
    // LibreOffice quotes texts on their way out; what stands in the cells is what matters.
    Some(
        fs::read_to_string(written)
            .expect("converted")
            .replace('"', ""),
    )
}

#[test]
fn libreoffice_reads_ids_with_their_zeros_and_runs_no_formula() {
    let folder = Folder::new();
    for name in ["list.csv", "list.xlsx"] {
        let columns = ["--columns", "customer_id,net_revenue,last_order"];
        let arguments = [&["--what", "customers", "--out", name][..], &columns].concat();
        assert_eq!(folder.export(&arguments).0, Some(0));
    }
    // UTF-8, comma, double quotes, quoted fields are text.
    let filter = "CSV:44,34,76,1,,0,true,false";
    let Some(from_csv) = converted(folder.0.path(), "list.csv", "csv", Some(filter)) else {
        return;
    };
    for expected in ["00017,30.5,", "1e3,5,", "'-5,1,", "2024-01-05,2,"] {
        assert!(from_csv.contains(expected), "{expected}: {from_csv}");
    }
    let from_book = converted(folder.0.path(), "list.xlsx", "csv", None).expect("installed");
    for expected in ["00017,30.5,2024-03-05", "1e3,5,", "-5,1,", "=HYPERLINK"] {
        assert!(from_book.contains(expected), "{expected}: {from_book}");
    }
}

#[test]
fn a_workbook_holds_the_same_values_as_the_csv() {
    let folder = Folder::new();
    assert_eq!(
        folder
            .export(&["--what", "customers", "--out", "list.xlsx"])
            .0,
        Some(0)
    );
    let mut book = open_workbook_auto(folder.path("list.xlsx")).expect("a workbook");
    let sheet = book.worksheet_range("Customers").expect("a sheet");
    let rows: Vec<_> = sheet.rows().collect();
    assert_eq!(rows.len(), 6);
    let first = rows
        .iter()
        .find(|row| row[0] == Data::String("00017".to_owned()))
        .expect("the id as text");
    assert_eq!(first[2], Data::Float(2.0));
    assert_eq!(first[3], Data::Float(30.5));
    let Data::DateTime(date) = &first[6] else {
        panic!("{:?}", first[6]);
    };
    // 2024-03-05 is day 45356 of Excel.
    assert_eq!(date.as_f64(), 45_356.0);
}

/// Customers with one order 31 to 39 days before S, under ids that careless programs change.
const NUDGED: &str = "customer_id,order_date,amount\n0042,2024-01-28,4\n00017,2024-01-29,10.5\n\
1e3,2024-01-30,5\n-5,2024-02-01,1\n2024-01-05,2024-02-05,2\nlast,2024-03-06,1\n";

#[test]
fn libreoffice_keeps_the_ids_of_a_list_with_its_control_group() {
    let folder = Folder::new();
    fs::write(folder.path("nudged.csv"), NUDGED).expect("written");
    for name in ["list.csv", "list.xlsx"] {
        let columns = "customer_id,group,net_revenue,last_order";
        let output = Command::new(env!("CARGO_BIN_EXE_keepers"))
            .args(["audiences", "nudged.csv", "--list", "second_order"])
            .args(["--control", "0.4", "--columns", columns, "--out", name])
            .current_dir(folder.0.path())
            .stdin(Stdio::null())
            .output()
            .expect("the program runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{said}");
    }
    let filter = "CSV:44,34,76,1,,0,true,false";
    let Some(from_csv) = converted(folder.0.path(), "list.csv", "csv", Some(filter)) else {
        return;
    };
    let from_book = converted(folder.0.path(), "list.xlsx", "csv", None).expect("installed");
    for (text, minus) in [(from_csv, "'-5"), (from_book, "-5")] {
        assert_eq!(text.lines().count(), 6, "{text}");
        assert_eq!(text.matches(",control,").count(), 2, "{text}");
        for id in ["0042", "00017", "1e3", minus, "2024-01-05"] {
            let begin = format!("{id},");
            assert!(
                text.lines().any(|line| line.starts_with(&begin)),
                "{id}: {text}"
            );
        }
        assert!(text.contains("10.5,2024-01-29"), "{text}");
    }
}
