//! The rows that rules dropped, with their text as the files hold it.
//!
//! The quality report keeps a few samples only; this reads the files again, so that nobody pays for
//! the whole list but who asks for it.

use std::{collections::HashSet, sync::Arc};

use super::verdicts::Rules;
use crate::{
    dataset::error::DataError,
    dataset::options::ReadOptions,
    dataset::understanding::Understanding,
    judge::checks,
    judge::finish::Gathered,
    judge::rules::Rule,
    lines::ingest::Read,
    lines::stage::{OrderId, Stage, mark},
    load,
    open::encoding::Encoding,
    open::source::Input,
    roles::job::Job,
    table::chunks::{self, Plan},
    table::refind::{self, Whole},
};
use base::monitor::Monitor;

/// All dropped rows, in file order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejected {
    pub rows: Vec<RejectedRow>,
}

/// A row that is not part of the orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedRow {
    /// Name of the file.
    pub file: Arc<str>,
    /// Line it begins in, from 1.
    pub line: u64,
    /// Name of the rule that left it out.
    pub rule: &'static str,
    /// The row as the file holds it.
    pub text: String,
}

/// Reads the files again and lists every row that is not part of the orders.
///
/// # Errors
/// As [`load::load`], but for rows that cannot be used.
pub fn rejected(
    inputs: &[Input],
    options: &ReadOptions,
    monitor: &Monitor,
) -> Result<Rejected, DataError> {
    let job = load::prepare(inputs, options, monitor)?;
    let load::Gathered::Orders(gathered) = load::gather(&job)? else {
        return broken_rows(&job);
    };
    let Gathered {
        mut stage,
        reads,
        beside,
        ..
    } = *gathered;
    monitor.check()?;
    let (rules, _) = Rules::of(options);
    let joined: Vec<&Read> = beside.iter().map(|(read, _)| read).collect();
    let mut understanding = Understanding::default();
    checks::look_over(&mut stage, &reads, &joined, options, &mut understanding);
    // Puts the sign of credit lines right, which decides whether two rows are equal.
    let flags = super::verdicts::judge(&mut stage, rules).flags;
    let mut list = List {
        stage: &stage,
        flags: &flags,
        rules,
        seen: HashSet::new(),
        rejected: Rejected::default(),
    };
    for read in &reads {
        let name: Arc<str> = read.input.name().into();
        monitor.progress(format!("Collecting rows of {name}"), 0, 0);
        refind::for_each_record(&read.plan(), monitor, |record| {
            list.take(read, &name, record);
        })?;
    }
    Ok(list.rejected)
}

/// Of a table of customers only rows with the wrong number of cells are left out.
fn broken_rows(job: &Job<'_>) -> Result<Rejected, DataError> {
    let mut rejected = Rejected::default();
    for file in &job.files {
        let name: Arc<str> = file.input.name().into();
        let plan = Plan {
            input: &file.input,
            dialect: &file.dialect,
            encoding: Encoding::Utf8,
            piece_bytes: chunks::PIECE_BYTES,
            block_bytes: chunks::BLOCK_BYTES,
        };
        refind::for_each_record(&plan, job.monitor, |record| {
            if record.row.is_none() {
                let text = plan.encoding.decode_lossy(record.bytes);
                rejected.add((&name, record.line), Rule::BrokenRow, &text);
            }
        })?;
    }
    Ok(rejected)
}

impl Rejected {
    fn add(&mut self, (file, line): (&Arc<str>, u64), rule: Rule, text: &str) {
        self.rows.push(RejectedRow {
            file: Arc::clone(file),
            line,
            rule: rule.name(),
            text: text.to_owned(),
        });
    }
}

/// What makes two rows equal: customer, day, amount, order and the bytes of the file.
type RowKey<'a> = (u32, i32, u64, OrderId<'a>, u32, u8);

struct List<'a> {
    stage: &'a Stage,
    flags: &'a [u8],
    rules: Rules,
    /// Rows met so far; stays empty unless repetitions are dropped.
    seen: HashSet<RowKey<'a>>,
    rejected: Rejected,
}

impl List<'_> {
    fn take(&mut self, read: &Read, name: &Arc<str>, record: Whole<'_>) {
        let rule = match record.row {
            None => Some(Rule::BrokenRow),
            // A row beyond those read: the file has grown meanwhile.
            Some(row) if row >= read.rows => None,
            Some(row) => self.rule((read.first_row + row) as usize),
        };
        let Some(rule) = rule else { return };
        let text = read.encoding.decode_lossy(record.bytes);
        self.rejected.add((name, record.line), rule, &text);
    }

    fn rule(&mut self, row: usize) -> Option<Rule> {
        let stage = self.stage;
        let (customer, day) = (stage.customers[row], stage.days[row]);
        let amount = stage.amounts[row];
        let marked = |bit: u16, rule: Rule| {
            (stage.marks[row] & bit != 0 && self.rules.on(rule)).then_some(rule)
        };
        let dropping = self
            .rules
            .dropping(customer, day, amount)
            .or_else(|| marked(mark::OVERLAPS, Rule::OverlappingFile))
            .or_else(|| marked(mark::TOTALS, Rule::TotalsRow));
        if dropping.is_some() || !self.rules.drop_duplicates {
            return dropping;
        }
        let order = stage.orders.id(row);
        let print = stage.fingerprints[row];
        let key = (
            customer,
            day,
            amount.to_bits(),
            order,
            print,
            self.flags[row],
        );
        (!self.seen.insert(key)).then_some(Rule::DuplicateLine)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::rules::DROP_DUPLICATES;

    const ORDERS: &[u8] = b"customer_id,order_date,amount,note\n\
        A,2024-01-01,5,ok\n\
        ,2024-01-02,7,\"two\nlines\"\n\
        A,soon,1,ok\n\
        A,2024-01-03,much,ok\n\
        A,2024-01-03,3\n\
        A,2024-01-01,5,ok\n\
        B,2024-01-04,-2,ok\n";

    fn list(options: &ReadOptions) -> Vec<(String, u64, &'static str, String)> {
        let input = Input::memory("orders.csv", ORDERS);
        let rejected = rejected(&[input], options, &Monitor::silent()).unwrap();
        let rows = rejected.rows.into_iter();
        rows.map(|row| (row.file.to_string(), row.line, row.rule, row.text))
            .collect()
    }

    #[test]
    fn every_dropped_row_stands_with_its_line_and_text() {
        assert_eq!(
            list(&ReadOptions::default()),
            [
                (3, "missing_customer", ",2024-01-02,7,\"two\nlines\""),
                (5, "unreadable_date", "A,soon,1,ok"),
                (6, "unreadable_amount", "A,2024-01-03,much,ok"),
                (7, "broken_row", "A,2024-01-03,3"),
            ]
            .map(|(line, rule, text)| (
                "orders.csv".to_owned(),
                line,
                rule,
                text.to_owned()
            ))
        );
    }

    #[test]
    fn the_list_is_as_long_as_the_report_says() {
        for options in [
            ReadOptions::default(),
            ReadOptions {
                rules_on: vec![DROP_DUPLICATES.to_owned()],
                rules_off: vec!["missing_customer".to_owned()],
                ..ReadOptions::default()
            },
        ] {
            let inputs = [Input::memory("orders.csv", ORDERS)];
            let dataset = load::load_inputs(&inputs, &options, &Monitor::silent()).unwrap();
            let quality = &dataset.quality;
            let rejected = rejected(&inputs, &options, &Monitor::silent()).unwrap();
            let rows = rejected.rows.len() as u64;
            assert_eq!(rows, quality.rows_read - quality.rows_kept);
            assert_eq!(rows, 4);
        }
    }
}
