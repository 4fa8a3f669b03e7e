//! The campaign planner: how many to contact, what it costs, what it brings.

use egui::Ui;
use lucide_icons::Icon;

use super::{
    Page, State,
    controls::{
        Slider, button_ui, figure_ui, heading_ui, note_ui, primary_ui, share_ui, slider_ui,
    },
    curve::{Chart, color, curve_ui},
    take, words,
};
use crate::{
    action::Actions,
    chart::{ChartCard, Key as LegendKey, KeyMark, legend_ui, sheet::Sheet},
    format::{integer, money, percent},
    theme::gap,
    widgets::{
        card::{Head, card_ui},
        dropdown::dropdown_ui,
        empty::empty_ui,
        grid::{height_to, row_ui, stacks},
        segmented::segmented_ui,
    },
};
use audiences::{
    campaign::{Curves, Range, Ranking, STEPS},
    lists::ListKind,
    settings::CampaignSettings,
};

/// Height of the curve where the window is too low for more.
const LEAST_CURVE: f32 = 250.0;

const DEFINITION: &str = "Profit = Σ over contacted (expected value × margin × uplift) − contacts × cost per \
     contact. Expected value: what is predicted, times what really came of such predictions one horizon \
     earlier, by place in the ranking; the list by past spend is valued by what that ranking held then. The \
     band is a 95 % interval: quarters differ (at most three earlier checks), customers differ, and the \
     uplift is only known within the ± you state; a control group tells what it really is. Best: where one \
     more contact no longer pays for itself. Break-even: where all contacts together no longer do.";

/// Draws the section.
pub(super) fn campaign_ui(ui: &mut Ui, page: &Page<'_>, state: &mut State, actions: &mut Actions) {
    if let Some(why) = page.problem() {
        empty_ui(ui, page.cx.palette, Icon::Megaphone, why, None);
        return;
    }
    if stacks(ui) {
        row_ui(ui, &[1.0], 0.0, |ui, _| {
            chart_card_ui(ui, page, state, f32::NEG_INFINITY, actions);
        });
        ui.add_space(gap::L);
        row_ui(ui, &[1.0], 0.0, |ui, _| {
            plan_card_ui(ui, page, actions);
        });
    } else {
        row_ui(ui, &[0.62, 0.38], 0.0, |ui, column| {
            if column == 0 {
                chart_card_ui(ui, page, state, page.bottom, actions);
            } else {
                plan_card_ui(ui, page, actions);
            }
        });
    }
}

/// The card reaches down to `bottom` where there is room.
fn chart_card_ui(
    ui: &mut Ui,
    page: &Page<'_>,
    state: &mut State,
    bottom: f32,
    actions: &mut Actions,
) {
    let (curves, terms) = (&*page.people.curves, &page.settings().campaign);
    let finding = words::campaign_finding(curves, terms, page.currency());
    let head = Head {
        title: if state.gains {
            "Value reached by depth"
        } else {
            "Profit by depth"
        },
        finding: &finding,
        definition: DEFINITION,
    };
    let sheet = || sheet(curves, terms);
    let mut gains = state.gains;
    let palette = page.cx.palette;
    ChartCard::new(palette, head, "campaign_profit", &sheet).show_with_tools_ui(
        ui,
        actions,
        |ui, _| {
            let choices = [(false, "Profit"), (true, "Gains")];
            if let Some(chosen) = segmented_ui(ui, palette, "Curve", &choices, gains) {
                gains = chosen;
            }
        },
        |ui, actions| {
            let keys: Vec<LegendKey<'_>> = Ranking::ALL
                .into_iter()
                .map(|ranking| {
                    let mark = if ranking == Ranking::PastSpend {
                        KeyMark::Dashed
                    } else {
                        KeyMark::Line
                    };
                    LegendKey::new(ranking.title(), color(palette, ranking), mark)
                })
                .collect();
            legend_ui(ui, palette, &keys);
            let chart = Chart {
                curves,
                terms,
                gains: state.gains,
                currency: page.currency(),
                summary: &finding,
                height: height_to(ui, bottom, LEAST_CURVE),
            };
            if let Some(depth) = curve_ui(ui, palette, chart) {
                page.edit(actions, |settings| settings.campaign.depth = depth);
            }
        },
    );
    state.gains = gains;
}

fn plan_card_ui(ui: &mut Ui, page: &Page<'_>, actions: &mut Actions) {
    let (curves, terms) = (&*page.people.curves, &page.settings().campaign);
    let contacts = curves.contacts(terms.depth);
    let finding = format!(
        "{} contacts of {} for a budget of {}.",
        integer(contacts),
        integer(curves.customers()),
        money(contacts as f64 * terms.cost_per_contact, page.currency())
    );
    let head = Head {
        title: "Plan",
        finding: &finding,
        definition: DEFINITION,
    };
    let palette = page.cx.palette;
    card_ui(
        ui,
        palette,
        head,
        |_| {},
        |ui| {
            audience_ui(ui, page, actions);
            terms_ui(ui, page, actions);
            outcome_ui(ui, page, contacts);
            ui.horizontal_wrapped(|ui| {
                if primary_ui(ui, palette, "Save contacts…").clicked() {
                    let rows = &curves.order[..contacts as usize];
                    actions.push(take::save("Campaign", rows));
                }
                let best = curves.best(terms);
                ui.add_enabled_ui(best != contacts, |ui| {
                    if button_ui(ui, palette, "Go to best depth").clicked() {
                        let depth = best as f64 / curves.customers().max(1) as f64;
                        page.edit(actions, |settings| settings.campaign.depth = depth);
                    }
                });
            });
        },
    );
}

fn audience_ui(ui: &mut Ui, page: &Page<'_>, actions: &mut Actions) {
    let mut choices = vec![(None, "Everyone".to_owned())];
    choices.extend(ListKind::ALL.map(|kind| (Some(kind), kind.title().to_owned())));
    let current = page.settings().campaign.audience;
    if let Some(audience) = dropdown_ui(ui, page.cx.palette, "Audience", &choices, &current) {
        page.edit(actions, |settings| settings.campaign.audience = audience);
    }
}

/// The prices, and the depth as a budget.
fn terms_ui(ui: &mut Ui, page: &Page<'_>, actions: &mut Actions) {
    let palette = page.cx.palette;
    let terms = page.settings().campaign.clone();
    let curves = &page.people.curves;
    let mut changed = None;
    row_ui(ui, &[1.0, 1.0, 1.0], 40.0, |ui, column| {
        let (label, value) = match column {
            0 => ("Margin", terms.margin),
            1 => ("Uplift", terms.uplift.min(1.0)),
            _ => ("Uplift, give or take", terms.uplift_error.min(1.0)),
        };
        if let Some(value) = share_ui(ui, palette, label, value) {
            let mut new = terms.clone();
            match column {
                0 => new.margin = value,
                1 => new.uplift = value,
                _ => new.uplift_error = value,
            }
            changed = Some(new);
        }
    });
    row_ui(ui, &[1.0, 1.0], 40.0, |ui, column| {
        if column == 0 {
            let cost = terms.cost_per_contact;
            let text = money(cost, page.currency());
            let slider = Slider {
                label: "Cost per contact",
                value: cost,
                range: (0.0, (cost * 2.0).max(5.0)),
                step: 0.05,
                text: &text,
            };
            if let Some(cost) = slider_ui(ui, palette, slider) {
                let cost_per_contact = (cost * 100.0).round() / 100.0;
                changed = Some(CampaignSettings {
                    cost_per_contact,
                    ..terms.clone()
                });
            }
        } else if let Some(depth) = budget_ui(ui, page, curves, &terms) {
            changed = Some(CampaignSettings {
                depth,
                ..terms.clone()
            });
        }
    });
    if let Some(terms) = changed {
        page.edit(actions, |settings| settings.campaign = terms);
    }
}

fn budget_ui(
    ui: &mut Ui,
    page: &Page<'_>,
    curves: &Curves,
    terms: &CampaignSettings,
) -> Option<f64> {
    let all = curves.customers() as f64 * terms.cost_per_contact;
    if all <= 0.0 {
        let label = "Contacts, share of the audience";
        return share_ui(ui, page.cx.palette, label, terms.depth);
    }
    let budget = curves.contacts(terms.depth) as f64 * terms.cost_per_contact;
    let text = money(budget, page.currency());
    let slider = Slider {
        label: "Budget",
        value: budget,
        range: (0.0, all),
        step: terms.cost_per_contact.max(all / 1000.0),
        text: &text,
    };
    let budget = slider_ui(ui, page.cx.palette, slider)?;
    let contacts = curves.contacts_for(budget, terms.cost_per_contact);
    Some(contacts as f64 / curves.customers().max(1) as f64)
}

fn outcome_ui(ui: &mut Ui, page: &Page<'_>, contacts: u64) {
    let (curves, terms) = (&*page.people.curves, &page.settings().campaign);
    let (palette, currency) = (page.cx.palette, page.currency());
    let of = |ranking| curves.outcome(ranking, contacts, terms).profit;
    let range = |range: Option<Range>| match range {
        Some(Range { low, high }) => {
            format!("{} to {}", money(low, currency), money(high, currency))
        }
        None => "–".to_owned(),
    };
    let best = curves.best(terms);
    let costs = contacts as f64 * terms.cost_per_contact;
    let back = if costs > 0.0 {
        percent(of(Ranking::Predicted) / costs)
    } else {
        "–".to_owned()
    };
    heading_ui(ui, palette, "What to expect");
    let figures = [
        ("Profit", money(of(Ranking::Predicted), currency)),
        ("95 % interval", range(curves.interval(contacts, terms))),
        ("Return on cost", back),
        ("By past spend", money(of(Ranking::PastSpend), currency)),
        (
            "If the uplift is right",
            range(curves.interval_at_uplift(contacts, terms)),
        ),
        ("At random", money(of(Ranking::Random), currency)),
    ];
    for row in figures.chunks(3) {
        row_ui(ui, &[1.0, 1.25, 1.0], 40.0, |ui, column| {
            if let Some((label, figure)) = row.get(column) {
                figure_ui(ui, palette, (label, figure));
            }
        });
    }
    note_ui(ui, palette, &words::checked(page.people, currency));
    note_ui(
        ui,
        palette,
        &format!(
            "Best depth: {} contacts, {}. Break-even: {}",
            integer(best),
            words::gain(curves.outcome(Ranking::Predicted, best, terms), currency),
            words::break_even(curves, terms)
        ),
    );
    let control = (terms.control_share * contacts as f64).round() as u64;
    note_ui(
        ui,
        palette,
        &format!(
            "The saved file marks {} of them as control group, not contacted: only they can tell whether \
             the uplift is real.",
            integer(control)
        ),
    );
}

fn sheet(curves: &Curves, terms: &CampaignSettings) -> Sheet {
    let mut sheet = Sheet::new(&[
        "depth",
        "contacts",
        "profit_predicted",
        "profit_low",
        "profit_high",
        "profit_past_spend",
        "profit_random",
    ]);
    for step in 0..=STEPS {
        let depth = step as f64 / STEPS as f64;
        let contacts = curves.contacts(depth);
        let of = |ranking| curves.outcome(ranking, contacts, terms).profit;
        let range = curves.interval(contacts, terms);
        let numbers = [
            of(Ranking::Predicted),
            range.map_or(f64::NAN, |range| range.low),
            range.map_or(f64::NAN, |range| range.high),
            of(Ranking::PastSpend),
            of(Ranking::Random),
        ];
        let mut row = vec![format!("{depth:.2}"), contacts.to_string()];
        let cell = |value: f64| match value {
            unknown if unknown.is_nan() => String::new(),
            value => format!("{value:.2}"),
        };
        row.extend(numbers.map(cell));
        sheet.push(row);
    }
    sheet
}
