//! The small charts of the Start view, and their numbers for copying.

use egui::Ui;

use super::Page;
use crate::{
    action::{Action, Actions},
    chart::{
        Axes, BarList, BarRow, Bars, Line, Lines, Series, Sheet, Tip, Unit, bar_list_ui, bars_ui,
        lines_ui, sheet,
    },
    format::{count, date, integer, money, money_compact, percent, period, value},
};
use ::audiences::answers::{CHANGE_MONTHS, Share};
use analysis::comeback::LEVEL;
use analysis::overview::PeriodRevenue;
use data::day::{Period, iso};

/// Height of a row of a bar list where rows are counted to fit.
const ROW: f32 = 24.0;
/// Height of the words below the dashed line.
const REFERENCE: f32 = 18.0;

impl Page<'_> {
    fn currency(&self) -> &str {
        &self.cx.project.currency
    }

    fn id(&self, customer: u32) -> &str {
        let orders = &self.shop.dataset.orders;
        orders.customer_ids.get(customer as usize)
    }

    /// The months of the last answer's chart.
    fn months(&self) -> &[PeriodRevenue] {
        let Some(start) = &self.shop.start else {
            return &[];
        };
        let whole = &start.months.whole;
        &whole[whole.len().saturating_sub(CHANGE_MONTHS)..]
    }
}

/// What earlier forecasts said and what came, and the forecast of now.
pub(super) fn expected_ui(ui: &mut Ui, page: &Page<'_>, height: f32) {
    let Some(numbers) = &page.answers.expected_revenue.numbers else {
        return;
    };
    let compact = |value: f64| money_compact(value, page.currency());
    let exact = |value: f64| money(value, page.currency());
    let now = numbers
        .expected
        .map_or(numbers.predicted, |total| total.estimate);
    let all = numbers.checks.iter().map(|check| check.actual);
    let longest = all.fold(now, f64::max).max(f64::MIN_POSITIVE);
    let mut rows: Vec<BarRow> = numbers
        .checks
        .iter()
        .rev()
        .map(|check| BarRow {
            name: date(check.made_at),
            length: check.actual / longest,
            figure: format!("{} came", compact(check.actual)),
            share: format!("{} predicted", compact(check.predicted)),
            tip: Tip::new(format!("Forecast of {}", date(check.made_at)))
                .row(None, "Predicted", exact(check.predicted))
                .row(None, "Came", exact(check.actual)),
            quiet: true,
            ..BarRow::default()
        })
        .collect();
    let mut tip = Tip::new(format!("The next {} days", numbers.horizon_days)).row(
        None,
        "Sum of all predictions",
        exact(numbers.predicted),
    );
    if let Some(total) = numbers.expected {
        tip = tip
            .row(None, "Expected", exact(total.estimate))
            .row(None, "At least", exact(total.low))
            .row(None, "At most", exact(total.high));
    }
    rows.push(BarRow {
        name: "Now".to_owned(),
        length: now / longest,
        figure: format!("{} expected", compact(now)),
        tip,
        ..BarRow::default()
    });
    let list = BarList {
        id: "expected_revenue",
        rows: &rows,
        height,
        reference: None,
    };
    bar_list_ui(ui, page.cx.palette, &list);
}

pub(super) fn expected_sheet(page: &Page<'_>) -> Sheet {
    let mut sheet = Sheet::new(&["made_at", "predicted", "expected", "low", "high", "came"]);
    let Some(numbers) = &page.answers.expected_revenue.numbers else {
        return sheet;
    };
    for check in numbers.checks.iter().rev() {
        sheet.push(vec![
            iso(check.made_at),
            sheet::cell(Some(check.predicted)),
            String::new(),
            String::new(),
            String::new(),
            sheet::cell(Some(check.actual)),
        ]);
    }
    let total = numbers.expected;
    sheet.push(vec![
        iso(page.shop.as_of),
        sheet::cell(Some(numbers.predicted)),
        sheet::cell(total.map(|total| total.estimate)),
        sheet::cell(total.map(|total| total.low)),
        sheet::cell(total.map(|total| total.high)),
        String::new(),
    ]);
    sheet
}

/// Value of a customer by months since the first order.
pub(super) fn allowance_ui(ui: &mut Ui, page: &Page<'_>, height: f32) {
    let answer = &page.answers.allowance;
    let Some(numbers) = &answer.numbers else {
        return;
    };
    let palette = page.cx.palette;
    let from_zero = |factor: f64| -> Vec<Option<f64>> {
        let months = numbers.by_month.iter().map(|value| Some(value * factor));
        std::iter::once(Some(0.0)).chain(months).collect()
    };
    let (revenue, margin) = (from_zero(1.0), from_zero(numbers.margin));
    let labels: Vec<String> = (0..revenue.len()).map(|month| month.to_string()).collect();
    let line = |name, color, values| Line {
        name,
        color,
        width: 2.0,
        values,
        provisional_from: usize::MAX,
        labelled: true,
    };
    let lines = [
        line("Revenue", palette.muted, &revenue),
        line("Margin", palette.accent, &margin),
    ];
    let tip = |month: usize, _: usize| {
        let at = |values: &[Option<f64>]| {
            let value = values.get(month).copied().flatten();
            money(value.unwrap_or(0.0), page.currency())
        };
        let months = count(month as u64, "month", "months");
        Tip::new(format!("{months} after the first order"))
            .row(Some(palette.muted), "Revenue per customer", at(&revenue))
            .row(Some(palette.accent), "Margin of it", at(&margin))
    };
    let chart = Lines {
        summary: &answer.sentence,
        height,
        axes: Axes {
            x_title: "Months since the first order",
            y_title: "Per customer",
            unit: Unit::Money(page.currency()),
        },
        labels: &labels,
        label_every: 3,
        first: 0,
        lines: &lines,
        names_room: true,
        marked: None,
        tip: &tip,
    };
    lines_ui(ui, palette, &chart);
}

pub(super) fn allowance_sheet(page: &Page<'_>) -> Sheet {
    let mut sheet = Sheet::new(&["months", "revenue_per_customer", "margin_per_customer"]);
    if let Some(numbers) = &page.answers.allowance.numbers {
        for (month, value) in numbers.by_month.iter().enumerate() {
            sheet.push(vec![
                (month + 1).to_string(),
                sheet::cell(Some(*value)),
                sheet::cell(Some(value * numbers.margin)),
            ]);
        }
    }
    sheet
}

/// Those who have brought most; a click opens one.
pub(super) fn slipping_ui(ui: &mut Ui, page: &Page<'_>, height: f32, actions: &mut Actions) {
    let Some(numbers) = &page.answers.slipping_away.numbers else {
        return;
    };
    let customers = &page.shop.customers;
    let revenue = |row: u32| customers.monetary[row as usize];
    let longest = numbers.dearest.first().map_or(1.0, |&row| revenue(row));
    let longest = longest.max(f64::MIN_POSITIVE);
    let rows: Vec<BarRow> = numbers
        .dearest
        .iter()
        .map(|&row| {
            let silent = customers.recency_days(row as usize).max(0);
            BarRow {
                name: page.id(row).to_owned(),
                length: revenue(row) / longest,
                figure: money(revenue(row), page.currency()),
                share: format!("{silent} days ago"),
                tip: Tip::new(format!("Customer {}", page.id(row)))
                    .row(None, "Revenue so far", money(revenue(row), page.currency()))
                    .row(None, "Last order", date(customers.last_day[row as usize])),
                active: true,
                ..BarRow::default()
            }
        })
        .collect();
    let list = BarList {
        id: "slipping_away",
        rows: &rows,
        height,
        reference: None,
    };
    if let Some(clicked) = bar_list_ui(ui, page.cx.palette, &list) {
        actions.push(Action::OpenCustomer(numbers.dearest.get(clicked).copied()));
    }
}

pub(super) fn slipping_sheet(page: &Page<'_>) -> Sheet {
    let mut sheet = Sheet::new(&["customer", "revenue", "last_order"]);
    if let Some(numbers) = &page.answers.slipping_away.numbers {
        let customers = &page.shop.customers;
        for &row in &numbers.dearest {
            sheet.push(vec![
                page.id(row).to_owned(),
                sheet::cell(Some(customers.monetary[row as usize])),
                iso(customers.last_day[row as usize]),
            ]);
        }
    }
    sheet
}

/// Share that came back by value: from both ends where not all fit.
pub(super) fn bringing_ui(ui: &mut Ui, page: &Page<'_>, height: f32) {
    let Some(numbers) = &page.answers.first_order.numbers else {
        return;
    };
    let fit = (((height - REFERENCE) / ROW).floor() as usize).max(2);
    let shares: Vec<&Share> = if numbers.values.len() <= fit {
        numbers.values.iter().collect()
    } else {
        let best = fit.div_ceil(2);
        let worst = numbers.values.len() - (fit - best);
        let (first, last) = (&numbers.values[..best], &numbers.values[worst..]);
        first.iter().chain(last).collect()
    };
    let longest = numbers.values.iter().map(|of| of.share);
    let longest = longest.fold(numbers.everybody, f64::max);
    let longest = longest.max(f64::MIN_POSITIVE);
    let rows: Vec<BarRow> = shares
        .into_iter()
        .map(|of| {
            let sure = of.p < LEVEL;
            let customers = count(of.customers, "customer", "customers");
            BarRow {
                name: value(&of.value).to_owned(),
                length: of.share / longest,
                figure: percent(of.share),
                share: format!("of {}", integer(of.customers)),
                tip: Tip::new(value(&of.value))
                    .row(None, "Ordered again within 90 days", percent(of.share))
                    .row(None, "Of", customers)
                    .note(if sure {
                        "Differs from everybody else beyond chance."
                    } else {
                        "The difference to everybody else may be chance."
                    }),
                quiet: !sure,
                ..BarRow::default()
            }
        })
        .collect();
    let words = format!("everybody {}", percent(numbers.everybody));
    let list = BarList {
        id: "what_brings_people_back",
        rows: &rows,
        height,
        reference: Some((numbers.everybody / longest, &words)),
    };
    bar_list_ui(ui, page.cx.palette, &list);
}

pub(super) fn bringing_sheet(page: &Page<'_>) -> Sheet {
    let mut sheet = Sheet::new(&["value", "customers", "returned", "share", "p_corrected"]);
    if let Some(numbers) = &page.answers.first_order.numbers {
        for of in &numbers.values {
            sheet.push(vec![
                of.value.clone(),
                of.customers.to_string(),
                of.returned.to_string(),
                sheet::cell(Some(of.share)),
                sheet::cell(Some(of.p)),
            ]);
        }
    }
    sheet
}

/// Revenue of the last 13 months.
pub(super) fn change_ui(ui: &mut Ui, page: &Page<'_>, height: f32) {
    let months = page.months();
    let labels: Vec<String> = (months.iter())
        .map(|month| period(Period::Month, month.index))
        .collect();
    let revenue: Vec<f64> = months.iter().map(PeriodRevenue::revenue).collect();
    let series = [Series {
        name: "Net revenue",
        color: page.cx.palette.accent,
        values: &revenue,
    }];
    let tip = |index: usize| {
        let Some(month) = months.get(index) else {
            return Tip::default();
        };
        Tip::new(labels[index].clone())
            .row(None, "Net revenue", money(month.revenue(), page.currency()))
            .row(None, "Orders", integer(month.orders))
            .row(None, "New customers", integer(month.customers_new))
    };
    let axes = Axes {
        x_title: "Month",
        y_title: "Net revenue per month",
        unit: Unit::Money(page.currency()),
    };
    let chart = Bars {
        summary: &page.answers.last_month.sentence,
        height,
        // The month that is spoken of must be named.
        anchor: months.len().saturating_sub(1),
        ..Bars::new(axes, &labels, &series, &tip)
    };
    bars_ui(ui, page.cx.palette, &chart);
}

pub(super) fn change_sheet(page: &Page<'_>) -> Sheet {
    let mut sheet = Sheet::new(&["month", "revenue", "orders", "new_customers"]);
    for month in page.months() {
        sheet.push(vec![
            Period::Month.label(month.index),
            sheet::cell(Some(month.revenue())),
            month.orders.to_string(),
            month.customers_new.to_string(),
        ]);
    }
    sheet
}
