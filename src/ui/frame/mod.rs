//! Rail, top bar, status bar and everything else around a view.

use egui::{
    Align2, CentralPanel, Color32, Frame, Id, LayerId, Margin, Order, Stroke, Ui, UiBuilder, vec2,
};

use super::{
    action::{Actions, View},
    command::Command,
    cx::Cx,
    format, manual_link,
    theme::{Palette, STACK_WIDTH, font, gap},
    views::{
        self, States,
        data::assistant::{self, Draft},
    },
};
use analysis::selection::Selection;
use data::layouts::Layout;
use pipeline::{
    grouping::Grouping,
    profile::Profiling,
    snapshot::{Shop, Snapshot},
    training::Training,
};
use project::{Project, Recent, Settings, Source};

pub mod as_of;
pub mod asks;
mod chips;
pub mod compare;
pub mod export;
pub mod glossary;
pub mod help;
mod inspector;
pub mod layouts;
pub mod notices;
mod palette;
pub mod parts;
pub mod present;
mod rail;
pub mod scenes;
pub mod selection_text;
mod status_bar;
mod strip;
mod top_bar;
pub mod tour;
mod welcome;

use notices::Notice;

/// Opacity of numbers that are about to be replaced.
const DIMMED: f32 = 0.55;
/// Below this width the inspector would leave the view too little room.
const INSPECTOR_MIN_WIDTH: f32 = 960.0;

/// What the worker is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Job {
    pub stage: String,
    pub done: u64,
    /// 0 while unknown.
    pub total: u64,
    pub elapsed_seconds: u64,
    pub cancelling: bool,
}

impl Job {
    /// 0…1, `None` while the total is unknown.
    #[must_use]
    pub fn share(&self) -> Option<f32> {
        (self.total > 0).then(|| self.done as f32 / self.total as f32)
    }

    /// `3 of 5 · 0:12`
    #[must_use]
    pub fn progress_text(&self) -> String {
        let seconds = self.elapsed_seconds;
        let clock = format!("{}:{:02}", seconds / 60, seconds % 60);
        if self.total > 0 {
            let (done, total) = (format::integer(self.done), format::integer(self.total));
            format!("{done} of {total}  ·  {clock}")
        } else {
            clock
        }
    }
}

/// What the frame reads; it pushes actions and changes only its own [`State`].
#[derive(Clone, Copy)]
#[allow(clippy::struct_excessive_bools)] // Facts of one frame that have nothing to do with each other.
pub struct FrameCx<'a> {
    pub project: &'a Project,
    pub settings: &'a Settings,
    pub snapshot: &'a Snapshot,
    pub selection: &'a Selection,
    pub view: View,
    pub job: Option<&'a Job>,
    pub notices: &'a [Notice],
    pub palette: &'a Palette,
    pub open_customer: Option<u32>,
    pub profiling: &'a Profiling,
    pub grouping: &'a Grouping,
    /// Runs of this session, and the training under way.
    pub training: &'a Training,
    /// Whether the as-of date is playing, and how far each step goes.
    pub playing: bool,
    pub pace: as_of::Pace,
    /// Newer numbers are on their way.
    pub updating: bool,
    pub inspector_open: bool,
    pub can_undo: bool,
    pub can_redo: bool,
    /// What "Continue where you left off" would open.
    pub session: Option<&'a Recent>,
    /// Days the as-of date can take; `None` without sales.
    pub days: Option<as_of::Range>,
    /// Files whose columns are being mapped: their page stands in front of everything.
    pub mapping: Option<&'a Draft>,
    /// The project differs from its file.
    pub unsaved: bool,
    /// The question in front of everything.
    pub ask: Option<&'a asks::Ask>,
    /// Exports the user has had remembered.
    pub layouts: &'a [Layout],
    pub scenes_open: bool,
    /// For each scene of the project, whether its numbers are worked out.
    pub scenes_ready: &'a [bool],
    /// The presentation under way.
    pub show: Option<&'a present::Show>,
    /// Step of the guided tour.
    pub tour: Option<usize>,
}

impl FrameCx<'_> {
    /// What the views read of this.
    #[must_use]
    pub fn view_cx<'a>(&'a self, shop: &'a Shop) -> Cx<'a> {
        Cx {
            project: self.project,
            settings: self.settings,
            shop,
            revision: self.snapshot.revision,
            palette: self.palette,
            updating: self.updating,
            open_customer: self.open_customer,
            profiling: self.profiling,
            grouping: self.grouping,
            training: self.training,
        }
    }

    /// Whether the command would do something now.
    #[must_use]
    pub fn can_run(&self, command: Command) -> bool {
        match command {
            Command::Undo => self.can_undo,
            Command::Redo => self.can_redo,
            Command::CancelJob => self.job.is_some(),
            Command::ClearSelection
            | Command::ToggleInspector
            | Command::Compare
            | Command::PinSelection => !self.selection.parts.is_empty(),
            Command::Latest => self.project.as_of.is_some(),
            Command::AddFiles | Command::ReplaceFiles => {
                let files = matches!(self.project.source, Source::Files(_));
                files && self.snapshot.shop.is_some()
            }
            command => !command.needs_shop() || self.snapshot.shop.is_some(),
        }
    }
}

/// Which of the dialogs over the page are open.
type Dialogs = [bool; 9];

/// What the frame remembers between frames.
#[derive(Debug, Default)]
pub struct State {
    pub palette: palette::State,
    pub compare: compare::State,
    audience: inspector::Naming,
    pub shortcuts_open: bool,
    /// Text of the path field.
    pub path: String,
    /// Give the path field the keyboard in the next frame.
    pub focus_path: bool,
    asks: asks::State,
    scenes: scenes::State,
    pub export: export::State,
    pub glossary: glossary::State,
    pub help: help::State,
    pub layouts: layouts::State,
    as_of: as_of::State,
    strip: strip::State,
    welcome_height: f32,
}

impl State {
    /// Which of the dialogs over the page are open.
    fn dialogs(&self, cx: &FrameCx<'_>) -> Dialogs {
        let shop = cx.snapshot.shop.is_some();
        [
            self.palette.open,
            self.compare.open && shop,
            self.shortcuts_open,
            self.export.open && shop,
            self.glossary.open,
            self.help.open,
            cx.ask.is_some(),
            self.layouts.open,
            self.layouts.is_naming(),
        ]
    }
}

/// Draws the whole window.
pub fn frame_ui(
    ui: &mut Ui,
    cx: &FrameCx<'_>,
    state: &mut State,
    views: &mut States,
    actions: &mut Actions,
) {
    // egui keeps a hover text open for as long as the pointer is inside its widget, whatever lies above:
    // for a page behind a dialog there is no pointer.
    let pointer = state
        .dialogs(cx)
        .contains(&true)
        .then(|| ui.input_mut(|input| std::mem::take(&mut input.pointer)));
    crate::chart::plot::hold_still(ui.ctx(), cx.show.is_some());
    body_ui(ui, cx, (state, views), actions);
    if let Some(pointer) = pointer {
        ui.input_mut(|input| input.pointer = pointer);
    }
    let told = (cx.notices, cx.show.is_some());
    notices::notices_ui(ui, cx.palette, told, actions);
    palette::palette_ui(ui, cx, &mut state.palette, actions);
    compare::compare_ui(ui, cx, &mut state.compare, actions);
    palette::shortcuts_ui(ui, cx.palette, &mut state.shortcuts_open);
    if let Some(shop) = &cx.snapshot.shop {
        export::export_ui(ui, cx, shop, &mut state.export, actions);
    }
    glossary::glossary_ui(ui, cx.palette, &mut state.glossary);
    layouts::layouts_ui(ui, cx.palette, cx.layouts, &mut state.layouts, actions);
    if cx.show.is_none() && cx.snapshot.shop.is_some() {
        tour::tour_ui(ui, cx.palette, cx.tour, actions);
    }
    help::help_ui(ui, cx.palette, place(cx, views), &mut state.help);
    asks::ask_ui(ui, cx.palette, cx.ask, &mut state.asks, actions);
    drop_overlay_ui(ui, cx.palette);
    settle_dialogs(ui.ctx(), state.dialogs(cx));
}

/// The section of the manual about what is on the screen.
fn place(cx: &FrameCx<'_>, views: &States) -> manual::Place {
    let Some(shop) = &cx.snapshot.shop else {
        return manual::Place::default();
    };
    let orders = shop.dataset.shape.has_orders();
    manual::place(views.in_the_manual(cx.view, orders)).unwrap_or_default()
}

/// The page: the shop, or the way to one.
fn body_ui(
    ui: &mut Ui,
    cx: &FrameCx<'_>,
    (state, views): (&mut State, &mut States),
    actions: &mut Actions,
) {
    match (&cx.snapshot.shop, &cx.project.source) {
        _ if let Some(draft) = cx.mapping => page_ui(ui, cx, |ui| {
            assistant::page_ui(ui, cx.palette, draft, &mut views.data.assistant, actions);
        }),
        (Some(shop), _) if let Some(show) = cx.show => {
            present::present_ui(ui, cx, (shop, show), views, actions);
        }
        (Some(shop), _) => shop_ui(ui, cx, shop, (state, views), actions),
        (None, Source::None) => page_ui(ui, cx, |ui| {
            welcome::welcome_ui(ui, cx, state, actions);
        }),
        (None, _) => page_ui(ui, cx, |ui| {
            welcome::loading_ui(ui, cx.palette, cx.job, actions);
        }),
    }
}

/// What is under the pointer is known of the frame before: where a dialog opens or closes, one more
/// frame is drawn, or what was hovered behind it would stay on the screen until the mouse moves. A menu of
/// the page closes: without the pointer it would never hear of a click elsewhere.
fn settle_dialogs(ctx: &egui::Context, dialogs: Dialogs) {
    let now = (dialogs, ctx.memory(egui::Memory::top_modal_layer));
    let id = Id::unique("dialogs seen last");
    let (changed, opened) = ctx.data_mut(|data| {
        let seen = data.get_temp_mut_or(id, now);
        let changed = *seen != now;
        let opened = !seen.0.contains(&true) && dialogs.contains(&true);
        *seen = now;
        (changed, opened)
    });
    if changed {
        ctx.request_repaint();
    }
    if opened {
        egui::Popup::close_all(ctx);
    }
}

fn page_ui(ui: &mut Ui, cx: &FrameCx<'_>, body: impl FnOnce(&mut Ui)) {
    CentralPanel::no_frame()
        .frame(Frame::new().fill(cx.palette.canvas))
        .show(ui, body);
}

fn shop_ui(
    ui: &mut Ui,
    cx: &FrameCx<'_>,
    shop: &Shop,
    (state, views): (&mut State, &mut States),
    actions: &mut Actions,
) {
    rail::rail_ui(ui, cx, actions);
    top_bar::top_bar_ui(ui, cx, shop, state, actions);
    let asked = (shop, views.data.tab);
    strip::strip_ui(ui, cx, asked, &mut state.strip, actions);
    status_bar::status_bar_ui(ui, cx, shop, actions);
    if cx.scenes_open {
        scenes::scenes_ui(ui, cx, &mut state.scenes, actions);
    }
    let taken = if cx.scenes_open { scenes::WIDTH } else { 0.0 };
    let roomy = ui.ctx().content_rect().width() - taken >= INSPECTOR_MIN_WIDTH;
    if cx.inspector_open && roomy && !shop.selection.parts.is_empty() {
        inspector::inspector_ui(ui, cx, shop, &mut state.audience, actions);
    }
    let margin = if ui.available_width() < STACK_WIDTH {
        gap::L
    } else {
        gap::XL
    };
    let frame = Frame::new().fill(cx.palette.canvas).inner_margin(Margin {
        left: margin as i8,
        right: margin as i8,
        top: gap::M as i8,
        bottom: 0,
    });
    CentralPanel::no_frame().frame(frame).show(ui, |ui| {
        let view_cx = cx.view_cx(shop);
        let part = UiBuilder::new()
            .id_salt(cx.view)
            .ui_stack_info(manual_link::about(place(cx, views)));
        ui.scope_builder(part, |ui| {
            if cx.updating {
                ui.multiply_opacity(DIMMED);
            }
            views::show_ui(cx.view, ui, &view_cx, views, actions);
        });
    });
}

/// "Drop to open" over everything while files hover above the window.
fn drop_overlay_ui(ui: &mut Ui, palette: &Palette) {
    let files = ui.ctx().input(|input| input.raw.hovered_files.len());
    if files == 0 {
        return;
    }
    let page = ui.ctx().content_rect();
    let layer = LayerId::new(Order::Foreground, Id::unique("drop_overlay"));
    let painter = ui.ctx().layer_painter(layer);
    let veil = Color32::from_black_alpha(if palette.dark { 150 } else { 90 });
    painter.rect_filled(page, 0, veil);
    let card = egui::Rect::from_center_size(page.center(), vec2(360.0, 140.0));
    let line = Stroke::new(2.0, palette.accent);
    painter.rect(card, 12, palette.card, line, egui::StrokeKind::Inside);
    let icon = card.center() - vec2(0.0, 26.0);
    parts::icon_at(
        &painter,
        icon,
        lucide_icons::Icon::Upload,
        28.0,
        palette.accent,
    );
    let words = format!(
        "Drop to open {}",
        format::count(files as u64, "file", "files")
    );
    painter.text(
        card.center() + vec2(0.0, 24.0),
        Align2::CENTER_CENTER,
        words,
        font::card_title(),
        palette.text,
    );
}
