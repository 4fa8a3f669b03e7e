//! What a snapshot weighs in memory, artefact by artefact, so that what is kept for later can be
//! bounded.

use std::{collections::BTreeSet, sync::Arc};

use super::snapshot::{Shop, Snapshot};

/// Bytes a customer has in the audiences' tables: forecast (four numbers), usual gap, lists, ranks.
const PEOPLE_BYTES: usize = 120;

/// An artefact: where it lies, which tells it from all others, and about how many bytes it has.
type Artefact = (usize, usize);

fn of<T: ?Sized>(artefact: &Arc<T>, bytes: usize) -> Artefact {
    (Arc::as_ptr(artefact).cast::<()>() as usize, bytes)
}

/// What has a row for every customer; all the rest of a snapshot is small beside it. The data and a
/// trained model's predictions are left out: the window holds them in any case.
fn artefacts(shop: &Shop) -> Vec<Artefact> {
    let customers = shop.customers.len();
    let mut found = vec![
        of(&shop.customers, customers * 24),
        of(&shop.scores, customers * 3),
        of(&shop.segments, customers),
        of(&shop.tuning.attributes, shop.tuning.attributes.bytes()),
        of(&shop.cohorts, shop.cohorts.row_of.len() * 4),
        of(&shop.selected, shop.selected.customers.len() * 4),
    ];
    if let Some(kept) = &shop.clusters {
        found.push(of(kept, customers));
    }
    if let Some(before) = &shop.tuning.before {
        found.push(of(&before.segments, customers));
    }
    if let Some(people) = &shop.people {
        found.push(of(&people.lists, customers * PEOPLE_BYTES));
    }
    found
}

/// Bytes of several snapshots together: what they have in common counts once.
#[derive(Debug, Default)]
pub struct Weight {
    seen: BTreeSet<usize>,
    pub bytes: usize,
}

impl Weight {
    /// Bytes a snapshot adds to those counted so far.
    #[must_use]
    pub fn added_by(&self, snapshot: &Snapshot) -> usize {
        let new = |(place, _): &Artefact| !self.seen.contains(place);
        let shop = snapshot.shop.as_ref();
        let all = shop.map(artefacts).unwrap_or_default();
        all.into_iter().filter(new).map(|(_, bytes)| bytes).sum()
    }

    pub fn add(&mut self, snapshot: &Snapshot) {
        self.bytes += self.added_by(snapshot);
        let shop = snapshot.shop.as_ref();
        let all = shop.map(artefacts).unwrap_or_default();
        self.seen.extend(all.into_iter().map(|(place, _)| place));
    }
}
