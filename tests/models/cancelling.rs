//! Cancel is heard in every stage of a training: what follows the stage never begins, and the work looks
//! at the flag often.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use keepers::{
    base::monitor::{Cancel, Monitor},
    data::dataset::quality::QualityReport,
    data::dataset::{Dataset, Shape},
    models::{
        Gallery, Recipe,
        recipe::{BoostingSpec, ForestSpec, ModelSpec, TweedieSpec, TwoStageSpec},
    },
    pipeline::training::train_shop,
};

use crate::shop_with_signal::shop;

fn dataset(customers: usize) -> (Dataset, i32) {
    let (orders, as_of) = shop(customers);
    let lines = orders.lines() as u64;
    let dataset = Dataset {
        tables: Vec::new(),
        name: "Made up".to_owned(),
        shape: Shape::OrderLog,
        files: Vec::new(),
        orders: Arc::new(orders),
        quality: QualityReport {
            rows_read: lines,
            rows_kept: lines,
            rules: Vec::new(),
        },
        understanding: keepers::data::dataset::understanding::Understanding::default(),
        remarks: Vec::new(),
    };
    (dataset, as_of)
}

/// As quick as it gets: one model of every kind, one fit per fold.
fn quick(gallery: Gallery) -> Recipe {
    let mut recipe = gallery.recipe();
    recipe.folds = 2;
    recipe.backtests = usize::from(gallery == Gallery::Churn);
    let mut kinds = BTreeSet::new();
    recipe.models.retain(|model| match model {
        ModelSpec::Boosting(_) => kinds.insert("boosting"),
        _ => true,
    });
    if gallery == Gallery::Churn {
        recipe.models.truncate(1);
    }
    for model in &mut recipe.models {
        match model {
            ModelSpec::Boosting(BoostingSpec { trees, .. })
            | ModelSpec::TwoStage(TwoStageSpec {
                trees: BoostingSpec { trees, .. },
                ..
            }) => *trees = vec![3],
            ModelSpec::Forest(spec) => {
                *spec = ForestSpec {
                    trees: 3,
                    depth: vec![3],
                    min_leaf: 10,
                }
            }
            ModelSpec::Tweedie(spec) => {
                *spec = TweedieSpec {
                    ridge: vec![1.0],
                    ..TweedieSpec::default()
                }
            }
            _ => {}
        }
    }
    recipe
}

/// What a training told and how often it looked at the flag, stage by stage.
#[derive(Default)]
struct Told(Vec<(String, usize)>);

/// Trains, cancelling as soon as the stage is told; the stages that were told.
fn trained(
    (dataset, as_of): &(Dataset, i32),
    recipe: &Recipe,
    until: Option<&str>,
) -> (bool, Vec<(String, usize)>) {
    let told = Arc::new(Mutex::new(Told::default()));
    let cancel = Cancel::default();
    let monitor = {
        let (telling, looking) = (Arc::clone(&told), Arc::clone(&told));
        let (until, cancelling) = (until.map(str::to_owned), cancel.clone());
        Monitor::new(cancel, move |progress| {
            let mut told = telling.lock().unwrap();
            if told
                .0
                .last()
                .is_none_or(|(stage, _)| *stage != progress.stage)
            {
                told.0.push((progress.stage.clone(), 0));
            }
            if until.as_deref() == Some(&progress.stage) {
                cancelling.cancel();
            }
        })
        .watched(move || {
            if let Some((_, looks)) = looking.lock().unwrap().0.last_mut() {
                *looks += 1;
            }
        })
    };
    let ended = train_shop(dataset, (*as_of, 1), recipe, &monitor).is_ok();
    let told = std::mem::take(&mut told.lock().unwrap().0);
    (ended, told)
}

#[test]
fn every_stage_can_be_cancelled() {
    let shop = dataset(120);
    for gallery in [Gallery::BestOfAll, Gallery::Churn] {
        let recipe = quick(gallery);
        let (ended, told) = trained(&shop, &recipe, None);
        assert!(ended, "{gallery:?} trains to its end");
        let mut tried = BTreeSet::new();
        for (stage, looks) in &told {
            // The announcement of the end is no work.
            if stage == "Trained" {
                continue;
            }
            assert!(*looks > 0, "{gallery:?}: nobody looks during “{stage}”");
            // One of each kind: fold 2 is like fold 1.
            let kind: String = stage.chars().filter(|c| !c.is_ascii_digit()).collect();
            if !tried.insert(kind) {
                continue;
            }
            let (ended, before) = trained(&shop, &recipe, Some(stage));
            assert!(!ended, "{gallery:?}: “{stage}” was not cancelled");
            let last = &before.last().expect("a stage").0;
            assert_eq!(last, stage, "{gallery:?}: another stage began after Cancel");
        }
        assert!(tried.len() > 8, "{tried:?}");
    }
}
