//! The report with what only the window can draw: its charts, in both themes and for wide and narrow
//! pages, and the scenes of a project. From numbers that are there already, on any thread.

use std::path::Path;

use egui::{Vec2, vec2};

use super::{
    App,
    headless::{RenderError, RenderOptions, Stage},
    scene_pictures, slides,
};
use export::report::{self, Chart, Format, Models, contents::Report};
use pipeline::{snapshot::Shop, training::Training};
use project::Source;
use ui::{
    action::View,
    chart::PictureSpec,
    views::{audiences::Section, models::ModelTab, segments},
};

/// Sizes of a chart on wide and on narrow pages.
const WIDE: Vec2 = vec2(1008.0, 400.0);
const NARROW: Vec2 = vec2(420.0, 320.0);
/// Size of a scene in points.
const SCENE: Vec2 = vec2(1920.0, 1080.0);
/// Makes the same report; the settings stand in it.
const COMMAND: &str = "keepers report report.keepers.ron --out report.html";

/// What is drawn of a view, and how the view is set for it.
struct Page {
    view: View,
    set: fn(&mut App),
    /// Names of charts; a trailing `*` stands for any ending.
    charts: &'static [&'static str],
}

const PAGES: [Page; 6] = [
    Page {
        view: View::Overview,
        set: |_| (),
        charts: &["revenue_over_time", "by_*", "revenue_of_best_customers"],
    },
    Page {
        view: View::Cohorts,
        set: |_| (),
        charts: &["cohort_curves"],
    },
    Page {
        view: View::Segments,
        set: |app| app.views.segments.section = segments::Section::Map,
        charts: &["segment_bubbles"],
    },
    Page {
        view: View::Models,
        set: |app| app.views.models.tab = ModelTab::Gains,
        charts: &["gains"],
    },
    Page {
        view: View::Models,
        set: |app| app.views.models.tab = ModelTab::Drivers,
        charts: &["permutation_importance"],
    },
    Page {
        view: View::Audiences,
        set: |app| {
            app.views.audiences.section = Section::Campaign;
        },
        charts: &["campaign_profit"],
    },
];

/// Everything a drawing thread needs of the window.
pub(super) struct Order {
    drawing: scene_pictures::Order,
    training: Training,
    /// The chosen run.
    run: Option<u64>,
}

impl Order {
    /// The report as the bytes of a file.
    pub(super) fn bytes(self, format: Format) -> Result<Vec<u8>, String> {
        let mut stage = self.drawing.stage()?;
        let app = stage.app_mut();
        app.training.show(self.training);
        app.views.models.run = self.run;
        made(&mut stage, format).map_err(|error| error.to_string())
    }
}

impl App {
    /// The report to be made elsewhere; on paper it is light.
    pub(super) fn report_order(&self) -> Order {
        Order {
            drawing: self.drawing_order().light(),
            training: self.training.shown().clone(),
            run: self.views.models.run,
        }
    }
}

/// A report, and what people should know about its numbers.
pub struct Made {
    pub bytes: Vec<u8>,
    /// One full sentence each.
    pub warnings: Vec<String>,
}

/// Opens a source, trains or loads what the options say, and writes the report of it.
///
/// # Errors
/// See [`super::headless::render_views`]; and when there are no orders to report on.
pub fn render_report(
    source: Source,
    options: &RenderOptions,
    model: Option<&Path>,
    format: Format,
) -> Result<Made, RenderError> {
    let options = RenderOptions {
        size: SCENE,
        ..options.clone()
    };
    let mut stage = Stage::open(source, &options)?;
    let orders = |shop: &Shop| shop.dataset.shape.has_orders();
    if !stage.app_mut().snapshot().shop.as_ref().is_some_and(orders) {
        return Err(RenderError::Data(
            "A report needs an order history, and this is a customer table with one row per customer. Use \
             `keepers profile` for it, or open the orders"
                .to_owned(),
        ));
    }
    if let Some(path) = model {
        stage.load_model(path, options.deadline)?;
    }
    Ok(Made {
        bytes: made(&mut stage, format)?,
        warnings: stage.app_mut().snapshot().warnings.clone(),
    })
}

/// The report of a stage, in one of its formats.
fn made(stage: &mut Stage, format: Format) -> Result<Vec<u8>, RenderError> {
    match format {
        Format::Html => {
            let scenes = scene_pictures::captioned(stage).map_err(RenderError::Data)?;
            page(stage, &scenes).map(String::into_bytes)
        }
        Format::PowerPoint | Format::Pdf => slides::bytes(stage, format),
    }
}

/// Draws the charts and puts the report together.
fn page(stage: &mut Stage, scenes: &[(String, Vec<u8>)]) -> Result<String, RenderError> {
    let mut charts = Vec::new();
    for page in &PAGES {
        (page.set)(stage.app_mut());
        charts.extend(drawn(stage, page)?);
    }
    // The Audiences view was prepared last: its numbers are there.
    let app = stage.app_mut();
    let project = app.kept_project().clone();
    let training = app.training.shown().clone();
    let run = app.views.models.run;
    let Some(shop) = app.snapshot().shop.clone() else {
        return Err(RenderError::Data("no shop was opened".to_owned()));
    };
    Ok(report::html(&Report {
        shop: &shop,
        project: &project,
        command: COMMAND,
        charts: &charts,
        scenes,
        models: models(&shop, &training, run),
    }))
}

/// The chosen run, else the newest; and a model from a file, when that one predicts.
fn models<'a>(shop: &'a Shop, training: &'a Training, run: Option<u64>) -> Models<'a> {
    let chosen = run.and_then(|number| training.run(number));
    let run = chosen.or_else(|| training.runs.last());
    let used = shop.predictions.as_deref();
    Models {
        run: run.map(|run| &**run),
        saved: used.filter(|used| training.run(used.run).is_none()),
    }
}

/// The charts of one page that the view shows now.
fn drawn(stage: &mut Stage, page: &Page) -> Result<Vec<Chart>, RenderError> {
    let wanted = |name: &str| {
        page.charts
            .iter()
            .any(|chart| match chart.strip_suffix('*') {
                Some(begin) => name.starts_with(begin),
                None => name == *chart,
            })
    };
    let mut charts = Vec::new();
    for card in stage.charts(page.view) {
        if !wanted(&card.name) {
            continue;
        }
        let mut svg = |size: Vec2, dark: bool| -> Result<String, RenderError> {
            let spec = PictureSpec {
                width: size.x as u32,
                height: size.y as u32,
                text: 1.0,
                dark,
            };
            Ok(stage.chart(page.view, &card.name, &spec)?.svg())
        };
        charts.push(Chart {
            wide: [svg(WIDE, false)?, svg(WIDE, true)?],
            narrow: [svg(NARROW, false)?, svg(NARROW, true)?],
            name: card.name,
        });
    }
    Ok(charts)
}
