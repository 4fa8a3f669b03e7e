//! The panels of the Data view and of a customer table, read and used as a person would.

use std::{fs, thread, time::Duration};

use egui::{accesskit::Role, vec2};
use egui_kittest::kittest::Queryable;
use keepers::ui::{
    action::{Action, View},
    frame::asks::{Ask, FileAction},
    views::data::Tab,
};

use crate::{PEOPLE, desk::Desk};

#[test]
fn the_profile_says_what_each_column_holds() {
    // Amounts 1, 2, 3, 10; two channels; one country missing.
    let text = "customer_id,order_date,amount,channel,country\n\
        A,2024-01-05,1,mail,AT\nB,2024-02-05,2,mail,AT\nA,2024-03-05,3,shop,\nC,2024-05-31,10,mail,DE\n";
    let mut window = Desk::open("orders.csv", text);
    window.show(Tab::Profile);
    window.until(|window| window.says("Profile of orders.csv"));
    let said = |label: &str| {
        let harness = &window.harness;
        let mut found = harness.query_all_by_label_contains(label);
        found.next().is_some()
    };
    // By hand from the text above.
    for label in [
        "amount: whole number, 4 distinct, from 1 to 10, median 2.5",
        "order_date: date, 4 distinct, from 5 Jan 2024 to 31 May 2024",
        "channel: text, 2 distinct, most often mail (75.0 %).",
        "country: text, 2 distinct, most often AT (66.7 %), missing in 25.0 % of the rows.",
    ] {
        assert!(said(label), "{label}");
    }
}

#[test]
fn hovering_a_correlation_names_both_columns_r_and_n() {
    let mut window = Desk::open("people.csv", PEOPLE);
    window.act(Action::Show(View::Overview));
    let label = "Correlations. Only weakly related: the strongest pair is churn and lifetime_value (r = 0.21).";
    let rect = window
        .harness
        .get_by_role_and_label(Role::Figure, label)
        .rect();
    window
        .harness
        .get_by_role_and_label(Role::Figure, label)
        .focus();
    window.harness.run_steps(3);
    // Pearson's r of both over the ten rows, by numpy: 0.20866; ranks by hand.
    let said = "churn and lifetime_value: Pearson r 0.209";
    assert!(window.says(said), "the arrow keys begin below the diagonal");
    assert!(window.says("Rows with both 10"), "n");
    window.harness.key_press(egui::Key::ArrowUp);
    window.harness.run_steps(3);
    assert!(window.says("churn: Rows with a value 10"), "the diagonal");
    // The pointer does the same: the first cell of the second row.
    let cell = rect.left_top() + vec2(200.0 + 10.0, 28.0 + 14.0);
    window.harness.hover_at(cell);
    window.harness.run_steps(3);
    assert!(window.says(said));
}

#[test]
fn the_rate_per_category_is_the_one_counted_by_hand() {
    let mut window = Desk::open("people.csv", PEOPLE);
    window.show(Tab::Profile);
    window.until(|window| window.says("Rate by category"));
    window.click(Role::ComboBox, "By: customer_id");
    window.click(Role::ListBoxOption, "region");
    // Four of five in the south, one of five in the north; Wilson's intervals by scipy.
    assert!(window.says("50.0 % of all rows"));
    assert!(window.says("South: Rate 80.0 %, 4 of 5 rows; likely between 37.6 % and 96.4 %"));
    assert!(window.says("North: Rate 20.0 %, 1 of 5 rows; likely between 3.6 % and 62.4 %"));
}

#[test]
fn rejected_rows_leave_the_window_with_file_and_line() {
    let text =
        "customer_id,order_date,amount\nA,2024-01-01,5\n,2024-01-02,7\nA,soon,1\nB,2024-01-04,2\n";
    let mut window = Desk::open("orders.csv", text);
    window.show(Tab::Quality);
    let asked = |window: &Desk| matches!(window.app().ask(), Some(Ask::Where { .. }));
    // There is no file dialog here, but a busy machine may answer so late that it looks like one that
    // was closed.
    for _ in 0..20 {
        window.click(Role::Button, "Export rejected rows…");
        for _ in 0..500 {
            window.harness.run_steps(1);
            if asked(&window) {
                break;
            }
            thread::sleep(Duration::from_millis(2));
        }
        if asked(&window) {
            break;
        }
    }
    let path = window.folder.path().join("rejected.csv");
    window.act(Action::File(FileAction::WriteTo {
        path: path.clone(),
        replace: false,
    }));
    window.until(|_| path.exists());
    assert_eq!(
        fs::read_to_string(&path).expect("written"),
        "file,line,rule,text\r\n\
         orders.csv,3,missing_customer,\",2024-01-02,7\"\r\n\
         orders.csv,4,unreadable_date,\"A,soon,1\"\r\n"
    );
}

#[test]
fn the_time_zone_of_the_shop_moves_late_orders_to_the_next_day() {
    // 23:30 in Greenwich is past midnight in Berlin, and the evening before in Los Angeles.
    let text = "customer_id,order_date,amount\n\
        A,2024-06-01T12:00:00+00:00,1\nA,2024-06-30T23:30:00+00:00,2\nB,2024-06-30T05:00:00+00:00,4\n";
    let mut window = Desk::open("orders.csv", text);
    window.show(Tab::Files);
    let last = |window: &Desk| {
        let (_, last) = window.shop().order_days.expect("orders");
        keepers::data::day::iso(last)
    };
    assert_eq!(last(&window), "2024-06-30");
    window.click(Role::ComboBox, "Time zone of the shop: UTC");
    window.click(Role::ListBoxOption, "Europe/Berlin");
    assert_eq!(last(&window), "2024-07-01");
    let zone = window.app().project().reading.time_zone.clone();
    assert_eq!(zone.as_deref(), Some("Europe/Berlin"));
    window.click(Role::ComboBox, "Time zone of the shop: Europe/Berlin");
    window.click(Role::ListBoxOption, "America/Los Angeles");
    assert_eq!(last(&window), "2024-06-30");
    window.act(Action::Undo);
    window.act(Action::Undo);
    assert_eq!(last(&window), "2024-06-30");
    assert_eq!(window.app().project().reading.time_zone, None);
}
