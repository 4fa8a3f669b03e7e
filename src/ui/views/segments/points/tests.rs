//! What a box and a lasso select.

use super::*;
use egui::pos2;

fn plot(log: bool) -> Plot {
    let axis = |quantity| Axis { quantity, log };
    Plot {
        area: Rect::from_min_max(pos2(0.0, 0.0), pos2(300.0, 200.0)),
        window: Window {
            x: (0.0, 3.0),
            y: (-0.5, 1.5),
        },
        axes: (axis(Quantity::RecencyDays), axis(Quantity::Frequency)),
    }
}

#[test]
fn a_box_becomes_ranges_of_both_numbers() {
    // From 10 to 100 days, and 1 order (place 0) to 10.
    let part = box_part(&plot(true), &[pos2(100.0, 150.0), pos2(200.0, 50.0)]);
    let expected = Part::Within(vec![
        Range::new(Quantity::RecencyDays, Some(10.0), Some(100.0)),
        Range::new(Quantity::Frequency, None, Some(10.0)),
    ]);
    assert_eq!(part, Some(expected));
    let linear = box_part(&plot(false), &[pos2(150.0, 10.0), pos2(20.0, 190.0)]);
    let expected = Part::Within(vec![
        Range::new(Quantity::RecencyDays, Some(1.0), Some(2.0)),
        Range::new(Quantity::Frequency, Some(0.0), Some(2.0)),
    ]);
    assert_eq!(linear, Some(expected));
    let slip = [pos2(10.0, 10.0), pos2(11.0, 12.0)];
    assert_eq!(box_part(&plot(true), &slip), None);
}

#[test]
fn a_lasso_keeps_its_corners() {
    let path = [pos2(100.0, 100.0), pos2(200.0, 100.0), pos2(200.0, 0.0)];
    let Some(Part::Outline(outline)) = lasso_part(&plot(true), &path) else {
        panic!("an outline");
    };
    let corners: Vec<(f64, f64)> = outline.corners.iter().map(|(x, y)| (x.0, y.0)).collect();
    assert_eq!(corners, [(1.0, 0.5), (2.0, 0.5), (2.0, 1.5)]);
    assert!(outline.holds(1.9, 0.6) && !outline.holds(1.1, 0.8));
    assert_eq!(lasso_part(&plot(true), &path[..2]), None);
}
