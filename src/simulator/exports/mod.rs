//! Exports of shop systems and payment services, as those write them: headers, quoting, dates, money,
//! statuses and refunds are those of the real files.
//!
//! Every export has its own file, which says what it can express ([`sale::Habits`]) and writes the rows of
//! one [`Sale`]. What is true is counted here from the sale, never from what was written.

mod amazon;
mod bigcommerce;
mod ebay;
mod etsy;
mod form;
mod format;
mod magento;
mod paypal;
mod prestashop;
mod sale;
mod sheet;
mod shopify;
mod shopware;
mod square;
mod stripe;
mod woocommerce;

use std::ops::Range;

use super::{
    layout::Export,
    ledger::{Ledger, Tally},
    people::{Event, Person, Shop},
};
use form::Form;
use sale::{Amount, Outcome, Place, Refunds, Sale};
use sheet::Sheet;

impl Export {
    fn form(self) -> &'static Form {
        match self {
            Self::ShopifyOrders => &shopify::FORM,
            Self::WoocommerceReport => &woocommerce::REPORT,
            Self::WoocommerceOrders => &woocommerce::ORDERS,
            Self::StripePayments => &stripe::FORM,
            Self::SquareItems => &square::FORM,
            Self::EtsyOrders => &etsy::ORDERS,
            Self::EtsyItems => &etsy::ITEMS,
            Self::AmazonOrders => &amazon::FORM,
            Self::EbayOrders => &ebay::FORM,
            Self::PaypalActivity => &paypal::FORM,
            Self::BigcommerceOrders => &bigcommerce::FORM,
            Self::MagentoOrders => &magento::FORM,
            Self::PrestashopOrders => &prestashop::FORM,
            Self::ShopwareOrders => &shopware::FORM,
        }
    }

    /// Name on the command line, and of the file in `assets/layouts`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.form().name
    }

    pub(super) fn about(self) -> &'static str {
        self.form().about
    }

    pub(super) fn files(self) -> &'static [&'static str] {
        self.form().files
    }

    /// Everything above the first row of data.
    pub(super) fn prelude(self) -> Vec<u8> {
        let form = self.form();
        let mut text = Vec::new();
        if form.dialect.mark {
            text.extend_from_slice(b"\xEF\xBB\xBF");
        }
        if self == Self::EbayOrders {
            text.extend_from_slice(&ebay::above(form.header.len()));
        }
        let mut sheet = Sheet::new(&mut text, form.header, form.dialect);
        sheet.header();
        if self == Self::EbayOrders {
            sheet.row(&[]);
        }
        text
    }

    /// Everything below the last row of data.
    pub(super) fn postlude(self, tally: Tally) -> Vec<u8> {
        match self {
            Self::EbayOrders => ebay::below(tally.rows),
            _ => Vec::new(),
        }
    }
}

/// A shop on its way into a file.
pub(super) struct Source<'a> {
    pub shop: &'a Shop<'a>,
    pub people: &'a [Person],
    pub events: &'a [Event],
    pub ledger: &'a Ledger,
}

/// Rows of an export for `events[range]`.
pub(super) fn rows(export: Export, source: &Source<'_>, range: Range<usize>) -> (Vec<u8>, Tally) {
    let form = export.form();
    let last_day = source.events.last().map_or(0, |event| event.day);
    let mut text = Vec::with_capacity(range.len() * 300);
    let mut sheet = Sheet::new(&mut text, form.header, form.dialect);
    let mut tally = Tally::default();
    for index in range {
        let event = source.events[index];
        let person = source.people[event.customer as usize];
        let place = Place {
            number: index as u64,
            last_day,
            habits: &form.habits,
        };
        let sale = Sale::draw(source.shop, person, event, &place);
        let before = sheet.rows;
        (form.rows)(&sale, &mut sheet);
        tally.rows += sheet.rows - before;
        count(&sale, &mut tally, source.ledger);
    }
    (text, tally)
}

/// Counts a sale: what an expert who knows the export must find.
fn count(sale: &Sale<'_>, tally: &mut Tally, ledger: &Ledger) {
    let habits = sale.habits;
    let amount = sale.amount();
    let lines = sale.items.len() as u64;
    tally.order_rows += 1;
    tally.lines += lines;
    tally.gross_cents += amount;
    if sale.outcome.gives_back() {
        tally.refunds += 1;
        tally.refunded_cents += sale.refund;
    }
    // Money that goes back on rows of its own, or as an amount, leaves the sale an order.
    let kept = match sale.outcome {
        Outcome::Paid | Outcome::PartlyRefunded => true,
        Outcome::Refunded => habits.refunds != Refunds::Beside,
        Outcome::Cancelled | Outcome::Failed | Outcome::Pending => false,
    };
    match (kept, sale.outcome) {
        (false, Outcome::Refunded) => tally.returned_lines += lines,
        (false, _) => tally.cancelled_lines += lines,
        (true, _) => {}
    }
    let net = if kept { amount - sale.refund } else { 0 };
    if kept && sale.nameless {
        tally.nameless_orders += 1;
        tally.nameless_cents += net;
    } else if kept {
        tally.net_cents += net;
        tally.orders += 1;
        ledger.keep(sale.event);
    }
}

impl Sale<'_> {
    /// What the export counts as the money of the sale.
    fn amount(&self) -> u64 {
        match self.habits.amount {
            Amount::Total => self.total(),
            Amount::Items => self.items.iter().map(sale::Item::cents).sum(),
            Amount::ItemsLessDiscount => self.items.iter().map(sale::Item::paid).sum(),
        }
    }
}
