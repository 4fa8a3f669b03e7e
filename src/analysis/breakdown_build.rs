//! Adding up a [`Breakdown`]: one walk over all lines, and a second one for "Other" where there are
//! more values than are listed.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::{
    breakdown::{Breakdown, Group, MAX_GROUPS, Measure, Owner, Ranking, TOP, Tally},
    customers::Customers,
    numeric::{CHUNK, ordered, settle},
};
use data::orders::{Attribute, Codes, Orders, flag};

/// Tallies held by all parts together; decides, with the number of values, into how many parts the
/// work is cut.
const PARTIAL_TALLIES: usize = 1 << 20;
/// A value that was met by no order or customer yet.
const NOBODY: u32 = u32::MAX;

/// Adds up one column of the lines before `customers.as_of`.
#[must_use]
pub fn by_attribute(orders: &Orders, customers: &Customers, attribute: &Attribute) -> Breakdown {
    let walk = Walk { orders, customers };
    let values = attribute.values.len();
    let sums = match &attribute.codes {
        Codes::U8(codes) => walk.lines(values, &|line| usize::from(codes[line])),
        Codes::U16(codes) => walk.lines(values, &|line| usize::from(codes[line])),
        Codes::U32(codes) => walk.lines(values, &|line| codes[line] as usize),
    };
    let code = |line: usize| attribute.codes.get(line) as usize;
    finish(attribute, Owner::Line, &sums, |slots, groups| {
        walk.lines(groups, &|line| slots[code(line)]).groups
    })
}

/// Adds up one column of the customers, over the lines before `customers.as_of`.
#[must_use]
pub fn by_trait(orders: &Orders, customers: &Customers, attribute: &Attribute) -> Breakdown {
    let walk = Walk { orders, customers };
    let code = |customer: usize| attribute.codes.get(customer) as usize;
    let sums = walk.customers(attribute.values.len(), &code);
    finish(attribute, Owner::Customer, &sums, |slots, groups| {
        walk.customers(groups, &|customer| slots[code(customer)])
            .groups
    })
}

/// Sums per group, and of the whole shop.
struct Sums {
    groups: Vec<Tally>,
    total: Tally,
}

impl Sums {
    fn new(groups: usize) -> Self {
        Self {
            groups: vec![Tally::default(); groups],
            total: Tally::default(),
        }
    }
}

fn add(to: &mut Tally, from: &Tally) {
    to.revenue += from.revenue;
    to.orders += from.orders;
    to.units += from.units;
    to.customers += from.customers;
    to.sale_lines += from.sale_lines;
    to.not_kept_lines += from.not_kept_lines;
}

fn settled(tally: &Tally) -> Tally {
    Tally {
        revenue: settle(tally.revenue),
        ..*tally
    }
}

struct Walk<'a> {
    orders: &'a Orders,
    customers: &'a Customers,
}

/// Who was counted last in each group.
struct Seen {
    order: Vec<u32>,
    customer: Vec<u32>,
    /// Orders and groups of a customer who comes back to an earlier order.
    pairs: Vec<(usize, u32)>,
}

impl Walk<'_> {
    /// Sums of all parts of the customers, in an order that does not depend on the machine.
    fn sum(
        &self,
        groups: usize,
        add_part: impl Fn(std::ops::Range<usize>, &mut Sums) + Sync,
    ) -> Sums {
        let customers = self.orders.customers();
        let wanted = customers.div_ceil(CHUNK).clamp(1, 64);
        let parts = wanted.min((PARTIAL_TALLIES / groups.max(1)).max(1));
        let length = customers.div_ceil(parts).max(1);
        let partial: Vec<Sums> = (0..parts)
            .into_par_iter()
            .map(|part| {
                let mut sums = Sums::new(groups);
                let start = (part * length).min(customers);
                add_part(start..customers.min(start + length), &mut sums);
                sums
            })
            .collect();
        let mut all = Sums::new(groups);
        for part in partial {
            for (to, from) in all.groups.iter_mut().zip(&part.groups) {
                add(to, from);
            }
            add(&mut all.total, &part.total);
        }
        for tally in &mut all.groups {
            *tally = settled(tally);
        }
        all.total = settled(&all.total);
        all
    }

    /// Every line counts in the group that `group` names.
    fn lines(&self, groups: usize, group: &(impl Fn(usize) -> usize + Sync)) -> Sums {
        self.sum(groups, |customers, sums| {
            let mut seen = Seen {
                order: vec![NOBODY; groups],
                customer: vec![NOBODY; groups],
                pairs: Vec::new(),
            };
            for customer in customers {
                self.add_customer(customer, group, sums, &mut seen);
            }
        })
    }

    fn add_customer(
        &self,
        customer: usize,
        group: &impl Fn(usize) -> usize,
        sums: &mut Sums,
        seen: &mut Seen,
    ) {
        let lines = self.orders.lines_before(customer, self.customers.as_of);
        let mut last_order = None;
        let mut resumed = false;
        for line in lines.clone() {
            let (group, added) = (group(line), self.tally(line));
            let tally = &mut sums.groups[group];
            add(tally, &added);
            add(&mut sums.total, &added);
            if !self.kept_sale(line) {
                continue;
            }
            let order = self.orders.orders[line];
            let starts = self.orders.flags[line] & flag::ORDER_START != 0;
            sums.total.orders += u64::from(starts);
            resumed |= !starts && last_order != Some(order);
            last_order = Some(order);
            if seen.order[group] != order {
                seen.order[group] = order;
                tally.orders += 1;
            }
            if seen.customer[group] != customer as u32 {
                seen.customer[group] = customer as u32;
                tally.customers += 1;
            }
        }
        sums.total.customers += u64::from(last_order.is_some());
        if resumed {
            self.count_again(lines, group, sums, seen);
        }
    }

    /// Takes out orders that were counted twice, because another one stands between their lines.
    #[cold]
    fn count_again(
        &self,
        lines: std::ops::Range<usize>,
        group: &impl Fn(usize) -> usize,
        sums: &mut Sums,
        seen: &mut Seen,
    ) {
        seen.pairs.clear();
        let kept = lines.filter(|&line| self.kept_sale(line));
        seen.pairs
            .extend(kept.map(|line| (group(line), self.orders.orders[line])));
        // A run of lines of one order in one group was counted once.
        let mut last: Vec<(usize, u32)> = Vec::new();
        let mut counted = Vec::new();
        for &(group, order) in &seen.pairs {
            match last.iter_mut().find(|(known, _)| *known == group) {
                Some((_, known)) if *known == order => {}
                Some((_, known)) => {
                    *known = order;
                    counted.push((group, order));
                }
                None => {
                    last.push((group, order));
                    counted.push((group, order));
                }
            }
        }
        counted.sort_unstable();
        for pair in counted.windows(2) {
            if pair[0] == pair[1] {
                sums.groups[pair[0].0].orders -= 1;
            }
        }
    }

    /// Every customer counts in the group that `group` names.
    fn customers(&self, groups: usize, group: &(impl Fn(usize) -> usize + Sync)) -> Sums {
        self.sum(groups, |customers, sums| {
            for customer in customers {
                let mut tally = Tally::default();
                for line in self.orders.lines_before(customer, self.customers.as_of) {
                    add(&mut tally, &self.tally(line));
                }
                tally.orders = u64::from(self.customers.frequency[customer]);
                tally.customers = u64::from(self.customers.exists(customer));
                add(&mut sums.groups[group(customer)], &tally);
                add(&mut sums.total, &tally);
            }
        })
    }

    #[inline]
    fn kept_sale(&self, line: usize) -> bool {
        self.orders.flags[line] & (flag::NOT_KEPT | flag::CREDIT) == 0
    }

    /// What a line adds, but for orders and customers.
    #[inline]
    fn tally(&self, line: usize) -> Tally {
        let flags = self.orders.flags[line];
        let kept = flags & flag::NOT_KEPT == 0;
        let sale = flags & flag::CREDIT == 0;
        let units = self.orders.units.get(line).copied().unwrap_or(0);
        Tally {
            revenue: if kept { self.orders.amounts[line] } else { 0.0 },
            units: if kept && sale { u64::from(units) } else { 0 },
            sale_lines: u64::from(sale),
            not_kept_lines: u64::from(sale && !kept),
            ..Tally::default()
        }
    }
}

/// Ranks the values. `regroup` adds up again when values share slots (value → slot, number of slots).
fn finish(
    attribute: &Attribute,
    owner: Owner,
    sums: &Sums,
    regroup: impl Fn(&[usize], usize) -> Vec<Tally> + Sync,
) -> Breakdown {
    let met = |tally: &Tally| tally.sale_lines > 0 || tally.revenue != 0.0 || tally.customers > 0;
    let codes: Vec<usize> = (0..sums.groups.len())
        .filter(|&code| met(&sums.groups[code]))
        .collect();
    let ranked = Measure::ALL.map(|measure| {
        let mut ranked = codes.clone();
        ranked.sort_by_key(|&code| (Reverse(ordered(sums.groups[code].get(measure))), code));
        ranked
    });
    // "Other" that stands for a single value would hide its name for nothing.
    let listed = if codes.len() > TOP + 1 {
        TOP
    } else {
        codes.len()
    };
    let mut shown: Vec<usize> = if codes.len() > MAX_GROUPS {
        let each = MAX_GROUPS / Measure::ALL.len();
        ranked
            .iter()
            .flat_map(|codes| &codes[..each])
            .copied()
            .collect()
    } else {
        codes.clone()
    };
    shown.sort_by_key(|&code| (Reverse(ordered(sums.groups[code].revenue)), code));
    shown.dedup();
    let place = |code: usize| shown.iter().position(|&shown| shown == code).unwrap_or(0);
    let mut measures = Measure::ALL.into_iter();
    let rankings = ranked.map(|ranked| {
        let counted = measures.next().is_some_and(|by| sums.total.get(by) != 0.0);
        if !counted {
            return Ranking::default();
        }
        let top: Vec<usize> = ranked[..listed].to_vec();
        let other = (codes.len() > listed).then(|| {
            let mut slots = vec![0; sums.groups.len()];
            for &code in &top {
                slots[code] = 1;
            }
            (codes.len() - listed, regroup(&slots, 2)[0])
        });
        Ranking {
            top: top.into_iter().map(place).collect(),
            other,
        }
    });
    Breakdown {
        name: attribute.name.clone(),
        owner,
        distinct: codes.len(),
        groups: shown
            .iter()
            .map(|&code| Group {
                value: attribute.values.get(code).to_owned(),
                tally: sums.groups[code],
            })
            .collect(),
        rankings,
        total: sums.total,
    }
}
