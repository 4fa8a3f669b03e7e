//! Shapes, clips, lines and words as SVG.

use super::*;
use egui::{Align2, Context, FontId, RawInput, pos2, vec2};

fn page() -> Page<'static> {
    Page {
        size: vec2(100.0, 50.0),
        pixels: [200, 100],
        title: "A < B & C",
        description: "Nothing",
    }
}

fn clipped(shape: Shape) -> ClippedShape {
    ClippedShape::new(Rect::from_min_size(Pos2::ZERO, vec2(60.0, 50.0)), shape)
}

#[test]
fn shapes_become_elements_of_their_kind() {
    let half = Color32::from_rgba_unmultiplied(0, 0, 255, 128);
    let text = svg(
        &[
            clipped(Shape::circle_filled(pos2(10.0, 20.5), 4.0, half)),
            clipped(Shape::line_segment(
                [pos2(0.0, 0.0), pos2(90.0, 0.0)],
                Stroke::new(1.5, Color32::BLACK),
            )),
        ],
        page(),
    );
    assert!(text.contains("width=\"200\" height=\"100\" viewBox=\"0 0 100 50\""));
    assert!(text.contains("<title>A &lt; B &amp; C</title>"));
    assert!(text.contains(
        "<circle cx=\"10\" cy=\"20.5\" r=\"4\" fill=\"#0000ff\" fill-opacity=\"0.502\"/>"
    ));
    // The line leaves its clip rectangle, the circle does not.
    assert!(text.contains(
        "<clipPath id=\"c0\"><rect x=\"0\" y=\"0\" width=\"60\" height=\"50\"/></clipPath>"
    ));
    assert!(text.contains(
        "<g clip-path=\"url(#c0)\">\n<line x1=\"0\" y1=\"0\" x2=\"90\" y2=\"0\" stroke=\"#000000\" stroke-width=\"1.5\"/>\n</g>"
    ));
}

#[test]
fn an_inside_line_stays_inside_its_rectangle() {
    let rect = RectShape::new(
        Rect::from_min_size(pos2(10.0, 10.0), vec2(20.0, 10.0)),
        4,
        Color32::WHITE,
        Stroke::new(2.0, Color32::BLACK),
        StrokeKind::Inside,
    );
    let text = svg(&[clipped(Shape::Rect(rect))], page());
    assert!(text.contains(
        "<rect x=\"10\" y=\"10\" width=\"20\" height=\"10\" rx=\"4\" fill=\"#ffffff\"/>"
    ));
    assert!(text.contains(
        "<rect x=\"11\" y=\"11\" width=\"18\" height=\"8\" rx=\"3\" fill=\"none\" stroke=\"#000000\" stroke-width=\"2\"/>"
    ));
}

#[test]
fn words_stay_words_row_by_row() {
    let ctx = Context::default();
    let mut shapes = Vec::new();
    let _ = ctx.run_ui(RawInput::default(), |ui| {
        let font = FontId::proportional(12.0);
        let galley =
            ui.painter()
                .layout_no_wrap("1 < 2\nzwei".to_owned(), font, Color32::PLACEHOLDER);
        let at = Align2::LEFT_TOP.anchor_size(pos2(5.0, 5.0), galley.size());
        shapes = vec![clipped(Shape::Text(TextShape::new(
            at.min,
            galley,
            Color32::RED,
        )))];
    });
    let text = svg(&shapes, page());
    let rows: Vec<&str> = text
        .lines()
        .filter(|row| row.starts_with("<text"))
        .collect();
    assert_eq!(rows.len(), 2);
    assert!(rows[0].contains("x=\"5\"") && rows[0].ends_with(">1 &lt; 2</text>"));
    assert!(rows[1].contains("fill=\"#ff0000\"") && rows[1].ends_with(">zwei</text>"));
}

#[test]
fn numbers_are_short() {
    for (value, text) in [
        (1.0, "1"),
        (0.12345, "0.123"),
        (-0.0001, "0"),
        (-2.5, "-2.5"),
        (f32::NAN, "0"),
        (100.0, "100"),
    ] {
        assert_eq!(number(value), text);
    }
}
