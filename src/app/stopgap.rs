//! Reads the sample shop until the real reader stands. To be removed then.
use crate::{
    data::{
        dataset::*, day::*, error::DataError, monitor::Monitor, options::ReadOptions, orders::*,
        quality::*,
    },
    pipeline::source::{FileLoader, Fingerprint, Loader},
    project::Source,
};
use std::{collections::BTreeMap, sync::Arc};

pub struct Stopgap;
impl Loader for Stopgap {
    fn fingerprint(&self, source: &Source) -> Fingerprint {
        FileLoader.fingerprint(source)
    }
    fn load(&self, source: &Source, o: &ReadOptions, m: &Monitor) -> Result<Dataset, DataError> {
        if *source != Source::Sample {
            return FileLoader.load(source, o, m);
        }
        let text = include_str!("../../sample_data/orders.csv");
        let mut rows: Vec<Vec<&str>> = text.lines().map(|l| l.split(',').collect()).collect();
        let head = rows.remove(0);
        let col = |n: &str| head.iter().position(|h| h.contains(n)).unwrap_or(0);
        let (c, d, a, o, s) = (
            col("customer"),
            col("date"),
            col("amount"),
            col("order_id"),
            col("status"),
        );
        rows.sort_by(|x, y| (x[c], x[d], x[o]).cmp(&(y[c], y[d], y[o])));
        let mut orders = Orders::default();
        let (mut last, mut last_order, mut number) = ("", "", 0);
        let mut last_day = i32::MIN;
        for (i, r) in rows.iter().enumerate() {
            let day = parse_iso(&r[d][..10]).unwrap_or(0);
            let mut f = 0;
            if r[c] != last || i == 0 {
                orders.customer_ids.push(r[c]);
                orders.offsets.push(i as u32);
                last_day = i32::MIN;
                last_order = "";
            }
            if ["cancelled", "returned", "refunded"].contains(&r[s]) {
                f |= flag::NOT_KEPT;
            } else {
                if r[o] != last_order {
                    f |= flag::ORDER_START;
                    number += 1;
                    last_order = r[o];
                }
                if day != last_day {
                    f |= flag::DAY_START;
                    last_day = day;
                }
            }
            last = r[c];
            orders.days.push(day);
            orders.amounts.push(r[a].parse().unwrap_or(0.0));
            orders.orders.push(number);
            orders.flags.push(f);
        }
        orders.offsets.push(rows.len() as u32);
        for (i, name) in head.iter().enumerate() {
            if ["country", "category", "channel", "status"].contains(name) {
                let mut dict: BTreeMap<&str, u32> = rows.iter().map(|r| (r[i], 0)).collect();
                for (k, v) in dict.values_mut().enumerate() {
                    *v = k as u32;
                }
                orders.attributes.push(Attribute {
                    name: (*name).into(),
                    codes: Codes::U8(rows.iter().map(|r| dict[r[i]] as u8).collect()),
                    values: dict.keys().copied().collect(),
                });
            }
        }
        let file = FileReading {
            path: "sample_data/orders.csv".into(),
            part: "orders".into(),
            bytes: text.len() as u64,
            rows: rows.len() as u64,
            encoding: "UTF-8".into(),
            delimiter: "comma".into(),
            has_header: true,
            columns: head
                .iter()
                .enumerate()
                .map(|(i, n)| ColumnReading {
                    name: (*n).into(),
                    role: if i == c {
                        Role::Customer
                    } else if i == d {
                        Role::Date
                    } else if i == a {
                        Role::Amount
                    } else if i == o {
                        Role::Order
                    } else if i == s {
                        Role::Status
                    } else {
                        Role::Attribute
                    },
                    reason: format!("named “{n}”"),
                    format: if i == d {
                        "date, year-month-day".into()
                    } else {
                        String::new()
                    },
                })
                .collect(),
            preview: text
                .lines()
                .skip(1)
                .take(20)
                .map(|l| l.split(',').map(Into::into).collect())
                .collect(),
        };
        let not_kept = orders
            .flags
            .iter()
            .filter(|f| **f & flag::NOT_KEPT != 0)
            .count() as u64;
        Ok(Dataset {
            name: "Sample shop".into(),
            shape: Shape::OrderLog,
            files: vec![file],
            quality: QualityReport {
                rows_read: rows.len() as u64 + 12,
                rows_kept: rows.len() as u64,
                rules: vec![
                    RuleCount {
                        rule: "missing_customer".into(),
                        explanation: "Rows without a customer cannot be followed over time, so they are left out.".into(),
                        effect: Effect::Dropped,
                        rows: 12,
                        amount: 418.2,
                        samples: (0..5)
                            .map(|i| RowSample {
                                file: "orders.csv".into(),
                                line: 100 + i * 7,
                                column: "customer_id".into(),
                                found: String::new(),
                            })
                            .collect(),
                    },
                    RuleCount {
                        rule: "not_kept".into(),
                        explanation: "Cancelled and returned lines count 0 revenue; they stay visible in the order lifecycle.".into(),
                        effect: Effect::Changed,
                        rows: not_kept,
                        amount: 0.0,
                        samples: vec![RowSample {
                            file: "orders.csv".into(),
                            line: 42,
                            column: "status".into(),
                            found: "cancelled".into(),
                        }],
                    },
                ],
            },
            orders: Arc::new(orders),
            remarks: vec![],
        })
    }
}
