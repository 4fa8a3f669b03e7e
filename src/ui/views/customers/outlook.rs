//! The forward half of a customer's panel: still there or not, what to expect, what drove it, what
//! customers like this one did, and a note.

use egui::{RichText, TextEdit, Ui};

use super::{
    curves::{Shown, curve_ui},
    panel::{Ask, PanelState, section_ui},
    prospects,
};
use crate::{
    cx::Cx,
    format::{integer, money},
    theme::{font, gap},
    widgets::{
        chip,
        elided::elided,
        table::{Column, Table, full_height},
    },
};
use audiences::story::{Peer, Push, Reasons, Story};

const ALIVE: &str = "Chance of still being a customer as of every day of the past: it falls while \
     nothing happens, faster for somebody who used to order often, and jumps up with every order (dots). The \
     model is today's; the customer's own history is cut at each day.";
const VALUE: &str = "Expected net revenue within the days ahead, as of every day of the past: expected purchase \
     days × expected value of each. Band: 80 % of 1,000 simulated futures, drawn from what the model says of this \
     customer. It takes the model's parameters as certain: with few customers to learn from, the truth is less \
     certain than the band. Seeded, so the same project draws the same band.";
const PEERS: &str = "The 25 customers who, one horizon ago, stood closest to where this customer stands now, in \
     standard deviations of the logarithms of days since the last order, orders, revenue and days since the first \
     order. What they did since is known.";

const DRIVERS: &str = "What each feature contributed to the trained model's prediction of this customer, against \
     the average customer (SHAP values of the trees): to the right it raises the prediction, to the left it \
     lowers it. The parts are of the model's own score, so only their direction and relative size say something.";

/// Peers shown in the table.
const SHOWN: usize = 6;

/// Draws everything about what to expect.
pub(super) fn outlook_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    customer: u32,
    state: &mut PanelState,
) -> Option<Ask> {
    let story = cx
        .shop
        .story
        .as_deref()
        .filter(|story| story.customer == customer);
    let Some(story) = story else {
        section_ui(ui, cx, "Still a customer?", ALIVE);
        text_ui(ui, cx, "Working out what can be expected…");
        return None;
    };
    lists_ui(ui, cx, customer);
    let fitted = cx.shop.people.as_ref().map(|people| people.fitted.as_ref());
    if let Some(Err(why)) = fitted {
        section_ui(ui, cx, "Still a customer?", ALIVE);
        text_ui(ui, cx, why);
    } else if let Some(now) = story.moments.last() {
        section_ui(ui, cx, "Still a customer?", ALIVE);
        let finding = prospects::alive_finding(story);
        text_ui(ui, cx, &finding);
        let from_orders = cx.shop.people.as_ref().map(|people| &people.from_orders);
        for note in from_orders
            .and_then(|f| f.as_ref().as_ref())
            .map_or(&[][..], |f| &f.notes)
        {
            text_ui(ui, cx, note);
        }
        curve_ui(ui, cx, story, (Shown::Alive, &finding));
        ui.add_space(gap::M);
        section_ui(ui, cx, "What to expect", VALUE);
        let currency = &cx.project.currency;
        let finding = prospects::value_finding(now, story.horizon_days, currency);
        text_ui(ui, cx, &finding);
        curve_ui(ui, cx, story, (Shown::Value, &finding));
    }
    ui.add_space(gap::M);
    if let Some(reasons) = &story.reasons {
        reasons_ui(ui, cx, reasons);
    }
    peers_ui(ui, cx, story, state)
}

fn text_ui(ui: &mut Ui, cx: &Cx<'_>, text: &str) {
    ui.label(
        RichText::new(text)
            .font(font::body())
            .color(cx.palette.muted),
    );
}

/// The ready lists this customer stands on.
fn lists_ui(ui: &mut Ui, cx: &Cx<'_>, customer: u32) {
    let Some(people) = &cx.shop.people else {
        return;
    };
    let lists = prospects::lists_of(people, customer);
    if lists.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        text_ui(ui, cx, "On lists:");
        for kind in lists {
            chip::word_ui(ui, cx.palette, kind.title()).on_hover_text(kind.purpose());
        }
    });
    ui.add_space(gap::M);
}

fn peers_ui(ui: &mut Ui, cx: &Cx<'_>, story: &Story, state: &mut PanelState) -> Option<Ask> {
    section_ui(ui, cx, "Customers like this one", PEERS);
    text_ui(
        ui,
        cx,
        &prospects::peers_finding(story, &cx.project.currency),
    );
    let shown: Vec<&Peer> = story.peers.iter().take(SHOWN).collect();
    if shown.is_empty() {
        return None;
    }
    let columns = [
        Column::text("Customer", "Press to open", 70.0),
        Column::figures("Orders", "Orders one horizon ago", 70.0),
        Column::figures("Silent", "Days without an order, one horizon ago", 70.0),
        Column::figures("Ordered", "Orders since then", 70.0),
        Column::figures("Spent", "Net revenue since then", 70.0),
    ];
    let table = Table {
        label: "Customers like this one",
        columns: &columns,
        rows: shown.len(),
        sort: None,
        current: None,
        sortable: false,
        height: full_height(shown.len()) + 2.0,
        grabs_keys: false,
    };
    let currency = &cx.project.currency;
    let ids = &cx.shop.dataset.orders.customer_ids;
    let output = table.show_ui(ui, cx.palette, &mut state.peers, |row, index| {
        let peer = shown[index];
        let id = ids.get(peer.customer as usize);
        row.label(prospects::peer_words(id, peer, currency));
        row.text(0, id);
        row.number(1, &integer(u64::from(peer.orders)));
        row.number(2, &integer(u64::try_from(peer.recency_days).unwrap_or(0)));
        row.number(3, &integer(u64::from(peer.orders_next)));
        row.number(4, &money(peer.revenue_next, currency));
    });
    ui.add_space(gap::M);
    let (row, _) = output.clicked?;
    shown.get(row).map(|peer| Ask::Open(peer.customer))
}

/// The note on this customer, kept in the project when the field is left.
pub(super) fn note_ui(ui: &mut Ui, cx: &Cx<'_>, id: &str, state: &mut PanelState) -> Option<Ask> {
    let label = ui.label(
        RichText::new("Note")
            .font(font::card_title())
            .color(cx.palette.text),
    );
    let kept = cx
        .project
        .audiences
        .notes
        .get(id)
        .map_or("", String::as_str);
    let mine = state.note.as_ref().filter(|(of, _)| of == id);
    let mut text = mine.map_or(kept, |(_, typed)| typed).to_owned();
    let field = TextEdit::multiline(&mut text)
        .id_salt(("note", id))
        .hint_text("What you know about this customer; kept in the project")
        .desired_rows(2)
        .desired_width(f32::INFINITY);
    let response = ui.add(field).labelled_by(label.id);
    if response.changed() {
        state.note = Some((id.to_owned(), text));
    }
    if !response.lost_focus() {
        return None;
    }
    let (_, typed) = state.note.take_if(|(of, _)| of == id)?;
    (typed != kept).then_some(Ask::Note(typed))
}

/// What drove the trained model's prediction, largest part first.
fn reasons_ui(ui: &mut Ui, cx: &Cx<'_>, reasons: &Reasons) {
    section_ui(ui, cx, "What drove the prediction", DRIVERS);
    text_ui(
        ui,
        cx,
        &prospects::reasons_finding(reasons, &cx.project.currency),
    );
    if let Some(problem) = &reasons.problem {
        text_ui(ui, cx, problem);
    }
    let largest = reasons
        .pushes
        .iter()
        .map(|push| push.part.abs())
        .fold(0.0, f64::max);
    for push in &reasons.pushes {
        push_ui(ui, cx, push, largest);
    }
    if !reasons.how.is_empty() {
        text_ui(ui, cx, &reasons.how);
    }
    ui.add_space(gap::M);
}

/// One feature: its value, and a bar to the right (raises) or left (lowers) of the middle.
fn push_ui(ui: &mut Ui, cx: &Cx<'_>, push: &Push, largest: f64) {
    const BAR: f32 = 120.0;
    let palette = cx.palette;
    let words = prospects::push_words(push, largest);
    let size = egui::vec2(ui.available_width(), 24.0);
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::hover());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, words.as_str())
    });
    let painter = ui.painter();
    let name = format!("{}: {}", crate::format::feature(&push.feature), push.value);
    let room = rect.width() - BAR - gap::M;
    let name = elided(painter, &name, font::body(), palette.text, room);
    let corner = egui::pos2(rect.left(), rect.center().y - name.size().y / 2.0);
    painter.galley(corner, name, palette.text);
    let middle = rect.right() - BAR / 2.0;
    let length = (push.part / largest.max(1e-12)) as f32 * BAR / 2.0;
    let span = egui::Rangef::new(middle.min(middle + length), middle.max(middle + length));
    let bar = egui::Rect::from_x_y_ranges(span, rect.center().y - 5.0..=rect.center().y + 5.0);
    let color = if push.part < 0.0 {
        palette.second
    } else {
        palette.accent
    };
    painter.rect_filled(bar, 2, color);
    painter.vline(
        middle,
        rect.y_range(),
        egui::Stroke::new(1.0, palette.faint),
    );
    response.on_hover_text(format!(
        "{words}\n{}",
        crate::format::plain(&push.definition)
    ));
}
