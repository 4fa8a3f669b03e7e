//! Figures of public data sets, and of small hand-made files, through the whole loading path.
//! The public files are found through `KEEPERS_DATA`; without it those tests say so and pass.

#![allow(clippy::expect_used, clippy::format_push_string)]

use std::{
    fs::OpenOptions,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, SystemTime},
};

use keepers::{
    base::monitor::{Cancel, Monitor},
    data::dataset::options::ReadOptions,
    data::dataset::quality::Effect,
    data::dataset::understanding::WarningCode,
    data::dataset::{Dataset, Shape},
    data::day::iso,
    data::load::{load, load_bytes},
    data::orders::{Orders, flag},
};

fn public(path: &str) -> Option<Dataset> {
    let Some(root) = std::env::var_os("KEEPERS_DATA") else {
        println!("skipped: KEEPERS_DATA is not set");
        return None;
    };
    let path = PathBuf::from(root).join(path);
    Some(load(&[path], &ReadOptions::default(), &Monitor::silent()).expect("public data loads"))
}

fn bytes(text: &'static str) -> Dataset {
    with(text, &ReadOptions::default())
}

fn with(text: &'static str, options: &ReadOptions) -> Dataset {
    load_bytes("shop.csv", text.as_bytes(), options, &Monitor::silent()).expect("loads")
}

fn rule(data: &Dataset, name: &str) -> Option<(u64, f64)> {
    data.quality
        .rules
        .iter()
        .find(|rule| rule.rule == name)
        .map(|rule| (rule.rows, rule.amount))
}

fn count(orders: &Orders, bit: u8) -> usize {
    orders
        .flags
        .iter()
        .filter(|&&flags| flags & bit != 0)
        .count()
}

fn net(orders: &Orders) -> f64 {
    (0..orders.lines()).map(|line| orders.net(line)).sum()
}

/// What is said of a log to which something happens while it is being read.
fn said_of_a_log_changed_by(change: impl Fn(&Path) + Send + Sync + 'static) -> Option<String> {
    let mut text = String::from("order_id,customer_id,order_date,amount\n");
    for row in 0..60_000 {
        text.push_str(&format!(
            "{row},C{:05},2024-01-{:02},9.50\n",
            row % 9_000,
            1 + row % 28
        ));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("orders.csv");
    std::fs::write(&path, text).expect("written");
    let (log, done) = (path.clone(), AtomicBool::new(false));
    let monitor = Monitor::new(Cancel::default(), move |progress| {
        if progress.stage.starts_with("Reading") && !done.swap(true, Ordering::Relaxed) {
            change(&log);
        }
    });
    let loaded = load(&[path], &ReadOptions::default(), &monitor);
    loaded.err().map(|error| error.to_string())
}

#[test]
fn a_log_that_is_changed_while_it_is_read_is_refused() {
    let open = |path: &Path| {
        let options = OpenOptions::new().write(true).open(path);
        options.expect("opens")
    };
    assert_eq!(said_of_a_log_changed_by(|_| {}), None);
    for (what, said) in [
        (
            "cut short",
            said_of_a_log_changed_by(move |path| open(path).set_len(1_200_000).expect("is cut")),
        ),
        (
            "grown",
            said_of_a_log_changed_by(move |path| open(path).set_len(3_000_000).expect("grows")),
        ),
        (
            "written to",
            said_of_a_log_changed_by(move |path| {
                let later = SystemTime::now() + Duration::from_secs(5);
                open(path).set_modified(later).expect("is touched");
            }),
        ),
    ] {
        let said = said.unwrap_or_default();
        assert!(said.contains("changed while it was read"), "{what}: {said}");
    }
}

#[test]
fn cdnow_master() {
    let Some(data) = public("cdnow/CDNOW_master.txt") else {
        return;
    };
    assert_eq!(data.shape, Shape::Cdnow);
    assert_eq!(data.name, "CDNOW_master");
    assert_eq!(data.orders.lines(), 69_659);
    assert_eq!(data.orders.customers(), 23_570);
    assert!((net(&data.orders) - 2_500_315.63).abs() < 1e-6);
    assert_eq!(count(&data.orders, flag::ORDER_START), 67_591);
    assert_eq!(count(&data.orders, flag::DAY_START), 67_591);
    assert_eq!(count(&data.orders, flag::DUPLICATE), 255);
    assert_eq!(rule(&data, "zero_amount"), Some((80, 0.0)));
    assert_eq!(
        rule(&data, "duplicate_line").map(|(rows, _)| rows),
        Some(255)
    );
    let (first, last) = data.orders.day_range().expect("days");
    assert_eq!(
        (iso(first), iso(last)),
        ("1997-01-01".into(), "1998-06-30".into())
    );
    assert_eq!(data.orders.customer_ids.get(0), "00001");
    assert!(data.orders.order_ids.is_empty());
    assert_eq!(
        (data.quality.rows_read, data.quality.rows_kept),
        (69_659, 69_659)
    );
    assert!(data.quality.reconciles());
    let file = &data.files[0];
    assert_eq!(
        (
            file.delimiter.as_str(),
            file.has_header,
            file.encoding.as_str()
        ),
        ("runs of spaces", false, "UTF-8")
    );
    assert_eq!(file.preview.len(), 20);
    assert_eq!(file.preview[0], ["00001", "19970101", "1", "11.77"]);
}

#[test]
fn cdnow_sample() {
    let Some(data) = public("cdnow/CDNOW_sample.txt") else {
        return;
    };
    assert_eq!(data.shape, Shape::Cdnow);
    assert_eq!(
        (data.orders.lines(), data.orders.customers()),
        (6_919, 2_357)
    );
    assert_eq!(data.orders.customer_ids.get(0), "00004");
}

#[test]
fn online_retail_conventions() {
    let data = bytes(
        "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\r\n\
         536365,85123A,6,12/1/2010 8:26,2.55,17850.0,United Kingdom\r\n\
         536365,71053,6,12/1/2010 8:26,3.39,17850.0,United Kingdom\r\n\
         C536379,D,-1,12/1/2010 9:41,27.50,14527.0,United Kingdom\r\n\
         536367,84406B,2,12/13/2010 8:34,2.10,13047.0,Norway\r\n\
         536368,22960,3,12/14/2010 8:34,4.25,,United Kingdom\r\n",
    );
    let orders = &data.orders;
    let ids: Vec<_> = orders.customer_ids.iter().collect();
    assert_eq!(ids, ["13047", "14527", "17850"]);
    assert_eq!(orders.lines(), 4);
    let amount = |line: usize| (orders.amounts[line] * 100.0).round() / 100.0;
    assert_eq!(
        (amount(0), amount(1), amount(2), amount(3)),
        (4.2, -27.5, 15.3, 20.34)
    );
    assert_eq!(iso(orders.days[0]), "2010-12-13");
    assert_eq!(orders.flags[1], flag::CREDIT);
    assert_eq!(count(orders, flag::ORDER_START), 2);
    assert_eq!(orders.orders[2], orders.orders[3]);
    assert_eq!(orders.order_ids.get(orders.orders[2] as usize), "536365");
    assert_eq!(rule(&data, "missing_customer"), Some((1, 12.75)));
    assert_eq!(rule(&data, "credit_line"), Some((1, -27.5)));
    let missing = &data.quality.rules[0];
    assert_eq!(
        (missing.effect, missing.samples[0].line),
        (Effect::Dropped, 6)
    );
    assert_eq!(missing.samples[0].column, "CustomerID");
    assert_eq!(
        orders.attribute("country").map(|country| country.value(0)),
        Some("Norway")
    );
    assert!(data.quality.reconciles());
}

#[test]
fn olist_extract() {
    let Some(data) = public("olist") else {
        return;
    };
    assert_eq!(data.shape, Shape::Olist);
    assert_eq!(data.name, "olist");
    let orders = &data.orders;
    assert_eq!((orders.lines(), orders.customers()), (9_999, 9_967));
    // Independent figures: a join and group-by of the same files in Python polars.
    assert_eq!(count(orders, flag::ORDER_START), 9_718);
    assert!((net(orders) - 1_560_674.46).abs() < 1e-6, "{}", net(orders));
    let (rows, amount) = rule(&data, "not_kept").expect("rule");
    assert_eq!(rows, 281);
    assert!((amount - 53_424.03).abs() < 1e-6, "{amount}");
    assert_eq!(rule(&data, "order_without_payment"), None);
    assert_eq!(rule(&data, "duplicate_line"), None);
    let (first, last) = orders.day_range().expect("days");
    assert_eq!(
        (iso(first), iso(last)),
        ("2016-10-03".into(), "2018-08-29".into())
    );
    let sum = |name: &str, value: &str| {
        let attribute = orders.attribute(name).expect(name);
        let lines = (0..orders.lines()).filter(|&line| {
            attribute.value(line) == value && orders.flags[line] & flag::NOT_KEPT == 0
        });
        lines.fold((0, 0.0), |(lines, sum), line| {
            (lines + 1, sum + orders.net(line))
        })
    };
    assert!((sum("customer_state", "SP").1 - 591_485.66).abs() < 1e-6);
    let (lines, revenue) = sum("category", "health_beauty");
    assert_eq!(lines, 892);
    assert!((revenue - 149_765.04).abs() < 1e-6);
    assert_eq!(sum("category", "bed_bath_table").0, 895);
    assert_eq!(sum("payment_type", "boleto").0, 1_945);
    assert_eq!(sum("seller_state", "MG").0, 774);
    assert_eq!(data.files.len(), 7);
    assert_eq!(data.files[0].part, "orders");
    assert!(
        data.remarks
            .iter()
            .any(|remark| remark.contains("89,441 orders missing from the orders file"))
    );
    // Of 99,440 orders that were paid, 9,999 are in the file of orders.
    let plan = &data.understanding.plan;
    let of_payments = plan.links.iter().find(|link| {
        plan.tables[link.from].name.contains("payments") && link.from_column == "order_id"
    });
    let of_payments = of_payments.map(|link| (link.matched, link.asked));
    assert_eq!(of_payments, Some((9_999, 99_440)));
    assert!(data.quality.reconciles());
}

#[test]
fn orders_of_olist_alone_have_no_amounts() {
    let orders = "order_id,customer_id,order_status,order_purchase_timestamp\na,b,delivered,2018-01-01 10:00:00\n";
    let data = bytes(orders);
    assert_eq!((data.shape, data.orders.lines()), (Shape::OrderLog, 1));
    assert_eq!(count(&data.orders, flag::ORDER_START), 1);
    assert_eq!(net(&data.orders), 0.0);
    let warnings = data.understanding.warnings.iter();
    let codes: Vec<WarningCode> = warnings.map(|warning| warning.code).collect();
    assert_eq!(codes, [WarningCode::NoAmount]);
}

#[test]
fn row_order_is_irrelevant() {
    let rows = [
        "a,2024-01-05,o2,10.5,DE,complete",
        "a,2024-01-05,o2,3.25,DE,complete",
        "a,2024-01-01,o1,7,DE,returned",
        "b,2024-01-03,o3,1,FR,complete",
        "a,2024-01-05,o2,10.5,DE,complete",
        "10,2024-02-03,o4,1,,complete",
        "a,2024-02-01,o1,2,DE,complete",
    ];
    let header = "customer_id,order_date,order_id,amount,country,status\n";
    let forward = format!("{header}{}\n", rows.join("\n"));
    let mut reversed = rows;
    reversed.reverse();
    let backward = format!("{header}{}\n", reversed.join("\n"));
    let load = |text: String| bytes(Box::leak(text.into_boxed_str()));
    let (one, other) = (load(forward), load(backward));
    assert_eq!(one.orders, other.orders);
    let orders = &one.orders;
    assert_eq!(
        orders.customer_ids.iter().collect::<Vec<_>>(),
        ["10", "a", "b"]
    );
    assert_eq!(orders.offsets, [0, 1, 6, 7]);
    assert_eq!(count(orders, flag::DUPLICATE), 1);
    // o1 has a returned line in January and a kept one in February: it starts in February.
    let starts: Vec<bool> = (1..6)
        .map(|line| orders.flags[line] & flag::ORDER_START != 0)
        .collect();
    assert_eq!(starts, [false, true, false, false, true]);
    assert_eq!(orders.orders[1], orders.orders[5]);
    assert_eq!(
        orders.attribute("country").map(|country| country.value(0)),
        Some("")
    );
}

#[test]
fn european_spelling_and_windows_letters() {
    let text = b"Kundennummer;Bestelldatum;Betrag;Land\r\n00001;01.02.2024;1.234,50 \x80;\xD6sterreich\r\n00002;13.02.2024;12,5;\xD6sterreich\r\n";
    let data = load_bytes(
        "shop.csv",
        text,
        &ReadOptions::default(),
        &Monitor::silent(),
    )
    .expect("loads");
    assert_eq!(data.orders.amounts, [1234.5, 12.5]);
    assert_eq!(iso(data.orders.days[0]), "2024-02-01");
    assert_eq!(data.orders.customer_ids.get(0), "00001");
    assert_eq!(data.orders.attributes[0].value(0), "Österreich");
    let file = &data.files[0];
    assert_eq!(
        (file.encoding.as_str(), file.delimiter.as_str()),
        ("Windows-1252", "semicolon")
    );
    assert_eq!(file.columns[1].format, "date, day/month/year");
    assert_eq!(file.columns[2].format, "number, decimal comma");
    assert_eq!(file.columns[0].reason, "named `Kundennummer`");
}

#[test]
fn duplicates_can_be_dropped() {
    let options = ReadOptions {
        rules_on: vec!["drop_duplicates".into()],
        ..ReadOptions::default()
    };
    let text =
        "customer,date,amount\na,2024-01-01,1\na,2024-01-01,1\nb,2024-01-01,2\na,2024-01-01,1\n";
    let data = with(text, &options);
    assert_eq!((data.orders.lines(), data.quality.rows_read), (2, 4));
    assert_eq!(rule(&data, "duplicate_line"), Some((2, 2.0)));
    assert_eq!(data.quality.rules[0].effect, Effect::Dropped);
    assert!(data.quality.reconciles());
    assert_eq!(bytes(text).orders.lines(), 4);
}

#[test]
fn texts_of_the_customers_are_kept_beside_the_orders() {
    // 12,000 customers with up to three lines each: an address of their own, a note of each line, and a
    // catalogue of 11,000 articles.
    let mut text = String::from("customer_id,order_date,amount,email,note,article,country\n");
    for row in 0..30_000_u32 {
        let customer = row % 12_000;
        let (month, day) = (1 + row / 12_000, 1 + row % 28);
        let address = match (customer, month) {
            (7, 3) => "new7@example.org".to_owned(),
            (8, 3) => String::new(),
            _ => format!("c{customer}@example.org"),
        };
        let (article, country) = (row % 11_000, ["DE", "FR"][row as usize % 2]);
        text += &format!(
            "K{customer},2024-{month:02}-{day:02},5.50,{address},note {row},article {article},{country}\n"
        );
    }
    let data = with(text.leak(), &ReadOptions::default());
    let orders = &data.orders;
    let labels: Vec<&str> = orders
        .labels
        .iter()
        .map(|label| label.name.as_str())
        .collect();
    assert_eq!(labels, ["email"]);
    assert_eq!(orders.mail().map(|mail| mail.texts.len()), Some(12_000));
    let mail = |id: &str| {
        let at = orders.customer_ids.iter().position(|known| known == id);
        orders.labels[0].texts.get(at.expect("a customer"))
    };
    assert_eq!(mail("K11999"), "c11999@example.org");
    assert_eq!(mail("K7"), "new7@example.org", "the latest one counts");
    assert_eq!(mail("K8"), "c8@example.org", "nothing is no address");
    let attributes: Vec<&str> = orders
        .attributes
        .iter()
        .map(|known| known.name.as_str())
        .collect();
    assert_eq!(attributes, ["country"]);
    let reason = |name: &str| {
        let mut columns = data.files[0].columns.iter();
        let column = columns
            .find(|column| column.name == name)
            .expect("a column");
        column.reason.as_str()
    };
    assert_eq!(reason("email"), "named `email`");
    for dropped in ["note", "article"] {
        assert!(
            reason(dropped).contains("too many to group by"),
            "{dropped}"
        );
    }
}

#[test]
fn few_customers_have_texts_of_their_own_too() {
    let mut text = String::from("customer_id,order_date,amount,Name,Phone,city\n");
    for row in 0..180_u32 {
        let customer = row % 60;
        let (name, city) = (customer % 58, customer % 20);
        text += &format!(
            "{customer},2024-01-{:02},5.50,Name {name},0170 55{customer:03},City {city}\n",
            1 + row % 28
        );
    }
    let data = with(text.leak(), &ReadOptions::default());
    let labels: Vec<&str> = data
        .orders
        .labels
        .iter()
        .map(|label| label.name.as_str())
        .collect();
    assert_eq!(labels, ["Name", "Phone"]);
    // Ids are numbers: customer 59 is the last one.
    assert_eq!(data.orders.labels[0].texts.get(59), "Name 1");
    assert_eq!(data.orders.labels[1].texts.get(59), "0170 55059");
    assert_eq!(data.orders.attributes.len(), 1);
    assert!(data.orders.mail().is_none());
}

/// Customers with an order, orders, and net revenue.
fn headline(data: &Dataset) -> (usize, usize, f64) {
    let orders = &data.orders;
    let (mut customers, mut sold) = (0, 0);
    for customer in 0..orders.customers() {
        let kept = |&line: &usize| orders.flags[line] & (flag::CREDIT | flag::NOT_KEPT) == 0;
        let mut numbers: Vec<u32> = (orders.lines_of(customer).filter(kept))
            .map(|line| orders.orders[line])
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        customers += usize::from(!numbers.is_empty());
        sold += numbers.len();
    }
    (customers, sold, net(orders))
}

fn check(name: &str, data: &Dataset, expected: (usize, usize, f64), said: &str) {
    let found = headline(data);
    let same =
        (found.0, found.1) == (expected.0, expected.1) && (found.2 - expected.2).abs() < 1e-6;
    assert!(same, "{name}: {found:?}, not {expected:?}");
    let understanding = &data.understanding;
    let warnings = understanding
        .warnings
        .iter()
        .map(|warning| warning.text.as_str());
    let questions = understanding
        .questions
        .iter()
        .map(|question| question.id.as_str());
    let words: Vec<&str> = warnings.chain(questions).collect();
    let fits = words.iter().any(|words| words.contains(said));
    assert!(
        said.is_empty() || fits,
        "{name}: {words:?} do not say {said}"
    );
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table of cases")]
fn awkward_exports_of_one_file() {
    const ORDERS: &str = "customer_id,order_id,order_date,amount";
    for (name, text, expected, said) in [
        (
            "subtotals with a day",
            "customer,order_no,order_date,amount\nAnna,1,2024-01-05,20\nAnna,2,2024-01-20,12.25\nJanuary total,,2024-01-31,32.25\nBen,3,2024-02-17,35.50\nTotal,,2024-02-29,67.75\n".to_owned(),
            (2, 3, 67.75),
            "2 totals rows",
        ),
        (
            "credits of a ledger",
            format!("{ORDERS}\nA,1,2024-01-05,10.00 DR\nB,2,2024-01-06,20.00 DR\nA,3,2024-01-07,4.00 CR\n"),
            (2, 2, 26.0),
            "",
        ),
        (
            "test orders",
            format!("{ORDERS},test\nA,1,2024-01-05,10,false\nB,2,2024-01-06,20,true\nA,3,2024-01-07,4,false\n"),
            (1, 2, 14.0),
            "",
        ),
        (
            "refunds by the kind of a row",
            "customer_id,order_id,date,type,amount\nA,1,2024-01-05,sale,50\nB,2,2024-01-09,sale,30\nA,1,2024-01-20,refund,20\n".to_owned(),
            (2, 2, 60.0),
            "",
        ),
        (
            "guests with the address of an account",
            "order_id,customer_id,email,order_date,amount\n1,77,ann@x.org,2024-01-06,12\n2,,ann@x.org,2024-01-19,30\n3,0,dan@x.org,2024-02-20,5\n4,0,eve@x.org,2024-03-20,6\n".to_owned(),
            (3, 4, 53.0),
            "without a customer id",
        ),
        (
            "a customer named guest",
            format!("{ORDERS}\n77,1,2024-01-06,12\nguest,2,2024-01-19,30\n78,3,2024-02-19,31\nguest,4,2024-02-20,5\n"),
            (2, 2, 43.0),
            "guest_customer",
        ),
        (
            "currencies beside amounts",
            format!("{ORDERS}\nA,1,2024-01-05,€30.00\nB,2,2024-01-06,$25.00\nA,3,2024-02-06,€45.00\n"),
            (2, 3, 75.0),
            "currency",
        ),
        (
            "the export's own converted column",
            format!("{ORDERS},currency,amount_eur\nA,1,2024-01-05,30,EUR,30\nB,2,2024-01-06,250,SEK,22.5\nA,3,2024-02-06,45,USD,41.4\n"),
            (2, 3, 93.9),
            "amount",
        ),
        (
            "cents",
            "customer_id,order_id,order_date,amount_cents\nA,1,2024-01-05,3000\nB,2,2024-01-06,2250\n".to_owned(),
            (2, 2, 52.5),
            "divided by 100",
        ),
        (
            "a discount without a word on whether it is taken off",
            "customer_id,order_id,order_date,price,discount\nA,1,2024-01-05,100.00,10%\nB,2,2024-01-06,50.00,0%\n".to_owned(),
            (2, 2, 150.0),
            "not taken off",
        ),
        (
            "names in two rows",
            "Customer,Order,Order,Order\nid,id,date,amount\nA,1,2024-01-05,20.00\nB,2,2024-01-06,22.00\n".to_owned(),
            (2, 2, 42.0),
            "",
        ),
        (
            "a title with commas",
            format!("Orders of Shop, Main Street 5, Berlin\nCreated 2024-04-01, by admin\n{ORDERS}\nA,1,2024-01-05,20.00\nB,2,2024-01-06,22.00\n"),
            (2, 2, 42.0),
            "",
        ),
        (
            "no names of columns",
            "C1,O1,2024-01-05,20.00\nC2,O2,2024-01-17,35.50\nC1,O3,2024-02-20,12.25\n".to_owned(),
            (2, 3, 67.75),
            "no names of columns",
        ),
        (
            "days of a spreadsheet",
            format!("{ORDERS}\nA,1,45296,20.00\nB,2,45308,22.00\n"),
            (2, 2, 42.0),
            "from 1904",
        ),
        (
            "thousands alone",
            "customer_id;order_id;order_date;amount\nA;1;2024-01-05;2,000\nB;2;2024-01-06;3,550\n".to_owned(),
            (2, 2, 5550.0),
            "decimal_sign",
        ),
        (
            "letters of two characters",
            "customer;order_id;order_date;amount\nMu\u{308}ller;1;2024-01-05;2.50\nMüller;2;2024-01-06;3.50\n".to_owned(),
            (1, 2, 6.0),
            "more than one way",
        ),
    ] {
        let text: &'static [u8] = text.into_bytes().leak();
        let options = ReadOptions::default();
        let data = load_bytes("shop.csv", text, &options, &Monitor::silent()).expect(name);
        check(name, &data, expected, said);
    }
}

/// Rows of the first days of a month, below the header of a plain log or, where they have a cell more, of
/// one with a further column.
fn days_of(days: u32, row: impl Fn(u32) -> String) -> String {
    let rows: Vec<String> = (1..=days).map(row).collect();
    let header = if rows[0].matches(',').count() == 2 {
        "customer,day,amount"
    } else {
        "customer_id,visit,order_date,total"
    };
    format!("{header}\n{}\n", rows.join("\n"))
}

#[test]
fn awkward_exports_of_two_files() {
    const ORDERS: &str = "customer_id,order_id,order_date,amount";
    for (name, first, second, expected, said) in [
        (
            "other columns",
            format!("{ORDERS}\nA,1,2023-11-05,10\nB,2,2023-12-29,20\n"),
            format!("{ORDERS},channel\nA,3,2024-01-05,10,web\nB,4,2024-02-29,20,web\n"),
            (2, 4, 60.0),
            "",
        ),
        (
            "other names of columns",
            format!("{ORDERS}\nA,1,2023-11-05,10\nB,2,2023-12-29,20\n"),
            "CustomerID,Order No,Date,Total\nA,3,2024-01-05,10\nB,4,2024-02-29,20\n".to_owned(),
            (2, 4, 60.0),
            "",
        ),
        (
            "two programs that number alike",
            "Kundennummer;Bestellnummer;Bestelldatum;Betrag\n1;1;05.01.2024;10,00\n2;2;17.02.2024;20,50\n".to_owned(),
            format!("{ORDERS}\n4,1,2024-03-05,30.00\n3,2,2024-04-17,40.00\n"),
            (4, 4, 100.5),
            "",
        ),
        (
            "numbers used again on another day",
            format!("{ORDERS}\n1,1,2024-01-05,10\n2,2,2024-02-17,20.5\n"),
            format!("{ORDERS}\n1,1,2024-03-05,30\n3,2,2024-04-17,40\n"),
            (3, 4, 100.5),
            "earlier file",
        ),
        (
            "a sample beside the whole, in other columns",
            days_of(20, |at| format!("C{},2024-03-{at:02},{at}.50", at % 7)),
            days_of(12, |at| format!("C{},{at},2024-03-{at:02},{at}.50", at % 7)),
            (7, 20, 220.0),
            "found in a.csv too",
        ),
        (
            "a later status",
            format!("{ORDERS},status\nA,1,2024-01-05,10,paid\nB,2,2024-01-29,20,pending\nC,3,2024-01-31,30,paid\n"),
            format!("{ORDERS},status\nB,2,2024-01-29,20,paid\nC,3,2024-01-31,30,refunded\nA,4,2024-02-11,40,paid\n"),
            (2, 3, 70.0),
            "another status",
        ),
    ] {
        let folder = std::env::temp_dir().join(format!("keepers-two-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let paths = [folder.join("a.csv"), folder.join("b.csv")];
        std::fs::write(&paths[0], first).expect("writes");
        std::fs::write(&paths[1], second).expect("writes");
        let data = load(&paths, &ReadOptions::default(), &Monitor::silent()).expect(name);
        std::fs::remove_dir_all(&folder).expect("removes");
        check(name, &data, expected, said);
    }
}
