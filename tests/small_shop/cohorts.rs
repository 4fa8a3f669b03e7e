//! Cohorts by acquisition and by attribute.

use keepers::{
    analysis::cohort_build::cohorts,
    analysis::cohorts::{
        Cell,
        CellState::{self, Complete, InProgress, Unobserved},
        CohortSpec, Metric, NO_ROW, RowsBy,
    },
    data::day::Period,
    data::lines::in_memory::{Line, assemble},
};

use crate::{
    Tested, by_country,
    small_shop::{as_of, day, shop},
};

fn cell(customers: u64, orders: u64, revenue: f64) -> Cell {
    Cell {
        customers,
        orders,
        revenue,
    }
}

#[test]
fn cohorts_by_acquisition() {
    let Tested { cohorts: table, .. } = Tested::new();
    let labels: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
    assert_eq!(labels, ["2024-01", "2024-02", "2024-03", "2024-04"]);
    assert_eq!(table.row_of, [0, 0, 1, NO_ROW, 3, 2]);
    let january = &table.rows[0];
    assert_eq!((january.size, table.ages, table.customers()), (2, 4, 5));
    assert_eq!(
        january.cells,
        [
            cell(2, 2, 115.0),
            cell(1, 1, -20.0),
            cell(0, 0, 0.0),
            cell(1, 1, 30.0)
        ]
    );
    // The credit of January stands at age 0 of the cohort of March: 48 − 3.
    assert_eq!(table.rows[2].cells, [cell(1, 2, 45.0), cell(0, 0, 0.0)]);
    assert_eq!(january.cumulative_ltv, [57.5, 47.5, 47.5, 62.5]);
    let states = |row| [0, 1, 2, 3, 4].map(|age| table.state(row, age));
    assert_eq!(
        states(0),
        [Complete, Complete, Complete, InProgress, Unobserved]
    );
    assert_eq!(
        states(2),
        [Complete, InProgress, Unobserved, Unobserved, Unobserved]
    );
    assert_eq!(
        states(3),
        [InProgress, Unobserved, Unobserved, Unobserved, Unobserved]
    );
    assert_eq!(table.value(Metric::Aov, 0, 0), Some(57.5));
    assert_eq!(table.value(Metric::Aov, 0, 2), None);
    assert_eq!(table.value(Metric::RevenuePerCustomer, 0, 1), Some(-10.0));
    assert_eq!(table.value(Metric::Retention, 0, 3), Some(0.5));
    assert_eq!(table.value(Metric::Orders, 2, 0), Some(2.0));
    // Age 1: January ½ of 2, February 0 of 1; March is running.
    assert_eq!(table.weighted_mean(Metric::Retention, 1), Some(1.0 / 3.0));
    assert_eq!(table.weighted_mean(Metric::Retention, 3), None);
    // On 1 May April has ended, with the order of 20 April.
    let may = cohorts(&shop(), day("05-01"), &CohortSpec::default());
    assert_eq!(may.state(0, 3), Complete);
    assert_eq!(may.rows[3].cells, [cell(1, 2, 111.0)]);
}

#[test]
fn a_period_without_new_customers_keeps_its_row() {
    let orders = shop();
    let spec = CohortSpec {
        period: Period::Week,
        rows: RowsBy::Acquisition,
    };
    let table = cohorts(&orders, as_of(), &spec);
    // 5 January is in week 1, 10 April in week 15.
    assert_eq!(table.rows.len(), 15);
    assert_eq!(
        (table.rows[1].label.as_str(), table.rows[1].size),
        ("2024-W02", 0)
    );
    assert!(
        Metric::ALL
            .iter()
            .all(|&metric| table.value(metric, 1, 0).is_none())
    );
    assert_eq!(table.customers(), 5);
}

#[test]
fn cohorts_by_attribute() {
    let table = cohorts(&shop(), as_of(), &by_country());
    let [german, french] = &table.rows[..] else {
        panic!("two countries");
    };
    // The line of 3 that was not kept (FR) does not count, nor does the credit of 10.
    assert_eq!((german.label.as_str(), german.size), ("DE", 3));
    assert_eq!((french.label.as_str(), french.size), ("FR", 2));
    assert_eq!(german.exposed, [3, 3, 2, 1]);
    assert_eq!(german.exposed_running, [0, 1, 1, 1]);
    assert_eq!(
        german.cells,
        [
            cell(3, 4, 85.0),
            cell(1, 1, 20.0),
            cell(0, 0, 0.0),
            cell(1, 1, 30.0)
        ]
    );
    assert_eq!(german.running[3], cell(1, 1, 30.0));
    // Of the three only two have completed their second month; one of them came back.
    assert_eq!(table.value(Metric::Retention, 0, 1), Some(0.5));
    assert_eq!(table.value(Metric::Customers, 0, 1), Some(1.0));
    assert_eq!(table.state(0, 1), CellState::Complete);
    assert_eq!(table.state(0, 3), CellState::InProgress);
    assert_eq!(table.state(0, 4), CellState::Unobserved);
    let ltv = &german.cumulative_ltv;
    assert_eq!(ltv[..2], [85.0 / 3.0, 85.0 / 3.0 + 10.0]);
    assert_eq!(ltv[3], 85.0 / 3.0 + 10.0 + 30.0);
    assert_eq!(french.exposed, [2, 1, 1, 1]);
    assert_eq!(french.cells[0], cell(2, 2, 112.0));
    // 5 is in the first month still: only 2 counts.
    assert_eq!(table.value(Metric::RevenuePerCustomer, 1, 0), Some(100.0));
    // Age 1: ½ with weight 2, 0 with weight 1.
    assert_eq!(table.weighted_mean(Metric::Retention, 1), Some(1.0 / 3.0));
    let unknown = CohortSpec {
        rows: RowsBy::Attribute("colour".to_owned()),
        ..by_country()
    };
    assert!(cohorts(&shop(), as_of(), &unknown).rows.is_empty());
}

#[test]
fn many_values_share_a_row() {
    let line = |customer: usize, value: usize| Line {
        customer: format!("{customer}"),
        amount: 1.0,
        attributes: vec![if value == 0 {
            String::new()
        } else {
            format!("v{value:02}")
        }],
        ..Line::default()
    };
    let spec = CohortSpec {
        rows: RowsBy::Attribute("kind".to_owned()),
        ..CohortSpec::default()
    };
    // Value 0 (missing) has three customers, value 1 two, the others one.
    let shop = |values: usize| {
        let mut lines = vec![line(100, 0), line(101, 0), line(102, 1)];
        lines.extend((0..values).map(|value| line(value, value)));
        cohorts(&assemble(&lines, &["kind"]).unwrap(), 1, &spec)
    };
    let table = shop(21);
    assert_eq!(table.rows.len(), 21);
    assert_eq!(
        (table.rows[0].label.as_str(), table.rows[0].size),
        ("(missing)", 3)
    );
    assert_eq!(
        (table.rows[20].label.as_str(), table.rows[20].size),
        ("v20", 1)
    );
    let table = shop(25);
    assert_eq!(table.rows.len(), 21);
    let other = &table.rows[20];
    assert_eq!(
        (other.label.as_str(), other.key, other.size),
        ("Other", -1, 5)
    );
    assert_eq!(other.cells, [cell(5, 5, 5.0)]);
    assert_eq!(table.customers(), 28);
}
