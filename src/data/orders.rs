//! The tidy table: every order line of a shop, sorted so that one customer is one slice.
//!
//! Customer *i* owns the lines `offsets[i]..offsets[i + 1]`, sorted by day (then by order). So "as
//! of S" is a prefix of each customer's slice, and every analysis is one walk over plain arrays.
//! Customers are sorted by id — numerically when every id is a whole number, bytewise otherwise —
//! so that results do not depend on the order of rows in the file.

use crate::day::Day;

/// What a line is, in eight bits.
pub mod flag {
    /// A sale that was not kept (cancelled, returned, refunded…): counts 0 revenue and is no order.
    pub const NOT_KEPT: u8 = 1;
    /// A credit line: lowers revenue on its own day, is never an order, makes nobody a customer.
    pub const CREDIT: u8 = 2;
    /// First kept sale line of an order; the number of these in a prefix is the number of orders.
    pub const ORDER_START: u8 = 4;
    /// First kept sale line of a customer's day; their number is the number of purchase days.
    pub const DAY_START: u8 = 8;
    /// Repeats an earlier line of the same customer in every column.
    pub const DUPLICATE: u8 = 16;
}

/// Many short texts in one allocation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextPool {
    text: String,
    ends: Vec<u32>,
}

/// A [`TextPool`] would outgrow the 4 GiB that its 32-bit positions can address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than 4 GiB of distinct text in one column")]
pub struct PoolFull;

impl TextPool {
    /// Appends a text and returns its number.
    ///
    /// # Errors
    /// [`PoolFull`] when the pool would outgrow 4 GiB of text; the pool is then unchanged.
    pub fn push(&mut self, text: &str) -> Result<u32, PoolFull> {
        let end = u32::try_from(self.text.len() + text.len()).map_err(|_| PoolFull)?;
        let number = u32::try_from(self.ends.len()).map_err(|_| PoolFull)?;
        self.text.push_str(text);
        self.ends.push(end);
        Ok(number)
    }

    /// Appends all texts of another pool.
    ///
    /// # Errors
    /// [`PoolFull`] when the pool would outgrow 4 GiB of text; the pool is then unchanged.
    pub fn append(&mut self, other: &Self) -> Result<(), PoolFull> {
        let start = self.text.len() as u32;
        u32::try_from(self.text.len() + other.text.len()).map_err(|_| PoolFull)?;
        u32::try_from(self.ends.len() + other.ends.len()).map_err(|_| PoolFull)?;
        self.text.push_str(&other.text);
        self.ends.extend(other.ends.iter().map(|end| start + end));
        Ok(())
    }

    /// Makes room for so many further texts and bytes.
    pub fn reserve(&mut self, texts: usize, bytes: usize) {
        self.ends.reserve_exact(texts);
        self.text.reserve_exact(bytes);
    }

    /// Forgets all texts and keeps the memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// Bytes of text held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Text number `index`; empty when there is none.
    #[must_use]
    pub fn get(&self, index: usize) -> &str {
        let Some(&end) = self.ends.get(index) else {
            return "";
        };
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start as usize..end as usize]
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|index| self.get(index))
    }
}

impl<'a> FromIterator<&'a str> for TextPool {
    /// For short lists (names, tests): texts beyond 4 GiB are left out.
    fn from_iter<I: IntoIterator<Item = &'a str>>(texts: I) -> Self {
        let mut pool = Self::default();
        for text in texts {
            if pool.push(text).is_err() {
                break;
            }
        }
        pool
    }
}

/// Dictionary codes, one per line, as narrow as the dictionary allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Codes {
    U8(Vec<u8>),
    U16(Vec<u16>),
    U32(Vec<u32>),
}

impl Codes {
    #[must_use]
    pub fn get(&self, line: usize) -> u32 {
        match self {
            Self::U8(codes) => u32::from(codes[line]),
            Self::U16(codes) => u32::from(codes[line]),
            Self::U32(codes) => codes[line],
        }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::U8(codes) => codes.len(),
            Self::U16(codes) => codes.len(),
            Self::U32(codes) => codes.len(),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends a code, widening the column when the code does not fit.
    #[inline]
    pub fn push(&mut self, code: u32) {
        match self {
            Self::U8(codes) if code <= 0xFF => codes.push(code as u8),
            Self::U16(codes) if code <= 0xFFFF => codes.push(code as u16),
            Self::U32(codes) => codes.push(code),
            _ => {
                self.widen(code);
                self.push(code);
            }
        }
    }

    /// Appends `new[code]` for every code, widening the column when one of `new` does not fit.
    pub fn extend_mapped(&mut self, codes: &[u32], new: &[u32]) {
        if let Some(&largest) = new.iter().max()
            && !codes.is_empty()
        {
            self.make_fit(largest);
        }
        let new = |code: &u32| new[*code as usize];
        match self {
            Self::U8(known) => known.extend(codes.iter().map(|code| new(code) as u8)),
            Self::U16(known) => known.extend(codes.iter().map(|code| new(code) as u16)),
            Self::U32(known) => known.extend(codes.iter().map(new)),
        }
    }

    fn make_fit(&mut self, code: u32) {
        let fits = match self {
            Self::U8(_) => code <= 0xFF,
            Self::U16(_) => code <= 0xFFFF,
            Self::U32(_) => true,
        };
        if !fits {
            self.widen(code);
        }
    }

    /// Forgets all codes from `length` on.
    pub fn truncate(&mut self, length: usize) {
        match self {
            Self::U8(codes) => codes.truncate(length),
            Self::U16(codes) => codes.truncate(length),
            Self::U32(codes) => codes.truncate(length),
        }
    }

    /// Makes room for so many further codes.
    pub fn reserve(&mut self, codes: usize) {
        match self {
            Self::U8(known) => known.reserve_exact(codes),
            Self::U16(known) => known.reserve_exact(codes),
            Self::U32(known) => known.reserve_exact(codes),
        }
    }

    #[cold]
    fn widen(&mut self, code: u32) {
        let all: Vec<u32> = (0..self.len()).map(|line| self.get(line)).collect();
        *self = if code <= 0xFFFF {
            Self::U16(all.into_iter().map(|code| code as u16).collect())
        } else {
            Self::U32(all)
        };
    }
}

/// A coded text column: country, category, channel, status…
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Column name as the file spells it.
    pub name: String,
    /// One code per line of [`Orders`], an index into `values`.
    pub codes: Codes,
    /// Distinct texts in byte order; the empty text, where present, means "missing".
    pub values: TextPool,
}

impl Attribute {
    #[must_use]
    pub fn value(&self, line: usize) -> &str {
        self.values.get(self.codes.get(line) as usize)
    }
}

/// A text of each customer, such as an e-mail address: hardly any two customers share one, so it is
/// shown and exported, and never grouped by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// Column name as the file spells it.
    pub name: String,
    /// One text per *customer*; the empty text means "missing".
    pub texts: TextPool,
}

impl Label {
    /// Whether it is named like a column of e-mail addresses.
    #[must_use]
    pub fn is_mail(&self) -> bool {
        MAIL_NAMES.contains(&crate::values::text::fold(&self.name).as_str())
    }
}

/// Names of columns that hold e-mail addresses, folded.
pub const MAIL_NAMES: [&str; 8] = [
    "email",
    "mail",
    "emailaddress",
    "mailaddress",
    "customeremail",
    "useremail",
    "contactemail",
    "emailadresse",
];

/// A step on an order's way after it was placed.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Shipped,
    Delivered,
    Returned,
}

/// The day on which each line reached a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    pub step: Step,
    /// One entry per line; [`NO_DAY`] where the step was not reached.
    pub days: Vec<Day>,
}

/// Stands for "no day" in columns of days.
pub const NO_DAY: Day = Day::MIN;

/// All lines of a shop; columns of equal length, sorted by (customer, day, order).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Orders {
    /// Customer ids, in customer order.
    pub customer_ids: TextPool,
    /// `customers + 1` line numbers; customer *i* owns `offsets[i]..offsets[i + 1]`.
    pub offsets: Vec<u32>,
    /// Day of each line.
    pub days: Vec<Day>,
    /// Amount of each line in the shop's currency: positive for sales (also those not kept),
    /// negative for credit lines.
    pub amounts: Vec<f64>,
    /// Order number of each line, dense, ascending in line order of first appearance; an index into
    /// `order_ids` when the file names its orders.
    pub orders: Vec<u32>,
    /// [`flag`] bits of each line.
    pub flags: Vec<u8>,
    /// Order ids as the file spells them; empty when an order is a customer-day.
    pub order_ids: TextPool,
    /// Further coded columns, one code per line.
    pub attributes: Vec<Attribute>,
    /// Units sold per line; empty when the data does not count units.
    pub units: Vec<u32>,
    /// Days on an order's way after it was placed, as far as the data tells them.
    pub milestones: Vec<Milestone>,
    /// Coded columns of the customers themselves (age, gender, country…): one code per *customer*.
    pub traits: Vec<Attribute>,
    /// Texts of the customers themselves (e-mail address, name…).
    pub labels: Vec<Label>,
}

impl Orders {
    #[must_use]
    pub fn customers(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    #[must_use]
    pub fn lines(&self) -> usize {
        self.days.len()
    }

    /// Lines of one customer.
    #[must_use]
    pub fn lines_of(&self, customer: usize) -> std::ops::Range<usize> {
        self.offsets[customer] as usize..self.offsets[customer + 1] as usize
    }

    /// Line that begins the first kept order of a customer: what is said of their beginning (channel,
    /// country…) stands there. The first line at all for somebody without a kept order.
    #[must_use]
    pub fn first_kept_line(&self, customer: usize) -> usize {
        let lines = self.lines_of(customer);
        let begins = |line: &usize| self.flags[*line] & flag::ORDER_START != 0;
        lines.clone().find(begins).unwrap_or(lines.start)
    }

    /// Lines of one customer dated before `as_of`.
    #[must_use]
    pub fn lines_before(&self, customer: usize, as_of: Day) -> std::ops::Range<usize> {
        let all = self.lines_of(customer);
        let count = self.days[all.clone()].partition_point(|&day| day < as_of);
        all.start..all.start + count
    }

    /// What the line adds to net revenue: 0 for a sale that was not kept.
    #[must_use]
    pub fn net(&self, line: usize) -> f64 {
        if self.flags[line] & flag::NOT_KEPT == 0 {
            self.amounts[line]
        } else {
            0.0
        }
    }

    /// First and last day on which a kept sale stands; `None` for a shop without sales.
    #[must_use]
    pub fn day_range(&self) -> Option<(Day, Day)> {
        let sale = |line: &usize| self.flags[*line] & (flag::NOT_KEPT | flag::CREDIT) == 0;
        (0..self.lines())
            .filter(sale)
            .map(|line| self.days[line])
            .fold(None, |range, day| {
                Some(range.map_or((day, day), |(first, last): (Day, Day)| {
                    (first.min(day), last.max(day))
                }))
            })
    }

    /// The label that holds the customers' e-mail addresses, going by its name.
    #[must_use]
    pub fn mail(&self) -> Option<&Label> {
        self.labels.iter().find(|label| label.is_mail())
    }

    /// The e-mail address of a customer; empty where none is known.
    #[must_use]
    pub fn mail_of(&self, customer: usize) -> &str {
        self.mail().map_or("", |mail| mail.texts.get(customer))
    }

    /// The attribute with this column name, ignoring case.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }
}
