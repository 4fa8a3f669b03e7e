//! Rows in file order, already coded, before they are judged and sorted.

use crate::{
    day::Day,
    orders::{Codes, Label, Milestone, PoolFull, Step, TextPool},
    values::dates,
    values::ids::Ids,
    values::intern::Interner,
    values::keys::Cell,
    values::numbers,
    values::text,
};

/// Values looked at to tell texts from numbers and dates.
const LOOKED_AT: usize = 500;
/// Parts of names of columns whose numbers are texts to call or write to, folded.
const CALLED: [&str; 7] = [
    "phone",
    "mobile",
    "telefon",
    "fax",
    "celular",
    "cellulare",
    "handynummer",
];

/// Whether a column of this name holds texts: numbers and dates are measured, not called, unless it is
/// named after a telephone.
pub fn are_texts<'a>(name: &str, cells: impl Iterator<Item = &'a str>) -> bool {
    let folded = text::fold(name);
    let number = |cell| numbers::has_only_money_letters(cell) && numbers::looks_like_number(cell);
    let mut filled = cells
        .filter(|cell| !cell.is_empty())
        .take(LOOKED_AT)
        .peekable();
    filled.peek().is_some()
        && (CALLED.iter().any(|part| folded.contains(part))
            || filled.any(|cell| !number(cell) && !dates::looks_like_date(cell)))
}

/// An order's id as lines carry it: whole in its head when it is short.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct OrderId<'a> {
    pub head: u64,
    pub long: Option<&'a str>,
}

/// The customer cell was empty.
pub const NO_CUSTOMER: u32 = u32::MAX;

/// Facts about a row that rules ask for.
pub mod mark {
    /// The order id looks like a credit note's (`C536379`).
    pub const CREDIT_ID: u16 = 1;
    /// The quantity is negative.
    pub const NEGATIVE_QUANTITY: u16 = 2;
    /// A return date is present.
    pub const RETURNED: u16 = 4;
    /// The status says that the sale was not kept.
    pub const NOT_KEPT: u16 = 8;
    /// Nobody has paid yet: pending, on hold.
    pub const UNPAID: u16 = 16;
    /// The goods were sent or handed over: what is not paid yet is an invoice.
    pub const FULFILLED: u16 = 32;
    /// The money was given back, says the status.
    pub const REFUNDED: u16 = 64;
    /// A further row of an order whose total stands on another one: no sale of amount zero.
    pub const PART_OF_ORDER: u16 = 128;
    /// The same sale stands in a file read before.
    pub const OVERLAPS: u16 = 256;
    /// A row that adds up the others.
    pub const TOTALS: u16 = 512;
    /// The header once more.
    pub const HEADER: u16 = 1024;
    /// The row's money is in another currency than the one the numbers are of.
    pub const OTHER_CURRENCY: u16 = 2048;
    /// Nobody has paid or will: failed, a draft, an abandoned checkout.
    pub const FAILED: u16 = 4096;
    /// Neither a sale nor money given back, whatever the sign of its amount: a fee, a transfer to the bank,
    /// or what a layout calls so.
    pub const NO_TRADE: u16 = 8192;
}

/// The attribute of the currencies that stand beside amounts.
pub const CURRENCIES: &str = "currency of the amount";

/// All rows read so far; columns of equal length.
#[derive(Clone, Debug, Default)]
pub struct Stage {
    /// Customer ids by number.
    pub ids: Interner,
    /// Customer number per row, or [`NO_CUSTOMER`].
    pub customers: Vec<u32>,
    /// Day per row, or [`crate::values::dates::MISSING`], [`crate::values::dates::UNREADABLE`].
    pub days: Vec<Day>,
    /// Amount per row; NaN when unreadable.
    pub amounts: Vec<f64>,
    /// Order id per row; empty vectors when an order is a customer-day.
    pub orders: OrderTexts,
    /// [`mark`] bits per row.
    pub marks: Vec<u16>,
    /// Fingerprint of each row's bytes.
    pub fingerprints: Vec<u32>,
    pub attributes: Vec<StagedAttribute>,
    /// Order ids that are plain digits, and those that look like credit notes.
    pub order_forms: OrderForms,
    /// Units per row; empty when the data does not count units.
    pub units: Vec<u32>,
    /// Days on an order's way, one per row.
    pub milestones: Vec<Milestone>,
    /// Columns of the customers, one code per customer *number*.
    pub traits: Vec<StagedAttribute>,
    /// Texts of the customers, one per customer *number*; later customers have none.
    pub labels: Vec<Label>,
}

impl Stage {
    #[must_use]
    pub fn rows(&self) -> usize {
        self.customers.len()
    }

    /// Forgets all rows from `rows` on and all attributes from `attributes` on.
    pub fn truncate(&mut self, rows: usize, attributes: usize) {
        self.customers.truncate(rows);
        self.days.truncate(rows);
        self.amounts.truncate(rows);
        self.orders.truncate(rows);
        self.marks.truncate(rows);
        self.fingerprints.truncate(rows);
        self.attributes.truncate(attributes);
        for attribute in &mut self.attributes {
            attribute.codes.truncate(rows);
        }
        self.units.truncate(rows);
        for milestone in &mut self.milestones {
            milestone.days.truncate(rows);
        }
    }

    /// The attribute with this name, made when there is none; rows before it hold "".
    ///
    /// # Errors
    /// [`PoolFull`] never in practice: the only text added is empty.
    pub fn attribute(&mut self, name: &str) -> Result<usize, PoolFull> {
        self.attribute_before(name, self.rows())
    }

    /// As [`Stage::attribute`], while rows from `rows` on are being added.
    ///
    /// # Errors
    /// As [`Stage::attribute`].
    pub fn attribute_before(&mut self, name: &str, rows: usize) -> Result<usize, PoolFull> {
        if let Some(index) = self.attributes.iter().position(|known| known.name == name) {
            return Ok(index);
        }
        let mut attribute = StagedAttribute::new(name);
        attribute.pad(rows)?;
        self.attributes.push(attribute);
        Ok(self.attributes.len() - 1)
    }

    /// Adds a column of the customers, one code per customer number: a trait to group them by, or a text
    /// of each where nearly everybody has their own.
    ///
    /// # Errors
    /// [`PoolFull`] when the texts outgrow 4 GiB.
    pub fn add_trait(&mut self, column: StagedAttribute, kind: TraitKind) -> Result<(), PoolFull> {
        let values = column.values.texts();
        let filled = values.iter().filter(|value| !value.is_empty()).count();
        if filled == 0 {
            return Ok(());
        }
        let own = match kind {
            TraitKind::Trait => filled > MAX_DISTINCT,
            TraitKind::Label => true,
            TraitKind::Open => filled * 2 > column.codes.len() || filled > MAX_DISTINCT,
        };
        if !own {
            self.traits.push(column);
            return Ok(());
        }
        if are_texts(&column.name, values.iter()) {
            let mut texts = TextPool::default();
            for row in 0..column.codes.len() {
                texts.push(values.get(column.codes.get(row) as usize))?;
            }
            self.labels.push(Label {
                name: column.name,
                texts,
            });
        }
        Ok(())
    }

    /// Adds the days on which the next rows reached a step.
    pub fn reach(&mut self, step: Step, days: Vec<Day>) {
        match self.milestones.iter_mut().find(|known| known.step == step) {
            Some(known) => known.days.extend(days),
            None => self.milestones.push(Milestone { step, days }),
        }
    }

    /// Fills attributes and order ids that the last file did not have.
    ///
    /// # Errors
    /// [`PoolFull`] never in practice: the only text added is empty.
    pub fn pad(&mut self) -> Result<(), PoolFull> {
        let rows = self.rows();
        for attribute in &mut self.attributes {
            attribute.pad(rows)?;
        }
        if !self.orders.is_empty() {
            self.orders.pad(rows);
        }
        Ok(())
    }
}

/// What a column of the customers is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraitKind {
    /// Something to group customers by.
    Trait,
    /// A text of each customer: an address, a name.
    Label,
    /// Whatever its values say.
    Open,
}

/// How order ids look, over the whole column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OrderForms {
    pub digits: u64,
    pub credits: u64,
}

impl OrderForms {
    /// `C536379` marks a credit note only where ordinary ids are plain digits.
    #[must_use]
    pub fn credit_convention(self) -> bool {
        self.digits > self.credits
    }
}

/// One order id per row, without looking for equal ones: identity is only needed within a customer.
#[derive(Clone, Debug, Default)]
pub struct OrderTexts {
    /// The first eight bytes of each row's id, the first one highest, so that they compare as texts do.
    heads: Vec<u64>,
    /// Ids that are more than their heads, and which one each row has; empty as long as all are short.
    long: TextPool,
    long_at: Vec<u32>,
}

/// Stands where an id is no longer than its head.
const SHORT: u32 = u32::MAX;

/// Calls `take` with the text of a short id's head.
#[inline]
pub fn with_head<T>(head: u64, take: impl FnOnce(&str) -> T) -> T {
    let bytes = head.to_be_bytes();
    let length = 8 - head.trailing_zeros() as usize / 8;
    take(std::str::from_utf8(&bytes[..length]).unwrap_or_default())
}

impl OrderTexts {
    /// Makes room for so many further rows.
    pub fn reserve(&mut self, rows: usize) {
        self.heads.reserve_exact(rows);
    }

    /// Appends the id of the next row.
    ///
    /// # Errors
    /// [`PoolFull`] when long ids outgrow 4 GiB.
    #[inline]
    pub fn push(&mut self, id: Cell<'_>) -> Result<(), PoolFull> {
        match id.key.as_head() {
            Some(head) => {
                self.heads.push(head);
                if !self.long_at.is_empty() {
                    self.long_at.push(SHORT);
                }
                Ok(())
            }
            None => id.with_text(|text| self.push_long(text)),
        }
    }

    #[cold]
    fn push_long(&mut self, text: &str) -> Result<(), PoolFull> {
        self.long_at.resize(self.heads.len(), SHORT);
        // Lines of one order usually follow each other and share the text.
        let last = self.long_at.last().filter(|&&at| at != SHORT);
        let at = match last {
            Some(&at) if self.long.get(at as usize) == text => at,
            _ => self.long.push(text)?,
        };
        self.long_at.push(at);
        let mut head = [0; 8];
        let length = text.len().min(8);
        head[..length].copy_from_slice(&text.as_bytes()[..length]);
        self.heads.push(u64::from_be_bytes(head));
        Ok(())
    }

    /// Appends the ids of the next rows; `text` is what long ones point into.
    ///
    /// # Errors
    /// [`PoolFull`] when long ids outgrow 4 GiB.
    pub fn append(&mut self, ids: &Ids, text: &str) -> Result<(), PoolFull> {
        ids.cells(text).try_for_each(|id| self.push(id))
    }

    /// Gives rows up to `rows` the empty id.
    pub fn pad(&mut self, rows: usize) {
        if self.heads.len() < rows {
            self.heads.resize(rows, 0);
            if !self.long_at.is_empty() {
                self.long_at.resize(rows, SHORT);
            }
        }
    }

    /// Whether no row names its order.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// The first eight bytes of a row's id, the first one highest; 0 when it has none.
    #[must_use]
    #[inline]
    pub fn head(&self, row: usize) -> u64 {
        self.heads.get(row).copied().unwrap_or_default()
    }

    /// The id of a row where its head is not all of it.
    #[must_use]
    #[inline]
    pub fn long(&self, row: usize) -> Option<&str> {
        let at = *self.long_at.get(row).filter(|&&at| at != SHORT)?;
        Some(self.long.get(at as usize))
    }

    /// The id of a row, for telling it from others.
    #[must_use]
    pub fn id(&self, row: usize) -> OrderId<'_> {
        OrderId {
            head: self.head(row),
            long: self.long(row),
        }
    }

    /// Calls `take` with the id of a row; empty when it has none.
    pub fn with_text<T>(&self, row: usize, take: impl FnOnce(&str) -> T) -> T {
        match self.long(row) {
            Some(text) => take(text),
            None => with_head(self.head(row), take),
        }
    }

    /// Compares the ids of two rows with equal heads as texts.
    #[must_use]
    pub fn compare_long(&self, a: usize, b: usize) -> std::cmp::Ordering {
        if self.long_at.is_empty() {
            return std::cmp::Ordering::Equal;
        }
        self.with_text(a, |a| self.with_text(b, |b| a.cmp(b)))
    }

    /// Forgets all ids from row `rows` on.
    fn truncate(&mut self, rows: usize) {
        self.heads.truncate(rows);
        self.long_at.truncate(rows);
        // Texts of forgotten rows stay in the pool; nothing points at them.
    }
}

/// Most distinct values an attribute may have.
pub const MAX_DISTINCT: usize = 10_000;

/// A coded column in the making.
#[derive(Clone, Debug)]
pub struct StagedAttribute {
    pub name: String,
    pub values: Interner,
    pub codes: Codes,
    /// It had more than [`MAX_DISTINCT`] values and was given up.
    pub gave_up: bool,
    /// With more values it is not given up here: it may be a label ([`crate::lines::labels::may_be`]).
    pub may_be_label: bool,
    /// A known export names it as an attribute.
    pub wanted: bool,
}

impl StagedAttribute {
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            values: Interner::default(),
            codes: Codes::U8(Vec::new()),
            gave_up: false,
            may_be_label: false,
            wanted: false,
        }
    }

    /// The code of a cell; white space around it is dropped, and words for "nothing" are "".
    ///
    /// # Errors
    /// [`PoolFull`] when the distinct values outgrow 4 GiB.
    pub fn code(&mut self, cell: &str) -> Result<u32, PoolFull> {
        let cell = text::trim(cell);
        self.values
            .intern(if dates::is_missing(cell) { "" } else { cell })
    }

    /// Appends the value of the next row.
    ///
    /// # Errors
    /// [`PoolFull`] when the distinct values outgrow 4 GiB.
    #[inline]
    pub fn push(&mut self, value: &str) -> Result<(), PoolFull> {
        let code = self.values.intern(value)?;
        self.codes.push(code);
        Ok(())
    }

    /// Whether it has too many values to group by.
    #[must_use]
    pub fn is_wide(&self) -> bool {
        self.values.len() > MAX_DISTINCT
    }

    /// Forgets the values: nobody can group by them.
    pub fn give_up(&mut self) {
        self.gave_up = true;
        self.codes = Codes::U8(Vec::new());
    }

    /// Gives rows (or customers) up to `rows` the empty value.
    ///
    /// # Errors
    /// [`PoolFull`] never in practice: the only text added is empty.
    pub fn pad(&mut self, rows: usize) -> Result<(), PoolFull> {
        while !self.gave_up && self.codes.len() < rows {
            self.push("")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_ids_read_back() {
        let long = "x".repeat(300);
        let other = "a rather long order id".to_owned();
        let ids = ["1", "1", "", &long, &long, "2", &other, &long];
        let mut orders = OrderTexts::default();
        for id in ids {
            orders.push(Cell::of(id)).unwrap();
        }
        let read = |orders: &OrderTexts, row: usize| orders.with_text(row, str::to_owned);
        for (row, id) in ids.iter().enumerate() {
            assert_eq!(read(&orders, row), *id);
            assert_eq!(orders.long(row).is_some(), id.len() > 8);
        }
        assert!(orders.head(0) < orders.head(5) && orders.head(2) < orders.head(0));
        assert_eq!(orders.compare_long(3, 4), std::cmp::Ordering::Equal);
        assert_eq!(orders.compare_long(3, 6), std::cmp::Ordering::Greater);
        orders.truncate(4);
        orders.push(Cell::of(&other)).unwrap();
        orders.push(Cell::of("3")).unwrap();
        orders.pad(7);
        let texts: Vec<String> = (3..8).map(|row| read(&orders, row)).collect();
        assert_eq!(texts, [&long, &other, "3", "", ""]);
    }

    #[test]
    fn ids_with_a_zero_byte_keep_it() {
        let mut orders = OrderTexts::default();
        for id in ["a", "a\0", "\0", "", "abcdefgh", "abcdefghi"] {
            orders.push(Cell::of(id)).unwrap();
        }
        let texts: Vec<_> = (0..6)
            .map(|row| orders.with_text(row, str::to_owned))
            .collect();
        assert_eq!(texts, ["a", "a\0", "\0", "", "abcdefgh", "abcdefghi"]);
        assert_eq!(orders.compare_long(0, 1), std::cmp::Ordering::Less);
        assert_eq!(orders.compare_long(4, 5), std::cmp::Ordering::Less);
    }

    #[test]
    fn attributes_of_later_files_are_empty_before() {
        let mut stage = Stage {
            customers: vec![0, 1],
            ..Stage::default()
        };
        let index = stage.attribute("country").unwrap();
        stage.attributes[index].push("DE").unwrap();
        assert_eq!(stage.attributes[index].codes, Codes::U8(vec![0, 0, 1]));
    }

    #[test]
    fn wide_columns_are_given_up() {
        let mut attribute = StagedAttribute::new("comment");
        for number in 0..=MAX_DISTINCT {
            attribute.push(&number.to_string()).unwrap();
        }
        assert!(matches!(attribute.codes, Codes::U16(_)));
        assert!(attribute.is_wide());
        attribute.give_up();
        assert!(attribute.codes.is_empty());
    }
}
