//! Taking a list along: as a file by the dialog of all exports, on the clipboard, or as the selection.
//! What is long is made in the background.

use super::{Page, State};
use crate::{
    action::{Action, Actions},
    views::customers::background::{Job, Poll},
};
use analysis::selection::Part;
use export::{
    Delivery, Options, People, What,
    audience::Listed,
    csv::CsvOptions,
    delivery::deliver,
    error::ExportError,
    write::{self},
};

/// What becomes of the customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Save,
    Copy,
    Select,
}

/// Spreadsheets paste columns that are separated by tabs.
const ON_THE_CLIPBOARD: CsvOptions = CsvOptions {
    byte_order_mark: false,
    separator: '\t',
};

/// A list on its way.
pub(super) type Taking = Job<Taken>;

#[derive(Debug)]
pub(super) enum Taken {
    Text(String),
    Ids(Vec<String>),
}

/// Asks how to save these customers, first to be contacted first.
pub(super) fn save(title: &str, rows: &[u32]) -> Action {
    Action::OfferExport(Box::new(What::People(People {
        title: title.to_owned(),
        rows: rows.into(),
    })))
}

/// Starts taking these customers to the clipboard or into the selection; the newest wish wins.
pub(super) fn start(ui: &egui::Ui, page: &Page<'_>, state: &mut State, way: Way, rows: Vec<u32>) {
    let mut shop = page.cx.shop.clone();
    shop.people = Some(page.people.clone());
    let settings = page.settings().clone();
    let job = Job::start(ui.ctx(), move |stop| {
        if way == Way::Select {
            let ids = &shop.dataset.orders.customer_ids;
            let id = |row: &u32| ids.get(*row as usize).to_owned();
            return Some(Taken::Ids(rows.iter().map(id).collect()));
        }
        let list = Listed {
            title: "",
            rows: &rows,
        };
        let table = deliver(&shop, &settings, list, Delivery::default()).table;
        if stop.asked() {
            return None;
        }
        let options = Options {
            csv: ON_THE_CLIPBOARD,
            ..Options::default()
        };
        text(write::bytes(&table, options)).map(Taken::Text)
    });
    state.taking = job.ok();
}

/// Writing into memory fails only where there is no memory.
fn text(written: Result<Vec<u8>, ExportError>) -> Option<String> {
    String::from_utf8(written.ok()?).ok()
}

/// Hands over what is ready.
pub(super) fn finish(state: &mut State, actions: &mut Actions) {
    let Some(taking) = &state.taking else {
        return;
    };
    match taking.poll() {
        Poll::Running => return,
        Poll::Failed => {}
        Poll::Done(Taken::Ids(ids)) => actions.push(Action::Select(Part::Customers(ids))),
        Poll::Done(Taken::Text(text)) => actions.push(Action::CopyText(text)),
    }
    state.taking = None;
}
