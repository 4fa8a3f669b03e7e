//! Coded columns: what the first order was of and where from, who the customer is, when they came.

use rayon::prelude::*;

use super::{FeatureGroup as Group, FeatureKind, FeatureSpec, FeatureTable, Unit, walk::Past};
use crate::target::Panel;
use data::day::Period;
use data::orders::{Attribute, Orders, TextPool, flag};
use data::values::text::fold;

/// Columns with more distinct texts than this name things rather than sort them (ids, mail
/// addresses, free text).
const MOST_LEVELS: usize = 1000;

/// Parts of names (folded) of columns that are written after the order was placed: what became of
/// it is not known on its day.
const AFTERWARDS: [&str; 7] = [
    "status", "review", "score", "return", "deliver", "shipped", "refund",
];

type Shop<'a> = (&'a Orders, &'a Panel);

/// The value of every coded column on the first kept line, which is known from then on.
pub(super) fn first_values(table: &mut FeatureTable, (orders, panel): Shop<'_>) {
    for attribute in &orders.attributes {
        let folded = fold(&attribute.name);
        let later = AFTERWARDS.iter().any(|part| folded.contains(part));
        if later || instalments_column(&folded) || attribute.values.len() > MOST_LEVELS {
            continue;
        }
        let own = folded.starts_with("customer");
        let name = if own {
            attribute.name.clone()
        } else {
            format!("first_{}", attribute.name)
        };
        let words = format!("`{}` of the first order line", attribute.name);
        let codes = per_customer(orders, panel, |past| {
            past.first_line().map(|line| attribute.codes.get(line))
        });
        push_category(
            table,
            (name, Group::Categories, words),
            &attribute.values,
            &codes,
        );
    }
}

/// The columns of the customers themselves; those that hold numbers stay numbers.
pub(super) fn demographics(table: &mut FeatureTable, (orders, panel): Shop<'_>) {
    for attribute in &orders.traits {
        let words = format!("`{}` of the customer", attribute.name);
        let code = |&customer: &u32| attribute.codes.get(customer as usize);
        if let Some(numbers) = numbers(attribute) {
            let spec = FeatureSpec::new(&attribute.name, Group::Demographics, Unit::Number, words);
            let column = panel.customers.iter().map(|c| numbers[code(c) as usize]);
            table.push(spec, column.collect());
        } else if attribute.values.len() <= MOST_LEVELS {
            let codes: Vec<Option<u32>> = panel.customers.iter().map(|c| Some(code(c))).collect();
            let name = attribute.name.clone();
            push_category(
                table,
                (name, Group::Demographics, words),
                &attribute.values,
                &codes,
            );
        }
    }
}

/// Month of the first order, as text: `1997-01`.
pub(super) fn cohort(table: &mut FeatureTable, (orders, panel): Shop<'_>) {
    let months: Vec<Option<i32>> = panel
        .customers
        .par_iter()
        .zip(&panel.cutoffs)
        .map(|(&customer, &cutoff)| {
            let first = Past::of(orders, customer, cutoff).first_day()?;
            Some(Period::Month.index(first))
        })
        .collect();
    let mut known: Vec<i32> = months.iter().flatten().copied().collect();
    known.sort_unstable();
    known.dedup();
    let levels = known
        .iter()
        .map(|&month| Period::Month.label(month))
        .collect();
    let place = |month: &Option<i32>| {
        month.map_or(f64::NAN, |month| {
            known.partition_point(|&k| k < month) as f64
        })
    };
    let words = "Month of the first order, YYYY-MM";
    let mut spec = FeatureSpec::new("cohort_month_str", Group::Cohort, Unit::Category, words);
    spec.kind = FeatureKind::Category { levels };
    table.push(spec, months.iter().map(place).collect());
}

/// Mean number of instalments over the orders up to t₀, where the data tells them.
pub(super) fn instalments(table: &mut FeatureTable, (orders, panel): Shop<'_>) {
    let named = |attribute: &&Attribute| instalments_column(&fold(&attribute.name));
    let Some(attribute) = orders.attributes.iter().find(named) else {
        return;
    };
    let numbers: Vec<f64> = (attribute.values.iter())
        .map(|text| text.trim().parse().unwrap_or(f64::NAN))
        .collect();
    let column = panel
        .customers
        .par_iter()
        .zip(&panel.cutoffs)
        .map(|(&customer, &cutoff)| {
            let past = Past::of(orders, customer, cutoff);
            let (mut sum, mut count) = (0.0, 0.0);
            for line in past.lines.clone() {
                let number = numbers[attribute.codes.get(line) as usize];
                if past.has(line, flag::ORDER_START) && !number.is_nan() {
                    sum += number;
                    count += 1.0;
                }
            }
            // 0 ÷ 0 is NaN: missing.
            sum / count
        });
    let words = format!("Mean of `{}` over the orders up to t₀", attribute.name);
    let spec = FeatureSpec::new("mean_instalments", Group::Instalments, Unit::Number, words);
    table.push(spec, column.collect());
}

fn instalments_column(folded: &str) -> bool {
    folded.contains("installment") || folded.contains("instalment")
}

fn per_customer(
    orders: &Orders,
    panel: &Panel,
    code: impl Fn(&Past<'_>) -> Option<u32> + Sync,
) -> Vec<Option<u32>> {
    let rows = panel.customers.par_iter().zip(&panel.cutoffs);
    rows.map(|(&customer, &cutoff)| code(&Past::of(orders, customer, cutoff)))
        .collect()
}

/// The numbers behind the codes, when nearly all texts are numbers and there are many of them.
fn numbers(attribute: &Attribute) -> Option<Vec<f64>> {
    const FEWEST: usize = 13;
    let numbers: Vec<f64> = (attribute.values.iter())
        .map(|text| text.trim().parse().unwrap_or(f64::NAN))
        .collect();
    let readable = numbers.iter().filter(|number| number.is_finite()).count();
    (readable >= FEWEST && readable * 10 >= numbers.len() * 9).then_some(numbers)
}

/// Adds a category whose levels are the texts that occur, in byte order; the empty text is missing.
fn push_category(
    table: &mut FeatureTable,
    (name, group, words): (String, Group, String),
    values: &TextPool,
    codes: &[Option<u32>],
) {
    let mut seen = vec![false; values.len()];
    for &code in codes.iter().flatten() {
        seen[code as usize] = true;
    }
    let (mut levels, mut place) = (Vec::new(), vec![f64::NAN; values.len()]);
    for (code, text) in values.iter().enumerate() {
        if seen[code] && !text.is_empty() {
            place[code] = levels.len() as f64;
            levels.push(text.to_owned());
        }
    }
    let mut spec = FeatureSpec::new(name, group, Unit::Category, words);
    spec.kind = FeatureKind::Category { levels };
    let column = codes
        .iter()
        .map(|code| code.map_or(f64::NAN, |code| place[code as usize]));
    table.push(spec, column.collect());
}
