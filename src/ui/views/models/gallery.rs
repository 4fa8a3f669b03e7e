//! The recipes, one click each, and the training under way.

use egui::{Label, RichText, Ui, WidgetInfo, accesskit::Role, vec2};
use lucide_icons::Icon;

use super::{ModelsAction, State, words};
use crate::{
    action::{Action, Actions},
    cx::Cx,
    frame::parts::{BUTTON_HEIGHT, Loudness, button_ui, progress_ui},
    theme::{font, gap},
    widgets::{
        card::{self, Head, card_ui, icon_button_ui},
        dropdown::dropdown_ui,
        empty::empty_ui,
        grid::row_ui,
    },
};
use models::{Gallery, Recipe};
use pipeline::{snapshot::Shop, training::TrainingJob};
use project::Project;

/// Height of a question of up to two lines, and with its button.
const QUESTION_HEIGHT: f32 = 38.0;
const FIRST_HEIGHT: f32 = 92.0;

/// The recipe as it would be trained: the project's, or else the gallery's.
pub(super) fn recipe(cx: &Cx<'_>, gallery: Gallery) -> Recipe {
    recipe_in(cx.project, cx.shop, gallery)
}

/// As [`recipe`], from the project and the open shop.
pub(super) fn recipe_in(project: &Project, shop: &Shop, gallery: Gallery) -> Recipe {
    let known = project
        .recipes
        .iter()
        .find(|recipe| recipe.name == gallery.name());
    known
        .cloned()
        .unwrap_or_else(|| suited(project, shop, gallery))
}

/// The gallery's recipe for the open data: a customer table has no dates, so its churn recipe asks
/// for a column.
pub(super) fn suited(project: &Project, shop: &Shop, gallery: Gallery) -> Recipe {
    if shop.dataset.shape.has_orders() || gallery != Gallery::Churn {
        return gallery.recipe();
    }
    match &project.flat.target {
        Some(target) => Recipe {
            target: models::target::TargetKind::Condition(target.clone()),
            ..models::recipe::gallery::table_churn(&target.column, 0.5)
        },
        None => models::recipe::gallery::table_churn("Churn_Probability", 0.5),
    }
}

/// Recipes that can be trained on the open data.
fn offered(cx: &Cx<'_>) -> Vec<Gallery> {
    let orders = cx.shop.dataset.shape.has_orders();
    let fits = |gallery: &Gallery| orders || *gallery == Gallery::Churn;
    Gallery::ALL.into_iter().filter(fits).collect()
}

fn is_edited(cx: &Cx<'_>, gallery: Gallery) -> bool {
    cx.project
        .recipes
        .iter()
        .any(|recipe| recipe.name == gallery.name())
}

const HEAD: Head<'static> = Head {
    title: "Recipes",
    finding: "",
    definition: "A recipe says what is predicted, from what, by which models, and how they are judged. \
                 Training locks a part of the customers away, compares the models by cross-validation \
                 inside the rest, and opens the locked part once, at the end.",
};

/// The recipes below each other.
pub(super) fn gallery_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    card_ui(
        ui,
        cx.palette,
        HEAD,
        |_| {},
        |ui| {
            for (at, gallery) in offered(cx).into_iter().enumerate() {
                if at > 0 {
                    ui.separator();
                }
                recipe_ui(ui, cx, (state, gallery), actions);
            }
            ui.separator();
            saved_ui(ui, cx, actions);
        },
    );
}

/// Saved models: open one, and say which is in use.
fn saved_ui(ui: &mut Ui, cx: &Cx<'_>, actions: &mut Actions) {
    let open = "Open a saved model…";
    if button_ui(
        ui,
        cx.palette,
        Some(Icon::FolderOpen),
        open,
        Loudness::Quiet,
    )
    .clicked()
    {
        actions.push(Action::Models(ModelsAction::Open));
    }
    let used = cx.training.used.as_ref();
    let Some(used) = used.filter(|used| cx.training.run(used.run).is_none()) else {
        return;
    };
    let words = format!("In use: saved {} ({})", used.recipe, used.model);
    ui.add(Label::new(words::caption(cx, &words)).wrap());
    if button_ui(ui, cx.palette, None, "Stop using it", Loudness::Quiet).clicked() {
        actions.push(Action::Models(ModelsAction::Use(None)));
    }
}

/// What a recipe answers, in the words of the open data.
fn about(cx: &Cx<'_>, gallery: Gallery) -> String {
    if cx.shop.dataset.shape.has_orders() {
        return gallery.about().to_owned();
    }
    let recipe = recipe(cx, gallery);
    let target = models::target::definition(&recipe.target, recipe.design);
    format!("{target}: forest, boosting and logistic regression, oversampled and recalibrated")
}

fn recipe_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (state, gallery): (&mut State, Gallery),
    actions: &mut Actions,
) {
    ui.spacing_mut().item_spacing = vec2(gap::S, 2.0);
    ui.horizontal(|ui| {
        let mut title = RichText::new(gallery.title()).font(font::body_medium());
        title = title.color(cx.palette.text);
        ui.label(title);
        if is_edited(cx, gallery) {
            ui.label(words::caption(cx, "changed"));
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            buttons_ui(ui, cx, (state, gallery), actions);
        });
    });
    ui.add(Label::new(words::caption(cx, &about(cx, gallery))).wrap());
}

/// Train and settings, drawn from right to left.
fn buttons_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (state, gallery): (&mut State, Gallery),
    actions: &mut Actions,
) {
    let label = format!("Settings of {}", gallery.title());
    if icon_button_ui(ui, cx.palette, Icon::Settings2, &label).clicked() {
        let open = state.editing.as_deref() == Some(gallery.name());
        state.editing = (!open).then(|| gallery.name().to_owned());
    }
    let train = button_ui(ui, cx.palette, None, "Train", Loudness::Quiet);
    let name = format!("Train {}", gallery.title());
    train.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let train = train.on_hover_text(&name);
    if train.clicked() {
        self::train(cx, state, gallery, actions);
    }
}

/// The recipes behind one dropdown, for narrow windows.
pub(super) fn picker_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    let offered = offered(cx);
    let choices: Vec<(usize, String)> = offered
        .iter()
        .enumerate()
        .map(|(at, gallery)| (at, gallery.title().to_owned()))
        .collect();
    let current = state.recipe.min(offered.len().saturating_sub(1));
    let gallery = offered[current];
    card::frame(cx.palette).show(ui, |ui| {
        ui.set_width(ui.available_width());
        // As high as its highest button from the start, so that the first ones stand in the middle too.
        ui.spacing_mut().interact_size.y = BUTTON_HEIGHT;
        ui.horizontal(|ui| {
            if let Some(at) = dropdown_ui(ui, cx.palette, "Recipe", &choices, &current) {
                state.recipe = at;
            }
            let train = button_ui(ui, cx.palette, Some(Icon::Play), "Train", Loudness::Primary);
            if train.on_hover_text(gallery.about()).clicked() {
                self::train(cx, state, gallery, actions);
            }
            let label = format!("Settings of {}", gallery.title());
            if icon_button_ui(ui, cx.palette, Icon::Settings2, &label).clicked() {
                let open = state.editing.as_deref() == Some(gallery.name());
                state.editing = (!open).then(|| gallery.name().to_owned());
            }
            ui.add(Label::new(words::caption(cx, &about(cx, gallery))).wrap());
        });
    });
}

/// What stands where no run is: which question to begin with, one button each.
pub(super) fn nothing_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    card::frame(cx.palette).show(ui, |ui| {
        ui.set_width(ui.available_width());
        if cx.training.job.is_some() {
            let why = "The first run is being trained. Its results appear here; everything else can be used meanwhile.";
            empty_ui(ui, cx.palette, Icon::TrendingUp, why, None);
            return;
        }
        ui.vertical_centered(|ui| {
            ui.add_space(gap::XL * 2.0);
            ui.label(
                RichText::new(Icon::TrendingUp.unicode().to_string())
                    .font(font::icon(32.0))
                    .color(cx.palette.muted),
            );
            ui.add_space(gap::S);
            let title = RichText::new("What will they do next?").font(font::card_title());
            ui.label(title.color(cx.palette.text));
            ui.add_space(gap::XS);
            ui.label(words::quiet(
                cx,
                "Nothing is trained yet. Press Train beside a recipe, or begin with a question.",
            ));
        });
        ui.add_space(gap::XL);
        firsts_ui(ui, cx, state, actions);
        ui.vertical_centered(|ui| {
            ui.label(words::caption(
                cx,
                "Training runs in the background. A verdict says whether the model beats ranking by past spend.",
            ));
        });
        ui.add_space(gap::XL);
    });
}

/// Questions to begin with, each with the recipe that answers it.
const FIRST: [(Gallery, &str); 3] = [
    (
        Gallery::Clv90Days,
        "What will each customer spend next quarter?",
    ),
    (Gallery::Churn, "Who is about to leave?"),
    (
        Gallery::Lifetime,
        "Who is still a customer, and what will a year bring?",
    ),
];

fn firsts_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    let offered = offered(cx);
    let firsts: Vec<_> = FIRST
        .into_iter()
        .filter(|(gallery, _)| offered.contains(gallery))
        .collect();
    let weights = vec![1.0; firsts.len()];
    row_ui(ui, &weights, FIRST_HEIGHT, |ui, at| {
        let (gallery, question) = firsts[at];
        ui.vertical_centered(|ui| {
            ui.spacing_mut().item_spacing.y = gap::S;
            // Questions of one line and of two have their buttons side by side.
            let room = vec2(ui.available_width(), QUESTION_HEIGHT);
            let layout = egui::Layout::bottom_up(egui::Align::Center);
            ui.allocate_ui_with_layout(room, layout, |ui| {
                let words = RichText::new(question).font(font::body_medium());
                ui.add(Label::new(words.color(cx.palette.text)).wrap());
            });
            let loudness = if at == 0 {
                Loudness::Primary
            } else {
                Loudness::Plain
            };
            let text = format!("Train “{}”", gallery.title());
            if button_ui(ui, cx.palette, Some(Icon::Play), &text, loudness).clicked() {
                train(cx, state, gallery, actions);
            }
        });
    });
}

/// Asks for a training.
fn train(cx: &Cx<'_>, state: &mut State, gallery: Gallery, actions: &mut Actions) {
    state.editing = None;
    let recipe = Box::new(recipe(cx, gallery));
    actions.push(Action::Models(ModelsAction::Train(recipe)));
}

/// The training under way: stage, share, time spent and left, Cancel.
pub(super) fn job_ui(ui: &mut Ui, cx: &Cx<'_>, actions: &mut Actions) {
    let Some(job) = &cx.training.job else { return };
    card::frame(cx.palette).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            let title = RichText::new(format!("Training {}", job.title));
            ui.label(title.font(font::body_medium()).color(cx.palette.text));
            progress_ui(
                ui,
                cx.palette,
                vec2(180.0, 8.0),
                job.share().map(|share| share as f32),
            );
            ui.label(words::quiet(cx, &job_words(job)));
            if !job.cancelling {
                let cancel = button_ui(ui, cx.palette, None, "Cancel", Loudness::Quiet);
                let name = "Cancel the training";
                cancel.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
                if cancel.clicked() {
                    actions.push(Action::Models(ModelsAction::Cancel));
                }
            }
        });
    });
}

/// `Boosting, fold 3 of 5 · 0:12, about 0:20 left · 1 more waits`
#[must_use]
pub fn job_words(job: &TrainingJob) -> String {
    let mut parts = Vec::new();
    let stage = &job.progress.stage;
    parts.push(match (job.cancelling, stage.is_empty()) {
        (true, _) => "Cancelling…".to_owned(),
        (false, true) => "Waiting to begin".to_owned(),
        (false, false) => stage.clone(),
    });
    if job.progress.total > 0 {
        parts.push(format!("{} of {}", job.progress.done, job.progress.total));
    }
    let left = job.seconds_left().filter(|_| !job.cancelling);
    let left = left.map_or_else(String::new, |left| {
        format!(", about {} left", words::clock(left))
    });
    parts.push(format!("{}{left}", words::clock(job.elapsed_seconds)));
    if job.waiting > 0 {
        let verb = if job.waiting == 1 { "waits" } else { "wait" };
        parts.push(format!("{} more {verb}", job.waiting));
    }
    parts.join("  ·  ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use pipeline::cx::Progress;

    #[test]
    fn a_training_says_where_it_is() {
        let mut job = TrainingJob {
            title: "Churn".to_owned(),
            progress: Progress {
                stage: "Random forest".to_owned(),
                done: 2,
                total: 8,
            },
            elapsed_seconds: 20.0,
            waiting: 1,
            ..TrainingJob::default()
        };
        assert_eq!(
            job_words(&job),
            "Random forest  ·  2 of 8  ·  0:20, about 1:00 left  ·  1 more waits"
        );
        job.cancelling = true;
        job.waiting = 0;
        assert_eq!(job_words(&job), "Cancelling…  ·  2 of 8  ·  0:20");
    }
}
