//! Made-up shops for benches, the same every time: a million customers and ten million order lines.

// Each bench uses some of it.
#![allow(dead_code)]

use std::{ops::Range, sync::Arc};

use keepers::{
    base::monitor::Monitor,
    data::dataset::error::DataError,
    data::dataset::options::ReadOptions,
    data::dataset::quality::QualityReport,
    data::dataset::{ColumnReading, Dataset, FileReading, Role, Shape},
    data::day::Day,
    data::orders::{Attribute, Codes, Orders, TextPool, flag},
    pipeline::source::{Fingerprint, Loader},
    project::Source,
};

pub const CUSTOMERS: u32 = 1_000_000;

/// A made-up shop of this size; the same every time.
pub struct MadeUp;

/// xorshift64*: enough for amounts and dates that only have to look like a shop's.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32;
        ((high * u64::from(limit)) >> 32) as u32
    }
}

/// Orders as they are put together, customer by customer and day by day.
#[derive(Default)]
pub struct Ledger {
    orders: Orders,
    last: Option<Day>,
    number: u32,
}

impl Ledger {
    /// The next customer begins.
    pub fn customer(&mut self, id: &str) {
        let ids = &mut self.orders.customer_ids;
        ids.push(id).expect("room for the id");
        self.orders.offsets.push(self.orders.days.len() as u32);
        self.last = None;
    }

    /// A kept line; those of one day are one order.
    pub fn line(&mut self, day: Day, amount: f64) {
        let mut flags = 0;
        if self.last != Some(day) {
            flags = flag::ORDER_START | flag::DAY_START;
            self.number += 1;
            self.last = Some(day);
        }
        self.orders.days.push(day);
        self.orders.amounts.push(amount);
        self.orders.orders.push(self.number);
        self.orders.flags.push(flags);
    }

    pub fn finish(mut self) -> Orders {
        self.orders.offsets.push(self.orders.days.len() as u32);
        self.orders
    }
}

/// Countries by line, with these names.
fn country(codes: Vec<u8>, names: impl Iterator<Item = String>) -> Attribute {
    let names: Vec<String> = names.collect();
    Attribute {
        name: "country".to_owned(),
        codes: Codes::U8(codes),
        values: names.iter().map(String::as_str).collect::<TextPool>(),
    }
}

/// The orders of [`MadeUp`].
pub fn orders() -> Orders {
    const FIRST: Day = 18_000;
    const DAYS: u32 = 1_400;
    let mut draw = Draw(42);
    let mut ledger = Ledger::default();
    let mut countries = Vec::new();
    for customer in 0..CUSTOMERS {
        ledger.customer(&format!("{customer:07}"));
        // 1 to 200 lines, ten on average, most customers with few.
        let (a, b) = (draw.below(1_000), draw.below(1_000));
        let lines = 1 + (a * b / 1_000) / 28 + u32::from(a > 995) * 150;
        let start = FIRST + draw.below(DAYS) as Day;
        let span = (FIRST + DAYS as Day - start).max(1) as u32;
        let mut days: Vec<Day> = (0..lines)
            .map(|_| start + draw.below(span) as Day)
            .collect();
        days.sort_unstable();
        for day in days {
            ledger.line(day, f64::from(5 + draw.below(20_000)) / 100.0);
            countries.push((customer % 12) as u8);
        }
    }
    let mut orders = ledger.finish();
    let names = (b'A'..=b'L').map(|letter| char::from(letter).to_string());
    orders.attributes.push(country(countries, names));
    orders
}

/// How many customers `KEEPERS_BENCH_CUSTOMERS` asks for; a million if it does not.
pub fn wanted_customers() -> u64 {
    let asked = std::env::var("KEEPERS_BENCH_CUSTOMERS").ok();
    asked
        .and_then(|text| text.parse().ok())
        .unwrap_or(1_000_000)
}

/// 2022-01-01; three years of orders follow.
pub const FIRST_DAY: Day = 18_993;
pub const DAYS: u64 = 1_096;

/// Knuth's linear congruential generator.
pub struct Chance(u64);

impl Chance {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// What a customer of [`three_years`] spends.
pub struct Person {
    /// An order is worth anything in here.
    pub cents: Range<u64>,
    pub country: u8,
}

/// As many customers as wanted, at most one order a day each: `person` draws the days, from 0 to
/// [`DAYS`], into an empty list. Orders have a country if there are any.
pub fn three_years(
    countries: u8,
    mut person: impl FnMut(&mut Chance, &mut Vec<u64>) -> Person,
) -> Orders {
    let mut chance = Chance(7);
    let mut ledger = Ledger::default();
    let (mut days, mut codes) = (Vec::new(), Vec::new());
    for customer in 0..wanted_customers() {
        ledger.customer(&customer.to_string());
        days.clear();
        let Person { cents, country } = person(&mut chance, &mut days);
        days.sort_unstable();
        days.dedup();
        for &day in &days {
            let cents = cents.start + chance.below(cents.end - cents.start);
            ledger.line(FIRST_DAY + day as Day, cents as f64 / 100.0);
            codes.push(country);
        }
    }
    let mut orders = ledger.finish();
    if countries > 0 {
        let names = (0..countries).map(|code| format!("country {code:02}"));
        orders.attributes.push(country(codes, names));
    }
    orders
}

/// Ten orders a customer on average: between 1 and 19, each on a day of its own.
pub fn shop() -> Orders {
    three_years(30, |chance, days| {
        let start = chance.below(DAYS);
        let orders = 1 + chance.below(19);
        days.extend((0..orders).map(|_| start + chance.below(DAYS - start)));
        Person {
            cents: 100..20_100,
            country: chance.below(30) as u8,
        }
    })
}

/// Everything but the files.
pub fn dataset(orders: Arc<Orders>) -> Dataset {
    let lines = orders.lines() as u64;
    Dataset {
        tables: Vec::new(),
        name: "Bench".to_owned(),
        shape: Shape::OrderLog,
        files: Vec::new(),
        orders,
        quality: QualityReport {
            rows_read: lines,
            rows_kept: lines,
            rules: Vec::new(),
        },
        understanding: keepers::data::dataset::understanding::Understanding::default(),
        remarks: Vec::new(),
    }
}

/// A shop that is in memory already.
#[derive(Clone)]
pub struct InMemory(pub Arc<Orders>);

impl Loader for InMemory {
    fn fingerprint(&self, _: &Source) -> Fingerprint {
        Fingerprint::default()
    }

    fn load(&self, _: &Source, _: &ReadOptions, _: &Monitor) -> Result<Dataset, DataError> {
        Ok(dataset(Arc::clone(&self.0)))
    }
}

impl Loader for MadeUp {
    fn fingerprint(&self, _: &Source) -> Fingerprint {
        Fingerprint::default()
    }

    fn load(&self, _: &Source, _: &ReadOptions, _: &Monitor) -> Result<Dataset, DataError> {
        let orders = orders();
        let rows = orders.lines() as u64;
        let names = ["customer", "date", "amount", "country"];
        let columns = names.map(|name| ColumnReading {
            chosen: false,
            name: name.to_owned(),
            role: Role::Attribute,
            reason: String::new(),
            format: String::new(),
        });
        Ok(Dataset {
            files: vec![FileReading {
                path: "bench.csv".into(),
                name: "bench.csv".to_owned(),
                sheets: Vec::new(),
                sheet: String::new(),
                part: "orders".to_owned(),
                bytes: 0,
                rows,
                encoding: "UTF-8".to_owned(),
                delimiter: "comma".to_owned(),
                has_header: true,
                columns: columns.to_vec(),
                preview: vec![names.map(str::to_owned).to_vec(); 20],
            }],
            ..dataset(Arc::new(orders))
        })
    }
}
