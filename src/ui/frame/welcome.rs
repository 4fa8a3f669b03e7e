//! The pages without a shop: welcome, and the page while the first shop loads.

use egui::{
    Align, Align2, Color32, Key, Label, Layout, Pos2, Rect, Response, RichText, ScrollArea, Sense,
    Shape, Stroke, TextEdit, Ui, UiBuilder, WidgetInfo, accesskit::Role, pos2, vec2,
};
use lucide_icons::Icon;

use super::{FrameCx, Job, State, parts};
use crate::{
    action::{Action, Actions},
    command::Command,
    theme::{Palette, font, gap},
    widgets::card::{self, icon_button_ui},
};
use project::{Recent, Source};

const WIDTH: f32 = 620.0;
/// Recent projects shown.
const RECENT_SHOWN: usize = 5;

pub fn welcome_ui(ui: &mut Ui, cx: &FrameCx<'_>, state: &mut State, actions: &mut Actions) {
    let palette = cx.palette;
    corner_ui(ui, palette, actions);
    let height = ui.available_height();
    let used = state.welcome_height;
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let width = WIDTH.min(ui.available_width() - 2.0 * gap::XL);
        ui.add_space(((height - used) * 0.42).max(gap::XL));
        let left = ui.max_rect().center().x - width / 2.0;
        let column = Rect::from_min_size(pos2(left, ui.cursor().top()), vec2(width, 0.0));
        let column = ui.scope_builder(
            UiBuilder::new()
                .max_rect(column)
                .layout(Layout::top_down(Align::Min)),
            |ui| {
                ui.set_width(width);
                headline_ui(ui, palette);
                ui.add_space(gap::XL);
                drop_zone_ui(ui, palette, actions);
                ui.add_space(gap::L);
                actions_ui(ui, palette, actions);
                ui.add_space(gap::M);
                path_ui(ui, palette, state, actions);
                recent_ui(ui, cx, actions);
            },
        );
        let measured = column.response.rect.height();
        if (measured - used).abs() > 0.5 {
            state.welcome_height = measured;
            ui.ctx()
                .request_discard("the welcome page knows its height now");
        }
        ui.add_space(gap::XL);
    });
}

/// Theme and keys, in the top right corner.
fn corner_ui(ui: &mut Ui, palette: &Palette, actions: &mut Actions) {
    let page = ui.max_rect();
    let rect = Rect::from_min_max(
        pos2(page.right() - 124.0, page.top() + gap::M),
        pos2(page.right() - gap::L, page.top() + gap::M + 28.0),
    );
    let mut corner = ui.new_child(
        UiBuilder::new()
            .max_rect(rect)
            .layout(Layout::right_to_left(Align::Center)),
    );
    let (icon, label) = if palette.dark {
        (Icon::Sun, "Light theme")
    } else {
        (Icon::Moon, "Dark theme")
    };
    if icon_button_ui(&mut corner, palette, icon, label).clicked() {
        actions.push(Action::Run(Command::ToggleTheme));
    }
    let keys = icon_button_ui(
        &mut corner,
        palette,
        Icon::Keyboard,
        "Keyboard shortcuts (?)",
    );
    if keys.clicked() {
        actions.push(Action::Run(Command::Shortcuts));
    }
    let manual = Command::Manual.tip();
    if icon_button_ui(&mut corner, palette, Icon::CircleQuestionMark, &manual).clicked() {
        actions.push(Action::Run(Command::Manual));
    }
}

fn headline_ui(ui: &mut Ui, palette: &Palette) {
    ui.vertical_centered(|ui| {
        let (mark, _) = ui.allocate_exact_size(vec2(56.0, 56.0), Sense::hover());
        parts::paint_logo(ui.painter(), mark, palette);
        ui.add_space(gap::S);
        ui.label(
            RichText::new("Keepers")
                .font(font::figure())
                .color(palette.text),
        );
        ui.label(
            RichText::new("See who comes back, what they are worth, and whom to act on next.")
                .font(font::body())
                .color(palette.muted),
        );
    });
}

fn drop_zone_ui(ui: &mut Ui, palette: &Palette, actions: &mut Actions) {
    let size = vec2(ui.available_width(), 148.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| {
        WidgetInfo::labeled(
            Role::Button,
            true,
            "Drop order files here, or click to choose",
        )
    });
    let response = response.on_hover_cursor(egui::CursorIcon::PointingHand);
    let (fill, line) = if response.hovered() {
        (palette.accent_soft, palette.accent)
    } else {
        (palette.card, palette.faint)
    };
    let painter = ui.painter();
    painter.rect_filled(rect, 12, fill);
    painter.extend(dashed_rect(rect.shrink(0.75), 12.0, Stroke::new(1.5, line)));
    parts::focus_ring(painter, rect, 12, palette, &response);
    let centre = rect.center();
    painter.circle_filled(centre - vec2(0.0, 30.0), 20.0, palette.accent_soft);
    parts::icon_at(
        painter,
        centre - vec2(0.0, 30.0),
        Icon::Upload,
        20.0,
        palette.accent,
    );
    let text = |y: f32, text: &str, font_id, ink: Color32| {
        painter.text(
            centre + vec2(0.0, y),
            Align2::CENTER_CENTER,
            text,
            font_id,
            ink,
        );
    };
    text(
        14.0,
        "Drop your shop’s order files here",
        font::card_title(),
        palette.text,
    );
    text(
        38.0,
        "CSV, text or Excel files, one or several. Everything stays on this computer.",
        font::caption(),
        palette.muted,
    );
    if response.clicked() {
        actions.push(Action::OpenDialog);
    }
}

/// The outline of a rounded rectangle in dashes.
fn dashed_rect(rect: Rect, radius: f32, stroke: Stroke) -> Vec<Shape> {
    let mut path: Vec<Pos2> = Vec::new();
    let corners = [
        (pos2(rect.right() - radius, rect.top() + radius), -0.25),
        (pos2(rect.right() - radius, rect.bottom() - radius), 0.0),
        (pos2(rect.left() + radius, rect.bottom() - radius), 0.25),
        (pos2(rect.left() + radius, rect.top() + radius), 0.5),
    ];
    for (centre, start) in corners {
        for step in 0..=6 {
            let angle = (start + 0.25 * step as f32 / 6.0) * std::f32::consts::TAU;
            path.push(centre + radius * vec2(angle.cos(), angle.sin()));
        }
    }
    if let Some(&first) = path.first() {
        path.push(first);
    }
    Shape::dashed_line(&path, stroke, 7.0, 5.0)
}

fn actions_ui(ui: &mut Ui, palette: &Palette, actions: &mut Actions) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        let open = parts::button_ui(
            ui,
            palette,
            Some(Icon::FolderOpen),
            Command::Open.text(),
            parts::Loudness::Primary,
        );
        if open.on_hover_text("Ctrl+O").clicked() {
            actions.push(Action::OpenDialog);
        }
        let sample = parts::button_ui(
            ui,
            palette,
            Some(Icon::Store),
            Command::TrySample.text(),
            parts::Loudness::Plain,
        );
        if sample
            .on_hover_text(
                "4,000 invented customers over three years: look around without your own data",
            )
            .clicked()
        {
            actions.push(Action::Open(Source::Sample));
        }
    });
}

/// A field to type or paste a path: works where no file dialog does.
fn path_ui(ui: &mut Ui, palette: &Palette, state: &mut State, actions: &mut Actions) {
    let size = vec2(ui.available_width(), 36.0);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let mut row = ui.new_child(
        UiBuilder::new()
            .max_rect(rect)
            .layout(Layout::left_to_right(Align::Center)),
    );
    let ui = &mut row;
    ui.spacing_mut().item_spacing.x = gap::S;
    let label = ui.label(
        RichText::new("or type a path")
            .font(font::caption())
            .color(palette.muted),
    );
    let open = ui
        .with_layout(Layout::right_to_left(Align::Center), |ui| {
            let open = parts::button_ui(ui, palette, None, "Open", parts::Loudness::Plain);
            let hint = RichText::new("/home/me/orders.csv").color(palette.muted);
            let field = ui
                .add(
                    TextEdit::singleline(&mut state.path)
                        .hint_text(hint)
                        .margin(egui::Margin::symmetric(10, 9))
                        .desired_width(ui.available_width()),
                )
                .labelled_by(label.id);
            if std::mem::take(&mut state.focus_path) {
                field.request_focus();
            }
            let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            entered || open.clicked()
        })
        .inner;
    let path = state.path.trim().trim_matches('"');
    if open && !path.is_empty() {
        actions.push(Action::Open(Source::Files(vec![path.into()])));
    }
}

fn recent_ui(ui: &mut Ui, cx: &FrameCx<'_>, actions: &mut Actions) {
    let palette = cx.palette;
    if cx.session.is_none() && cx.settings.recent.is_empty() {
        return;
    }
    ui.add_space(gap::XL);
    ui.label(
        RichText::new("Recent")
            .font(font::caption_medium())
            .color(palette.muted),
    );
    card::frame(palette).inner_margin(6).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 0.0;
        if let Some(session) = cx.session
            && recent_row_ui(
                ui,
                palette,
                Icon::History,
                "Continue where you left off",
                session,
            )
            .clicked()
        {
            actions.push(Action::Continue);
        }
        for recent in cx.settings.recent.iter().take(RECENT_SHOWN) {
            let icon = match recent.source {
                Source::Sample => Icon::Store,
                _ => Icon::FileText,
            };
            if recent_row_ui(ui, palette, icon, &recent.name, recent).clicked() {
                actions.push(Action::Open(recent.source.clone()));
            }
        }
    });
}

fn recent_row_ui(
    ui: &mut Ui,
    palette: &Palette,
    icon: Icon,
    title: &str,
    recent: &Recent,
) -> Response {
    let size = vec2(ui.available_width(), 36.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, title));
    let painter = ui.painter();
    if response.hovered() {
        painter.rect_filled(rect, 6, palette.hover);
    }
    parts::focus_ring(painter, rect.shrink(2.0), 4, palette, &response);
    let y = rect.center().y;
    parts::icon_at(
        painter,
        pos2(rect.left() + 18.0, y),
        icon,
        16.0,
        palette.muted,
    );
    let details: Vec<&str> = [recent.size.as_str(), recent.opened.as_str()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
    let right = painter.text(
        pos2(rect.right() - 10.0, y),
        Align2::RIGHT_CENTER,
        details.join("  ·  "),
        font::caption(),
        palette.muted,
    );
    let left = rect.left() + 38.0;
    let title = parts::fitted_text(
        painter,
        title,
        &font::body_medium(),
        right.left() - left - 16.0,
    );
    painter.text(
        pos2(left, y),
        Align2::LEFT_CENTER,
        title,
        font::body_medium(),
        palette.text,
    );
    response.on_hover_text(source_text(&recent.source))
}

fn source_text(source: &Source) -> String {
    match source {
        Source::None => String::new(),
        Source::Sample => "The built-in sample shop".to_owned(),
        Source::Files(paths) => paths
            .iter()
            .map(|path| path.display().to_string())
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

/// While the first shop loads: where it stands, and a way out.
pub fn loading_ui(ui: &mut Ui, palette: &Palette, job: Option<&Job>, actions: &mut Actions) {
    let page = ui.max_rect();
    let size = vec2(440.0_f32.min(page.width() - 2.0 * gap::XL), 220.0);
    let rect = Rect::from_center_size(page.center() - vec2(0.0, page.height() * 0.06), size);
    let mut column = ui.new_child(
        UiBuilder::new()
            .max_rect(rect)
            .layout(Layout::top_down(Align::Center)),
    );
    let ui = &mut column;
    let (mark, _) = ui.allocate_exact_size(vec2(40.0, 40.0), Sense::hover());
    parts::paint_logo(ui.painter(), mark, palette);
    ui.add_space(gap::M);
    ui.label(
        RichText::new("Opening the shop")
            .font(font::view_title())
            .color(palette.text),
    );
    let waiting = Job::default();
    let job = job.unwrap_or(&waiting);
    let stage = if job.cancelling {
        "Cancelling…"
    } else if job.stage.is_empty() {
        "Starting"
    } else {
        &job.stage
    };
    ui.add(Label::new(RichText::new(stage).font(font::body()).color(palette.muted)).truncate());
    ui.add_space(gap::S);
    let bar = vec2(ui.available_width().min(360.0), 8.0);
    parts::progress_ui(ui, palette, bar, job.share());
    ui.label(
        RichText::new(job.progress_text())
            .font(font::caption())
            .color(palette.muted),
    );
    ui.add_space(gap::S);
    let cancel = parts::button_ui(ui, palette, None, "Cancel", parts::Loudness::Plain);
    if cancel.clicked() {
        actions.push(Action::CancelJob);
    }
}
