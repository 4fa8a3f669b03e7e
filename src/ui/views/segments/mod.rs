//! The Segments view: RFM scores and the rule segments that follow from them.
//!
//! Each [`Section`] of the view is one function here or one module beside; the switch in the head and
//! the `match` in [`view_ui`] are the only two places that list them.

pub mod bubbles;
pub mod changes;
pub mod check_words;
pub mod clusters;
pub mod colour;
pub mod cuts;
pub mod editor;
pub mod ghost;
pub mod grid;
pub mod layout;
pub mod migration;
pub mod model;
pub mod moved;
pub mod points;
pub mod rules;
pub mod section;
pub mod stability;
pub mod table;
pub mod tune;

pub use section::Section;
pub use tune::Tune;

use egui::{Ui, vec2};

use self::{
    colour::Colour,
    model::{Inputs, Model},
};
use crate::{
    action::{Action, Actions, View},
    chart::ChartCard,
    cx::Cx,
    theme::gap,
    views::{head_ui, look::segments_section},
    widgets::{
        card::Head,
        grid::{page_ui, row_ui, stacks},
        segmented::segmented_ui,
    },
};
use analysis::selection::Part;
use project::Look;

const PLOT_HEIGHT: f32 = 430.0;

/// What the view remembers between frames; never saved, decides no number.
#[derive(Debug, Default)]
pub struct State {
    /// The part that is shown.
    pub section: Section,
    /// What colours stand for in the map and the point view.
    colour: Colour,
    memo: Option<(u64, Model)>,
    table: table::State,
    cuts: cuts::State,
    editor: editor::State,
    points: points::State,
    migration: migration::State,
    clusters: clusters::State,
}

/// Draws the view.
pub fn view_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    let mut section = state.section;
    head_ui(ui, cx.palette, View::Segments, |ui| {
        let choices = Section::ALL.map(|section| (section, section.title()));
        if let Some(chosen) = segmented_ui(ui, cx.palette, "Section", &choices, section) {
            section = chosen;
        }
    });
    state.section = section;
    state.refresh(cx);
    let Some((_, model)) = &state.memo else {
        return;
    };
    let (table, cuts, editor) = (&mut state.table, &mut state.cuts, &mut state.editor);
    let (points, colour) = (&mut state.points, &mut state.colour);
    let (migration, clusters) = (&mut state.migration, &mut state.clusters);
    let page = format!("segments {}", section.name());
    page_ui(ui, &page, |ui, _| {
        if cx.updating {
            ui.multiply_opacity(0.55);
        }
        ui.spacing_mut().item_spacing = vec2(gap::L, gap::L);
        match section {
            Section::Map => map_ui(ui, cx, model, (table, colour), actions),
            Section::Points => points::section_ui(ui, cx, (points, colour), actions),
            Section::CutPoints => cuts::section_ui(ui, cx, model, cuts, actions),
            Section::Rules => editor::section_ui(ui, cx, model, editor, actions),
            Section::Migration => migration::migration_ui(ui, cx, migration, actions),
            Section::Clusters => clusters::clusters_ui(ui, cx, clusters, actions),
        }
    });
}

/// Who the segments are.
fn map_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    model: &Model,
    (table, colour): (&mut table::State, &mut Colour),
    actions: &mut Actions,
) {
    pair_ui(ui, stacks(ui), PLOT_HEIGHT, |ui, left| {
        if left {
            bubble_card_ui(ui, cx, model, Some(colour), actions);
        } else {
            grid_card_ui(ui, cx, model, actions);
        }
    });
    table_card_ui(ui, cx, model, table, actions);
}

/// Two cards side by side in equal height, or one below the other.
fn pair_ui(ui: &mut Ui, stacked: bool, height: f32, mut draw: impl FnMut(&mut Ui, bool)) {
    if stacked {
        row_ui(ui, &[1.0], height, |ui, _| draw(ui, true));
        row_ui(ui, &[1.0], height, |ui, _| draw(ui, false));
    } else {
        row_ui(ui, &[0.57, 0.43], height, |ui, column| {
            draw(ui, column == 0);
        });
    }
}

impl State {
    /// Section, colours and order of the table, for a scene.
    pub(super) fn keep_look(&self, look: &mut Look) {
        let mut keep = |key: &str, value: String| look.insert(key.to_owned(), value);
        keep("section", self.section.name().to_owned());
        keep("colour", self.colour.name().to_owned());
        if let Some(sort) = self.table.sort_text() {
            keep("sort", sort);
        }
        self.points.keep_look(look);
    }

    /// The other way round of [`Self::keep_look`].
    pub(super) fn take_look(&mut self, look: &Look) {
        self.section = segments_section(look);
        let colour = look.get("colour").and_then(|name| Colour::named(name));
        self.colour = colour.unwrap_or(self.colour);
        self.table.take_sort(look.get("sort").map(String::as_str));
        self.points.take_look(look);
    }

    /// Builds what is shown anew when the numbers are new.
    fn refresh(&mut self, cx: &Cx<'_>) {
        let before = match self.memo.take() {
            Some((revision, model)) if revision == cx.revision => {
                self.memo = Some((revision, model));
                return;
            }
            before => before,
        };
        let tuning = &cx.shop.tuning;
        let inputs = Inputs {
            scores: &cx.shop.scores,
            segments: &cx.shop.segments,
            tuning,
            outlook: cx.shop.outlook.as_deref(),
        };
        let model = Model::new(inputs).after(before.map(|(_, model)| model), tuning);
        self.memo = Some((cx.revision, model));
    }
}

/// Parts of the selection that `read` recognises.
pub(super) fn picked<'a, T>(cx: &Cx<'a>, read: impl Fn(&'a Part) -> Option<T>) -> Vec<T> {
    cx.shop.selection.parts.iter().filter_map(read).collect()
}

/// A click on something that stands for customers: selects it, adds it with Ctrl or Shift, and
/// takes it back when it is selected already.
pub fn pick_ui(ui: &Ui, cx: &Cx<'_>, part: Part, actions: &mut Actions) {
    let modifiers = ui.input(|input| input.modifiers);
    let also = modifiers.command || modifiers.ctrl || modifiers.shift;
    let parts = &cx.shop.selection.parts;
    let at = parts.iter().position(|other| *other == part);
    actions.push(match at {
        Some(index) if also || parts.len() == 1 => Action::Unselect(index),
        _ if also => Action::SelectAlso(part),
        _ => Action::Select(part),
    });
}

fn bubble_card_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    model: &Model,
    colour: Option<&mut Colour>,
    actions: &mut Actions,
) {
    let head = Head {
        title: "Segments by recency and frequency",
        finding: &model.findings.bubbles,
        definition: "Each bubble is a segment at the mean days since the last order (recency) and the \
                     mean number of orders (frequency) of its customers. Its area is proportional to its \
                     number of customers. Top right is best: recent and frequent. A dashed ring is where a \
                     segment was before the last change of cut points or rules. Click a bubble to select \
                     its customers; hold Ctrl or Shift to add it to the selection. Once there are predictions, \
                     colours can stand for the mean predicted value of a segment's customers.",
    };
    let sheet = || model.table_sheet();
    let by = colour.as_deref().copied().unwrap_or_default();
    ChartCard::new(cx.palette, head, "segment_bubbles", &sheet).show_with_tools_ui(
        ui,
        actions,
        |ui, _| {
            if let Some(colour) = colour {
                colour::switch_ui(ui, cx, colour);
            }
        },
        |ui, actions| {
            let shades = (by == Colour::Predicted).then(|| model.shades()).flatten();
            if let Some(shades) = shades {
                shades.key_ui(ui, cx);
            }
            bubbles::bubbles_ui(ui, cx, (model, shades), actions);
        },
    );
}

fn grid_card_ui(ui: &mut Ui, cx: &Cx<'_>, model: &Model, actions: &mut Actions) {
    let head = Head {
        title: "Recency × frequency scores",
        finding: &model.findings.grid,
        definition: "Customers by recency score (upwards) and frequency score (to the right), 5 is best. \
                     Each cell shows its customers and its share of net revenue; the colour follows the \
                     square root of the customers. After a change of cut points or rules the second line says how \
                     many more (▲) or fewer (▼) there are than before. Click a cell to select its customers.",
    };
    let sheet = || model.grid_sheet();
    ChartCard::new(cx.palette, head, "rf_grid", &sheet).show_ui(ui, actions, |ui, actions| {
        grid::grid_ui(ui, cx, model, actions);
    });
}

fn table_card_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    model: &Model,
    state: &mut table::State,
    actions: &mut Actions,
) {
    let head = Head {
        title: "Segment table",
        finding: &model.findings.table,
        definition: "Means are over the customers of a segment; revenue per order is the segment's net \
                     revenue ÷ its orders. Predicted values come from the run in use in the Models view or, without \
                     one, from the forecast of the Audiences view. Hover over a row for its rule; click it to select \
                     its customers.",
    };
    let sheet = || model.table_sheet();
    ChartCard::new(cx.palette, head, "segments", &sheet).show_ui(ui, actions, |ui, actions| {
        table::table_ui(ui, cx, model, state, actions);
    });
}
