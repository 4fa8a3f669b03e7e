//! What the columns of an Olist set are.

use crate::{data::dataset::Role, data::roles::mapping::Guess, data::table::small::SmallTable};

/// Says how the columns of the orders file were read.
pub(super) fn describe(table: &mut SmallTable, format: &str, remark: Option<String>) {
    let roles = [
        (
            "order_id",
            Role::Order,
            "the key that joins payments and items",
        ),
        (
            "customer_id",
            Role::Customer,
            "joined to the customers file; the person is customer_unique_id",
        ),
        (
            "order_status",
            Role::Status,
            "delivered orders are kept sales",
        ),
        (
            "order_purchase_timestamp",
            Role::Date,
            "the day of purchase",
        ),
        (
            "order_delivered_carrier_date",
            Role::Ignored,
            "when the order was shipped",
        ),
        (
            "order_delivered_customer_date",
            Role::Ignored,
            "when the order was delivered",
        ),
    ];
    set_roles(table, &roles);
    if let Some(at) = table.read.column(Role::Date) {
        format.clone_into(&mut table.read.formats[at]);
    }
    table.read.remarks.extend(remark);
}

/// Says what the columns of these names were read as.
pub(super) fn set_roles(table: &mut SmallTable, roles: &[(&str, Role, &str)]) {
    let names = table.read.dialect.names.iter();
    for (name, guess) in names.zip(&mut table.read.guesses) {
        if let Some((_, role, reason)) = roles.iter().find(|(known, _, _)| known == name) {
            *guess = Guess::new(*role, *reason);
        }
    }
}

/// Columns beside the orders file that end up in the orders.
pub(super) const USED: &[(&str, Role, &str)] = &[
    ("order_id", Role::Order, "joined to the orders file"),
    (
        "payment_value",
        Role::Amount,
        "the payments of an order add up to its amount",
    ),
    (
        "payment_type",
        Role::Attribute,
        "that of the largest payment",
    ),
    (
        "payment_installments",
        Role::Attribute,
        "that of the largest payment",
    ),
    (
        "review_score",
        Role::Attribute,
        "that of the order's latest review",
    ),
    (
        "customer_unique_id",
        Role::Customer,
        "the person behind all their orders",
    ),
    (
        "customer_state",
        Role::Attribute,
        "where the customer lives",
    ),
    ("customer_city", Role::Attribute, "where the customer lives"),
    (
        "product_category_name",
        Role::Attribute,
        "that of the order's most expensive item",
    ),
    (
        "product_category_name_english",
        Role::Attribute,
        "that of the order's most expensive item",
    ),
    (
        "seller_state",
        Role::Attribute,
        "that of the order's most expensive item",
    ),
];
