//! The ready lists: a card each, and the chosen one with its rule, thresholds and customers.

use egui::{Align2, RichText, Sense, Stroke, StrokeKind, Ui, WidgetInfo, accesskit::Role, vec2};
use lucide_icons::Icon;

use super::{
    Page, State,
    controls::{button_ui, heading_ui, note_ui, primary_ui, share_ui},
    overlap, saved, take, thresholds, words,
};
use crate::{
    action::{Action, Actions},
    format::{chance, date, integer, money},
    theme::{font, gap},
    widgets::{
        card::{Head, card_ui},
        dropdown::dropdown_ui,
        elided::elided_lines,
        empty::empty_ui,
        grid::{cards_ui, row_ui, stacks},
        table::{Column, Row, Table, full_height},
    },
};
use audiences::lists::{AudienceList, ListKind, ListSettings};
use export::What;

const CARD_HEIGHT: f32 = 106.0;
/// Customers shown of a list.
const PREVIEW: usize = 8;

/// Draws the section.
pub(super) fn lists_ui(ui: &mut Ui, page: &Page<'_>, state: &mut State, actions: &mut Actions) {
    if let Some(problem) = page.problem() {
        note_ui(ui, page.cx.palette, problem);
        ui.add_space(gap::S);
    }
    note_ui(
        ui,
        page.cx.palette,
        &words::lists_finding(&page.people.lists),
    );
    ui.add_space(gap::XS);
    ui.spacing_mut().item_spacing.y = gap::L;
    cards_ui(
        ui,
        (ListKind::ALL.len(), 280.0),
        CARD_HEIGHT,
        |ui, place| {
            card_button_ui(ui, page, state, ListKind::ALL[place]);
        },
    );
    if stacks(ui) {
        row_ui(ui, &[1.0], 0.0, |ui, _| chosen_ui(ui, page, state, actions));
        row_ui(ui, &[1.0], 0.0, |ui, _| {
            overlap::overlap_ui(ui, page, state);
        });
        row_ui(ui, &[1.0], 0.0, |ui, _| saved::saved_ui(ui, page, actions));
    } else {
        let height = (page.bottom - ui.cursor().top()).max(420.0);
        row_ui(ui, &[0.62, 0.38], height, |ui, column| {
            if column == 0 {
                chosen_ui(ui, page, state, actions);
            } else {
                ui.spacing_mut().item_spacing.y = gap::L;
                overlap::overlap_ui(ui, page, state);
                saved::saved_ui(ui, page, actions);
            }
        });
    }
}

/// A list as a card that can be pressed.
fn card_button_ui(ui: &mut Ui, page: &Page<'_>, state: &mut State, kind: ListKind) {
    let Some(list) = page.people.lists.get(kind) else {
        return;
    };
    let palette = page.cx.palette;
    let size = vec2(ui.available_width(), CARD_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let on = state.list == kind;
    let count = integer(list.customers.len() as u64);
    let value = list.predicted_value.map_or_else(
        || money(list.past_value, page.currency()),
        |value| money(value, page.currency()),
    );
    response.widget_info(|| {
        let name = format!("{}: {count} customers, {value} predicted", kind.title());
        WidgetInfo::selected(Role::Button, ui.is_enabled(), on, name)
    });
    if response.clicked() {
        state.list = kind;
    }
    let line = if on || response.has_focus() {
        Stroke::new(2.0, palette.accent)
    } else if response.hovered() {
        Stroke::new(1.0, palette.faint)
    } else {
        Stroke::new(1.0, palette.hairline)
    };
    let painter = ui.painter();
    painter.rect(rect, 8, palette.card, line, StrokeKind::Inside);
    let inner = rect.shrink2(vec2(gap::L, gap::M));
    let title = if on { palette.accent } else { palette.text };
    painter.text(
        inner.left_top(),
        Align2::LEFT_TOP,
        kind.title(),
        font::card_title(),
        title,
    );
    painter.text(
        inner.right_top(),
        Align2::RIGHT_TOP,
        &count,
        font::view_title(),
        palette.text,
    );
    let below = inner.left_top() + vec2(0.0, 26.0);
    let words = match list.predicted_value {
        _ if list.unavailable.is_some() => "Not available".to_owned(),
        Some(_) => format!("{value} predicted in {} days", page.horizon_days()),
        None => format!("{value} so far"),
    };
    painter.text(below, Align2::LEFT_TOP, words, font::body(), palette.text);
    let purpose = elided_lines(
        painter,
        (kind.purpose(), font::caption()),
        palette.muted,
        (inner.width(), 2),
    );
    painter.galley(inner.left_top() + vec2(0.0, 50.0), purpose, palette.muted);
    response.on_hover_text(kind.purpose());
}

/// The chosen list: what it is, its thresholds, its best customers, and the ways to take it along.
fn chosen_ui(ui: &mut Ui, page: &Page<'_>, state: &mut State, actions: &mut Actions) {
    let kind = state.list;
    let Some(list) = page.people.lists.get(kind) else {
        return;
    };
    let finding = words::list_finding(list, page.people.lists.customers, page.currency());
    let head = Head {
        title: kind.title(),
        finding: &finding,
        definition: &format!("{}\n\n{}", list.rule, kind.purpose()),
    };
    let palette = page.cx.palette;
    card_ui(
        ui,
        palette,
        head,
        |_| {},
        |ui| {
            note_ui(ui, palette, &list.rule);
            take_ui(ui, page, (state, list), actions);
            thresholds_ui(ui, page, kind, actions);
            if list.customers.is_empty() {
                let why = list.unavailable.clone().unwrap_or_else(|| {
                    "Nobody meets this rule. Loosen a threshold above.".to_owned()
                });
                empty_ui(ui, palette, Icon::Users, &why, None);
            } else {
                preview_ui(ui, page, state, list, actions);
            }
        },
    );
}

/// The ways to take the list along.
fn take_ui(
    ui: &mut Ui,
    page: &Page<'_>,
    (state, list): (&mut State, &AudienceList),
    actions: &mut Actions,
) {
    let palette = page.cx.palette;
    ui.add_enabled_ui(!list.customers.is_empty(), |ui| {
        ui.horizontal_wrapped(|ui| {
            let ways = [
                (take::Way::Save, primary_ui(ui, palette, "Save list…")),
                (take::Way::Copy, button_ui(ui, palette, "Copy list")),
                (take::Way::Select, button_ui(ui, palette, "Select these customers")),
            ];
            for (way, response) in ways {
                if response.clicked() {
                    if way == take::Way::Save {
                        actions.push(Action::OfferExport(Box::new(What::List(list.kind))));
                    } else {
                        take::start(ui, page, state, way, list.customers.clone());
                    }
                }
            }
            let share = page.settings().campaign.control_share;
            let control = (share * list.customers.len() as f64).round() as u64;
            ui.label(
                RichText::new(format!("of which {} control group", integer(control)))
                    .font(font::caption())
                    .color(palette.muted),
            )
            .on_hover_text(
                "Not contacted, chosen at random and balanced by segment: the column “group” of the \
                 file says who. Compare both groups after the campaign to see what it changed.",
            );
        });
    });
}

/// The thresholds of this list, two in a row.
fn thresholds_ui(ui: &mut Ui, page: &Page<'_>, kind: ListKind, actions: &mut Actions) {
    let palette = page.cx.palette;
    let lists = &page.settings().lists;
    ui.add_space(gap::XS);
    if let Some(name) = segment_of(kind, lists) {
        let names = page.cx.shop.segments.stats.iter();
        let choices: Vec<(String, String)> = names
            .map(|stats| (stats.name.clone(), stats.name.clone()))
            .collect();
        if let Some(name) = dropdown_ui(ui, palette, "Segment", &choices, name) {
            page.edit(actions, |settings| match kind {
                ListKind::WinBack => settings.lists.win_back_segment = name,
                _ => settings.lists.vip_segment = name,
            });
        }
    }
    let knobs = thresholds::of(kind, lists);
    let columns = if ui.available_width() > 520.0 { 2 } else { 1 };
    let mut changed = None;
    for row in knobs.chunks(columns) {
        row_ui(ui, &vec![1.0; columns], 40.0, |ui, column| {
            if let Some(knob) = row.get(column)
                && let Some(value) = thresholds::threshold_ui(ui, page.cx.palette, knob)
            {
                changed = Some((knob.set, value));
            }
        });
    }
    if let Some((set, value)) = changed {
        page.edit(actions, |settings| set(&mut settings.lists, value));
    }
    let share = page.settings().campaign.control_share;
    row_ui(ui, &vec![1.0; columns], 40.0, |ui, column| {
        if column == 0
            && let Some(share) = share_ui(ui, palette, "Control group, share of the list", share)
        {
            page.edit(actions, |settings| settings.campaign.control_share = share);
        }
    });
}

fn segment_of(kind: ListKind, lists: &ListSettings) -> Option<&String> {
    match kind {
        ListKind::WinBack => Some(&lists.win_back_segment),
        ListKind::VipToProtect => Some(&lists.vip_segment),
        _ => None,
    }
}

/// The best customers of the list.
fn preview_ui(
    ui: &mut Ui,
    page: &Page<'_>,
    state: &mut State,
    list: &AudienceList,
    actions: &mut Actions,
) {
    let shown = list.customers.len().min(PREVIEW);
    heading_ui(ui, page.cx.palette, "First on the list");
    let mut columns = vec![
        Column::text("Customer", "Click a row to open the customer", 90.0),
        Column::text("Segment", "", 120.0),
        Column::text("Last order", "", 92.0),
        Column::figures("Revenue", "Net revenue so far", 78.0),
        Column::figures("Predicted", "Predicted value within the days ahead", 78.0),
        Column::figures("Still there", "Probability of still being a customer", 78.0),
    ];
    if ui.available_width() < 560.0 {
        columns.remove(2);
    }
    let table = Table {
        label: "First on the list",
        columns: &columns,
        rows: shown,
        sort: None,
        current: None,
        sortable: false,
        height: full_height(shown) + 2.0,
        grabs_keys: false,
    };
    let output = table.show_ui(ui, page.cx.palette, &mut state.preview, |row, index| {
        paint_row(page, row, list.customers[index], columns.len());
    });
    if let Some((row, _)) = output.clicked
        && let Some(&customer) = list.customers.get(row)
    {
        actions.push(Action::OpenCustomer(Some(customer)));
    }
}

fn paint_row(page: &Page<'_>, row: &mut Row<'_>, customer: u32, columns: usize) {
    let shop = page.cx.shop;
    let at = customer as usize;
    let id = page.id(customer);
    let stats = shop
        .segments
        .stats
        .get(usize::from(shop.segments.segment[at]));
    let revenue = money(shop.customers.monetary[at], page.currency());
    row.label(format!("{id}: {revenue} so far"));
    row.text(0, id);
    if let Some(stats) = stats {
        row.segment(1, stats.style, &stats.name);
    }
    let mut next = 2;
    if columns > 5 {
        row.text(next, &date(shop.customers.last_day[at]));
        next += 1;
    }
    row.number(next, &revenue);
    let forecast = page.people.forecast.as_ref().as_ref();
    let (value, alive) = forecast.map_or(("–".to_owned(), "–".to_owned()), |forecast| {
        (
            money(forecast.value[at], page.currency()),
            chance(forecast.alive[at]),
        )
    });
    row.number(next + 1, &value);
    row.number(next + 2, &alive);
}
