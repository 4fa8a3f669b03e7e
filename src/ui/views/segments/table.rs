//! The segment table.

use egui::{RichText, Ui};

use super::{
    Tune,
    bubbles::sentence,
    colour::Shades,
    model::{Model, Segment},
    picked,
};
use crate::{
    action::{Action, Actions, View},
    chart::portrait,
    cx::Cx,
    format::{self, fixed, integer, money, money_exact, percent},
    theme::{font, gap},
    views::look::{sort_of, sort_text},
    widgets::table::{BAR_WIDTH, Column, Output, Row, Scroll, Sort, Table, full_height},
};
use analysis::selection::Part;

/// Columns of the segment table, in order, with the least width their head and figures need.
const COLUMNS: [(&str, &str, f32); 9] = [
    ("Segment", "Customers won by the segment's rule", 158.0),
    ("Customers", "Customers in the segment", 84.0),
    ("Share", "Share of all customers", 70.0),
    (
        "Revenue",
        "Net revenue of the segment before the as-of date",
        88.0,
    ),
    ("Revenue share", "Share of all net revenue", 110.0),
    (
        "Days since last",
        "Mean days from the last order to the as-of date",
        108.0,
    ),
    ("Orders each", "Mean orders per customer", 90.0),
    ("Revenue each", "Mean net revenue per customer", 100.0),
    (
        "Per order",
        "Average order value: net revenue ÷ orders of the segment",
        76.0,
    ),
];
const TENURE: (&str, &str, f32) = (
    "Days known",
    "Tenure: mean days from the first order to the as-of date",
    92.0,
);

/// Columns that stand there once there are predictions: sum, mean, P(alive).
const PREDICTED: [(&str, &str, f32); 3] = [
    ("Predicted", "Predicted value of all its customers", 84.0),
    ("Predicted each", "Mean predicted value per customer", 112.0),
    ("P(alive)", "Mean chance of still being a customer", 72.0),
];

/// Columns leave in this order where there is no room for all.
const DISPENSABLE: [usize; 7] = [9, 8, 2, 6, 5, 7, 12];

/// Sort order and scroll position of the table.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// `None`: in the order of the rules.
    sort: Option<Sort>,
    scroll: Scroll,
    current: Option<usize>,
}

impl State {
    /// The order in words, for a scene; `None` in the order of the rules.
    pub(super) fn sort_text(&self) -> Option<String> {
        let sort = self.sort?;
        let title = titles().nth(sort.column)?;
        Some(sort_text(title, sort.descending))
    }

    /// The other way round of [`Self::sort_text`].
    pub(super) fn take_sort(&mut self, text: Option<&str>) {
        let sort = text.and_then(sort_of).and_then(|(title, descending)| {
            let column = titles().position(|known| known == title)?;
            Some(Sort { column, descending })
        });
        self.sort = sort;
    }
}

/// Titles of all columns there can be.
fn titles() -> impl Iterator<Item = &'static str> {
    let all = COLUMNS.into_iter().chain([TENURE]).chain(PREDICTED);
    all.map(|(title, _, _)| title)
}

/// The predicted columns there is something for.
fn predicted_columns(model: &Model) -> usize {
    match &model.predicted {
        None => 0,
        Some(predicted) if predicted.alive => 3,
        Some(_) => 2,
    }
}

/// The columns that stand side by side in `width` points, by number; all there are where they fit.
fn fitting(predicted: usize, width: f32) -> Vec<usize> {
    let all = || COLUMNS.into_iter().chain([TENURE]).chain(PREDICTED);
    let mut shown: Vec<usize> = (0..COLUMNS.len() + 1 + predicted).collect();
    for leaving in DISPENSABLE {
        let needed: f32 = shown
            .iter()
            .filter_map(|&number| all().nth(number))
            .map(|column| column.2)
            .sum();
        if needed <= width {
            break;
        }
        shown.retain(|&number| number != leaving);
    }
    shown
}

fn columns(shown: &[usize]) -> Vec<Column<'static>> {
    COLUMNS
        .into_iter()
        .chain([TENURE])
        .chain(PREDICTED)
        .enumerate()
        .filter(|(number, _)| shown.contains(number))
        .map(|(number, (title, hint, width))| Column {
            title,
            hint,
            width,
            grow: match number {
                0 => 1.5,
                4 => 2.0,
                _ => 0.6,
            },
            numeric: number > 0,
        })
        .collect()
}

/// Segments in the order the table shows them.
#[must_use]
pub fn order(segments: &[Segment], sort: Option<Sort>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..segments.len()).collect();
    let Some(sort) = sort else {
        return order;
    };
    let key = |index: usize| {
        let stats = &segments[index].stats;
        let expected = segments[index].expected.unwrap_or_default();
        match sort.column {
            1 | 2 => stats.customers as f64,
            3 | 4 => stats.revenue,
            5 => stats.recency_days,
            6 => stats.frequency,
            7 => stats.monetary,
            8 => stats.aov,
            10 => expected.value,
            11 => expected.mean().unwrap_or(f64::NEG_INFINITY),
            12 => expected.p_alive().unwrap_or(f64::NEG_INFINITY),
            _ => stats.tenure_days,
        }
    };
    order.sort_by(|&a, &b| {
        let ordering = if sort.column == 0 {
            segments[a].stats.name.cmp(&segments[b].stats.name)
        } else {
            key(a).total_cmp(&key(b))
        };
        if sort.descending {
            ordering.reverse()
        } else {
            ordering
        }
    });
    order
}

/// First click: largest first (names: A to Z); second: the other way; third: rule order again.
#[must_use]
pub fn next_sort(current: Option<Sort>, column: usize) -> Option<Sort> {
    let first = column != 0;
    match current.filter(|sort| sort.column == column) {
        None => Some(Sort {
            column,
            descending: first,
        }),
        Some(sort) if sort.descending == first => Some(Sort {
            column,
            descending: !first,
        }),
        Some(_) => None,
    }
}

/// Draws the table in full height.
pub fn table_ui(ui: &mut Ui, cx: &Cx<'_>, model: &Model, state: &mut State, actions: &mut Actions) {
    let order = order(&model.segments, state.sort);
    let chosen = picked(cx, |part| match part {
        Part::Segment(name) => Some(name.as_str()),
        _ => None,
    });
    let predicted = predicted_columns(model);
    let shown = fitting(predicted, ui.available_width() - BAR_WIDTH);
    let columns = columns(&shown);
    let least: f32 = columns.iter().map(|column| column.width).sum();
    let bar = if least + BAR_WIDTH > ui.available_width() {
        BAR_WIDTH
    } else {
        0.0
    };
    let table = Table {
        label: "Segments",
        columns: &columns,
        rows: order.len(),
        sort: state.sort.and_then(|sort| {
            let column = shown.iter().position(|&number| number == sort.column)?;
            Some(Sort { column, ..sort })
        }),
        current: state.current,
        sortable: true,
        height: full_height(order.len()) + bar,
        grabs_keys: false,
    };
    let currency = cx.project.currency.as_str();
    let output = table.show_ui(ui, cx.palette, &mut state.scroll, |row, index| {
        let segment = &model.segments[order[index]];
        row.label(sentence(segment));
        row.tooltip(format!("{}: {}", segment.stats.name, segment.rule));
        row.mark(chosen.contains(&segment.stats.name.as_str()));
        cells(row, segment, (currency, &shown));
        let color = if model.predicted.as_ref().is_some_and(|known| known.stale) {
            cx.palette.faint
        } else {
            cx.palette.text
        };
        let texts = predictions(model, segment, currency);
        for (offset, text) in texts.iter().enumerate() {
            if let Some(place) = shown.iter().position(|&number| number == 10 + offset) {
                row.colored_number(place, text, color);
            }
        }
    });
    let output = Output {
        sort: output.sort.and_then(|place| shown.get(place).copied()),
        ..output
    };
    apply(ui, cx, (model, &order), state, (output, actions));
    below_ui(ui, cx, (model, &hidden(predicted, &shown)), actions);
}

/// Which columns found no room, in words; empty when all are there.
fn hidden(predicted: usize, shown: &[usize]) -> String {
    let titles = titles().take(COLUMNS.len() + 1 + predicted).enumerate();
    let missing: Vec<&str> = titles
        .filter(|(number, _)| !shown.contains(number))
        .map(|(_, title)| title)
        .collect();
    if missing.is_empty() {
        return String::new();
    }
    format!("No room for: {}.", missing.join(", "))
}

/// Size, shares and means.
fn cells(row: &mut Row<'_>, segment: &Segment, (currency, shown): (&str, &[usize])) {
    let stats = &segment.stats;
    let mean = |text: String| {
        if stats.customers == 0 {
            "–".to_owned()
        } else {
            text
        }
    };
    for (place, &number) in shown.iter().enumerate() {
        let text = match number {
            0 => {
                row.segment(place, stats.style, &stats.name);
                continue;
            }
            4 => {
                let share = stats.revenue_share;
                row.bar(place, share as f32, &percent(share), stats.style);
                continue;
            }
            1 => integer(stats.customers),
            2 => percent(segment.share),
            3 => money(stats.revenue, currency),
            5 => mean(fixed(stats.recency_days, 0)),
            6 => mean(fixed(stats.frequency, 2)),
            7 => mean(money_exact(stats.monetary, currency)),
            8 => mean(money_exact(stats.aov, currency)),
            9 => mean(fixed(stats.tenure_days, 0)),
            _ => continue,
        };
        row.number(place, &text);
    }
}

/// Sum and mean of the predicted values, and mean P(alive).
fn predictions(model: &Model, segment: &Segment, currency: &str) -> [String; 3] {
    let expected = segment.expected.unwrap_or_default();
    let chance = model.predicted.as_ref().is_some_and(|known| known.chance);
    let sum = (expected.told > 0).then(|| {
        if chance {
            fixed(expected.value, 0)
        } else {
            money(expected.value, currency)
        }
    });
    let mean = expected
        .mean()
        .map(|mean| Shades::words(chance, mean, currency));
    let alive = expected.p_alive().map(format::chance);
    [sum, mean, alive].map(|text| text.unwrap_or_else(|| "–".to_owned()))
}

/// Who predicts, or how to get predictions.
fn below_ui(ui: &mut Ui, cx: &Cx<'_>, (model, hidden): (&Model, &str), actions: &mut Actions) {
    if portrait::bottom(ui).is_some() {
        return;
    }
    ui.add_space(gap::XS);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        let muted = |text: &str| {
            RichText::new(text)
                .font(font::caption())
                .color(cx.palette.muted)
        };
        if !hidden.is_empty() {
            ui.label(muted(hidden)).on_hover_text("Widen the window or close the panel beside; copied and saved tables hold them all.");
        }
        let Some(predicted) = &model.predicted else {
            ui.label(muted("No predicted value yet: no model was trained."));
            if ui
                .link(RichText::new("Train one").font(font::caption()))
                .clicked()
            {
                actions.push(Action::Show(View::Models));
            }
            return;
        };
        ui.label(muted(&predicted.words));
        let other = cx
            .shop
            .outlook
            .as_ref()
            .filter(|known| known.as_of() != cx.shop.as_of);
        if other.is_some() {
            ui.label(muted("The segments are of another date."));
        }
        let link = RichText::new("Segments × predicted value").font(font::caption());
        if ui.link(link).clicked() {
            actions.push(Action::Tune(Tune::ShowActions));
        }
    });
}

fn apply(
    ui: &Ui,
    cx: &Cx<'_>,
    (model, order): (&Model, &[usize]),
    state: &mut State,
    (output, actions): (Output, &mut Actions),
) {
    if let Some(column) = output.sort {
        state.sort = next_sort(state.sort, column);
    }
    if let Some(row) = output.moved {
        state.current = Some(row);
    }
    if let Some(row) = output.clicked.map(|(row, _)| row).or(output.opened) {
        let name = model.segments[order[row]].stats.name.clone();
        super::pick_ui(ui, cx, Part::Segment(name), actions);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::segments::SegmentStats;

    fn segments() -> Vec<Segment> {
        [
            ("VIP", 20, 900.0),
            ("Dormant", 60, 40.0),
            ("Loyal", 30, 300.0),
        ]
        .into_iter()
        .map(|(name, customers, revenue)| Segment {
            stats: SegmentStats {
                name: name.to_owned(),
                customers,
                revenue,
                ..SegmentStats::default()
            },
            ..Segment::default()
        })
        .collect()
    }

    #[test]
    fn columns_leave_where_there_is_no_room() {
        assert_eq!(fitting(0, 980.0).len(), 10);
        assert_eq!(fitting(3, 1_250.0).len(), 13);
        let shown = fitting(3, 890.0);
        assert_eq!(shown, [0, 1, 3, 4, 7, 10, 11, 12]);
        assert_eq!(
            hidden(3, &shown),
            "No room for: Share, Days since last, Orders each, Per order, Days known."
        );
        assert_eq!(hidden(0, &fitting(0, 980.0)), "");
        assert_eq!(fitting(3, 100.0).len(), 6);
    }

    #[test]
    fn heads_sort_by_name_or_number_and_go_back_to_rule_order() {
        let segments = segments();
        let mut sort = next_sort(None, 1);
        assert_eq!(order(&segments, sort), [1, 2, 0]);
        sort = next_sort(sort, 1);
        assert_eq!(order(&segments, sort), [0, 2, 1]);
        sort = next_sort(sort, 1);
        assert_eq!(order(&segments, sort), [0, 1, 2]);
        sort = next_sort(sort, 0);
        assert_eq!(order(&segments, sort), [1, 2, 0]);
        sort = next_sort(sort, 3);
        assert_eq!(order(&segments, sort), [0, 2, 1]);
    }
}
