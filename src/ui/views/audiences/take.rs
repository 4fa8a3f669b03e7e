//! Taking a list along: as a file, on the clipboard, or as the selection. Long lists become text in the
//! background.

use std::sync::Arc;

use super::{Page, State};
use crate::{
    analysis::selection::Part,
    audiences::{
        control::control_group,
        export::{ListTable, list_csv},
    },
    ui::{
        action::{Action, Actions},
        views::customers::background::{Job, Poll},
    },
};

/// What becomes of the customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Save,
    Copy,
    Select,
}

/// A list on its way.
#[derive(Debug)]
pub(super) struct Taking {
    way: Way,
    name: String,
    job: Job<Taken>,
}

#[derive(Debug)]
enum Taken {
    Text(String),
    Ids(Vec<String>),
}

/// Starts taking these customers along; the newest wish wins.
pub(super) fn start(
    ui: &egui::Ui,
    page: &Page<'_>,
    state: &mut State,
    (way, name): (Way, &str),
    rows: Vec<u32>,
) {
    let shop = page.cx.shop;
    let (dataset, customers) = (Arc::clone(&shop.dataset), Arc::clone(&shop.customers));
    let (segments, forecast) = (
        Arc::clone(&shop.segments),
        Arc::clone(&page.people.forecast),
    );
    let (share, seed) = (page.settings().campaign.control_share, page.settings().seed);
    let job = Job::start(ui.ctx(), move |stop| {
        let orders = &*dataset.orders;
        let id = |row: u32| orders.customer_ids.get(row as usize);
        if way == Way::Select {
            return Some(Taken::Ids(
                rows.iter().map(|&row| id(row).to_owned()).collect(),
            ));
        }
        let members: Vec<(&str, u8)> = rows
            .iter()
            .map(|&row| (id(row), segments.segment[row as usize]))
            .collect();
        let control = control_group(&members, share, seed);
        if stop.asked() {
            return None;
        }
        Some(Taken::Text(list_csv(&ListTable {
            orders,
            customers: &customers,
            segments: &segments,
            forecast: forecast.as_ref().as_ref(),
            rows: &rows,
            control: &control,
        })))
    });
    state.taking = job.ok().map(|job| Taking {
        way,
        name: name.to_owned(),
        job,
    });
}

/// Hands over what is ready.
pub(super) fn finish(state: &mut State, actions: &mut Actions) {
    let Some(taking) = &state.taking else {
        return;
    };
    match taking.job.poll() {
        Poll::Running => return,
        Poll::Failed => {}
        Poll::Done(Taken::Ids(ids)) => actions.push(Action::Select(Part::Customers(ids))),
        Poll::Done(Taken::Text(text)) => actions.push(match taking.way {
            Way::Copy => Action::CopyText(text),
            Way::Save | Way::Select => Action::SaveText {
                suggested_name: format!("{}.csv", taking.name),
                text,
            },
        }),
    }
    state.taking = None;
}
