//! Box and lasso in the point view, and hexagons that turn into people.

use egui::{Pos2, Rect, accesskit::Role, pos2};
use egui_kittest::kittest::Queryable;
use keepers::{
    analysis::selection::Part,
    ui::action::{Action, View},
};

use crate::window::Window;

fn points() -> Window {
    let mut window = Window::sample();
    window.act(Action::Show(View::Segments));
    window.click(Role::RadioButton, "Section: Points");
    window
}

/// Where the cloud is drawn.
fn plot(window: &Window) -> Rect {
    let figures = window.harness.query_all_by_role(Role::Figure);
    figures
        .map(|node| node.rect())
        .max_by(|one, other| one.area().total_cmp(&other.area()))
        .expect("the point view is a figure")
}

/// Customers for whom the part holds, counted one by one.
fn counted(window: &Window, part: &Part) -> usize {
    let customers = &window.shop().customers;
    let holds = |row: &usize| match part {
        Part::Within(ranges) => ranges
            .iter()
            .all(|range| range.holds(range.quantity.of(customers, *row))),
        Part::Outline(line) => line.holds(line.x.of(customers, *row), line.y.of(customers, *row)),
        _ => panic!("a box or an outline"),
    };
    (0..customers.len())
        .filter(|row| customers.exists(*row))
        .filter(holds)
        .count()
}

#[test]
fn a_box_and_a_lasso_select_what_is_inside() {
    let mut window = points();
    assert!(window.says("3,902 customers"));
    let plot = plot(&window);
    let at = |x: f32, y: f32| {
        pos2(
            plot.left() + x * plot.width(),
            plot.top() + y * plot.height(),
        )
    };
    window.drag(&[at(0.5, 0.3), at(0.6, 0.5), at(0.8, 0.7)]);
    let parts = window.app().selection().parts.clone();
    assert!(matches!(parts.as_slice(), [Part::Within(ranges)] if ranges.len() == 2));
    let inside = window.shop().selected.customers.len();
    assert_eq!(inside, counted(&window, &parts[0]));
    assert!(inside > 10 && inside < 3_000, "{inside}");

    window.act(Action::ClearSelection);
    window.click(Role::RadioButton, "Drag to: Lasso");
    let ring: Vec<Pos2> = [(0.4, 0.6), (0.7, 0.5), (0.9, 0.8), (0.6, 0.9), (0.42, 0.7)]
        .map(|(x, y)| at(x, y))
        .to_vec();
    window.drag(&ring);
    let parts = window.app().selection().parts.clone();
    assert!(matches!(parts.as_slice(), [Part::Outline(_)]), "{parts:?}");
    let inside = window.shop().selected.customers.len();
    assert_eq!(inside, counted(&window, &parts[0]));
    assert!(inside > 10, "{inside}");
}

#[test]
fn zooming_turns_hexagons_into_people() {
    let mut window = points();
    assert!(window.says("the most crowded place has"));
    for _ in 0..3 {
        window.click(Role::Button, "Zoom in");
    }
    assert!(window.says("in sight, one point each"));
    window.click(Role::Button, "Show everyone");
    assert!(window.says("the most crowded place has"));
}
