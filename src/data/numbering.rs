//! Which lines of a customer are one order, and which line starts an order or a purchase day.

use super::{
    day::Day,
    keys::{Cell, Key},
    orders::{PoolFull, TextPool, flag},
};

/// Orders of one task, and those of the customer at hand.
#[derive(Debug, Default)]
pub struct Numbering<'a> {
    /// Whether the file names its orders.
    named: bool,
    /// Orders numbered so far.
    pub next: u32,
    /// Their ids, when the file names them.
    pub ids: TextPool,
    seen: Vec<SeenOrder<'a>>,
    by_key: hashbrown::HashMap<(Key, Option<Day>), Vec<usize>>,
}

#[derive(Debug)]
struct SeenOrder<'a> {
    /// The day, for orders without an id.
    day: Option<Day>,
    id: Cell<'a>,
    started: bool,
}

/// From this many orders of one customer on, a hash map finds them.
const MANY_ORDERS: usize = 24;

impl<'a> Numbering<'a> {
    /// `named`: whether the file names its orders.
    #[must_use]
    pub fn new(named: bool) -> Self {
        Self {
            named,
            ..Self::default()
        }
    }

    /// One customer's lines, sorted by day: lines of one order id are one order; lines without an
    /// order id are one order per day.
    ///
    /// # Errors
    /// [`PoolFull`] when order ids outgrow 4 GiB.
    pub fn customer(
        &mut self,
        (ids, days): (&[Cell<'a>], &[Day]),
        (orders, flags): (&mut [u32], &mut [u8]),
    ) -> Result<(), PoolFull> {
        self.seen.clear();
        self.by_key.clear();
        let (first, mut started_day) = (self.next, None);
        for (index, &day) in days.iter().enumerate() {
            let seen = self.order_of(ids[index], day)?;
            orders[index] = first + seen as u32;
            if flags[index] & (flag::NOT_KEPT | flag::CREDIT) == 0 {
                if !std::mem::replace(&mut self.seen[seen].started, true) {
                    flags[index] |= flag::ORDER_START;
                }
                if started_day.replace(day) != Some(day) {
                    flags[index] |= flag::DAY_START;
                }
            }
        }
        self.next = first + self.seen.len() as u32;
        Ok(())
    }

    /// Index within the customer's orders.
    fn order_of(&mut self, id: Cell<'a>, day: Day) -> Result<usize, PoolFull> {
        let key = id.key;
        let day = key.is_empty().then_some(day);
        let is_it = |order: &SeenOrder<'_>| {
            order.id.key == key && order.day == day && order.id.long == id.long
        };
        // Lines of one order usually follow each other.
        let last = self.seen.len().wrapping_sub(1);
        if self.seen.last().is_some_and(is_it) {
            return Ok(last);
        }
        let known = if self.seen.len() < MANY_ORDERS {
            self.seen.iter().position(is_it)
        } else {
            let found = self.by_key.get(&(key, day));
            found.and_then(|found| {
                found
                    .iter()
                    .copied()
                    .find(|&index| is_it(&self.seen[index]))
            })
        };
        if let Some(index) = known {
            return Ok(index);
        }
        let index = self.seen.len();
        self.seen.push(SeenOrder {
            day,
            id,
            started: false,
        });
        if self.seen.len() == MANY_ORDERS {
            for (index, order) in self.seen.iter().enumerate() {
                self.by_key
                    .entry((order.id.key, order.day))
                    .or_default()
                    .push(index);
            }
        } else if self.seen.len() > MANY_ORDERS {
            self.by_key.entry((key, day)).or_default().push(index);
        }
        if self.named {
            id.with_text(|id| self.ids.push(id))?;
        }
        Ok(index)
    }
}
