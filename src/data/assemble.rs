//! Judged rows → [`Orders`]: one counting sort by customer, then each customer's few lines by day.
//!
//! Nothing here depends on the order of rows in the file: customers are ranked by id, and lines of
//! one customer are compared by everything that is known of them.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::{
    clean::{DROPPED, Tally, Verdicts},
    day::Day,
    intern::Interner,
    keys::Cell,
    numbering::Numbering,
    orders::{Attribute, Milestone, Orders, PoolFull, TextPool, flag},
    recode,
    stage::{NO_CUSTOMER, Stage, StagedAttribute},
};

/// The sorted orders, and what duplicates were met.
#[derive(Debug)]
pub struct Assembled {
    pub orders: Orders,
    pub duplicates: Tally,
}

/// Sorts the kept rows. With `drop_duplicates` exact repetitions are left out, else flagged.
///
/// # Errors
/// [`PoolFull`] when ids outgrow 4 GiB of text.
pub fn assemble(
    mut stage: Stage,
    verdicts: Verdicts,
    drop_duplicates: bool,
    kept_attributes: Vec<StagedAttribute>,
) -> Result<Assembled, PoolFull> {
    let flags = verdicts.flags;
    if stage.customers.contains(&NO_CUSTOMER) {
        // Only kept when the user switched the rule off: then they are one customer without an id.
        let nobody = stage.ids.intern("")?;
        for customer in &mut stage.customers {
            if *customer == NO_CUSTOMER {
                *customer = nobody;
            }
        }
    }
    stage.marks = Vec::new();
    let Groups {
        customer_ids,
        traits,
        mut offsets,
        mut rows,
    } = group(&mut stage, &flags)?;
    let lines = Lines {
        stage: &stage,
        flags: &flags,
        attributes: &kept_attributes,
    };
    let (mut days, mut duplicate_bits) = lines.sort_within_customers(&offsets, &mut rows);
    let duplicates = tally(&duplicate_bits, &rows, &stage.amounts);
    if drop_duplicates && duplicates.rows > 0 {
        remove((&mut rows, &mut days), &mut offsets, &duplicate_bits);
        duplicate_bits = vec![0; rows.len()];
    }
    let numbered = lines.number(&offsets, (&rows, &days), duplicate_bits)?;
    stage.days = Vec::new();
    stage.orders = super::stage::OrderTexts::default();
    stage.fingerprints = Vec::new();
    let amounts = gather(&stage.amounts, &rows);
    let way = Way::gather(&mut stage, &rows);
    drop(stage);
    drop(flags);
    let attributes = kept_attributes
        .into_iter()
        .map(|attribute| recode::finish(attribute, &rows))
        .collect::<Result<_, _>>()?;
    Ok(Assembled {
        orders: Orders {
            customer_ids,
            offsets,
            days,
            amounts,
            orders: numbered.orders,
            flags: numbered.flags,
            order_ids: numbered.ids,
            attributes,
            units: way.units,
            milestones: way.milestones,
            traits,
        },
        duplicates,
    })
}

/// Units and milestones in line order; empty where the stage has none.
struct Way {
    units: Vec<u32>,
    milestones: Vec<Milestone>,
}

impl Way {
    fn gather(stage: &mut Stage, rows: &[u32]) -> Self {
        let units = if stage.units.is_empty() {
            Vec::new()
        } else {
            gather(&std::mem::take(&mut stage.units), rows)
        };
        let milestones = std::mem::take(&mut stage.milestones).into_iter();
        let milestones = milestones.map(|Milestone { step, days }| Milestone {
            step,
            days: gather(&days, rows),
        });
        Self {
            units,
            milestones: milestones.collect(),
        }
    }
}

/// The customers and their rows.
struct Groups {
    /// In the order of the ids.
    customer_ids: TextPool,
    traits: Vec<Attribute>,
    offsets: Vec<u32>,
    /// The rows of each customer, in file order.
    rows: Vec<u32>,
}

fn group(stage: &mut Stage, flags: &[u8]) -> Result<Groups, PoolFull> {
    let customers = std::mem::take(&mut stage.customers);
    let ids = std::mem::take(&mut stage.ids);
    let traits = std::mem::take(&mut stage.traits);
    let mut counts = vec![0_u32; ids.len()];
    for (&customer, &flags) in customers.iter().zip(flags) {
        counts[customer as usize] += u32::from(flags & DROPPED == 0);
    }
    let ranking = ranking(&ids, &counts);
    let mut customer_ids = TextPool::default();
    customer_ids.reserve(ranking.len(), ids.texts().bytes());
    let mut offsets = Vec::with_capacity(ranking.len() + 1);
    let mut next = 0;
    // From here on `counts` holds the rank of a customer.
    for (rank, &customer) in ranking.iter().enumerate() {
        customer_ids.push(ids.texts().get(customer as usize))?;
        offsets.push(next);
        next += std::mem::replace(&mut counts[customer as usize], rank as u32);
    }
    offsets.push(next);
    let mut rows = vec![0_u32; next as usize];
    let cut: Vec<u32> = (0..=SCATTER_PARTS)
        .map(|part| (ranking.len() * part / SCATTER_PARTS) as u32)
        .collect();
    let mut rest = rows.as_mut_slice();
    let mut parts = Vec::with_capacity(SCATTER_PARTS);
    for ranks in cut.windows(2) {
        let (from, to) = (offsets[ranks[0] as usize], offsets[ranks[1] as usize]);
        let (part, tail) = rest.split_at_mut((to - from) as usize);
        rest = tail;
        parts.push((ranks[0]..ranks[1], part));
    }
    parts.into_par_iter().for_each(|(ranks, part)| {
        let base = offsets[ranks.start as usize];
        let mut places: Vec<u32> = offsets[ranks.start as usize..ranks.end as usize]
            .iter()
            .map(|offset| offset - base)
            .collect();
        for (row, (&customer, &flags)) in customers.iter().zip(flags).enumerate() {
            let rank = counts[customer as usize];
            if flags & DROPPED == 0 && ranks.contains(&rank) {
                let place = &mut places[(rank - ranks.start) as usize];
                part[*place as usize] = row as u32;
                *place += 1;
            }
        }
    });
    let traits = traits.into_iter().map(|mut attribute| {
        attribute.pad(ids.len())?;
        recode::finish(attribute, &ranking)
    });
    Ok(Groups {
        customer_ids,
        traits: traits.collect::<Result<_, PoolFull>>()?,
        offsets,
        rows,
    })
}

/// Ranges of customers whose rows are written by one task each: smaller targets of scattered writes
/// stay in the processor's caches.
const SCATTER_PARTS: usize = 2;

/// Customers that have rows, sorted by id: numerically when every id is a whole number.
fn ranking(ids: &Interner, counts: &[u32]) -> Vec<u32> {
    let mut ranking: Vec<u32> = (0..ids.len() as u32)
        .filter(|&customer| counts[customer as usize] > 0)
        .collect();
    let text = |customer: u32| ids.texts().get(customer as usize);
    let number = |customer: u32| {
        let text = text(customer);
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u64>().ok()).flatten()
    };
    let numeric = ranking
        .par_iter()
        .all(|&customer| number(customer).is_some());
    let mut keyed: Vec<(u64, u32)> = ranking
        .par_iter()
        .map(|&customer| {
            let key = if numeric {
                number(customer).unwrap_or(u64::MAX)
            } else {
                prefix(text(customer))
            };
            (key, customer)
        })
        .collect();
    // Equal keys: longer texts with the same beginning, or numbers with other leading zeros.
    keyed.par_sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| text(a.1).cmp(text(b.1))));
    ranking.clear();
    ranking.extend(keyed.into_iter().map(|(_, customer)| customer));
    ranking
}

/// The first eight bytes, so that most comparisons of texts are comparisons of numbers.
fn prefix(text: &str) -> u64 {
    let mut first = [0; 8];
    let length = text.len().min(8);
    first[..length].copy_from_slice(&text.as_bytes()[..length]);
    u64::from_be_bytes(first)
}

/// Rows of the stage seen as lines of customers.
struct Lines<'a> {
    stage: &'a Stage,
    flags: &'a [u8],
    attributes: &'a [StagedAttribute],
}

/// Customers handled by one task.
const CUSTOMERS_PER_TASK: usize = 1 << 12;

impl Lines<'_> {
    /// Sorts each customer's rows and returns the day and the duplicate bit of every line.
    fn sort_within_customers(&self, offsets: &[u32], rows: &mut [u32]) -> (Vec<Day>, Vec<u8>) {
        let mut days = gather(&self.stage.days, rows);
        let mut duplicates = vec![0_u8; rows.len()];
        let parts = split(offsets, (rows, days.as_mut_slice()));
        let bits = split(offsets, (duplicates.as_mut_slice(), &mut [0_u8; 0]));
        parts
            .into_par_iter()
            .zip(bits)
            .for_each(|(part, (_, (duplicates, _)))| {
                let (offsets, (rows, days)) = part;
                let mut sorted: Vec<(Day, u32)> = Vec::new();
                for customer in offsets.windows(2) {
                    let range = local(customer, offsets[0]);
                    let (rows, days) = (&mut rows[range.clone()], &mut days[range.clone()]);
                    // Logs are usually written in order of time.
                    if days.is_sorted_by(|a, b| a < b) {
                        continue;
                    }
                    sorted.clear();
                    sorted.extend(days.iter().copied().zip(rows.iter().copied()));
                    sorted.sort_unstable_by(|a, b| {
                        a.0.cmp(&b.0)
                            .then_with(|| self.compare(a.1 as usize, b.1 as usize))
                    });
                    for (index, &(day, row)) in sorted.iter().enumerate() {
                        (rows[index], days[index]) = (row, day);
                        let repeats = index > 0
                            && sorted[index - 1].0 == day
                            && self.same(sorted[index - 1].1 as usize, row as usize);
                        duplicates[range.start + index] = if repeats { flag::DUPLICATE } else { 0 };
                    }
                }
            });
        (days, duplicates)
    }

    /// Compares two lines of one customer and day by everything else that is known of them; the
    /// row number comes last, so that of two equal rows the later one is the repetition.
    fn compare(&self, a: usize, b: usize) -> Ordering {
        self.compare_content(a, b).then(a.cmp(&b))
    }

    fn compare_content(&self, a: usize, b: usize) -> Ordering {
        let stage = self.stage;
        stage
            .orders
            .compare(a, b)
            .then_with(|| self.flags[a].cmp(&self.flags[b]))
            .then_with(|| stage.amounts[a].total_cmp(&stage.amounts[b]))
            .then_with(|| {
                let text = |attribute: &'_ StagedAttribute, code: u32| {
                    attribute.values.texts().get(code as usize).to_owned()
                };
                self.attributes
                    .iter()
                    .map(|attribute| (attribute, attribute.codes.get(a), attribute.codes.get(b)))
                    .find(|(_, a, b)| a != b)
                    .map_or(Ordering::Equal, |(attribute, a, b)| {
                        text(attribute, a).cmp(&text(attribute, b))
                    })
            })
            .then_with(|| stage.fingerprints[a].cmp(&stage.fingerprints[b]))
    }

    fn same(&self, a: usize, b: usize) -> bool {
        self.stage.fingerprints[a] == self.stage.fingerprints[b]
            && self.compare_content(a, b).is_eq()
    }

    /// Numbers the orders and sets the start flags.
    fn number(
        &self,
        offsets: &[u32],
        (rows, days): (&[u32], &[Day]),
        mut flags: Vec<u8>,
    ) -> Result<Numbered, PoolFull> {
        let mut orders = vec![0_u32; rows.len()];
        let parts = split(offsets, (orders.as_mut_slice(), flags.as_mut_slice()));
        let pieces: Vec<(u32, TextPool)> = parts
            .into_par_iter()
            .map(|(offsets, (orders, flags))| {
                let lines = offsets[0] as usize..offsets[offsets.len() - 1] as usize;
                let (rows, days) = (&rows[lines.clone()], &days[lines]);
                let ids = self.order_ids(rows);
                for (flags, &row) in flags.iter_mut().zip(rows) {
                    *flags |= self.flags[row as usize];
                }
                let mut numbering = Numbering::new(!self.stage.orders.is_empty());
                for customer in offsets.windows(2) {
                    let range = local(customer, offsets[0]);
                    numbering.customer(
                        (&ids[range.clone()], &days[range.clone()]),
                        (&mut orders[range.clone()], &mut flags[range]),
                    )?;
                }
                Ok((numbering.next, numbering.ids))
            })
            .collect::<Result<_, PoolFull>>()?;
        let mut bases = Vec::with_capacity(pieces.len());
        let mut ids = TextPool::default();
        if !self.stage.orders.is_empty() {
            let bytes = pieces.iter().map(|(_, ids)| ids.bytes()).sum();
            ids.reserve(pieces.iter().map(|(_, ids)| ids.len()).sum(), bytes);
        }
        let mut base = 0;
        for (count, piece) in pieces {
            bases.push(base);
            base += count;
            ids.append(&piece)?;
        }
        let parts = split::<_, u8>(offsets, (orders.as_mut_slice(), &mut []));
        parts
            .into_par_iter()
            .zip(bases)
            .for_each(|((_, (orders, _)), base)| {
                for order in orders {
                    *order += base;
                }
            });
        Ok(Numbered { orders, flags, ids })
    }

    /// Order ids of some rows, fetched in one go: they lie scattered in memory.
    fn order_ids(&self, rows: &[u32]) -> Vec<Cell<'_>> {
        if self.stage.orders.is_empty() {
            return vec![Cell::of(""); rows.len()];
        }
        rows.iter()
            .map(|&row| self.stage.orders.get(row as usize))
            .collect()
    }
}

struct Numbered {
    orders: Vec<u32>,
    flags: Vec<u8>,
    ids: TextPool,
}

type Halves<'a, A, B> = (&'a mut [A], &'a mut [B]);

/// Cuts two line columns at customer borders, with the offsets of each part.
fn split<'a, A, B>(
    offsets: &'a [u32],
    (mut first, mut second): Halves<'a, A, B>,
) -> Vec<(&'a [u32], Halves<'a, A, B>)> {
    let customers = offsets.len().saturating_sub(1);
    let mut parts = Vec::with_capacity(customers / CUSTOMERS_PER_TASK + 1);
    for from in (0..customers).step_by(CUSTOMERS_PER_TASK) {
        let to = (from + CUSTOMERS_PER_TASK).min(customers);
        let lines = (offsets[to] - offsets[from]) as usize;
        let (head, tail) = first.split_at_mut(lines.min(first.len()));
        let (other_head, other_tail) = second.split_at_mut(lines.min(second.len()));
        (first, second) = (tail, other_tail);
        parts.push((&offsets[from..=to], (head, other_head)));
    }
    parts
}

fn local(customer: &[u32], base: u32) -> std::ops::Range<usize> {
    (customer[0] - base) as usize..(customer[1] - base) as usize
}

/// The values of a column in the order of `rows`.
fn gather<T: Copy + Send + Sync>(column: &[T], rows: &[u32]) -> Vec<T> {
    rows.par_iter()
        .with_min_len(1 << 16)
        .map(|&row| column[row as usize])
        .collect()
}

fn tally(duplicates: &[u8], rows: &[u32], amounts: &[f64]) -> Tally {
    let mut found: Vec<u32> = duplicates
        .iter()
        .zip(rows)
        .filter(|(bits, _)| **bits != 0)
        .map(|(_, &row)| row)
        .collect();
    found.sort_unstable();
    let mut tally = Tally::default();
    for row in found {
        tally.add(row as usize, amounts[row as usize]);
    }
    tally
}

/// Leaves marked lines out. Customers keep at least the line that was repeated.
fn remove((rows, days): (&mut Vec<u32>, &mut Vec<Day>), offsets: &mut [u32], marked: &[u8]) {
    let mut kept = 0;
    let mut from = 0;
    for offset in offsets.iter_mut() {
        for line in from..*offset as usize {
            if marked[line] == 0 {
                rows[kept] = rows[line];
                days[kept] = days[line];
                kept += 1;
            }
        }
        from = *offset as usize;
        *offset = kept as u32;
    }
    rows.truncate(kept);
    days.truncate(kept);
}
