//! The KPI sheet: the shop as of two dates side by side, and who moved up between them.

use serde::{Deserialize, Serialize};

use analysis::{customers::Customers, rules::NO_SEGMENT, segments::Segmentation};
use data::day::Day;
use data::orders::{Attribute, Orders, flag};

/// Which segments count as lower and which as higher when progress is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Steps {
    /// Customers of these on the earlier date…
    pub lower: Vec<String>,
    /// …and how many of them are in these now.
    pub higher: Vec<String>,
}

impl Steps {
    /// The steps in use: those chosen, as far as the shop has segments of these names. Without a
    /// choice, Regulars → Loyal or VIP where the rules know them (system C); else from every segment
    /// to the one whose rule comes first, the convention being that the best customers are matched
    /// first.
    #[must_use]
    pub fn in_use(&self, segments: &[&str]) -> Self {
        let known = |names: &[String]| -> Vec<String> {
            let names = names
                .iter()
                .filter(|name| segments.contains(&name.as_str()));
            names.cloned().collect()
        };
        let chosen = Self {
            lower: known(&self.lower),
            higher: known(&self.higher),
        };
        if !chosen.lower.is_empty() && !chosen.higher.is_empty() {
            return chosen;
        }
        let named = |names: &[&str]| -> Vec<String> {
            let names = names.iter().filter(|name| segments.contains(name));
            names.map(|&name| name.to_owned()).collect()
        };
        let by_name = Self {
            lower: named(&["Regulars"]),
            higher: named(&["Loyal", "VIP"]),
        };
        if !by_name.lower.is_empty() && !by_name.higher.is_empty() {
            return by_name;
        }
        let mut names = segments.iter().map(|&name| name.to_owned());
        Self {
            higher: names.next().into_iter().collect(),
            lower: names.collect(),
        }
    }
}

/// The shop as of one date.
#[derive(Clone, Copy)]
pub struct Then<'a> {
    pub customers: &'a Customers,
    pub segments: &'a Segmentation,
}

/// One segment as of two dates.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SegmentRow {
    pub name: String,
    pub style: u8,
    pub customers_before: u64,
    pub customers_now: u64,
    /// Share of its customers with two orders or more.
    pub repeat_rate_before: Option<f64>,
    pub repeat_rate_now: Option<f64>,
    /// Share of its customers as of the earlier date who have ordered since.
    pub returned: Option<f64>,
}

/// Promised against unpromised orders: did those who bought with a promotion come back?
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Promo {
    /// The column that marks promotions.
    pub column: String,
    /// Customers whose last order before the earlier date carried a promotion, and those without.
    pub with: u64,
    pub without: u64,
    /// Share of each that has ordered since.
    pub with_returned: Option<f64>,
    pub without_returned: Option<f64>,
}

/// The KPI sheet.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct KpiSheet {
    /// Both dates are written as dates by whoever writes the sheet.
    #[serde(skip)]
    pub before: Day,
    #[serde(skip)]
    pub now: Day,
    pub segments: Vec<SegmentRow>,
    /// What counts as progress here.
    pub steps: Steps,
    /// Customers in the lower segments as of the earlier date, and those of them in the higher now.
    pub lower_before: u64,
    pub lower_risen: u64,
    /// `None` when no column marks promotions.
    pub promo: Option<Promo>,
}

impl KpiSheet {
    /// Compares the shop as of two dates; both tables are dense by customer, both segmentations follow
    /// the same rules.
    #[must_use]
    pub fn new(orders: &Orders, before: Then<'_>, now: Then<'_>, steps: &Steps) -> Self {
        let names: Vec<&str> = now.segments.stats.iter().map(|s| &*s.name).collect();
        let steps = steps.in_use(&names);
        let among = |then: &Then<'_>, wanted: &[String]| -> Vec<bool> {
            let stats = then.segments.stats.iter();
            stats.map(|stats| wanted.contains(&stats.name)).collect()
        };
        let (lower, higher) = (among(&before, &steps.lower), among(&now, &steps.higher));
        let is = |places: &[bool], then: &Then<'_>, row: usize| {
            place(then.segments, row).is_some_and(|at| places.get(at).copied().unwrap_or(false))
        };
        let (mut lower_before, mut lower_risen) = (0, 0);
        for row in 0..before.customers.len() {
            if before.customers.exists(row) && is(&lower, &before, row) {
                lower_before += 1;
                lower_risen += u64::from(is(&higher, &now, row));
            }
        }
        Self {
            before: before.customers.as_of,
            now: now.customers.as_of,
            segments: rows(before, now),
            steps,
            lower_before,
            lower_risen,
            promo: promo(orders, before.customers, now.customers),
        }
    }

    /// Share of the customers in the lower segments on the earlier date who are in the higher now.
    #[must_use]
    pub fn progression(&self) -> Option<f64> {
        ratio(self.lower_risen, self.lower_before)
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Whether the customer has an order between the two dates.
fn returned(before: &Customers, now: &Customers, row: usize) -> bool {
    now.frequency[row] > before.frequency[row]
}

fn rows(before: Then<'_>, now: Then<'_>) -> Vec<SegmentRow> {
    let count = now.segments.stats.len();
    // Customers, with two orders, returned — as of both dates.
    let mut sums = vec![[0_u64; 5]; count];
    for row in 0..now.customers.len() {
        if let Some(sum) = place(before.segments, row).and_then(|place| sums.get_mut(place)) {
            sum[0] += 1;
            sum[1] += u64::from(before.customers.frequency[row] >= 2);
            sum[2] += u64::from(returned(before.customers, now.customers, row));
        }
        if let Some(sum) = place(now.segments, row).and_then(|place| sums.get_mut(place)) {
            sum[3] += 1;
            sum[4] += u64::from(now.customers.frequency[row] >= 2);
        }
    }
    now.segments
        .stats
        .iter()
        .zip(sums)
        .map(
            |(stats, [before, repeat, back, now, repeat_now])| SegmentRow {
                name: stats.name.clone(),
                style: stats.style,
                customers_before: before,
                customers_now: now,
                repeat_rate_before: ratio(repeat, before),
                repeat_rate_now: ratio(repeat_now, now),
                returned: ratio(back, before),
            },
        )
        .collect()
}

fn place(segments: &Segmentation, row: usize) -> Option<usize> {
    let number = segments.segment[row];
    (number != NO_SEGMENT).then_some(usize::from(number))
}

fn promo(orders: &Orders, before: &Customers, now: &Customers) -> Option<Promo> {
    const NAMES: [&str; 6] = [
        "promo",
        "coupon",
        "voucher",
        "discount",
        "gutschein",
        "rabatt",
    ];
    let column = orders.attributes.iter().find(|attribute| {
        let name = attribute.name.to_lowercase();
        NAMES.iter().any(|wanted| name.contains(wanted))
    })?;
    let (mut counts, mut back) = ([0_u64; 2], [0_u64; 2]);
    for row in 0..before.len() {
        if !before.exists(row) {
            continue;
        }
        let promoted = usize::from(last_order_promoted(orders, column, row, before));
        counts[promoted] += 1;
        back[promoted] += u64::from(returned(before, now, row));
    }
    Some(Promo {
        column: column.name.clone(),
        with: counts[1],
        without: counts[0],
        with_returned: ratio(back[1], counts[1]),
        without_returned: ratio(back[0], counts[0]),
    })
}

fn last_order_promoted(
    orders: &Orders,
    column: &Attribute,
    row: usize,
    before: &Customers,
) -> bool {
    let none = |text: &str| {
        matches!(
            text.to_lowercase().as_str(),
            "" | "no" | "none" | "0" | "false" | "n" | "-" | "0.0"
        )
    };
    let last = before.last_day[row];
    let lines = orders.lines_before(row, before.as_of);
    lines
        .rev()
        .take_while(|&line| orders.days[line] >= last)
        .filter(|&line| orders.flags[line] & (flag::NOT_KEPT | flag::CREDIT) == 0)
        .any(|line| !none(column.value(line)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::{customers::customers_as_of, segments::SegmentStats};
    use data::orders::Codes;

    fn steps(lower: &[&str], higher: &[&str]) -> Steps {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Steps {
            lower: names(lower),
            higher: names(higher),
        }
    }

    #[test]
    fn steps_are_chosen_or_follow_the_names_or_the_order_of_the_rules() {
        let known = [
            "VIP",
            "Loyal",
            "Potential Loyalist",
            "At Risk",
            "Dormant",
            "Regulars",
        ];
        let by_name = steps(&["Regulars"], &["Loyal", "VIP"]);
        assert_eq!(Steps::default().in_use(&known), by_name);
        let chosen = steps(&["Dormant", "At Risk"], &["Regulars"]);
        assert_eq!(chosen.in_use(&known), chosen);
        // A name that no rule has any more: the choice is no choice.
        assert_eq!(steps(&["Gone"], &["VIP"]).in_use(&known), by_name);
        let own = ["Gold", "Silver", "Bronze"];
        let by_order = steps(&["Silver", "Bronze"], &["Gold"]);
        assert_eq!(Steps::default().in_use(&own), by_order);
        assert_eq!(Steps::default().in_use(&[]), Steps::default());
    }

    /// Three customers: "a" ordered on days 0 and 50, "b" on day 0, "c" on days 5, 8 and 60. As of
    /// day 10 and day 100.
    #[test]
    fn rates_and_progression_of_two_dates() {
        let start = flag::ORDER_START | flag::DAY_START;
        let orders = Orders {
            customer_ids: ["a", "b", "c"].into_iter().collect(),
            offsets: vec![0, 2, 3, 6],
            days: vec![0, 50, 0, 5, 8, 60],
            amounts: vec![1.0; 6],
            orders: (0..6).collect(),
            flags: vec![start; 6],
            attributes: vec![Attribute {
                name: "promo_code".to_owned(),
                codes: Codes::U8(vec![1, 0, 0, 1, 0, 0]),
                values: ["", "SPRING"].into_iter().collect(),
            }],
            ..Orders::default()
        };
        let (early, late) = (customers_as_of(&orders, 10), customers_as_of(&orders, 100));
        let stats = |name: &str| SegmentStats {
            name: name.to_owned(),
            ..SegmentStats::default()
        };
        let segments = |segment: Vec<u8>| Segmentation {
            segment,
            stats: vec![stats("VIP"), stats("Regulars")],
            ..Segmentation::default()
        };
        let (before, now) = (segments(vec![1, 1, 0]), segments(vec![0, 1, 0]));
        let sheet = KpiSheet::new(
            &orders,
            Then {
                customers: &early,
                segments: &before,
            },
            Then {
                customers: &late,
                segments: &now,
            },
            &Steps::default(),
        );
        assert_eq!(sheet.steps.higher, ["VIP"]);
        assert_eq!(sheet.progression(), Some(0.5));
        let regulars = &sheet.segments[1];
        assert_eq!((regulars.customers_before, regulars.customers_now), (2, 1));
        assert_eq!(regulars.repeat_rate_before, Some(0.0));
        assert_eq!(regulars.returned, Some(0.5));
        assert_eq!(sheet.segments[0].repeat_rate_now, Some(1.0));
        // Last order before day 10: "a" with a code, "b" without, "c" on day 8 without.
        let promo = sheet.promo.unwrap();
        assert_eq!((promo.with, promo.without), (1, 2));
        assert_eq!(
            (promo.with_returned, promo.without_returned),
            (Some(1.0), Some(0.5))
        );
    }
}
