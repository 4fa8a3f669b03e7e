//! The Start view: five answers, each a card with one figure, one sentence, one small chart and one button.
//!
//! What they say is worded in [`audiences::answers`](::audiences::answers), so that `keepers start` says the
//! same; [`charts`] draws what stands below the words.

mod charts;

use std::sync::Arc;

use egui::{Label, RichText, Ui};
use lucide_icons::Icon;

use crate::{
    action::{Action, Actions, View},
    chart::{ChartCard, Sheet, portrait},
    cx::Cx,
    frame::parts::{self, Loudness},
    theme::{font, gap},
    views::{
        audiences::{self as audiences_view, controls::share_ui},
        head_ui,
    },
    widgets::{
        card::{self, Head},
        dropdown::dropdown_ui,
        empty::empty_ui,
        grid,
    },
};
use ::audiences::answers::Answer;
use analysis::{
    cohorts::{CohortSpec, RowsBy},
    payback::HORIZONS,
};
use pipeline::{
    answers::{Answers, Known, QUESTIONS},
    snapshot::Shop,
};

/// Height of a card: two rows fill a window of 1440 × 900.
const CARD: f32 = 372.0;
/// A card holds its words and controls from this width on.
const LEAST_CARD: f32 = 330.0;
/// A chart is never lower than this.
const LEAST_CHART: f32 = 96.0;
/// Room for the button below the chart.
const BUTTON: f32 = 24.0 + gap::S;

/// What the view remembers between frames; never saved, decides no number.
#[derive(Debug, Default)]
pub struct State {
    /// The newest shop with everything worked out, and its revision; stays on the screen while newer numbers
    /// come.
    last: Option<(u64, Shop)>,
    /// Column of the orders that the fourth answer is about; `None` = the one that tells most.
    column: Option<String>,
    answers: Option<(Key, Answers)>,
}

/// What the answers follow from.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    revision: u64,
    currency: String,
    months: u32,
    margin: u64,
    column: Option<String>,
}

impl State {
    /// Takes over the newest numbers; false while those on the screen are older.
    fn follow(&mut self, cx: &Cx<'_>) -> bool {
        let other_shop = |(_, last): &(u64, Shop)| !Arc::ptr_eq(&last.dataset, &cx.shop.dataset);
        if self.last.as_ref().is_some_and(other_shop) {
            *self = Self::default();
        }
        let complete = cx.shop.people.is_some() && cx.shop.start.is_some();
        let known = self.last.as_ref().map(|(revision, _)| *revision);
        if complete && known != Some(cx.revision) {
            self.last = Some((cx.revision, cx.shop.clone()));
        }
        complete
    }

    /// Words the answers anew where their numbers or a setting changed.
    fn refresh(&mut self, cx: &Cx<'_>) {
        let Some((revision, shop)) = &self.last else {
            return;
        };
        let settings = &cx.project.audiences;
        let key = Key {
            revision: *revision,
            currency: cx.project.currency.clone(),
            months: settings.payback_months,
            margin: settings.campaign.margin.to_bits(),
            column: self.column.clone(),
        };
        if self.answers.as_ref().is_some_and(|(old, _)| *old == key) {
            return;
        }
        if let (Some(people), Some(start)) = (&shop.people, &shop.start) {
            let answers = Answers::of(&Known {
                shop,
                people,
                start,
                settings,
                currency: &key.currency,
                column: key.column.as_deref(),
            });
            self.answers = Some((key, answers));
        }
    }
}

/// Draws the view.
pub fn view_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    let fresh = state.follow(cx);
    state.refresh(cx);
    head_ui(ui, cx.palette, View::Start, |_| {});
    grid::page_ui(ui, "start", |ui, _| {
        let State {
            last: Some((_, shop)),
            answers: Some((_, answers)),
            column,
        } = state
        else {
            return waiting_ui(ui, cx);
        };
        if cx.updating || !fresh {
            ui.multiply_opacity(0.55);
        }
        ui.spacing_mut().item_spacing.y = gap::L;
        let page = Page { cx, shop, answers };
        grid::cards_ui(ui, (QUESTIONS.len(), LEAST_CARD), CARD, |ui, index| {
            page.card_ui(ui, index, column, actions);
        });
    });
}

fn waiting_ui(ui: &mut Ui, cx: &Cx<'_>) {
    card::frame(cx.palette).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let text = "Learning how customers come back… The answers appear here in a moment.";
        empty_ui(ui, cx.palette, Icon::Hourglass, text, None);
    });
}

/// What every card reads.
#[derive(Clone, Copy)]
struct Page<'a> {
    cx: &'a Cx<'a>,
    /// The shop the answers are of.
    shop: &'a Shop,
    answers: &'a Answers,
}

/// What a card is made of beside its answer.
struct Card<'a> {
    question: &'a str,
    name: &'a str,
    definition: &'a str,
    button: &'a str,
    sheet: &'a dyn Fn() -> Sheet,
}

const EXPECTED: &str = "Σ over today’s customers of the value predicted for each, times what came of such forecasts \
     before: the geometric mean of actual ÷ predicted at up to three earlier dates, each one horizon before the \
     next. The 95 % interval is how far a further quarter lies from that mean. Customers still to be won are not \
     in it. The horizon is the one of the Audiences.";
const ALLOWANCE: &str = "Mean net revenue of a customer within the chosen months (of 30.4 days) after the first order, \
     times the margin. The mean is over the customers whose months all lie before the as-of date; the interval is \
     ± 1.96 standard errors of the mean. A first month that seems to hold customers from before the data begin is \
     left out. The margin is the one of the campaign. CAC = cost ÷ customers won, from your cost table.";
const SLIPPING: &str = "The list “VIPs to protect” of the Audiences, by its rule there; the churn risks where it is \
     empty. Revenue so far is net revenue before the as-of date. The bars are those who have brought most.";
const BRINGING: &str = "Share of customers with a further order on a later day, at most 90 days after the first, by \
     what the first line of their first order says. Only customers followed for 90 whole days, and values with at \
     least 50 of them. Each value is set against everybody else by a two-proportion z-test; p-values are corrected \
     for all values of all columns (Holm). Below 0.05 a difference is beyond chance; grey bars are not. It says \
     what goes together, not what causes it.";
const CHANGE: &str = "The last whole calendar month before the as-of date against the month before and the same month \
     a year earlier: net revenue, orders, and customers whose first order falls in it. Months that the data only \
     cover in part are left out.";

impl Page<'_> {
    fn card_ui(
        &self,
        ui: &mut Ui,
        index: usize,
        column: &mut Option<String>,
        actions: &mut Actions,
    ) {
        let question = QUESTIONS[index];
        let answers = self.answers;
        match index {
            0 => {
                let card = Card {
                    question,
                    name: "expected_revenue",
                    definition: EXPECTED,
                    button: "Open Audiences",
                    sheet: &|| charts::expected_sheet(self),
                };
                let chart = |ui: &mut Ui, _: &mut Actions, height| {
                    charts::expected_ui(ui, self, height);
                };
                if self.answer_ui(ui, &card, (&answers.expected_revenue, chart), actions) {
                    actions.push(Action::Show(View::Audiences));
                }
            }
            1 => self.allowance_ui(ui, question, actions),
            2 => {
                let numbers = answers.slipping_away.numbers.as_ref();
                let card = Card {
                    question,
                    name: "slipping_away",
                    definition: SLIPPING,
                    button: "Open this list",
                    sheet: &|| charts::slipping_sheet(self),
                };
                let chart = |ui: &mut Ui, actions: &mut Actions, height| {
                    charts::slipping_ui(ui, self, height, actions);
                };
                if self.answer_ui(ui, &card, (&answers.slipping_away, chart), actions) {
                    let section = audiences_view::Section::Lists;
                    let list = numbers.map(|numbers| numbers.list);
                    actions.push(Action::ShowAudience(section, list));
                }
            }
            3 => self.bringing_ui(ui, question, column, actions),
            _ => {
                let card = Card {
                    question,
                    name: "last_month",
                    definition: CHANGE,
                    button: "Open Overview",
                    sheet: &|| charts::change_sheet(self),
                };
                let chart = |ui: &mut Ui, _: &mut Actions, height| {
                    charts::change_ui(ui, self, height);
                };
                if self.answer_ui(ui, &card, (&answers.last_month, chart), actions) {
                    actions.push(Action::Show(View::Overview));
                }
            }
        }
    }

    fn allowance_ui(&self, ui: &mut Ui, question: &str, actions: &mut Actions) {
        let card = Card {
            question,
            name: "cost_of_a_new_customer",
            definition: ALLOWANCE,
            button: "Open costs",
            sheet: &|| charts::allowance_sheet(self),
        };
        let chart = |ui: &mut Ui, actions: &mut Actions, height: f32| {
            const ROW: f32 = 40.0;
            ui.horizontal(|ui| {
                ui.set_height(ROW);
                self.terms_ui(ui, actions);
            });
            let left = height - ROW - ui.spacing().item_spacing.y;
            charts::allowance_ui(ui, self, left.max(LEAST_CHART));
        };
        if self.answer_ui(ui, &card, (&self.answers.allowance, chart), actions) {
            let section = audiences_view::Section::Progress;
            actions.push(Action::ShowAudience(section, None));
        }
    }

    /// Months to pay back, and the margin.
    fn terms_ui(&self, ui: &mut Ui, actions: &mut Actions) {
        let (palette, settings) = (self.cx.palette, &self.cx.project.audiences);
        let choices = HORIZONS.map(|months| (months, format!("{months} months")));
        if let Some(months) = dropdown_ui(ui, palette, "Within", &choices, &settings.payback_months)
        {
            let mut settings = settings.clone();
            settings.payback_months = months;
            actions.push(Action::SetAudiences(Box::new(settings)));
        }
        if let Some(margin) = share_ui(ui, palette, "Margin", settings.campaign.margin) {
            let mut settings = settings.clone();
            settings.campaign.margin = margin;
            actions.push(Action::SetAudiences(Box::new(settings)));
        }
    }

    fn bringing_ui(
        &self,
        ui: &mut Ui,
        question: &str,
        column: &mut Option<String>,
        actions: &mut Actions,
    ) {
        let answer = &self.answers.first_order;
        let current = answer.numbers.as_ref().map(|of| of.column.clone());
        let known = self.shop.start.as_ref();
        let columns = known.map_or(&[][..], |start| &start.comeback.columns);
        let choices: Vec<(Option<String>, String)> = columns
            .iter()
            .map(|of| (Some(of.name.clone()), crate::format::column(&of.name)))
            .collect();
        let card = Card {
            question,
            name: "what_brings_people_back",
            definition: BRINGING,
            button: "Open Cohorts",
            sheet: &|| charts::bringing_sheet(self),
        };
        let mut chosen = None;
        let chart = |ui: &mut Ui, _: &mut Actions, height: f32| {
            let mut left = height;
            if choices.len() > 1 {
                let top = ui.cursor().top();
                chosen = dropdown_ui(ui, self.cx.palette, "By", &choices, &current);
                left -= ui.cursor().top() - top;
            }
            charts::bringing_ui(ui, self, left.max(LEAST_CHART));
        };
        if self.answer_ui(ui, &card, (answer, chart), actions) {
            if let Some(column) = &current {
                actions.push(Action::SetCohorts(CohortSpec {
                    rows: RowsBy::Attribute(column.clone()),
                    ..self.cx.project.cohorts.clone()
                }));
            }
            actions.push(Action::Show(View::Cohorts));
        }
        *column = chosen.unwrap_or_else(|| column.clone());
    }

    /// Draws a card; returns whether its button was pressed.
    fn answer_ui<N>(
        &self,
        ui: &mut Ui,
        card: &Card<'_>,
        (answer, chart): (&Answer<N>, impl FnOnce(&mut Ui, &mut Actions, f32)),
        actions: &mut Actions,
    ) -> bool {
        let palette = self.cx.palette;
        let bottom = ui.cursor().top() + CARD;
        let head = Head {
            title: card.question,
            finding: "",
            definition: card.definition,
        };
        let mut pressed = false;
        let body = |ui: &mut Ui, actions: &mut Actions| {
            ui.spacing_mut().item_spacing.y = gap::XS;
            words_ui(ui, self.cx, answer);
            ui.add_space(gap::XS);
            let end = grid::height_to(ui, bottom, 0.0) + ui.cursor().top();
            let alone = portrait::bottom(ui).is_some();
            let end = if alone { end } else { end - BUTTON };
            if answer.numbers.is_some() {
                let height = (end - ui.cursor().top()).max(LEAST_CHART);
                ui.scope(|ui| {
                    if answer.weak {
                        ui.multiply_opacity(0.6);
                    }
                    chart(ui, actions, height);
                });
            }
            if !alone {
                let rest = end + gap::S - ui.spacing().item_spacing.y - ui.cursor().top();
                ui.add_space(rest.max(0.0));
                let button = parts::button_ui(ui, palette, None, card.button, Loudness::Quiet);
                pressed = button.clicked();
            }
        };
        if answer.numbers.is_some() {
            let shown = ChartCard::new(palette, head, card.name, card.sheet);
            shown.show_ui(ui, actions, body);
        } else {
            card::card_ui(ui, palette, head, |_| {}, |ui| body(ui, actions));
        }
        pressed
    }
}

/// Figure, sentence and notes.
fn words_ui<N>(ui: &mut Ui, cx: &Cx<'_>, answer: &Answer<N>) {
    let palette = cx.palette;
    if let Some(figure) = &answer.figure {
        let color = if answer.weak {
            palette.muted
        } else {
            palette.text
        };
        ui.label(RichText::new(figure).font(font::figure()).color(color));
    }
    let sentence = RichText::new(&answer.sentence).font(font::body());
    ui.add(Label::new(sentence.color(palette.text)).wrap());
    for note in &answer.notes {
        let color = if answer.weak {
            palette.warn
        } else {
            palette.muted
        };
        let note = RichText::new(note).font(font::caption()).color(color);
        ui.add(Label::new(note).wrap());
    }
}
