//! The overview, selections, order lists, sorting and searching.

use keepers::{
    analysis::{
        cohorts::{CohortSpec, RowsBy},
        customer_list::{
            OrderRow, SortKey, best_matches, customer_orders, search_customers, sort_customers,
        },
        overview::{PeriodRevenue, Window},
        overview_build::overview,
        selection::Part,
    },
    data::day::Period,
    data::lines::in_memory::{Line, assemble},
    data::orders::{Attribute, Codes},
};

use crate::{
    Tested, by_country,
    small_shop::{as_of, day, shop},
};

#[test]
fn overview_numbers() {
    let Tested {
        orders, customers, ..
    } = Tested::new();
    let overview = overview(&orders, &customers, Period::Month);
    let kpis = &overview.kpis;
    assert_eq!((kpis.customers, kpis.orders, kpis.lines), (5, 8, 14));
    assert_eq!(
        (kpis.net_revenue, kpis.revenue_without_customer),
        (200.0, -7.0)
    );
    assert_eq!(
        (kpis.aov, kpis.one_time_share, kpis.repeat_rate),
        (25.0, 0.6, 0.4)
    );
    // 5 Jan → 10 Feb 36 days, 10 Feb → 2 Apr 52 days.
    assert_eq!(kpis.median_gap_days, Some(44.0));
    // 2 of 11 sale lines; credits of 50 against kept sales of 250.
    assert_eq!(kpis.return_rate, Some(2.0 / 11.0));
    assert_eq!(kpis.credit_share, Some(0.2));
    assert_eq!(overview.orders_per_customer, [3, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!((overview.gap_bin_days, overview.gap_tail), (7, false));
    assert_eq!(overview.gap_histogram, [0, 0, 0, 0, 0, 1, 0, 1]);
    let series: Vec<_> = overview
        .series
        .iter()
        .map(|entry| {
            let customers = (entry.customers_new, entry.customers_returning);
            (
                entry.revenue_new,
                entry.revenue_returning,
                entry.orders,
                customers,
                entry.complete,
            )
        })
        .collect();
    assert_eq!(
        series,
        [
            (115.0, -3.0, 2, (2, 0), true),
            (25.0, -20.0, 2, (1, 1), true),
            (48.0, -7.0, 2, (1, 0), true),
            (12.0, 30.0, 2, (1, 1), false)
        ]
    );
    // 90 days do not fit twice since 5 January; 28 days do: from 19 March and from 20 February.
    let trend = overview.trend.unwrap();
    assert_eq!(trend.window_days, 28);
    let current = Window {
        customers: 2,
        new_customers: 1,
        orders: 2,
        revenue: 42.0,
    };
    let previous = Window {
        customers: 2,
        new_customers: 2,
        orders: 3,
        revenue: 66.0,
    };
    assert_eq!((trend.current, trend.previous), (current, previous));
    assert_eq!(current.returning_share(), Some(0.5));
    assert_eq!(
        trend.change(|window| window.revenue),
        Some(42.0 / 66.0 - 1.0)
    );
    assert_eq!(overview.recent(2, PeriodRevenue::revenue), [5.0, 41.0]);
    assert_eq!(overview.best_period().unwrap().label, "2024-01");
}

#[test]
fn selections() {
    let shop = Tested::new();
    let segment = |name: &str| Part::Segment(name.to_owned());
    let cohort = |spec: CohortSpec, key: i64, age| Part::Cohort {
        spec,
        key,
        label: String::new(),
        age,
    };
    let january = shop.cohorts.rows[0].key;
    assert_eq!(shop.select(vec![]), (vec![0, 1, 2, 4, 5], 8, 207.0));
    assert_eq!(shop.select(vec![segment("At Risk")]), (vec![1], 1, 60.0));
    assert_eq!(shop.select(vec![segment("renamed")]), (vec![], 0, 0.0));
    // Two segments widen the selection, a cohort beside them narrows it.
    let both = vec![segment("At Risk"), segment("Regulars")];
    assert_eq!(shop.select(both.clone()), (vec![1, 4], 2, 72.0));
    let january_only = cohort(CohortSpec::default(), january, None);
    let narrowed = both.into_iter().chain([january_only]).collect();
    assert_eq!(shop.select(narrowed), (vec![1], 1, 60.0));
    let monthly = CohortSpec::default;
    assert_eq!(
        shop.select(vec![cohort(monthly(), january, None)]),
        (vec![0, 1], 4, 125.0)
    );
    // February: 1 ordered, 2 only got a credit.
    assert_eq!(
        shop.select(vec![cohort(monthly(), january, Some(1))]),
        (vec![0], 3, 65.0)
    );
    assert_eq!(
        shop.select(vec![cohort(monthly(), january, Some(2))]),
        (vec![], 0, 0.0)
    );
    let quarterly = CohortSpec {
        period: Period::Quarter,
        rows: RowsBy::Acquisition,
    };
    let first_quarter = i64::from(Period::Quarter.index(day("01-01")));
    let part = cohort(quarterly.clone(), first_quarter, None);
    assert_eq!(shop.select(vec![part]), (vec![0, 1, 2, 5], 7, 195.0));
    let part = cohort(quarterly, first_quarter, Some(1));
    assert_eq!(shop.select(vec![part]), (vec![0], 3, 65.0));
    // Values are numbered in byte order: DE 0, FR 1.
    let part = cohort(by_country(), 1, None);
    assert_eq!(shop.select(vec![part.clone()]), (vec![1, 4], 2, 72.0));
    assert_eq!(
        shop.select(vec![part, segment("Regulars")]),
        (vec![4], 1, 12.0)
    );
    assert_eq!(
        shop.select(vec![Part::RfCell { r: 4, f: 5 }]),
        (vec![0], 3, 65.0)
    );
    let named = Part::Customers(["10", "4", "77"].map(str::to_owned).to_vec());
    assert_eq!(shop.select(vec![named]), (vec![5], 2, 45.0));
}

/// Columns of lines and of customers: two values of one column widen, two columns narrow.
#[test]
fn columns_select() {
    let mut shop = Tested::new();
    shop.orders.traits.push(Attribute {
        name: "gender".to_owned(),
        codes: Codes::U8(vec![1, 2, 1, 2, 1, 0]),
        values: ["", "F", "M"].into_iter().collect(),
    });
    let column = |name: &str, value: &str| Part::Attribute {
        name: name.to_owned(),
        value: value.to_owned(),
    };
    // Kept lines only: 3's order to France was not kept, 4 and 10 got credits there.
    let france = column("COUNTRY", "FR");
    assert_eq!(shop.select(vec![france.clone()]), (vec![0, 1, 4], 5, 137.0));
    let either = vec![france.clone(), column("country", "DE")];
    assert_eq!(shop.select(either), (vec![0, 1, 2, 4, 5], 8, 207.0));
    let women = column("gender", "F");
    assert_eq!(shop.select(vec![women.clone()]), (vec![0, 2, 4], 5, 102.0));
    assert_eq!(shop.select(vec![column("gender", "")]), (vec![5], 2, 45.0));
    assert_eq!(shop.select(vec![france, women]), (vec![0, 4], 4, 77.0));
    assert_eq!(shop.select(vec![column("country", "XX")]), (vec![], 0, 0.0));
    assert_eq!(shop.select(vec![column("planet", "FR")]), (vec![], 0, 0.0));
}

#[test]
fn order_lists() {
    let orders = shop();
    let row = |date, order, amount, lines| OrderRow {
        day: day(date),
        order,
        amount,
        lines,
        kept: true,
        ..OrderRow::default()
    };
    let of = |customer: usize| customer_orders(&orders, customer, as_of());
    let number = |id: &str| {
        orders
            .order_ids
            .iter()
            .position(|order| order == id)
            .unwrap() as u32
    };
    let next = |row: OrderRow, gap| OrderRow {
        gap_days: Some(gap),
        ..row
    };
    assert_eq!(
        of(0),
        [
            row("01-05", number("A1"), 15.0, 2),
            next(row("02-10", number("A2"), 20.0, 1), 36),
            next(row("04-02", number("A3"), 30.0, 1), 52),
        ]
    );
    let credit = OrderRow {
        kept: false,
        credit: true,
        ..row("01-15", number("CJ0"), -3.0, 1)
    };
    let returned = OrderRow {
        kept: false,
        amount_not_kept: 40.0,
        ..row("03-20", number("J3"), 0.0, 1)
    };
    let second = next(row("03-05", number("J2"), 8.0, 1), 0);
    assert_eq!(
        of(5),
        [
            credit,
            row("03-05", number("J1"), 40.0, 1),
            second,
            returned
        ]
    );
    assert_eq!(of(4).len(), 1);
}

#[test]
fn sorting_and_searching() {
    let shop = Tested::new();
    let rows = [0, 1, 2, 4, 5];
    let sorted = |key, descending| sort_customers(shop.tables(), key, descending, &rows);
    assert_eq!(sorted(SortKey::Monetary, true), [0, 1, 5, 2, 4]);
    assert_eq!(sorted(SortKey::Monetary, false), [4, 2, 5, 1, 0]);
    // Ties stay in customer order in both directions.
    assert_eq!(sorted(SortKey::Frequency, true), [0, 5, 1, 2, 4]);
    assert_eq!(sorted(SortKey::Frequency, false), [1, 2, 4, 5, 0]);
    assert_eq!(sorted(SortKey::RecencyDays, false), [4, 0, 5, 2, 1]);
    assert_eq!(sorted(SortKey::LastOrder, false), [1, 2, 5, 0, 4]);
    assert_eq!(sorted(SortKey::Segment, false), [0, 5, 1, 2, 4]);
    assert_eq!(sorted(SortKey::Id, true), [5, 4, 2, 1, 0]);
    // AOV: 21.67, 60, 25, 12, 22.5.
    assert_eq!(sorted(SortKey::Aov, true), [1, 2, 5, 0, 4]);
    let everyone = [0, 1, 2, 3, 4, 5];
    assert_eq!(search_customers(&shop.orders, " 1 ", &everyone), [0, 5]);
    assert_eq!(search_customers(&shop.orders, "", &rows), rows);
    assert_eq!(search_customers(&shop.orders, "x", &everyone), [0; 0]);
    let named = ["Beta", "alphabet", "BE", "gamma"].map(|id| Line {
        customer: id.to_owned(),
        ..Line::default()
    });
    let orders = assemble(&named, &[]).unwrap();
    // Byte order: BE, Beta, alphabet, gamma.
    assert_eq!(best_matches(&orders, "be", &[0, 1, 2, 3], 9), [0, 1, 2]);
    assert_eq!(best_matches(&orders, "bet", &[0, 1, 2, 3], 1), [1]);
}
