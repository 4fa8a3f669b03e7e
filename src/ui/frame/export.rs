//! The dialog that chooses what leaves: which list, whose rows, which columns, which format.

use egui::{DragValue, Id, Label, Modal, RichText, ScrollArea, Ui};

use super::{FrameCx, asks, parts};
use crate::{
    action::{Action, Actions},
    format,
    theme::{Palette, font, gap},
    widgets::{check::check_ui, dropdown::dropdown_ui, segmented::segmented_ui},
};
use export::{Delivery, Format, Options, Tool, What, csv::CsvOptions};
use pipeline::snapshot::Shop;

const WIDTH: f32 = 460.0;
const COLUMNS_HEIGHT: f32 = 220.0;
/// Customers that are offered where a number is asked for the first time.
const AT_MOST: usize = 500;

/// A list to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportOrder {
    pub what: What,
    /// The selected customers only.
    pub selected: bool,
    /// Header names, in the order of the file.
    pub columns: Vec<String>,
    pub options: Options,
    /// Whom of a list of people to take, and for which tool.
    pub delivery: Delivery,
}

/// What is chosen in the dialog.
#[derive(Debug)]
pub struct State {
    pub open: bool,
    what: What,
    selected: bool,
    options: Options,
    delivery: Delivery,
    /// Columns left out, by name.
    left_out: Vec<String>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            open: false,
            what: What::Customers,
            selected: true,
            options: Options::default(),
            delivery: Delivery::default(),
            left_out: Vec::new(),
        }
    }
}

impl State {
    /// Opens the dialog on this list.
    pub fn offer(&mut self, what: What) {
        self.open = true;
        self.what = what;
        self.left_out.clear();
    }
}

/// Draws the dialog when it is open.
pub fn export_ui(
    ui: &mut Ui,
    cx: &FrameCx<'_>,
    shop: &Shop,
    state: &mut State,
    actions: &mut Actions,
) {
    if !state.open {
        return;
    }
    let modal = Modal::new(Id::unique("export"))
        .frame(asks::frame(cx.palette))
        .show(ui.ctx(), |ui| {
            ui.set_width(WIDTH.min(ui.ctx().content_rect().width() - 2.0 * gap::XL));
            ui.spacing_mut().item_spacing.y = gap::S;
            content_ui(ui, cx, shop, state, actions)
        });
    if modal.inner || modal.should_close() {
        state.open = false;
    }
}

/// What can be exported, with its title; settles what is chosen where that is no longer there.
fn lists(shop: &Shop, state: &mut State, waits: bool) -> Vec<(What, String)> {
    let mut lists: Vec<(What, String)> = What::all(shop)
        .into_iter()
        .map(|what| (what.clone(), what.title()))
        .collect();
    if let What::People(_) = &state.what {
        lists.push((state.what.clone(), state.what.title()));
    }
    if waits {
        lists.push((state.what.clone(), state.what.title()));
    } else if !lists.iter().any(|(what, _)| *what == state.what) {
        state.what = What::Customers;
    }
    lists
}

/// True when the dialog is done with.
fn content_ui(
    ui: &mut Ui,
    cx: &FrameCx<'_>,
    shop: &Shop,
    state: &mut State,
    actions: &mut Actions,
) -> bool {
    let palette = cx.palette;
    let title = RichText::new("Export a list").font(font::card_title());
    ui.label(title.color(palette.text));
    // A list that is being worked out again is still the one asked for.
    let waits = matches!(state.what, What::List(_)) && shop.people.is_none();
    let lists = lists(shop, state, waits);
    if let Some(what) = dropdown_ui(ui, palette, "List", &lists, &state.what) {
        state.what = what;
        state.left_out.clear();
    }
    let selects = !shop.selection.parts.is_empty() && state.what == What::Customers;
    if selects {
        let count = shop.selected.customers.len() as u64;
        let chosen = format!("Selected ({})", format::integer(count));
        let rows = [(true, chosen.as_str()), (false, "Everyone")];
        if let Some(selected) = segmented_ui(ui, palette, "Rows", &rows, state.selected) {
            state.selected = selected;
        }
    }
    let mut order = ExportOrder {
        what: state.what.clone(),
        selected: selects && state.selected,
        columns: Vec::new(),
        options: state.options,
        delivery: Delivery::default(),
    };
    if state.what.is_of_people() {
        delivery_ui(ui, palette, &mut state.delivery);
        order.delivery = state.delivery;
        control_ui(ui, cx, state.delivery.tool);
    }
    if order.delivery.tool == Tool::Table {
        format_ui(ui, palette, &mut state.options);
        order.options = state.options;
        let names = state.what.head(shop, cx.project);
        columns_ui(ui, cx, &names, &mut state.left_out);
        let kept = |name: &String| !state.left_out.contains(name);
        order.columns = names.into_iter().filter(kept).collect();
    } else {
        // The tool decides what its file looks like.
        order.options = Options::default();
    }
    ui.add_space(gap::XS);
    let mut done = false;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        let save = parts::button_ui(ui, palette, None, "Save…", parts::Loudness::Primary);
        let something = !order.columns.is_empty() || order.delivery.tool != Tool::Table;
        if save.clicked() && something && !waits {
            actions.push(Action::Export(Box::new(order)));
            done = true;
        }
        done |= parts::button_ui(ui, palette, None, "Cancel", parts::Loudness::Plain).clicked();
    });
    done
}

/// Which tool the list is for, and whom of it to take.
fn delivery_ui(ui: &mut Ui, palette: &Palette, delivery: &mut Delivery) {
    let tools = Tool::ALL.map(|tool| (tool, tool.title().to_owned()));
    if let Some(tool) = dropdown_ui(ui, palette, "For", &tools, &delivery.tool) {
        delivery.tool = tool;
    }
    ui.horizontal(|ui| {
        let mut limits = delivery.at_most.is_some();
        if check_ui(ui, palette, &mut limits, "At most").changed() {
            delivery.at_most = limits.then_some(AT_MOST);
        }
        let mut most = delivery.at_most.unwrap_or(AT_MOST);
        let field = DragValue::new(&mut most)
            .range(1..=100_000_000)
            .suffix(" customers, best first");
        if ui.add_enabled(limits, field).changed() {
            delivery.at_most = Some(most);
        }
    });
    if delivery.tool == Tool::Table {
        let words = "Only who can be written to: usable address, agreed";
        check_ui(ui, palette, &mut delivery.reachable, words);
    } else if delivery.tool.takes_hashes() {
        let words = "Hash what identifies people on this machine (SHA-256)";
        check_ui(ui, palette, &mut delivery.hashed, words);
    }
}

fn format_ui(ui: &mut Ui, palette: &Palette, options: &mut Options) {
    let formats: Vec<(Format, &str)> = Format::ALL
        .iter()
        .map(|&format| (format, format.title()))
        .collect();
    if let Some(format) = segmented_ui(ui, palette, "Format", &formats, options.format) {
        options.format = format;
    }
    if options.format == Format::Csv {
        csv_ui(ui, palette, &mut options.csv);
    }
}

/// Who of a list is not to be contacted.
fn control_ui(ui: &mut Ui, cx: &FrameCx<'_>, tool: Tool) {
    let share = cx.project.audiences.campaign.control_share;
    let words = match tool {
        _ if share <= 0.0 => {
            "Nobody is kept as control group: set a share for it in Audiences.".to_owned()
        }
        Tool::Table => format!(
            "The column “group” marks {} of each segment as control: leave them out when you write to \
             the others, and compare afterwards.",
            format::percent(share)
        ),
        _ => format!(
            "CSV with the headers this tool expects. Who has no usable address or has not agreed is left \
             out and counted, and so is the control group ({} of each segment). Save the list as a table \
             of those who can be written to as well: it says who is in that group.",
            format::percent(share)
        ),
    };
    let words = RichText::new(words).font(font::caption());
    ui.add(Label::new(words.color(cx.palette.muted)).wrap());
}

fn csv_ui(ui: &mut Ui, palette: &Palette, options: &mut CsvOptions) {
    let words = "Mark as UTF-8, so that Excel reads every letter";
    check_ui(ui, palette, &mut options.byte_order_mark, words);
    let mut semicolons = options.separator == ';';
    let words = "Semicolons between values, as Excel expects in many countries";
    check_ui(ui, palette, &mut semicolons, words);
    options.separator = if semicolons { ';' } else { ',' };
}

fn columns_ui(ui: &mut Ui, cx: &FrameCx<'_>, names: &[String], left_out: &mut Vec<String>) {
    ui.horizontal(|ui| {
        let words = RichText::new("Columns").font(font::caption_medium());
        ui.add(Label::new(words.color(cx.palette.muted)));
        let quiet = parts::Loudness::Quiet;
        if parts::button_ui(ui, cx.palette, None, "All", quiet).clicked() {
            left_out.clear();
        }
        if parts::button_ui(ui, cx.palette, None, "None", quiet).clicked() {
            *left_out = names.to_vec();
        }
    });
    ScrollArea::vertical()
        .max_height(COLUMNS_HEIGHT)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            for name in names {
                let mut kept = !left_out.contains(name);
                if check_ui(ui, cx.palette, &mut kept, name).changed() {
                    if kept {
                        left_out.retain(|known| known != name);
                    } else {
                        left_out.push(name.clone());
                    }
                }
            }
        });
}
