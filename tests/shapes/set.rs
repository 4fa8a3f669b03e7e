//! Opening small sets held in memory, and looking at what came out.

use keepers::{
    base::monitor::Monitor,
    data::dataset::Dataset,
    data::dataset::error::DataError,
    data::dataset::options::ReadOptions,
    data::dataset::quality::RuleCount,
    data::dataset::tables::{Table, Values},
    data::dataset::understanding::WarningCode,
    data::load::load_inputs,
    data::open::source::Input,
    data::orders::{Attribute, Orders, Step, flag},
};

/// Opens files given as name and text.
pub fn open(files: &[(&str, &str)]) -> Result<Dataset, DataError> {
    open_with(files, &ReadOptions::default())
}

pub fn open_with(files: &[(&str, &str)], options: &ReadOptions) -> Result<Dataset, DataError> {
    let inputs: Vec<Input> = files
        .iter()
        .map(|(name, text)| {
            let bytes: &'static [u8] = Box::leak(text.as_bytes().to_vec().into_boxed_slice());
            Input::memory(name, bytes)
        })
        .collect();
    let data = load_inputs(&inputs, options, &Monitor::silent())?;
    assert!(data.quality.reconciles());
    Ok(data)
}

/// The message of a set that is refused.
pub fn refused(files: &[(&str, &str)]) -> String {
    open(files).expect_err("is refused").to_string()
}

pub fn rule<'a>(data: &'a Dataset, name: &str) -> Option<&'a RuleCount> {
    data.quality.rules.iter().find(|rule| rule.rule == name)
}

pub fn rows_of(data: &Dataset, name: &str) -> u64 {
    rule(data, name).map_or(0, |rule| rule.rows)
}

/// What is warned of, of one kind.
pub fn warned(data: &Dataset, code: WarningCode) -> Vec<&str> {
    let warnings = data.understanding.warnings.iter();
    warnings
        .filter(|warning| warning.code == code)
        .map(|warning| warning.text.as_str())
        .collect()
}

/// How many values of a column have a row in another table, and how many there are.
pub fn joined(data: &Dataset, from: &str, column: &str, to: &str) -> (u64, u64) {
    let plan = &data.understanding.plan;
    let mut links = plan.links.iter();
    let link = links.find(|link| {
        plan.tables[link.from].name == from
            && link.from_column == column
            && plan.tables[link.to].name == to
    });
    let link = link.unwrap_or_else(|| panic!("{from}.{column} is not joined with {to}"));
    (link.matched, link.asked)
}

pub fn count(orders: &Orders, bit: u8) -> usize {
    orders
        .flags
        .iter()
        .filter(|&&flags| flags & bit != 0)
        .count()
}

pub fn net(orders: &Orders) -> f64 {
    (0..orders.lines()).map(|line| orders.net(line)).sum()
}

pub fn kept_customers(orders: &Orders) -> usize {
    (0..orders.customers())
        .filter(|&customer| {
            orders
                .lines_of(customer)
                .any(|line| orders.flags[line] & flag::ORDER_START != 0)
        })
        .count()
}

/// Lines that reached a step.
pub fn reached(orders: &Orders, step: Step) -> usize {
    let milestone = orders.milestones.iter().find(|known| known.step == step);
    milestone.map_or(0, |milestone| {
        let days = milestone.days.iter();
        days.filter(|&&day| day != keepers::data::orders::NO_DAY)
            .count()
    })
}

/// A trait of the customers.
pub fn characteristic<'a>(orders: &'a Orders, name: &str) -> &'a Attribute {
    let found = orders.traits.iter().find(|known| known.name == name);
    found.unwrap_or_else(|| panic!("no trait {name}"))
}

/// Distinct texts of a column, without the missing one.
pub fn distinct(table: &Table, name: &str) -> usize {
    match &table.column(name).expect(name).values {
        Values::Texts { pool, .. } => pool.iter().filter(|text| !text.is_empty()).count(),
        _ => panic!("{name} is no text"),
    }
}

pub fn numbers<'a>(table: &'a Table, name: &str) -> &'a [f64] {
    match &table.column(name).expect(name).values {
        Values::Numbers(numbers) => numbers,
        _ => panic!("{name} is no column of numbers"),
    }
}

pub fn days<'a>(table: &'a Table, name: &str) -> &'a [i32] {
    match &table.column(name).expect(name).values {
        Values::Days(days) => days,
        _ => panic!("{name} is no column of days"),
    }
}
