//! Sentences and numbers of the Overview's display data, and what its controls ask for.

use egui::accesskit::Role;
use egui_kittest::{Harness, kittest::Queryable};

use super::{State, model::Page, view_ui};
use crate::{
    action::Action,
    testing::{self, Viewed},
    widgets::kpi::Kpi,
};
use analysis::overview::{Kpis, Overview, PeriodRevenue, Trend, Window};
use analysis::selection::{Fate, Part};
use data::day::Period;
use data::lines::in_memory::{Kind, Line, assemble};
use data::orders::{Milestone, NO_DAY, Orders, Step};
use project::Project;

fn period(index: i32, new: f64, returning: f64, complete: bool) -> PeriodRevenue {
    PeriodRevenue {
        index,
        label: Period::Month.label(index),
        revenue_new: new,
        revenue_returning: returning,
        orders: 10,
        customers_new: 3,
        customers_returning: 4,
        complete,
    }
}

/// Fourteen complete months from December 2022 and February 2024 in progress. In the last twelve
/// complete ones returning customers bring 60 of 100 each.
fn overview() -> Overview {
    let first = 2022 * 12 + 11;
    let series = (0..15)
        .map(|month| match month {
            0 | 1 => period(first + month, 500.0, 0.0, true),
            14 => period(first + month, 9.0, 1.0, false),
            _ => period(first + month, 40.0, 60.0, true),
        })
        .collect();
    let window = |orders, revenue| Window {
        customers: 20,
        new_customers: 5,
        orders,
        revenue,
    };
    Overview {
        kpis: Kpis {
            customers: 1_000,
            orders: 2_500,
            net_revenue: 50_000.0,
            aov: 20.0,
            one_time_share: 0.4,
            repeat_rate: 0.6,
            median_gap_days: Some(21.0),
            ..Kpis::default()
        },
        period: Period::Month,
        too_short: None,
        series,
        orders_per_customer: vec![400, 250, 150, 80, 50, 30, 15, 10, 5, 10],
        gap_histogram: vec![500, 300, 100, 100],
        gap_bin_days: 14,
        gap_tail: true,
        trend: Some(Trend {
            window_days: 90,
            current: window(110, 900.0),
            previous: window(100, 1_000.0),
        }),
    }
}

#[test]
fn kpi_cards_say_the_number_and_its_change() {
    let page = Page::build(&overview(), "€");
    let said: Vec<String> = page.kpis.iter().map(Kpi::sentence).collect();
    assert_eq!(
        said,
        [
            "Customers: 1,000, 5 new in the last 90 days",
            "Orders: 2,500, up 10.0 % vs prior 90 days",
            "Net revenue: € 50,000, down 10.0 % vs prior 90 days",
            // 900 ÷ 110 against 1000 ÷ 100.
            "Average order value: € 20.0, down 18.2 % vs prior 90 days",
            "One-time customers: 40.0 %, 400 of 1,000 ordered once",
            "Repeat rate: 60.0 %, 600 of 1,000 came back",
            "Days between orders: 21 days, median: half come sooner",
        ]
    );
    // No card for what the data does not tell.
    assert!(page.kpis.iter().all(|kpi| kpi.label != "Return rate"));
}

#[test]
fn the_month_in_progress_is_shown_but_not_counted() {
    let page = Page::build(&overview(), "€");
    assert_eq!(
        page.revenue.finding,
        "Returning customers brought 60.0 % of € 1,200 in the last 12 complete months."
    );
    assert_eq!(page.revenue.in_progress.iter().filter(|&&on| on).count(), 1);
    assert!(page.revenue.in_progress[14]);
    assert_eq!(page.revenue.labels[0], "Dec 2022");
    // The first January carries a label.
    assert_eq!(page.revenue.labels[page.revenue.anchor], "Jan 2023");
    assert_eq!(
        page.revenue.tip(14).sentence(),
        "Feb 2024: Returning · 4 customers € 1.00, New · 3 customers € 9.00, Net revenue € 10.0, \
         Orders 10, This month is still in progress."
    );
    assert!(page.kpis[2].spark.len() == 14);
}

#[test]
fn histograms_name_their_classes_and_place_the_median() {
    let page = Page::build(&overview(), "");
    // 50 + 30 + 15 + 10 + 5 + 10 = 120 of 1,000.
    assert_eq!(
        page.orders.finding,
        "40.0 % ordered once, 12.0 % five times or more."
    );
    assert_eq!(page.orders.labels.last().map(String::as_str), Some("10+"));
    assert_eq!(
        page.orders.tip(1).sentence(),
        "2 orders: 250 customers (25.0 %)"
    );
    assert_eq!(
        page.gaps.names,
        ["1–14 days", "15–28 days", "29–42 days", "43 days or more"]
    );
    assert_eq!(page.gaps.labels, ["0", "14", "28", "42+"]);
    assert_eq!(
        page.gaps.finding,
        "Half of all repeat orders come within 21 days of the one before."
    );
    let (place, words) = page.gaps.marker.clone().expect("a median");
    assert_eq!(words, "Median 21");
    // Day 21 covers 20…21 on the axis: its middle is 20.5 ÷ 14 bins from the left.
    assert!((place - 20.5 / 14.0).abs() < 1e-12);
    assert_eq!(
        page.gaps.sheet("gap").csv(),
        "gap,repeat_orders\r\n1–14 days,500\r\n15–28 days,300\r\n29–42 days,100\r\n43 days or more,100\r\n"
    );
}

#[test]
fn a_shop_without_history_says_so() {
    let page = Page::build(&Overview::default(), "");
    assert_eq!(page.revenue.finding, "No month is complete yet.");
    assert_eq!(
        page.gaps.finding,
        "No customer has ordered on two different days yet."
    );
    assert_eq!(page.orders.finding, "");
}

/// The view on these orders, in a tall window.
fn overview_of(orders: Orders) -> Harness<'static, Viewed<State>> {
    let size = egui::vec2(1_240.0, 4_000.0);
    testing::view_of(orders, Project::default(), size, view_ui)
}

#[test]
fn charts_speak_and_the_period_can_be_switched() {
    let rows = [
        ("a", "2024-01-10", 10.0, "mail"),
        ("a", "2024-02-05", 30.0, "mail"),
        ("b", "2024-02-20", 60.0, "ads"),
        ("b", "2024-03-31", 20.0, "ads"),
    ];
    let mut harness = testing::view(
        &rows,
        Project::default(),
        egui::vec2(1_240.0, 900.0),
        view_ui,
    );
    // 30 + 20 of 10 + 30 + 60 + 20.
    let summary = "Returning customers brought 41.7 % of 120 in the last 3 complete months.";
    harness.get_by_role_and_label(Role::Figure, summary);
    harness.get_by_role_and_label(Role::Figure, "Repeat rate: 100.0 %, 2 of 2 came back");
    // 60 + 20 of 120 came through ads.
    harness.get_by_role_and_label(
        Role::Button,
        "ads: Net revenue 80.0 (66.7 %), Orders 2 (50.0 %), Customers 1 (50.0 %)",
    );
    harness.get_by_label("Period: Week").click();
    harness.run();
    assert_eq!(
        harness.state().actions,
        [Action::SetOverviewPeriod(Period::Week)]
    );
}

#[test]
fn a_bar_selects_its_customers_and_the_measure_can_be_switched() {
    let rows = [
        ("a", "2024-01-10", 10.0, "mail"),
        ("a", "2024-02-05", 30.0, "mail"),
        ("b", "2024-02-20", 60.0, "ads"),
    ];
    let mut harness = testing::view(
        &rows,
        Project::default(),
        egui::vec2(1_240.0, 3_000.0),
        view_ui,
    );
    let mail = "mail: Net revenue 40.0 (40.0 %), Orders 2 (66.7 %), Customers 1 (50.0 %)";
    harness.get_by_role_and_label(Role::Button, mail).click();
    harness.run();
    let part = Part::Attribute {
        name: "channel".to_owned(),
        value: "mail".to_owned(),
    };
    assert_eq!(harness.state().actions, [Action::Select(part)]);
    harness.get_by_label("Revenue by channel");
    harness.get_by_label("ads leads with 60.0 % of revenue.");
    harness.get_by_label("Rank by: Orders").click();
    harness.run();
    harness.get_by_label("Orders by channel");
    harness.get_by_label("mail leads with 66.7 % of orders.");
    // Nothing in this data tells what became of an order: said in one sentence, no empty card.
    assert!(
        harness
            .query_by_label("What became of the orders")
            .is_none()
    );
    harness.get_by_label_contains("no order status");
}

/// Customer, instalments, status, whether it was kept.
const PAID: [(&str, &str, &str, bool); 5] = [
    ("a", "1", "delivered", true),
    ("a", "3", "delivered", true),
    ("b", "1", "delivered", true),
    ("b", "3", "canceled", false),
    ("c", "3", "delivered", true),
];

fn paid(shipped: bool) -> Orders {
    let line =
        |(place, &(customer, instalments, status, kept)): (usize, &(&str, &str, &str, bool))| {
            Line {
                customer: customer.to_owned(),
                day: 19_000 + place as i32,
                amount: 10.0,
                kind: if kept { Kind::Sale } else { Kind::NotKept },
                attributes: vec![instalments.to_owned(), status.to_owned()],
                ..Line::default()
            }
        };
    let lines: Vec<Line> = PAID.iter().enumerate().map(line).collect();
    let columns = ["payment_installments", "order_status"];
    let mut orders = assemble(&lines, &columns).expect("a few letters");
    if shipped {
        orders.milestones.push(Milestone {
            step: Step::Shipped,
            days: vec![19_001, 19_002, 19_003, NO_DAY, NO_DAY],
        });
    }
    orders
}

fn select(harness: &mut Harness<'static, Viewed<State>>, row: &str) -> Vec<Action> {
    harness.get_by_role_and_label(Role::Button, row).click();
    harness.run();
    std::mem::take(&mut harness.state_mut().actions)
}

#[test]
fn what_became_of_the_orders_selects_customers() {
    let mut harness = overview_of(paid(true));
    let row = "Shipped: Of 5 orders 3 (60.0 %), Not kept before 1, Not yet, or not recorded 1, Since the step before \
               half within 1 day, nine of ten within 1 day, Since the order half within 1 day, nine of ten within 1 day";
    let shipped = Part::Became(Fate::Reached(Step::Shipped));
    assert_eq!(select(&mut harness, row), [Action::Select(shipped)]);
    // Everybody has an order that was created: nothing to select.
    harness.get_by_role_and_label(Role::Figure, "Created: Of 5 orders 5 (100.0 %)");
    let mut harness = overview_of(paid(false));
    let row = "Canceled: Of 5 orders 1 (20.0 %), not kept, worth 10.0";
    let canceled = Part::Became(Fate::Status {
        column: "order_status".to_owned(),
        value: "canceled".to_owned(),
    });
    assert_eq!(
        select(&mut harness, row),
        [Action::Select(canceled.clone())]
    );
    // By keyboard too; with Ctrl the part is added.
    harness.get_by_role_and_label(Role::Button, row).focus();
    harness.run();
    harness.key_press_modifiers(egui::Modifiers::CTRL, egui::Key::Enter);
    harness.run();
    assert_eq!(harness.state().actions, [Action::SelectAlso(canceled)]);
}

#[test]
fn a_bar_of_instalments_selects_who_paid_so() {
    let mut harness = overview_of(paid(false));
    let finding = "50.0 % of orders are paid at once, 50.0 % in two instalments or more.";
    harness.get_by_role_and_label(Role::Figure, finding).focus();
    harness.run();
    // The keyboard begins at the last bar: three instalments, kept orders of a and c.
    harness.get_by_role_and_label(Role::Figure, "3 instalments: 2 orders (50.0 %)");
    harness.key_press(egui::Key::Enter);
    harness.run();
    let three = Part::Count {
        name: "payment_installments".to_owned(),
        from: 3,
        to: Some(3),
    };
    assert_eq!(harness.state().actions, [Action::Select(three)]);
}
