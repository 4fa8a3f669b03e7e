//! Which column means what: guessed by name in seven languages, checked and completed by content.
//!
//! Every guess carries its reason, and every one can be overridden ([`ReadOptions::roles`]).
//!
//! [`ReadOptions::roles`]: crate::data::dataset::options::ReadOptions::roles

mod content;

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::{
    data::dataset::Role,
    data::roles::synonyms::{self, Named},
    data::values::text::fold,
};
pub use content::{Content, Sample};

/// A guessed role and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    pub role: Role,
    pub reason: String,
}

impl Guess {
    pub fn new(role: Role, reason: impl Into<String>) -> Self {
        Self {
            role,
            reason: reason.into(),
        }
    }
}

/// Guesses a role for every column; `overrides` (column name → role) win.
#[must_use]
pub fn guess(samples: &[Sample], overrides: &BTreeMap<String, Role>) -> Vec<Guess> {
    let mut board = Board {
        folded: samples.iter().map(|sample| fold(&sample.name)).collect(),
        content: samples
            .par_iter()
            .with_max_len(1)
            .map(Content::of)
            .collect(),
        guesses: samples
            .iter()
            .map(|sample| {
                overrides
                    .get(&sample.name)
                    .map(|&role| Guess::new(role, "chosen by you"))
            })
            .collect(),
        samples,
    };
    board.by_name(Role::Date, Content::can_be_date);
    board.by_name(Role::Amount, Content::can_be_number);
    board.by_name(Role::Quantity, Content::can_be_number);
    board.by_name(Role::UnitPrice, Content::can_be_number);
    board.by_name(Role::Customer, |content| {
        content.dates < 0.5 || content.numbers >= 0.5
    });
    board.by_name(Role::Order, |content| {
        content.dates < 0.5 || content.numbers >= 0.5
    });
    board.statuses();
    board.date_by_content();
    board.price_alone();
    board.amount_by_content();
    board.customer_by_content();
    board.redundant_money();
    board.finish()
}

/// Guesses in the making.
struct Board<'a> {
    samples: &'a [Sample],
    folded: Vec<String>,
    content: Vec<Content>,
    guesses: Vec<Option<Guess>>,
}

impl Board<'_> {
    fn has(&self, role: Role) -> bool {
        self.guesses
            .iter()
            .flatten()
            .any(|guess| guess.role == role)
    }

    fn position(&self, role: Role) -> Option<usize> {
        self.guesses
            .iter()
            .position(|guess| guess.as_ref().is_some_and(|guess| guess.role == role))
    }

    /// Gives the role to the free column with the best-known name. A column whose content fits comes
    /// first; one whose content does not fit is still taken, so that the report can say what is
    /// wrong with it.
    fn by_name(&mut self, role: Role, fits: impl Fn(&Content) -> bool) {
        if self.has(role) {
            return;
        }
        let rank = |index: &usize| {
            let named = synonyms::rank(role, &self.folded[*index])?;
            Some((!fits(&self.content[*index]), named, *index))
        };
        let best = (0..self.samples.len())
            .filter(|&index| self.guesses[index].is_none())
            .filter_map(|index| rank(&index))
            .filter(|(unfit, named, _)| !unfit || matches!(named, Named::Exactly(_)))
            .min();
        if let Some((_, named, index)) = best {
            let name = &self.samples[index].name;
            let reason = match named {
                Named::Exactly(_) => format!("named `{name}`"),
                Named::Partly(_) => format!("its name `{name}` speaks of it"),
            };
            self.guesses[index] = Some(Guess::new(role, reason));
        }
    }

    /// A status in words, and dates that mean "returned".
    fn statuses(&mut self) {
        for index in 0..self.samples.len() {
            if self.guesses[index].is_some() {
                continue;
            }
            let name = &self.samples[index].name;
            if synonyms::is_return_date(&self.folded[index]) {
                let reason = format!("named `{name}`: a value here means the line was returned");
                self.guesses[index] = Some(Guess::new(Role::Status, reason));
            }
        }
        let returned = self.position(Role::Status);
        if let Some(index) = returned
            && self.samples.len() > 1
        {
            // `by_name` gives a role once; a return date beside a status is a second one.
            let kept = self.guesses[index].take();
            self.by_name(Role::Status, |content| {
                content.dates < 0.5 && content.numbers < 0.5
            });
            if self.guesses[index].is_none() {
                self.guesses[index] = kept;
            }
        } else {
            self.by_name(Role::Status, |content| {
                content.dates < 0.5 && content.numbers < 0.5
            });
        }
    }

    fn date_by_content(&mut self) {
        if self.has(Role::Date) {
            return;
        }
        let best = self
            .free()
            .filter(|&index| self.content[index].filled > 0 && self.content[index].dates >= 0.8)
            .max_by(|&a, &b| {
                let key = |index: usize| (self.content[index].dates, self.content[index].numbers);
                let ((a_dates, a_numbers), (b_dates, b_numbers)) = (key(a), key(b));
                // Plain integers may be dates by chance: prefer what can only be a date, then the first.
                a_dates
                    .total_cmp(&b_dates)
                    .then(b_numbers.total_cmp(&a_numbers))
                    .then(b.cmp(&a))
            });
        if let Some(index) = best {
            let guess = Guess::new(Role::Date, "the first column that holds dates");
            self.guesses[index] = Some(guess);
        }
    }

    /// A price without a quantity is the amount of its line.
    fn price_alone(&mut self) {
        if self.has(Role::Amount) || self.has(Role::Quantity) {
            return;
        }
        if let Some(index) = self.position(Role::UnitPrice)
            && let Some(guess) = &mut self.guesses[index]
            && guess.reason != "chosen by you"
        {
            guess.role = Role::Amount;
            guess
                .reason
                .push_str("; there is no quantity, so it is the amount");
        }
    }

    fn amount_by_content(&mut self) {
        if self.has(Role::Amount) || (self.has(Role::UnitPrice) && self.has(Role::Quantity)) {
            return;
        }
        let best = self
            .free()
            .filter(|&index| {
                let content = &self.content[index];
                content.numbers >= 0.8 && content.decimals >= 0.3 && content.dates < 0.8
            })
            .max_by(|&a, &b| {
                let key = |index: usize| self.content[index].decimals;
                key(a).total_cmp(&key(b)).then(a.cmp(&b))
            });
        if let Some(index) = best {
            let guess = Guess::new(Role::Amount, "the column that holds decimal numbers");
            self.guesses[index] = Some(guess);
        }
    }

    /// Without a name that says so, an id is a column of whole numbers or codes that repeat.
    fn customer_by_content(&mut self) {
        let named = self
            .samples
            .iter()
            .all(|sample| !sample.name.starts_with("column "));
        if self.has(Role::Customer) || named {
            return;
        }
        let best = self.free().find(|&index| {
            let content = &self.content[index];
            content.filled > 0 && content.dates < 0.8 && content.decimals == 0.0
        });
        if let Some(index) = best {
            let guess = Guess::new(Role::Customer, "the first column of ids");
            self.guesses[index] = Some(guess);
        }
    }

    /// With an amount, the unit price is not needed (the quantity's sign still tells credits).
    fn redundant_money(&mut self) {
        if !self.has(Role::Amount) {
            return;
        }
        if let Some(index) = self.position(Role::UnitPrice)
            && let Some(guess) = &mut self.guesses[index]
            && guess.reason != "chosen by you"
        {
            *guess = Guess::new(Role::Ignored, "the amount column already holds the money");
        }
    }

    fn free(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.samples.len()).filter(|&index| self.guesses[index].is_none())
    }

    fn finish(self) -> Vec<Guess> {
        self.guesses
            .into_iter()
            .map(|guess| {
                // Whether an attribute is fit to group by is decided when all rows have been read.
                guess.unwrap_or_else(|| Guess::new(Role::Attribute, "few distinct values"))
            })
            .collect()
    }
}

/// Something an order log cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    pub role: Role,
    /// "the customer"
    pub name: &'static str,
    /// Names that would have been understood.
    pub expected: &'static str,
}

/// What an order log cannot do without.
pub const NEEDS: [Need; 3] = [
    Need {
        role: Role::Customer,
        name: "the customer",
        expected: "a column such as customer_id, CustomerID or Kundennummer",
    },
    Need {
        role: Role::Date,
        name: "the order date",
        expected: "a column such as order_date, InvoiceDate or Bestelldatum",
    },
    Need {
        role: Role::Amount,
        name: "the amount",
        expected: "a column such as amount, total or Betrag, or both UnitPrice and Quantity",
    },
];

/// The needs these roles do not meet; unit price and quantity together stand for the amount.
#[must_use]
pub fn missing(roles: &[Role]) -> Vec<Need> {
    let priced = roles.contains(&Role::UnitPrice) && roles.contains(&Role::Quantity);
    let met = |need: &Need| roles.contains(&need.role) || (need.role == Role::Amount && priced);
    NEEDS.into_iter().filter(|need| !met(need)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn price_and_quantity_stand_for_the_amount() {
        use Role::{Amount, Attribute, Customer, Date, Quantity, UnitPrice};
        let names =
            |roles: &[Role]| -> Vec<_> { missing(roles).iter().map(|need| need.name).collect() };
        assert_eq!(names(&[Customer, Date, Amount]), [""; 0]);
        assert_eq!(names(&[UnitPrice, Date, Customer, Quantity]), [""; 0]);
        assert_eq!(
            names(&[UnitPrice, Attribute]),
            ["the customer", "the order date", "the amount"]
        );
    }

    fn roles(columns: &[(&str, &str)]) -> Vec<Role> {
        let samples: Vec<Sample> = columns
            .iter()
            .map(|(name, cell)| Sample {
                name: (*name).to_owned(),
                cells: [*cell].into_iter().collect(),
            })
            .collect();
        guess(&samples, &BTreeMap::new())
            .into_iter()
            .map(|guess| guess.role)
            .collect()
    }

    #[test]
    fn english_names() {
        use Role::{
            Amount, Attribute, Customer, Date, Ignored, Order, Quantity, Status, UnitPrice,
        };
        assert_eq!(
            roles(&[
                ("InvoiceNo", "536365"),
                ("StockCode", "85123A"),
                ("Description", "HEART"),
                ("Quantity", "6"),
                ("InvoiceDate", "12/1/2010 8:26"),
                ("UnitPrice", "2.55"),
                ("CustomerID", "17850.0"),
                ("Country", "United Kingdom"),
            ]),
            [
                Order, Attribute, Attribute, Quantity, Date, UnitPrice, Customer, Attribute
            ]
        );
        assert_eq!(
            roles(&[
                ("order_id", "O1"),
                ("customer_id", "C1"),
                ("order_date", "2024-01-01"),
                ("amount", "3.5"),
                ("price", "3.5"),
                ("status", "complete"),
                ("returned_at", ""),
            ]),
            [Order, Customer, Date, Amount, Ignored, Status, Status]
        );
    }

    #[test]
    fn names_in_other_languages() {
        use Role::{Amount, Customer, Date, Order, Quantity, UnitPrice};
        for (columns, expected) in [
            (
                [
                    ("Kundennummer", "1"),
                    ("Bestellnummer", "2"),
                    ("Bestelldatum", "01.02.2024"),
                    ("Betrag", "3,50"),
                ],
                [Customer, Order, Date, Amount],
            ),
            (
                [
                    ("Numéro client", "1"),
                    ("N° commande", "2"),
                    ("Date de commande", "01/02/2024"),
                    ("Montant", "3,50"),
                ],
                [Customer, Order, Date, Amount],
            ),
            (
                [
                    ("ID cliente", "1"),
                    ("Fecha de pedido", "01/02/2024"),
                    ("Precio unitario", "3,5"),
                    ("Cantidad", "2"),
                ],
                [Customer, Date, UnitPrice, Quantity],
            ),
            (
                [
                    ("cliente", "1"),
                    ("data do pedido", "01/02/2024"),
                    ("valor total", "3,5"),
                    ("pedido", "2"),
                ],
                [Customer, Date, Amount, Order],
            ),
            (
                [
                    ("Klantnummer", "1"),
                    ("Besteldatum", "01-02-2024"),
                    ("Bedrag", "3,5"),
                    ("Ordernummer", "2"),
                ],
                [Customer, Date, Amount, Order],
            ),
            (
                [
                    ("Codice cliente", "1"),
                    ("Data ordine", "01/02/2024"),
                    ("Importo", "3,5"),
                    ("Numero ordine", "2"),
                ],
                [Customer, Date, Amount, Order],
            ),
        ] {
            assert_eq!(roles(&columns), expected, "{columns:?}");
        }
    }

    #[test]
    fn content_decides_without_names() {
        use Role::{Amount, Customer, Date};
        assert_eq!(
            roles(&[
                ("column 1", "7"),
                ("column 2", "2024-01-03"),
                ("column 3", "25.50")
            ]),
            [Customer, Date, Amount]
        );
    }

    #[test]
    fn the_user_decides_over_names() {
        let samples = [("customer_id", "1"), ("account", "2")].map(|(name, cell)| Sample {
            name: name.to_owned(),
            cells: [cell].into_iter().collect(),
        });
        let overrides = BTreeMap::from([("account".to_owned(), Role::Customer)]);
        let guesses = guess(&samples, &overrides);
        assert_eq!(guesses[1], Guess::new(Role::Customer, "chosen by you"));
        assert_eq!(guesses[0].role, Role::Attribute);
    }
}
