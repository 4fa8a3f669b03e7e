//! The Start view: its five answers in the window, on the command line and from the pipeline are the same,
//! each button leads where it says, and the value of a new customer is what a second computation gives.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used)]

#[path = "common/window.rs"]
mod window;

use std::process::Command;

use egui::{Key, Modifiers, accesskit::Role};
use keepers::{
    analysis::{
        cohorts::RowsBy,
        payback::{HORIZONS, days_of},
    },
    audiences::ListKind,
    base::monitor::Monitor,
    pipeline::{
        Pipeline, Request,
        answers::{Answers, Known, QUESTIONS},
        snapshot::Shop,
    },
    project::{Project, Source},
    ui::{
        action::{Action, View},
        views::audiences::Section,
    },
};

use window::Window;

fn sample() -> (Shop, Project) {
    let project = Project {
        source: Source::Sample,
        ..Project::default()
    };
    let request = Request::with_start(&project);
    let snapshot = Pipeline::new()
        .run(&request, &Monitor::silent(), &mut |_| {})
        .expect("the sample opens");
    (snapshot.shop.clone().expect("a shop"), project)
}

fn answers(shop: &Shop, project: &Project) -> Answers {
    Answers::of(&Known {
        shop,
        people: shop.people.as_ref().expect("asked for"),
        start: shop.start.as_ref().expect("asked for"),
        settings: &project.audiences,
        currency: &project.currency,
        column: None,
    })
}

fn sentences(answers: &Answers) -> [&str; 5] {
    [
        &answers.expected_revenue.sentence,
        &answers.allowance.sentence,
        &answers.slipping_away.sentence,
        &answers.first_order.sentence,
        &answers.last_month.sentence,
    ]
}

/// Every number of the answers, from the tables of other views or by another way of adding up.
#[test]
fn the_numbers_are_those_of_a_second_computation() {
    let (shop, project) = sample();
    let found = answers(&shop, &project);
    let people = shop.people.as_ref().expect("asked for");
    let (orders, customers) = (&shop.dataset.orders, &shop.customers);

    let expected = found.expected_revenue.numbers.as_ref().expect("a forecast");
    let forecast = people.forecast.as_ref().as_ref().expect("a forecast");
    let predicted: f64 = forecast.value.iter().sum();
    let log_ratios: Vec<f64> = (expected.checks.iter())
        .map(|check| (check.actual / check.predicted).ln())
        .collect();
    let level = (log_ratios.iter().sum::<f64>() / log_ratios.len() as f64).exp();
    let total = expected.expected.expect("checked");
    assert!((total.estimate / (predicted * level) - 1.0).abs() < 1e-12);
    assert!(total.low < total.estimate && total.estimate < total.high);

    // Customer by customer and line by line, in two passes.
    let start = shop.start.as_ref().expect("asked for");
    assert_eq!(
        start.since, None,
        "the sample begins with its first customers"
    );
    for months in HORIZONS {
        let end = days_of(months);
        let values: Vec<f64> = (0..customers.len())
            .filter(|&row| customers.exists(row) && customers.first_day[row] + end <= shop.as_of)
            .map(|row| {
                let within = |line: &usize| orders.days[*line] < customers.first_day[row] + end;
                let lines = orders.lines_of(row).filter(within);
                lines.map(|line| orders.net(line)).sum()
            })
            .collect();
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let error = (squares / (count - 1.0) / count).sqrt();
        let value = start.payback.of(months).expect("a horizon");
        assert_eq!(value.customers, values.len() as u64);
        assert!((value.mean / mean - 1.0).abs() < 1e-9, "{months}");
        assert!((value.error / error - 1.0).abs() < 1e-6, "{months}");
        let last = value.by_month.last().expect("months");
        assert!((last / mean - 1.0).abs() < 1e-9, "{months}");
    }
    let allowance = found
        .allowance
        .numbers
        .as_ref()
        .expect("a year of customers");
    let year = start.payback.of(12).expect("a horizon");
    assert_eq!(allowance.months, 12);
    assert!((allowance.spend - year.mean * 0.4).abs() < 1e-9);

    let slipping = found.slipping_away.numbers.as_ref().expect("somebody");
    let list = people.lists.get(slipping.list).expect("every list");
    assert_eq!(slipping.list, ListKind::VipToProtect);
    assert_eq!(slipping.customers, list.customers.len() as u64);
    let dearest = slipping
        .dearest
        .iter()
        .map(|&row| customers.monetary[row as usize]);
    let mut all: Vec<f64> = (list.customers.iter())
        .map(|&row| customers.monetary[row as usize])
        .collect();
    all.sort_by(|one, other| other.total_cmp(one));
    assert!(dearest.eq(all.into_iter().take(5)));

    let bringing = found.first_order.numbers.as_ref().expect("columns");
    let column = orders.attribute(&bringing.column).expect("a column");
    for share in &bringing.values {
        let rows: Vec<usize> = (0..customers.len())
            .filter(|&row| customers.exists(row) && customers.first_day[row] + 90 < shop.as_of)
            .filter(|&row| column.value(orders.first_kept_line(row)) == share.value)
            .collect();
        let back = |row: &&usize| {
            let first = customers.first_day[**row];
            orders.lines_of(**row).any(|line| {
                let later = (first + 1..=first + 90).contains(&orders.days[line]);
                later && orders.flags[line] & keepers::data::orders::flag::DAY_START != 0
            })
        };
        let returned = rows.iter().filter(back).count() as u64;
        assert_eq!(
            (share.customers, share.returned),
            (rows.len() as u64, returned),
            "{}",
            share.value
        );
    }
}

/// The months are those of the Overview.
#[test]
fn the_last_month_is_that_of_the_overview() {
    let (shop, project) = sample();
    let found = answers(&shop, &project);
    let change = found.last_month.numbers.as_ref().expect("months");
    let of_month = |label: &str| {
        let mut series = shop.overview.series.iter();
        series
            .find(|period| data_month(period.index) == label)
            .map(|period| (period.revenue(), period.orders, period.customers_new))
            .expect("a month of the Overview")
    };
    let compared = [
        Some(&change.month),
        change.month_before.as_ref(),
        change.year_before.as_ref(),
    ];
    for month in compared {
        let month = month.expect("the sample is three years long");
        let of_overview = of_month(&month.month);
        assert_eq!(
            of_overview,
            (month.revenue, month.orders, month.new_customers)
        );
    }
    assert_eq!(change.revenue.len(), 13);
}

fn data_month(index: i32) -> String {
    keepers::data::day::Period::Month.label(index)
}

#[test]
fn the_command_line_says_the_same() {
    let (shop, project) = sample();
    let found = answers(&shop, &project);
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_keepers"))
            .args(arguments)
            .output()
            .expect("it runs");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("text")
    };
    let printed: serde_json::Value =
        serde_json::from_str(&run(&["start", "--sample", "--json"])).expect("JSON");
    // Written and read the same way: reading a number may move its last digit.
    let written = serde_json::to_string(&found).expect("JSON");
    let of_pipeline: serde_json::Value = serde_json::from_str(&written).expect("JSON");
    for (key, value) in of_pipeline.as_object().expect("an object") {
        assert_eq!(&printed[key], value, "{key}");
    }
    let text = run(&["start", "--sample"]);
    for sentence in sentences(&found) {
        assert!(text.contains(sentence), "{sentence}\n{text}");
    }
}

#[test]
fn five_sentences_stand_and_each_button_leads_on() {
    let mut window = Window::sample();
    window.press(Modifiers::COMMAND, Key::Num1);
    assert_eq!(window.app().view(), View::Start);
    let (shop, project) = sample();
    let found = answers(&shop, &project);
    for (question, sentence) in QUESTIONS.into_iter().zip(sentences(&found)) {
        assert!(window.says(question), "{question}");
        assert!(window.says(sentence), "{sentence}");
    }
    let column = found.first_order.numbers.expect("columns").column;
    let mut press = |button: &str| {
        window.act(Action::Show(View::Start));
        window.click(Role::Button, button);
        let look = window.labels(Role::RadioButton, "Section: ");
        (window.app().view(), look, window.app().project().clone())
    };
    assert_eq!(press("Open Audiences").0, View::Audiences);
    assert_eq!(press("Open Overview").0, View::Overview);
    let (view, _, project) = press("Open Cohorts");
    assert_eq!(view, View::Cohorts);
    assert_eq!(project.cohorts.rows, RowsBy::Attribute(column));
    assert_eq!(press("Open costs").0, View::Audiences);
    assert!(window.says("Cost of winning customers"));
    window.act(Action::ShowAudience(
        Section::Lists,
        Some(ListKind::SecondOrder),
    ));
    window.act(Action::Show(View::Start));
    window.click(Role::Button, "Open this list");
    assert_eq!(window.app().view(), View::Audiences);
    let list = found.slipping_away.numbers.expect("somebody").list;
    let people = window.shop().people.as_ref().expect("worked out");
    let rule = people.lists.get(list).expect("every list").rule.clone();
    assert!(window.says(&rule), "{rule}");
}

#[test]
fn a_shorter_horizon_is_a_choice_of_the_project() {
    let mut window = Window::sample();
    window.act(Action::Show(View::Start));
    let mut settings = window.app().project().audiences.clone();
    settings.payback_months = 3;
    window.act(Action::SetAudiences(Box::new(settings)));
    assert!(window.says("to win a customer and have it back within 3 months."));
    window.act(Action::Undo);
    assert!(window.says("to win a customer and have it back within 12 months."));
}
