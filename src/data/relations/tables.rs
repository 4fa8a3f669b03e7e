//! The tables of a set, read whole: parts of one table put together, and what a row of each is.

use std::sync::{Arc, OnceLock};

use hashbrown::HashSet;
use polars::prelude::{Column, DataFrame, IdxCa, IntoColumn, PolarsResult, StringChunked};

use super::frames::{self, IdPool, Ids, NOBODY};
use crate::{
    dataset::{Role, error::DataError},
    layouts::{Grain, TableLayout},
    lines::ingest::Read,
    open::columns::Damage,
    roles::{
        assign::TableRoles,
        evidence,
        facts::Facts,
        job::Job,
        money::Money,
        sniffed::Sniffed,
        vocabulary::{self, concept::Concept},
    },
    table::{cells, frame::FrameTable},
    values::text,
};

/// A table as it is asked for: its files, and what its columns mean.
pub struct Described<'a> {
    pub files: Vec<&'a Sniffed>,
    pub roles: TableRoles,
    pub layout: Option<&'a TableLayout>,
}

/// More rows than this share that repeat customer and moment of the row before them are lines of orders.
const MANY_LINES: f64 = 0.15;

/// A table of the set.
pub struct Known<'a> {
    pub files: Vec<&'a Sniffed>,
    /// Rows of all its files, one below the other.
    pub frame: DataFrame,
    pub fingerprints: Vec<u32>,
    /// One per file; `first_row` counts within this table.
    pub reads: Vec<Read>,
    pub roles: TableRoles,
    pub layout: Option<&'a TableLayout>,
    pub grain: Grain,
    /// What a value of each column is the id of.
    pub id_of: Vec<Option<Concept>>,
    /// Records that could be read in part only.
    pub damage: Vec<Damage>,
    /// The ids of all tables.
    pub pool: IdPool,
    /// The ids in each column, once they were asked for.
    ids: Vec<OnceLock<Arc<Ids>>>,
    /// Rows that do not repeat another one as a whole.
    distinct_rows: OnceLock<usize>,
}

impl<'a> Known<'a> {
    /// Reads the files of a table and puts them together.
    ///
    /// # Errors
    /// Any error of reading.
    pub fn read(described: Described<'a>, job: &Job<'_>, pool: &IdPool) -> Result<Self, DataError> {
        let FrameTable {
            frame,
            fingerprints,
            reads,
            damage,
            ..
        } = FrameTable::read(&described.files, job)?;
        let mut known = Self {
            pool: pool.clone(),
            ids: vec![OnceLock::new(); frame.width()],
            distinct_rows: OnceLock::new(),
            files: described.files,
            frame,
            fingerprints,
            reads,
            roles: described.roles,
            layout: described.layout,
            grain: Grain::Other,
            id_of: Vec::new(),
            damage,
        };
        known.id_of = known
            .join_names()
            .and_then(|()| known.things())
            .map_err(|error| unreadable(known.files[0], &error))?;
        known.grain = match known.layout {
            // A layout whose exports have several rows per order is also that of one row per order.
            Some(layout) if layout.grain == Grain::OrderOnLines => known.orders_or_lines(),
            Some(layout) => layout.grain,
            None => known
                .find_grain()
                .map_err(|error| unreadable(known.files[0], &error))?,
        };
        Ok(known)
    }

    #[must_use]
    pub fn rows(&self) -> usize {
        self.frame.height()
    }

    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.files[0].dialect.names
    }

    /// Name for people: of its file, or of the first one and how many there are.
    #[must_use]
    pub fn title(&self) -> String {
        let name = self.files[0].input.name();
        match self.files.len() {
            1 => name,
            files => format!("{name} and {} more", files - 1),
        }
    }

    #[must_use]
    pub fn column(&self, column: usize) -> &Column {
        &self.frame.columns()[column]
    }

    /// The cells of a column as text.
    ///
    /// # Errors
    /// As polars.
    pub fn texts(&self, column: usize) -> PolarsResult<StringChunked> {
        cells::texts(self.column(column))
    }

    /// The cells of a column as ids.
    ///
    /// # Errors
    /// As polars.
    pub fn keys(&self, column: usize) -> PolarsResult<Arc<Ids>> {
        if let Some(known) = self.ids[column].get() {
            return Ok(known.clone());
        }
        let ids = Arc::new(self.pool.ids(&self.texts(column)?)?);
        Ok(self.ids[column].get_or_init(|| ids).clone())
    }

    /// The ids in a column for rows that were looked up.
    ///
    /// # Errors
    /// As polars.
    pub fn keys_at(&self, column: usize, rows: &IdxCa) -> PolarsResult<Vec<u32>> {
        Ok(frames::bring_ids(&self.keys(column)?.numbers, rows))
    }

    #[must_use]
    pub fn has_money(&self) -> bool {
        self.roles.money != Money::None
    }

    /// The column that names the order of each row.
    #[must_use]
    pub fn order(&self) -> Option<usize> {
        let by_role = self.roles.column(Role::Order);
        by_role.or_else(|| self.id_of.iter().position(|of| *of == Some(Concept::Order)))
    }

    #[must_use]
    pub fn customer(&self) -> Option<usize> {
        let by_role = self.roles.column(Role::Customer);
        by_role.or_else(|| {
            self.id_of
                .iter()
                .position(|of| *of == Some(Concept::Customer))
        })
    }

    /// Whether nearly every row has a value of its own here; rows that repeat as a whole do not count.
    ///
    /// # Errors
    /// As polars.
    pub fn is_key(&self, column: usize) -> PolarsResult<bool> {
        let keys = self.keys(column)?;
        let tells_apart = |rows: usize| keys.distinct * 1000 >= rows * 995;
        Ok(keys.filled > 0
            && keys.filled * 10 >= self.rows() * 9
            && (tells_apart(keys.filled) || tells_apart(self.distinct_rows())))
    }

    fn distinct_rows(&self) -> usize {
        *self.distinct_rows.get_or_init(|| {
            let rows: HashSet<u32> = self.fingerprints.iter().copied().collect();
            // Where rows have no fingerprints, nothing is known of repeated ones.
            if rows.is_empty() {
                self.rows()
            } else {
                rows.len()
            }
        })
    }

    /// The name of the first file without archive, folder and endings.
    #[must_use]
    pub fn stem(&self) -> String {
        let name = self.files[0].input.name();
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        name.split('.').next().unwrap_or_default().to_owned()
    }

    /// What the name of the file says its rows are: `users.csv` → customers.
    #[must_use]
    pub fn thing(&self) -> Option<Concept> {
        let spoken = vocabulary::spoken(&self.stem());
        let known = [
            Concept::Refund,
            Concept::Returned,
            Concept::Payment,
            Concept::Item,
            Concept::Customer,
            Concept::Product,
            Concept::Order,
        ];
        known.into_iter().find(|thing| spoken.has(*thing))
    }

    /// Puts first names before the last ones, where both together are the customer.
    fn join_names(&mut self) -> PolarsResult<()> {
        let (Some(given), Some(family)) =
            (self.roles.given_names, self.roles.column(Role::Customer))
        else {
            return Ok(());
        };
        let (first, last) = (self.texts(given)?, self.texts(family)?);
        let names = first.iter().zip(last.iter()).map(|(first, last)| {
            let parts = [first, last].map(|part| text::trim(part.unwrap_or_default()));
            parts.join(" ").trim().to_owned()
        });
        let mut names = names.collect::<StringChunked>().into_column();
        names.rename(self.column(family).name().clone());
        self.frame.replace_column(family, names)?;
        Ok(())
    }

    fn things(&self) -> PolarsResult<Vec<Option<Concept>>> {
        let mut thing = self.thing();
        // A bare number on lines of orders is that of the line.
        if thing == Some(Concept::Order) && self.repeats_orders()? {
            thing = None;
        }
        let columns = self.roles.spoken.iter().zip(&self.roles.facts);
        let ids = columns
            .zip(&self.roles.guesses)
            .map(|((spoken, facts), guess)| {
                match guess.role {
                    Role::Order => return Some(Concept::Order),
                    Role::Customer => return Some(Concept::Customer),
                    _ => {}
                }
                let bare = spoken.has(Concept::Id)
                    && spoken.of_id.is_none()
                    && spoken.concepts.len() == 1
                    && spoken.unknown == 0;
                // `is_repeated_guest` and a customer's segment are told of customers, but name none.
                let unlike = |facts: &Facts| {
                    let points = evidence::customer(spoken, facts);
                    !spoken.has(Concept::Id) && points.is_some_and(|points| points.total() <= 0.0)
                };
                match spoken.of_id {
                    Some(Concept::Customer) if unlike(facts) => None,
                    of_id => of_id.or(if bare { thing } else { None }),
                }
            });
        Ok(ids.collect())
    }

    /// Whether many rows are of the customer and the moment of the row before: lines of one order.
    fn repeats_orders(&self) -> PolarsResult<bool> {
        let places = (
            self.roles.column(Role::Customer),
            self.roles.column(Role::Date),
        );
        let (Some(customer), Some(date)) = places else {
            return Ok(false);
        };
        let (customers, dates) = (self.keys(customer)?, self.texts(date)?);
        let rows = || customers.numbers.iter().zip(dates.iter());
        let again = rows()
            .zip(rows().skip(1))
            .filter(|(row, next)| row == next && *row.0 != NOBODY)
            .count();
        Ok(again as f64 >= MANY_LINES * self.rows() as f64)
    }

    fn orders_or_lines(&self) -> Grain {
        let key = self.order().map(|order| self.is_key(order));
        if matches!(key, Some(Ok(true))) {
            Grain::Orders
        } else {
            Grain::OrderOnLines
        }
    }

    fn find_grain(&self) -> PolarsResult<Grain> {
        let thing = self.thing();
        let whole = self.roles.column(Role::Date).is_some() && self.customer().is_some();
        let named = matches!(thing, Some(Concept::Refund | Concept::Returned));
        let gives_back = named && !self.roles.credits_by_kind
            || self.roles.column(Role::Refund).is_some() && !self.has_money() && !whole;
        let order = self.order();
        let linked = order.is_some() || self.id_of.contains(&Some(Concept::Item));
        if gives_back && linked {
            return Ok(Grain::Refunds);
        }
        if let Some(order) = order {
            let dated = self.roles.column(Role::Date).is_some();
            let whose = self.customer().is_some();
            if thing == Some(Concept::Payment) && !whose {
                return Ok(Grain::Payments);
            }
            if self.is_key(order)? {
                return Ok(if dated || whose {
                    Grain::Orders
                } else {
                    Grain::Other
                });
            }
            return Ok(Grain::Lines);
        }
        if let Some(customer) = self.customer() {
            let dated = self.roles.column(Role::Date).is_some();
            let signed_up = self
                .roles
                .column(Role::Date)
                .is_some_and(|at| self.roles.spoken[at].any(&[Concept::Created, Concept::SignUp]));
            let people = thing == Some(Concept::Customer) || signed_up;
            if self.is_key(customer)? && !self.has_money() && (!dated || people) {
                return Ok(Grain::Customers);
            }
            if dated {
                return Ok(Grain::Lines);
            }
        }
        let product = self
            .id_of
            .iter()
            .position(|of| *of == Some(Concept::Product));
        match product {
            Some(at) if self.is_key(at)? => Ok(Grain::Products),
            _ => Ok(Grain::Other),
        }
    }
}

/// Takes tables with one dated row per person and no money for tables of people, where another table says
/// what they bought: the date is that of a sign-up, whatever it is called.
///
/// # Errors
/// As polars.
pub fn find_people(tables: &mut [Known<'_>]) -> PolarsResult<()> {
    let dated = |table: &Known<'_>| table.roles.column(Role::Date).is_some();
    let mut people = Vec::new();
    let mut bought = false;
    for (at, table) in tables.iter().enumerate() {
        let Some(customer) = table.customer().filter(|_| dated(table)) else {
            continue;
        };
        let one_row_each = table.is_key(customer)?;
        let plain = table.layout.is_none() && table.grain == Grain::Lines && !table.has_money();
        if one_row_each && plain && table.order().is_none() {
            people.push(at);
        }
        bought |= !one_row_each;
    }
    for at in people.into_iter().filter(|_| bought) {
        tables[at].grain = Grain::Customers;
    }
    Ok(())
}

/// An error of polars as one of this layer.
#[must_use]
pub fn unreadable(file: &Sniffed, error: &polars::prelude::PolarsError) -> DataError {
    DataError::Unreadable {
        path: file.input.path().to_path_buf(),
        problem: format!("its table cannot be joined: {error}"),
        advice: "Open the files one by one to see which of them is damaged".to_owned(),
    }
}
