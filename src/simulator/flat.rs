//! The two one-file layouts: a shop's order export, and the CDNOW text.

use super::{
    ledger::{Ledger, Tally, date},
    people::{Event, Person, Shop},
    text::{push_cents, push_date, push_number, push_padded, push_row},
};

/// Header of the order export.
pub(super) fn orders_header() -> Vec<u8> {
    let mut header = Vec::new();
    push_row(
        &mut header,
        &[
            "order_id",
            "order_date",
            "customer_id",
            "country",
            "channel",
            "category",
            "quantity",
            "amount",
            "status",
        ],
    );
    header
}

/// Rows of the order export for `events[range]`, one per order line.
pub(super) fn orders_rows(
    shop: &Shop<'_>,
    people: &[Person],
    events: &[Event],
    range: std::ops::Range<usize>,
    ledger: &Ledger,
) -> (Vec<u8>, Tally) {
    const FIRST_ORDER_ID: u64 = 100_001;
    let width = shop.id_width();
    let mut rows = Vec::with_capacity(range.len() * 110);
    let mut tally = Tally::default();
    for index in range {
        let event = events[index];
        let person = people[event.customer as usize];
        let basket = shop.basket(person, event);
        let mut kept = false;
        for line in &basket.lines {
            let status = match (basket.cancelled, line.returned) {
                (true, _) => "cancelled",
                (false, true) => "returned",
                (false, false) => "completed",
            };
            push_number(&mut rows, FIRST_ORDER_ID + index as u64);
            rows.push(b',');
            push_date(&mut rows, date(event.day), Some(b'-'));
            rows.extend_from_slice(b",C");
            push_padded(&mut rows, u64::from(event.customer) + 1, width, b'0');
            rows.push(b',');
            for name in [
                shop.parameters.countries[usize::from(person.country)].name,
                shop.parameters.channels[usize::from(basket.channel)].name,
                shop.parameters.categories[usize::from(line.category)].name,
            ] {
                rows.extend_from_slice(name.as_bytes());
                rows.push(b',');
            }
            push_number(&mut rows, line.quantity.into());
            rows.push(b',');
            push_cents(&mut rows, line.cents, 0);
            rows.push(b',');
            rows.extend_from_slice(status.as_bytes());
            rows.push(b'\n');
            tally.lines += 1;
            tally.gross_cents += line.cents;
            match (basket.cancelled, line.returned) {
                (true, _) => tally.cancelled_lines += 1,
                (false, true) => tally.returned_lines += 1,
                (false, false) => {
                    tally.net_cents += line.cents;
                    kept = true;
                }
            }
        }
        tally.order_rows += 1;
        if kept {
            tally.orders += 1;
            ledger.keep(event);
        }
    }
    (rows, tally)
}

/// Lines of the CDNOW text (customer, date, number of CDs, dollars); needs events sorted by
/// customer. An order is a customer-day, because the layout names none.
pub(super) fn cdnow_rows(
    shop: &Shop<'_>,
    people: &[Person],
    events: &[Event],
    range: std::ops::Range<usize>,
    ledger: &Ledger,
) -> (Vec<u8>, Tally) {
    let width = shop.id_width();
    let mut rows = Vec::with_capacity(range.len() * 30);
    let mut tally = Tally::default();
    for index in range {
        let event = events[index];
        let basket = shop.basket(people[event.customer as usize], event);
        let cents = basket.cents();
        rows.push(b' ');
        push_padded(&mut rows, u64::from(event.customer) + 1, width, b'0');
        rows.push(b' ');
        push_date(&mut rows, date(event.day), None);
        rows.push(b' ');
        let quantity: u32 = basket.lines.iter().map(|line| line.quantity).sum();
        push_padded(&mut rows, quantity.into(), 2, b' ');
        rows.push(b' ');
        push_cents(&mut rows, cents, 7);
        rows.extend_from_slice(b"\r\n");
        tally.order_rows += 1;
        tally.lines += 1;
        tally.gross_cents += cents;
        tally.net_cents += cents;
        let same_day = index.checked_sub(1).is_some_and(|before| {
            events[before].customer == event.customer && events[before].day == event.day
        });
        if !same_day {
            tally.orders += 1;
            ledger.keep(event);
        }
    }
    (rows, tally)
}

impl Shop<'_> {
    /// Digits of a customer id: enough for every customer, at least five.
    fn id_width(&self) -> usize {
        self.spec.customers.to_string().len().max(5)
    }
}
