//! The Customers view: every customer in a table, and one customer in detail.

pub mod background;
pub mod changes;
pub mod columns;
pub mod curves;
pub mod detail;
pub mod list;
mod look;
pub mod model;
mod outlook;
mod panel;
pub mod prospects;
pub mod timeline;
mod toolbar;

use std::{collections::BTreeSet, sync::Arc};

use egui::{Modifiers, Rect, Ui, UiBuilder, pos2};
use lucide_icons::Icon;

use self::{
    background::Job,
    columns::Column,
    detail::detail_ui,
    list::List,
    model::Detail,
    panel::{Ask, PanelState},
};
use crate::{
    action::{Action, Actions, View},
    cx::Cx,
    format::{date, integer, money},
    theme::gap,
    views::head_ui,
    widgets::{
        card,
        empty::empty_ui,
        table::{self, Output, Row, Scroll, Sort, Table},
    },
};
use analysis::rules::NO_SEGMENT;
use pipeline::snapshot::Shop;

/// From this width on the open customer stands beside the table, otherwise below it.
const BESIDE: f32 = 900.0;
const PANEL_WIDTH: f32 = 440.0;

/// What the view remembers between frames; never saved, decides no number.
#[derive(Debug)]
pub struct State {
    search: String,
    sort: Column,
    descending: bool,
    columns: BTreeSet<Column>,
    list: List,
    scroll: Scroll,
    /// Keyboard cursor: position in the list.
    current: Option<usize>,
    /// Customers marked with Ctrl or Shift, and where a range begins.
    marked: BTreeSet<u32>,
    anchor: Option<usize>,
    open: Option<Open>,
    panel: PanelState,
    export: Option<(Export, Job<String>)>,
}

/// Where a table as text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Export {
    Copy,
    Save,
}

/// The open customer, worked out once.
#[derive(Debug)]
struct Open {
    customer: u32,
    revision: u64,
    detail: Detail,
    /// Position in the list, with the list it was looked up in.
    place: Option<usize>,
    rows: Arc<Vec<u32>>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            search: String::new(),
            sort: Column::Revenue,
            descending: true,
            columns: Column::ALL
                .into_iter()
                .filter(|column| column.is_default())
                .collect(),
            list: List::default(),
            scroll: Scroll::default(),
            current: None,
            marked: BTreeSet::new(),
            anchor: None,
            open: None,
            panel: PanelState::default(),
            export: None,
        }
    }
}

/// Draws the view.
pub fn view_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    let order = state.order();
    if state.list.update(ui.ctx(), cx.shop, &order) {
        state.list_changed();
    }
    state.open_customer(cx);
    state.finish_export(actions);
    head_ui(ui, cx.palette, View::Customers, |ui| {
        toolbar::tools_ui(ui, cx, state, actions);
    });
    toolbar::count_ui(ui, cx, state, actions);
    ui.add_space(gap::XS);
    let mut area = ui.available_rect_before_wrap();
    area.max.y -= gap::L;
    let (table, panel) = areas(area, state.open.is_some());
    let list = UiBuilder::new().max_rect(table).id_salt("customer list");
    ui.scope_builder(list, |ui| list_ui(ui, cx, state, actions));
    if let Some(panel) = panel {
        let builder = UiBuilder::new().max_rect(panel).id_salt("customer panel");
        ui.scope_builder(builder, |ui| panel_ui(ui, cx, state, actions));
    }
}

/// Table and panel: side by side, or one above the other where it is narrow.
fn areas(area: Rect, open: bool) -> (Rect, Option<Rect>) {
    if !open {
        return (area, None);
    }
    if area.width() >= BESIDE {
        let split = area.right() - PANEL_WIDTH;
        let table = Rect::from_min_max(area.min, pos2(split - gap::L, area.bottom()));
        let panel = Rect::from_min_max(pos2(split, area.top()), area.max);
        (table, Some(panel))
    } else {
        let split = area.top() + (area.height() * 0.4).max(180.0);
        let table = Rect::from_min_max(area.min, pos2(area.right(), split - gap::M));
        let panel = Rect::from_min_max(pos2(area.left(), split), area.max);
        (table, Some(panel))
    }
}

fn list_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    let mut frame = card::frame(cx.palette);
    frame.inner_margin = egui::Margin::symmetric(gap::S as i8, gap::XS as i8);
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.set_height(ui.available_height());
        if state.list.rows().is_empty() {
            nothing_ui(ui, cx, state, actions);
            return;
        }
        if cx.updating || state.list.is_working() {
            ui.multiply_opacity(0.55);
        }
        table_ui(ui, cx, state, actions);
    });
}

/// Why the list is empty, and the button that fills it.
fn nothing_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    let search = state.search.trim();
    if !search.is_empty() {
        let text = format!(
            "No customer’s {} contains “{search}”.",
            toolbar::searched(cx)
        );
        if empty_ui(ui, cx.palette, Icon::SearchX, &text, Some("Clear search")) {
            state.search.clear();
        }
    } else if cx.shop.selection.parts.is_empty() {
        let text = format!("No customer has an order before {}.", date(cx.shop.as_of));
        empty_ui(ui, cx.palette, Icon::Users, &text, None);
    } else {
        let text = "No customer matches all parts of the selection.";
        if empty_ui(ui, cx.palette, Icon::Users, text, Some("Clear selection")) {
            actions.push(Action::ClearSelection);
        }
    }
}

fn table_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    let mut shown: Vec<Column> = state.columns.iter().copied().collect();
    if cx.shop.predictions.is_none() {
        shown.retain(|column| !column.needs_model());
    }
    if cx.shop.clusters.is_none() {
        shown.retain(|column| !column.needs_clusters());
    }
    if cx.shop.dataset.orders.mail().is_none() {
        shown.retain(|column| !column.needs_mail());
    }
    if state.open.is_some() {
        shown = columns::fitting(&shown, ui.available_width() - 12.0);
    }
    let heads: Vec<table::Column<'_>> = shown
        .iter()
        .map(|column| table::Column {
            title: column.title(),
            hint: column.hint(),
            width: column.width().0,
            grow: column.width().1,
            numeric: column.is_numeric(),
        })
        .collect();
    let rows = Arc::clone(state.list.rows());
    let table = Table {
        label: "Customers",
        columns: &heads,
        rows: rows.len(),
        sort: shown
            .iter()
            .position(|&column| column == state.sort)
            .map(|column| Sort {
                column,
                descending: state.descending,
            }),
        current: state.current,
        sortable: true,
        height: ui.available_height(),
        grabs_keys: true,
    };
    let (marked, open) = (&state.marked, state.open.as_ref().map(|open| open.customer));
    let output = table.show_ui(ui, cx.palette, &mut state.scroll, |row, index| {
        let customer = rows[index];
        row.mark(marked.contains(&customer) || open == Some(customer));
        paint_row(cx, row, &shown, customer as usize);
    });
    state.react(&rows, &shown, output, actions);
}

/// Name and mark of a customer's segment.
fn segment_of(shop: &Shop, customer: usize) -> Option<(u8, &str)> {
    let number = shop.segments.segment[customer];
    if number == NO_SEGMENT {
        return None;
    }
    let stats = shop.segments.stats.get(usize::from(number))?;
    Some((stats.style, &stats.name))
}

fn paint_row(cx: &Cx<'_>, row: &mut Row<'_>, shown: &[Column], customer: usize) {
    let shop = cx.shop;
    let (customers, scores) = (&shop.customers, &shop.scores);
    if customer >= customers.len() {
        return;
    }
    let id = shop.dataset.orders.customer_ids.get(customer);
    let segment = segment_of(shop, customer);
    let currency = &cx.project.currency;
    row.label(format!(
        "{id}: {}, {} orders, {} revenue",
        segment.map_or("no segment", |(_, name)| name),
        integer(u64::from(customers.frequency[customer])),
        money(customers.monetary[customer], currency),
    ));
    let days = |days: i32| u64::try_from(days).map_or("–".to_owned(), integer);
    for (place, column) in shown.iter().enumerate() {
        match column {
            Column::Id => row.text(place, id),
            Column::Mail => row.text(place, shop.dataset.orders.mail_of(customer)),
            Column::Segment => {
                if let Some((style, name)) = segment {
                    row.segment(place, style, name);
                }
            }
            Column::Cluster => {
                if let Some(kept) = &shop.clusters
                    && let Some(name) = kept.name(customer)
                {
                    row.segment(place, kept.of[customer], name);
                }
            }
            Column::R => row.score(place, scores.r[customer]),
            Column::F => row.score(place, scores.f[customer]),
            Column::M => row.score(place, scores.m[customer]),
            Column::Recency => row.number(place, &days(customers.recency_days(customer))),
            Column::Tenure => row.number(place, &days(customers.tenure_days(customer))),
            Column::Orders => {
                row.number(place, &integer(u64::from(customers.frequency[customer])));
            }
            Column::Revenue => {
                row.number(
                    place,
                    &row.amount(place, customers.monetary[customer], currency),
                );
            }
            Column::Aov => {
                row.number(place, &row.amount(place, customers.aov(customer), currency));
            }
            Column::FirstOrder => row.number(place, &date(customers.first_day[customer])),
            Column::LastOrder => row.number(place, &date(customers.last_day[customer])),
            Column::Predicted | Column::Interval | Column::PAlive => {
                row.number(
                    place,
                    &columns::predicted(cx, row, (*column, place), customer),
                );
            }
        }
    }
}

fn panel_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    let Some(open) = &state.open else {
        return;
    };
    let place = open.place.map(|place| (place, open.rows.len()));
    let ask = detail_ui(
        ui,
        cx,
        (open.customer, &open.detail),
        place,
        &mut state.panel,
    );
    let step = match ask {
        None => return,
        Some(Ask::Next) => 1,
        Some(Ask::Previous) => -1,
        Some(ask) => return answer(cx, open, ask, actions),
    };
    let target = open.place.and_then(|place| place.checked_add_signed(step));
    if let Some((target, &customer)) =
        target.and_then(|target| open.rows.get(target).map(|customer| (target, customer)))
    {
        state.current = Some(target);
        state.scroll.want(target);
        actions.push(Action::OpenCustomer(Some(customer)));
    }
}

/// Carries out what the panel was asked for, but for moving through the list.
fn answer(cx: &Cx<'_>, open: &Open, ask: Ask, actions: &mut Actions) {
    let notes = &cx.project.audiences.notes;
    match ask {
        Ask::Close => actions.push(Action::OpenCustomer(None)),
        Ask::Open(customer) => actions.push(Action::OpenCustomer(Some(customer))),
        Ask::Copy => {
            let note = notes.get(&open.detail.id).map_or("", String::as_str);
            let words = (note, cx.project.currency.as_str());
            let text = prospects::as_text(cx.shop, &open.detail, words);
            actions.push(Action::CopyText(text));
        }
        Ask::Note(note) => {
            let mut settings = cx.project.audiences.clone();
            if note.trim().is_empty() {
                settings.notes.remove(&open.detail.id);
            } else {
                settings.notes.insert(open.detail.id.clone(), note);
            }
            actions.push(Action::SetAudiences(Box::new(settings)));
        }
        Ask::Next | Ask::Previous => {}
    }
}

impl State {
    fn list_changed(&mut self) {
        self.scroll.to_top();
        self.anchor = None;
        let rows = Arc::clone(self.list.rows());
        self.current = self
            .open
            .as_ref()
            .and_then(|open| rows.iter().position(|&row| row == open.customer));
        if let Some(current) = self.current {
            self.scroll.want(current);
        }
    }

    /// Follows the application: another customer, other numbers, or none.
    fn open_customer(&mut self, cx: &Cx<'_>) {
        let wanted = cx
            .open_customer
            .filter(|&customer| (customer as usize) < cx.shop.customers.len());
        let Some(customer) = wanted else {
            self.open = None;
            return;
        };
        let rows = self.list.rows();
        let fresh = |open: &&Open| open.customer == customer && open.revision == cx.revision;
        if let Some(open) = self.open.as_ref().filter(fresh)
            && Arc::ptr_eq(&open.rows, rows)
        {
            return;
        }
        if self
            .open
            .as_ref()
            .is_none_or(|open| open.customer != customer)
        {
            self.panel.orders.to_top();
        }
        let at_cursor = self.current.filter(|&at| rows.get(at) == Some(&customer));
        let place = at_cursor.or_else(|| rows.iter().position(|&row| row == customer));
        self.open = Some(Open {
            customer,
            revision: cx.revision,
            detail: Detail::new(cx.shop, cx.project, customer as usize),
            place,
            rows: Arc::clone(rows),
        });
        if let Some(place) = place {
            self.current = Some(place);
            self.scroll.want(place);
        }
    }

    /// What the user did to the table.
    fn react(&mut self, rows: &[u32], shown: &[Column], output: Output, actions: &mut Actions) {
        if let Some(&column) = output.sort.and_then(|column| shown.get(column)) {
            if self.sort == column {
                self.descending = !self.descending;
            } else {
                self.sort = column;
                self.descending = column.first_descending();
            }
        }
        if let Some(row) = output.moved {
            self.current = Some(row);
            // With a customer open, the cursor takes the panel along.
            if self.open.is_some() {
                actions.push(Action::OpenCustomer(rows.get(row).copied()));
            }
        }
        if let Some(row) = output.opened {
            actions.push(Action::OpenCustomer(rows.get(row).copied()));
        }
        if let Some((row, modifiers)) = output.clicked {
            self.clicked(rows, row, modifiers, actions);
        }
    }

    fn clicked(&mut self, rows: &[u32], row: usize, modifiers: Modifiers, actions: &mut Actions) {
        let Some(&customer) = rows.get(row) else {
            return;
        };
        self.current = Some(row);
        if modifiers.shift {
            let from = self.anchor.unwrap_or(row);
            let (low, high) = (from.min(row), from.max(row).min(rows.len() - 1));
            self.marked.extend(&rows[low..=high]);
        } else if modifiers.command || modifiers.ctrl {
            if !self.marked.remove(&customer) {
                self.marked.insert(customer);
            }
            self.anchor = Some(row);
        } else {
            self.marked.clear();
            self.anchor = Some(row);
            actions.push(Action::OpenCustomer(Some(customer)));
        }
    }

    /// Hands over a table that became text in the background.
    fn finish_export(&mut self, actions: &mut Actions) {
        let Some((export, job)) = &self.export else {
            return;
        };
        match job.poll() {
            background::Poll::Running => return,
            background::Poll::Done(text) => actions.push(export.action(text)),
            background::Poll::Failed => {}
        }
        self.export = None;
    }
}

impl Export {
    fn action(self, text: String) -> Action {
        match self {
            Self::Copy => Action::CopyText(text),
            Self::Save => Action::SaveText {
                suggested_name: "customers.csv".to_owned(),
                text,
            },
        }
    }
}
