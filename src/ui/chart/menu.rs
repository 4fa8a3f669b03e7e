//! The ⤓ menu of a chart: copy its numbers, save them, or save its picture at a chosen size.

use egui::{DragValue, Frame, Id, Margin, PopupCloseBehavior, RichText, Ui, Vec2};
use lucide_icons::Icon;

use super::{
    picture::{Format, PictureOrder, PictureSpec, file_name},
    sheet::Sheet,
};
use crate::{
    action::{Action, Actions},
    frame::parts::{focus_ring, icon_at},
    theme::{Palette, font, gap},
    widgets::{card::icon_button_ui, segmented::segmented_ui},
};

const WIDTH: f32 = 292.0;

/// Presets of the picture's size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Preset {
    #[default]
    Slide,
    Page,
    AsShown,
    Own,
}

/// What was chosen last, for every chart.
#[derive(Clone, Copy, Debug)]
struct Choice {
    preset: Preset,
    own: PictureSpec,
    /// Light or dark; `None` = as the window is.
    dark: Option<bool>,
}

impl Default for Choice {
    fn default() -> Self {
        Self {
            preset: Preset::Slide,
            own: PictureSpec::light(1600, 900, 1.5),
            dark: None,
        }
    }
}

impl Choice {
    fn spec(&self, shown: Vec2, window_dark: bool) -> PictureSpec {
        let spec = match self.preset {
            Preset::Slide => PictureSpec::SLIDE,
            Preset::Page => PictureSpec::PAGE,
            // Twice the pixels: as shown on a screen of high density.
            Preset::AsShown => PictureSpec::light(
                (shown.x * 2.0).round() as u32,
                (shown.y * 2.0).round() as u32,
                2.0,
            ),
            Preset::Own => self.own,
        };
        PictureSpec {
            dark: self.dark.unwrap_or(window_dark),
            ..spec
        }
        .clamped()
    }
}

/// The chart a menu belongs to.
pub(super) struct Chart<'a> {
    pub name: &'a str,
    pub title: &'a str,
    pub sheet: &'a dyn Fn() -> Sheet,
    /// Size of its card in the window.
    pub shown: Vec2,
}

/// Draws the ⤓ button and, once opened, its menu.
pub(super) fn menu_ui(ui: &mut Ui, palette: &Palette, chart: &Chart<'_>, actions: &mut Actions) {
    let name = format!("Copy or save: {}", chart.title);
    let button = icon_button_ui(ui, palette, Icon::Download, &name);
    egui::Popup::menu(&button)
        .width(WIDTH)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            if entry_ui(ui, palette, Icon::Copy, "Copy data", "for a spreadsheet") {
                actions.push(Action::CopyText((chart.sheet)().tsv()));
            }
            if entry_ui(
                ui,
                palette,
                Icon::FileSpreadsheet,
                "Save CSV…",
                "the numbers",
            ) {
                actions.push(Action::SaveText {
                    suggested_name: file_name(chart.name, "csv"),
                    text: (chart.sheet)().csv(),
                });
            }
            ui.separator();
            picture_ui(ui, palette, chart, actions);
        });
}

fn picture_ui(ui: &mut Ui, palette: &Palette, chart: &Chart<'_>, actions: &mut Actions) {
    let id = Id::unique("picture_choice");
    let mut choice: Choice = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let spec = choice.spec(chart.shown, palette.dark);
    for (icon, format, text, note) in [
        (Icon::Image, Format::Png, "Save PNG…", "pixels"),
        (Icon::PenTool, Format::Svg, "Save SVG…", "for editing"),
    ] {
        if entry_ui(ui, palette, icon, text, note) {
            actions.push(Action::SavePicture(Box::new(PictureOrder {
                chart: chart.name.to_owned(),
                format,
                spec,
            })));
        }
    }
    ui.add_space(gap::XS);
    // As far in as the icons of the entries above.
    let margin = Margin {
        left: gap::S as i8,
        bottom: gap::XS as i8,
        ..Margin::ZERO
    };
    Frame::new().inner_margin(margin).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = gap::S;
        size_ui(ui, palette, chart, &mut choice);
    });
    ui.data_mut(|data| data.insert_temp(id, choice));
}

/// How large, which colours, and what that makes.
fn size_ui(ui: &mut Ui, palette: &Palette, chart: &Chart<'_>, choice: &mut Choice) {
    let spec = choice.spec(chart.shown, palette.dark);
    let presets = [
        (Preset::Slide, "Slide"),
        (Preset::Page, "Page"),
        (Preset::AsShown, "As shown"),
        (Preset::Own, "Own"),
    ];
    if let Some(preset) = segmented_ui(ui, palette, "Picture size", &presets, choice.preset) {
        if preset == Preset::Own {
            choice.own = spec;
        }
        choice.preset = preset;
    }
    if choice.preset == Preset::Own {
        own_ui(ui, palette, &mut choice.own);
    }
    let themes = [(false, "Light"), (true, "Dark")];
    if let Some(dark) = segmented_ui(ui, palette, "Picture colours", &themes, spec.dark) {
        choice.dark = Some(dark);
    }
    let spec = choice.spec(chart.shown, palette.dark);
    let percent = (spec.text * 100.0).round();
    ui.label(
        RichText::new(format!(
            "{} × {} pixels, text at {percent} %",
            spec.width, spec.height
        ))
        .font(font::caption())
        .color(palette.muted),
    );
}

/// Width, height and text size by hand.
fn own_ui(ui: &mut Ui, palette: &Palette, own: &mut PictureSpec) {
    ui.horizontal(|ui| {
        let mut percent = (own.text * 100.0).round();
        let field = |ui: &mut Ui, words: &str, value: DragValue<'_>| {
            let label = ui.label(
                RichText::new(words)
                    .font(font::caption())
                    .color(palette.muted),
            );
            ui.add(value).labelled_by(label.id);
        };
        field(
            ui,
            "Width",
            DragValue::new(&mut own.width).range(200..=8000),
        );
        field(
            ui,
            "Height",
            DragValue::new(&mut own.height).range(150..=8000),
        );
        field(
            ui,
            "Text %",
            DragValue::new(&mut percent).range(50.0..=400.0),
        );
        own.text = percent / 100.0;
    });
}

/// A row of the menu; closes it when clicked.
fn entry_ui(ui: &mut Ui, palette: &Palette, icon: Icon, text: &str, note: &str) -> bool {
    let size = egui::vec2(ui.available_width(), 30.0);
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::click());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::accesskit::Role::MenuItem, ui.is_enabled(), text)
    });
    let painter = ui.painter();
    if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, 6, palette.hover);
    }
    focus_ring(painter, rect.shrink(2.0), 6, palette, &response);
    let y = rect.center().y;
    let at = |x: f32| egui::pos2(x, y);
    icon_at(painter, at(rect.left() + 16.0), icon, 16.0, palette.muted);
    let row = [
        (
            rect.left() + 34.0,
            egui::Align2::LEFT_CENTER,
            text,
            font::body(),
            palette.text,
        ),
        (
            rect.right() - 8.0,
            egui::Align2::RIGHT_CENTER,
            note,
            font::caption(),
            palette.muted,
        ),
    ];
    for (x, align, words, font_id, ink) in row {
        painter.text(at(x), align, words, font_id, ink);
    }
    if response.clicked() {
        ui.close();
    }
    response.clicked()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_have_the_sizes_they_name() {
        let size = |preset| {
            let choice = Choice {
                preset,
                ..Choice::default()
            };
            let spec = choice.spec(Vec2::new(600.0, 340.4), true);
            (spec.width, spec.height, spec.dark)
        };
        assert_eq!(size(Preset::Slide), (1920, 1080, true));
        assert_eq!(size(Preset::Page), (1200, 800, true));
        assert_eq!(size(Preset::AsShown), (1200, 681, true));
        let light = Choice {
            dark: Some(false),
            ..Choice::default()
        };
        assert!(!light.spec(Vec2::ZERO, true).dark);
    }
}
