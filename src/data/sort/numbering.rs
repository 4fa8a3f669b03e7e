//! Which lines of a customer are one order, and which line starts an order or a purchase day.

use crate::{
    day::Day,
    lines::stage::{OrderId, with_head},
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
    by_key: hashbrown::HashMap<(u64, Option<Day>), Vec<usize>>,
    /// Day of the customer's last line, where no order has an id.
    day: Option<Day>,
    /// Day of the customer's last kept sale.
    started_day: Option<Day>,
}

#[derive(Debug)]
struct SeenOrder<'a> {
    /// The day, for orders without an id.
    day: Option<Day>,
    id: OrderId<'a>,
    started: bool,
}

/// From this many orders of one customer on, a hash map finds them.
const MANY_ORDERS: usize = 24;

impl<'a> Numbering<'a> {
    /// `named`: whether the file names its orders; else every line has the empty id.
    #[must_use]
    pub fn new(named: bool) -> Self {
        Self {
            named,
            ..Self::default()
        }
    }

    /// The lines that follow are another customer's.
    pub fn next_customer(&mut self) {
        if self.seen.len() >= MANY_ORDERS {
            self.by_key.clear();
        }
        self.seen.clear();
        (self.day, self.started_day) = (None, None);
    }

    /// The order number of the customer's next line (they come sorted by day) and the flags that it
    /// gets: lines of one order id are one order; lines without one are one order per day.
    ///
    /// # Errors
    /// [`PoolFull`] when order ids outgrow 4 GiB.
    #[inline]
    pub fn line(&mut self, id: OrderId<'a>, day: Day, flags: u8) -> Result<(u32, u8), PoolFull> {
        if !self.named {
            return Ok(self.line_of_day(day, flags));
        }
        let seen = self.order_of(id, day)?;
        let number = self.next - (self.seen.len() - seen) as u32;
        let mut starts = 0;
        if flags & (flag::NOT_KEPT | flag::CREDIT) == 0 {
            if !std::mem::replace(&mut self.seen[seen].started, true) {
                starts |= flag::ORDER_START;
            }
            if self.started_day.replace(day) != Some(day) {
                starts |= flag::DAY_START;
            }
        }
        Ok((number, starts))
    }

    /// As [`Self::line`] where no order has an id: those of a day are one.
    #[inline]
    fn line_of_day(&mut self, day: Day, flags: u8) -> (u32, u8) {
        if self.day.replace(day) != Some(day) {
            self.next += 1;
        }
        let mut starts = 0;
        if flags & (flag::NOT_KEPT | flag::CREDIT) == 0
            && self.started_day.replace(day) != Some(day)
        {
            starts = flag::ORDER_START | flag::DAY_START;
        }
        (self.next - 1, starts)
    }

    /// Index within the customer's orders.
    #[inline]
    fn order_of(&mut self, id: OrderId<'a>, day: Day) -> Result<usize, PoolFull> {
        let day = (id == OrderId::default()).then_some(day);
        let is_it = |order: &SeenOrder<'_>| order.id == id && order.day == day;
        // Lines of one order usually follow each other.
        if self.seen.last().is_some_and(is_it) {
            return Ok(self.seen.len() - 1);
        }
        let known = if self.seen.len() < MANY_ORDERS {
            self.seen.iter().position(is_it)
        } else {
            let found = self.by_key.get(&(id.head, day));
            let mut found = found.into_iter().flatten().copied();
            found.find(|&index| is_it(&self.seen[index]))
        };
        match known {
            Some(index) => Ok(index),
            None => self.add(id, day),
        }
    }

    fn add(&mut self, id: OrderId<'a>, day: Option<Day>) -> Result<usize, PoolFull> {
        let index = self.seen.len();
        self.seen.push(SeenOrder {
            day,
            id,
            started: false,
        });
        self.next += 1;
        if self.seen.len() == MANY_ORDERS {
            for (index, order) in self.seen.iter().enumerate() {
                let found = self.by_key.entry((order.id.head, order.day));
                found.or_default().push(index);
            }
        } else if self.seen.len() > MANY_ORDERS {
            self.by_key.entry((id.head, day)).or_default().push(index);
        }
        match id.long {
            Some(text) => self.ids.push(text)?,
            None => with_head(id.head, |text| self.ids.push(text))?,
        };
        Ok(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_by_id_or_by_day() {
        let mut numbering = Numbering::new(true);
        let id = |text: &'static str| OrderId {
            head: text
                .bytes()
                .fold(0, |head, byte| head << 8 | u64::from(byte))
                << 56,
            long: None,
        };
        let both = flag::ORDER_START | flag::DAY_START;
        let mut line = |text, day, flags| numbering.line(id(text), day, flags).unwrap();
        assert_eq!(line("a", 1, 0), (0, both));
        assert_eq!(line("b", 1, 0), (1, flag::ORDER_START));
        assert_eq!(line("a", 2, 0), (0, flag::DAY_START));
        assert_eq!(line("", 2, flag::CREDIT), (2, 0));
        assert_eq!(line("", 3, 0), (3, both));
        assert_eq!(line("", 3, 0), (3, 0));
        numbering.next_customer();
        assert_eq!(numbering.line(id("a"), 3, 0), Ok((4, both)));
        let ids: Vec<_> = numbering.ids.iter().collect();
        assert_eq!(ids, ["a", "b", "", "", "a"]);
    }

    #[test]
    fn many_orders_of_one_customer() {
        let mut numbering = Numbering::new(true);
        for round in 0..2 {
            for order in 0..200_u64 {
                let id = OrderId {
                    head: (order + 1) << 40,
                    long: None,
                };
                let (number, _) = numbering.line(id, round, 0).unwrap();
                assert_eq!(u64::from(number), order);
            }
        }
        assert_eq!(numbering.next, 200);
    }
}
