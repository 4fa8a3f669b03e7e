//! How far to trust these numbers: the period they cover, what was left out, what is still asked, and what
//! the data are too short or too small for. A strip on the Overview, and a shield in the top bar of every view.

use egui::{Label, RichText, Ui, vec2};
use lucide_icons::Icon;

use super::data::{questions::model, rules};
use crate::{
    format::{self, date},
    frame::parts,
    theme::{Palette, font, gap},
    widgets::card::{self, icon_button_ui},
};
use data::dataset::{options::ReadOptions, quality::Effect};
use pipeline::snapshot::Shop;

/// The question that the strip and its button answer.
pub const TITLE: &str = "How far to trust these numbers";

/// What is known about the numbers of a shop, in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// "1 Jul 2022 – 30 Jun 2025 (3.0 years)".
    pub period: String,
    /// "9.1 % of the rows left out, most because of …"; `None` where every row counts.
    pub left_out: Option<String>,
    /// "2 questions are open on how the files are to be read."; `None` without any.
    pub questions: Option<String>,
    /// What the data are too short or too small for, in full sentences.
    pub limits: Vec<String>,
}

impl Facts {
    /// `None` for data without orders, or before the first of them.
    #[must_use]
    pub fn of(shop: &Shop, reading: &ReadOptions) -> Option<Self> {
        let (first, last) = shop.order_days.filter(|_| shop.customers.active > 0)?;
        let last = last.min(shop.as_of - 1);
        let open = model::open(&shop.dataset.understanding.questions, reading).count() as u64;
        Some(Self {
            period: format!(
                "{} – {} ({})",
                date(first),
                date(last),
                duration((last - first + 1).max(1) as u32)
            ),
            left_out: left_out(shop, reading),
            questions: (open > 0).then(|| {
                let questions = format::count(open, "question is", "questions are");
                format!("{questions} open on how the files are to be read.")
            }),
            limits: shop
                .limits
                .iter()
                .map(|limit| limit.sentence.clone())
                .collect(),
        })
    }

    /// Things to know before believing a number.
    #[must_use]
    pub fn warnings(&self) -> usize {
        self.limits.len() + usize::from(self.questions.is_some())
    }

    /// A few words for the shield.
    #[must_use]
    pub fn badge(&self) -> String {
        match self.warnings() {
            0 => "Enough data for every view".to_owned(),
            count => format!("{} to know", format::count(count as u64, "limit", "limits")),
        }
    }

    /// Period and what was left out, in one line.
    #[must_use]
    pub fn summary(&self) -> String {
        let left_out = self.left_out.as_deref().unwrap_or("no row left out");
        format!("{} · {left_out}", self.period)
    }
}

/// "34 days", "14 months", "3.2 years"; months of 30.4 days.
fn duration(days: u32) -> String {
    match days {
        0..=90 => format::count(u64::from(days), "day", "days"),
        91..=729 => {
            let months = (f64::from(days) / 30.437).round() as u64;
            format::count(months, "month", "months")
        }
        _ => format!("{:.1} years", f64::from(days) / 365.25),
    }
}

/// The share of the rows that no number counts, and the rule behind most of them.
fn left_out(shop: &Shop, reading: &ReadOptions) -> Option<String> {
    let report = &shop.dataset.quality;
    let dropped = rules::dropped(report);
    let rows = |line: &rules::Line<'_>| {
        let count = line.count.filter(|count| count.effect == Effect::Dropped);
        count.map_or(0, |count| count.rows)
    };
    let lines = rules::lines(report, reading).into_iter();
    let most = lines.max_by_key(rows).filter(|_| dropped > 0)?;
    let share = rules::share_words(dropped as f64 / report.rows_read.max(1) as f64);
    let why = most.title().to_lowercase();
    let mostly = if rows(&most) == dropped {
        ""
    } else {
        "mostly "
    };
    Some(format!("{share} of the rows left out ({mostly}{why})"))
}

/// The strip on top of the Overview; true when somebody asks what was left out.
pub fn strip_ui(ui: &mut Ui, palette: &Palette, facts: &Facts) -> bool {
    card::frame(palette)
        .inner_margin(egui::Margin::symmetric(gap::L as i8, gap::S as i8))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = gap::XS;
            facts_ui(ui, palette, facts)
        })
        .inner
}

/// All facts, one below the other: in the strip, and in the menu of the shield.
fn facts_ui(ui: &mut Ui, palette: &Palette, facts: &Facts) -> bool {
    line_ui(ui, palette, Icon::CalendarRange, &facts.summary(), false);
    if let Some(questions) = &facts.questions {
        line_ui(ui, palette, Icon::CircleQuestionMark, questions, true);
    }
    for limit in &facts.limits {
        line_ui(ui, palette, Icon::TriangleAlert, limit, true);
    }
    let words = "See what was left out";
    facts.left_out.is_some()
        && parts::button_ui(ui, palette, None, words, parts::Loudness::Quiet).clicked()
}

fn line_ui(ui: &mut Ui, palette: &Palette, icon: Icon, text: &str, warns: bool) {
    let color = if warns { palette.warn } else { palette.muted };
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        let (mark, _) = ui.allocate_exact_size(vec2(16.0, 20.0), egui::Sense::hover());
        parts::icon_at(ui.painter(), mark.center(), icon, 15.0, color);
        let words = RichText::new(text).font(font::body()).color(palette.text);
        ui.add(Label::new(words).wrap());
    });
}

/// The shield in the top bar, with a dot where there is something to know; all facts in a menu below it.
/// True when somebody asks what was left out.
pub fn badge_ui(ui: &mut Ui, palette: &Palette, facts: &Facts) -> bool {
    let warns = facts.warnings() > 0;
    let icon = if warns {
        Icon::ShieldAlert
    } else {
        Icon::ShieldCheck
    };
    let button = icon_button_ui(ui, palette, icon, &format!("{TITLE}: {}", facts.badge()));
    if warns {
        let corner = button.rect.right_top() + vec2(-7.0, 7.0);
        ui.painter().circle_filled(corner, 3.5, palette.warn);
    }
    let shown = egui::Popup::menu(&button).width(420.0).show(|ui| {
        ui.set_max_width(420.0);
        ui.label(
            RichText::new(TITLE)
                .font(font::body_medium())
                .color(palette.text),
        );
        facts_ui(ui, palette, facts)
    });
    shown.is_some_and(|shown| shown.inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_like_speech() {
        assert_eq!(duration(1), "1 day");
        assert_eq!(duration(34), "34 days");
        assert_eq!(duration(365), "12 months");
        assert_eq!(duration(1_096), "3.0 years");
    }

    #[test]
    fn the_badge_counts_what_is_to_know() {
        let mut facts = Facts {
            period: "1 Jul 2022 – 30 Jun 2025 (3.0 years)".to_owned(),
            ..Facts::default()
        };
        assert_eq!(facts.badge(), "Enough data for every view");
        assert_eq!(
            facts.summary(),
            "1 Jul 2022 – 30 Jun 2025 (3.0 years) · no row left out"
        );
        facts.limits.push("Too short.".to_owned());
        assert_eq!(facts.badge(), "1 limit to know");
        facts.questions = Some("1 question.".to_owned());
        assert_eq!(facts.badge(), "2 limits to know");
    }
}
