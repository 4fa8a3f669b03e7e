//! What the words of a header can speak of, and how they stand in a name.

use serde::Deserialize;

/// Something a header may speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub enum Concept {
    // Who and which.
    Customer,
    Order,
    Item,
    Product,
    Id,
    Email,
    Phone,
    /// Name of a person, firm or thing.
    Name,
    // When.
    Date,
    /// Bought, ordered, paid, invoiced: the moment of the sale.
    Purchase,
    /// A time of day alone.
    Clock,
    /// Shipped, delivered, picked up, due, estimated.
    Delivery,
    Returned,
    Cancelled,
    Birth,
    /// Launched, released, first sold.
    Launch,
    Updated,
    /// Signed up, registered, joined.
    SignUp,
    /// Expires, ends, valid until.
    Expiry,
    /// Made, added, entered into the system: of an order the moment of the sale, of a customer the sign-up.
    Created,
    // Money.
    /// Amount, total, revenue, sales, value, paid.
    Amount,
    Price,
    /// "Unit", "each", "per piece" beside a price.
    Unit,
    /// Of one line or item.
    Line,
    /// Before something is taken off or added: subtotal.
    Subtotal,
    Tax,
    Shipping,
    Fee,
    Tip,
    Cost,
    Discount,
    Coupon,
    Refund,
    Balance,
    /// List, standard, recommended, compare-at price.
    ListPrice,
    /// Margin, profit, contribution.
    Margin,
    Currency,
    /// An exchange rate, a rate, a per cent.
    Rate,
    Quantity,
    Payment,
    // What became of it.
    Status,
    /// First, last, previous, next.
    FirstOrLast,
    /// Average, mean, median, maximum, score, per month.
    Summary,
    /// Number of, count, how many.
    Count,
    /// Lifetime, total ever, since the beginning, churn, loyalty, recency, frequency, tenure.
    Lifetime,
    // What a customer or product is like: never money, never an order.
    /// Age, gender, income, education, household size…
    Person,
    /// City, country, zip, address, region, state, store, coordinates.
    Place,
    /// Weight, length, height, photos…
    Measure,
    /// Year, month, week, weekday, hour as a number.
    CalendarPart,
    /// Kind, category, brand, group, department, method.
    Category,
    /// Source, campaign, device, website.
    Channel,
    /// Seller, vendor, supplier, manufacturer: not who buys.
    Seller,
    /// Employee, cashier, agent.
    Staff,
    /// Description, note, tags, link.
    Text,
}

/// How a word stands in a name: only nouns can be its head where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Speech {
    Noun,
    Adjective,
    /// `of`, `de`, `per`: what follows tells more about the noun before.
    Link,
    /// Articles and the like: as if not there.
    Filler,
}

/// What a word speaks of.
#[derive(Clone, Debug)]
pub struct Known {
    pub speech: Speech,
    pub concepts: Vec<Concept>,
    /// Known in a language whose names begin, or end, with their head.
    pub first: bool,
    pub last: bool,
}

impl Known {
    pub fn plain(speech: Speech, concepts: &[Concept]) -> Self {
        Self {
            speech,
            concepts: concepts.to_vec(),
            first: false,
            last: false,
        }
    }

    pub fn main(&self) -> Option<Concept> {
        self.concepts.first().copied()
    }
}

/// A part of a name.
pub struct Part {
    /// `None` for a word that no table holds.
    pub known: Option<Known>,
    /// Says nothing: an article, or digits.
    pub silent: bool,
}

impl Part {
    pub fn of(known: Known) -> Self {
        Self {
            silent: known.speech == Speech::Filler,
            known: Some(known),
        }
    }

    pub fn main(&self) -> Option<Concept> {
        self.known.as_ref().and_then(Known::main)
    }

    pub fn speaks(&self, concept: Concept) -> bool {
        let known = self.known.as_ref();
        known.is_some_and(|known| known.concepts.contains(&concept))
    }

    pub fn is(&self, speech: Speech) -> bool {
        self.known
            .as_ref()
            .is_some_and(|known| known.speech == speech)
    }
}
