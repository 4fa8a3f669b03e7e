//! The kinds of misreading that mangled shops have shown, each as a small file or two.

use std::fmt::Write as _;

use keepers::{
    base::monitor::Monitor,
    data::{
        dataset::{Dataset, options::ReadOptions},
        load::load,
    },
};

use crate::verdict::found;

/// Opens files given by name and text.
fn opened(files: &[(&str, &str)]) -> Dataset {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<_> = files
        .iter()
        .map(|(name, text)| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        })
        .collect();
    load(&paths, &ReadOptions::default(), &Monitor::silent()).unwrap()
}

/// Orders and net revenue in cents.
fn orders_and_net(dataset: &Dataset) -> (u64, i64) {
    let figures = found(&dataset.orders);
    (figures.orders, figures.net_cents)
}

fn questions(dataset: &Dataset) -> Vec<&str> {
    let questions = dataset.understanding.questions.iter();
    questions.map(|question| question.id.as_str()).collect()
}

/// Rows of `cells(number)` below a header.
fn table(header: &str, numbers: std::ops::Range<i64>, cells: impl Fn(i64) -> String) -> String {
    let mut text = format!("{header}\n");
    for number in numbers {
        writeln!(text, "{}", cells(number)).unwrap();
    }
    text
}

#[test]
fn an_order_has_one_day_beside_those_of_its_credits() {
    // Two orders of each customer a day; every third is given back in part a day later.
    let mut text = "order_id,order_date,customer_id,amount\n".to_owned();
    for number in 0..30 {
        let (customer, day) = (number / 2, 1 + number / 2);
        writeln!(text, "{},2024-01-{day:02},C{customer},10.00", 100 + number).unwrap();
        if number % 3 == 0 {
            let back = day + 3;
            writeln!(text, "{},2024-01-{back:02},C{customer},-4.00", 100 + number).unwrap();
        }
    }
    let dataset = opened(&[("shop.csv", &text)]);
    assert_eq!(orders_and_net(&dataset), (30, 30_000 - 4_000));
}

#[test]
fn files_overlap_although_one_lost_the_zeros_of_its_ids() {
    let rows = |numbers, zeros: usize| {
        table("customer_id,order_date,amount", numbers, move |number| {
            let (id, day) = (1 + number % 7, 1 + number);
            format!("{id:0zeros$},2024-03-{day:02},{number}.50")
        })
    };
    let (a, b) = (rows(1..20, 4), rows(12..28, 1));
    let dataset = opened(&[("a.csv", &a), ("b.csv", &b)]);
    let all: i64 = (1..28).map(|number| 100 * number + 50).sum();
    assert_eq!(orders_and_net(&dataset), (27, all));
}

#[test]
fn a_bare_number_on_lines_of_orders_is_that_of_the_line() {
    let text = table("date,cust_id,no,amt,refund_amt", 0..40, |number| {
        let (customer, day) = (number / 4, 1 + number / 4);
        format!(
            "2024-05-{day:02},C{customer},{number},20.00,{}.00",
            number % 2
        )
    });
    let dataset = opened(&[("orders.csv", &text)]);
    assert_eq!(orders_and_net(&dataset), (10, 80_000 - 2_000));
}

#[test]
fn the_total_on_every_line_counts_once_and_credits_beside_it() {
    let mut text = "order_id,order_date,customer_id,quantity,order_total\n".to_owned();
    for number in 0..30 {
        let head = format!(
            "{},2024-02-{:02},C{}",
            100 + number,
            1 + number % 28,
            number % 9
        );
        for _ in 0..2 {
            writeln!(text, "{head},1,{}.00", 50 + number).unwrap();
        }
        if number % 4 == 0 {
            writeln!(text, "{head},-1,-7.00").unwrap();
        }
    }
    let dataset = opened(&[("shop.csv", &text)]);
    let sold: i64 = (0..30).map(|number| 100 * (50 + number)).sum();
    assert_eq!(orders_and_net(&dataset), (30, sold - 8 * 700));
}

#[test]
fn one_order_shows_that_its_total_stands_on_every_line() {
    let text = "order_id,order_date,customer_id,quantity,total
1,2024-01-01,A,1,98.15
2,2024-01-02,B,4,5690.53
2,2024-01-02,B,1,5690.53
3,2024-01-03,A,2,48.33
";
    let dataset = opened(&[("shop.csv", text)]);
    assert_eq!(orders_and_net(&dataset), (3, 9_815 + 569_053 + 4_833));
}

#[test]
fn a_list_price_beside_orders_is_no_match_for_payments_or_lines() {
    for (price, lines) in [
        ("Precio de lista", "Importe"),
        ("list_pr", "paid_amt"),
        ("Prezzo di listino", "Importo pagato"),
    ] {
        let header = format!("order_id,order_date,customer_id,{price}");
        let orders = table(&header, 0..20, |number| {
            let day = 1 + number;
            format!("{number},2024-01-{day:02},C{},{number}.99", number % 6)
        });
        let header = format!("order_id,{lines},payment_method");
        let paid = table(&header, 0..20, |number| format!("{number},100.50,card"));
        let dataset = opened(&[("orders.csv", &orders), ("payments.csv", &paid)]);
        assert_eq!(orders_and_net(&dataset), (20, 20 * 10_050), "{price}");
    }
}

#[test]
fn people_with_a_day_of_their_own_are_no_orders() {
    let orders = table("ord_dt,cust_id,amt", 0..30, |number| {
        format!("2024-01-{:02},{},8.00", 1 + number % 28, number % 10)
    });
    let people = table("cust_id,entry_dt,city", 0..12, |number| {
        format!("{number},2021-01-{:02},Oslo", 1 + number)
    });
    let dataset = opened(&[("orders.csv", &orders), ("members.csv", &people)]);
    assert_eq!(orders_and_net(&dataset), (30, 24_000));
}

#[test]
fn spreadsheet_days_with_hours_beside_decimal_commas_and_a_total() {
    let mut text = table("Data ordine;Codice cliente;Importo", 0..12, |number| {
        format!("{}.60764;K{};10,50", 44_116 + number, number % 5)
    });
    text.push_str("Totale;;126,00\n");
    let dataset = opened(&[("shop.csv", &text)]);
    assert_eq!(orders_and_net(&dataset), (12, 12_600));
}

#[test]
fn the_word_of_a_totals_row_is_no_currency() {
    let mut text = table("currency,order_date,customer_id,amount", 0..12, |number| {
        format!("EUR,2024-01-{:02},K{},5.25", 1 + number, number % 5)
    });
    text.push_str("Total,,,63.00\n");
    let dataset = opened(&[("shop.csv", &text)]);
    assert_eq!(questions(&dataset), [""; 0]);
    assert_eq!(orders_and_net(&dataset), (12, 6_300));
}

#[test]
fn dear_articles_that_are_bought_more_often_by_chance_keep_their_unit_price() {
    let text = table(
        "order_date,customer_id,quantity,unit_price",
        0..24,
        |number| {
            let (pieces, price) = (1 + number % 3, [9, 20, 14][(number % 3) as usize]);
            let price = price + number % 5;
            format!(
                "2024-01-{:02},K{},{pieces},{price}.00",
                1 + number,
                number % 7
            )
        },
    );
    let sold: i64 = (0..24_i64)
        .map(|number| (1 + number % 3) * ([9, 20, 14][(number % 3) as usize] + number % 5) * 100)
        .sum();
    let dataset = opened(&[("shop.csv", &text)]);
    assert_eq!(orders_and_net(&dataset), (24, sold));
    assert_eq!(questions(&dataset), [""; 0]);
}

#[test]
fn pieces_without_a_known_name_are_asked_about() {
    let rows = |header: &str| {
        table(header, 0..40, |number| {
            let day = 1 + number % 28;
            format!(
                "K{},2024-01-{day:02},{}.50,{}",
                number % 7,
                3 + number,
                1 + number % 4
            )
        })
    };
    let sold: i64 = (0..40)
        .map(|number| (350 + 100 * number) * (1 + number % 4))
        .sum();
    let known = opened(&[(
        "myynti.csv",
        &rows("Asiakasnro,Ostopäivä,Kappalehinta,Kappaleet"),
    )]);
    assert_eq!(orders_and_net(&known).1, sold);
    assert_eq!(questions(&known), [""; 0]);
    let unknown = opened(&[("shop.csv", &rows("customer_id,order_date,unit_price,zzz"))]);
    assert_eq!(orders_and_net(&unknown).1, sold);
    assert_eq!(questions(&unknown), ["amount"]);
}

#[test]
fn currencies_of_a_joined_table_are_never_added_up() {
    let orders = table(
        "order_id,order_date,customer_id,currency,status",
        0..20,
        |number| {
            let currency = if number % 5 == 0 { "USD" } else { "EUR" };
            let status = if number == 7 { "Failed" } else { "Completed" };
            let (day, customer) = (1 + number, number % 6);
            format!("{number},2024-01-{day:02},C{customer},{currency},{status}")
        },
    );
    let items = table("order_id,product,amount", 0..40, |number| {
        format!("{},P{},10.00", number / 2, number % 3)
    });
    let dataset = opened(&[("orders.csv", &orders), ("order_items.csv", &items)]);
    assert_eq!(questions(&dataset), ["currency"]);
    let words = |word: &str| {
        let warnings = &dataset.understanding.warnings;
        warnings.iter().any(|warning| warning.text.contains(word))
    };
    assert!(words("Failed"), "{:?}", dataset.understanding.warnings);
}

#[test]
fn refunds_find_orders_that_have_several_rows() {
    let orders = table("order_id,order_date,customer_id,amount", 0..40, |number| {
        let (order, day) = (number / 2, 1 + number / 2);
        format!("{order},2024-01-{day:02},C{},10.00", order % 6)
    });
    let refunds = table("order_id,refund_date,refunded_amount", 0..5, |number| {
        format!("{number},2024-02-01,3.00")
    });
    let dataset = opened(&[("orders.csv", &orders), ("refunds.csv", &refunds)]);
    assert_eq!(orders_and_net(&dataset), (20, 40_000 - 1_500));
}

#[test]
fn what_was_given_back_makes_no_credits_of_orders_without_amounts() {
    let text = table(
        "order_id,order_date,customer_id,refunded_amount",
        0..20,
        |number| {
            format!(
                "{number},2024-01-{:02},C{},{}.50",
                1 + number,
                number % 6,
                number % 2
            )
        },
    );
    assert_eq!(orders_and_net(&opened(&[("shop.csv", &text)])), (20, 0));
}

#[test]
fn each_column_has_its_own_decimal_sign() {
    let orders = table(
        "order_id;order_date;customer_id;refunded_amount",
        0..20,
        |number| {
            let (day, customer) = (1 + number, 1_000 + number % 6);
            format!("{number};2024-01-{day:02};{customer}.0;{},50", number % 2)
        },
    );
    let items = table("order_id;quantity;unit_price", 0..40, |number| {
        format!("{};2;10,00", number / 2)
    });
    let dataset = opened(&[("orders.csv", &orders), ("order_items.csv", &items)]);
    assert_eq!(orders_and_net(&dataset), (20, 80_000 - 20 * 50 - 10 * 100));
}

#[test]
fn a_title_with_a_comma_is_no_header() {
    let rows = table("order_id,order_date,customer_id", 0..20, |number| {
        format!("{number},2024-01-{:02},C{}", 1 + number, number % 6)
    });
    let orders = format!("Example Shop Ltd.\nOrders, all channels\n\n{rows}");
    let items = table("order_id,amount", 0..20, |number| format!("{number},10.00"));
    let dataset = opened(&[("orders.csv", &orders), ("order_items.csv", &items)]);
    assert_eq!(orders_and_net(&dataset), (20, 20_000));
}

#[test]
fn a_few_orders_that_failed_or_are_pending_are_no_sales_and_no_question() {
    let text = table("order_date,customer_id,status,amount", 0..40, |number| {
        let status = match number {
            5 => "Failed",
            9 => "Pending",
            _ => "Completed",
        };
        format!("2024-01-{:02},K{},{status},5.00", 1 + number % 28, number)
    });
    let dataset = opened(&[("shop.csv", &text)]);
    assert_eq!(orders_and_net(&dataset), (38, 19_000));
    assert_eq!(questions(&dataset), [""; 0]);
    assert_eq!(dataset.understanding.warnings.len(), 2);
}

#[test]
fn of_nameless_columns_the_one_that_comes_back_is_the_customer() {
    let text = "x;k;d;z\n1.234,50;A1;2024-01-31;7\n12,00;A2;2024-02-29;8\n3,50;A1;2024-03-31;9\n";
    let dataset = opened(&[("unknown.csv", text)]);
    let figures = found(&dataset.orders);
    assert_eq!(
        (figures.customers, figures.orders, figures.net_cents),
        (2, 3, 125_000)
    );
}
