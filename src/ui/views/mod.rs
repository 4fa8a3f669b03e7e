//! One module per view of the rail. Each has a `State` (what it remembers between frames) and a
//! `view_ui` that begins with [`head_ui`], draws the rest of the page and pushes actions.

use egui::{Align, Layout, RichText, Ui, UiBuilder, UiStackInfo, vec2};

use super::{
    action::{Actions, View},
    cx::Cx,
    theme::{Palette, font, gap},
};

pub mod audiences;
pub mod cohorts;
pub mod customers;
pub mod data;
pub mod flat;
pub mod look;
pub mod models;
pub mod nobody;
pub mod overview;
pub mod segments;
pub mod start;
pub mod trust;

/// View state of all views: never saved, decides no number.
#[derive(Debug, Default)]
pub struct States {
    pub start: start::State,
    pub data: data::State,
    pub flat: flat::State,
    pub overview: overview::State,
    pub cohorts: cohorts::State,
    pub segments: segments::State,
    pub models: models::State,
    pub customers: customers::State,
    pub audiences: audiences::State,
}

impl States {
    /// The section of the manual about a view, or about the part of it that is shown.
    #[must_use]
    pub fn in_the_manual(&self, view: View, orders: bool) -> &'static str {
        if !orders && !matches!(view, View::Data | View::Models) {
            return "views#customer-table";
        }
        match view {
            View::Data => match self.data.tab {
                data::Tab::Files => "files#understood",
                data::Tab::Quality => "files#quality",
                data::Tab::Profile => "files#profile",
            },
            View::Start => "views#start",
            View::Overview => "views#overview",
            View::Cohorts => "views#cohorts",
            View::Segments => match self.segments.section {
                segments::Section::Map | segments::Section::Points => "segments#map",
                segments::Section::CutPoints => "segments#cut-points",
                segments::Section::Rules => "segments#rules",
                segments::Section::Migration => "segments#migration",
                segments::Section::Clusters => "segments#clusters",
            },
            View::Models => match self.models.tab {
                models::ModelTab::Gains => "models-and-verdicts#gains",
                models::ModelTab::Calibration => "models-and-verdicts#calibration-tab",
                models::ModelTab::Errors => "models-and-verdicts#errors",
                models::ModelTab::Drivers => "models-and-verdicts#drivers",
                models::ModelTab::Time => "models-and-verdicts#over-time",
                models::ModelTab::Leakage => "models-and-verdicts#leakage-tab",
                models::ModelTab::Lifetime => "models-and-verdicts#lifetime",
            },
            View::Customers => "views#customers",
            View::Audiences => match self.audiences.section {
                audiences::Section::Lists => "audiences-and-lists#lists",
                audiences::Section::Matrix => "audiences-and-lists#matrix",
                audiences::Section::Campaign => "audiences-and-lists#campaign",
                audiences::Section::Disagreement => "audiences-and-lists#disagreements",
                audiences::Section::Progress => "audiences-and-lists#progress",
            },
        }
    }
}

/// Draws the view into the space `ui` has left (the frame has taken care of the margins).
pub fn show_ui(view: View, ui: &mut Ui, cx: &Cx<'_>, states: &mut States, actions: &mut Actions) {
    let of_orders = !matches!(view, View::Data | View::Models);
    if !cx.shop.dataset.shape.has_orders() && of_orders {
        return flat::view_ui(view, ui, cx, &mut states.flat, actions);
    }
    if view != View::Data && nobody::nobody_ui(view, ui, cx, actions) {
        return;
    }
    match view {
        View::Start => start::view_ui(ui, cx, &mut states.start, actions),
        View::Data => data::view_ui(ui, cx, &mut states.data, actions),
        View::Overview => overview::view_ui(ui, cx, &mut states.overview, actions),
        View::Cohorts => cohorts::view_ui(ui, cx, &mut states.cohorts, actions),
        View::Segments => segments::view_ui(ui, cx, &mut states.segments, actions),
        View::Models => models::view_ui(ui, cx, &mut states.models, actions),
        View::Customers => customers::view_ui(ui, cx, &mut states.customers, actions),
        View::Audiences => audiences::view_ui(ui, cx, &mut states.audiences, actions),
    }
}

/// Tag of a place whose title says what a view's own would say.
const TITLED: &str = "titled";

/// Marks a place that shows the view's title already: the view leaves its own out.
#[must_use]
pub fn titled() -> UiStackInfo {
    UiStackInfo::default().with_tag(TITLED)
}

fn is_titled(ui: &Ui) -> bool {
    let mut places = ui.stack().iter();
    places.any(|place| place.tags().contains(TITLED))
}

/// First row of every view: its title on the left, the view's own controls on the right, or below it
/// where the window is too narrow for both. `tools` adds them from right to left.
pub fn head_ui(ui: &mut Ui, palette: &Palette, view: View, tools: impl FnOnce(&mut Ui)) {
    let id = ui.scope_id().with(("head", view));
    let known: f32 = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let size = vec2(ui.available_width(), 32.0);
    let (mut rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
    let mut row = ui.new_child(
        UiBuilder::new()
            .max_rect(rect)
            .layout(Layout::left_to_right(Align::Center)),
    );
    let title = if is_titled(ui) {
        0.0
    } else {
        let title = RichText::new(view.title()).font(font::view_title());
        row.label(title.color(palette.text)).rect.width() + gap::L
    };
    let room = rect.width() - title;
    if known > room {
        (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
    }
    let mut row = ui.new_child(
        UiBuilder::new()
            .max_rect(rect)
            .layout(Layout::right_to_left(Align::Center)),
    );
    row.spacing_mut().item_spacing.x = gap::S;
    tools(&mut row);
    let used = rect.right() - row.min_rect().left();
    ui.data_mut(|data| data.insert_temp(id, used));
    if (used > room) != (known > room) {
        ui.ctx()
            .request_discard("the view's controls need a row of their own");
    }
    ui.add_space(gap::XS);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_every_view_stands_in_the_manual() {
        let mut states = States::default();
        let mut seen = std::collections::BTreeSet::new();
        let mut look = |states: &States| {
            for view in View::ALL {
                for orders in [true, false] {
                    let written = states.in_the_manual(view, orders);
                    assert!(manual::place(written).is_some(), "{written}");
                    seen.insert(written);
                }
            }
        };
        for section in segments::Section::ALL {
            states.segments.section = section;
            look(&states);
        }
        for section in audiences::Section::ALL {
            states.audiences.section = section;
            look(&states);
        }
        for tab in models::ModelTab::ALL {
            states.models.tab = tab;
            look(&states);
        }
        for tab in data::Tab::ALL {
            states.data.tab = tab;
            look(&states);
        }
        assert_eq!(seen.len(), 25);
        for view in View::ALL {
            let section = format!("views#{}", view.name());
            assert!(manual::place(&section).is_some(), "{section}");
        }
    }
}
