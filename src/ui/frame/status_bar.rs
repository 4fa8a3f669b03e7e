//! The status bar: what is being computed, and how large the shop is.

use egui::{Align, Color32, Frame, Label, Layout, Margin, Panel, RichText, Stroke, Ui, vec2};
use lucide_icons::Icon;

use super::{FrameCx, Job, parts};
use crate::{
    action::{Action, Actions},
    format,
    theme::{Palette, STATUS_BAR_HEIGHT, font, gap},
    views::models::{self, ModelsAction},
};
use pipeline::snapshot::Shop;

pub fn status_bar_ui(ui: &mut Ui, cx: &FrameCx<'_>, shop: &Shop, actions: &mut Actions) {
    let palette = cx.palette;
    let response = Panel::bottom("status_bar")
        .exact_size(STATUS_BAR_HEIGHT)
        .show_separator_line(false)
        .frame(
            Frame::new()
                .fill(palette.card)
                .inner_margin(Margin::symmetric(gap::L as i8, 0)),
        )
        .show(ui, |ui| {
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = gap::S;
                match cx.job {
                    Some(job) if cx.updating => job_ui(ui, palette, job, actions),
                    _ if cx.training.job.is_some() => training_ui(ui, cx, actions),
                    _ => ready_ui(ui, palette),
                }
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    ui.add(Label::new(caption(size_text(shop), palette.muted)).truncate());
                });
            });
        })
        .response;
    let rect = response.rect;
    ui.painter().hline(
        rect.x_range(),
        rect.top() + 0.5,
        Stroke::new(1.0, palette.hairline),
    );
}

fn caption(text: String, color: Color32) -> RichText {
    RichText::new(text).font(font::caption()).color(color)
}

fn ready_ui(ui: &mut Ui, palette: &Palette) {
    let (rect, _) = ui.allocate_exact_size(vec2(12.0, 16.0), egui::Sense::hover());
    parts::icon_at(ui.painter(), rect.center(), Icon::Check, 13.0, palette.good);
    ui.label(caption("Up to date".to_owned(), palette.muted));
}

fn job_ui(ui: &mut Ui, palette: &Palette, job: &Job, actions: &mut Actions) {
    let stage = if job.cancelling {
        "Cancelling…".to_owned()
    } else {
        format!("Updating: {}", job.stage)
    };
    ui.label(caption(stage, palette.text));
    parts::progress_ui(ui, palette, vec2(120.0, 6.0), job.share());
    ui.label(caption(job.progress_text(), palette.muted));
    if !job.cancelling
        && parts::button_ui(ui, palette, None, "Cancel", parts::Loudness::Quiet).clicked()
    {
        actions.push(Action::CancelJob);
    }
}

/// The training under way, from whatever view one looks at.
fn training_ui(ui: &mut Ui, cx: &FrameCx<'_>, actions: &mut Actions) {
    let Some(job) = &cx.training.job else { return };
    let palette = cx.palette;
    ui.label(caption(format!("Training {}", job.title), palette.text));
    let share = job.share().map(|share| share as f32);
    parts::progress_ui(ui, palette, vec2(120.0, 6.0), share);
    ui.add(Label::new(caption(models::job_words(job), palette.muted)).truncate());
    if !job.cancelling
        && parts::button_ui(ui, palette, None, "Cancel", parts::Loudness::Quiet).clicked()
    {
        actions.push(Action::Models(ModelsAction::Cancel));
    }
}

/// `23,570 customers · 67,591 orders · 4 files`; a customer table has columns instead of orders.
fn size_text(shop: &Shop) -> String {
    let kpis = &shop.overview.kpis;
    let (customers, second) = match shop.dataset.tables.first() {
        Some(table) if !shop.dataset.shape.has_orders() => {
            let columns = table.columns.len() as u64;
            (
                table.rows as u64,
                format::count(columns, "column", "columns"),
            )
        }
        _ => (
            kpis.customers,
            format::count(kpis.orders, "order", "orders"),
        ),
    };
    format!(
        "{}  ·  {second}  ·  {}",
        format::count(customers, "customer", "customers"),
        format::count(shop.dataset.files.len() as u64, "file", "files"),
    )
}
