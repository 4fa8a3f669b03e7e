//! Orders, products and users as the order items look them up.

use crate::{
    data::lines::stage::StagedAttribute, data::orders::PoolFull, data::table::small::SmallTable,
    data::values::dates, data::values::intern::Interner, data::values::text,
};

/// Stand where a key has no code: nobody asks for it, or somebody does.
const UNUSED: u32 = u32::MAX;
const USED: u32 = u32::MAX - 1;

/// A table that is looked up by its key.
#[derive(Default)]
pub(super) struct Side {
    pub(super) tables: Vec<SmallTable>,
    keys: Interner,
    /// Table and row of each key: the first row that has it.
    pub(super) places: Vec<(u32, u32)>,
    /// Rows whose key stands further up.
    pub(super) repeated: u64,
}

impl Side {
    pub(super) fn new(tables: Vec<SmallTable>, key: &str) -> Result<Self, PoolFull> {
        let (mut keys, mut places, mut repeated) = (Interner::default(), Vec::new(), 0);
        for (at, table) in tables.iter().enumerate() {
            let Some(column) = table.find(key) else {
                continue;
            };
            for row in 0..table.rows {
                let id = text::tidy_id(table.cell(row, column));
                if dates::is_missing(id) {
                    continue;
                }
                if keys.intern(id)? as usize == places.len() {
                    places.push((at as u32, row as u32));
                } else {
                    repeated += 1;
                }
            }
        }
        Ok(Self {
            tables,
            keys,
            places,
            repeated,
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    pub(super) fn find(&self, key: &str) -> Option<usize> {
        self.keys.find(key).map(|number| number as usize)
    }

    /// Position of a column in each table.
    pub(super) fn columns(&self, folded: &str) -> Vec<Option<usize>> {
        let tables = self.tables.iter();
        tables.map(|table| table.find(folded)).collect()
    }

    /// The values of a column for some keys, in the order of these, added to an attribute.
    ///
    /// Cells are looked at in the order in which their file holds them: fetching them in the order of
    /// the keys would wait for memory each time.
    pub(super) fn code(
        &self,
        numbers: &[Option<usize>],
        folded: &str,
        attribute: &mut StagedAttribute,
    ) -> Result<(), PoolFull> {
        if attribute.gave_up {
            return Ok(());
        }
        let columns = self.columns(folded);
        let mut codes = vec![UNUSED; self.places.len()];
        let mut nothing = UNUSED;
        for number in numbers {
            match number {
                Some(number) => codes[*number] = USED,
                None => nothing = USED,
            }
        }
        if nothing == USED {
            nothing = attribute.values.intern("")?;
        }
        for (number, code) in codes.iter_mut().enumerate() {
            if *code == USED {
                *code = attribute.values.intern(self.cell(Some(number), &columns))?;
                attribute.give_up_if_too_wide();
                if attribute.gave_up {
                    return Ok(());
                }
            }
        }
        for number in numbers {
            attribute
                .codes
                .push(number.map_or(nothing, |number| codes[number]));
        }
        Ok(())
    }

    /// The cell of a key, "" when there is no such key or column, or nothing in it.
    pub(super) fn cell(&self, number: Option<usize>, columns: &[Option<usize>]) -> &str {
        let Some((table, row)) = number.map(|number| self.places[number]) else {
            return "";
        };
        let table = table as usize;
        let cell = self.tables[table].text(row as usize, columns[table]);
        if dates::is_missing(cell) { "" } else { cell }
    }
}
