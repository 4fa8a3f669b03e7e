//! The rows that rules dropped, with their text as the files hold it.
//!
//! The quality report keeps a few samples only; this reads the files again, so that nobody pays for
//! the whole list but who asks for it.

use std::collections::HashSet;

use super::{
    chunks::{self, Plan},
    clean::{self, Rule, Rules},
    dataset::Shape,
    encoding::Encoding,
    error::DataError,
    finish::Gathered,
    ingest::Read,
    load,
    monitor::Monitor,
    numbering::OrderId,
    options::ReadOptions,
    records,
    refind::{self, Whole},
    shapes::{self, Job},
    source::Input,
    stage::Stage,
};

/// All dropped rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejected {
    pub rows: u64,
    /// Columns `file`, `line`, `rule`, `text`, the rows in file order.
    pub csv: String,
}

/// Head of [`Rejected::csv`].
const HEAD: &str = "file,line,rule,text\n";

/// Reads the files again and lists every row that is not part of the orders.
///
/// # Errors
/// As [`load::load`], but for rows that cannot be used.
pub fn rejected(
    inputs: &[Input],
    options: &ReadOptions,
    monitor: &Monitor,
) -> Result<Rejected, DataError> {
    let (shape, job) = load::recognise(inputs, options, monitor)?;
    if shape == Shape::CustomerTable {
        return broken_rows(&job);
    }
    let Gathered {
        mut stage, reads, ..
    } = shapes::read(shape, &job)?;
    monitor.check()?;
    let (rules, _) = Rules::of(options);
    // Puts the sign of credit lines right, which decides whether two rows are equal.
    let flags = clean::judge(&mut stage, rules).flags;
    let mut list = List {
        stage: &stage,
        flags: &flags,
        rules,
        seen: HashSet::new(),
        rejected: Rejected {
            rows: 0,
            csv: HEAD.to_owned(),
        },
    };
    for read in &reads {
        monitor.progress(format!("Collecting rows of {}", read.input.name()), 0, 0);
        refind::for_each_record(&read.plan(), monitor, |record| list.take(read, record))?;
    }
    Ok(list.rejected)
}

/// Of a table of customers only rows with the wrong number of cells are left out.
fn broken_rows(job: &Job<'_>) -> Result<Rejected, DataError> {
    let mut rejected = Rejected {
        rows: 0,
        csv: HEAD.to_owned(),
    };
    for file in &job.files {
        let plan = Plan {
            input: &file.input,
            dialect: &file.dialect,
            encoding: Encoding::Utf8,
            piece_bytes: chunks::PIECE_BYTES,
            block_bytes: chunks::BLOCK_BYTES,
        };
        refind::for_each_record(&plan, job.monitor, |record| {
            if record.row.is_none() {
                let place = (file.input.name(), record.line);
                let text = plan.encoding.decode_lossy(record.bytes);
                rejected.add(&place, Rule::BrokenRow, &text);
            }
        })?;
    }
    Ok(rejected)
}

impl Rejected {
    fn add(&mut self, (file, line): &(String, u64), rule: Rule, text: &str) {
        self.rows += 1;
        let mut row = Vec::new();
        records::write_cell(file, b',', &mut row);
        row.extend_from_slice(format!(",{line},{},", rule.name()).as_bytes());
        records::write_cell(text, b',', &mut row);
        row.push(b'\n');
        self.csv += &String::from_utf8_lossy(&row);
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
    fn take(&mut self, read: &Read, record: Whole<'_>) {
        let rule = match record.row {
            None => Some(Rule::BrokenRow),
            // A row beyond those read: the file has grown meanwhile.
            Some(row) if row >= read.rows => None,
            Some(row) => self.rule((read.first_row + row) as usize),
        };
        let Some(rule) = rule else { return };
        let text = read.encoding.decode_lossy(record.bytes);
        let place = (read.input.name(), record.line);
        self.rejected.add(&place, rule, &text);
    }

    fn rule(&mut self, row: usize) -> Option<Rule> {
        let stage = self.stage;
        let (customer, day) = (stage.customers[row], stage.days[row]);
        let amount = stage.amounts[row];
        let dropping = self.rules.dropping(customer, day, amount);
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

    const ORDERS: &[u8] = b"customer_id,order_date,amount,note\n\
        A,2024-01-01,5,ok\n\
        ,2024-01-02,7,\"two\nlines\"\n\
        A,soon,1,ok\n\
        A,2024-01-03,much,ok\n\
        A,2024-01-03,3\n\
        A,2024-01-01,5,ok\n\
        B,2024-01-04,-2,ok\n";

    fn list(options: &ReadOptions) -> Vec<String> {
        let input = Input::memory("orders.csv", ORDERS);
        let rejected = rejected(&[input], options, &Monitor::silent()).unwrap();
        let lines: Vec<String> = rejected
            .csv
            .split_inclusive('\n')
            .map(str::to_owned)
            .collect();
        assert_eq!(lines[0], HEAD);
        lines[1..]
            .iter()
            .map(|line| line.trim_end().to_owned())
            .collect()
    }

    #[test]
    fn every_dropped_row_stands_with_its_line_and_text() {
        assert_eq!(
            list(&ReadOptions::default()),
            [
                "orders.csv,3,missing_customer,\",2024-01-02,7,\"\"two",
                "lines\"\"\"",
                "orders.csv,5,unreadable_date,\"A,soon,1,ok\"",
                "orders.csv,6,unreadable_amount,\"A,2024-01-03,much,ok\"",
                "orders.csv,7,broken_row,\"A,2024-01-03,3\"",
            ]
        );
    }

    #[test]
    fn the_list_is_as_long_as_the_report_says() {
        for options in [
            ReadOptions::default(),
            ReadOptions {
                rules_on: vec![clean::DROP_DUPLICATES.to_owned()],
                rules_off: vec!["missing_customer".to_owned()],
                ..ReadOptions::default()
            },
        ] {
            let inputs = [Input::memory("orders.csv", ORDERS)];
            let dataset = load::load_inputs(&inputs, &options, &Monitor::silent()).unwrap();
            let quality = &dataset.quality;
            let rejected = rejected(&inputs, &options, &Monitor::silent()).unwrap();
            assert_eq!(rejected.rows, quality.rows_read - quality.rows_kept);
            assert_eq!(rejected.rows, 4);
        }
    }
}
