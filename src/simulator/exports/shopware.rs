//! Shopware's orders in German: semicolons, decimal commas, the payment status decides.

use super::{
    form::Form,
    format::{clock, german, parts},
    sale::{Amount, Habits, Outcome, Refunds, Sale},
    sheet::{Dialect, PLAIN, Sheet},
};

pub(super) const FORM: Form = Form {
    name: "shopware_orders",
    about: "Shopware's orders, German: semicolons, decimal commas, payment status",
    files: &["bestellungen.csv"],
    header: &[
        "Bestellnummer",
        "Bestellzeit",
        "Kundennummer",
        "Kunde",
        "E-Mail",
        "Land",
        "Verkaufskanal",
        "Zahlungsart",
        "Versandart",
        "Bestellstatus",
        "Zahlungsstatus",
        "Lieferstatus",
        "Zwischensumme",
        "Versandkosten",
        "MwSt.",
        "Gesamtbetrag",
        "Währung",
    ],
    dialect: Dialect {
        separator: ';',
        line_end: "\r\n",
        mark: true,
        ..PLAIN
    },
    habits: Habits {
        outcomes: &[
            Outcome::Refunded,
            Outcome::Cancelled,
            Outcome::Failed,
            Outcome::Pending,
        ],
        refunds: Refunds::Beside,
        amount: Amount::Total,
        nameless: 0.0,
    },
    rows,
};

fn rows(sale: &Sale<'_>, sheet: &mut Sheet<'_>) {
    let buyer = &sale.buyer;
    let [order, payment, delivery] = match sale.outcome {
        Outcome::Paid | Outcome::PartlyRefunded if sale.number.is_multiple_of(7) => {
            ["Offen", "Bezahlt", "Offen"]
        }
        Outcome::Paid | Outcome::PartlyRefunded => ["Abgeschlossen", "Bezahlt", "Versandt"],
        Outcome::Refunded => ["Abgeschlossen", "Erstattet", "Retoure"],
        Outcome::Cancelled => ["Abgebrochen", "Abgebrochen", "Abgebrochen"],
        Outcome::Failed => ["Offen", "Fehlgeschlagen", "Offen"],
        Outcome::Pending => ["In Bearbeitung", "Offen", "Offen"],
    };
    let (year, month, day) = parts(sale.event.day);
    sheet.row(&[
        ("Bestellnummer", &(10_000 + sale.number).to_string()),
        (
            "Bestellzeit",
            &format!("{day:02}.{month:02}.{year} {}", clock(sale.event.minute)),
        ),
        ("Kundennummer", &format!("K{:05}", buyer.number)),
        ("Kunde", &buyer.name()),
        ("E-Mail", &buyer.email),
        ("Land", buyer.country),
        ("Verkaufskanal", "Storefront"),
        ("Zahlungsart", "Rechnung"),
        ("Versandart", "Standard"),
        ("Bestellstatus", order),
        ("Zahlungsstatus", payment),
        ("Lieferstatus", delivery),
        ("Zwischensumme", &german(sale.goods() - sale.discount())),
        ("Versandkosten", &german(sale.shipping)),
        ("MwSt.", &german(sale.tax)),
        ("Gesamtbetrag", &german(sale.total())),
        ("Währung", "EUR"),
    ]);
}
