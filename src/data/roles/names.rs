//! Names that mean a role by themselves: nothing in them speaks of something else.

use crate::{
    dataset::Role,
    roles::vocabulary::{concept::Concept, spoken, words},
};

/// Whether a name means this role and nothing else, whatever the column holds.
#[must_use]
pub fn means(role: Role, name: &str) -> bool {
    use Concept::{
        Amount, Clock, Count, Created, Date, Id, Item, Line, ListPrice, Order, Payment, Price,
        Product, Purchase, Quantity, Subtotal, Unit,
    };
    let spoken = spoken(name);
    let (needs, may): (&[Concept], &[Concept]) = match role {
        Role::Customer => return spoken.of_id == Some(Concept::Customer),
        Role::Order => return spoken.of_id == Some(Concept::Order),
        Role::Status => return status_rank(name).is_some(),
        Role::Date => (
            &[Date, Created],
            &[
                Date,
                Created,
                Clock,
                Purchase,
                Order,
                Payment,
                Amount,
                Concept::CalendarPart,
                Id,
            ],
        ),
        Role::Amount => (
            &[Amount],
            &[
                Amount, Purchase, Order, Line, Item, Payment, Price, Subtotal, Count,
            ],
        ),
        Role::UnitPrice => (
            &[Price],
            &[Price, Unit, ListPrice, Item, Product, Concept::Cost],
        ),
        Role::Quantity => (
            &[Quantity, Count, Unit],
            &[Quantity, Count, Unit, Item, Product, Order, Purchase],
        ),
        _ => return false,
    };
    spoken.unknown == 0
        && spoken.any(needs)
        && spoken.of_id.is_none()
        && spoken.concepts.iter().all(|concept| may.contains(concept))
}

/// How well a name says what became of an order, the best first: of the whole order, of an item, of the
/// goods, of the money. `None` for a status of anything else.
#[must_use]
pub fn status_rank(name: &str) -> Option<u8> {
    let spoken = spoken(name);
    let known = [
        (0, &[Concept::Status, Concept::Order][..]),
        (1, &[Concept::Line, Concept::Item]),
        (2, &[Concept::Delivery, Concept::Shipping]),
        (3, &[Concept::Payment, Concept::Amount, Concept::Purchase]),
    ];
    let rank = |concept: &Concept| {
        let known = known
            .iter()
            .find(|(_, concepts)| concepts.contains(concept));
        known.map(|(rank, _)| *rank)
    };
    if !spoken.has(Concept::Status) {
        return None;
    }
    let mut concepts = spoken.concepts.iter();
    concepts.try_fold(0, |most, concept| Some(rank(concept)?.max(most)))
}

/// Whether any value in a column of this name means that the line came back.
#[must_use]
pub fn is_return_date(name: &str) -> bool {
    let spoken = spoken(name);
    spoken.has(Concept::Date)
        && spoken.any(&[Concept::Returned, Concept::Cancelled, Concept::Refund])
}

/// Whether a yes in a column of this name means that the order is only a test.
#[must_use]
pub fn is_test_flag(folded: &str) -> bool {
    let names = [
        "test",
        "istest",
        "testorder",
        "istestorder",
        "testmode",
        "testbestellung",
        "isdraft",
    ];
    names.contains(&folded)
}

/// Whether a column of this name says what each row is: a sale, a refund, a fee.
#[must_use]
pub fn is_kind_of_row(folded: &str) -> bool {
    let names = [
        "type",
        "transactiontype",
        "recordtype",
        "linetype",
        "rowtype",
        "entrytype",
        "documenttype",
        "kind",
        "transactionkind",
        "typ",
        "art",
        "belegart",
        "vorgangsart",
        "tipo",
        "direction",
        "richtung",
        "sens",
        "movement",
        "operation",
    ];
    names.contains(&folded)
}

/// Whether whole numbers in a column of this name are codes to group by, not measurements.
#[must_use]
pub fn is_code(name: &str) -> bool {
    let spoken = spoken(name);
    let group = words(name)
        .last()
        .is_some_and(|word| ["zip", "plz", "class", "segment"].contains(&word.as_str()));
    spoken.has(Concept::Id) || group
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_means_one_role_or_none() {
        let means_alone = |name| {
            let roles = Role::ALL.into_iter().filter(|role| means(*role, name));
            roles.collect::<Vec<_>>()
        };
        for (name, role) in [
            ("Kundennummer", Role::Customer),
            ("order_id", Role::Order),
            ("Bestelldatum", Role::Date),
            ("created_at", Role::Date),
            ("Umsatz", Role::Amount),
            ("total_price", Role::Amount),
            ("Stückpreis", Role::UnitPrice),
            ("Menge", Role::Quantity),
            ("estado del pedido", Role::Status),
        ] {
            assert_eq!(means_alone(name), [role], "{name}");
        }
        for name in ["signup_date", "lifetime_value", "marital_status", "color"] {
            assert_eq!(means_alone(name), [], "{name}");
        }
    }

    #[test]
    fn statuses_return_dates_and_codes() {
        let ranks = [
            "order_status",
            "item_status",
            "Fulfillment Status",
            "payment_status",
        ];
        assert_eq!(ranks.map(status_rank), [Some(0), Some(1), Some(2), Some(3)]);
        assert!(
            ["returned_at", "Retourdatum"]
                .iter()
                .all(|name| is_return_date(name))
        );
        assert!(!is_return_date("order_date"));
        assert!(
            ["zip", "product_code", "segment"]
                .iter()
                .all(|name| is_code(name))
        );
        assert!(!is_code("weight"));
    }
}
