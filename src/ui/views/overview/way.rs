//! The order lifecycle on the Overview: how far orders came, what was lost on the way, how long it took.

use egui::Ui;

use super::{Tall, picks};
use crate::{
    action::Actions,
    chart::{BarList, BarRow, ChartCard, Sheet, Tip, bar_list_ui, sheet},
    cx::Cx,
    format,
    widgets::{
        card::Head,
        pick::{pick_ui, picked},
    },
};
use analysis::{
    lifecycle::{Duration, Lifecycle, Reached},
    selection::{Fate, Part},
};
use data::orders::Step;

/// Statuses listed by name.
const MAX_STATUSES: usize = 8;

/// Display data of the card.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Way {
    pub finding: String,
    pub rows: Vec<BarRow>,
    /// What a click on each row selects.
    pub parts: Vec<Option<Part>>,
    numbers: Sheet,
}

impl Way {
    /// `None` when the data tells nothing.
    #[must_use]
    pub fn build(lifecycle: &Lifecycle, currency: &str) -> Option<Self> {
        if lifecycle.silent.is_some() || lifecycle.lines == 0 {
            return None;
        }
        let mut way = if lifecycle.steps.is_empty() {
            by_status(lifecycle, currency)
        } else {
            by_steps(lifecycle)
        };
        way.numbers = numbers(lifecycle);
        for (row, part) in way.rows.iter_mut().zip(&way.parts) {
            row.active = part.is_some();
        }
        Some(way)
    }
}

fn noun(lifecycle: &Lifecycle, count: u64) -> &'static str {
    match (lifecycle.lines_are_orders, count) {
        (true, 1) => "order",
        (true, _) => "orders",
        (false, 1) => "order line",
        (false, _) => "order lines",
    }
}

fn title(step: Option<Step>) -> &'static str {
    match step {
        None => "Created",
        Some(Step::Shipped) => "Shipped",
        Some(Step::Delivered) => "Delivered",
        Some(Step::Returned) => "Returned",
    }
}

fn days(days: f64) -> String {
    let text = format::number(days);
    let text = text.trim_end_matches(".00").trim_end_matches(".0");
    format!("{text} {}", if text == "1" { "day" } else { "days" })
}

fn took(duration: &Duration) -> String {
    format!(
        "half within {}, nine of ten within {}",
        days(duration.median_days),
        days(duration.p90_days)
    )
}

/// "half came back within 2 days, nine of ten within 9 days": since the step before.
fn took_words(step: Option<Step>, duration: &Duration) -> String {
    let verb = match step {
        None => "came",
        Some(Step::Shipped) => "left",
        Some(Step::Delivered) => "arrived",
        Some(Step::Returned) => "came back",
    };
    took(duration).replacen("half", &format!("half {verb}"), 1)
}

fn by_steps(lifecycle: &Lifecycle) -> Way {
    let find = |step: Step| {
        let mut steps = lifecycle.steps.iter();
        steps.find(|reached| reached.step == Some(step))
    };
    let delivered = find(Step::Delivered).or_else(|| find(Step::Shipped));
    let finding = delivered.map_or_else(String::new, |reached| {
        let share = format::percent(reached.lines as f64 / lifecycle.lines as f64);
        let word = title(reached.step).to_lowercase();
        let what = noun(lifecycle, lifecycle.lines);
        match reached.since_created {
            Some(door) => format!(
                "{share} of {what} were {word}, half of them within {}.",
                days(door.median_days)
            ),
            None => format!("{share} of {what} were {word}."),
        }
    });
    Way {
        finding,
        rows: lifecycle
            .steps
            .iter()
            .map(|step| step_row(lifecycle, step))
            .collect(),
        parts: lifecycle.steps.iter().map(picks::step).collect(),
        numbers: Sheet::default(),
    }
}

fn step_row(lifecycle: &Lifecycle, step: &Reached) -> BarRow {
    let share = step.lines as f64 / lifecycle.lines as f64;
    let name = title(step.step);
    let all = format::integer(lifecycle.lines);
    let mut tip = Tip::new(name).row(
        None,
        format!("Of {all} {}", noun(lifecycle, lifecycle.lines)),
        format!(
            "{} ({})",
            format::integer(step.lines),
            format::percent(share)
        ),
    );
    let mut notes = Vec::new();
    // Who did not return something has not lost it.
    if step.step != Some(Step::Returned) && step.not_kept + step.open > 0 {
        notes.push(lost(step));
        tip = tip
            .row(None, "Not kept before", format::integer(step.not_kept))
            .row(None, "Not yet, or not recorded", format::integer(step.open));
    }
    if let Some(duration) = &step.since_step_before {
        notes.push(took_words(step.step, duration));
        tip = tip.row(None, "Since the step before", took(duration));
    }
    if let Some(duration) = &step.since_created {
        tip = tip.row(None, "Since the order", took(duration));
        if duration.out_of_order > 0 {
            tip = tip.note(format!(
                "{} dated before the order are left out of the days.",
                format::integer(duration.out_of_order)
            ));
        }
    }
    BarRow {
        name: name.to_owned(),
        length: share,
        figure: format::integer(step.lines),
        share: format::percent(share),
        note: notes.join(" · "),
        tip,
        quiet: step.step == Some(Step::Returned),
        ..BarRow::default()
    }
}

/// "58 not kept, 106 not yet"
fn lost(step: &Reached) -> String {
    let parts = [(step.not_kept, "not kept"), (step.open, "not yet")];
    let words: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", format::integer(count)))
        .collect();
    words.join(", ")
}

/// Lines of one status, or of one fate.
fn status_row(
    lifecycle: &Lifecycle,
    (name, lines): (String, u64),
    (quiet, note): (bool, String),
) -> BarRow {
    let all = lifecycle.lines;
    let share = lines as f64 / all as f64;
    let (figure, share_words) = (format::integer(lines), format::percent(share));
    BarRow {
        tip: Tip::new(name.clone())
            .row(
                None,
                format!("Of {} {}", format::integer(all), noun(lifecycle, all)),
                format!("{figure} ({share_words})"),
            )
            .note(note.clone()),
        name,
        length: share,
        figure,
        share: share_words,
        note,
        quiet,
        ..BarRow::default()
    }
}

fn by_status(lifecycle: &Lifecycle, currency: &str) -> Way {
    let all = lifecycle.lines;
    let row = |name: String, lines: u64, quiet: bool, note: String| {
        status_row(lifecycle, (name, lines), (quiet, note))
    };
    let mut rows = vec![row("Created".to_owned(), all, false, String::new())];
    // Everybody here has an order that was created.
    let mut parts = vec![None];
    if lifecycle.outcomes.len() < 2 {
        parts.extend([Fate::Kept, Fate::NotKept].map(|fate| Some(Part::Became(fate))));
        rows.push(row("Kept".to_owned(), lifecycle.kept, false, String::new()));
        rows.push(row(
            "Not kept".to_owned(),
            all - lifecycle.kept,
            true,
            String::new(),
        ));
    }
    for outcome in lifecycle.outcomes.iter().take(MAX_STATUSES) {
        if lifecycle.outcomes.len() < 2 {
            break;
        }
        let lost = outcome.kept == 0;
        let note = if lost {
            format!(
                "not kept, worth {}",
                format::money(outcome.amount, currency)
            )
        } else {
            format!("kept, {}", format::money(outcome.amount, currency))
        };
        let name = format::column(format::value(&outcome.status));
        rows.push(row(name, outcome.lines, lost, note));
        parts.push(Some(picks::status(
            &lifecycle.status_column,
            &outcome.status,
        )));
    }
    Way {
        finding: format!(
            "{} of {} {} were kept.",
            format::percent(lifecycle.kept as f64 / all as f64),
            format::integer(all),
            noun(lifecycle, all)
        ),
        rows,
        parts,
        numbers: Sheet::default(),
    }
}

fn numbers(lifecycle: &Lifecycle) -> Sheet {
    let mut sheet = Sheet::new(&["step", "lines", "kept", "median_days", "p90_days"]);
    for step in &lifecycle.steps {
        let of = |of: fn(&Duration) -> f64| sheet::cell(step.since_step_before.as_ref().map(of));
        sheet.push(vec![
            title(step.step).to_lowercase(),
            step.lines.to_string(),
            String::new(),
            of(|duration| duration.median_days),
            of(|duration| duration.p90_days),
        ]);
    }
    for outcome in &lifecycle.outcomes {
        sheet.push(vec![
            outcome.status.clone(),
            outcome.lines.to_string(),
            outcome.kept.to_string(),
            String::new(),
            String::new(),
        ]);
    }
    sheet
}

/// Draws the card.
pub fn way_ui(ui: &mut Ui, cx: &Cx<'_>, (way, tall): (&Way, Tall), actions: &mut Actions) {
    let head = Head {
        title: "What became of the orders",
        finding: &way.finding,
        definition: "Sale lines dated before the as-of date, by the steps they had reached by then: a line counts for a step \
                     when it has that step's day or the day of a later one. Days are counted from the step before. Where \
                     the data holds a status only, its words are shown instead. A click selects the customers with a line \
                     that came so far, of those who have a kept order.",
    };
    let sheet = || way.numbers.clone();
    let mut rows = way.rows.clone();
    let picked = picked(&cx.shop.selection, &way.parts);
    for (row, picked) in rows.iter_mut().zip(picked) {
        row.picked = picked;
    }
    let card = ChartCard::new(cx.palette, head, "order_lifecycle", &sheet);
    card.show_ui(ui, actions, |ui, actions| {
        let bars = BarList {
            id: "order lifecycle",
            rows: &rows,
            height: tall.left(ui),
            reference: None,
        };
        let clicked = bar_list_ui(ui, cx.palette, &bars);
        if let Some(part) = clicked.and_then(|row| way.parts.get(row)?.clone()) {
            pick_ui(ui, part, actions);
        }
    });
}
