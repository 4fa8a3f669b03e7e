//! Questions about the files: asked before anything else, answered with the keyboard or a click,
//! followed by the numbers, taken back by undo.

use egui::{Key, Modifiers, accesskit::Role, vec2};
use keepers::{
    app::{App, Options},
    base::monitor::Monitor,
    data::{
        dataset::{
            Dataset, Role as Means,
            error::DataError,
            options::{ReadOptions, ReadingEdit},
            understanding::{
                Choice, Outcome, Plan, PlanLink, PlanTable, Question, Understanding, Warning,
                WarningCode,
            },
        },
        load,
    },
    pipeline::{
        Pipeline,
        source::{Fingerprint, Loader},
    },
    project::Source,
    ui::{
        action::{Action, View},
        views::data::Tab,
    },
};

use crate::window::Window;

/// Net is 60, gross 71.40; two customers, three orders.
const ROWS: &[u8] = b"customer_id,order_date,net,gross\n\
    A,2024-01-05,10.00,11.90\nB,2024-02-05,20.00,23.80\nA,2024-03-05,30.00,35.70\n";

/// A shop that asks two questions; the first decides which column is the amount.
struct Asking;

impl Loader for Asking {
    fn fingerprint(&self, _: &Source) -> Fingerprint {
        Fingerprint::default()
    }

    fn load(
        &self,
        _: &Source,
        options: &ReadOptions,
        monitor: &Monitor,
    ) -> Result<Dataset, DataError> {
        let mut reading = options.clone();
        let amount = options.answers.get("amount").map_or("net", String::as_str);
        reading.edit(ReadingEdit::Role {
            file: "orders.csv".to_owned(),
            column: amount.to_owned(),
            role: Some(Means::Amount),
        });
        let mut dataset = load::load_bytes("orders.csv", ROWS, &reading, monitor)?;
        dataset.understanding = understanding(options);
        Ok(dataset)
    }
}

fn question(options: &ReadOptions, id: &str, text: &str, choices: [Choice; 2]) -> Question {
    let said = options.answers.get(id);
    Question {
        id: id.to_owned(),
        about: "orders.csv".to_owned(),
        text: text.to_owned(),
        chosen: said.cloned().unwrap_or_else(|| choices[0].id.clone()),
        choices: choices.into(),
        answered: said.is_some(),
    }
}

fn choice(id: &str, text: &str, net_revenue: Option<f64>) -> Choice {
    Choice {
        id: id.to_owned(),
        text: text.to_owned(),
        outcome: net_revenue.map(|net_revenue| Outcome {
            customers: 2,
            orders: 3,
            net_revenue,
        }),
    }
}

fn understanding(options: &ReadOptions) -> Understanding {
    let amounts = [
        choice("net", "“net” is what customers paid", Some(60.0)),
        choice("gross", "“gross” is what customers paid", Some(71.4)),
    ];
    let guests = [
        choice("one", "Guests are one customer each", None),
        choice("out", "Guests are left out", None),
    ];
    let table = |name: &str, grain: &str, rows| PlanTable {
        name: name.to_owned(),
        grain: grain.to_owned(),
        rows,
        used: name != "notes.csv",
    };
    Understanding {
        paragraph: "One file with 3 orders of 2 customers from 5 January to 5 March 2024."
            .to_owned(),
        questions: vec![
            question(
                options,
                "amount",
                "Which column did customers pay?",
                amounts,
            ),
            question(options, "guests", "Who are orders without an id?", guests),
        ],
        warnings: vec![Warning {
            code: WarningCode::FoldedIds,
            text: "Ids that differ in letter case only were taken for one customer.".to_owned(),
            rows: 1_412,
        }],
        plan: Plan {
            tables: vec![
                table("orders.csv", "orders", 1_731),
                table("people.csv", "customers", 900),
                table("notes.csv", "order lines", 3),
            ],
            links: vec![PlanLink {
                complete: true,
                from: 0,
                to: 1,
                from_column: "customer_id".to_owned(),
                to_column: "id".to_owned(),
                matched: 1_723,
                asked: 1_731,
            }],
        },
    }
}

fn open() -> Window {
    Window::with(vec2(1440.0, 1600.0), |ctx| {
        let options = Options {
            source: Source::Files(vec!["orders.csv".into()]),
            ..Options::default()
        };
        App::with_engine(ctx, options, Pipeline::with_loader(Box::new(Asking)))
    })
}

fn revenue(window: &Window) -> f64 {
    (window.shop().overview.kpis.net_revenue * 100.0).round() / 100.0
}

fn answers(window: &Window) -> Vec<(String, String)> {
    let answers = &window.app().project().reading.answers;
    let pairs = answers.iter();
    pairs
        .map(|(id, choice)| (id.clone(), choice.clone()))
        .collect()
}

const NET: &str = "“net” is what customers paid: customers 2, orders 3, net revenue 60.00";
const GROSS: &str = "“gross” is what customers paid: customers 2, orders 3, net revenue 71.40";

#[test]
fn files_that_leave_questions_open_on_them() {
    let window = open();
    assert_eq!(window.app().view(), View::Data);
    for text in [
        "One file with 3 orders of 2 customers from 5 January to 5 March 2024.",
        "Some questions are open",
        "Which column did customers pay?",
        "Guests are left out. Its numbers are not worked out",
        "Ids that differ in letter case only were taken for one customer.",
        "1,412 rows",
        "2 tables together; 1 is not used.",
        "notes.csv: 3 rows, not used",
        "1,723 of 1,731 rows of orders.csv with a value in “customer_id” are found in “id” of people.csv",
    ] {
        assert!(window.says(text), "{text}");
    }
    assert_eq!(revenue(&window), 60.0);
}

#[test]
fn the_keyboard_answers_and_undo_asks_again() {
    let mut window = open();
    window.focus(Role::RadioButton, NET);
    window.press(Modifiers::NONE, Key::ArrowRight);
    // Arrows only move: nothing is answered yet.
    assert!(answers(&window).is_empty());
    window.press(Modifiers::NONE, Key::Enter);
    let said = ("amount".to_owned(), "gross".to_owned());
    assert_eq!(answers(&window), [said]);
    assert_eq!(revenue(&window), 71.4);
    assert!(
        window.says("Which column did customers pay? You said: “gross” is what customers paid")
    );
    assert!(window.says("One question is open"));
    window.press(Modifiers::COMMAND, Key::Z);
    assert!(answers(&window).is_empty());
    assert_eq!(revenue(&window), 60.0);
    assert!(window.says("Some questions are open"));
}

#[test]
fn tab_comes_to_a_question_once() {
    let mut window = open();
    window.focus(Role::RadioButton, NET);
    window.press(Modifiers::NONE, Key::Tab);
    // The next stop is the other question, on the reading in use; Space confirms it.
    window.press(Modifiers::NONE, Key::Space);
    let said = ("guests".to_owned(), "one".to_owned());
    assert_eq!(answers(&window), [said]);
}

#[test]
fn an_answer_is_changed_or_left_to_keepers() {
    let mut window = open();
    window.click(Role::RadioButton, NET);
    assert_eq!(answers(&window).len(), 1);
    window.click(Role::Button, "Change: Which column did customers pay?");
    window.click(Role::RadioButton, GROSS);
    assert_eq!(revenue(&window), 71.4);
    assert!(window.says("You said: “gross”"));
    window.click(Role::Button, "Change: Which column did customers pay?");
    window.click(
        Role::Button,
        "Leave it to Keepers: Which column did customers pay?",
    );
    assert!(answers(&window).is_empty());
    assert_eq!(revenue(&window), 60.0);
}

#[test]
fn every_view_says_that_a_question_is_open() {
    const STRIP: &str = "2 questions about your files can change the numbers.";
    let mut window = open();
    assert!(
        !window.says(STRIP),
        "the questions themselves are on the screen"
    );
    for view in View::ALL {
        window.act(Action::Show(view));
        assert_eq!(window.says(STRIP), view != View::Data, "{view:?}");
    }
    window.act(Action::ShowDataTab(Tab::Quality));
    assert!(window.says(STRIP));
    window.act(Action::Show(View::Overview));
    window.click(Role::Button, "Answer");
    assert_eq!(window.app().view(), View::Data);
    window.click(Role::RadioButton, NET);
    window.act(Action::Show(View::Overview));
    assert!(window.says("1 question about your files can change the numbers."));
    window.click_beginning("Not now");
    assert!(!window.says("about your files"));
}
