//! A small shop with known numbers, and the two views driven by role and label.

use std::sync::Arc;

use egui_kittest::Harness;
use keepers::{
    analysis::{
        cohort_build::cohorts,
        cohorts::CohortSpec,
        conditions::RuleInputs,
        customers::customers_as_of,
        overview_build::overview,
        rfm::{TieRule, score},
        rules::default_rules,
        segmenting::segment,
        selection::{Part, Selection, select, tables::Tables},
    },
    data::dataset::quality::QualityReport,
    data::dataset::{Dataset, Shape},
    data::day::Period,
    data::orders::{Orders, flag},
    pipeline::snapshot::{Shop, Tuning},
    project::{Project, Settings},
    ui::{
        action::Actions,
        cx::Cx,
        theme::{self, Palette},
        views::{customers, segments},
    },
};

/// Ids and (day, amount) of their orders. S is day 1,000.
pub const BUYERS: [(&str, &[(i32, f64)]); 6] = [
    (
        "amber",
        &[(100, 20.0), (500, 30.0), (900, 40.0), (990, 50.0)],
    ),
    ("birch", &[(980, 15.0)]),
    ("cedar", &[(200, 60.0), (300, 60.0), (400, 60.0)]),
    ("delta", &[(100, 5.0)]),
    ("ember", &[(700, 25.0), (760, 25.0)]),
    ("fern", &[(950, 80.0), (970, 90.0), (995, 100.0)]),
];

pub const AS_OF: i32 = 1_000;

fn orders() -> Orders {
    let mut orders = Orders {
        offsets: vec![0],
        ..Orders::default()
    };
    let mut number = 0;
    for (id, bought) in BUYERS {
        orders.customer_ids.push(id).expect("room for the id");
        for &(day, amount) in bought {
            orders.days.push(day);
            orders.amounts.push(amount);
            orders.orders.push(number);
            orders.flags.push(flag::ORDER_START | flag::DAY_START);
            number += 1;
        }
        orders.offsets.push(number);
    }
    orders
}

/// Everything worked out, with this selection.
pub fn shop(parts: Vec<Part>) -> Shop {
    let orders = Arc::new(orders());
    let customers = customers_as_of(&orders, AS_OF);
    let scores = score(&customers, TieRule::Share);
    let segments = segment(
        RuleInputs::without_attributes(&customers, &scores),
        &default_rules(),
    );
    let cohorts = cohorts(&orders, AS_OF, &CohortSpec::default());
    let overview = overview(&orders, &customers, Period::Month);
    let selection = Selection::from(parts);
    let selected = select(
        Tables {
            orders: &orders,
            customers: &customers,
            scores: &scores,
            segments: &segments,
            cohorts: &cohorts,
            extras: keepers::analysis::selection::tables::Extras::default(),
        },
        &selection,
    );
    let order_days = orders.day_range();
    Shop {
        start: None,
        limits: std::sync::Arc::default(),
        clusters: None,
        outlook: None,
        order_days,
        gross_sales: 0.0,
        flat: None,
        people: None,
        story: None,
        predictions: None,
        dataset: Arc::new(Dataset {
            tables: Vec::new(),
            name: "small".to_owned(),
            shape: Shape::OrderLog,
            files: Vec::new(),
            orders,
            quality: QualityReport::default(),
            understanding: keepers::data::dataset::understanding::Understanding::default(),
            remarks: Vec::new(),
        }),
        as_of: AS_OF,
        customers: Arc::new(customers),
        scores: Arc::new(scores),
        segments: Arc::new(segments),
        tuning: Tuning {
            rules: Arc::new(default_rules()),
            ..Tuning::default()
        },
        cohorts: Arc::new(cohorts),
        overview: Arc::new(overview),
        selection,
        selected: Arc::new(selected),
        comparison: Arc::default(),
        details: None,
        migration: None,
    }
}

/// What a test holds between frames.
pub struct Bench {
    pub shop: Shop,
    pub open: Option<u32>,
    pub segments: segments::State,
    pub customers: customers::State,
    /// Everything asked for so far.
    pub actions: Actions,
}

#[derive(Clone, Copy)]
pub enum Which {
    Segments,
    Customers,
}

/// The view at 1200 × 1300 points.
pub fn harness(which: Which, parts: Vec<Part>) -> Harness<'static, Bench> {
    let bench = Bench {
        shop: shop(parts),
        open: None,
        segments: segments::State::default(),
        customers: customers::State::default(),
        actions: Actions::new(),
    };
    Harness::builder()
        .with_size(egui::vec2(1_200.0, 1_300.0))
        .with_context_setup(|ctx| {
            theme::install_fonts(ctx);
            theme::apply(ctx, &Palette::light());
        })
        .build_ui_state(
            move |ui, bench: &mut Bench| {
                let (project, settings) = (Project::default(), Settings::default());
                let palette = Palette::light();
                let cx = Cx {
                    project: &project,
                    settings: &settings,
                    shop: &bench.shop,
                    revision: 1,
                    palette: &palette,
                    updating: false,
                    open_customer: bench.open,
                    grouping: keepers::pipeline::grouping::NOTHING,
                    profiling: &keepers::pipeline::profile::Profiling::Idle,
                    training: &keepers::pipeline::training::Training::default(),
                };
                match which {
                    Which::Segments => {
                        segments::view_ui(ui, &cx, &mut bench.segments, &mut bench.actions);
                    }
                    Which::Customers => {
                        customers::view_ui(ui, &cx, &mut bench.customers, &mut bench.actions);
                    }
                }
            },
            bench,
        )
}
