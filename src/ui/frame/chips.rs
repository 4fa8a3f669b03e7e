//! The selection as chips: one per part, each with a menu and an ×, and how they go together.

use egui::{
    Align2, Color32, Popup, Response, RichText, Sense, Ui, WidgetInfo, accesskit::Role, pos2, vec2,
};
use lucide_icons::Icon;

use super::{FrameCx, parts, selection_text};
use crate::{
    action::{Action, Actions},
    command::Command,
    theme::{Palette, font, gap, segment_color},
    widgets::dropdown::dropdown_ui,
};
use analysis::selection::{Combine, Part};

const HEIGHT: f32 = 26.0;
const CROSS: f32 = 22.0;
/// Longest text of a chip among many, and of one that has the bar for itself.
const LONGEST: (f32, f32) = (150.0, 320.0);

/// The selection, one chip per part; what does not fit is counted in one more.
pub fn chips_ui(ui: &mut Ui, cx: &FrameCx<'_>, actions: &mut Actions) {
    let shown = &cx.selection.parts;
    if shown.is_empty() {
        return;
    }
    let palette = cx.palette;
    let mut room = ui.available_width() - 60.0;
    if shown.len() > 1 && room > 420.0 {
        combine_ui(ui, cx, actions);
        room -= 110.0;
    }
    let longest = (room / shown.len() as f32 - 60.0).clamp(LONGEST.0, LONGEST.1);
    for (index, part) in shown.iter().enumerate() {
        let swatch = selection_text::style(part, cx.project).map(segment_color);
        let text = selection_text::part(part);
        let text = parts::fitted_text(ui.painter(), &text, &font::caption_medium(), longest);
        room -= chip_width(ui, &text, swatch.is_some()) + gap::XS;
        if room < 0.0 {
            rest_ui(ui, cx, index, actions);
            break;
        }
        chip_ui(ui, palette, (index, part, &text), swatch, actions);
    }
    let clear = parts::button_ui(ui, palette, None, "Clear", parts::Loudness::Quiet);
    if clear.on_hover_text(Command::ClearSelection.tip()).clicked() {
        actions.push(Action::ClearSelection);
    }
}

/// By kind, any, all.
fn combine_ui(ui: &mut Ui, cx: &FrameCx<'_>, actions: &mut Actions) {
    let choices = [
        (Combine::Kinds, "By kind"),
        (Combine::Any, "Any"),
        (Combine::All, "All"),
    ];
    let choices = choices.map(|(combine, text)| (combine, text.to_owned()));
    if let Some(combine) = dropdown_ui(ui, cx.palette, "Match", &choices, &cx.selection.combine) {
        actions.push(Action::SetCombine(combine));
    }
}

/// "+3", with the parts that do not fit in a menu.
fn rest_ui(ui: &mut Ui, cx: &FrameCx<'_>, first: usize, actions: &mut Actions) {
    let hidden = cx.selection.parts.len() - first;
    let words = format!("+{hidden}");
    let more = parts::button_ui(ui, cx.palette, None, &words, parts::Loudness::Quiet);
    Popup::menu(&more).width(280.0).show(|ui| {
        for (index, part) in cx.selection.parts.iter().enumerate().skip(first) {
            let text = selection_text::part(part);
            let name = format!("Remove {text} from the selection");
            if parts::row_button_ui(ui, cx.palette, (Icon::X, &text), &name).clicked() {
                actions.push(Action::Unselect(index));
            }
        }
    });
}

fn chip_width(ui: &Ui, text: &str, swatch: bool) -> f32 {
    let galley = ui.painter().layout_no_wrap(
        text.to_owned(),
        font::caption_medium(),
        Color32::PLACEHOLDER,
    );
    10.0 + if swatch { 14.0 } else { 0.0 } + galley.size().x + 4.0 + CROSS
}

fn chip_ui(
    ui: &mut Ui,
    palette: &Palette,
    (index, part, text): (usize, &Part, &str),
    swatch: Option<Color32>,
    actions: &mut Actions,
) {
    let excluded = matches!(part, Part::Not(_));
    let size = vec2(chip_width(ui, text, swatch.is_some()), HEIGHT);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let (words, cross) = rect.split_left_right_at_x(rect.right() - CROSS);
    let id = ui.scope_id().with(("selection chip", index));
    let body = ui.interact(words, id, Sense::click());
    let remove = ui.interact(cross, id.with("remove"), Sense::click());
    let full = selection_text::part(part);
    body.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Selected: {full}")));
    let label = format!("Remove {full} from the selection");
    remove.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
    let painter = ui.painter();
    let (rest, lit) = if excluded {
        (palette.hover, palette.tint(palette.bad, 0.2))
    } else {
        (palette.accent_soft, palette.tint(palette.accent, 0.22))
    };
    painter.rect_filled(rect, 13, if body.hovered() { lit } else { rest });
    if remove.hovered() {
        painter.circle_filled(cross.center() - vec2(2.0, 0.0), 9.0, lit);
    }
    parts::focus_ring(painter, words.shrink(2.0), 11, palette, &body);
    parts::focus_ring(painter, cross.shrink(3.0), 9, palette, &remove);
    let mut x = rect.left() + 10.0;
    if let Some(color) = swatch {
        painter.circle_filled(pos2(x + 4.0, rect.center().y), 4.0, color);
        x += 14.0;
    }
    painter.text(
        pos2(x, rect.center().y),
        Align2::LEFT_CENTER,
        text,
        font::caption_medium(),
        palette.text,
    );
    let centre = cross.center() - vec2(2.0, 0.0);
    parts::icon_at(painter, centre, Icon::X, 13.0, palette.muted);
    menu_ui(&body, palette, (index, excluded, &full), actions);
    body.on_hover_text(full);
    if remove.on_hover_text(label).clicked() {
        actions.push(Action::Unselect(index));
    }
}

/// Exclude, only, remove.
fn menu_ui(
    body: &Response,
    palette: &Palette,
    (index, excluded, text): (usize, bool, &str),
    actions: &mut Actions,
) {
    Popup::menu(body).width(220.0).show(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        ui.label(
            RichText::new(text)
                .font(font::caption_medium())
                .color(palette.muted),
        );
        let turn = if excluded {
            (Icon::Plus, "Include these customers")
        } else {
            (Icon::Minus, "Exclude these customers")
        };
        for ((icon, words), action) in [
            (turn, Action::NegatePart(index)),
            ((Icon::Focus, "Only this"), Action::KeepPart(index)),
            ((Icon::X, "Remove"), Action::Unselect(index)),
        ] {
            if parts::row_button_ui(ui, palette, (icon, words), words).clicked() {
                actions.push(action);
            }
        }
    });
}
