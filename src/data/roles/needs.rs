//! What a table of orders cannot do without.

use crate::{
    dataset::{Role, error::DataError},
    roles::sniffed::Sniffed,
    values::text,
};

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
pub const NEEDS: [Need; 2] = [
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
];

/// The needs these roles do not meet; an e-mail address can stand for the customer.
#[must_use]
pub fn missing(roles: &[Role]) -> Vec<Need> {
    let met = |need: &Need| {
        roles.contains(&need.role) || need.role == Role::Customer && roles.contains(&Role::Contact)
    };
    NEEDS.into_iter().filter(|need| !met(need)).collect()
}

/// Says which column a file lacks.
#[must_use]
pub fn missing_column(file: &Sniffed, roles: &[Role]) -> DataError {
    let need = missing(roles).first().copied().unwrap_or(NEEDS[0]);
    DataError::MissingColumn {
        path: file.input.path().to_path_buf(),
        role: need.name.to_owned(),
        expected: need.expected.to_owned(),
        found: text::quoted(&file.dialect.names),
        advice: "Say which column it is, or add it to the file".to_owned(),
    }
}
