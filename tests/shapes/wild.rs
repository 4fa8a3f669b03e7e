//! What public files of many makers have in common: amounts beside prices, costs, converted money, prices
//! that stand with the products, copies of the orders, ids of things that are no customers.

use keepers::data::dataset::{Dataset, understanding::WarningCode};

use super::set::{net, open, refused, warned};

/// Rows of a table under its header.
pub fn table(header: &str, rows: usize, row: impl Fn(usize) -> String) -> String {
    let rows = (0..rows).map(|at| row(at) + "\n");
    std::iter::once(format!("{header}\n")).chain(rows).collect()
}

pub fn alone(text: &str) -> Dataset {
    open(&[("file.csv", text)]).expect("opens")
}

pub fn asked(data: &Dataset) -> Vec<&str> {
    let questions = data.understanding.questions.iter();
    questions.map(|question| question.id.as_str()).collect()
}

pub fn is_net(data: &Dataset, wanted: f64) {
    let found = net(&data.orders);
    assert!((found - wanted).abs() < 0.005, "{found}, not {wanted}");
}

pub fn day(at: usize) -> String {
    format!("2024-{:02}-{:02}", 1 + at % 12, 1 + at % 28)
}

#[test]
fn an_amount_of_its_own_name_goes_before_price_times_quantity() {
    // Prices above 100 were cut off; the sales were not.
    let sales = |at: usize| (2 + at % 3) as f64 * (60.0 + at as f64);
    let text = table(
        "ORDERNUMBER,CUSTOMERNAME,ORDERDATE,QUANTITYORDERED,PRICEEACH,SALES",
        90,
        |at| {
            let price = (60.0 + at as f64).min(100.0);
            let (units, sales, day) = (2 + at % 3, sales(at), day(at));
            format!(
                "{},Shop {},{day},{units},{price:.2},{sales:.2}",
                100 + at,
                at % 20
            )
        },
    );
    let data = alone(&text);
    is_net(&data, (0..90).map(sales).sum());
    assert_eq!(asked(&data), ["amount"]);
}

#[test]
fn an_amount_that_is_price_times_quantity_less_a_discount_is_not_asked_about() {
    let text = table(
        "order_id,customer_id,order_date,quantity,list_price,discount,revenue",
        60,
        |at| {
            let (units, off) = (1 + at % 3, [0.05, 0.1, 0.2][at % 3]);
            let paid = units as f64 * 50.0 * (1.0 - off);
            format!("{at},c{},{},{units},50.00,{off},{paid:.2}", at % 9, day(at))
        },
    );
    let data = alone(&text);
    is_net(&data, 20.0 * (47.5 + 90.0 + 120.0));
    assert_eq!(asked(&data), [""; 0]);
}

#[test]
fn what_the_shop_paid_is_no_price() {
    let text = table(
        "ID_PEDIDO,CLIENTE,CANTIDAD,PRECIO_COMPRA,PRECIO_VENTAS,FECHA_HORA",
        40,
        |at| format!("{at},Ana {},{},148.61,200,{}", at % 7, 1 + at % 4, day(at)),
    );
    let data = alone(&text);
    is_net(&data, 200.0 * 100.0);
    assert_eq!(asked(&data), [""; 0]);
}

#[test]
fn an_id_of_a_thing_that_nobody_knows_is_no_customer() {
    let text = table("sales_month,naics_code,kind_of_business,sales", 60, |at| {
        format!("{},44{},Dealers,{}", day(at), at % 6, 1000 + at)
    });
    assert!(refused(&[("file.csv", &text)]).contains("customer"));
}

#[test]
fn donations_are_what_a_donor_gave() {
    let text = table(
        "Supporter ID,donation_amount,donation_date,campaign_id",
        40,
        |at| format!("S{},{}.50,{},C{}", at % 8, 10 + at, day(at), at % 3),
    );
    let data = alone(&text);
    is_net(&data, (0..40).map(|at| f64::from(at) + 10.5).sum());
    assert_eq!(data.orders.customers(), 8);
}

#[test]
fn money_that_the_export_converted_can_be_added_up() {
    let header =
        "Created date;Amount;Currency;Converted Amount;Converted Currency;Status;Customer ID";
    let text = table(header, 60, |at| {
        let (currency, rate) = [("usd", 35.0), ("eur", 40.0), ("mxn", 2.0)][at % 3];
        let amount = 10.0 + at as f64;
        let (day, converted) = (day(at), amount * rate);
        format!(
            "{day};{amount:.2};{currency};{converted:.2};thb;Paid;cus_{}",
            at % 11
        )
    });
    let data = alone(&text);
    let rates = [35.0, 40.0, 2.0];
    is_net(
        &data,
        (0..60).map(|at| (10.0 + at as f64) * rates[at % 3]).sum(),
    );
    assert_eq!(asked(&data), ["amount"]);
    assert!(warned(&data, WarningCode::MixedCurrencies).is_empty());
}

#[test]
fn the_price_may_stand_with_the_products_alone() {
    let orders = table(
        "Order_ID,Customer_ID,Product_ID,Quantity,Order_Date",
        60,
        |at| {
            format!(
                "{},C{:03},{},{},{}",
                at + 1,
                at % 9,
                1 + at % 5,
                1 + at % 3,
                day(at)
            )
        },
    );
    let products = table("Product_ID,Product_Name,Category,Price (INR)", 5, |at| {
        format!("{},Set {at},Plants,{}", at + 1, 100 * (at + 1))
    });
    let data = open(&[("orders.csv", &orders), ("products.csv", &products)]).expect("opens");
    let paid = |at: usize| (1 + at % 3) as f64 * 100.0 * (1 + at % 5) as f64;
    is_net(&data, (0..60).map(paid).sum());
    let said = warned(&data, WarningCode::AmountChoice);
    assert!(said[0].contains("Price (INR)"), "{said:?}");
    assert!(warned(&data, WarningCode::NoAmount).is_empty());
}

#[test]
fn orders_that_stand_in_two_tables_count_once() {
    // The second is a copy with other columns; an order has two lines in both.
    let line = |at: usize| format!("{},{},C{}", day(at / 2), at / 2 + 1, at / 2 % 9);
    let summed = table(
        "FECHA,ID_PEDIDO,ID_CLIENTE,PRODUCTO,TOTAL INGRESOS",
        80,
        |at| format!("{},P{},{}.50", line(at), at % 7, 20 + at),
    );
    let copied = table(
        "FECHA,ID_PEDIDO,ID_CLIENTE,PRODUCTO,CANTIDAD,PRECIO",
        80,
        |at| format!("{},P{},2,{}", line(at), at % 7, 10 + at),
    );
    let data = open(&[("datos.csv", &summed), ("pedidos.csv", &copied)]).expect("opens");
    assert_eq!(data.orders.lines(), 80);
    assert_eq!(warned(&data, WarningCode::OverlappingFiles).len(), 1);
}

#[test]
fn tables_that_are_not_used_raise_no_questions() {
    let orders = table("order_id,customer_id,order_date,amount", 60, |at| {
        format!("{at},c{},{},{}.25", at % 9, day(at), 20 + at)
    });
    let calendar = table("date,cy_date,year", 60, |at| {
        format!("2023-{:02}-{:02},2023-01-01,2023", 1 + at % 12, 1 + at % 28)
    });
    let data = open(&[("orders.csv", &orders), ("date.csv", &calendar)]).expect("opens");
    assert_eq!(asked(&data), [""; 0]);
}

#[test]
fn what_is_looked_at_or_put_into_a_cart_is_not_sold() {
    let text = table(
        "event_time,event_type,product_id,price,user_id",
        120,
        |at| {
            let event = [
                "view",
                "cart",
                "view",
                "purchase",
                "remove_from_cart",
                "view",
            ][at % 6];
            format!(
                "{} 10:00:00 UTC,{event},{},{}.50,{}",
                day(at),
                at % 17,
                5 + at,
                500 + at % 13
            )
        },
    );
    let data = alone(&text);
    is_net(
        &data,
        (0..120)
            .filter(|at| at % 6 == 3)
            .map(|at| f64::from(at) + 5.5)
            .sum(),
    );
    assert!(warned(&data, WarningCode::UnknownStatus)[0].contains("view"));
}

#[test]
fn kinds_and_flags_of_customers_are_no_customers() {
    let kinds = table(
        "Invoice ID,Customer type,Unit price,Quantity,Total,Date",
        120,
        |at| {
            format!(
                "{at},{},{},2,{},{}",
                ["Member", "Normal"][at % 2],
                5 + at,
                10 + 2 * at,
                day(at)
            )
        },
    );
    assert!(refused(&[("file.csv", &kinds)]).contains("customer"));
    let flags = table(
        "hotel,is_repeated_guest,adr,reservation_status_date",
        120,
        |at| {
            format!(
                "City Hotel,{},{}.50,{}",
                u8::from(at % 9 == 0),
                80 + at,
                day(at)
            )
        },
    );
    assert!(refused(&[("file.csv", &flags)]).contains("customer"));
}

#[test]
fn payments_and_parcels_beside_the_orders_are_no_further_orders() {
    let orders = table("orderNumber,orderDate,status,customerNumber", 60, |at| {
        format!("{},{},Shipped,{}", 10_100 + at, day(at), 103 + at % 9)
    });
    let details = table(
        "orderNumber,productCode,quantityOrdered,priceEach",
        120,
        |at| format!("{},S{},2,{}.00", 10_100 + at / 2, at % 11, 20 + at),
    );
    let payments = table("customerNumber,checkNumber,paymentDate,amount", 40, |at| {
        format!("{},HQ{at},{},{}.78", 103 + at % 9, day(at), 900 + at)
    });
    let parcels = table("shipping_id,orderNumber,shipping_date,carrier", 60, |at| {
        format!("{at},{},{},DHL", 10_100 + at / 2 * 2, day(at + 1))
    });
    let data = open(&[
        ("orders.csv", &orders),
        ("order details.csv", &details),
        ("payments.csv", &payments),
        ("shippings.csv", &parcels),
    ])
    .expect("opens");
    is_net(&data, (0..120).map(|at| 2.0 * (20.0 + f64::from(at))).sum());
    assert_eq!(data.orders.lines(), 120);
    let said = warned(&data, WarningCode::OverlappingFiles);
    assert!(
        said.iter().any(|text| text.starts_with("payments.csv")),
        "{said:?}"
    );
}

#[test]
fn the_customer_of_an_order_goes_before_a_column_of_its_lines_that_contradicts_it() {
    let orders = table("orderID,customerID,orderDate", 60, |at| {
        format!("{},C{},{}", 10_248 + at, at % 9, day(at))
    });
    // A list of customers stands beside the lines, row by row, and ends before they do.
    let lines = table("orderID,productID,quantity,revenue,customerID", 120, |at| {
        let beside = if at < 60 {
            format!("C{}", at % 9)
        } else {
            String::new()
        };
        format!("{},{},2,{}.00,{beside}", 10_248 + at / 2, at % 7, 10 + at)
    });
    let data = open(&[("orders.csv", &orders), ("order_details.csv", &lines)]).expect("opens");
    assert_eq!(
        super::set::count(&data.orders, keepers::data::orders::flag::ORDER_START),
        60
    );
}

#[test]
fn rows_are_looked_at_once_to_tell_whether_ids_repeat() {
    // Longer than the first rows, so that some further down are looked at too.
    let text = table(
        "ID,Year_Birth,Income,Dt_Customer,Recency,Notes,Z_Revenue",
        2240,
        |at| {
            let note = "n".repeat(60);
            format!(
                "{},19{},{},{},{},{note},11",
                9000 - at,
                50 + at % 40,
                30_000 + at,
                day(at),
                at % 99
            )
        },
    );
    let data = alone(&text);
    assert_eq!(data.shape, keepers::data::dataset::Shape::CustomerTable);
}

#[test]
fn a_total_with_shipping_beside_the_price_of_the_goods_is_asked_about() {
    let text = table(
        "order no,order date,customer id,quantity,unit price,subtotal,shipping,total",
        60,
        |at| {
            let (units, price) = (1 + at % 3, 10 + at);
            let goods = units * price;
            format!(
                "R{at},{},K{},{units},{price},{goods},5,{}",
                day(at),
                at % 9,
                goods + 5
            )
        },
    );
    assert_eq!(asked(&alone(&text)), ["amount"]);
}

#[test]
fn a_row_that_stands_twice_counts_once_where_an_order_is_one_row() {
    // The copies stand below the rows that are looked at first, and price times quantity has no grain.
    let order = |at: usize| {
        let units = 1 + at % 3;
        format!("{at},c{},{},{units},{}.50", at % 90, day(at), 10 + at % 7)
    };
    let paid = |at: usize| (1 + at % 3) as f64 * ((10 + at % 7) as f64 + 0.5);
    let row = |at: usize| order(if at < 2000 { at } else { at - 300 });
    let header = "order_id,customer_id,date,quantity,unit_price";
    let text = table(header, 2100, row);
    let data = alone(&text);
    is_net(&data, (0..2000).map(paid).sum());
    assert_eq!(asked(&data), ["copies"]);
    // Orders with several lines may have the same goods twice.
    let lines = |at: usize| {
        let at = if at < 200 { at } else { at - 100 };
        let (of, units) = (at / 2, 1 + at % 3);
        format!("{of},c{},{},{units},10.50", of % 9, day(of))
    };
    let data = alone(&table(header, 220, lines));
    let units: usize = (0..220)
        .map(|at| 1 + (if at < 200 { at } else { at - 100 }) % 3)
        .sum();
    is_net(&data, units as f64 * 10.5);
    assert_eq!(asked(&data), [""; 0]);
}

#[test]
fn the_day_of_a_sale_may_stand_in_a_calendar() {
    let header = "date_key,customer_key,product_key,quantity_sold,sales_amount";
    let sales = table(header, 80, |at| {
        format!(
            "{},{},{},1,{}.50",
            1 + at % 60,
            500 + at % 9,
            at % 5,
            20 + at
        )
    });
    let first = keepers::data::day::parse_iso("2024-01-01").expect("a day");
    let date = |at: usize| keepers::data::day::iso(first + at as i32);
    let calendar = table("date_key,full_date,year,month,day,weekday", 60, |at| {
        format!(
            "{},{},2024,{},{},{}",
            at + 1,
            date(at),
            1 + at / 31,
            1 + at % 28,
            at % 7
        )
    });
    let people = table("customer_key,name,city", 30, |at| {
        format!("{},Ann {at},B{}", 500 + at, at % 4)
    });
    let files = [
        ("dim_customer.csv", people.as_str()),
        ("dim_date.csv", calendar.as_str()),
        ("fact_sales.csv", sales.as_str()),
    ];
    let data = open(&files).expect("opens");
    is_net(&data, (0..80).map(|at| f64::from(at) + 20.5).sum());
    assert_eq!(data.orders.day_range(), Some((first, first + 59)));
    assert_eq!(data.orders.customers(), 9);
    assert!(warned(&data, WarningCode::UnusedTable).is_empty());
    // The key of a day that the calendar does not have is no day.
    let files = [
        files[0],
        ("dim_date.csv", &calendar.replace("\n60,", "\n61,")),
        files[2],
    ];
    let data = open(&files).expect("opens");
    assert_eq!(super::set::rows_of(&data, "unreadable_date"), 1);
}

#[test]
fn an_order_above_its_lines_is_their_sum() {
    // Of every three rows one is the order, the others are its lines, with amounts in one column or two.
    let cell = |at: usize| match at % 3 {
        0 => format!("H,,{}.00", 30 + 2 * (at / 3)),
        line => format!("D,p{line},{}.00", [10, 20][line - 1] + at / 3),
    };
    let row = |at: usize| {
        let order = at / 3;
        format!("{},{order},c{},{}", cell(at), order % 9, day(order))
    };
    let data = alone(&table(
        "record_type,sku,amount,order_id,customer_id,order_date",
        180,
        row,
    ));
    let net = (0..60).map(|order| f64::from(30 + 2 * order)).sum();
    is_net(&data, net);
    assert_eq!(warned(&data, WarningCode::TotalsRow).len(), 1);
    let two = |at: usize| {
        let order = at / 3;
        let amounts = match at % 3 {
            0 => format!("{}.00,", 30 + 2 * order),
            line => format!(",{}.00", [10, 20][line - 1] + order),
        };
        format!("{amounts},{order},c{},{}", order % 9, day(order))
    };
    let header = "order_total,line_amount,order_id,customer_id,order_date";
    is_net(&alone(&table(header, 180, two)), net);
}

#[test]
fn amounts_without_a_name_are_no_numbers_of_documents() {
    let text = table("XQ1,XQ2,XQ3,XQ4", 60, |at| {
        format!(
            "{},{},{},{}.25",
            90_000_000 + at,
            day(at),
            4000 + at % 9,
            20 + at
        )
    });
    let data = alone(&text);
    is_net(&data, (0..60).map(|at| f64::from(at) + 20.25).sum());
    assert_eq!(warned(&data, WarningCode::NoHeader).len(), 1);
}
