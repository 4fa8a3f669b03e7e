//! Ids of joined tables → numbers.
//!
//! An [`Interner`] with the names of a join. Ids of 32 hexadecimal digits were once looked up as numbers: of
//! a set of half a million such rows that saved 15 ms.

use crate::{data::orders::PoolFull, data::values::intern::Interner};

/// Distinct ids; each has a number, ascending in the order in which they first came.
#[derive(Clone, Debug, Default)]
pub struct Lookup(Interner);

impl Lookup {
    /// Makes room for so many ids, going by how long the first one is.
    pub fn reserve(&mut self, ids: usize, first: &str) {
        self.0.reserve(ids, ids * first.len());
    }

    /// The number of an id, new or known.
    ///
    /// # Errors
    /// [`PoolFull`] when there are more than 4 G ids, or 4 GiB of them.
    #[inline]
    pub fn number(&mut self, id: &str) -> Result<u32, PoolFull> {
        self.0.intern(id)
    }

    /// The number of a known id.
    #[must_use]
    #[inline]
    pub fn find(&self, id: &str) -> Option<usize> {
        self.0.find(id).map(|number| number as usize)
    }

    /// How many ids there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
