//! The segment table.

use egui::Ui;

use super::{
    bubbles::sentence,
    model::{Model, Segment},
    picked,
};
use crate::{
    analysis::selection::Part,
    ui::{
        action::Actions,
        cx::Cx,
        format::{fixed, integer, money, money_exact, percent},
        widgets::table::{Column, Output, Scroll, Sort, Table, full_height},
    },
};

/// Columns of the segment table, in order.
const COLUMNS: [(&str, &str, f32); 9] = [
    ("Segment", "Customers won by the segment's rule", 160.0),
    ("Customers", "Customers in the segment", 88.0),
    ("Share", "Share of all customers", 76.0),
    (
        "Revenue",
        "Net revenue of the segment before the as-of date",
        96.0,
    ),
    ("Revenue share", "Share of all net revenue", 150.0),
    (
        "Days since last",
        "Mean days from the last order to the as-of date",
        112.0,
    ),
    ("Orders each", "Mean orders per customer", 88.0),
    ("Revenue each", "Mean net revenue per customer", 100.0),
    (
        "Per order",
        "Average order value: net revenue ÷ orders of the segment",
        84.0,
    ),
];
const TENURE: (&str, &str, f32) = (
    "Days known",
    "Tenure: mean days from the first order to the as-of date",
    84.0,
);

/// Sort order and scroll position of the table.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// `None`: in the order of the rules.
    sort: Option<Sort>,
    scroll: Scroll,
    current: Option<usize>,
}

fn columns() -> Vec<Column<'static>> {
    COLUMNS
        .into_iter()
        .chain([TENURE])
        .enumerate()
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
        match sort.column {
            1 | 2 => stats.customers as f64,
            3 | 4 => stats.revenue,
            5 => stats.recency_days,
            6 => stats.frequency,
            7 => stats.monetary,
            8 => stats.aov,
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
    let columns = columns();
    let table = Table {
        label: "Segments",
        columns: &columns,
        rows: order.len(),
        sort: state.sort,
        current: state.current,
        sortable: true,
        height: full_height(order.len()),
        grabs_keys: false,
    };
    let currency = cx.project.currency.as_str();
    let output = table.show_ui(ui, cx.palette, &mut state.scroll, |row, index| {
        let segment = &model.segments[order[index]];
        let stats = &segment.stats;
        row.label(sentence(segment));
        row.tooltip(format!("{}: {}", stats.name, segment.rule));
        row.mark(chosen.contains(&stats.name.as_str()));
        row.segment(0, stats.style, &stats.name);
        row.number(1, &integer(stats.customers));
        row.number(2, &percent(segment.share));
        row.number(3, &money(stats.revenue, currency));
        let share = stats.revenue_share;
        row.bar(4, share as f32, &percent(share), stats.style);
        let means = [
            fixed(stats.recency_days, 0),
            fixed(stats.frequency, 2),
            money_exact(stats.monetary, currency),
            money_exact(stats.aov, currency),
            fixed(stats.tenure_days, 0),
        ];
        for (offset, text) in means.iter().enumerate() {
            let text = if stats.customers == 0 { "–" } else { text };
            row.number(5 + offset, text);
        }
    });
    apply(ui, cx, (model, &order), state, (output, actions));
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
    use crate::analysis::segments::SegmentStats;

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
