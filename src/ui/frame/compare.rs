//! The Compare panel: the selection next to everyone, or next to another selection.

use std::sync::Arc;

use egui::{Align, Context, Id, Layout, Modal, RichText, ScrollArea, Ui, vec2};
use lucide_icons::Icon;

use super::{FrameCx, parts::window_frame, selection_text};
use crate::{
    action::{Action, Actions},
    chart::{ChartCard, Sheet, sheet::cell},
    command::Command,
    format,
    theme::{Palette, font, gap},
    views::customers::background::{Job, Poll},
    widgets::{
        card::{Head, icon_button_ui},
        grid,
        segmented::segmented_ui,
    },
};
use analysis::{
    selection::{
        Selected, Selection, select,
        tables::{Extras, Tables},
    },
    sides::{Side, Sides, sides},
};
use pipeline::snapshot::Shop;

const WIDTH: f32 = 900.0;

mod cards;

/// Whether the panel is open, what is pinned, and what was worked out last.
#[derive(Debug, Default)]
pub struct State {
    pub open: bool,
    /// Kept to be compared with.
    pinned: Option<Pinned>,
    /// Compare with everyone although something is pinned.
    with_everyone: bool,
    job: Option<(Asked, Job<Sides>)>,
    shown: Option<(Asked, Arc<Sides>)>,
}

/// A selection with the customers it held when it was pinned.
#[derive(Clone, Debug)]
struct Pinned {
    selection: Selection,
    then: Arc<Selected>,
}

/// What a comparison follows from.
#[derive(Clone, Debug, PartialEq)]
struct Asked {
    revision: u64,
    against: Option<Selection>,
}

impl State {
    /// Keeps a selection to compare others with.
    pub fn pin(&mut self, selection: Selection, then: Arc<Selected>) {
        self.pinned = Some(Pinned { selection, then });
        self.with_everyone = false;
    }

    fn against(&self) -> Option<&Pinned> {
        self.pinned.as_ref().filter(|_| !self.with_everyone)
    }

    /// Starts what is missing and takes in what is ready.
    fn update(&mut self, ctx: &Context, revision: u64, shop: &Shop) {
        let asked = Asked {
            revision,
            against: self.against().map(|pinned| pinned.selection.clone()),
        };
        if self
            .shown
            .as_ref()
            .is_some_and(|(known, _)| *known == asked)
        {
            self.job = None;
            return;
        }
        if self
            .job
            .as_ref()
            .is_none_or(|(running, _)| *running != asked)
        {
            let (shop, against) = (shop.clone(), self.against().cloned());
            let job = Job::start(ctx, move |_| Some(compared(&shop, against.as_ref())));
            self.job = job.ok().map(|job| (asked, job));
        }
        if let Some((asked, job)) = &self.job
            && let Poll::Done(found) = job.poll()
        {
            self.shown = Some((asked.clone(), Arc::new(found)));
            self.job = None;
        }
    }
}

/// The selection of the shop next to another one, or to everyone.
fn compared(shop: &Shop, against: Option<&Pinned>) -> Sides {
    let tables = Tables {
        orders: &shop.dataset.orders,
        customers: &shop.customers,
        scores: &shop.scores,
        segments: &shop.segments,
        cohorts: &shop.cohorts,
        extras: Extras::default(),
    };
    match against {
        // Clusters and moves are looked up in tables that a shop at hand need not have: such a pin
        // keeps the customers it had.
        Some(pinned) if pinned.selection.needs_extras() => {
            sides(tables, &shop.selected, &pinned.then)
        }
        Some(pinned) => sides(tables, &shop.selected, &select(tables, &pinned.selection)),
        None => {
            let everyone = select(tables, &Selection::default());
            sides(tables, &shop.selected, &everyone)
        }
    }
}

/// Draws the panel while it is open.
pub fn compare_ui(ui: &mut Ui, cx: &FrameCx<'_>, state: &mut State, actions: &mut Actions) {
    let Some(shop) = cx.snapshot.shop.as_ref().filter(|_| state.open) else {
        return;
    };
    state.update(ui.ctx(), cx.snapshot.revision, shop);
    let screen = ui.ctx().content_rect().size();
    let modal = Modal::new(Id::unique("compare"))
        .frame(window_frame(cx.palette, gap::L as i8))
        .show(ui.ctx(), |ui| {
            ui.set_width(WIDTH.min(screen.x - 2.0 * gap::XL));
            head_ui(ui, cx, state, actions);
            let height = screen.y * 0.8 - 60.0;
            let page = ScrollArea::vertical()
                .max_height(height)
                .min_scrolled_height(height);
            page.auto_shrink([true, false]).show(ui, |ui| {
                body_ui(ui, cx, shop, state, actions);
            });
        });
    if modal.should_close() {
        state.open = false;
    }
}

fn head_ui(ui: &mut Ui, cx: &FrameCx<'_>, state: &mut State, actions: &mut Actions) {
    let palette = cx.palette;
    ui.horizontal(|ui| {
        ui.label(
            RichText::new("Compare")
                .font(font::view_title())
                .color(palette.text),
        );
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if icon_button_ui(ui, palette, Icon::X, "Close the comparison").clicked() {
                state.open = false;
            }
            if icon_button_ui(ui, palette, Icon::Pin, Command::PinSelection.text()).clicked() {
                actions.push(Action::Run(Command::PinSelection));
            }
            if state.pinned.is_some() {
                let choices = [
                    (true, "With everyone"),
                    (false, "With the pinned selection"),
                ];
                let current = state.with_everyone;
                if let Some(choice) = segmented_ui(ui, palette, "Compare", &choices, current) {
                    state.with_everyone = choice;
                }
            }
        });
    });
}

/// Names of both groups.
fn names(cx: &FrameCx<'_>, state: &State) -> [String; 2] {
    let words = |selection: &Selection| {
        if selection.is_empty() {
            "Everyone".to_owned()
        } else {
            selection_text::sentence(selection)
        }
    };
    let other = state
        .against()
        .map_or_else(|| "Everyone".to_owned(), |pinned| words(&pinned.selection));
    [words(cx.selection), other]
}

/// Table and charts; also drawn out of sight when one of them is saved as a picture.
pub fn body_ui(ui: &mut Ui, cx: &FrameCx<'_>, shop: &Shop, state: &State, actions: &mut Actions) {
    let Some((_, found)) = &state.shown else {
        ui.add_space(gap::XL);
        ui.label(
            RichText::new("Comparing…")
                .font(font::body())
                .color(cx.palette.muted),
        );
        return;
    };
    if state.job.is_some() {
        ui.multiply_opacity(super::DIMMED);
    }
    let names = names(cx, state);
    ui.spacing_mut().item_spacing.y = gap::M;
    figures_ui(ui, cx, (found, &names), actions);
    grid::row_ui(ui, &[1.0, 1.0], 0.0, |ui, at| {
        if at == 0 {
            cards::retention_ui(ui, cx, (found, &names), actions);
        } else {
            cards::segments_ui(ui, cx, (shop, found, &names), actions);
        }
    });
    for column in &found.columns {
        cards::column_ui(ui, cx, (column, &names), actions);
    }
}

/// A figure with the texts of both groups and of their difference.
struct Figure {
    name: &'static str,
    values: [f64; 2],
    texts: [String; 2],
}

/// Name, which number of a side, and its words.
type Row<'a> = (&'static str, fn(&Side) -> f64, &'a dyn Fn(f64) -> String);

fn figures(found: &Sides, currency: &str) -> Vec<Figure> {
    let money = |value: f64| format::money(value, currency);
    let days = |value: f64| format::fixed(value, 0);
    let whole = |value: f64| format::integer(value as u64);
    let rows: [Row<'_>; 12] = [
        ("Customers", |side| side.customers as f64, &whole),
        ("Orders", |side| side.orders as f64, &whole),
        ("Net revenue", |side| side.revenue, &money),
        ("Days since last order", |side| side.recency_days, &days),
        (
            "Orders per customer",
            |side| side.frequency,
            &format::number,
        ),
        ("Revenue per customer", |side| side.monetary, &money),
        ("Average order value", |side| side.aov, &money),
        ("Days since first order", |side| side.tenure_days, &days),
        (
            "Ordered once only",
            |side| side.one_time_share,
            &format::percent,
        ),
        ("Recency score", |side| side.scores[0], &format::number),
        ("Frequency score", |side| side.scores[1], &format::number),
        ("Monetary score", |side| side.scores[2], &format::number),
    ];
    rows.into_iter()
        .map(|(name, read, text)| {
            let values = [read(&found.first), read(&found.second)];
            Figure {
                name,
                values,
                texts: values.map(|value| {
                    if value.is_finite() {
                        text(value)
                    } else {
                        "–".to_owned()
                    }
                }),
            }
        })
        .collect()
}

/// "↑ 1.8 ×"; "–" where there is nothing to compare.
fn difference([first, second]: [f64; 2]) -> String {
    let ratio = first / second;
    if first == 0.0 && second > 0.0 {
        return "none".to_owned();
    }
    if !ratio.is_finite() {
        return "–".to_owned();
    }
    if (0.995..1.005).contains(&ratio) {
        return "the same".to_owned();
    }
    let arrow = if ratio > 1.0 { '↑' } else { '↓' };
    format!("{arrow} {} ×", format::number(ratio))
}

fn figures_ui(
    ui: &mut Ui,
    cx: &FrameCx<'_>,
    (found, names): (&Sides, &[String; 2]),
    actions: &mut Actions,
) {
    let rows = figures(found, &cx.project.currency);
    let share = found.first.customers as f64 / found.second.customers.max(1) as f64;
    let finding = format!(
        "{} against {} ({}); {} in both.",
        format::count(found.first.customers, "customer", "customers"),
        format::integer(found.second.customers),
        format::percent(share),
        format::integer(found.overlap),
    );
    let head = Head {
        title: "Side by side",
        finding: &finding,
        definition: "Means are over the customers of each group as of the chosen date; revenue per order is the group's \
                     net revenue ÷ its orders. The last column divides the first group by the second.",
    };
    let sheet = || {
        let mut sheet = Sheet::new(&["figure", &names[0], &names[1], "ratio"]);
        for row in &rows {
            let [first, second] = row.values;
            sheet.push(vec![
                row.name.to_owned(),
                cell(Some(first)),
                cell(Some(second)),
                cell(Some(first / second)),
            ]);
        }
        sheet
    };
    ChartCard::new(cx.palette, head, "compare_figures", &sheet).show_ui(ui, actions, |ui, _| {
        let widths = [0.34, 0.24, 0.24, 0.18].map(|share| share * ui.available_width());
        let [first, second] = names.each_ref().map(String::as_str);
        row_ui(
            ui,
            cx.palette,
            widths,
            ["", first, second, "Difference"],
            true,
        );
        for row in &rows {
            let ratio = difference(row.values);
            row_ui(
                ui,
                cx.palette,
                widths,
                [row.name, &row.texts[0], &row.texts[1], &ratio],
                false,
            );
        }
    });
}

fn row_ui(ui: &mut Ui, palette: &Palette, widths: [f32; 4], cells: [&str; 4], head: bool) {
    let size = vec2(widths.iter().sum(), 22.0);
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::hover());
    let says = format!("{}: {}, {}, {}", cells[0], cells[1], cells[2], cells[3]);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Row, true, &says));
    let mut left = rect.left();
    for (index, (text, width)) in cells.into_iter().zip(widths).enumerate() {
        let (font_id, ink) = match (head, index) {
            (true, _) => (font::caption_medium(), palette.muted),
            (false, 0 | 3) => (font::body(), palette.muted),
            (false, _) => (font::body_medium(), palette.text),
        };
        let shown = super::parts::fitted_text(ui.painter(), text, &font_id, width - gap::M);
        let (x, align) = if index == 0 {
            (left, egui::Align2::LEFT_CENTER)
        } else {
            (left + width, egui::Align2::RIGHT_CENTER)
        };
        ui.painter()
            .text(egui::pos2(x, rect.center().y), align, shown, font_id, ink);
        left += width;
    }
    let line = egui::Stroke::new(1.0, palette.hairline);
    ui.painter().hline(rect.x_range(), rect.bottom(), line);
    if head {
        response.on_hover_text(format!("{} · {}", cells[1], cells[2]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_read_as_words() {
        assert_eq!(difference([180.0, 100.0]), "↑ 1.80 ×");
        assert_eq!(difference([1.0, 2.0]), "↓ 0.500 ×");
        assert_eq!(difference([3.0, 3.0]), "the same");
        assert_eq!(difference([3.0, 0.0]), "–");
        assert_eq!(difference([0.0, 3.0]), "none");
        let rows = [("DE".to_owned(), 0.5, 0.25), ("FR".to_owned(), 0.1, 0.2)];
        assert_eq!(
            cards::finding(&rows, "revenue"),
            "Furthest apart: DE with 50.0 % against 25.0 % of revenue."
        );
        assert_eq!(cards::finding(&[], "revenue"), "");
    }
}
