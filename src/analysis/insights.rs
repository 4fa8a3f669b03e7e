//! The lower half of the Overview: what sells and to whom, what became of the orders, how value is
//! spread. Worked out after the numbers that the date scrubber needs.

use rayon::prelude::*;

use super::{
    breakdown::Breakdown,
    breakdown_build::{by_attribute, by_trait},
    concentration::{ValueDistribution, value_distribution},
    customers::Customers,
    lifecycle::{Lifecycle, lifecycle, status_attribute},
};
use base::monitor::{Cancelled, Monitor};
use data::orders::{Attribute, Orders};
use data::values::text;

/// What a column is about; decides where its list stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    Category,
    Product,
    Place,
    Channel,
    /// Anything else, as the data decides.
    Other,
    PaymentType,
    Instalments,
}

/// Parts of folded names that speak for a topic; the first that fits decides.
const PARTS: [(Topic, &[&str]); 6] = [
    (
        Topic::Instalments,
        &[
            "instalment",
            "installment",
            "parcela",
            "cuotas",
            "echeance",
            "ratenzahl",
        ],
    ),
    (
        Topic::PaymentType,
        &[
            "payment",
            "paymethod",
            "zahlungs",
            "zahlart",
            "paiement",
            "pago",
            "pagamento",
            "betaal",
        ],
    ),
    (
        Topic::Category,
        &[
            "category",
            "kategorie",
            "categoria",
            "categorie",
            "department",
            "warengruppe",
            "rubrik",
        ],
    ),
    (
        Topic::Product,
        &[
            "product",
            "produkt",
            "produit",
            "producto",
            "produto",
            "prodotto",
            "artikel",
            "item",
            "brand",
            "marke",
            "sku",
            "stockcode",
            "description",
        ],
    ),
    (
        Topic::Place,
        &[
            "country",
            "land",
            "pays",
            "pais",
            "paese",
            "region",
            "state",
            "city",
            "stadt",
            "ville",
            "ciudad",
            "cidade",
            "bundesland",
        ],
    ),
    (
        Topic::Channel,
        &[
            "channel", "kanal", "canal", "canale", "source", "campaign", "medium", "referrer",
            "device",
        ],
    ),
];

impl Topic {
    /// Judges a column by its name, in the languages that columns are read in.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let folded = text::fold(name);
        let about = |(_, parts): &&(Self, &[&str])| parts.iter().any(|part| folded.contains(part));
        PARTS
            .iter()
            .find(about)
            .map_or(Self::Other, |(topic, _)| *topic)
    }
}

/// Everything the Overview shows below its headline numbers, but for the calendar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Insights {
    /// One per coded column of lines or customers, but for the status: by topic, then as in the data.
    pub breakdowns: Vec<Breakdown>,
    pub lifecycle: Lifecycle,
    pub value: ValueDistribution,
}

impl Insights {
    /// Breakdowns about goods, people and places: not about payment.
    pub fn lists(&self) -> impl Iterator<Item = &Breakdown> {
        let pays = |topic| matches!(topic, Topic::PaymentType | Topic::Instalments);
        self.breakdowns
            .iter()
            .filter(move |breakdown| !pays(Topic::of(&breakdown.name)))
    }

    /// The first breakdown about this topic.
    #[must_use]
    pub fn about(&self, topic: Topic) -> Option<&Breakdown> {
        self.breakdowns
            .iter()
            .find(|breakdown| Topic::of(&breakdown.name) == topic)
    }
}

/// Works out everything from the lines before `customers.as_of`.
///
/// # Errors
/// When cancelled: `monitor` is asked before each column.
pub fn insights(
    orders: &Orders,
    customers: &Customers,
    monitor: &Monitor,
) -> Result<Insights, Cancelled> {
    let status = status_attribute(orders).map(|status| status.name.as_str());
    let mut columns: Vec<(&Attribute, bool)> = orders
        .attributes
        .iter()
        .filter(|attribute| Some(attribute.name.as_str()) != status)
        .map(|attribute| (attribute, true))
        .collect();
    // What the orders say about a customer (a country per order) is nearer to the sale.
    let new = |name: &str| orders.attribute(name).is_none();
    columns.extend(
        orders
            .traits
            .iter()
            .filter(|attribute| new(&attribute.name))
            .map(|attribute| (attribute, false)),
    );
    columns.retain(|(attribute, _)| attribute.values.iter().any(|value| !value.is_empty()));
    columns.sort_by_key(|(attribute, _)| Topic::of(&attribute.name));
    let (breakdowns, (lifecycle, value)) = rayon::join(
        || {
            columns
                .par_iter()
                .map(|&(attribute, of_lines)| {
                    monitor.check()?;
                    Ok(if of_lines {
                        by_attribute(orders, customers, attribute)
                    } else {
                        by_trait(orders, customers, attribute)
                    })
                })
                .collect::<Result<Vec<Breakdown>, Cancelled>>()
        },
        || {
            rayon::join(
                || lifecycle(orders, customers),
                || value_distribution(customers),
            )
        },
    );
    Ok(Insights {
        breakdowns: breakdowns?,
        lifecycle,
        value,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_topics() {
        let expected = [
            ("category", Topic::Category),
            ("product_category_name", Topic::Category),
            ("brand", Topic::Product),
            ("customer_state", Topic::Place),
            ("traffic_source", Topic::Channel),
            ("payment_type", Topic::PaymentType),
            ("payment_installments", Topic::Instalments),
            ("gender", Topic::Other),
        ];
        for (name, topic) in expected {
            assert_eq!(Topic::of(name), topic, "{name}");
        }
    }
}
