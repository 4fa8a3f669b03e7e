//! The section *Cut points*: where one score ends and the next begins, and what that moves.

pub mod axis;
pub mod handle;
pub mod limits;
pub mod panel;

use egui::{Rect, RichText, Sense, Ui, vec2};

use self::{
    handle::Typing,
    limits::Limit,
    panel::{Panel, Scored, panel_ui},
};
use super::{
    Tune, bubble_card_ui, grid_card_ui,
    model::{Model, SCORE_NAMES},
    moved, pair_ui, stability,
};
use crate::{
    action::{Action, Actions},
    chart::ChartCard,
    cx::Cx,
    theme::{font, gap},
    widgets::{
        card::Head,
        grid::{cards_ui, row_ui, stacks},
        segmented::segmented_ui,
    },
};
use analysis::{
    cut_points::{CutPoints, Measure},
    distribution::Quantity,
    rfm::TieRule,
    rules::Field,
};

const DEFINITION: &str = "A customer gets a score from 1 (worst) to 5 (best) for recency, frequency and \
     monetary value. Below the bars: each score and how many customers hold it.\n\n\
     Share a score (default): score = 1 + ⌊5 × customers strictly worse ÷ customers⌋. Equal customers \
     always get the same score, so some scores may be empty.\n\n\
     Rank first: customers are ranked, equal ones in the order of their ids, and cut into five groups \
     of equal size. Equal customers can get different scores.\n\n\
     Fixed: the cut points are the numbers on the handles. Drag one, move it with the arrow keys \
     (Shift: ten steps), or double-click it to type. Dragging begins at the cut points in use.";

const UNITS: [&str; 3] = ["days since last order", "orders", "net revenue"];
const PANEL_HEIGHT: f32 = 250.0;
const PANEL_LEAST: f32 = 250.0;
const BELOW_HEIGHT: f32 = 384.0;
const PLAIN_HEIGHT: f32 = 130.0;

/// What the section remembers between frames.
#[derive(Debug, Default)]
pub struct State {
    typing: Option<Typing>,
    /// The cut points set by hand last, for the way back from another rule.
    last: Option<CutPoints>,
}

/// The cut points in use: those set by hand, else those that give the same scores.
#[must_use]
pub fn in_use(cx: &Cx<'_>) -> CutPoints {
    match cx.project.ties {
        TieRule::Fixed(cuts) => cuts,
        TieRule::Share | TieRule::RankFirst => CutPoints::implied(&cx.shop.scores.bands),
    }
}

/// Draws the section.
pub fn section_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    model: &Model,
    state: &mut State,
    actions: &mut Actions,
) {
    let cuts = in_use(cx);
    if let TieRule::Fixed(cuts) = cx.project.ties {
        state.last = Some(cuts);
    }
    let head = Head {
        title: "Score cut points",
        finding: &model.findings.scores,
        definition: DEFINITION,
    };
    let sheet = || model.scores_sheet();
    let typing = &mut state.typing;
    let last = state.last;
    ChartCard::new(cx.palette, head, "scores", &sheet).show_with_tools_ui(
        ui,
        actions,
        |ui, actions| ties_ui(ui, cx, last, actions),
        |ui, actions| panels_ui(ui, cx, (model, &cuts), typing, actions),
    );
    let stacked = stacks(ui);
    // Everything a drag changes stands side by side.
    let mut follow = |ui: &mut Ui, place: usize| match place {
        0 => bubble_card_ui(ui, cx, model, None, actions),
        1 => grid_card_ui(ui, cx, model, actions),
        _ => moved::card_ui(ui, cx, model, actions),
    };
    if stacked {
        pair_ui(ui, false, BELOW_HEIGHT, |ui, left| {
            follow(ui, usize::from(!left));
        });
        row_ui(ui, &[1.0], BELOW_HEIGHT, |ui, _| follow(ui, 2));
    } else {
        row_ui(ui, &[0.39, 0.33, 0.28], BELOW_HEIGHT, follow);
    }
    let limits = plain_limits(cx);
    let typing = &mut state.typing;
    pair_ui(ui, stacked, plain_height(&limits), |ui, left| {
        if left {
            stability::card_ui(ui, cx, model, actions);
        } else {
            plain_card_ui(ui, cx, (model, &limits), typing, actions);
        }
    });
}

/// Which rule cuts the scores, in the card's head.
fn ties_ui(ui: &mut Ui, cx: &Cx<'_>, last: Option<CutPoints>, actions: &mut Actions) {
    #[derive(Clone, Copy, PartialEq)]
    enum Rule {
        Share,
        RankFirst,
        Fixed,
    }
    let choices = [
        (Rule::Share, "Share a score"),
        (Rule::RankFirst, "Rank first"),
        (Rule::Fixed, "Fixed"),
    ];
    let current = match cx.project.ties {
        TieRule::Share => Rule::Share,
        TieRule::RankFirst => Rule::RankFirst,
        TieRule::Fixed(_) => Rule::Fixed,
    };
    ui.add_space(gap::S);
    if let Some(rule) = segmented_ui(
        ui,
        cx.palette,
        "Customers with equal values",
        &choices,
        current,
    ) {
        let ties = match rule {
            Rule::Share => TieRule::Share,
            Rule::RankFirst => TieRule::RankFirst,
            Rule::Fixed => TieRule::Fixed(last.unwrap_or_else(|| in_use(cx))),
        };
        actions.push(Action::Tune(Tune::Ties(ties)));
    }
}

fn panels_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (model, cuts): (&Model, &CutPoints),
    typing: &mut Option<Typing>,
    actions: &mut Actions,
) {
    const SPREAD: [Quantity; 3] = [
        Quantity::RecencyDays,
        Quantity::Frequency,
        Quantity::Monetary,
    ];
    cards_ui(ui, (3, PANEL_LEAST), PANEL_HEIGHT, |ui, kind| {
        let size = vec2(ui.available_width(), PANEL_HEIGHT);
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        let measure = Measure::ALL[kind];
        let Some(spread) = model.spread(SPREAD[kind]) else {
            return counting_ui(ui, cx, rect);
        };
        let panel = Panel {
            title: SCORE_NAMES[kind],
            unit: UNITS[kind],
            spread,
            customers: model.customers,
            scored: Some(Scored {
                measure,
                cuts: cuts.of(measure),
                bins: &model.scores[kind],
            }),
            limits: &[],
        };
        if let Some((cut, value)) = panel_ui(ui, cx.palette, rect, &panel, typing) {
            let moved = TieRule::Fixed(cuts.with(measure, cut, value));
            actions.push(Action::Tune(Tune::Ties(moved)));
        }
    });
}

fn counting_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect) {
    ui.painter().text(
        rect.center(),
        egui::Align2::CENTER_CENTER,
        "Counting…",
        font::body(),
        cx.palette.muted,
    );
}

/// Order value and tenure: not scored, but rules may look at them.
const PLAIN: [(&str, &str, Quantity, Field); 2] = [
    (
        "Average order value",
        "net revenue per order",
        Quantity::Aov,
        Field::Aov,
    ),
    (
        "Tenure",
        "days since first order",
        Quantity::TenureDays,
        Field::TenureDays,
    ),
];

/// What the rules of the project ask of each of [`PLAIN`].
fn plain_limits(cx: &Cx<'_>) -> [Vec<Limit>; 2] {
    PLAIN.map(|(.., field)| limits::limits(&cx.project.rules, field))
}

/// Height of the card below: two panels and the handles over them.
fn plain_height(limits: &[Vec<Limit>; 2]) -> f32 {
    let handles = limits.iter().map(|limits| limits::room(limits.len()));
    2.0 * PLAIN_HEIGHT + 120.0 + handles.sum::<f32>()
}

fn plain_card_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (model, limits): (&Model, &[Vec<Limit>; 2]),
    typing: &mut Option<Typing>,
    actions: &mut Actions,
) {
    let finding = match limits.iter().map(Vec::len).sum() {
        0 => "Not scored; rules can use them as they are.".to_owned(),
        1 => "Not scored. One number in the rules: drag its line to change the rule.".to_owned(),
        n => format!("Not scored. {n} numbers in the rules: drag a line to change its rule."),
    };
    let head = Head {
        title: "Order value and tenure",
        finding: &finding,
        definition: "Average order value: net revenue ÷ orders of a customer. Tenure: days from a \
                     customer's first order to the as-of date. The axis is logarithmic where a few \
                     large values would hide all others. A line stands where a rule compares the value \
                     with a number; moving it changes that number in the rule.",
    };
    let sheet = || model.spread_sheet();
    ChartCard::new(cx.palette, head, "distributions", &sheet).show_ui(
        ui,
        actions,
        |ui, actions| {
            ui.set_min_height(ui.available_height());
            for ((title, unit, quantity, _), limits) in PLAIN.into_iter().zip(limits) {
                let height = PLAIN_HEIGHT + limits::room(limits.len());
                let size = vec2(ui.available_width(), height);
                let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
                let Some(spread) = model.spread(quantity) else {
                    counting_ui(ui, cx, rect);
                    continue;
                };
                let panel = Panel {
                    title,
                    unit,
                    spread,
                    customers: model.customers,
                    scored: None,
                    limits,
                };
                if let Some((place, value)) = panel_ui(ui, cx.palette, rect, &panel, typing) {
                    let rules = limits[place].moved(&cx.project.rules, value);
                    actions.push(Action::Tune(Tune::Rules(rules)));
                }
            }
        },
    );
}

/// A quiet line of text.
pub(super) fn quiet_ui(ui: &mut Ui, cx: &Cx<'_>, text: impl Into<String>) {
    ui.label(
        RichText::new(text)
            .font(font::body())
            .color(cx.palette.muted),
    );
}
