//! The algebra of parts on a shop small enough to be counted by hand.

use super::tables::Extras;
use super::*;
use crate::{
    cohort_build::cohorts,
    cohorts::{CohortSpec, CohortTable},
    conditions::RuleInputs,
    customers::{Customers, customers_as_of},
    rfm::{Scores, TieRule, score},
    rules::default_rules,
    segmenting::segment,
    segments::Segmentation,
};
use data::lines::in_memory::{Line, assemble};
use data::orders::{Label, Orders};

/// Five customers as of day 100 (recency, frequency, monetary): amber 10, 1, 5 · birch 90, 2, 60 ·
/// cedar 40, 3, 300 · dogwood 100, 1, 80 · elm 1, 4, 1000. Birch and elm live in FR, the others in DE.
struct Five {
    orders: Orders,
    customers: Customers,
    scores: Scores,
    segments: Segmentation,
    cohorts: CohortTable,
}

impl Five {
    fn open() -> Self {
        let line = |customer: &str, day: i32, amount: f64, country: &str| Line {
            customer: customer.to_owned(),
            day,
            amount,
            attributes: vec![country.to_owned()],
            ..Line::default()
        };
        let lines = [
            line("amber", 90, 5.0, "DE"),
            line("birch", 3, 20.0, "FR"),
            line("birch", 10, 40.0, "FR"),
            line("cedar", 20, 100.0, "DE"),
            line("cedar", 40, 100.0, "DE"),
            line("cedar", 60, 100.0, "DE"),
            line("dogwood", 0, 80.0, "DE"),
            line("elm", 30, 250.0, "FR"),
            line("elm", 50, 250.0, "FR"),
            line("elm", 70, 250.0, "FR"),
            line("elm", 99, 250.0, "FR"),
        ];
        let orders = assemble(&lines, &["country"]).unwrap();
        let customers = customers_as_of(&orders, 100);
        let scores = score(&customers, TieRule::Share);
        let segments = segment(
            RuleInputs::without_attributes(&customers, &scores),
            &default_rules(),
        );
        let cohorts = cohorts(&orders, 100, &CohortSpec::default());
        Self {
            orders,
            customers,
            scores,
            segments,
            cohorts,
        }
    }

    /// First letters of the selected customers.
    fn select(&self, combine: Combine, parts: &[Part]) -> String {
        let tables = Tables {
            orders: &self.orders,
            customers: &self.customers,
            scores: &self.scores,
            segments: &self.segments,
            cohorts: &self.cohorts,
            extras: Extras::default(),
        };
        let selection = Selection {
            parts: parts.to_vec(),
            combine,
        };
        let selected = select(tables, &selection);
        let letter = |row: &u32| self.orders.customer_ids.get(*row as usize).chars().next();
        selected.customers.iter().filter_map(letter).collect()
    }
}

fn within(quantity: Quantity, from: Option<f64>, below: Option<f64>) -> Part {
    Part::Within(vec![Range::new(quantity, from, below)])
}

fn country(value: &str) -> Part {
    Part::Attribute {
        name: "country".to_owned(),
        value: value.to_owned(),
    }
}

#[test]
fn ranges_take_their_lower_end_and_leave_the_upper_one() {
    let five = Five::open();
    let select = |part| five.select(Combine::Kinds, &[part]);
    assert_eq!(
        select(within(Quantity::RecencyDays, Some(10.0), Some(90.0))),
        "ac"
    );
    assert_eq!(select(within(Quantity::Frequency, Some(2.0), None)), "bce");
    assert_eq!(select(within(Quantity::Monetary, None, Some(80.0))), "ab");
    assert_eq!(select(within(Quantity::Aov, Some(100.0), Some(250.0))), "c");
    assert_eq!(
        select(within(Quantity::TenureDays, Some(80.0), None)),
        "bcd"
    );
    // A box: both ranges at once.
    let corner = Part::Within(vec![
        Range::new(Quantity::RecencyDays, None, Some(50.0)),
        Range::new(Quantity::Frequency, Some(3.0), None),
    ]);
    assert_eq!(select(corner), "ce");
}

#[test]
fn two_boxes_are_one_or_the_other_and_another_quantity_narrows() {
    let five = Five::open();
    let orders = |from, below| within(Quantity::Frequency, Some(from), Some(below));
    assert_eq!(
        five.select(Combine::Kinds, &[orders(1.0, 2.0), orders(4.0, 5.0)]),
        "ade"
    );
    let cheap = within(Quantity::Monetary, None, Some(100.0));
    assert_eq!(
        five.select(Combine::Kinds, &[orders(1.0, 2.0), orders(2.0, 3.0), cheap]),
        "abd"
    );
}

#[test]
fn not_always_narrows() {
    let five = Five::open();
    let kinds = |parts: &[Part]| five.select(Combine::Kinds, parts);
    assert_eq!(kinds(&[country("FR").negated()]), "acd");
    assert_eq!(kinds(&[country("DE"), country("FR").negated()]), "acd");
    let once = within(Quantity::Frequency, Some(1.0), Some(2.0));
    assert_eq!(kinds(&[country("DE"), once.clone().negated()]), "c");
    assert_eq!(once.clone().negated().negated(), once);
}

#[test]
fn any_and_all_override_kinds() {
    let five = Five::open();
    let once = within(Quantity::Frequency, Some(1.0), Some(2.0));
    let both = [country("FR"), once.clone()];
    assert_eq!(five.select(Combine::Kinds, &both), "");
    assert_eq!(five.select(Combine::Any, &both), "abde");
    assert_eq!(five.select(Combine::All, &both), "");
    let countries = [country("FR"), country("DE")];
    assert_eq!(five.select(Combine::Kinds, &countries), "abcde");
    assert_eq!(five.select(Combine::All, &countries), "");
    assert_eq!(
        five.select(Combine::Any, &[country("FR"), once.negated()]),
        "bce"
    );
    for combine in [Combine::Kinds, Combine::Any, Combine::All] {
        assert_eq!(five.select(combine, &[]), "abcde", "no part is everyone");
    }
}

#[test]
fn a_lasso_holds_what_is_inside_its_line() {
    let five = Five::open();
    let x = Axis {
        quantity: Quantity::RecencyDays,
        log: false,
    };
    let y = Axis {
        quantity: Quantity::Monetary,
        log: true,
    };
    // A triangle around cedar (40, 2.48) that leaves elm (1, 3) and dogwood (100, 1.9) out.
    let corners = [(20.0, 2.0), (60.0, 2.0), (40.0, 2.9)];
    let corners = corners.map(|(x, y)| (Value(x), Value(y))).to_vec();
    let lasso = Part::Outline(Outline { x, y, corners });
    assert_eq!(
        five.select(Combine::Kinds, std::slice::from_ref(&lasso)),
        "c"
    );
    assert_eq!(five.select(Combine::Kinds, &[lasso.negated()]), "abde");
    let empty = Outline {
        x,
        y,
        corners: Vec::new(),
    };
    assert_eq!(five.select(Combine::Kinds, &[Part::Outline(empty)]), "");
    // Below 1, a logarithmic axis shows everything at its edge.
    assert_eq!(y.place(-5.0), 0.0);
}

#[test]
fn ids_found_and_days_ordered_in() {
    let mut five = Five::open();
    five.orders.labels.push(Label {
        name: "name".to_owned(),
        texts: ["", "Erna", "", "", ""].into_iter().collect(),
    });
    let select = |part| five.select(Combine::Kinds, &[part]);
    assert_eq!(select(Part::Found(" ER".to_owned())), "ab");
    assert_eq!(select(Part::Found("d".to_owned())), "cd");
    let ordered = |from, until| select(Part::Ordered { from, until });
    assert_eq!(ordered(30, 60), "ce");
    assert_eq!(ordered(60, 61), "c");
    assert_eq!(ordered(100, 200), "", "nothing after S");
}

#[test]
fn a_selection_reads_back_as_it_was_written() {
    let selection = Selection {
        parts: vec![
            within(Quantity::Monetary, Some(0.1), None),
            Part::Found("a".to_owned()).negated(),
        ],
        combine: Combine::Any,
    };
    let text = ron::to_string(&selection).unwrap();
    assert_eq!(ron::from_str::<Selection>(&text).unwrap(), selection);
    // Files from before the choice existed.
    let old: Selection = ron::from_str("(parts:[segment(\"VIP\")])").unwrap();
    assert_eq!(old.combine, Combine::Kinds);
}
