//! Slides of the report and of scenes: which charts stand on which, drawn by the window's own code, at
//! the size they have there.

use std::sync::Arc;

use egui::{FallbackRequest, FontFamily, FontProvider as _, Vec2};

use super::{
    headless::{RenderError, Stage},
    system_fonts,
};
use export::{
    deck::{
        compose::{self, Look, MOST_FIGURES, Page},
        drawing::Area,
        faces::{Face, Typefaces, Weight},
        grid,
        numbers::Numbers,
        pdf,
        plot::{self, SegmentStyle},
        pptx,
        slide::{Deck, Figure},
    },
    report::{self, Format, headline_of_run},
};
use pipeline::snapshot::Shop;
use project::Scene;
use ui::{
    action::{Action, View},
    chart::{PictureSpec, portrait::Card},
    frame::scenes::SceneAction,
    theme,
    views::{audiences::Section, models::ModelTab, segments},
};

/// Pixels per point of pictures.
const SHARP: f32 = 2.0;

/// A view without charts is drawn on a page this much larger than its place, and made smaller.
const VIEW: f32 = 1.35;

/// Charts that stand together, the first one named.
const PAIRS: [(&str, &str); 7] = [
    ("revenue_over_time", "by_"),
    ("cohort_table", "cohort_curves"),
    ("segment_bubbles", "segments"),
    ("gains", "lift"),
    ("revenue_of_best_customers", "orders_per_customer"),
    ("decile_calibration", "reliability"),
    ("by_", "by_"),
];

/// The slides of a stage's project as a file: a slide per scene, or else one per part of the report.
pub(super) fn bytes(stage: &mut Stage, format: Format) -> Result<Vec<u8>, RenderError> {
    let scenes = stage.app_mut().kept_project().scenes.clone();
    let pages = if scenes.is_empty() {
        report_pages(stage)?
    } else {
        let mut pages = Vec::new();
        for (at, scene) in scenes.iter().enumerate() {
            pages.push(scene_page(stage, at, scene)?);
        }
        pages
    };
    let app = stage.app_mut();
    let currency = app.kept_project().currency.clone();
    let Some(shop) = app.snapshot().shop.clone() else {
        return Err(RenderError::Data("no shop was opened".to_owned()));
    };
    let mut faces = typefaces();
    let mut deck = compose::compose(&faces, &shop, &currency, &pages);
    if complete(&mut faces, &deck) {
        // Widths of letters that were not known before.
        deck = compose::compose(&faces, &shop, &currency, &pages);
    }
    let made = match format {
        Format::Pdf => pdf::bytes(&deck, &faces),
        Format::PowerPoint | Format::Html => pptx::bytes(&deck),
    };
    made.map_err(|error| RenderError::Data(error.to_string()))
}

/// The window's typefaces.
fn typefaces() -> Typefaces {
    let fonts = theme::fonts();
    let mut faces = Typefaces::default();
    let families = [
        (Weight::Regular, FontFamily::Proportional),
        (Weight::Medium, theme::font::medium_family()),
        (Weight::Strong, theme::font::strong_family()),
        (Weight::Mono, FontFamily::Monospace),
        (Weight::Icons, FontFamily::Name("icons".into())),
    ];
    for (weight, family) in families {
        for name in fonts.families.get(&family).into_iter().flatten() {
            if let Some(data) = fonts.font_data.get(name) {
                faces.add(weight, face(data));
            }
        }
    }
    faces
}

fn face(data: &egui::FontData) -> Face {
    Face {
        data: Arc::new((*data.font).as_ref().to_vec()),
        index: data.index,
    }
}

/// Adds the computer's own fonts for letters that the window's lack; says whether there were any.
fn complete(faces: &mut Typefaces, deck: &Deck) -> bool {
    let provider = system_fonts::provider();
    let mut added = false;
    for (weight, letter) in deck.letters() {
        if letter.is_whitespace() || faces.glyph(weight, letter).is_some() {
            continue;
        }
        let mut utf8 = [0; 4];
        let request = FallbackRequest {
            cluster: letter.encode_utf8(&mut utf8),
            family: &FontFamily::Proportional,
        };
        if let Some(found) = provider.font_for(&request) {
            faces.add_to_all(&face(&found.data));
            added = true;
        }
    }
    added
}

/// One slide of the report.
struct Part {
    view: View,
    set: fn(&mut super::App),
    /// Charts on it; a trailing `_` stands for any ending.
    charts: &'static [&'static str],
    /// Charts of that kind on slides before.
    skip: usize,
}

const PARTS: [Part; 8] = [
    Part {
        view: View::Overview,
        set: |_| (),
        charts: &["revenue_over_time", "by_"],
        skip: 0,
    },
    Part {
        view: View::Overview,
        set: |_| (),
        charts: &["by_", "by_"],
        skip: 1,
    },
    Part {
        view: View::Overview,
        set: |_| (),
        charts: &["revenue_of_best_customers", "orders_per_customer"],
        skip: 0,
    },
    Part {
        view: View::Cohorts,
        set: |_| (),
        charts: &["cohort_table", "cohort_curves"],
        skip: 0,
    },
    Part {
        view: View::Segments,
        set: |app| app.views.segments.section = segments::Section::Map,
        charts: &["segment_bubbles", "segments"],
        skip: 0,
    },
    Part {
        view: View::Models,
        set: |app| app.views.models.tab = ModelTab::Gains,
        charts: &["gains", "lift"],
        skip: 0,
    },
    Part {
        view: View::Models,
        set: |app| app.views.models.tab = ModelTab::Drivers,
        charts: &["permutation_importance"],
        skip: 0,
    },
    Part {
        view: View::Audiences,
        set: |app| app.views.audiences.section = Section::Campaign,
        charts: &["campaign_profit"],
        skip: 0,
    },
];

fn report_pages(stage: &mut Stage) -> Result<Vec<Page>, RenderError> {
    let mut pages = Vec::new();
    for part in &PARTS {
        (part.set)(stage.app_mut());
        stage.show_anew();
        let cards = stage.charts(part.view);
        let chosen = of_kinds(&cards, part.charts, part.skip);
        if chosen.is_empty() {
            continue;
        }
        let mut page = charts_page(stage, part.view, &chosen, "")?;
        if part.charts[0] == "gains" {
            let notes = format!("{}\n\n{}", verdict(stage), page.notes);
            notes.trim().clone_into(&mut page.notes);
        }
        pages.push(page);
    }
    let app = stage.app_mut();
    let currency = app.kept_project().currency.clone();
    let Some(shop) = app.snapshot().shop.clone() else {
        return Err(RenderError::Data("no shop was opened".to_owned()));
    };
    if let Some(page) = lists_page(&shop, &currency) {
        let last = pages.len() - usize::from(campaign_last(&pages));
        pages.insert(last, page);
    }
    if let Some(page) = findings_page(&shop, &currency) {
        pages.insert(0, page);
    }
    Ok(pages)
}

fn campaign_last(pages: &[Page]) -> bool {
    let last = pages.last().and_then(|page| page.figures.first());
    last.is_some_and(|figure| figure.name == "campaign_profit")
}

/// The verdict on the newest run, for the presenter.
fn verdict(stage: &mut Stage) -> String {
    let app = stage.app_mut();
    let training = app.training.shown();
    let chosen = app.views.models.run.and_then(|number| training.run(number));
    let run = chosen.or_else(|| training.runs.last());
    run.and_then(|run| headline_of_run(run)).unwrap_or_default()
}

/// What stands out, in sentences: the first is the title.
fn findings_page(shop: &Shop, currency: &str) -> Option<Page> {
    let mut findings = report::findings(shop, currency).into_iter();
    let first = findings.next()?;
    let points: Vec<String> = findings.collect();
    (!points.is_empty()).then(|| Page {
        title: first.trim_end_matches('.').to_owned(),
        notes: format!("What stands out:\n{first}\n{}", points.join("\n")),
        source: compose::source(shop),
        points,
        ..Page::default()
    })
}

/// Whom to act on next, as a table.
fn lists_page(shop: &Shop, currency: &str) -> Option<Page> {
    let table = grid::lists(shop)?;
    let people = shop.people.as_ref()?;
    let says = report::expected(people, currency);
    let title = compose::headline(&says);
    Some(Page {
        title: if title.is_empty() {
            "Whom to act on next".to_owned()
        } else {
            title.to_owned()
        },
        notes: format!(
            "{says}\nA customer may stand on several lists, so their sizes do not add up."
        ),
        source: compose::source(shop),
        table: Some(table),
        ..Page::default()
    })
}

/// A scene as a slide.
fn scene_page(stage: &mut Stage, at: usize, scene: &Scene) -> Result<Page, RenderError> {
    let view = stage.enter_scene(at);
    let made = within_scene(stage, view, scene);
    stage.leave_scene();
    let mut page = made?;
    let notes = scene.notes.trim();
    if !notes.is_empty() {
        let all = format!("{notes}\n\n{}", page.notes);
        all.trim().clone_into(&mut page.notes);
    }
    Ok(page)
}

fn within_scene(stage: &mut Stage, view: View, scene: &Scene) -> Result<Page, RenderError> {
    let caption = scene.caption.trim();
    let cards = stage.charts(view);
    let alone = scene.customer.is_some() && view == View::Customers;
    let chosen = if alone { Vec::new() } else { chosen(&cards) };
    if !chosen.is_empty() {
        return charts_page(stage, view, &chosen, caption);
    }
    let app = stage.app_mut();
    let currency = app.kept_project().currency.clone();
    let shop = app.snapshot().shop.clone();
    let lists = view == View::Audiences;
    if let Some(page) = shop
        .as_ref()
        .filter(|_| lists)
        .and_then(|shop| lists_page(shop, &currency))
    {
        return Ok(Page {
            caption: caption.to_owned(),
            ..page
        });
    }
    // A view without charts, such as a list of customers: as it is shown.
    let area = compose::areas(Look {
        figures: 1,
        ..Look::default()
    })
    .first()
    .copied()
    .unwrap_or_default();
    let size = Vec2::new(area.width, area.height) * VIEW;
    let picture = stage.app_mut().view_alone(view, size);
    let picture = picture.ok_or_else(|| RenderError::Data("no shop was opened".to_owned()))?;
    let figure = Figure {
        name: view.name().to_owned(),
        title: view.title().to_owned(),
        drawing: picture.drawing(),
        png: picture.png()?,
        ..Figure::default()
    };
    Ok(Page {
        title: if caption.is_empty() {
            view.title().to_owned()
        } else {
            caption.to_owned()
        },
        source: stage.app_mut().source_words(),
        figures: vec![Arc::new(figure)],
        ..Page::default()
    })
}

/// The charts of a view that say most together.
fn chosen(cards: &[Card]) -> Vec<Card> {
    for (first, second) in PAIRS {
        let found = of_kinds(cards, &[first, second], 0);
        if found.first().is_some_and(|card| is_kind(card, first)) {
            return found;
        }
    }
    cards.iter().take(MOST_FIGURES).cloned().collect()
}

fn is_kind(card: &Card, kind: &str) -> bool {
    card.name == kind || kind.ends_with('_') && card.name.starts_with(kind)
}

/// The first cards of these kinds, after `skip` of each.
fn of_kinds(cards: &[Card], kinds: &[&str], skip: usize) -> Vec<Card> {
    let mut found: Vec<Card> = Vec::new();
    for kind in kinds {
        let of_kind = cards.iter().filter(|card| is_kind(card, kind));
        if let Some(card) = of_kind.skip(skip).find(|card| !found.contains(card)) {
            found.push(card.clone());
        }
    }
    found
}

/// A slide of charts of one view.
fn charts_page(
    stage: &mut Stage,
    view: View,
    cards: &[Card],
    caption: &str,
) -> Result<Page, RenderError> {
    let headline = cards.iter().map(|card| compose::headline(&card.finding));
    let title = headline.into_iter().find(|words| !words.is_empty());
    // The caption stands once: as the title where no chart says anything.
    let below = if title.is_some() { caption } else { "" };
    let title = title
        .or((!caption.is_empty()).then_some(caption))
        .unwrap_or(&cards[0].title);
    let key_figures = view == View::Overview && cards[0].name == "revenue_over_time";
    let areas = compose::areas(Look {
        figures: cards.len(),
        key_figures,
        caption: !below.is_empty(),
    });
    let mut figures = Vec::new();
    for (card, area) in cards.iter().zip(areas) {
        figures.push(Arc::new(figure(stage, view, card, area)?));
    }
    let app = stage.app_mut();
    let currency = app.kept_project().currency.clone();
    let shop = app.snapshot().shop.clone();
    let notes: Vec<String> = cards
        .iter()
        .map(|card| format!("{}: {}", card.title, card.finding))
        .collect();
    Ok(Page {
        title: title.to_owned(),
        caption: below.to_owned(),
        notes: notes.join("\n"),
        source: app.source_words(),
        key_figures: match shop {
            Some(shop) if key_figures => compose::key_figures(&shop, &currency),
            _ => Vec::new(),
        },
        figures,
        ..Page::default()
    })
}

/// A chart at the size of its place.
fn figure(stage: &mut Stage, view: View, card: &Card, area: Area) -> Result<Figure, RenderError> {
    let pixels = Vec2::new(area.width, area.height) * SHARP;
    let spec = PictureSpec::light(pixels.x as u32, pixels.y as u32, SHARP);
    let app = stage.app_mut();
    let picture = app.bare_picture(view, &card.name, &spec)?;
    let sheet = picture.sheet();
    let numbers = Numbers {
        columns: sheet.columns.clone(),
        rows: sheet.rows.clone(),
    };
    let shop = app.snapshot().shop.clone();
    let segments: Vec<SegmentStyle> = shop
        .iter()
        .flat_map(|shop| &shop.segments.stats)
        .map(|stats| SegmentStyle {
            name: stats.name.clone(),
            style: stats.style,
        })
        .collect();
    let metric = app.project().cohort_metric;
    let grid = shop
        .as_ref()
        .and_then(|shop| grid::grid(&card.name, &numbers, shop, metric, &segments));
    let plot = plot::plot(&card.name, &card.title, &numbers, &segments);
    let png = if plot.is_none() && grid.is_none() {
        picture.png()?
    } else {
        Vec::new()
    };
    Ok(Figure {
        name: card.name.clone(),
        title: card.title.clone(),
        finding: card.finding.clone(),
        numbers,
        plot,
        grid,
        drawing: picture.drawing(),
        png,
    })
}

impl Stage {
    /// Puts a scene on the screen; returns its view.
    fn enter_scene(&mut self, at: usize) -> View {
        let ctx = system_fonts::context();
        let app = self.app_mut();
        app.notices.clear();
        app.apply(&ctx, Action::Scene(SceneAction::Present(at)));
        app.send(&ctx, false, 0.0);
        self.finish_work(&ctx);
        self.show_anew();
        self.app_mut().shown.view
    }

    fn leave_scene(&mut self) {
        let ctx = system_fonts::context();
        self.app_mut()
            .apply(&ctx, Action::Scene(SceneAction::Leave));
        self.show_anew();
    }
}
