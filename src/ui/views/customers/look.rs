//! What a scene keeps of the customer list: its order and the search.

use super::{State, columns::Column};
use crate::views::look::{sort_of, sort_text};
use project::Look;

impl State {
    /// Order and search, for a scene.
    pub(in crate::views) fn keep_look(&self, look: &mut Look) {
        let sort = sort_text(self.sort.title(), self.descending);
        look.insert("sort".to_owned(), sort);
        look.insert("search".to_owned(), self.search.clone());
    }

    /// The other way round of [`Self::keep_look`].
    pub(in crate::views) fn take_look(&mut self, look: &Look) {
        let sort = look.get("sort").and_then(|text| sort_of(text));
        if let Some((title, descending)) = sort
            && let Some(column) = Column::ALL.into_iter().find(|known| known.title() == title)
        {
            (self.sort, self.descending) = (column, descending);
        }
        if let Some(search) = look.get("search") {
            self.search.clone_from(search);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_search_come_back() {
        let state = State {
            sort: Column::Recency,
            descending: false,
            search: "000".to_owned(),
            ..State::default()
        };
        let mut look = Look::new();
        state.keep_look(&mut look);
        assert_eq!(look["sort"], "Days since last ascending");
        let mut fresh = State::default();
        fresh.take_look(&look);
        assert_eq!((fresh.sort, fresh.descending), (Column::Recency, false));
        assert_eq!(fresh.search, "000");
    }
}
