//! What the quality report says, without egui.

use crate::format;
use data::dataset::options::ReadOptions;
use data::dataset::quality::{Effect, Limit, QualityReport, RuleCount};
use data::judge::rules::{DROP_DUPLICATES, Rule};
use pipeline::snapshot::Shop;

/// Every row read is kept or left out: the sum in words.
#[must_use]
pub fn reconciliation(report: &QualityReport) -> String {
    let (read, kept, dropped) = (
        format::count(report.rows_read, "row", "rows"),
        format::integer(report.rows_kept),
        format::integer(dropped(report)),
    );
    if report.reconciles() {
        format!("{read} read = {kept} kept + {dropped} left out")
    } else {
        format!(
            "{read} read, but {kept} kept and {dropped} left out do not add up to it. Please report this."
        )
    }
}

/// Rows that rules left out.
#[must_use]
pub fn dropped(report: &QualityReport) -> u64 {
    let rules = report.rules.iter();
    let dropping = rules.filter(|rule| rule.effect == Effect::Dropped);
    dropping.map(|rule| rule.rows).sum()
}

/// One word for what a rule did.
#[must_use]
pub fn effect_word(effect: Effect) -> &'static str {
    match effect {
        Effect::Dropped => "Left out",
        Effect::Changed => "Adjusted",
        Effect::Flagged => "Noted",
    }
}

/// What the word means.
#[must_use]
pub fn effect_hint(effect: Effect) -> &'static str {
    match effect {
        Effect::Dropped => "These rows are in no figure",
        Effect::Changed => "These rows are used, but count differently",
        Effect::Flagged => "These rows are used as they are and only pointed out",
    }
}

/// Name of a rule for people.
#[must_use]
pub fn title(rule: Rule) -> &'static str {
    match rule {
        Rule::BrokenRow => "Broken rows",
        Rule::MissingCustomer => "Rows without a customer",
        Rule::UnreadableDate => "Unreadable dates",
        Rule::UnreadableAmount => "Unreadable amounts",
        Rule::OverlappingFile => "Rows that stand in two files",
        Rule::TotalsRow => "Totals rows",
        Rule::NotKept => "Cancelled or returned sales",
        Rule::CreditLine => "Credit lines",
        Rule::DuplicateLine => "Repeated rows",
        Rule::ZeroAmount => "Zero amounts",
        Rule::UnlikelyDate => "Unlikely dates",
        Rule::FarDate => "Dates far after the others",
        Rule::LargeAmount => "Very large amounts",
        Rule::OrderWithoutPayment => "Orders without a payment",
        Rule::DamagedRecord => "Damaged records",
    }
}

/// One rule as the report lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line<'a> {
    /// `None` for a rule that belongs to one shape of files alone; it has no switch.
    pub rule: Option<Rule>,
    /// What it met; `None` while it is switched off.
    pub count: Option<&'a RuleCount>,
    /// Whether its switch is on.
    pub on: bool,
}

impl Line<'_> {
    /// Stable name of the rule.
    #[must_use]
    pub fn name(&self) -> &str {
        match (self.rule, self.count) {
            (Some(rule), _) => rule.name(),
            (None, Some(count)) => &count.rule,
            (None, None) => "",
        }
    }

    /// Name of the rule for people.
    #[must_use]
    pub fn title(&self) -> String {
        match self.rule {
            Some(rule) => title(rule).to_owned(),
            None => format::capital(&self.name().replace('_', " ")),
        }
    }

    /// Name of the switch in [`ReadOptions`]; `None` for rules that have none.
    #[must_use]
    pub fn switch(&self) -> Option<&'static str> {
        match self.rule? {
            Rule::DuplicateLine => Some(DROP_DUPLICATES),
            rule => rule.can_be_off().then(|| rule.name()),
        }
    }

    /// What the switch does, for screen readers and its tooltip.
    #[must_use]
    pub fn switch_label(&self) -> String {
        match self.rule {
            Some(Rule::DuplicateLine) => "Leave repeated rows out".to_owned(),
            _ => format!("Apply the rule: {}", self.title()),
        }
    }
}

/// Rules that met rows or are switched off, in the order of the report.
#[must_use]
pub fn lines<'a>(report: &'a QualityReport, options: &ReadOptions) -> Vec<Line<'a>> {
    let line = |rule: Rule| {
        let count = report.rules.iter().find(|count| count.rule == rule.name());
        let off = options.rules_off.iter().any(|name| name == rule.name());
        let on = if rule == Rule::DuplicateLine {
            options.rules_on.iter().any(|name| name == DROP_DUPLICATES)
        } else {
            !off
        };
        (count.is_some() || off).then_some(Line {
            rule: Some(rule),
            count,
            on,
        })
    };
    let own = report.rules.iter().filter(|count| {
        let shared = |rule: &Rule| rule.name() == count.rule;
        !Rule::ALL.iter().any(shared)
    });
    let own = own.map(|count| Line {
        rule: None,
        count: Some(count),
        on: true,
    });
    Rule::ALL.into_iter().filter_map(line).chain(own).collect()
}

/// Checks that met no row, in words; empty when every check met some.
#[must_use]
pub fn clean_checks(lines: &[Line<'_>]) -> String {
    let met = |rule: Rule| lines.iter().any(|line| line.rule == Some(rule));
    let clean: Vec<String> = Rule::ALL
        .into_iter()
        .filter(|&rule| !met(rule))
        .map(|rule| title(rule).to_lowercase())
        .collect();
    if clean.is_empty() {
        String::new()
    } else {
        format!("Checked and not found: {}.", clean.join(", "))
    }
}

/// What switching a rule would change, by the counts known; empty where nothing is known.
#[must_use]
pub fn consequence(line: &Line<'_>, currency: &str) -> String {
    let Some(count) = line.count else {
        return "Switched off. Switch it on to see what it meets.".to_owned();
    };
    let rows = |word: &str| format::count(count.rows, word, &format!("{word}s"));
    let worth = format::money_exact(count.amount.abs(), currency);
    let Some(rule) = line.rule else {
        return String::new();
    };
    match rule {
        Rule::BrokenRow => {
            "Cannot be switched off: nobody can tell which value belongs where.".to_owned()
        }
        Rule::UnreadableDate => "Cannot be switched off: such rows belong to no day.".to_owned(),
        Rule::MissingCustomer => format!(
            "Switching it off would add {} and {worth} of revenue, all under one customer without an id.",
            rows("row")
        ),
        Rule::UnreadableAmount => {
            format!("Switching it off would add {} with amount 0.", rows("row"))
        }
        Rule::NotKept => format!(
            "Switching it off would count {} worth {worth} as kept.",
            rows("sale")
        ),
        Rule::OverlappingFile | Rule::TotalsRow => {
            format!("Switching it off would add {} worth {worth}.", rows("row"))
        }
        Rule::CreditLine => format!(
            "Switching it off would count {} as ordinary sales, with the sign they have in the file.",
            rows("row")
        ),
        Rule::DuplicateLine if line.on => {
            format!(
                "Keeping them would add {} and {worth} of revenue.",
                rows("row")
            )
        }
        Rule::DuplicateLine => format!(
            "Leaving them out would take away {} and {worth} of revenue.",
            rows("row")
        ),
        _ => "Switching it off hides this note; no figure changes.".to_owned(),
    }
}

/// The line that a rule draws, in words.
#[must_use]
pub fn limit_words(count: &RuleCount, currency: &str) -> Option<String> {
    Some(match count.limit? {
        Limit::Day(day) => format!("Here: after {}.", format::date(day)),
        Limit::Amount(amount) => {
            format!("Here: above {}.", format::money(amount, currency))
        }
    })
}

/// What a rule met: rows, their share of all rows, and the share of gross sales they hold.
#[must_use]
pub fn figures(line: &Line<'_>, report: &QualityReport, gross: f64) -> Vec<String> {
    let Some(count) = line.count else {
        return vec!["switched off".to_owned()];
    };
    let sales = if count.amount != 0.0 && gross > 0.0 {
        format!("{} of sales", share_words(count.amount.abs() / gross))
    } else {
        "no sales".to_owned()
    };
    vec![
        format::count(count.rows, "row", "rows"),
        format!("{} of rows", share_words(row_share(count, report))),
        sales,
    ]
}

/// Share of the rows read.
#[must_use]
pub fn row_share(rule: &RuleCount, report: &QualityReport) -> f64 {
    rule.rows as f64 / report.rows_read.max(1) as f64
}

/// A share that is small but not zero does not read as zero.
#[must_use]
pub fn share_words(share: f64) -> String {
    if share > 0.0 && share < 0.001 {
        "under 0.1 %".to_owned()
    } else {
        format::percent(share)
    }
}

/// The figures that switches change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    pub customers: u64,
    pub orders: u64,
    pub revenue: f64,
}

impl Figures {
    #[must_use]
    pub fn of(shop: &Shop) -> Self {
        let kpis = &shop.overview.kpis;
        Self {
            customers: kpis.customers,
            orders: kpis.orders,
            revenue: kpis.net_revenue,
        }
    }
}

/// What changed between two readings, one phrase per figure.
#[must_use]
pub fn difference(before: Figures, now: Figures, currency: &str) -> [String; 3] {
    let whole = |name: &str, before: u64, now: u64| {
        let change = i64::try_from(now).unwrap_or(0) - i64::try_from(before).unwrap_or(0);
        if change == 0 {
            format!("{name} {} (unchanged)", format::integer(now))
        } else {
            let sign = if change > 0 { "+" } else { "" };
            let change = format::signed_integer(change);
            format!(
                "{name} {} → {} ({sign}{change})",
                format::integer(before),
                format::integer(now)
            )
        }
    };
    let change = now.revenue - before.revenue;
    let money = |value| format::money_exact(value, currency);
    let revenue = if change.abs() < 0.005 {
        format!("net revenue {} (unchanged)", money(now.revenue))
    } else {
        let sign = if change > 0.0 { "+" } else { "" };
        format!(
            "net revenue {} → {} ({sign}{})",
            money(before.revenue),
            money(now.revenue),
            format::fixed(change, 2)
        )
    };
    [
        whole("customers", before.customers, now.customers),
        whole("orders", before.orders, now.orders),
        revenue,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(rule: Rule, effect: Effect, rows: u64, amount: f64) -> RuleCount {
        RuleCount {
            rule: rule.name().to_owned(),
            explanation: String::new(),
            effect,
            rows,
            limit: None,
            amount,
            samples: Vec::new(),
        }
    }

    fn report(read: u64, kept: u64, rules: Vec<RuleCount>) -> QualityReport {
        QualityReport {
            rows_read: read,
            rows_kept: kept,
            rules,
        }
    }

    #[test]
    fn rows_add_up_in_words() {
        let dropped = count(Rule::MissingCustomer, Effect::Dropped, 12, 0.0);
        assert_eq!(
            reconciliation(&report(1_200, 1_188, vec![dropped])),
            "1,200 rows read = 1,188 kept + 12 left out"
        );
        let changed = count(Rule::NotKept, Effect::Changed, 3, 0.0);
        assert_eq!(
            reconciliation(&report(7, 7, vec![changed])),
            "7 rows read = 7 kept + 0 left out"
        );
        assert!(reconciliation(&report(7, 5, vec![])).contains("do not add up"));
    }

    #[test]
    fn a_rule_that_is_off_stays_listed() {
        let report = report(9, 9, vec![count(Rule::ZeroAmount, Effect::Flagged, 1, 0.0)]);
        let options = ReadOptions {
            rules_off: vec!["not_kept".to_owned()],
            ..ReadOptions::default()
        };
        let lines = lines(&report, &options);
        let found: Vec<_> = lines
            .iter()
            .map(|line| (line.rule, line.count.is_some(), line.on))
            .collect();
        assert_eq!(
            found,
            [
                (Some(Rule::NotKept), false, false),
                (Some(Rule::ZeroAmount), true, true)
            ]
        );
        let clean = clean_checks(&lines);
        assert!(
            clean.contains("repeated rows") && !clean.contains("zero amounts"),
            "{clean}"
        );
    }

    #[test]
    fn consequences_follow_from_the_counts() {
        let repeated = count(Rule::DuplicateLine, Effect::Flagged, 255, 1_234.5);
        let mut line = Line {
            rule: Some(Rule::DuplicateLine),
            count: Some(&repeated),
            on: false,
        };
        assert_eq!(line.switch(), Some("drop_duplicates"));
        assert_eq!(
            consequence(&line, ""),
            "Leaving them out would take away 255 rows and 1,234.50 of revenue."
        );
        line.on = true;
        assert_eq!(
            consequence(&line, ""),
            "Keeping them would add 255 rows and 1,234.50 of revenue."
        );
        let one = count(Rule::NotKept, Effect::Changed, 1, 9.0);
        let line = Line {
            rule: Some(Rule::NotKept),
            count: Some(&one),
            on: true,
        };
        assert_eq!(
            consequence(&line, "€"),
            "Switching it off would count 1 sale worth € 9.00 as kept."
        );
    }

    #[test]
    fn before_and_after_stand_side_by_side() {
        let before = Figures {
            customers: 10,
            orders: 20,
            revenue: 1_000.0,
        };
        let now = Figures {
            customers: 10,
            orders: 18,
            revenue: 1_100.5,
        };
        assert_eq!(
            difference(before, now, ""),
            [
                "customers 10 (unchanged)",
                "orders 20 → 18 (−2)",
                "net revenue 1,000.00 → 1,100.50 (+100.50)"
            ]
        );
    }
}
