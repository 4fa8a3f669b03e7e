//! How a view is looked at: what a scene keeps of it beside the numbers' inputs.
//!
//! Section, order and colours decide no number, so they are no part of the project; but a prepared
//! moment without them would show another page than the one that was prepared.

use super::{States, audiences, data, models, segments};
use crate::action::View;
use project::Look;

/// The choice of this name among all.
fn named<T: Copy>(
    all: &[T],
    name: impl Fn(T) -> &'static str,
    look: &Look,
    key: &str,
) -> Option<T> {
    let wanted = look.get(key)?;
    all.iter().copied().find(|choice| name(*choice) == wanted)
}

/// The section of the Segments view that a scene shows.
#[must_use]
pub fn segments_section(look: &Look) -> segments::Section {
    let all = &segments::Section::ALL;
    named(all, segments::Section::name, look, "section").unwrap_or_default()
}

impl States {
    /// How a view is looked at now.
    #[must_use]
    pub fn look(&self, view: View) -> Look {
        let mut look = Look::new();
        let mut keep = |key: &str, value: &str| look.insert(key.to_owned(), value.to_owned());
        match view {
            View::Data => drop(keep("tab", self.data.tab.name())),
            View::Segments => self.segments.keep_look(&mut look),
            View::Models => drop(keep("tab", self.models.tab.name())),
            View::Customers => self.customers.keep_look(&mut look),
            View::Audiences => drop(keep("section", self.audiences.section.name())),
            View::Start | View::Overview | View::Cohorts => {}
        }
        look
    }

    /// Looks at a view in this way. What is not named, or by a name that is not known any more, stays;
    /// but for the section of the Segments view, which is then the first.
    pub fn take_look(&mut self, view: View, look: &Look) {
        match view {
            View::Data => {
                let tab = named(&data::Tab::ALL, data::Tab::name, look, "tab");
                self.data.tab = tab.unwrap_or(self.data.tab);
            }
            View::Segments => self.segments.take_look(look),
            View::Models => {
                let tab = named(&models::ModelTab::ALL, models::ModelTab::name, look, "tab");
                self.models.tab = tab.unwrap_or(self.models.tab);
            }
            View::Customers => self.customers.take_look(look),
            View::Audiences => {
                let all = &audiences::Section::ALL;
                let section = named(all, audiences::Section::name, look, "section");
                self.audiences.section = section.unwrap_or(self.audiences.section);
            }
            View::Start | View::Overview | View::Cohorts => {}
        }
    }
}

/// "Revenue descending" ↔ column and direction.
pub(super) fn sort_text(column: &str, descending: bool) -> String {
    let way = if descending {
        "descending"
    } else {
        "ascending"
    };
    format!("{column} {way}")
}

/// The other way round of [`sort_text`].
pub(super) fn sort_of(text: &str) -> Option<(&str, bool)> {
    let (column, way) = text.rsplit_once(' ')?;
    match way {
        "descending" => Some((column, true)),
        "ascending" => Some((column, false)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_brings_back_section_order_and_tab() {
        let mut states = States::default();
        states.segments.section = segments::Section::Points;
        states.audiences.section = audiences::Section::Campaign;
        states.models.tab = models::ModelTab::Leakage;
        states.data.tab = data::Tab::Profile;
        let looks: Vec<(View, Look)> = View::ALL.map(|view| (view, states.look(view))).to_vec();
        let mut fresh = States::default();
        for (view, look) in &looks {
            fresh.take_look(*view, look);
            assert_eq!(fresh.look(*view), *look, "{view:?}");
        }
        assert_eq!(fresh.segments.section, segments::Section::Points);
        assert_eq!(segments_section(&looks[4].1), segments::Section::Points);
        assert_eq!(fresh.models.tab, models::ModelTab::Leakage);
        // An older scene names nothing; a newer one may name what is unknown here.
        fresh.take_look(View::Segments, &Look::new());
        assert_eq!(fresh.segments.section, segments::Section::Map);
        let odd = Look::from([("tab".to_owned(), "crystal ball".to_owned())]);
        fresh.take_look(View::Models, &odd);
        assert_eq!(fresh.models.tab, models::ModelTab::Leakage);
    }

    #[test]
    fn orders_are_written_in_words() {
        assert_eq!(
            sort_text("Days since last", true),
            "Days since last descending"
        );
        assert_eq!(
            sort_of("Days since last descending"),
            Some(("Days since last", true))
        );
        assert_eq!(sort_of("Revenue ascending"), Some(("Revenue", false)));
        assert_eq!(sort_of("Revenue"), None);
    }
}
