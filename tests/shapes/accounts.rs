//! What banks, wallets and payment services write: money in and money out, fees, transfers, currencies.

use keepers::data::{
    dataset::{options::ReadOptions, understanding::WarningCode},
    orders::flag,
};

use super::{
    set::{count, open_with, warned},
    wild::{alone, asked, day, is_net, table},
};

/// Every fifth of 60 rows takes money out.
fn goes_out(at: usize) -> bool {
    at % 5 == 4
}

fn amount(at: usize) -> f64 {
    at as f64 + 10.5
}

fn received() -> f64 {
    (0..60).filter(|at| !goes_out(*at)).map(amount).sum()
}

fn given_back() -> f64 {
    (0..60).filter(|at| goes_out(*at)).map(amount).sum()
}

#[test]
fn what_stands_on_the_other_side_of_an_account_is_taken_off() {
    for (header, is_asked) in [
        ("Date,Customer,Reference,Debit,Credit", true),
        ("Datum,Kundennummer,Beleg,Soll,Haben", true),
        ("Date,Customer ID,Transaction ID,Paid out,Paid in", false),
        ("Datum,Kunde,Beleg,Auszahlung,Einzahlung", false),
    ] {
        for nothing in ["", "0.00"] {
            let text = table(header, 60, |at| {
                let paid = format!("{:.2}", amount(at));
                let (out, into) = if goes_out(at) {
                    (paid.as_str(), nothing)
                } else {
                    (nothing, paid.as_str())
                };
                format!("{},c{},T{at},{out},{into}", day(at), at % 9)
            });
            let data = alone(&text);
            is_net(&data, received() - given_back());
            assert_eq!(count(&data.orders, flag::ORDER_START), 48, "{header}");
            assert_eq!(asked(&data).contains(&"amount"), is_asked, "{header}");
            assert_eq!(warned(&data, WarningCode::Refunds).len(), 1);
        }
    }
}

#[test]
fn a_column_may_say_on_which_side_a_row_stands() {
    for (header, into, out, is_asked) in [
        ("Type", "credit", "debit", true),
        ("DR/CR", "CR", "DR", true),
        ("Soll/Haben", "H", "S", true),
        ("direction", "in", "out", false),
    ] {
        let header = format!("Date,Customer ID,Reference,{header},Amount");
        let signed = |sign: f64| {
            table(&header, 60, |at| {
                let side = if goes_out(at) { out } else { into };
                let paid = amount(at) * if goes_out(at) { sign } else { 1.0 };
                format!("{},c{},T{at},{side},{paid:.2}", day(at), at % 9)
            })
        };
        let data = alone(&signed(1.0));
        is_net(&data, received() - given_back());
        assert_eq!(asked(&data).contains(&"sides"), is_asked, "{header}");
        // Where the amounts have signs there is nothing to ask.
        let data = alone(&signed(-1.0));
        is_net(&data, received() - given_back());
        assert!(asked(&data).is_empty(), "{header}");
        if is_asked {
            let mut options = ReadOptions::default();
            let answer = ("sides".to_owned(), format!("sale_{out}"));
            options.answers.extend([answer]);
            let data = open_with(&[("file.csv", &signed(1.0))], &options).expect("opens");
            is_net(&data, given_back() - received());
        }
    }
}

#[test]
fn kinds_of_cards_are_no_sides() {
    let text = table("Date,Customer ID,Payment type,Amount", 60, |at| {
        let card = ["credit", "debit"][at % 2];
        format!("{},c{},{card},{:.2}", day(at), at % 9, amount(at))
    });
    let data = alone(&text);
    is_net(&data, received() + given_back());
    assert!(asked(&data).is_empty());
}

#[test]
fn fees_and_transfers_to_the_bank_are_of_no_customer() {
    let text = table("Created,Customer ID,Type,Amount,Currency", 60, |at| {
        let (kind, sign) = [
            ("charge", 1.0),
            ("refund", -1.0),
            ("payout", -5.0),
            ("payment", 1.0),
            ("stripe_fee", -0.5),
            ("adjustment", 1.0),
        ][at % 6];
        let paid = sign * amount(at);
        format!("{},c{},{kind},{paid:.2},eur", day(at), at % 9)
    });
    let data = alone(&text);
    let counts = |at: &usize| ![2, 4].contains(&(at % 6));
    let sign = |at: usize| if at % 6 == 1 { -1.0 } else { 1.0 };
    let trade = (0..60).filter(counts).map(|at| sign(at) * amount(at));
    is_net(&data, trade.sum());
    assert!(warned(&data, WarningCode::UnknownStatus)[0].contains("payout"));
}

/// Orders of 4,000 rows, of which some below those that are looked at first are in dollars.
fn late_dollars(id: &str) -> String {
    table(&format!("{id},customer_id,date,amount"), 4000, |at| {
        let sign = if (3000..3100).contains(&at) {
            "$"
        } else {
            "€"
        };
        format!("{at},c{},{},{sign}{}.50", at % 90, day(at), 10 + at % 7)
    })
}

#[test]
fn a_currency_far_below_the_first_rows_is_not_added_up() {
    let paid = |at: usize| (10 + at % 7) as f64 + 0.5;
    let euros: f64 = (0..4000)
        .filter(|at| !(3000..3100).contains(at))
        .map(paid)
        .sum();
    let orders = late_dollars("order_id");
    let data = alone(&orders);
    is_net(&data, euros);
    assert_eq!(asked(&data), ["currency"]);
    let people = table("customer_id,city", 90, |at| format!("c{at},B{}", at % 4));
    let files = [("orders.csv", orders.as_str()), ("customers.csv", &people)];
    let data = open_with(&files, &ReadOptions::default()).expect("opens");
    is_net(&data, euros);
}

#[test]
fn two_files_may_have_a_currency_each() {
    let file = |sign: &str, from: usize| {
        table("order_id,customer_id,date,amount", 60, |at| {
            format!(
                "{},c{},{},{:.2} {sign}",
                at + from,
                at % 9,
                day(at),
                amount(at)
            )
        })
    };
    let files = [file("EUR", 0), file("SEK", 100), file("€", 200)];
    let one = |name: &str, of: &[usize]| {
        let files = of
            .iter()
            .map(|at| (name.replace('#', &at.to_string()), files[*at].clone()));
        let files: Vec<(String, String)> = files.collect();
        let files: Vec<_> = files
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        open_with(&files, &ReadOptions::default()).expect("opens")
    };
    let sum = received() + given_back();
    let data = one("#.csv", &[0, 1]);
    is_net(&data, sum);
    assert_eq!(asked(&data), ["currency"]);
    let data = one("#.csv", &[0, 2]);
    is_net(&data, 2.0 * sum);
    assert!(asked(&data).is_empty());
}

#[test]
fn a_row_may_be_paid_in_one_of_several_ways() {
    let file = |third: &str| {
        table(
            &format!("Date,Customer No,Receipt,Cash,Card,{third}"),
            60,
            |at| {
                let mut cells = [""; 3].map(str::to_owned);
                cells[at % 3] = format!("{:.2}", amount(at));
                format!("{},c{},R{at},{}", day(at), at % 9, cells.join(","))
            },
        )
    };
    // A voucher may be a discount: then rows without an amount are left out, and it is said.
    let data = alone(&file("Voucher"));
    assert_eq!(warned(&data, WarningCode::AmountChoice).len(), 1);
    let data = alone(&file("Cheque"));
    is_net(&data, received() + given_back());
    assert_eq!(warned(&data, WarningCode::AmountChoice).len(), 1);
    assert!(asked(&data).is_empty());
}

#[test]
fn a_kind_of_document_may_be_money_given_back() {
    let text = table("Belegnr;Belegdatum;Kundennr;Belegart;Betrag", 60, |at| {
        let kind = if goes_out(at) {
            "Gutschrift"
        } else {
            "Rechnung"
        };
        let paid = format!("{:.2}", amount(at)).replace('.', ",");
        format!("{};{};{};{kind};{paid}", 7000 + at, day(at), 100 + at % 9)
    });
    is_net(&alone(&text), received() - given_back());
}
