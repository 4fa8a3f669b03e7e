//! The menu of ready rule lists: the built-in ones, one's own, and rule files.

use egui::{
    Align, Frame, Layout, Popup, PopupCloseBehavior, RichText, Sense, Stroke, TextEdit, Ui,
    WidgetInfo, accesskit::Role, vec2,
};
use lucide_icons::Icon;

use crate::{
    action::{Action, Actions},
    cx::Cx,
    frame::parts::{BUTTON_HEIGHT, Loudness, button_ui, focus_ring},
    theme::{font, gap},
    views::segments::Tune,
    widgets::card::icon_button_ui,
};
use analysis::presets::Preset;
use project::{Project, SegmentSpec};

/// Wide enough for what each preset is for.
const WIDTH: f32 = 392.0;

/// What the menu remembers between frames.
#[derive(Debug, Default)]
pub struct State {
    /// The name under which the rules are to be saved.
    name: String,
}

/// Draws the button and, once opened, its menu.
pub fn menu_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    let text = RichText::new("Presets").font(font::body_medium());
    let button = ui.add(egui::Button::new(text.color(cx.palette.text)));
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Presets and rule files"));
    Popup::menu(&button)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| {
            ui.set_width(WIDTH);
            ui.spacing_mut().item_spacing.y = 2.0;
            for preset in Preset::ALL {
                let on = cx.project.rules == preset.rules();
                if entry_ui(ui, cx, (preset.title(), preset.purpose()), on) {
                    apply(cx.project, preset, actions);
                    ui.close();
                }
            }
            clusters_ui(ui, cx, actions);
            own_ui(ui, cx, actions);
            ui.separator();
            save_ui(ui, cx, state, actions);
            ui.add_space(gap::XS);
            ui.horizontal(|ui| {
                for (text, tune) in [("Import…", Tune::Import), ("Export…", Tune::Export)] {
                    if button_ui(ui, cx.palette, None, text, Loudness::Quiet).clicked() {
                        actions.push(Action::Tune(tune));
                        ui.close();
                    }
                }
            });
        });
}

/// Takes over the rules of a preset; how scores are cut stays.
fn apply(project: &Project, preset: Preset, actions: &mut Actions) {
    let spec = SegmentSpec {
        ties: project.ties,
        rules: preset.rules(),
        clusters: None,
    };
    actions.push(Action::Tune(Tune::Apply(Box::new(spec))));
}

/// The kept clusters, one segment each.
fn clusters_ui(ui: &mut Ui, cx: &Cx<'_>, actions: &mut Actions) {
    let Some(kept) = &cx.project.kept_clusters else {
        return;
    };
    let spec = SegmentSpec {
        ties: cx.project.ties,
        rules: kept.rules(),
        clusters: Some(kept.clone()),
    };
    let purpose = crate::format::count(kept.clusters.len() as u64, "segment", "segments");
    let purpose = format!("{purpose}, one per kept K-means cluster");
    let on = spec.is_of(cx.project);
    if entry_ui(ui, cx, ("Clusters", &purpose), on) {
        actions.push(Action::Tune(Tune::Apply(Box::new(spec))));
        ui.close();
    }
}

fn own_ui(ui: &mut Ui, cx: &Cx<'_>, actions: &mut Actions) {
    for preset in &cx.settings.rule_presets {
        ui.horizontal(|ui| {
            let spec = preset.set.spec(cx.project.ties);
            let rules = crate::format::count(spec.rules.len() as u64, "rule", "rules");
            let on = spec.is_of(cx.project);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let forget = format!("Forget the preset {}", preset.name);
                if icon_button_ui(ui, cx.palette, Icon::Trash2, &forget).clicked() {
                    actions.push(Action::Tune(Tune::DeletePreset(preset.name.clone())));
                }
                if entry_ui(ui, cx, (&preset.name, &format!("Your own: {rules}")), on) {
                    actions.push(Action::Tune(Tune::Apply(Box::new(spec))));
                    ui.close();
                }
            });
        });
    }
}

fn save_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    ui.add_space(gap::XS);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        // As high as the button beside, so that both stand in one line.
        ui.set_min_height(BUTTON_HEIGHT);
        let line = Stroke::new(1.0, cx.palette.hairline);
        let field = TextEdit::singleline(&mut state.name)
            .hint_text("Name of a preset of your own")
            .char_limit(40)
            .frame(Frame::new().stroke(line).corner_radius(6).inner_margin(8))
            .desired_width(WIDTH - 110.0);
        let response = ui.add(field);
        response.widget_info(|| {
            let mut info = WidgetInfo::text_edit(true, "", state.name.as_str(), "");
            info.label = Some("Name of the preset".to_owned());
            info
        });
        let name = state.name.trim().to_owned();
        let entered =
            response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        let save = ui
            .add_enabled_ui(!name.is_empty(), |ui| {
                button_ui(ui, cx.palette, None, "Save", Loudness::Plain)
            })
            .inner;
        if (save.clicked() || entered) && !name.is_empty() {
            actions.push(Action::Tune(Tune::SavePreset(name)));
            state.name.clear();
        }
    });
}

/// A title with a line below it; whether it was clicked.
fn entry_ui(ui: &mut Ui, cx: &Cx<'_>, (title, purpose): (&str, &str), on: bool) -> bool {
    let size = vec2(ui.available_width(), 44.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| {
        let label = format!("{title}: {purpose}");
        WidgetInfo::selected(Role::MenuItemRadio, true, on, label)
    });
    let painter = ui.painter();
    let palette = cx.palette;
    if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, 5, palette.hover);
    } else if on {
        painter.rect_filled(rect, 5, palette.accent_soft);
    }
    focus_ring(painter, rect.shrink(2.0), 5, palette, &response);
    let corner = rect.min + vec2(8.0, 5.0);
    painter.text(
        corner,
        egui::Align2::LEFT_TOP,
        title,
        font::body_medium(),
        palette.text,
    );
    let line = crate::widgets::elided::elided(
        painter,
        purpose,
        font::caption(),
        palette.muted,
        rect.width() - 16.0,
    );
    painter.galley(corner + vec2(0.0, 18.0), line, palette.muted);
    response.clicked()
}
