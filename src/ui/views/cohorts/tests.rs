//! Sentences and numbers of the display data, and what clicks and keys ask for.

use egui::{Event, Key, Modifiers, PointerButton, accesskit::Role, pos2};
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};

use super::{
    State,
    model::{Page, row_choices},
    view_ui, words,
};
use crate::{
    action::Action,
    testing::{self, Viewed},
};
use analysis::{
    cohort_build::cohorts,
    cohorts::{Cell, CellState, CohortRow, CohortSpec, CohortTable, Metric, RowsBy},
    selection::Part,
};
use data::day::{Period, parse_iso};
use project::Project;

/// January 2024: a (orders again in February and March) and b; February: c (again in March). The
/// as-of date lies within March.
const ROWS: [testing::Row<'static>; 6] = [
    ("a", "2024-01-10", 10.0, "mail"),
    ("a", "2024-02-05", 20.0, "mail"),
    ("a", "2024-03-01", 30.0, "mail"),
    ("b", "2024-01-20", 40.0, "ads"),
    ("c", "2024-02-02", 50.0, "ads"),
    ("c", "2024-03-15", 60.0, "ads"),
];

fn project() -> Project {
    Project {
        as_of: parse_iso("2024-03-20"),
        ..Project::default()
    }
}

fn page(metric: Metric, rows: RowsBy) -> Page {
    let spec = CohortSpec {
        period: Period::Month,
        rows,
    };
    let orders = testing::orders(&ROWS);
    let table = cohorts(&orders, project().as_of.expect("a date"), &spec);
    Page::build(&table, metric, "€")
}

/// The three CDNOW cohorts, ages 0…3, retained customers as published (orders and revenue made up).
fn cdnow() -> CohortTable {
    let rows = [
        ("1997-01", 1997 * 12, [7_846, 1_157, 964, 810]),
        ("1997-02", 1997 * 12 + 1, [8_476, 1_312, 980, 783]),
        ("1997-03", 1997 * 12 + 2, [7_248, 1_032, 752, 756]),
    ];
    CohortTable {
        spec: CohortSpec::default(),
        as_of: parse_iso("1998-07-01").expect("a date"),
        rows: rows
            .into_iter()
            .map(|(label, key, counts)| CohortRow {
                label: label.to_owned(),
                key,
                size: counts[0],
                cells: counts
                    .iter()
                    .map(|&customers| Cell {
                        customers,
                        orders: customers,
                        revenue: 0.0,
                    })
                    .collect(),
                exposed: vec![counts[0]; 4],
                running: vec![Cell::default(); 4],
                exposed_running: vec![0; 4],
                cumulative_ltv: vec![0.0; 4],
            })
            .collect(),
        ages: 4,
        beyond: None,
        left_censored: false,
        row_of: Vec::new(),
    }
}

#[test]
fn cells_read_as_the_published_sentence() {
    let page = Page::build(&cdnow(), Metric::Retention, "");
    assert!(
        page.tip(0, 3)
            .sentence()
            .starts_with("Jan 1997 cohort, 3 months later: 810 of 7,846 bought again (10.3 %)")
    );
    assert!(
        page.tip(1, 0)
            .sentence()
            .starts_with("Feb 1997 cohort, first month: 8,476 customers placed the first order")
    );
    assert_eq!(
        words::row_sentence(&page, 2),
        "Mar 1997 cohort: 7,248 customers"
    );
    assert_eq!(page.cell_text(1.0), "100 %");
    assert_eq!(page.cell_text(810.0 / 7_846.0), "10.3 %");
}

#[test]
fn findings_carry_the_numbers() {
    // (1157 + 1312 + 1032) ÷ 23570 = 14.85 %; (810 + 783 + 756) ÷ 23570 = 9.97 %.
    let page = Page::build(&cdnow(), Metric::Retention, "");
    assert_eq!(
        page.finding,
        "14.9 % of customers buy again one month after the first order, 10.0 % after 3 months."
    );
    // Ages 3: 10.32 %, 9.24 %, 10.43 %.
    assert_eq!(
        page.curves_finding,
        "3 months later, Mar 1997 (10.4 %) stands highest and Feb 1997 (9.2 %) lowest."
    );
}

#[test]
fn the_first_age_is_outside_of_the_colours() {
    let page = Page::build(&cdnow(), Metric::Retention, "");
    let (low, high) = page.domain.expect("cells");
    // Nine cells of ages 1…3, from 783 ÷ 8476 to 1312 ÷ 8476.
    assert!((783.0 / 8_476.0..0.097).contains(&low), "{low}");
    assert!(high <= 1_312.0 / 8_476.0 && high > 0.15, "{high}");
    assert!(page.first_left_out());
    assert_eq!(page.shade(1.0), 1.0);
    assert_eq!(page.shade(0.0), 0.0);
    let aov = Page::build(&cdnow(), Metric::Aov, "");
    assert!(!aov.first_left_out());
}

#[test]
fn running_periods_and_small_cohorts_are_told_apart() {
    let page = page(Metric::Retention, RowsBy::Acquisition);
    assert_eq!(page.rows[0].name, "Jan 2024");
    let running = page.cell(0, 2).expect("observed");
    assert_eq!(running.state, CellState::InProgress);
    assert_eq!(
        page.cell(0, 1).expect("observed").state,
        CellState::Complete
    );
    assert_eq!(page.cell(1, 2), None);
    assert!(page.tip(0, 2).note.contains("still in progress"));
    assert!(page.tip(0, 1).note.contains("fewer than 30 customers"));
    assert_eq!(page.tip(1, 2).note, "Not observed yet.");
    // Two of January's customers, one came back; February's second month still runs.
    assert_eq!(page.mean, [Some(1.0), Some(0.5), None]);
    assert_eq!(page.unsure_from(0), 0);
    assert_eq!(page.needs_legend_for(), (true, true));
}

#[test]
fn the_sheet_is_the_table() {
    let page = page(Metric::Revenue, RowsBy::Acquisition);
    assert_eq!(
        page.sheet().csv(),
        "cohort,size,month_0,month_1,month_2\r\n\"2024-01\",2,50,20,30\r\n\"2024-02\",1,50,60,\r\n\
         weighted mean,3,50,20,\r\n"
    );
}

#[test]
fn rows_by_attribute_are_named_after_it() {
    let page = page(Metric::Customers, RowsBy::Attribute("channel".to_owned()));
    assert_eq!(page.row_title(), "Channel");
    assert_eq!(page.by(), "by first channel");
    let names: Vec<&str> = page.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["ads", "mail"]);
    let choices = row_choices(Period::Quarter, ["product_category"].into_iter());
    assert_eq!(choices[0].1, "Quarter of first order");
    assert_eq!(choices[1].1, "First product category");
}

fn app() -> Harness<'static, Viewed<State>> {
    testing::view(&ROWS, project(), egui::vec2(1_200.0, 800.0), view_ui)
}

fn part(key: i64, label: &str, age: Option<u32>) -> Part {
    Part::Cohort {
        spec: CohortSpec::default(),
        key,
        label: label.to_owned(),
        age,
    }
}

fn click(harness: &mut Harness<'_, Viewed<State>>, at: egui::Pos2, modifiers: Modifiers) {
    harness.event(Event::PointerMoved(at));
    harness.run();
    for pressed in [true, false] {
        harness.event_modifiers(
            Event::PointerButton {
                pos: at,
                button: PointerButton::Primary,
                pressed,
                modifiers,
            },
            modifiers,
        );
    }
    harness.run();
}

#[test]
fn clicks_select_cells_and_cohorts() {
    let mut harness = app();
    let rect = harness.get_by_role(Role::Grid).rect();
    // Top right cell of the table: January, two months later.
    click(
        &mut harness,
        pos2(rect.right() - 10.0, rect.top() + 10.0),
        Modifiers::NONE,
    );
    // Head of the second row, with Ctrl: adds the February cohort.
    click(
        &mut harness,
        pos2(rect.left() + 10.0, rect.bottom() - 10.0),
        Modifiers::COMMAND,
    );
    // Head of the first row, with Shift: the range from there.
    click(
        &mut harness,
        pos2(rect.left() + 10.0, rect.top() + 10.0),
        Modifiers::SHIFT,
    );
    // February, two months later: not observed, so nothing is asked for.
    click(
        &mut harness,
        pos2(rect.right() - 10.0, rect.bottom() - 10.0),
        Modifiers::NONE,
    );
    assert_eq!(
        harness.state().actions,
        [
            Action::Select(part(2024 * 12, "Jan 2024", Some(2))),
            Action::SelectAlso(part(2024 * 12 + 1, "Feb 2024", None)),
            Action::Select(Part::CohortBlock {
                spec: CohortSpec::default(),
                rows: vec![
                    (2024 * 12, "Jan 2024".to_owned()),
                    (2024 * 12 + 1, "Feb 2024".to_owned()),
                ],
                ages: None,
            }),
        ]
    );
}

#[test]
fn the_keyboard_walks_the_cells_and_says_where_it_is() {
    let mut harness = app();
    harness.get_by_role(Role::Grid).focus();
    harness.run();
    harness.key_press(Key::ArrowRight);
    harness.run();
    let spoken = |harness: &Harness<'_, Viewed<State>>| {
        harness
            .get_by_role(Role::Grid)
            .accesskit_node()
            .label()
            .expect("a label")
    };
    assert!(
        spoken(&harness)
            .starts_with("Jan 2024 cohort, 1 month later: 1 of 2 bought again (50.0 %)"),
        "{}",
        spoken(&harness)
    );
    harness.key_press(Key::ArrowDown);
    harness.key_press(Key::Home);
    harness.run();
    assert!(spoken(&harness).starts_with("Feb 2024 cohort: 1 customer"));
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(
        harness.state().actions,
        [Action::Select(part(2024 * 12 + 1, "Feb 2024", None))]
    );
}

#[test]
fn controls_ask_for_metric_and_period() {
    let mut harness = app();
    harness.get_by_label("Period: Quarter").click();
    harness.run();
    harness.get_by_label("Metric: Retention").click();
    harness.run();
    harness.get_by_label("Average order value").click();
    harness.run();
    assert_eq!(
        harness.state().actions,
        [
            Action::SetCohorts(CohortSpec {
                period: Period::Quarter,
                rows: RowsBy::Acquisition,
            }),
            Action::SetCohortMetric(Metric::Aov),
        ]
    );
}

#[test]
fn the_table_can_be_copied() {
    let mut harness = app();
    harness
        .get_by_label("Copy or save: Retention by cohort")
        .click();
    harness.run();
    harness.get_by_label("Copy data").click();
    harness.run();
    assert_eq!(
        harness.state().actions,
        [Action::CopyText(
            "cohort\tsize\tmonth_0\tmonth_1\tmonth_2\n2024-01\t2\t1\t0.5\t0.5\n2024-02\t1\t1\t1\t\n\
             weighted mean\t3\t1\t0.5\t\n"
                .to_owned()
        )]
    );
}
