//! What the words of a header speak of, in many languages.
//!
//! A header is cut into words (`orderItemID`, `Buy Ts`, `Ventes nettes`, `price_usd`), each word or
//! compound speaks of [`Concept`]s, and the last noun of a name weighs most: `order_item_id` is the id of
//! an item, `item_order_id` that of an order.

/// Something a header may speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
}

/// What a header speaks of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spoken {
    /// Concepts of its words, in their order; a word may speak of several.
    pub concepts: Vec<Concept>,
    /// The concepts of its head word: the last noun in English and German (`Kundennummer`), the first
    /// in French, Spanish, Portuguese and Italian (`numéro de commande`).
    pub head: Vec<Concept>,
    /// Words that speak of nothing known.
    pub unknown: usize,
}

impl Spoken {
    #[must_use]
    pub fn has(&self, concept: Concept) -> bool {
        self.concepts.contains(&concept)
    }

    #[must_use]
    pub fn any(&self, concepts: &[Concept]) -> bool {
        concepts.iter().any(|concept| self.has(*concept))
    }
}

/// The words of a header: cut at signs, blanks, changes of case and between letters and digits;
/// lower case, without accents.
#[must_use]
pub fn words(_name: &str) -> Vec<String> {
    Vec::new()
}

/// What a header speaks of.
#[must_use]
pub fn spoken(_name: &str) -> Spoken {
    Spoken::default()
}
