//! A second look: customers whom two ways of ranking place very differently, and why.

use egui::Ui;
use lucide_icons::Icon;

use super::{Page, State, words};
use crate::{
    action::{Action, Actions},
    chart::{ChartCard, sheet::Sheet},
    widgets::{
        card::Head,
        empty::empty_ui,
        grid::height_to,
        segmented::segmented_ui,
        table::{Column, Table},
    },
};
use audiences::disagree::{Disagreement, Disagreements};

/// Draws the section.
pub(super) fn disagree_ui(ui: &mut Ui, page: &Page<'_>, state: &mut State, actions: &mut Actions) {
    let Some(found) = page.people.disagreements.as_ref() else {
        let why = page
            .problem()
            .unwrap_or("Nothing is predicted for this shop.");
        empty_ui(ui, page.cx.palette, Icon::Scale, why, None);
        return;
    };
    let finding = words::disagreement_finding(found);
    let head = Head {
        title: "Customers worth a second look",
        finding: &finding,
        definition: "Every customer is ranked by each way of looking: the sum of the three scores (RFM), \
                     the predicted value, and the trained model when there is one. Places count from the best: “3 of 100” means \
                     that 3 in 100 customers stand as high or higher; equal customers share their place. Listed \
                     are the largest differences. Press a row to open the customer.",
    };
    let sheet = || sheet(page, found);
    let mut kinder = state.kinder;
    let shown: Vec<&Disagreement> = found
        .customers
        .iter()
        .filter(|entry| entry.forecast_is_kinder() == kinder)
        .collect();
    ChartCard::new(page.cx.palette, head, "disagreements", &sheet).show_with_tools_ui(
        ui,
        actions,
        |ui, _| {
            let choices = [(false, "Scores say better"), (true, "Forecast says better")];
            let picked = segmented_ui(ui, page.cx.palette, "Direction", &choices, kinder);
            kinder = picked.unwrap_or(kinder);
        },
        |ui, actions| {
            let height = height_to(ui, page.bottom, 320.0);
            table_ui(ui, page, state, (&found.rankings, &shown, height), actions);
        },
    );
    if kinder != state.kinder {
        state.kinder = kinder;
        state.disagreements.to_top();
    }
}

fn table_ui(
    ui: &mut Ui,
    page: &Page<'_>,
    state: &mut State,
    (rankings, shown, height): (&[String], &[&Disagreement], f32),
    actions: &mut Actions,
) {
    let column = |title, width, grow, numeric| Column {
        title,
        hint: "",
        width,
        grow,
        numeric,
    };
    let mut columns = vec![
        column("Customer", 84.0, 0.3, false),
        column("Segment", 148.0, 0.3, false),
    ];
    let first = columns.len();
    columns.extend(
        rankings
            .iter()
            .map(|name| column(short(name), 94.0, 0.1, true)),
    );
    columns.push(column("Why", 240.0, 8.0, false));
    let table = Table {
        label: "Customers worth a second look",
        columns: &columns,
        rows: shown.len(),
        sort: None,
        current: None,
        sortable: false,
        height,
        grabs_keys: true,
    };
    let shop = page.cx.shop;
    let output = table.show_ui(
        ui,
        page.cx.palette,
        &mut state.disagreements,
        |row, index| {
            let entry = shown[index];
            let id = page.id(entry.customer);
            let segment = usize::from(shop.segments.segment[entry.customer as usize]);
            row.label(format!("{id}: {}", entry.why));
            row.tooltip(entry.why.clone());
            row.text(0, id);
            if let Some(stats) = shop.segments.stats.get(segment) {
                row.segment(1, stats.style, &stats.name);
            }
            for (place, &standing) in entry.standing.iter().enumerate() {
                row.number(first + place, &words::standing(standing));
            }
            row.text(first + entry.standing.len(), &entry.why);
        },
    );
    let opened = output.clicked.map(|(row, _)| row).or(output.opened);
    if let Some(entry) = opened.and_then(|row| shown.get(row)) {
        actions.push(Action::OpenCustomer(Some(entry.customer)));
    }
}

/// Names that fit a column; the sheet has the full ones.
fn short(name: &str) -> &str {
    match name {
        "RFM scores" => "By scores",
        name if name.starts_with("BG/NBD") => "By forecast",
        _ => "By model",
    }
}

fn sheet(page: &Page<'_>, found: &Disagreements) -> Sheet {
    let mut sheet = Sheet::new(&["customer", "why"]);
    sheet.columns.extend(found.rankings.iter().cloned());
    for entry in &found.customers {
        let mut row = vec![page.id(entry.customer).to_owned(), entry.why.clone()];
        row.extend(
            entry
                .standing
                .iter()
                .map(|standing| format!("{standing:.4}")),
        );
        sheet.push(row);
    }
    sheet
}
