//! The fast way of reading and the general one tell the same of every file, however odd it is.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;

use keepers::{
    base::monitor::Monitor,
    data::dataset::options::DateOrder,
    data::lines::ingest::{Lines, Read, Route, ingest_by},
    data::lines::stage::{NO_CUSTOMER, Stage},
    data::open::source::{Bytes, Input},
    data::roles::assign::Said,
    data::roles::sniffed::Sniffed,
    data::table::dialect as sniff,
    data::table::refind,
    data::values::dates::Zone,
};
use proptest::{prelude::*, sample::select};

const HEADER: [&str; 8] = [
    "order_id",
    "customer_id",
    "order_date",
    "amount",
    "quantity",
    "status",
    "returned_at",
    "country",
];

/// Most cells are ordinary, some are not.
fn cell(
    usual: &'static [&'static str],
    odd: &'static [&'static str],
    oddity: u32,
) -> impl Strategy<Value = &'static str> {
    prop_oneof![100 - oddity => select(usual), oddity => select(odd)]
}

/// How strange a file is, in percent of its cells and lines.
#[allow(clippy::too_many_lines)] // a long list of oddities
fn row(oddity: u32) -> impl Strategy<Value = Vec<String>> {
    (
        cell(
            &["100001", "100002", "C536379", "536380", "7", "A-1"],
            &[
                "",
                " 12 ",
                "c1",
                "C",
                "17.0",
                "a rather long order id",
                "n/a",
                "é",
                "\"q\"\"1\"",
            ],
            oddity,
        ),
        cell(
            &[
                "C0000148", "C0000149", "C0012000", "17850", "00042", "9000001",
            ],
            &[
                "",
                " 17850.0 ",
                "null",
                "-",
                "Müller & Söhne GmbH",
                "x\ry",
                "\"a;b,c\"",
                "ab",
                "\u{a0}",
            ],
            oddity,
        ),
        cell(
            &["2024-01-31", "2024-02-01", "2024-02-01", "2023-12-24"],
            &[
                "31/01/2024",
                "1/2/2024",
                "2024-02-01T23:30:00Z",
                "20240105",
                "soon",
                "",
                "1.3.24 8:05",
                "2024-13-01",
                "Jan 5, 2024",
            ],
            oddity,
        ),
        cell(
            &["12.50", "3.99", "100", "0", "-4.20", "1234.5"],
            &[
                "",
                "abc",
                "1.234",
                "$5.25",
                "(12.50)",
                "5 EUR",
                "\"1,5\"",
                "7,25",
                "1e3",
                "12.50-",
                " 8.1 ",
                "123456789012.345",
            ],
            oddity,
        ),
        cell(&["1", "2", "10"], &["-1", "", "0.5", "x", "−2"], oddity),
        cell(
            &["completed", "completed", "returned"],
            &["", "Cancelled ", "n/a", "\"comp\nleted\"", "12\" disc"],
            oddity,
        ),
        cell(
            &["", "", "2024-03-01"],
            &["NaN", "null", "  ", "later"],
            oddity,
        ),
        cell(
            &["Germany", "France", "Österreich"],
            &[
                "",
                " Germany ",
                "a country with a rather long name",
                "\"U\"K",
                "\t",
            ],
            oddity,
        ),
    )
        .prop_map(|cells| {
            let (a, b, c, d, e, f, g, h) = cells;
            [a, b, c, d, e, f, g, h].map(str::to_owned).to_vec()
        })
}

/// A line of the file: a row, or something that is none.
fn line(oddity: u32) -> impl Strategy<Value = String> {
    let separated = move |cells: Vec<String>| cells.join("\u{1}");
    let broken = oddity / 5;
    prop_oneof![
        (100 - oddity / 2) => row(oddity).prop_map(separated),
        broken => row(oddity).prop_map(|mut cells| { cells.pop(); cells.join("\u{1}") }),
        broken => row(oddity).prop_map(|mut cells| { cells.push("more".to_owned()); cells.join("\u{1}") }),
        broken => select(vec![String::new(), "  ".to_owned(), "\u{1}".repeat(7), "\t\t\t\t\t\t\t".to_owned(), "\r".to_owned(), "\"open".to_owned()]),
    ]
}

#[derive(Clone)]
struct Text {
    bytes: Vec<u8>,
    block_bytes: usize,
    piece_bytes: usize,
    order: Option<DateOrder>,
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = String::from_utf8_lossy(&self.bytes);
        let sizes = (self.block_bytes, self.piece_bytes);
        write!(
            f,
            "{text:?}, blocks and pieces of {sizes:?}, {:?}",
            self.order
        )
    }
}

fn text() -> impl Strategy<Value = Text> {
    let lines = select(vec![0_u32, 5, 30])
        .prop_flat_map(|oddity| proptest::collection::vec(line(oddity), 1..60));
    let ends = select(vec!["\n", "\r\n"]);
    let separators = select(vec![",", ";", "\t", "|", "  ", "\t "]);
    let wishes = select(vec![None, None, Some(DateOrder::MonthDay)]);
    let layout = (ends, separators, any::<bool>(), 0..20_u8);
    (lines, layout, 1..700_usize, 64..900_usize, wishes).prop_map(
        |(lines, (end, separator, ended, latin), block_bytes, piece_bytes, order)| {
            let mut text = HEADER.join(separator) + end;
            let runs = separator.len() > 1;
            let lines: Vec<String> = lines
                .into_iter()
                .map(|line| if runs { spaced(&line) } else { line })
                .collect();
            text += &lines.join(end).replace('\u{1}', separator);
            if ended {
                text += end;
            }
            let mut bytes = text.into_bytes();
            if latin == 0 {
                let at = bytes.len() - bytes.len() / 3;
                bytes.insert(at.max(120).min(bytes.len()), 0xE9);
            }
            Text {
                bytes,
                block_bytes,
                piece_bytes,
                order,
            }
        },
    )
}

/// A line whose cells runs of spaces separate: none of them may be empty.
fn spaced(line: &str) -> String {
    let cells = line.split('\u{1}').map(|cell| match cell.trim() {
        "" if line.contains('\u{1}') => "-".to_owned(),
        _ => cell.replace(' ', "_"),
    });
    cells.collect::<Vec<_>>().join("\u{1}")
}

/// What was read, without what may differ: how ids are numbered and where the pieces lie.
#[derive(Debug, PartialEq)]
struct Told {
    rows: Vec<(Option<String>, i32, u64, String, u16, u32)>,
    attributes: Vec<(String, bool, Vec<String>)>,
    order_forms: (u64, u64),
    read: String,
    found: Vec<Option<refind::Found>>,
}

fn read(text: &Text, route: Route) -> Result<Told, String> {
    let input = Input::Memory {
        name: "shop.csv".into(),
        bytes: Bytes::Shared(Arc::from(text.bytes.as_slice())),
    };
    let (input, dialect) = sniff::sniff(&input).map_err(|error| error.to_string())?;
    let file = Sniffed::new(input, dialect);
    let lines = Lines {
        input: &file.input,
        dialect: &file.dialect,
        guesses: file.guesses(Said::default()).expect("rows"),
        zone: Zone::default(),
        date_order: text.order,
        decimal: None,
        bytes_total: 0,
        bytes_before: 0,
    };
    let mut stage = Stage::default();
    let read = ingest_by(route, &lines, &mut stage, &Monitor::silent())
        .map_err(|error| error.to_string())?;
    Ok(told(&stage, &read))
}

fn told(stage: &Stage, read: &Read) -> Told {
    let id = |customer: u32| {
        (customer != NO_CUSTOMER).then(|| stage.ids.texts().get(customer as usize).to_owned())
    };
    let rows = (0..stage.rows()).map(|row| {
        (
            id(stage.customers[row]),
            stage.days.get(row).copied().unwrap_or_default(),
            stage
                .amounts
                .get(row)
                .copied()
                .unwrap_or_default()
                .to_bits(),
            stage.orders.with_text(row, str::to_owned),
            stage.marks[row],
            stage.fingerprints[row],
        )
    });
    let attributes = stage.attributes.iter().map(|attribute| {
        let codes = 0..attribute.codes.len();
        let texts = codes.map(|row| {
            let code = attribute.codes.get(row) as usize;
            attribute.values.texts().get(code).to_owned()
        });
        (attribute.name.clone(), attribute.gave_up, texts.collect())
    });
    Told {
        rows: rows.collect(),
        attributes: attributes.collect(),
        order_forms: (stage.order_forms.digits, stage.order_forms.credits),
        found: (0..read.rows)
            .step_by(read.rows as usize / 50 + 1)
            .map(|row| refind::find_row(&read.plan(), &read.places, row).expect("reads"))
            .collect(),
        read: format!(
            "{:?} {:?} {:?} {} {} {:?} {:?} {:?}",
            read.encoding,
            read.guesses,
            read.formats,
            read.rows,
            read.broken_rows,
            read.broken,
            read.remarks,
            read.preview
        ),
    }
}

/// Reads a file on both ways, the fast one in small blocks.
fn compare(text: &Text) -> Result<(), TestCaseError> {
    let general = Route {
        direct: false,
        ..Route::default()
    };
    let expected = read(text, general);
    let small = Route {
        direct: true,
        block_bytes: text.block_bytes,
        piece_bytes: text.piece_bytes,
    };
    prop_assert_eq!(&read(text, small), &expected);
    prop_assert_eq!(&read(text, Route::default()), &expected);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, max_shrink_iters: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_ways_tell_the_same(text in text()) {
        compare(&text)?;
    }
}

#[test]
fn numbers_and_names_by_the_thousand() {
    // Enough ids of several forms that tables grow, and an attribute with too many values.
    let mut text = String::from("order_id,customer_id,order_date,amount,note\n");
    for row in 0_u32..30_000 {
        let scattered = row.wrapping_mul(2_654_435_761);
        let customer = match row % 4 {
            0 => format!("C{:07}", scattered % 20_000),
            1 => format!("{}", scattered % 9_000_000),
            2 => format!("customer number {}", scattered % 3_000),
            _ => format!("{:x}", scattered % 5_000),
        };
        let day = 1 + row / 1_100;
        let amount = row % 90;
        text.extend([
            format!("{row},{customer},2024-01-{day:02},"),
            format!("{amount}.5,{scattered}\n"),
        ]);
    }
    compare(&Text {
        bytes: text.into_bytes(),
        block_bytes: 50_000,
        piece_bytes: 200_000,
        order: None,
    })
    .unwrap();
}
