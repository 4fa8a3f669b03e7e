//! A made-up shop of a million customers and ten million order lines, for benches of the window.

use std::sync::Arc;

use keepers::{
    data::{
        dataset::{ColumnReading, Dataset, FileReading, Role, Shape},
        day::Day,
        error::DataError,
        monitor::Monitor,
        options::ReadOptions,
        orders::{Attribute, Codes, Orders, flag},
        quality::QualityReport,
    },
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

/// The orders of the shop.
pub fn orders() -> Orders {
    const FIRST: Day = 18_000;
    const DAYS: u32 = 1_400;
    let mut draw = Draw(42);
    let mut orders = Orders::default();
    let mut countries = Vec::new();
    let mut number = 0;
    for customer in 0..CUSTOMERS {
        let id = format!("{customer:07}");
        orders.customer_ids.push(&id).expect("seven bytes each");
        orders.offsets.push(orders.days.len() as u32);
        // 1 to 200 lines, ten on average, most customers with few.
        let (a, b) = (draw.below(1_000), draw.below(1_000));
        let lines = 1 + (a * b / 1_000) / 28 + u32::from(a > 995) * 150;
        let start = FIRST + draw.below(DAYS) as Day;
        let span = (FIRST + DAYS as Day - start).max(1) as u32;
        let mut days: Vec<Day> = (0..lines)
            .map(|_| start + draw.below(span) as Day)
            .collect();
        days.sort_unstable();
        let mut last = Day::MIN;
        for day in days {
            let mut flags = 0;
            if day != last {
                flags = flag::ORDER_START | flag::DAY_START;
                number += 1;
                last = day;
            }
            orders.days.push(day);
            orders
                .amounts
                .push(f64::from(5 + draw.below(20_000)) / 100.0);
            orders.orders.push(number);
            orders.flags.push(flags);
            countries.push((customer % 12) as u8);
        }
    }
    orders.offsets.push(orders.days.len() as u32);
    orders.attributes.push(Attribute {
        name: "country".to_owned(),
        codes: Codes::U8(countries),
        values: (b'A'..=b'L')
            .map(|letter| char::from(letter).to_string())
            .collect::<Vec<_>>()
            .iter()
            .map(String::as_str)
            .collect(),
    });
    orders
}

impl Loader for MadeUp {
    fn fingerprint(&self, _: &Source) -> Fingerprint {
        Fingerprint::default()
    }

    fn load(&self, _: &Source, _: &ReadOptions, _: &Monitor) -> Result<Dataset, DataError> {
        let orders = orders();
        let lines = orders.lines() as u64;
        let names = ["customer", "date", "amount", "country"];
        let columns = names.map(|name| ColumnReading {
            name: name.to_owned(),
            role: Role::Attribute,
            reason: String::new(),
            format: String::new(),
        });
        Ok(Dataset {
            tables: Vec::new(),
            name: "Bench".to_owned(),
            shape: Shape::OrderLog,
            files: vec![FileReading {
                path: "bench.csv".into(),
                name: "bench.csv".to_owned(),
                sheets: Vec::new(),
                sheet: String::new(),
                part: "orders".to_owned(),
                bytes: 0,
                rows: lines,
                encoding: "UTF-8".to_owned(),
                delimiter: "comma".to_owned(),
                has_header: true,
                columns: columns.to_vec(),
                preview: vec![names.map(str::to_owned).to_vec(); 20],
            }],
            orders: Arc::new(orders),
            quality: QualityReport {
                rows_read: lines,
                rows_kept: lines,
                rules: Vec::new(),
            },
            remarks: Vec::new(),
        })
    }
}
