//! The Models view on the sample shop: train, cancel, read the result, and see the predictions in the
//! other views.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used, clippy::unwrap_used)]

#[path = "common/shop_with_signal.rs"]
mod shop_with_signal;
#[path = "common/window.rs"]
mod window;

use std::{sync::Arc, time::Duration};

use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::{AccessKitNode, NodeT, Queryable};
use keepers::{
    app::App,
    base::monitor::Monitor,
    evaluation::verdict::Verdict,
    models::{Material, Recipe, recipe::ModelSpec, train_here},
    pipeline::training::{JudgedOn, Trained},
    ui::{
        action::{Action, View},
        views::models::ModelsAction,
    },
};

use window::Window;

fn on_the_sample() -> Window {
    let mut window = Window::high(1200.0);
    window.act(Action::Show(View::Models));
    window
}

/// Also what stands in a field.
fn says(window: &Window, words: &str) -> bool {
    let holds = |text: Option<String>| text.is_some_and(|text| text.contains(words));
    let found = |node: &AccessKitNode<'_>| holds(node.label()) || holds(node.value());
    window.harness.query_all_by(found).next().is_some()
}

/// Without waiting for the training.
fn click(window: &mut Window, label: &str) {
    let button = window.harness.get_by_role_and_label(Role::Button, label);
    button.click();
    window.harness.run_steps(3);
}

fn wait(window: &mut Window, patience: Duration, done: impl Fn(&App) -> bool) -> Duration {
    let took = window.until_within(patience, |window| done(window.app()));
    window.harness.run_steps(3);
    took
}

fn trained(window: &Window) -> &Trained {
    window.app().training().runs.last().expect("a run")
}

/// Gain at a depth by sorting, with as many customers as the share rounds to.
fn gain_by_sorting(actual: &[f64], predicted: &[f64], depth: f64) -> f64 {
    let mut rows: Vec<usize> = (0..actual.len()).collect();
    rows.sort_by(|&a, &b| predicted[b].total_cmp(&predicted[a]));
    let best = (actual.len() as f64 * depth).round() as usize;
    let found: f64 = rows[..best].iter().map(|&row| actual[row]).sum();
    found / actual.iter().sum::<f64>()
}

#[allow(clippy::too_many_lines)] // one story, told in order
#[test]
fn a_run_is_trained_in_the_background_judged_and_shown_everywhere() {
    let mut window = on_the_sample();
    assert!(says(&window, "Nothing is trained yet"));

    // Cancel answers within a second.
    click(&mut window, "Train Customer lifetime");
    wait(&mut window, Duration::from_secs(30), |app| {
        let job = app.training().job.as_ref();
        job.is_some_and(|job| !job.progress.stage.is_empty())
    });
    assert!(says(&window, "Training Customer lifetime"));
    window.act_unsettled(Action::Models(ModelsAction::Cancel));
    let took = wait(&mut window, Duration::from_secs(10), |app| {
        app.training().job.is_none()
    });
    // The machine that runs tests may be busy: the second is for an idle one.
    assert!(took < Duration::from_secs(3), "cancelled after {took:?}");
    assert!(window.app().training().runs.is_empty());

    click(&mut window, "Train 90-day CLV");
    wait(&mut window, Duration::from_mins(8), |app| {
        !app.training().runs.is_empty()
    });
    wait(&mut window, Duration::from_mins(1), App::settled);

    let run = trained(&window);
    let best = run.best().expect("a judged model");
    let report = best.on(JudgedOn::HoldOut);
    let actual = run.run.hold_out_actual();
    let sorted = gain_by_sorting(&actual, &run.run.best().hold_out, 0.2);
    let gain = report.metrics.gain_20.expect("spend in the window");
    assert!(
        (gain - sorted).abs() < 0.005,
        "{gain} against {sorted} by sorting"
    );
    assert_ne!(
        report.verdict,
        Verdict::MostlyLeakage,
        "a remaining value is not known"
    );
    let sentence = report.sentence.clone();
    assert!(says(&window, &sentence), "{sentence}");
    assert!(says(&window, "Naive: past spend"));

    // It does not beat ranking by past spend, so it is not put in use by itself, and that is said.
    assert!(!run.is_useful(), "{sentence}");
    assert!(window.app().training().used.is_none());
    assert!(says(&window, "It is not put in use by itself"));
    window.act_unsettled(Action::Models(ModelsAction::Use(Some(run.number))));
    wait(&mut window, Duration::from_mins(1), App::settled);

    // Every customer as of S has a prediction inside its interval, and the snapshot carries it.
    let shop = window.shop();
    let known = shop
        .predictions
        .as_ref()
        .expect("predictions in the snapshot");
    let active = (0..shop.customers.len()).filter(|&row| shop.customers.frequency[row] > 0);
    for row in active {
        let value = known.value_of(row).expect("a prediction");
        let (low, high) = known.interval_of(row).expect("an interval");
        assert!(low <= value && value <= high, "{low} {value} {high}");
    }

    // The depth line moves with the arrow keys.
    let slider = (Role::Slider, "Depth of the list");
    let depth = |window: &Window| {
        let slider = window.harness.get_by_role_and_label(slider.0, slider.1);
        slider.accesskit_node().numeric_value()
    };
    assert_eq!(depth(&window), Some(0.2));
    window.focus(slider.0, slider.1);
    window.harness.key_press(Key::ArrowRight);
    window.harness.run_steps(3);
    assert!((depth(&window).expect("a slider") - 0.21).abs() < 1e-9);

    window.act_unsettled(Action::Show(View::Customers));
    wait(&mut window, Duration::from_mins(1), App::settled);
    window
        .harness
        .get_by(|node| {
            node.role() == Role::ColumnHeader && node.label().as_deref() == Some("Predicted")
        })
        .click();
    window.harness.run_steps(4);
    assert!(says(&window, "Predicted"));
}

/// A recipe that trains in a moment.
fn quick(window: &Window, name: &str) -> Recipe {
    let shop = window.shop().clone();
    let recipe = keepers::ui::views::models::recipe_named(window.app().project(), &shop, name);
    let mut recipe = recipe.expect("in the gallery");
    (recipe.folds, recipe.backtests) = (2, 0);
    recipe.models.truncate(1);
    if let Some(ModelSpec::Boosting(spec)) = recipe.models.first_mut() {
        spec.trees = vec![10];
    }
    recipe
}

#[test]
fn a_saved_model_opens_again_with_the_same_predictions_or_says_what_is_missing() {
    let mut window = on_the_sample();
    let recipe = quick(&window, "90_day_spend");
    window.act_unsettled(Action::Models(ModelsAction::Train(Box::new(recipe))));
    wait(&mut window, Duration::from_mins(4), |app| {
        !app.training().runs.is_empty()
    });
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("spend.keepers-model.json");
    let run = trained(&window);
    run.run.saved.save(&path, false).expect("saved");
    let before = Arc::clone(&run.predictions);
    window.act_unsettled(Action::Models(ModelsAction::Use(None)));
    assert!(window.app().training().used.is_none());
    window.act_unsettled(Action::Models(ModelsAction::Load(path)));
    wait(&mut window, Duration::from_mins(1), |app| {
        app.training().used.is_some()
    });
    let used = window.app().training().used.clone().expect("in use");
    assert_ne!(used.run, before.run, "read from the file, not kept");
    let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    for (column, kept) in [
        (&used.value, &before.value),
        (&used.low, &before.low),
        (&used.high, &before.high),
        (&used.p_alive, &before.p_alive),
    ] {
        assert_eq!(bits(column), bits(kept));
    }
    assert!(says(&window, "“90-day spend” is in use"));

    // A model of another shop, that reads the state of a customer: the sample shop has none.
    let (orders, as_of) = shop_with_signal::shop(300);
    let recipe = quick(&window, "12_month_ltv");
    let material = Material::Orders(&orders);
    let other = train_here(material, as_of, &recipe, &Monitor::silent()).expect("a run");
    let path = folder.path().join("other.json");
    other.saved.save(&path, false).expect("saved");
    window.act_unsettled(Action::Models(ModelsAction::Load(path)));
    wait(&mut window, Duration::from_mins(1), |app| {
        app.training().job.is_none()
    });
    assert!(says(&window, "The saved model cannot be used here"));
    assert!(says(&window, "the data lacks: customer_state"));
    let used = window.app().training().used.as_ref().expect("still in use");
    assert_eq!(used.recipe, "90-day spend");
}

#[test]
fn settings_are_part_of_the_project_and_can_be_undone() {
    let mut window = on_the_sample();
    click(&mut window, "Settings of 90-day CLV");
    assert!(says(&window, "Settings of 90-day CLV"));
    let project = window.app().project().clone();
    assert!(project.recipes.is_empty());
    let shop = window.shop().clone();
    let mut recipe = keepers::ui::views::models::recipe_named(&project, &shop, "90_day_clv")
        .expect("in the gallery");
    recipe.folds = 3;
    window.act_unsettled(Action::Models(ModelsAction::Edit(Box::new(recipe))));
    assert_eq!(window.app().project().recipes[0].folds, 3);
    assert!(says(&window, "changed"), "the gallery says so");
    window
        .harness
        .key_press_modifiers(Modifiers::COMMAND, Key::Z);
    window.harness.run_steps(4);
    assert!(window.app().project().recipes.is_empty());
}
