//! What the palette finds: commands, segments, saved audiences, customers, sections of the manual.

use std::sync::Arc;

use egui::Context;
use lucide_icons::Icon;

use crate::{
    action::Action,
    command::{Command, fuzzy_score, shortcut_text},
    frame::FrameCx,
    views::customers::background::{Job, Poll},
};
use analysis::{
    customer_list::{best_matches, found_as},
    selection::Part,
};

/// Customers listed at most.
const CUSTOMERS: usize = 5;
/// Sections of the manual listed at most, and letters from which they are searched.
const SECTIONS: usize = 4;
const LEAST_FOR_TEXT: usize = 3;
/// Letters from which ids are searched.
const LEAST: usize = 2;

/// One row of the palette.
#[derive(Clone, Debug)]
pub struct Hit {
    pub text: String,
    pub note: &'static str,
    pub keys: String,
    pub icon: Icon,
    pub action: Action,
}

impl Hit {
    fn command(command: Command) -> Self {
        Self {
            text: command.text().to_owned(),
            note: command.tooltip(),
            keys: command.shortcut().map(shortcut_text).unwrap_or_default(),
            icon: command.icon(),
            action: Action::Run(command),
        }
    }
}

/// Everything that matches, best first; customers, which match by their ids and names, last.
pub fn hits(query: &str, cx: &FrameCx<'_>, customers: &[(u32, String)]) -> Vec<Hit> {
    let mut all: Vec<Hit> = Command::ALL
        .into_iter()
        .filter(|command| *command != Command::Palette && cx.can_run(*command))
        .map(Hit::command)
        .collect();
    let asked = !query.trim().is_empty();
    if asked {
        all.extend(names(cx));
    }
    let mut scored: Vec<(i32, usize, Hit)> = all
        .into_iter()
        .enumerate()
        .filter_map(|(order, hit)| Some((fuzzy_score(query, &hit.text)?, order, hit)))
        .collect();
    if asked {
        scored.sort_by_key(|&(score, order, _)| (-score, order));
    }
    let found = customers.iter().map(|(number, id)| Hit {
        text: format!("Open customer {id}"),
        note: "Orders, scores and segment of this customer",
        keys: String::new(),
        icon: Icon::User,
        action: Action::OpenCustomer(Some(*number)),
    });
    scored
        .into_iter()
        .map(|(_, _, hit)| hit)
        .chain(found)
        .chain(in_the_manual(query))
        .collect()
}

/// Sections of the manual that have every word that is typed, in their headings first.
fn in_the_manual(query: &str) -> Vec<Hit> {
    if query.trim().chars().count() < LEAST_FOR_TEXT {
        return Vec::new();
    }
    let mut places: Vec<manual::Place> = Vec::new();
    for found in manual::search::search(query) {
        if !places.contains(&found.place) {
            places.push(found.place);
        }
    }
    let hits = places.into_iter().take(SECTIONS).map(|place| Hit {
        text: section_of(place),
        note: "Read this section of the manual",
        keys: String::new(),
        icon: Icon::CircleQuestionMark,
        action: Action::ReadManual(place),
    });
    hits.collect()
}

/// "Manual: Segments, Cut points"; sections of several pages bear the same name.
fn section_of(place: manual::Place) -> String {
    let (page, section) = (&place.page().title, &place.section().title);
    if page == section {
        format!("Manual: {page}")
    } else {
        format!("Manual: {page}, {section}")
    }
}

/// Segments and saved audiences.
fn names(cx: &FrameCx<'_>) -> Vec<Hit> {
    let Some(shop) = &cx.snapshot.shop else {
        return Vec::new();
    };
    let segments = shop.segments.stats.iter().map(|stats| Hit {
        text: format!("Select segment {}", stats.name),
        note: "Select the customers of this segment",
        keys: String::new(),
        icon: Icon::ChartPie,
        action: Action::Select(Part::Segment(stats.name.clone())),
    });
    let audiences = cx.project.saved_audiences.iter().map(|saved| Hit {
        text: format!("Select audience {}", saved.name),
        note: "Select the customers of this saved audience",
        keys: String::new(),
        icon: Icon::Bookmark,
        action: Action::SetSelection(Box::new(saved.selection.clone())),
    });
    segments.chain(audiences).collect()
}

/// Customers whose id, e-mail address or name contains what is typed; looked for beside the window.
#[derive(Debug, Default)]
pub struct Customers {
    job: Option<(String, Job<Found>)>,
    shown: (String, Found),
}

/// Numbers and ids, with the e-mail address or name they were found by.
type Found = Vec<(u32, String)>;

impl Customers {
    pub fn found(&self) -> &[(u32, String)] {
        &self.shown.1
    }

    pub fn update(&mut self, ctx: &Context, cx: &FrameCx<'_>, query: &str) {
        let query = query.trim();
        if self.shown.0 != query && !query.starts_with(&self.shown.0) {
            self.shown = Default::default();
        }
        let Some(shop) = cx.snapshot.shop.as_ref().filter(|_| query.len() >= LEAST) else {
            self.job = None;
            self.shown = Default::default();
            return;
        };
        let running = self.job.as_ref().is_some_and(|(asked, _)| asked == query);
        if self.shown.0 != query && !running {
            let (dataset, customers) = (Arc::clone(&shop.dataset), Arc::clone(&shop.customers));
            let asked = query.to_owned();
            let job = Job::start(ctx, move |_| {
                let rows: Vec<u32> = (0..customers.len())
                    .filter(|&row| customers.exists(row))
                    .map(|row| row as u32)
                    .collect();
                let found = best_matches(&dataset.orders, &asked, &rows, CUSTOMERS);
                let name = |row: u32| found_as(&dataset.orders, row as usize, &asked);
                Some(found.into_iter().map(|row| (row, name(row))).collect())
            });
            self.job = job.ok().map(|job| (query.to_owned(), job));
        }
        if let Some((asked, job)) = &self.job
            && let Poll::Done(found) = job.poll()
        {
            self.shown = (asked.clone(), found);
            self.job = None;
        }
    }
}
