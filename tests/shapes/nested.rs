//! JSON in which the rows stand within other records: dictionaries, customers with orders, orders with lines.

use keepers::data::{dataset::Dataset, orders::flag};

use super::{
    set::{count, open},
    wild::{day, is_net},
};

/// An order of as many lines as its number says, without the brackets around it.
fn fields(at: usize, total: bool) -> String {
    let lines: Vec<String> = (0..=(at % 3))
        .map(|line| {
            format!(
                r#"{{"sku":"p{line}","qty":{},"price":{}.5}}"#,
                1 + line,
                10 + at % 7
            )
        })
        .collect();
    let total = if total {
        format!(r#""total":{:.2},"#, worth(at))
    } else {
        String::new()
    };
    format!(
        r#""date":"{}",{total}"lines":[{}]"#,
        day(at),
        lines.join(",")
    )
}

fn worth(at: usize) -> f64 {
    let units: usize = (0..=(at % 3)).map(|line| 1 + line).sum();
    units as f64 * ((10 + at % 7) as f64 + 0.5)
}

fn is_right(json: &str, orders: usize) -> Dataset {
    let data = open(&[("export.json", json)]).expect("opens");
    is_net(&data, (0..orders).map(worth).sum());
    assert_eq!(count(&data.orders, flag::ORDER_START), orders);
    data
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(",\n")
}

#[test]
fn a_record_may_stand_under_its_number() {
    let records = |with_id: bool| {
        joined((0..40).map(|at| {
            let id = if with_id {
                format!(r#""order_id":{},"#, 1001 + at)
            } else {
                String::new()
            };
            let fields = fields(at, true);
            format!(r#""{}":{{{id}"customer_id":"c{at}",{fields}}}"#, 1001 + at)
        }))
    };
    for with_id in [true, false] {
        is_right(&format!("{{{}}}", records(with_id)), 40);
        is_right(
            &format!(r#"{{"count":40,"orders":{{{}}}}}"#, records(with_id)),
            40,
        );
    }
}

#[test]
fn customers_may_hold_their_orders_and_orders_their_lines() {
    for total in [true, false] {
        let customers = joined((0..10).map(|customer| {
            // The first has none.
            let orders = (0..36).filter(|at| 1 + at % 9 == customer);
            let orders = joined(orders.map(|at| format!(r#"{{"id":{},{}}}"#, 500 + at, fields(at, total))));
            format!(
                r#"{{"id":{customer},"name":"Ann","created_at":"2023-01-01","total_spent":900.5,"orders":[{orders}]}}"#
            )
        }));
        let data = is_right(&format!("[{customers}]"), 36);
        assert_eq!(data.orders.customers(), 9);
    }
    // Lines say what an order without a total costs.
    let orders = joined((0..40).map(|at| {
        format!(
            r#"{{"id":{at},"customer_id":"c{}",{}}}"#,
            at % 9,
            fields(at, false)
        )
    }));
    is_right(&format!("[{orders}]"), 40);
}

#[test]
fn parcels_and_payments_of_an_order_are_no_orders() {
    let orders = joined((0..40).map(|at| {
        format!(
            r#"{{"order_id":{at},"customer_id":"c{}",{},"transactions":[{{"date":"2024-05-01","amount":1}}]}}"#,
            at % 9,
            fields(at, true)
        )
    }));
    is_right(&format!("[{orders}]"), 40);
}
