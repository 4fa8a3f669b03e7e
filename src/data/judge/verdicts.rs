//! Judges every row by the rules: dropped, changed or flagged, counted and sampled.

use rayon::prelude::*;

use super::{
    outliers::{Bounds, LIKELY_DAYS},
    rules::{DROP_DUPLICATES, Rule},
};
use crate::{
    dataset::options::ReadOptions,
    dataset::quality::MAX_SAMPLES,
    day::{self, Day},
    lines::stage::{NO_CUSTOMER, Stage, mark},
    orders::flag,
    values::dates::{LIKELY_YEARS, UNREADABLE},
};

/// Which rules apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    off: [bool; Rule::ALL.len()],
    pub drop_duplicates: bool,
}

impl Rules {
    /// Reads the switches, with a remark on each name that switches nothing.
    #[must_use]
    pub fn of(options: &ReadOptions) -> (Self, Vec<String>) {
        let mut remarks = Vec::new();
        let mut rules = Self {
            off: [false; Rule::ALL.len()],
            drop_duplicates: options.rules_on.iter().any(|name| name == DROP_DUPLICATES),
        };
        for name in &options.rules_off {
            match Rule::ALL.iter().find(|rule| rule.name() == name) {
                Some(rule) if rule.can_be_off() => rules.off[*rule as usize] = true,
                Some(_) => remarks.push(format!("the rule `{name}` cannot be switched off")),
                None => remarks.push(format!("there is no rule `{name}` to switch off")),
            }
        }
        for name in options
            .rules_on
            .iter()
            .filter(|name| *name != DROP_DUPLICATES)
        {
            remarks.push(format!("there is no optional rule `{name}` to switch on"));
        }
        (rules, remarks)
    }

    #[must_use]
    pub fn on(&self, rule: Rule) -> bool {
        !self.off[rule as usize]
    }

    /// The rule that drops a row with this customer, day and amount.
    #[must_use]
    #[inline]
    pub fn dropping(&self, customer: u32, day: Day, amount: f64) -> Option<Rule> {
        if customer == NO_CUSTOMER && self.on(Rule::MissingCustomer) {
            Some(Rule::MissingCustomer)
        } else if day <= UNREADABLE {
            Some(Rule::UnreadableDate)
        } else if amount.is_nan() && self.on(Rule::UnreadableAmount) {
            Some(Rule::UnreadableAmount)
        } else {
            None
        }
    }
}

/// What one rule met.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    pub rows: u64,
    pub amount: f64,
    /// First rows in file order, as numbers in the stage.
    pub samples: Vec<u64>,
}

impl Tally {
    pub fn add(&mut self, row: usize, amount: f64) {
        self.rows += 1;
        if !amount.is_nan() {
            self.amount += amount;
        }
        if self.samples.len() < MAX_SAMPLES {
            self.samples.push(row as u64);
        }
    }

    /// Adds what was met in later rows.
    fn append(&mut self, later: &Self) {
        self.rows += later.rows;
        self.amount += later.amount;
        let room = MAX_SAMPLES - self.samples.len();
        self.samples.extend(later.samples.iter().take(room));
    }
}

/// The verdict on every row.
#[derive(Clone, Debug, Default)]
pub struct Verdicts {
    /// [`flag`] bits per row, or [`DROPPED`].
    pub flags: Vec<u8>,
    /// By [`Rule`].
    pub tallies: Vec<Tally>,
    /// What counted as far away or large.
    pub bounds: Bounds,
}

/// The largest amount of a line. Beyond 10¹⁵ a double no longer holds cents, sums run into infinity, and
/// no shop has sold anything: such a number is a broken export or an id in the wrong column.
pub const LARGEST_AMOUNT: f64 = 1e15;

/// The row is not part of the orders.
pub const DROPPED: u8 = 128;

/// Rows judged by one task; fixed, so that sums do not depend on the number of cores.
const BLOCK_ROWS: usize = 1 << 14;

/// Judges every row of the stage and puts the sign of credit lines right.
#[must_use]
pub fn judge(stage: &mut Stage, rules: Rules) -> Verdicts {
    let bounds = Bounds::of(&stage.days, &stage.amounts);
    let credit_ids = stage.order_forms.credit_convention();
    let (customers, days, marks) = (&stage.customers, &stage.days, &stage.marks);
    let blocks: Vec<(Vec<u8>, Vec<Tally>)> = stage
        .amounts
        .par_chunks_mut(BLOCK_ROWS)
        .enumerate()
        .map(|(block, amounts)| {
            let first = block * BLOCK_ROWS;
            let mut judge = Judge {
                rules,
                bounds,
                credit_ids,
                tallies: vec![Tally::default(); Rule::ALL.len()],
            };
            let flags = amounts
                .iter_mut()
                .enumerate()
                .map(|(index, amount)| {
                    let row = first + index;
                    judge.row(row, (customers[row], days[row], marks[row]), amount)
                })
                .collect();
            (flags, judge.tallies)
        })
        .collect();
    let mut verdicts = Verdicts {
        bounds,
        flags: Vec::with_capacity(stage.customers.len()),
        tallies: vec![Tally::default(); Rule::ALL.len()],
    };
    for (flags, tallies) in blocks {
        verdicts.flags.extend_from_slice(&flags);
        for (sum, tally) in verdicts.tallies.iter_mut().zip(&tallies) {
            sum.append(tally);
        }
    }
    verdicts
}

struct Judge {
    rules: Rules,
    bounds: Bounds,
    credit_ids: bool,
    tallies: Vec<Tally>,
}

impl Judge {
    #[inline]
    fn row(&mut self, row: usize, (customer, day, marks): (u32, i32, u16), amount: &mut f64) -> u8 {
        if amount.abs() > LARGEST_AMOUNT {
            *amount = f64::NAN;
        }
        if let Some(rule) = self.rules.dropping(customer, day, *amount) {
            return self.drop(rule, row, *amount);
        }
        for (bit, rule) in [
            (mark::OVERLAPS, Rule::OverlappingFile),
            (mark::TOTALS, Rule::TotalsRow),
        ] {
            if marks & bit != 0 && self.rules.on(rule) {
                return self.drop(rule, row, *amount);
            }
        }
        if amount.is_nan() {
            *amount = 0.0;
        }
        if *amount > self.bounds.large && self.rules.on(Rule::LargeAmount) {
            self.tallies[Rule::LargeAmount as usize].add(row, *amount);
        }
        let mut flags = 0;
        let credit = (*amount < 0.0 && marks & mark::NO_TRADE == 0)
            || marks & mark::NEGATIVE_QUANTITY != 0
            || (self.credit_ids && marks & mark::CREDIT_ID != 0);
        if credit && self.rules.on(Rule::CreditLine) {
            *amount = -amount.abs();
            self.tallies[Rule::CreditLine as usize].add(row, *amount);
            flags |= flag::CREDIT;
        } else if marks & (mark::RETURNED | mark::NOT_KEPT) != 0 && self.rules.on(Rule::NotKept) {
            self.tallies[Rule::NotKept as usize].add(row, *amount);
            flags |= flag::NOT_KEPT;
        } else if *amount == 0.0
            && marks & (mark::PART_OF_ORDER | mark::OTHER_CURRENCY) == 0
            && self.rules.on(Rule::ZeroAmount)
        {
            self.tallies[Rule::ZeroAmount as usize].add(row, *amount);
        }
        if day > self.bounds.far && LIKELY_DAYS.contains(&day) && self.rules.on(Rule::FarDate) {
            self.tallies[Rule::FarDate as usize].add(row, *amount);
        }
        if !LIKELY_DAYS.contains(&day)
            && self.rules.on(Rule::UnlikelyDate)
            && !LIKELY_YEARS.contains(&day::civil(day).0)
        {
            self.tallies[Rule::UnlikelyDate as usize].add(row, *amount);
        }
        flags
    }

    #[cold]
    fn drop(&mut self, rule: Rule, row: usize, amount: f64) -> u8 {
        self.tallies[rule as usize].add(row, amount);
        DROPPED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage() -> Stage {
        Stage {
            customers: vec![0, NO_CUSTOMER, 0, 0, 0, 0, 0, 0, 0],
            days: vec![10, 10, UNREADABLE, 10, 10, 10, 10, 99_999, 10],
            amounts: vec![5.0, 7.0, 1.0, f64::NAN, -3.0, 4.0, 0.0, 1.0, 1.7e308],
            marks: vec![0, 0, 0, 0, 0, mark::NOT_KEPT, 0, 0, 0],
            ..Stage::default()
        }
    }

    #[test]
    fn each_rule_counts_its_rows() {
        let (rules, _) = Rules::of(&ReadOptions::default());
        let verdicts = judge(&mut stage(), rules);
        assert_eq!(
            verdicts.flags,
            [
                0,
                DROPPED,
                DROPPED,
                DROPPED,
                flag::CREDIT,
                flag::NOT_KEPT,
                0,
                0,
                DROPPED
            ]
        );
        let tally = |rule: Rule| {
            let tally = &verdicts.tallies[rule as usize];
            (tally.rows, tally.amount, tally.samples.clone())
        };
        assert_eq!(tally(Rule::MissingCustomer), (1, 7.0, vec![1]));
        assert_eq!(tally(Rule::UnreadableDate), (1, 1.0, vec![2]));
        assert_eq!(tally(Rule::UnreadableAmount), (2, 0.0, vec![3, 8]));
        assert_eq!(tally(Rule::CreditLine), (1, -3.0, vec![4]));
        assert_eq!(tally(Rule::NotKept), (1, 4.0, vec![5]));
        assert_eq!(tally(Rule::ZeroAmount), (1, 0.0, vec![6]));
        assert_eq!(tally(Rule::UnlikelyDate), (1, 1.0, vec![7]));
    }

    #[test]
    fn switches() {
        let options = ReadOptions {
            rules_off: [
                "missing_customer",
                "credit_line",
                "not_kept",
                "unreadable_amount",
                "unreadable_date",
                "nonsense",
            ]
            .map(str::to_owned)
            .to_vec(),
            rules_on: vec![DROP_DUPLICATES.to_owned()],
            ..ReadOptions::default()
        };
        let (rules, remarks) = Rules::of(&options);
        assert!(rules.drop_duplicates);
        assert_eq!(
            remarks,
            [
                "the rule `unreadable_date` cannot be switched off",
                "there is no rule `nonsense` to switch off"
            ]
        );
        let mut stage = stage();
        let verdicts = judge(&mut stage, rules);
        assert_eq!(verdicts.flags, [0, 0, DROPPED, 0, 0, 0, 0, 0, 0]);
        assert_eq!((stage.amounts[3], stage.amounts[8]), (0.0, 0.0));
    }

    #[test]
    fn credit_notes_by_id_need_the_convention() {
        let mut stage = Stage {
            customers: vec![0],
            days: vec![10],
            amounts: vec![5.0],
            marks: vec![mark::CREDIT_ID],
            ..Stage::default()
        };
        let (rules, _) = Rules::of(&ReadOptions::default());
        assert_eq!(judge(&mut stage.clone(), rules).flags, [0]);
        stage.order_forms.digits = 1;
        assert_eq!(judge(&mut stage, rules).flags, [flag::CREDIT]);
        assert_eq!(stage.amounts, [-5.0]);
    }
}
