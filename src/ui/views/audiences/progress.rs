//! Progress: the KPI sheet of two dates, and what winning customers costs.

use egui::{TextEdit, Ui, WidgetInfo, accesskit::Role};

use super::{
    Page, State,
    controls::{button_ui, heading_ui, note_ui, primary_ui},
    words,
};
use crate::{
    action::{Action, Actions},
    chart::{ChartCard, sheet::Sheet},
    format::{count, date, fixed, integer, money, percent},
    theme::{Palette, gap},
    widgets::{
        card::{Head, card_ui},
        check::check_ui,
        grid::{row_ui, stacks},
        table::{Column, Scroll, Table, full_height},
    },
};
use audiences::{
    acquisition::{Acquisition, ChannelColumn, read_costs},
    progress::{KpiSheet, Steps},
};

/// Width of "From" and "To", so that the boxes stand below each other.
const STEP_WIDTH: f32 = 36.0;

/// Draws the section.
pub(super) fn progress_ui(ui: &mut Ui, page: &Page<'_>, state: &mut State, actions: &mut Actions) {
    if stacks(ui) {
        row_ui(ui, &[1.0], 0.0, |ui, _| kpis_ui(ui, page, actions));
        ui.add_space(gap::L);
        row_ui(ui, &[1.0], 0.0, |ui, _| costs_ui(ui, page, state, actions));
    } else {
        row_ui(ui, &[0.58, 0.42], 0.0, |ui, column| {
            if column == 0 {
                kpis_ui(ui, page, actions);
            } else {
                costs_ui(ui, page, state, actions);
            }
        });
    }
}

fn rate(share: Option<f64>) -> String {
    share.map_or("–".to_owned(), percent)
}

fn kpis_ui(ui: &mut Ui, page: &Page<'_>, actions: &mut Actions) {
    let sheet = &*page.people.kpis;
    let finding = words::progress_finding(sheet);
    let head = Head {
        title: "KPI sheet",
        finding: &finding,
        definition: "The shop as of two dates, one forecast horizon apart. Repeat rate: share of a segment's \
                     customers with at least two orders. Came back: share of the customers a segment had on \
                     the earlier date who have ordered since. Progression: customers of the lower segments on \
                     the earlier date who are in one of the higher now; which are which is chosen below the \
                     table.",
    };
    let rows = || kpi_sheet(page);
    let palette = page.cx.palette;
    ChartCard::new(palette, head, "kpi_sheet", &rows).show_ui(ui, actions, |ui, actions| {
        let (before, now) = (date(sheet.before), date(sheet.now));
        rates_ui(ui, sheet, palette, (&before, &now));
        note_ui(ui, palette, &format!("Then: {before}. Now: {now}."));
        steps_ui(ui, page, actions);
        heading_ui(ui, palette, "Promotions");
        note_ui(ui, palette, &words::promo_finding(sheet));
    });
}

/// The segments of both dates: how many they hold, and how many buy again.
fn rates_ui(ui: &mut Ui, sheet: &KpiSheet, palette: &Palette, (before, now): (&str, &str)) {
    let columns = [
        Column::text("Segment", "", 124.0),
        Column::figures("Then", before, 60.0),
        Column::figures("Now", now, 60.0),
        Column::figures("Repeat, then", "Repeat rate on the earlier date", 88.0),
        Column::figures("Repeat, now", "Repeat rate on the as-of date", 88.0),
        Column::figures("Came back", "Of those then, ordered since", 80.0),
    ];
    let table = Table {
        label: "KPI sheet",
        columns: &columns,
        rows: sheet.segments.len(),
        sort: None,
        current: None,
        sortable: false,
        height: full_height(sheet.segments.len()) + 2.0,
        grabs_keys: false,
    };
    table.show_ui(ui, palette, &mut Scroll::default(), |row, index| {
        let segment = &sheet.segments[index];
        let back = rate(segment.returned);
        row.label(format!("{}: {back} came back", segment.name));
        row.segment(0, segment.style, &segment.name);
        row.number(1, &integer(segment.customers_before));
        row.number(2, &integer(segment.customers_now));
        row.number(3, &rate(segment.repeat_rate_before));
        row.number(4, &rate(segment.repeat_rate_now));
        row.number(5, &back);
    });
}

/// Which segments count as lower and as higher: a choice of the person's own, or the default.
fn steps_ui(ui: &mut Ui, page: &Page<'_>, actions: &mut Actions) {
    let palette = page.cx.palette;
    let steps = &page.people.kpis.steps;
    heading_ui(ui, palette, "Moving up");
    let mut chosen = steps.clone();
    for (title, names) in [("From", &mut chosen.lower), ("To", &mut chosen.higher)] {
        ui.horizontal_wrapped(|ui| {
            ui.scope(|ui| {
                ui.set_min_width(STEP_WIDTH);
                ui.label(title);
            });
            for stats in &page.cx.shop.segments.stats {
                let mut on = names.contains(&stats.name);
                let answer = check_ui(ui, palette, &mut on, &stats.name);
                answer.widget_info(|| {
                    let label = format!("{title} {}", stats.name);
                    WidgetInfo::selected(Role::CheckBox, true, on, label)
                });
                if answer.changed() && on {
                    names.push(stats.name.clone());
                } else if answer.changed() {
                    names.retain(|name| *name != stats.name);
                }
            }
        });
    }
    if chosen != *steps {
        page.edit(actions, |settings| settings.steps = chosen.clone());
    }
    if page.settings().steps != Steps::default()
        && button_ui(ui, palette, "Default steps").clicked()
    {
        page.edit(actions, |settings| settings.steps = Steps::default());
    }
}

fn kpi_sheet(page: &Page<'_>) -> Sheet {
    let mut sheet = Sheet::new(&[
        "segment",
        "customers_before",
        "customers_now",
        "repeat_rate_before",
        "repeat_rate_now",
        "returned",
    ]);
    let share = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:.4}"));
    for row in &page.people.kpis.segments {
        sheet.push(vec![
            row.name.clone(),
            row.customers_before.to_string(),
            row.customers_now.to_string(),
            share(row.repeat_rate_before),
            share(row.repeat_rate_now),
            share(row.returned),
        ]);
    }
    sheet
}

fn costs_ui(ui: &mut Ui, page: &Page<'_>, state: &mut State, actions: &mut Actions) {
    let found = &*page.people.acquisition;
    let finding = costs_finding(found, page.currency());
    let head = Head {
        title: "Cost of winning customers",
        finding: &finding,
        definition: "CAC = cost ÷ customers won (first order in the months, and from the channel, the cost is \
                     for). Payback: first month of a customer's life in which the margin so far reaches CAC, \
                     averaged over customers observed that long. LTV : CAC = (revenue so far + predicted) × \
                     margin ÷ cost. The margin is the one of the campaign.",
    };
    let palette = page.cx.palette;
    card_ui(
        ui,
        palette,
        head,
        |_| {},
        |ui| {
            if !found.is_empty() {
                channels_ui(ui, page, found);
            }
            let channel = ChannelColumn::find(&page.cx.shop.dataset.orders).map_or_else(
                || "This shop names no channels, so use months or one total.".to_owned(),
                |column| format!("Channels are matched with the column “{}”.", column.name()),
            );
            let label = heading_ui(ui, palette, "Cost table");
            note_ui(
                ui,
                palette,
                &format!(
                    "Open or paste a table with a header: channel and/or month, and cost. {channel}"
                ),
            );
            let field = TextEdit::multiline(&mut state.costs)
                .hint_text("channel,month,cost\nEmail,2025-01,1200\nPaid search,2025-01,3400")
                .desired_rows(5)
                .desired_width(f32::INFINITY);
            ui.add(field).labelled_by(label.id);
            ui.horizontal(|ui| {
                if button_ui(ui, palette, "Open cost table…").clicked() {
                    actions.push(Action::OpenCosts);
                }
                if primary_ui(ui, palette, "Use these costs").clicked() {
                    take_costs(page, state, actions);
                }
                let any = !page.settings().costs.is_empty();
                if any && button_ui(ui, palette, "Remove costs").clicked() {
                    page.edit(actions, |settings| settings.costs.clear());
                }
            });
            if !state.costs_problem.is_empty() {
                let words = egui::RichText::new(&state.costs_problem).color(palette.bad);
                ui.label(words);
            }
        },
    );
}

fn take_costs(page: &Page<'_>, state: &mut State, actions: &mut Actions) {
    match read_costs(&state.costs) {
        Ok(costs) => {
            state.costs_problem.clear();
            page.edit(actions, |settings| settings.costs = costs);
        }
        Err(problem) => state.costs_problem = format!("Not taken over: {problem}."),
    }
}

fn costs_finding(found: &[Acquisition], currency: &str) -> String {
    if found.is_empty() {
        return "Give what you spent, and see how soon a new customer pays it back.".to_owned();
    }
    let cost: f64 = found.iter().map(|row| row.cost).sum();
    let won: u64 = found.iter().map(|row| row.customers).sum();
    if won == 0 {
        return format!(
            "{} spent, but no customer was won in these months or by these channels.",
            money(cost, currency)
        );
    }
    format!(
        "{} for {}: {} each.",
        money(cost, currency),
        count(won, "new customer", "new customers"),
        money(cost / won as f64, currency)
    )
}

fn channels_ui(ui: &mut Ui, page: &Page<'_>, found: &[Acquisition]) {
    let columns = [
        Column::text("Channel", "", 110.0),
        Column::figures("Won", "", 52.0),
        Column::figures("CAC", "", 60.0),
        Column::figures("LTV : CAC", "", 70.0),
        Column::figures("Payback", "", 80.0),
    ];
    let table = Table {
        label: "Cost of winning customers",
        columns: &columns,
        rows: found.len(),
        sort: None,
        current: None,
        sortable: false,
        height: full_height(found.len().min(20)) + 2.0,
        grabs_keys: false,
    };
    let currency = page.currency();
    table.show_ui(ui, page.cx.palette, &mut Scroll::default(), |row, index| {
        let entry = &found[index];
        let payback = match entry.payback_months {
            Some(0) => "1st month".to_owned(),
            Some(months) => format!("month {}", months + 1),
            None => "not yet".to_owned(),
        };
        row.label(format!("{}: payback {payback}", entry.channel));
        row.text(0, &entry.channel);
        row.number(1, &integer(entry.customers));
        row.number(
            2,
            &entry.cac.map_or("–".to_owned(), |cac| money(cac, currency)),
        );
        row.number(
            3,
            &entry
                .ltv_to_cac
                .map_or("–".to_owned(), |ratio| fixed(ratio, 1)),
        );
        row.number(4, &payback);
    });
}
