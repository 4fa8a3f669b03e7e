//! Cost of winning customers against what they bring: CAC, payback, LTV:CAC, from a small cost table.
//!
//! CAC = cost ÷ customers won. Payback = the first month of a customer's life in which the margin
//! brought so far, averaged over the customers observed that long, reaches CAC. LTV:CAC = (net revenue
//! so far + predicted value) × margin ÷ cost.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use analysis::customers::Customers;
use data::day::{Day, Period, from_civil};
use data::orders::{Attribute, Orders};

/// One line of the cost table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostRow {
    /// Acquisition channel; `None` when the table has no such column.
    #[serde(default)]
    pub channel: Option<String>,
    /// Month the money was spent in, as months since January 1970; `None` without such a column.
    #[serde(default)]
    pub month: Option<i32>,
    /// In the shop's currency.
    pub cost: f64,
}

/// Why a cost table cannot be read; `Display` is the full sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CostError {
    #[error("the cost table is empty; expected a header line and at least one row")]
    Empty,
    #[error("the header “{found}” names no cost; expected a column called cost, spend or amount")]
    NoCost { found: String },
    #[error("row {row}: “{found}” is no amount; expected a number such as 1250.50")]
    Amount { row: usize, found: String },
    #[error("row {row}: “{found}” is no month; expected 2024-03, 03/2024 or 2024-03-31")]
    Month { row: usize, found: String },
}

/// Reads a cost table: CSV with a header; a cost column, and a channel column, a month column, both or
/// none.
///
/// # Errors
/// The first cell that cannot be read, with its row.
pub fn read_costs(text: &str) -> Result<Vec<CostRow>, CostError> {
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let head = lines.next().ok_or(CostError::Empty)?;
    let separator = [';', '\t', ',']
        .into_iter()
        .filter(|&separator| head.contains(separator))
        .max_by_key(|&separator| head.matches(separator).count())
        // A single column has nothing to separate: 1,000 is one amount.
        .unwrap_or('\0');
    let names: Vec<String> = cells(head, separator)
        .iter()
        .map(|n| n.to_lowercase())
        .collect();
    let find = |known: &[&str]| {
        names
            .iter()
            .position(|name| known.iter().any(|k| name.contains(k)))
    };
    let cost = find(&["cost", "spend", "amount", "kosten"]).ok_or_else(|| CostError::NoCost {
        found: head.to_owned(),
    })?;
    let channel = find(&["channel", "source", "medium", "campaign", "kanal"]);
    let month = find(&["month", "date", "period", "monat"]);
    let rows: Result<Vec<CostRow>, CostError> = lines
        .enumerate()
        .map(|(number, line)| {
            let (row, cells) = (number + 2, cells(line, separator));
            let cell = |place: usize| cells.get(place).cloned().unwrap_or_default();
            Ok(CostRow {
                channel: channel.map(cell),
                month: month.map(|place| month_of(row, &cell(place))).transpose()?,
                cost: amount_of(row, &cell(cost))?,
            })
        })
        .collect();
    let rows = rows?;
    if rows.is_empty() {
        Err(CostError::Empty)
    } else {
        Ok(rows)
    }
}

/// Cells of a line; quotes keep separators, doubled quotes stand for one.
fn cells(line: &str, separator: char) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            _ if letter == separator && !quoted => cells.push(std::mem::take(&mut cell)),
            _ => cell.push(letter),
        }
    }
    cells.push(cell);
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

fn amount_of(row: usize, text: &str) -> Result<f64, CostError> {
    let wrong = || CostError::Amount {
        row,
        found: text.to_owned(),
    };
    let plain = bare_amount(text).ok_or_else(wrong)?;
    // The last separator with other than three digits behind it is the decimal one.
    let decimal = plain.rfind(['.', ',']).filter(|&at| {
        plain.len() - at != 4 || plain[at..].starts_with('.') && !plain.contains(',')
    });
    // Every other separator is followed by a group of three, or it is a date, a version, two numbers.
    let groups = plain
        .match_indices(['.', ','])
        .filter(|(at, _)| Some(*at) != decimal);
    let whole = |at: usize| {
        let rest = &plain[at + 1..];
        rest.bytes().take_while(u8::is_ascii_digit).count() == 3
    };
    if !groups.map(|(at, _)| at).all(whole) {
        return Err(wrong());
    }
    let number: String = plain
        .char_indices()
        .filter_map(|(at, c)| match c {
            '.' | ',' => (Some(at) == decimal).then_some('.'),
            c => Some(c),
        })
        .collect();
    let value: f64 = number.parse().map_err(|_| wrong())?;
    (0.0..=1e12)
        .contains(&value)
        .then_some(value)
        .ok_or_else(wrong)
}

/// Digits, separators and sign of an amount without its currency: a sign or a code of letters before or
/// behind the number. `None` where anything else stands there, for then it is no amount: `1e3`, a date.
fn bare_amount(text: &str) -> Option<String> {
    let figure = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-');
    // Thousands may be apart by a blank (also a thin or an unbreakable one) or an apostrophe.
    let apart = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’');
    let (begin, end) = (text.find(figure)?, text.rfind(figure)? + 1);
    let (before, number, behind) = (text[..begin].trim(), &text[begin..end], text[end..].trim());
    let currency = |words: &str| {
        let letters = words.chars().filter(|c| c.is_alphabetic()).count();
        letters <= 3
            && !words
                .chars()
                .any(|c| matches!(c, '%' | '/' | ':' | '(' | ')'))
    };
    let both = !before.is_empty() && !behind.is_empty();
    let clean = number.chars().all(|c| figure(c) || apart(c));
    let minus = number.rfind('-').is_some_and(|at| at > 0);
    let blanks = number.split(apart).skip(1);
    // 12 50 is two numbers: only groups of three digits belong together.
    let mut groups = blanks.map(|group| group.bytes().take_while(u8::is_ascii_digit).count());
    if both || !clean || minus || !currency(before) || !currency(behind) || groups.any(|n| n != 3) {
        return None;
    }
    Some(number.chars().filter(|c| figure(*c)).collect())
}

fn month_of(row: usize, text: &str) -> Result<i32, CostError> {
    let numbers: Vec<i32> = text
        .split(['-', '/', '.'])
        .map_while(|part| part.trim().parse().ok())
        .collect();
    let month = match numbers[..] {
        [year, month] | [year, month, _] if year > 31 => Some((year, month)),
        [month, year] | [_, month, year] => Some((year, month)),
        _ => None,
    };
    month
        .filter(|&(_, month)| (1..=12).contains(&month))
        .and_then(|(year, month)| from_civil(year, month as u32, 1))
        .map(|day| Period::Month.index(day))
        .ok_or_else(|| CostError::Month {
            row,
            found: text.to_owned(),
        })
}

/// Where a customer came from: the first of the usual columns that the shop has.
#[derive(Clone, Copy)]
pub enum ChannelColumn<'a> {
    /// A column of the customers.
    OfCustomers(&'a Attribute),
    /// A column of the lines: the customer's first kept order counts, as in the cohorts.
    OfLines(&'a Attribute),
}

impl<'a> ChannelColumn<'a> {
    /// Looks for a column that names acquisition channels.
    #[must_use]
    pub fn find(orders: &'a Orders) -> Option<Self> {
        const NAMES: [&str; 6] = ["channel", "source", "medium", "campaign", "kanal", "origin"];
        let known = |attribute: &&Attribute| {
            let name = attribute.name.to_lowercase();
            NAMES.iter().any(|wanted| name.contains(wanted))
        };
        let of_customers = orders.traits.iter().find(known).map(Self::OfCustomers);
        of_customers.or_else(|| orders.attributes.iter().find(known).map(Self::OfLines))
    }

    #[must_use]
    pub fn name(&self) -> &'a str {
        match self {
            Self::OfCustomers(attribute) | Self::OfLines(attribute) => &attribute.name,
        }
    }

    fn of(&self, orders: &Orders, customer: usize) -> &'a str {
        match self {
            Self::OfCustomers(attribute) => attribute.value(customer),
            Self::OfLines(attribute) => attribute.value(orders.first_kept_line(customer)),
        }
    }
}

/// Cost and return of one channel, or of all.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Acquisition {
    /// Channel as the cost table spells it; "All" without channels.
    pub channel: String,
    pub cost: f64,
    /// Customers won in the months (and by the channel) the cost is for.
    pub customers: u64,
    /// Cost per customer won; `None` when nobody was won.
    pub cac: Option<f64>,
    /// Net revenue so far + predicted value, times margin, per customer.
    pub ltv: f64,
    pub ltv_to_cac: Option<f64>,
    /// Months of a customer's life until the margin reaches CAC; 0 = with the first month's orders.
    /// `None` when it has not within the months observed.
    pub payback_months: Option<u32>,
}

/// CAC, payback and LTV:CAC by channel, in the order of names; `predicted` may be empty.
#[must_use]
pub fn acquisition(
    orders: &Orders,
    customers: &Customers,
    predicted: &[f64],
    costs: &[CostRow],
    margin: f64,
) -> Vec<Acquisition> {
    let column = ChannelColumn::find(orders);
    let mut by_channel: BTreeMap<String, Vec<&CostRow>> = BTreeMap::new();
    for row in costs {
        let key = row.channel.clone().unwrap_or_else(|| "All".to_owned());
        by_channel.entry(key).or_default().push(row);
    }
    by_channel
        .into_iter()
        .map(|(channel, rows)| {
            let won = |row: usize| {
                let month = Period::Month.index(customers.first_day[row]);
                let in_month = |cost: &CostRow| cost.month.is_none_or(|of| of == month);
                let here = rows[0].channel.is_none()
                    || column.is_some_and(|column| {
                        column.of(orders, row).eq_ignore_ascii_case(&channel)
                    });
                customers.exists(row) && here && rows.iter().any(|cost| in_month(cost))
            };
            let won: Vec<usize> = (0..customers.len()).filter(|&row| won(row)).collect();
            let cost = rows.iter().map(|row| row.cost).sum();
            summary(orders, customers, predicted, (channel, cost, margin), &won)
        })
        .collect()
}

fn summary(
    orders: &Orders,
    customers: &Customers,
    predicted: &[f64],
    (channel, cost, margin): (String, f64, f64),
    won: &[usize],
) -> Acquisition {
    let count = won.len() as f64;
    let value = |row: &usize| customers.monetary[*row] + predicted.get(*row).unwrap_or(&0.0);
    let ltv = if won.is_empty() {
        0.0
    } else {
        won.iter().map(value).sum::<f64>() * margin / count
    };
    let cac = (!won.is_empty()).then(|| cost / count);
    Acquisition {
        channel,
        cost,
        customers: won.len() as u64,
        cac,
        ltv,
        ltv_to_cac: cac.filter(|cac| *cac > 0.0).map(|cac| ltv / cac),
        payback_months: cac.and_then(|cac| payback(orders, customers, won, (cac, margin))),
    }
}

/// First whole month of life in which margin × mean revenue so far reaches `cac`. Each month's mean is
/// over the customers whose month has ended by S.
fn payback(
    orders: &Orders,
    customers: &Customers,
    won: &[usize],
    (cac, margin): (f64, f64),
) -> Option<u32> {
    const MONTH_DAYS: f64 = 365.0 / 12.0;
    let month_of = |first: Day, day: Day| (f64::from(day - first) / MONTH_DAYS).floor() as usize;
    let longest = won.iter().map(|&row| customers.tenure_days(row)).max()?;
    let months = (f64::from(longest) / MONTH_DAYS).floor() as usize;
    let mut revenue = vec![0.0; months];
    let mut observed = vec![0_u32; months];
    for &row in won {
        let first = customers.first_day[row];
        let complete = month_of(first, customers.as_of);
        for month in &mut observed[..complete.min(months)] {
            *month += 1;
        }
        for line in orders.lines_before(row, customers.as_of) {
            let month = month_of(first, orders.days[line].max(first));
            if month < complete.min(months) {
                revenue[month] += orders.net(line);
            }
        }
    }
    let mut sum = 0.0;
    for (month, (revenue, observed)) in revenue.iter().zip(observed).enumerate() {
        sum += if observed == 0 {
            0.0
        } else {
            revenue / f64::from(observed)
        };
        if sum * margin >= cac {
            return Some(month as u32);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::customers::customers_as_of;
    use data::orders::{Codes, flag};

    fn month(year: i32, month: u32) -> i32 {
        Period::Month.index(from_civil(year, month, 1).unwrap())
    }

    #[test]
    fn tables_of_several_spellings_are_read() {
        let row = |channel: Option<&str>, month, cost| CostRow {
            channel: channel.map(str::to_owned),
            month,
            cost,
        };
        let text = "Channel,Month,Cost\n\"Ads, paid\",2024-03,\"1,250.50\"\nMail,04/2024,80\n";
        assert_eq!(
            read_costs(text).unwrap(),
            [
                row(Some("Ads, paid"), Some(month(2024, 3)), 1250.5),
                row(Some("Mail"), Some(month(2024, 4)), 80.0),
            ]
        );
        let german = "Monat;Kosten\n31.03.2024;1.250,50 €\n";
        assert_eq!(
            read_costs(german).unwrap(),
            [row(None, Some(month(2024, 3)), 1250.5)]
        );
        assert_eq!(
            read_costs("spend\n1,000\n").unwrap(),
            [row(None, None, 1000.0)]
        );
    }

    #[test]
    fn wrong_cells_are_named() {
        assert_eq!(read_costs(""), Err(CostError::Empty));
        assert_eq!(read_costs("cost\n"), Err(CostError::Empty));
        assert!(matches!(
            read_costs("a,b\n1,2"),
            Err(CostError::NoCost { .. })
        ));
        let error = read_costs("month,cost\n2024-13,5").unwrap_err().to_string();
        assert!(error.starts_with("row 2: “2024-13” is no month"), "{error}");
        // None of these is an amount, though all hold digits.
        for found in [
            "1e3",
            "12 March 2024",
            "12.03.2024",
            "2024-03-12",
            "12 50",
            "1,25,000",
            "5 of 7",
            "3 %",
            "-4",
            "1e400",
            "EUR 5 USD",
            "∞",
        ] {
            let error = read_costs(&format!("cost\n\"{found}\"")).unwrap_err();
            assert!(
                matches!(error, CostError::Amount { row: 2, .. }),
                "{found}: {error}"
            );
        }
        for (found, amount) in [
            ("€ 1.250,50", 1_250.5),
            ("1 250,50 EUR", 1_250.5),
            ("$1,250", 1_250.0),
            ("CHF 1’250.50", 1_250.5),
            ("12.5", 12.5),
            ("1,250,000", 1_250_000.0),
            ("0", 0.0),
        ] {
            let rows = read_costs(&format!("cost\n\"{found}\"")).unwrap();
            assert_eq!(rows[0].cost, amount, "{found}");
        }
        let error = read_costs("cost\nmany").unwrap_err().to_string();
        assert!(error.starts_with("row 2: “many” is no amount"), "{error}");
    }

    /// A cancelled line says nothing of where a customer came from.
    #[test]
    fn the_channel_is_that_of_the_first_kept_order() {
        let start = flag::ORDER_START | flag::DAY_START;
        let orders = Orders {
            customer_ids: ["a"].into_iter().collect(),
            offsets: vec![0, 2],
            days: vec![0, 3],
            amounts: vec![40.0, 60.0],
            orders: vec![0, 1],
            flags: vec![flag::NOT_KEPT, start],
            attributes: vec![Attribute {
                name: "channel".to_owned(),
                codes: Codes::U8(vec![0, 1]),
                values: ["Ads", "mail"].into_iter().collect(),
            }],
            ..Orders::default()
        };
        let customers = customers_as_of(&orders, 100);
        let costs = read_costs("channel,cost\nads,50\nmail,10\n").unwrap();
        let found = acquisition(&orders, &customers, &[], &costs, 0.5);
        assert_eq!((found[0].customers, found[1].customers), (0, 1));
        assert_eq!(found[1].ltv, 30.0);
    }

    /// Two customers by "ads": 0 spends 40 on day 0 and 60 on day 40; 1 spends 20 on day 0. One by
    /// "mail". As of day 100 both months 0 to 2 are complete (30.4, 60.8, 91.3 days).
    #[test]
    fn payback_comes_with_the_month_that_covers_the_cost() {
        let start = flag::ORDER_START | flag::DAY_START;
        let orders = Orders {
            customer_ids: ["a", "b", "c"].into_iter().collect(),
            offsets: vec![0, 2, 3, 4],
            days: vec![0, 40, 0, 0],
            amounts: vec![40.0, 60.0, 20.0, 500.0],
            orders: vec![0, 1, 2, 3],
            flags: vec![start; 4],
            attributes: vec![Attribute {
                name: "channel".to_owned(),
                codes: Codes::U8(vec![0, 0, 0, 1]),
                values: ["Ads", "mail"].into_iter().collect(),
            }],
            ..Orders::default()
        };
        let customers = customers_as_of(&orders, 100);
        let costs = read_costs("channel,cost\nads,50\nfairs,10\n").unwrap();
        let found = acquisition(&orders, &customers, &[10.0, 0.0, 0.0], &costs, 0.5);
        // CAC 25. Month 0: mean revenue 30, margin 15; month 1: 60 more for one of two, margin 30.
        // LTV: (100 + 10 + 20) · 0.5 ÷ 2 = 32.5.
        let ads = Acquisition {
            channel: "ads".to_owned(),
            cost: 50.0,
            customers: 2,
            cac: Some(25.0),
            ltv: 32.5,
            ltv_to_cac: Some(1.3),
            payback_months: Some(1),
        };
        assert_eq!(found[0], ads);
        assert_eq!(
            (found[1].customers, found[1].cac, found[1].payback_months),
            (0, None, None)
        );
    }
}
