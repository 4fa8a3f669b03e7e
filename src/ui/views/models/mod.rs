//! The Models view: recipes to train, every run beside its naive rival, and for the chosen model how
//! far it can be trusted.
//!
//! | module | holds |
//! | --- | --- |
//! | `gallery` | recipes, one click each, and the training under way |
//! | `settings`, `grids` | every setting of one recipe; the numbers its models choose from |
//! | `board` | the leaderboard and the verdict in words |
//! | `chosen` | which run, model and sample the tabs are about |
//! | `gains`, `calibration`, `errors`, `drivers`, `time`, `leakage`, `lifetime` | one tab each |
//! | `values`, `tiers` | what `errors` shows of values and of two-stage models |

mod board;
mod calibration;
mod chosen;
mod drivers;
mod errors;
mod gains;
mod gallery;
mod grids;
mod leakage;
mod lifetime;
mod settings;
mod tab;
mod tiers;
mod time;
mod values;
mod words;

use std::path::PathBuf;

use egui::Ui;

use self::chosen::Chosen;
use crate::{
    action::{Actions, View},
    cx::Cx,
    theme::{CARD_PADDING, gap},
    views::head_ui,
    widgets::{
        grid::{height_to, page_ui, row_ui, stacks},
        segmented::segmented_ui,
        table::Scroll,
    },
};
use models::{Gallery, Recipe};
use pipeline::{snapshot::Shop, training::JudgedOn};
use project::Project;

pub use gallery::job_words;
pub use tab::ModelTab;

/// What the Models view asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum ModelsAction {
    /// Train this recipe on the open shop as of S.
    Train(Box<Recipe>),
    /// Stop the training under way.
    Cancel,
    /// Keep these settings of a recipe in the project.
    Edit(Box<Recipe>),
    /// Back to the gallery's settings of the recipe with this name.
    Reset(String),
    /// Show this run's predictions in the other views; `None` shows none.
    Use(Option<u64>),
    /// Drop a run.
    Forget(u64),
    /// Ask where to save the best model of this run.
    Save(u64),
    /// Ask for a saved model to predict with.
    Open,
    /// Predict with the saved model in this file.
    Load(PathBuf),
}

/// The recipe of this name as the project has it, ready to be trained; `None` when the gallery has none.
#[must_use]
pub fn recipe_named(project: &Project, shop: &Shop, name: &str) -> Option<Recipe> {
    let gallery = Gallery::named(name)?;
    Some(gallery::recipe_in(project, shop, gallery))
}

/// Names of all recipes.
#[must_use]
pub fn recipe_names() -> String {
    Gallery::ALL.map(Gallery::name).join(", ")
}

/// Least height of the charts of a tab.
const CHART_HEIGHT: f32 = 320.0;

/// Height left below the charts for the leaderboard.
const BOARD_PEEK: f32 = 170.0;

/// What the view remembers between frames; never saved, decides no number.
#[derive(Debug)]
pub struct State {
    /// Number of the chosen run; the newest when it is gone.
    pub run: Option<u64>,
    /// Place of the chosen model in its run; the best when it is gone.
    pub model: Option<usize>,
    /// Run to compare with.
    pub other: Option<u64>,
    pub tab: ModelTab,
    pub sample: JudgedOn,
    /// Depth of the gains read-out, 0…1.
    pub depth: f64,
    /// Threshold of the confusion matrix; `None`: the recipe's.
    pub threshold: Option<f64>,
    /// Name of the recipe whose settings are open.
    pub editing: Option<String>,
    /// Recipe chosen in the narrow layout.
    pub recipe: usize,
    /// Feature whose partial effect is shown.
    pub effect: usize,
    /// Text being typed into a settings field.
    pub typing: grids::Typing,
    dots: values::Dots,
    board: Scroll,
    seen_runs: usize,
}

impl Default for State {
    fn default() -> Self {
        Self {
            run: None,
            model: None,
            other: None,
            tab: ModelTab::default(),
            sample: JudgedOn::default(),
            depth: 0.2,
            threshold: None,
            editing: None,
            recipe: 0,
            effect: 0,
            typing: grids::Typing::default(),
            dots: values::Dots::default(),
            board: Scroll::default(),
            seen_runs: 0,
        }
    }
}

/// Draws the view.
pub fn view_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    if cx.training.runs.len() > state.seen_runs {
        // A new run is what one has waited for: show it.
        (state.run, state.model, state.threshold) = (None, None, None);
        state.editing = None;
    }
    state.seen_runs = cx.training.runs.len();
    let chosen = Chosen::of(cx.training, state);
    head_ui(ui, cx.palette, View::Models, |ui| {
        if let Some(chosen) = &chosen {
            let choices: Vec<(JudgedOn, &str)> = JudgedOn::ALL
                .into_iter()
                .filter(|sample| chosen.judged().has(*sample))
                .map(|sample| (sample, sample.title()))
                .collect();
            let current = chosen.sample;
            if let Some(sample) = segmented_ui(ui, cx.palette, "Judged on", &choices, current) {
                state.sample = sample;
            }
            ui.label(words::quiet(cx, "Judged on"));
        }
    });
    page_ui(ui, "models view", |ui, bottom| {
        ui.spacing_mut().item_spacing = egui::vec2(gap::L, gap::L);
        gallery::job_ui(ui, cx, actions);
        let wide = !stacks(ui);
        let bounds = Bounds { bottom, wide };
        if wide {
            let height = (bottom - ui.cursor().top()).max(200.0);
            row_ui(ui, &[0.23, 0.77], height, |ui, column| {
                ui.spacing_mut().item_spacing = egui::vec2(gap::L, gap::L);
                if column == 0 {
                    gallery::gallery_ui(ui, cx, state, actions);
                } else {
                    page(ui, cx, (state, chosen.as_ref()), (actions, bounds));
                }
            });
        } else {
            gallery::picker_ui(ui, cx, state, actions);
            page(ui, cx, (state, chosen.as_ref()), (actions, bounds));
        }
    });
}

/// Settings, or the runs.
fn page(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (state, chosen): (&mut State, Option<&Chosen<'_>>),
    (actions, bounds): (&mut Actions, Bounds),
) {
    if let Some(name) = state.editing.clone() {
        return settings::settings_ui(ui, cx, (state, &name), actions);
    }
    let Some(chosen) = chosen else {
        return gallery::nothing_ui(ui, cx, state, actions);
    };
    board::verdict_ui(ui, cx, chosen, actions);
    ui.horizontal_wrapped(|ui| {
        let choices = ModelTab::ALL.map(|tab| (tab, tab.title()));
        if let Some(tab) = segmented_ui(ui, cx.palette, "Part", &choices, state.tab) {
            state.tab = tab;
        }
        board::compare_ui(ui, cx, (state, chosen));
    });
    // The head of the leaderboard shows below the charts, so that one knows it is there.
    let height = (bounds.bottom - ui.cursor().top() - BOARD_PEEK).max(CHART_HEIGHT + 80.0);
    let page = Page {
        chosen,
        height,
        wide: bounds.wide,
    };
    match state.tab {
        ModelTab::Gains => {
            gains::gains_ui(ui, cx, (state, &page.at_least(470.0)), actions);
        }
        ModelTab::Calibration => calibration::calibration_ui(ui, cx, &page, actions),
        ModelTab::Errors => {
            errors::errors_ui(ui, cx, (state, &page.at_least(500.0)), actions);
        }
        ModelTab::Drivers => drivers::drivers_ui(ui, cx, (state, &page), actions),
        ModelTab::Time => time::time_ui(ui, cx, &page, actions),
        ModelTab::Leakage => leakage::leakage_ui(ui, cx, &page, actions),
        ModelTab::Lifetime => lifetime::lifetime_ui(ui, cx, &page, actions),
    }
    board::board_ui(ui, cx, (state, chosen), actions);
}

/// What a tab draws, and the height it should fill.
struct Page<'a> {
    chosen: &'a Chosen<'a>,
    height: f32,
    /// Cards stand side by side.
    wide: bool,
}

/// Where the window ends, and whether cards stand side by side.
#[derive(Clone, Copy)]
struct Bounds {
    bottom: f32,
    wide: bool,
}

impl Page<'_> {
    /// A page whose cards are at least this high.
    fn at_least(&self, height: f32) -> Page<'_> {
        Page {
            chosen: self.chosen,
            height: self.height.max(height),
            wide: self.wide,
        }
    }

    /// Draws cards side by side, or one below the other in a narrow window.
    fn pair_ui(&self, ui: &mut Ui, weights: [f32; 2], mut draw: impl FnMut(&mut Ui, usize)) {
        if self.wide {
            row_ui(ui, &weights, self.height, draw);
        } else {
            for card in 0..2 {
                row_ui(ui, &[1.0], CHART_HEIGHT + 110.0, |ui, _| draw(ui, card));
            }
        }
    }
}

/// Height left for the chart of a card that stands in a row of `page.height`.
fn chart_height(ui: &Ui) -> f32 {
    chart_height_from(ui, CHART_HEIGHT - 100.0)
}

/// As [`chart_height`], for a chart that may be lower because it shares its card.
fn chart_height_from(ui: &Ui, least: f32) -> f32 {
    // The body ends a padding and a hairline above its card.
    let bottom = ui.max_rect().bottom() + CARD_PADDING + 1.0;
    height_to(ui, bottom, least).min(520.0)
}
