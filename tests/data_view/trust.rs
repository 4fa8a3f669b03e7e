//! Five weeks of a small shop: what they are too short for is said on the Overview, behind the shield of every view,
//! and where a forecast stands.

use std::fmt::Write;

use keepers::ui::action::{Action, View};

use crate::desk::Desk;

/// Customer c of 120 orders on day c modulo 33 of a span that begins on 1 March, every third again a week
/// later. So 33 days, 34 customers with a second purchase. One line without a customer.
fn five_weeks() -> String {
    let mut text = "order_id,customer_id,order_date,amount\n".to_owned();
    let mut order = 0;
    for customer in 0..120 {
        let first = customer % 33;
        let again = (customer % 3 == 0 && first + 7 < 34).then_some(first + 7);
        for day in [Some(first), again].into_iter().flatten() {
            order += 1;
            let (month, day) = if day < 31 {
                (3, day + 1)
            } else {
                (4, day - 30)
            };
            let _ = writeln!(
                text,
                "{order},C{customer:03},2024-{month:02}-{day:02},20.00"
            );
        }
    }
    text + "9999,,2024-03-05,10.00\n"
}

#[test]
fn what_is_too_short_is_said_where_the_numbers_are() {
    let mut desk = Desk::open("orders.csv", &five_weeks());
    let said = [
        "No cohort has been followed for one whole month after its first",
        "Forecasts rest on 33 days of orders and 34 customers who came back; they need 180 days and 500 customers",
    ];
    desk.act(Action::Show(View::Overview));
    for sentence in said {
        assert!(desk.says(sentence), "{sentence}");
    }
    assert!(desk.says("1 Mar 2024 – 2 Apr 2024 (33 days)"));
    assert!(desk.says("of the rows left out"));
    // Under another view the same stands behind the shield in the top bar.
    desk.act(Action::Show(View::Cohorts));
    assert!(!desk.says(said[1]));
    desk.click_beginning("How far to trust these numbers: 2 limits to know");
    assert!(desk.says(said[1]));
    desk.act(Action::Show(View::Audiences));
    assert!(desk.says(said[1]));
}
