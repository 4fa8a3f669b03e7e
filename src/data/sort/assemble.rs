//! Judged rows → [`Orders`]: customers in the order of their ids, each customer's lines by day.
//!
//! Nothing here depends on the order of rows in the file: customers are ranked by id, and lines of
//! one customer are compared by everything that is known of them. The work is done in two steps, so
//! that memory is walked and not searched: [`pack`] writes rows into buckets of neighbouring
//! customers, [`sort`] sorts each bucket and writes its lines.

use rayon::prelude::*;

use crate::{
    judge::verdicts::{DROPPED, Tally, Verdicts},
    lines::stage::{NO_CUSTOMER, Stage, StagedAttribute},
    orders::{Attribute, Codes, Label, Milestone, Orders, PoolFull, TextPool},
    sort::packed::{Cut, PACKED_CODES, pack},
    sort::recode::{self, Dictionary},
    sort::sorted::{Beside, Sorted, sort},
    values::intern::Interner,
    values::text,
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
    (verdicts, ranking): (Verdicts, &Ranking),
    drop_duplicates: bool,
    kept_attributes: Vec<StagedAttribute>,
) -> Result<Assembled, PoolFull> {
    let mut flags = verdicts.flags;
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
    let mut duplicates = Vec::new();
    if drop_duplicates {
        // Found once, they are rows like any other that was dropped. A customer keeps the row that
        // was repeated.
        duplicates = repetitions((&stage, ranking), &flags, &kept_attributes)?;
        for &(row, _) in &duplicates {
            flags[row as usize] |= DROPPED;
        }
    }
    let groups = Groups::of(&stage.customers, (&stage.ids, ranking), &flags)?;
    let traits = std::mem::take(&mut stage.traits).into_iter();
    let traits = traits.map(|mut attribute| {
        attribute.pad(stage.ids.len())?;
        recode::finish(attribute, &groups.ranking)
    });
    let traits = traits.collect::<Result<_, PoolFull>>()?;
    let labels = std::mem::take(&mut stage.labels).into_iter();
    let labels = labels.map(|label| in_order(&label, &groups.ranking));
    let labels = labels.collect::<Result<_, PoolFull>>()?;
    stage.ids = Interner::default();
    let (mut lines, attributes) = sorted(&mut stage, flags, &groups, kept_attributes)?;
    if !drop_duplicates {
        duplicates = std::mem::take(&mut lines.duplicates);
    }
    let way = Way::gather(&mut stage, &lines.rows);
    Ok(Assembled {
        orders: Orders {
            customer_ids: groups.customer_ids,
            offsets: groups.offsets,
            days: lines.days,
            amounts: lines.amounts,
            orders: lines.orders,
            flags: lines.flags,
            order_ids: lines.order_ids,
            attributes,
            units: way.units,
            milestones: way.milestones,
            traits,
            labels,
        },
        duplicates: tally(&duplicates),
    })
}

/// A label in the order of the customers.
fn in_order(label: &Label, ranking: &[u32]) -> Result<Label, PoolFull> {
    let mut texts = TextPool::default();
    texts.reserve(ranking.len(), label.texts.bytes());
    for &customer in ranking {
        texts.push(label.texts.get(customer as usize))?;
    }
    Ok(Label {
        name: label.name.clone(),
        texts,
    })
}

/// Packs, sorts and writes the lines and their attributes; empties the columns it has packed.
fn sorted(
    stage: &mut Stage,
    flags: Vec<u8>,
    groups: &Groups,
    attributes: Vec<StagedAttribute>,
) -> Result<(Sorted, Vec<Attribute>), PoolFull> {
    let kept = |row: &usize| flags[*row] & DROPPED == 0;
    let mut placed = place(attributes);
    let dictionaries: Vec<Dictionary> = packed(&placed)
        .into_iter()
        .map(|attribute| Dictionary::of(attribute, (0..flags.len()).filter(kept)))
        .collect::<Result<_, _>>()?;
    let new_codes: Vec<Vec<u8>> = dictionaries
        .iter()
        .map(|known| known.new_codes.iter().map(|&new| new as u8).collect())
        .collect();
    let buckets = pack(
        stage,
        &flags,
        &groups.rank_of,
        (groups.cut, &packed(&placed)),
    );
    // Records hold these now.
    stage.days = Vec::new();
    stage.amounts = Vec::new();
    stage.customers = Vec::new();
    drop(flags);
    for (attribute, _) in placed.iter_mut().filter(|(_, place)| place.is_some()) {
        attribute.codes = Codes::U8(Vec::new());
    }
    let wide = placed.iter().any(|(_, place)| place.is_none());
    let beside = Beside {
        orders: &stage.orders,
        fingerprints: &stage.fingerprints,
        attributes: &placed,
        new_codes: &new_codes,
        with_rows: wide || !stage.units.is_empty() || !stage.milestones.is_empty(),
    };
    let mut lines = sort(&buckets, (groups.cut, &groups.offsets), beside)?;
    drop(buckets);
    stage.orders = crate::lines::stage::OrderTexts::default();
    stage.fingerprints = Vec::new();
    let mut written = std::mem::take(&mut lines.codes).into_iter();
    let mut dictionaries = dictionaries.into_iter();
    let attributes = placed.into_iter().map(|(attribute, place)| {
        match place.and_then(|_| Some((written.next()?, dictionaries.next()?))) {
            Some((codes, dictionary)) => Ok(Attribute {
                name: attribute.name,
                codes: Codes::U8(codes),
                values: dictionary.values,
            }),
            None => recode::finish(attribute, &lines.rows),
        }
    });
    let attributes = attributes.collect::<Result<_, _>>()?;
    Ok((lines, attributes))
}

/// Gives attributes with short codes a place in the records, as long as there is room.
fn place(attributes: Vec<StagedAttribute>) -> Vec<(StagedAttribute, Option<usize>)> {
    let mut places = 0..PACKED_CODES;
    let place = |attribute: StagedAttribute| {
        let short = matches!(attribute.codes, Codes::U8(_));
        let place = short.then(|| places.next()).flatten();
        (attribute, place)
    };
    attributes.into_iter().map(place).collect()
}

/// The attributes that have a place in the records, by place.
fn packed(attributes: &[(StagedAttribute, Option<usize>)]) -> Vec<&StagedAttribute> {
    let packed = attributes.iter().filter(|(_, place)| place.is_some());
    packed.map(|(attribute, _)| attribute).collect()
}

/// The kept rows that repeat another one, and their amounts.
fn repetitions(
    (stage, ranking): (&Stage, &Ranking),
    flags: &[u8],
    attributes: &[StagedAttribute],
) -> Result<Vec<(u32, f64)>, PoolFull> {
    let groups = Groups::of(&stage.customers, (&stage.ids, ranking), flags)?;
    let unplaced: Vec<_> = attributes
        .iter()
        .map(|known| (known.clone(), None))
        .collect();
    let beside = Beside {
        orders: &stage.orders,
        fingerprints: &stage.fingerprints,
        attributes: &unplaced,
        new_codes: &[],
        with_rows: false,
    };
    let buckets = pack(stage, flags, &groups.rank_of, (groups.cut, &[]));
    let sorted = sort(&buckets, (groups.cut, &groups.offsets), beside)?;
    Ok(sorted.duplicates)
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

/// The customers and where their lines go.
struct Groups {
    /// In the order of the ids.
    customer_ids: TextPool,
    /// Customer numbers in the order of the ids.
    ranking: Vec<u32>,
    /// The place of every customer number in `ranking`; of no meaning for customers without lines.
    rank_of: Vec<u32>,
    offsets: Vec<u32>,
    cut: Cut,
}

impl Groups {
    fn of(
        customers: &[u32],
        (ids, ranking): (&Interner, &Ranking),
        flags: &[u8],
    ) -> Result<Self, PoolFull> {
        let mut counts = vec![0_u32; ids.len()];
        for (&customer, &flags) in customers.iter().zip(flags) {
            if flags & DROPPED == 0 {
                counts[customer as usize] += 1;
            }
        }
        let ranking = ranking.with_rows(ids, &counts);
        let mut customer_ids = TextPool::default();
        // Files are often written in the order of their customers.
        let in_order = ranking.len() == ids.len() && ranking.iter().is_sorted();
        if in_order {
            customer_ids = ids.texts().clone();
        } else {
            customer_ids.reserve(ranking.len(), ids.texts().bytes());
        }
        let mut offsets = Vec::with_capacity(ranking.len() + 1);
        let mut next = 0;
        // From here on `counts` holds the rank of a customer.
        for (rank, &customer) in ranking.iter().enumerate() {
            if !in_order {
                customer_ids.push(ids.texts().get(customer as usize))?;
            }
            offsets.push(next);
            next += std::mem::replace(&mut counts[customer as usize], rank as u32);
        }
        offsets.push(next);
        Ok(Self {
            customer_ids,
            cut: Cut::of(ranking.len(), next as usize),
            ranking,
            rank_of: counts,
            offsets,
        })
    }
}

/// Customers by id, whether they have rows or not: known before rows are judged.
#[derive(Debug, Default)]
pub struct Ranking {
    /// Customer numbers in the order of their ids.
    order: Vec<u32>,
    /// Every id is a whole number, and they are sorted as such.
    numeric: bool,
}

impl Ranking {
    /// Sorts all customers by id: numerically when every id is a whole number.
    #[must_use]
    pub fn of(ids: &Interner) -> Self {
        if let Some(order) = ids.in_order() {
            // Of equally many digits, behind the same letters if there are any.
            let mut ranked = Vec::with_capacity(ids.len());
            ranked.extend(order);
            return Self {
                numeric: ranked.first().is_none_or(|&id| number(ids, id).is_some()),
                order: ranked,
            };
        }
        let all: Vec<u32> = (0..ids.len() as u32).collect();
        let numeric = (0..ids.len()).all(|customer| number(ids, customer as u32).is_some());
        Self {
            order: sorted_by_id(ids, &all, numeric),
            numeric,
        }
    }

    /// The customers that have rows, sorted by id: numerically when theirs are whole numbers.
    fn with_rows(&self, ids: &Interner, counts: &[u32]) -> Vec<u32> {
        let has_rows =
            |customer: &u32| counts.get(*customer as usize).is_some_and(|&rows| rows > 0);
        // An id may have been added since, for the rows that name nobody.
        let more = self.order.len() as u32..ids.len() as u32;
        let known = self.order.iter().copied().chain(more.clone());
        let kept: Vec<u32> = known.filter(has_rows).collect();
        let numeric = || kept.iter().all(|&customer| number(ids, customer).is_some());
        if more.is_empty() && (self.numeric || !numeric()) {
            return kept;
        }
        let numeric = numeric();
        sorted_by_id(ids, &kept, numeric)
    }
}

/// The whole number that an id is.
fn number(ids: &Interner, customer: u32) -> Option<u64> {
    let text = ids.texts().get(customer as usize);
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn sorted_by_id(ids: &Interner, customers: &[u32], numeric: bool) -> Vec<u32> {
    let text = |customer: u32| ids.texts().get(customer as usize);
    let mut keyed: Vec<(u64, u32)> = customers
        .par_iter()
        .with_min_len(1 << 14)
        .map(|&customer| {
            let key = if numeric {
                number(ids, customer).unwrap_or(u64::MAX)
            } else {
                text::prefix(text(customer))
            };
            (key, customer)
        })
        .collect();
    // Equal keys: longer texts with the same beginning, or numbers with other leading zeros.
    keyed.par_sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| text(a.1).cmp(text(b.1))));
    keyed.into_iter().map(|(_, customer)| customer).collect()
}

/// The values of a column in the order of `rows`.
fn gather<T: Copy + Send + Sync>(column: &[T], rows: &[u32]) -> Vec<T> {
    rows.par_iter()
        .with_min_len(1 << 16)
        .map(|&row| column[row as usize])
        .collect()
}

/// The count, the sum and the first ones of repeated rows.
fn tally(duplicates: &[(u32, f64)]) -> Tally {
    let mut tally = Tally::default();
    for &(row, amount) in duplicates {
        tally.add(row as usize, amount);
    }
    tally
}
