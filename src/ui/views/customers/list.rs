//! Which customers the table shows, in which order: the selection, searched and sorted.
//!
//! Short lists are worked out in the frame that needs them, long ones on a thread: the old order
//! stays until the new one is there.

use std::sync::Arc;

use super::{
    State,
    background::{Job, Poll, Stop},
};
use analysis::{
    customer_list::{SortKey, search_customers, sort_customers},
    selection::tables::{Extras, Tables},
};
use pipeline::snapshot::Shop;
use project::Look;

/// Lists up to this many customers are sorted within the frame (about 2 ms).
pub const INLINE: usize = 30_000;

/// The artefacts a list is made of; cloning copies nothing.
#[derive(Clone, Debug)]
pub struct Source {
    pub shop: Shop,
}

impl Source {
    /// Whether both name the same customers with the same numbers.
    #[must_use]
    pub fn same(&self, shop: &Shop) -> bool {
        self.same_data(shop)
            && Arc::ptr_eq(&self.shop.customers, &shop.customers)
            && Arc::ptr_eq(&self.shop.scores, &shop.scores)
            && Arc::ptr_eq(&self.shop.segments, &shop.segments)
            && Arc::ptr_eq(&self.shop.selected, &shop.selected)
            && self.shop.predictions == shop.predictions
            && match (&self.shop.clusters, &shop.clusters) {
                (Some(mine), Some(theirs)) => Arc::ptr_eq(mine, theirs),
                (None, None) => true,
                _ => false,
            }
    }

    /// Whether customer numbers still mean the same customers.
    #[must_use]
    pub fn same_data(&self, shop: &Shop) -> bool {
        Arc::ptr_eq(&self.shop.dataset, &shop.dataset)
    }

    fn tables(&self) -> Tables<'_> {
        Tables {
            orders: &self.shop.dataset.orders,
            customers: &self.shop.customers,
            scores: &self.shop.scores,
            segments: &self.shop.segments,
            cohorts: &self.shop.cohorts,
            extras: Extras {
                predicted: self
                    .shop
                    .predictions
                    .as_ref()
                    .map_or(&[], |known| &known.value),
                p_alive: self
                    .shop
                    .predictions
                    .as_ref()
                    .map_or(&[], |known| &known.p_alive),
                kept_clusters: self.shop.clusters.as_ref().map_or(&[], |kept| &kept.of),
                ..Extras::default()
            },
        }
    }

    /// Selected customers whose id or label contains the text, in the order asked for; `None` when stopped.
    fn rows(&self, order: &Order, stop: &Stop) -> Option<Vec<u32>> {
        let all = &self.shop.selected.customers;
        let found = if order.search.trim().is_empty() {
            None
        } else {
            Some(search_customers(
                &self.shop.dataset.orders,
                &order.search,
                all,
            ))
        };
        if stop.asked() {
            return None;
        }
        let found = found.as_deref().unwrap_or(all);
        Some(sort_customers(
            self.tables(),
            order.key,
            order.descending,
            found,
        ))
    }
}

/// What decides the list apart from the numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    pub search: String,
    pub key: SortKey,
    pub descending: bool,
}

impl State {
    /// What decides the list as the view stands.
    pub(super) fn order(&self) -> Order {
        Order {
            search: self.search.clone(),
            key: self.sort.sort_key(),
            descending: self.descending,
        }
    }

    /// Works out the list of a scene that will be shown soon.
    pub fn prepare(&mut self, ctx: &egui::Context, shop: &Shop, look: &Look) {
        let mut alike = Self {
            search: self.search.clone(),
            sort: self.sort,
            descending: self.descending,
            ..Self::default()
        };
        alike.take_look(look);
        self.list.prepare(ctx, shop, &alike.order());
    }

    /// Forgets what was prepared: other data are on the screen.
    pub fn forget_prepared(&mut self) {
        self.list.forget_prepared();
    }
}

/// The list shown, and the one on its way.
#[derive(Debug, Default)]
pub struct List {
    rows: Arc<Vec<u32>>,
    shown: Option<(Source, Order)>,
    job: Option<(Source, Order, Job<Vec<u32>>)>,
    /// The last job ended without a result; the list stands in the order of the ids.
    failed: bool,
    /// Lists that will be asked for soon, worked out beforehand.
    prepared: Vec<Prepared>,
}

/// A list worked out before it is shown.
#[derive(Debug)]
struct Prepared {
    source: Source,
    order: Order,
    rows: Result<Arc<Vec<u32>>, Job<Vec<u32>>>,
}

/// Lists kept ready: 4 MB each at a million customers.
const PREPARED: usize = 4;

impl Prepared {
    fn is(&self, shop: &Shop, order: &Order) -> bool {
        self.source.same(shop) && self.order == *order
    }
}

impl List {
    /// Customer numbers, in the order shown.
    #[must_use]
    pub fn rows(&self) -> &Arc<Vec<u32>> {
        &self.rows
    }

    /// A newer order is being worked out.
    #[must_use]
    pub fn is_working(&self) -> bool {
        self.job.is_some()
    }

    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.failed
    }

    /// Works a long list out before it is shown; the oldest of those prepared gives way.
    pub fn prepare(&mut self, ctx: &egui::Context, shop: &Shop, order: &Order) {
        self.prepared.retain(|known| known.source.same_data(shop));
        let short = shop.selected.customers.len() <= INLINE;
        if short || self.prepared.iter().any(|known| known.is(shop, order)) {
            return;
        }
        let source = Source { shop: shop.clone() };
        let (its_source, its_order) = (source.clone(), order.clone());
        if let Ok(job) = Job::start(ctx, move |stop| its_source.rows(&its_order, stop)) {
            self.prepared.truncate(PREPARED - 1);
            let order = order.clone();
            let rows = Err(job);
            self.prepared.insert(
                0,
                Prepared {
                    source,
                    order,
                    rows,
                },
            );
        }
    }

    /// Forgets what was prepared: other data are on the screen.
    pub fn forget_prepared(&mut self) {
        self.prepared.clear();
    }

    /// The list of this shop in this order, when it was worked out beforehand.
    fn prepared(&mut self, shop: &Shop, order: &Order) -> Option<Arc<Vec<u32>>> {
        let at = self
            .prepared
            .iter()
            .position(|known| known.is(shop, order))?;
        let known = &mut self.prepared[at];
        if let Err(job) = &known.rows {
            match job.poll() {
                Poll::Running => return None,
                Poll::Done(rows) => known.rows = Ok(Arc::new(rows)),
                Poll::Failed => {
                    self.prepared.remove(at);
                    return None;
                }
            }
        }
        known.rows.as_ref().ok().cloned()
    }

    /// Brings the list up to date or starts the job that will; true when the rows changed.
    pub fn update(&mut self, ctx: &egui::Context, shop: &Shop, order: &Order) -> bool {
        let wanted = |shown: &(Source, Order)| shown.0.same(shop) && shown.1 == *order;
        if self.shown.as_ref().is_some_and(wanted) {
            self.job = None;
            return false;
        }
        let source = Source { shop: shop.clone() };
        if shop.selected.customers.len() <= INLINE {
            let rows = source.rows(order, &Stop::default()).unwrap_or_default();
            self.show(source, order.clone(), Arc::new(rows));
            return true;
        }
        if let Some(rows) = self.prepared(shop, order) {
            self.show(source, order.clone(), rows);
            return true;
        }
        let mut changed = false;
        let stale = |shown: &(Source, Order)| !shown.0.same_data(shop);
        if self.shown.as_ref().is_none_or(stale) {
            // Other data: the old customer numbers mean nothing any more. Ids are in order as they are.
            self.rows = Arc::new(shop.selected.customers.clone());
            let by_id = Order::default();
            self.shown = Some((source.clone(), by_id));
            changed = true;
        }
        self.follow(ctx, source, order) || changed
    }

    fn show(&mut self, source: Source, order: Order, rows: Arc<Vec<u32>>) {
        self.rows = rows;
        self.shown = Some((source, order));
        self.job = None;
        self.failed = false;
    }

    /// Polls the running job, or replaces it when it works on something else.
    fn follow(&mut self, ctx: &egui::Context, source: Source, order: &Order) -> bool {
        let running = self
            .job
            .as_ref()
            .filter(|job| job.0.same(&source.shop) && job.1 == *order)
            .map(|job| job.2.poll());
        match running {
            Some(Poll::Running) => false,
            Some(Poll::Done(rows)) => {
                self.show(source, order.clone(), Arc::new(rows));
                true
            }
            Some(Poll::Failed) => {
                let rows = Arc::new(source.shop.selected.customers.clone());
                self.show(source, order.clone(), rows);
                self.failed = true;
                true
            }
            None => self.start(ctx, source, order.clone()),
        }
    }

    fn start(&mut self, ctx: &egui::Context, source: Source, order: Order) -> bool {
        let (its_source, its_order) = (source.clone(), order.clone());
        if let Ok(job) = Job::start(ctx, move |stop| its_source.rows(&its_order, stop)) {
            self.job = Some((source, order, job));
            return false;
        }
        // Without a thread the frame waits: slow, but right.
        let rows = source.rows(&order, &Stop::default()).unwrap_or_default();
        self.show(source, order, Arc::new(rows));
        true
    }
}
