//! Single values as they are read now: for the preview beside each column.

use crate::{
    dataset::options::{DateOrder, ReadOptions},
    dataset::{ColumnReading, Role},
    day::Day,
    lines::marks::{StatusKind, status_mark},
    lines::stage::mark,
    values::dates::{self, DateColumn, Form, MISSING, UNREADABLE, Zone},
    values::numbers::{self, Decimal, Evidence},
    values::text,
};

/// What a cell says under the role of its column.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Missing,
    /// The cell does not hold what its role asks for.
    Unreadable,
    Text(String),
    Day(Day),
    Number(f64),
    /// A status that says whether the sale was kept.
    Kept(bool),
}

/// Reads one cell as its column is read.
#[must_use]
pub fn value(column: &ColumnReading, cell: &str, options: &ReadOptions) -> Value {
    let trimmed = text::trim(cell);
    let missing = dates::is_missing(trimmed);
    match column.role {
        Role::Status if StatusKind::of(&column.name) == StatusKind::ReturnDate => {
            Value::Kept(missing)
        }
        _ if missing => Value::Missing,
        Role::Date => day(column, trimmed, options),
        Role::Amount | Role::UnitPrice | Role::Quantity | Role::Refund | Role::Discount => {
            let comma = column.format == Decimal::Comma.format();
            let decimal = if comma {
                Decimal::Comma
            } else {
                Decimal::Point
            };
            let number = numbers::read(trimmed, decimal, &mut Evidence::default());
            if number.is_nan() {
                Value::Unreadable
            } else {
                Value::Number(number)
            }
        }
        Role::Status => Value::Kept(
            status_mark(trimmed, StatusKind::of(&column.name)) & (mark::NOT_KEPT | mark::UNPAID)
                == 0,
        ),
        Role::Customer | Role::Order => Value::Text(text::tidy_id(trimmed).to_owned()),
        Role::Attribute | Role::Currency | Role::Contact | Role::Ignored => {
            Value::Text(trimmed.to_owned())
        }
    }
}

fn day(column: &ColumnReading, cell: &str, options: &ReadOptions) -> Value {
    let order = options.date_order.or(dates::order_in(&column.format));
    let zone = Zone::named(options.zone_name()).unwrap_or_default();
    let mut reader = DateColumn::in_form(Form::in_format(&column.format), zone, 1);
    reader.push(cell);
    match reader.finish(order).days.first() {
        Some(&UNREADABLE) | None => Value::Unreadable,
        Some(&MISSING) => Value::Missing,
        Some(&day) => Value::Day(day),
    }
}

/// A date of the column that fits both orders, with its day/month and its month/day reading. The
/// order is a question only where dates are written with numbers in one of the two orders.
#[must_use]
pub fn either_date<'a>(
    column: &ColumnReading,
    cells: impl Iterator<Item = &'a str>,
) -> Option<(&'a str, Day, Day)> {
    dates::order_in(&column.format)?;
    let mut both = cells.filter_map(|cell| {
        let (day_first, month_first) = dates::both_readings(cell)?;
        Some((text::trim(cell), day_first, month_first))
    });
    both.next()
}

/// The order of day and month in use for a column, if it has one.
#[must_use]
pub fn order_in_use(column: &ColumnReading) -> Option<DateOrder> {
    dates::order_in(&column.format)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::parse_iso;

    fn column(role: Role, format: &str) -> ColumnReading {
        ColumnReading {
            name: "c".to_owned(),
            role,
            reason: String::new(),
            chosen: false,
            format: format.to_owned(),
        }
    }

    #[test]
    fn values_are_read_as_their_column_is() {
        let options = ReadOptions::default();
        let date = |text| Value::Day(parse_iso(text).unwrap());
        let american = column(Role::Date, "date, month/day/year");
        assert_eq!(
            value(&american, "12/1/2010 8:26", &options),
            date("2010-12-01")
        );
        let european = column(Role::Date, "date, day/month/year");
        assert_eq!(
            value(&european, "12/1/2010 8:26", &options),
            date("2010-01-12")
        );
        assert_eq!(value(&european, "soon", &options), Value::Unreadable);
        let comma = column(Role::Amount, "number, decimal comma");
        assert_eq!(value(&comma, "1.234,50 €", &options), Value::Number(1234.5));
        assert_eq!(
            value(&column(Role::Amount, "number"), "1,234.50", &options),
            Value::Number(1234.5)
        );
        assert_eq!(
            value(&column(Role::Customer, ""), " 17850.0 ", &options),
            Value::Text("17850".to_owned())
        );
        let status = column(Role::Status, "");
        assert_eq!(value(&status, "Cancelled", &options), Value::Kept(false));
        assert_eq!(value(&status, "complete", &options), Value::Kept(true));
        assert_eq!(value(&status, "", &options), Value::Missing);
    }

    #[test]
    fn the_time_zone_moves_days() {
        let column = column(Role::Date, "date, year-month-day");
        let mut options = ReadOptions::default();
        let late = "2024-06-30 23:30:00+00:00";
        assert_eq!(
            value(&column, late, &options),
            Value::Day(parse_iso("2024-06-30").unwrap())
        );
        options.time_zone = Some("Europe/Berlin".to_owned());
        assert_eq!(
            value(&column, late, &options),
            Value::Day(parse_iso("2024-07-01").unwrap())
        );
        for text in [late, "2024-07-23 11:09:00 UTC", "2024-07-23T11:09:00Z"] {
            assert!(dates::depends_on_zone(text), "{text}");
        }
        for text in ["2024-07-23", "2024-07-23 11:09:00", "12/1/2010 8:26", "-"] {
            assert!(!dates::depends_on_zone(text), "{text}");
        }
    }

    #[test]
    fn a_date_that_fits_both_orders_shows_both() {
        let column = column(Role::Date, "date, day/month/year");
        let cells = ["04/04/2024", "17/04/2024", "03/04/2024"];
        let (text, day_first, month_first) = either_date(&column, cells.into_iter()).unwrap();
        assert_eq!(text, "03/04/2024");
        assert_eq!(Some(day_first), parse_iso("2024-04-03"));
        assert_eq!(Some(month_first), parse_iso("2024-03-04"));
    }
}
