//! Which first order brings people back: the share of customers who ordered again within 90 days, by what
//! their first order was (product, country, channel…).
//!
//! Many values are looked at, so some differ by chance: each is compared with everybody else by a
//! two-proportion z-test, and the p-values are corrected for their number (Holm 1979).

use rayon::prelude::*;

use super::{customers::Customers, lifecycle::status_attribute};
use data::day::Day;
use data::orders::{Attribute, Orders, flag};

/// Days within which a further order counts.
pub const DAYS: i32 = 90;
/// Columns of more values are no categories.
pub const MOST_VALUES: usize = 50;
/// Values of fewer customers are not looked at.
pub const FEWEST: u64 = 50;
/// A corrected p-value of at least this may be chance.
pub const LEVEL: f64 = 0.05;

/// Customers, and how many of them ordered again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Returns {
    pub customers: u64,
    pub returned: u64,
}

impl Returns {
    /// Share that ordered again.
    #[must_use]
    pub fn share(self) -> f64 {
        self.returned as f64 / self.customers.max(1) as f64
    }

    fn add(&mut self, returned: bool) {
        self.customers += 1;
        self.returned += u64::from(returned);
    }
}

/// Customers whose first order had one value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ValueReturns {
    pub value: String,
    pub returns: Returns,
    /// p-value of the difference to everybody else, corrected for all values looked at.
    pub p: f64,
}

/// One column of the orders.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnReturns {
    pub name: String,
    /// Everybody with a value.
    pub all: Returns,
    /// Values of at least [`FEWEST`] customers, the highest share first.
    pub values: Vec<ValueReturns>,
}

impl ColumnReturns {
    /// The value that most came back after, and the one that fewest did; `None` with less than two.
    #[must_use]
    pub fn ends(&self) -> Option<[&ValueReturns; 2]> {
        match self.values.as_slice() {
            [best, .., worst] => Some([best, worst]),
            _ => None,
        }
    }

    /// The smaller p-value of the two ends.
    fn least_p(&self) -> f64 {
        self.ends().map_or(1.0, |[best, worst]| best.p.min(worst.p))
    }

    fn spread(&self) -> f64 {
        self.ends().map_or(0.0, |[best, worst]| {
            best.returns.share() - worst.returns.share()
        })
    }
}

/// Whom the first order brought back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comeback {
    /// Customers with 90 whole days observed after their first order.
    pub all: Returns,
    /// Columns with at least two values looked at, the surest difference first.
    pub columns: Vec<ColumnReturns>,
}

/// Follows everybody who was won on or after `since` and has been observed for 90 whole days after the day
/// of the first order. A further order is a kept one on a later day.
#[must_use]
pub fn comeback(orders: &Orders, customers: &Customers, since: Option<Day>) -> Comeback {
    let observed = |row: &usize| {
        customers.exists(*row)
            && since.is_none_or(|since| customers.first_day[*row] >= since)
            && customers.first_day[*row] + DAYS < customers.as_of
    };
    let rows: Vec<usize> = (0..customers.len()).filter(observed).collect();
    let followed: Vec<Followed> = rows
        .par_iter()
        .map(|&row| Followed::of(orders, customers, row))
        .collect();
    let mut all = Returns::default();
    for customer in &followed {
        all.add(customer.returned);
    }
    let status = status_attribute(orders).map(|status| status.name.as_str());
    let category = |attribute: &&Attribute| {
        let values = attribute.values.iter().filter(|value| !value.is_empty());
        Some(attribute.name.as_str()) != status && (2..=MOST_VALUES).contains(&values.count())
    };
    let mut columns: Vec<ColumnReturns> = orders
        .attributes
        .par_iter()
        .filter(category)
        .map(|attribute| column(attribute, &followed))
        .filter(|column| column.values.len() > 1)
        .collect();
    correct(&mut columns);
    columns.sort_by(|one, other| {
        let by_p = one.least_p().total_cmp(&other.least_p());
        by_p.then(other.spread().total_cmp(&one.spread()))
    });
    Comeback { all, columns }
}

/// A customer observed for long enough.
#[derive(Clone, Copy)]
struct Followed {
    first_line: usize,
    returned: bool,
}

impl Followed {
    fn of(orders: &Orders, customers: &Customers, row: usize) -> Self {
        let first = customers.first_day[row];
        let again = |line: usize| {
            let day = orders.days[line];
            orders.flags[line] & flag::DAY_START != 0 && day > first && day <= first + DAYS
        };
        Self {
            first_line: orders.first_kept_line(row),
            returned: orders.lines_before(row, customers.as_of).any(again),
        }
    }
}

/// Counts by value; the p-values are not corrected yet.
fn column(attribute: &Attribute, followed: &[Followed]) -> ColumnReturns {
    let mut by_value = vec![Returns::default(); attribute.values.len()];
    for customer in followed {
        by_value[attribute.codes.get(customer.first_line) as usize].add(customer.returned);
    }
    let known = || {
        let named = attribute.values.iter().zip(&by_value);
        named.filter(|(value, _)| !value.is_empty())
    };
    let mut all = Returns::default();
    for (_, returns) in known() {
        all.customers += returns.customers;
        all.returned += returns.returned;
    }
    let mut values: Vec<ValueReturns> = known()
        .filter(|(_, returns)| returns.customers >= FEWEST)
        .map(|(value, &returns)| {
            let others = Returns {
                customers: all.customers - returns.customers,
                returned: all.returned - returns.returned,
            };
            ValueReturns {
                value: value.to_owned(),
                returns,
                p: two_proportions(returns, others),
            }
        })
        .collect();
    values.sort_by(|one, other| other.returns.share().total_cmp(&one.returns.share()));
    ColumnReturns {
        name: attribute.name.clone(),
        all,
        values,
    }
}

/// Two-sided p-value of the difference of two shares: z = (p₁ − p₂) ÷ √(p (1 − p) (1 ÷ n₁ + 1 ÷ n₂)) with the
/// pooled share p; 1 where there is nobody to compare with, or no variation.
#[must_use]
pub fn two_proportions(one: Returns, other: Returns) -> f64 {
    let (n, m) = (one.customers as f64, other.customers as f64);
    let pooled = (one.returned + other.returned) as f64 / (n + m).max(1.0);
    let variance = pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m);
    if one.customers == 0 || other.customers == 0 || variance <= 0.0 {
        return 1.0;
    }
    let z = (one.share() - other.share()) / variance.sqrt();
    // The approximation of 1 may lie a hair above it.
    erfc(z.abs() / std::f64::consts::SQRT_2).min(1.0)
}

/// Complementary error function, with a relative error below 1.2 · 10⁻⁷ (Press et al., *Numerical Recipes*,
/// section 6.2); `x` ≥ 0.
fn erfc(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.5 * x);
    let series = [
        0.170_872_77,
        -0.822_152_23,
        1.488_515_87,
        -1.135_203_98,
        0.278_868_07,
        -0.186_288_06,
        0.096_784_18,
        0.374_091_96,
        1.000_023_68,
        -1.265_512_23,
    ];
    let sum = series.iter().fold(0.0, |sum, term| sum * t + term);
    t * (sum - x * x).exp()
}

/// Corrects the p-values for their number, by Holm: the *k*-th smallest of *m* is multiplied by m − k + 1,
/// never below the one before it, at most 1.
fn correct(columns: &mut [ColumnReturns]) {
    let mut all: Vec<&mut f64> = columns
        .iter_mut()
        .flat_map(|column| &mut column.values)
        .map(|value| &mut value.p)
        .collect();
    all.sort_by(|one, other| one.total_cmp(other));
    let count = all.len();
    let mut before: f64 = 0.0;
    for (place, p) in all.into_iter().enumerate() {
        before = before.max((*p * (count - place) as f64).min(1.0));
        *p = before;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customers::customers_as_of;
    use data::lines::in_memory::{Kind, Line, assemble};

    fn returns(customers: u64, returned: u64) -> Returns {
        Returns {
            customers,
            returned,
        }
    }

    #[test]
    fn the_normal_tail_is_that_of_tables() {
        for (z, p) in [
            (1.959_964, 0.05),
            (2.575_829, 0.01),
            (0.0, 1.0),
            (5.0, 5.733_031e-7),
        ] {
            let found = erfc(z / std::f64::consts::SQRT_2);
            assert!((found / p - 1.0).abs() < 1e-5, "{z}: {found}");
        }
    }

    /// 40 of 100 against 20 of 100: pooled 0.3, variance 0.21 · 0.02 = 0.0042, z = 0.2 ÷ 0.064 807 = 3.0861,
    /// p = 0.002 028.
    #[test]
    fn two_shares_by_hand() {
        let p = two_proportions(returns(100, 40), returns(100, 20));
        assert!((p - 0.002_028).abs() < 2e-6, "{p}");
        assert_eq!(two_proportions(returns(100, 0), returns(100, 0)), 1.0);
        assert_eq!(two_proportions(returns(100, 40), returns(0, 0)), 1.0);
    }

    /// Holm of 0.01, 0.02, 0.04, 0.5: × 4, × 3, × 2, × 1 = 0.04, 0.06, 0.08, 0.5.
    #[test]
    fn many_looks_are_corrected_for() {
        let values = [0.04, 0.01, 0.5, 0.02].map(|p| ValueReturns {
            p,
            ..ValueReturns::default()
        });
        let mut columns = [ColumnReturns {
            values: values.to_vec(),
            ..ColumnReturns::default()
        }];
        correct(&mut columns);
        let found: Vec<f64> = columns[0].values.iter().map(|value| value.p).collect();
        for (found, expected) in found.iter().zip([0.08, 0.04, 0.5, 0.06]) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
    }

    /// 60 came by mail, of whom 30 were back on day 90 and the rest a day too late; 60 by search, of whom 6
    /// came back; 10 by post are too few; the last 5 are not observed for 90 whole days.
    #[test]
    fn customers_are_followed_from_the_value_of_their_first_order() {
        let mut lines = Vec::new();
        let mut push = |number: usize, day: Day, channel: &str| {
            lines.push(Line {
                customer: format!("c{number:03}"),
                day,
                order: format!("o{number}-{day}"),
                amount: 1.0,
                kind: Kind::Sale,
                attributes: vec![channel.to_owned()],
            });
        };
        for number in 0..135 {
            let (channel, again) = match number {
                0..60 => ("mail", if number < 30 { 90 } else { 91 }),
                60..120 => ("search", if number < 66 { 1 } else { 91 }),
                120..130 => ("post", 91),
                _ => ("mail", 2),
            };
            let first = if number < 130 { 0 } else { 10 };
            push(number, first, channel);
            // The value of a later order says nothing.
            push(number, first + again, "shop");
        }
        let orders = assemble(&lines, &["channel"]).unwrap();
        let found = comeback(&orders, &customers_as_of(&orders, 100), None);
        assert_eq!(found.all, returns(130, 36));
        let [column] = found.columns.as_slice() else {
            panic!("{:?}", found.columns);
        };
        let [best, worst] = column.ends().unwrap();
        assert_eq!(
            (best.value.as_str(), best.returns),
            ("mail", returns(60, 30))
        );
        assert_eq!(
            (worst.value.as_str(), worst.returns),
            ("search", returns(60, 6))
        );
        // Two looks: the smaller p counts twice.
        let mail = two_proportions(returns(60, 30), returns(70, 6));
        assert!((best.p - 2.0 * mail).abs() < 1e-12);
        assert!(best.p < LEVEL);
    }
}
