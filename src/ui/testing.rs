//! Small shops and a context for tests of the views; compiled for tests only.

use std::sync::Arc;

use egui::{Ui, Vec2};
use egui_kittest::Harness;

use super::{
    action::Actions,
    cx::Cx,
    theme::{self, Palette},
};
use analysis::{
    attribute_tests::AttributeTests,
    calendar::calendar_revenue,
    cohort_build::cohorts,
    conditions::RuleInputs,
    customers::{Customers, customers_as_of, default_as_of},
    insights::insights,
    overview_build::overview,
    rfm::score,
    segmenting::segment,
    selection::{Selection, select, tables::Tables},
};
use base::monitor::Monitor;
use data::dataset::quality::QualityReport;
use data::dataset::{Dataset, Shape};
use data::day::{Day, parse_iso};
use data::orders::{Attribute, Codes, Orders, flag};
use pipeline::{
    profile::Profiling,
    snapshot::{Details, Shop, Tuning},
    training::Training,
};
use project::{Project, Settings};

/// One order: customer, date, amount, value of the attribute `channel`.
pub type Row<'a> = (&'a str, &'a str, f64, &'a str);

/// Orders of one line each, sorted as loading sorts them; two on one day are two orders.
pub fn orders(rows: &[Row<'_>]) -> Orders {
    let mut sorted: Vec<(&str, Day, f64, &str)> = rows
        .iter()
        .map(|&(customer, date, amount, channel)| {
            (customer, parse_iso(date).expect("a date"), amount, channel)
        })
        .collect();
    sorted.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    let mut channels: Vec<&str> = sorted.iter().map(|row| row.3).collect();
    channels.sort_unstable();
    channels.dedup();
    let mut orders = Orders {
        offsets: vec![0],
        ..Orders::default()
    };
    let mut codes = Vec::new();
    let mut before: Option<(&str, Day)> = None;
    for (line, &(customer, day, amount, channel)) in sorted.iter().enumerate() {
        if before.is_none_or(|(last, _)| last != customer) {
            if before.is_some() {
                orders.offsets.push(line as u32);
            }
            orders.customer_ids.push(customer).expect("a short pool");
        }
        let new_day = before != Some((customer, day));
        let day_start = if new_day { flag::DAY_START } else { 0 };
        orders.days.push(day);
        orders.amounts.push(amount);
        orders.orders.push(line as u32);
        orders.flags.push(flag::ORDER_START | day_start);
        codes.push(channels.binary_search(&channel).expect("listed") as u8);
        before = Some((customer, day));
    }
    orders.offsets.push(sorted.len() as u32);
    orders.attributes.push(Attribute {
        name: "channel".to_owned(),
        codes: Codes::U8(codes),
        values: channels.into_iter().collect(),
    });
    orders
}

/// All results for these orders under this project.
pub fn shop(orders: Orders, project: &Project) -> Shop {
    let as_of = project
        .as_of
        .or_else(|| default_as_of(&orders))
        .expect("orders");
    let customers = customers_as_of(&orders, as_of);
    let scores = score(&customers, project.ties);
    let attributes = AttributeTests::of(&orders, &customers, project.rule_list());
    let segments = segment(
        RuleInputs::new(&customers, &scores, &attributes),
        &project.rules,
    );
    let table = cohorts(&orders, as_of, &project.cohorts);
    let selection = Selection::default();
    let selected = select(
        Tables {
            orders: &orders,
            customers: &customers,
            scores: &scores,
            segments: &segments,
            cohorts: &table,
            extras: analysis::selection::tables::Extras::default(),
        },
        &selection,
    );
    let order_days = orders.day_range();
    let kept = project.kept_clusters.as_ref();
    let clusters = kept.map(|kept| Arc::new(kept.labels(&customers)));
    Shop {
        start: None,
        limits: Arc::default(),
        order_days,
        gross_sales: 0.0,
        as_of,
        migration: None,
        details: Some(details(&orders, &customers, project)),
        overview: Arc::new(overview(&orders, &customers, project.overview_period)),
        customers: Arc::new(customers),
        scores: Arc::new(scores),
        segments: Arc::new(segments),
        tuning: Tuning {
            rules: Arc::new(project.rules.clone()),
            attributes: Arc::new(attributes),
            ..Tuning::default()
        },
        outlook: None,
        clusters,
        cohorts: Arc::new(table),
        selection,
        selected: Arc::new(selected),
        flat: None,
        people: None,
        story: None,
        predictions: None,
        comparison: Arc::default(),
        dataset: Arc::new(dataset(orders)),
    }
}

fn details(orders: &Orders, customers: &Customers, project: &Project) -> Details {
    let insights = insights(orders, customers, &Monitor::silent()).expect("not cancelled");
    let calendar = calendar_revenue(orders, customers, project.overview_period);
    Details {
        insights: Arc::new(insights),
        calendar: Arc::new(calendar),
    }
}

fn dataset(orders: Orders) -> Dataset {
    Dataset {
        name: "test shop".to_owned(),
        shape: Shape::OrderLog,
        files: Vec::new(),
        tables: Vec::new(),
        orders: Arc::new(orders),
        quality: QualityReport::default(),
        understanding: data::dataset::understanding::Understanding::default(),
        remarks: Vec::new(),
    }
}

/// A context over these results.
pub fn context<'a>(
    project: &'a Project,
    settings: &'a Settings,
    shop: &'a Shop,
    palette: &'a Palette,
) -> Cx<'a> {
    Cx {
        project,
        settings,
        shop,
        revision: 1,
        palette,
        updating: false,
        open_customer: None,
        profiling: &Profiling::Idle,
        grouping: pipeline::grouping::NOTHING,
        training: no_training(),
    }
}

/// Nothing was trained.
fn no_training() -> &'static Training {
    static NONE: std::sync::OnceLock<Training> = std::sync::OnceLock::new();
    NONE.get_or_init(Training::default)
}

/// A view over a shop, and what it asked for.
pub struct Viewed<S> {
    project: Project,
    settings: Settings,
    shop: Shop,
    palette: Palette,
    state: S,
    pub actions: Actions,
}

/// How a view is drawn.
pub type Draw<S> = fn(&mut Ui, &Cx<'_>, &mut S, &mut Actions);

/// A window of this size on a view of a shop of these orders, drawn once.
pub fn view<S: Default + 'static>(
    rows: &[Row<'_>],
    project: Project,
    size: Vec2,
    draw: Draw<S>,
) -> Harness<'static, Viewed<S>> {
    view_of(orders(rows), project, size, draw)
}

/// As [`view`], of orders made elsewhere.
pub fn view_of<S: Default + 'static>(
    orders: Orders,
    project: Project,
    size: Vec2,
    draw: Draw<S>,
) -> Harness<'static, Viewed<S>> {
    let viewed = Viewed {
        shop: shop(orders, &project),
        project,
        settings: Settings::default(),
        palette: Palette::light(),
        state: S::default(),
        actions: Actions::new(),
    };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_context_setup(|ctx| {
            theme::install_fonts(ctx);
            theme::apply(ctx, &Palette::light());
        })
        .build_ui_state(
            move |ui, viewed: &mut Viewed<S>| {
                let cx = context(
                    &viewed.project,
                    &viewed.settings,
                    &viewed.shop,
                    &viewed.palette,
                );
                draw(ui, &cx, &mut viewed.state, &mut viewed.actions);
            },
            viewed,
        );
    harness.run();
    harness
}
