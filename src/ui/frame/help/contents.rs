//! The left column: the pages with the sections of the open one, or the answers of a search.

use egui::{
    Align2, Rect, Response, Sense, TextFormat, Ui, WidgetInfo,
    accesskit::Role,
    pos2,
    text::{LayoutJob, TextWrapping},
    vec2,
};

use super::{
    page::divided,
    state::{Pressed, Spot, State},
};
use crate::{
    frame::parts,
    theme::{Palette, font, gap},
};
use manual::{places, search};

const ROW: f32 = 30.0;
/// An answer: where it stands, and two lines of it.
const ANSWER: f32 = 66.0;
/// Sections below these headings are not listed.
const DEEPEST: u8 = 2;

/// Every page, and the sections of the one that is open; returns what was chosen.
pub(super) fn pages_ui(ui: &mut Ui, palette: &Palette, state: &mut State) -> Option<Spot> {
    ui.spacing_mut().item_spacing.y = 1.0;
    let shown = state.shown.place;
    let mut chosen = None;
    for place in places() {
        let (page, section) = (place.page(), place.section());
        let top = section.id.is_empty();
        let open = place.page_number() == shown.page_number();
        if !top && (!open || section.level > DEEPEST) {
            continue;
        }
        let row = Row {
            text: &section.title,
            indent: if top { 0.0 } else { gap::L },
            current: place == shown,
            open: top && open,
        };
        let name = if top {
            format!("Page {}", page.title)
        } else {
            format!("{}: {}", page.title, section.title)
        };
        let response = row_ui(ui, palette, &row, &name);
        if place == shown && state.reveal {
            response.scroll_to_me(None);
        }
        if response.clicked() {
            chosen = Some(Spot::of(place));
        }
    }
    state.reveal = false;
    chosen
}

struct Row<'a> {
    text: &'a str,
    indent: f32,
    current: bool,
    /// The page that is being read.
    open: bool,
}

fn row_ui(ui: &mut Ui, palette: &Palette, row: &Row<'_>, name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, row.current, name));
    ground_ui(ui, palette, rect, row.current, &response);
    let font_id = if row.indent == 0.0 {
        font::body_medium()
    } else {
        font::body()
    };
    let ink = match (row.current || row.open, row.indent == 0.0) {
        (true, _) => palette.accent,
        (false, true) => palette.text,
        (false, false) => palette.muted,
    };
    let left = rect.left() + gap::S + row.indent;
    let text = parts::fitted_text(
        ui.painter(),
        row.text,
        &font_id,
        rect.right() - left - gap::S,
    );
    ui.painter().text(
        pos2(left, rect.center().y),
        Align2::LEFT_CENTER,
        text,
        font_id,
        ink,
    );
    response
}

fn ground_ui(ui: &Ui, palette: &Palette, rect: Rect, marked: bool, response: &Response) {
    let painter = ui.painter();
    if marked {
        painter.rect_filled(rect, 6, palette.accent_soft);
    } else if response.hovered() {
        painter.rect_filled(rect, 6, palette.hover);
    }
    parts::focus_ring(painter, rect.shrink(2.0), 4, palette, response);
}

/// The answers of the search; returns the one that was chosen.
pub(super) fn answers_ui(
    ui: &mut Ui,
    palette: &Palette,
    state: &mut State,
    pressed: Pressed,
) -> Option<Spot> {
    ui.spacing_mut().item_spacing.y = 2.0;
    if state.found.is_empty() {
        let words = "Nothing in the manual has these words. Try fewer, or shorter ones.";
        let text = egui::RichText::new(words).font(font::body());
        ui.add(egui::Label::new(text.color(palette.muted)).wrap());
        return None;
    }
    let last = state.found.len() - 1;
    state.marked = match pressed.lines {
        ..0 => state.marked.checked_sub(1).unwrap_or(last),
        1.. if state.marked >= last => 0,
        1.. => state.marked + 1,
        0 => state.marked.min(last),
    };
    let words = search::words(&state.query);
    let mut chosen = pressed.enter.then_some(state.marked);
    for (number, found) in state.found.iter().enumerate() {
        let response = answer_ui(ui, palette, found, &words, number == state.marked);
        if pressed.lines != 0 && number == state.marked {
            response.scroll_to_me(None);
        }
        if response.clicked() {
            chosen = Some(number);
        }
    }
    let chosen = chosen?;
    state.marked = chosen;
    let found = state.found.get(chosen)?;
    Some(Spot {
        place: found.place,
        block: found.block,
        row: found.row,
    })
}

fn answer_ui(
    ui: &mut Ui,
    palette: &Palette,
    found: &search::Found,
    words: &[String],
    marked: bool,
) -> Response {
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), ANSWER), Sense::click());
    let (page, section) = (found.place.page(), found.place.section());
    let place = if section.id.is_empty() {
        page.title.clone()
    } else {
        format!("{}: {}", page.title, section.title)
    };
    response.widget_info(|| {
        let name = format!("{place}: {}", found.sentence);
        WidgetInfo::selected(Role::ListBoxOption, true, marked, name)
    });
    if !ui.is_rect_visible(rect) {
        return response;
    }
    ground_ui(ui, palette, rect, marked, &response);
    let width = rect.width() - 2.0 * gap::S;
    let head = parts::fitted_text(ui.painter(), &place, &font::caption_medium(), width);
    ui.painter().text(
        rect.min + vec2(gap::S, 6.0),
        Align2::LEFT_TOP,
        head,
        font::caption_medium(),
        palette.muted,
    );
    let mut job = LayoutJob {
        wrap: TextWrapping {
            max_width: width,
            max_rows: 2,
            ..TextWrapping::default()
        },
        ..LayoutJob::default()
    };
    for (text, hit) in divided(from_first(&found.sentence, words), words) {
        let mut format = TextFormat::simple(font::body(), palette.text);
        if hit {
            format = TextFormat::simple(font::body_medium(), palette.accent);
        }
        job.append(text, 0.0, format);
    }
    let galley = ui.painter().layout_job(job);
    ui.painter()
        .galley(rect.min + vec2(gap::S, 24.0), galley, palette.text);
    response
}

/// A long sentence from shortly before the first word looked for, so that two lines show it.
fn from_first<'a>(sentence: &'a str, words: &[String]) -> &'a str {
    const BEFORE: usize = 24;
    let lower = sentence.to_lowercase();
    let firsts = words.iter();
    let first = firsts
        .filter_map(|word| search::starts(&lower, word).next())
        .min();
    let Some(first) = first.filter(|&at| at > 2 * BEFORE && lower.len() == sentence.len()) else {
        return sentence;
    };
    let cut = sentence[..first - BEFORE].rfind(' ').map_or(0, |at| at + 1);
    &sentence[cut..]
}
