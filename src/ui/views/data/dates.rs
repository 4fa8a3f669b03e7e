//! How dates are read, to be chosen at any time: the order of day and month, and the shop's time zone.
//! And which sheet of a workbook is meant.

use egui::{Label, RichText, Ui};
use lucide_icons::Icon;

use super::{model, questions};
use crate::{
    action::{Action, Actions},
    theme::{Palette, font, gap},
    widgets::{
        card::{Head, card_ui},
        dropdown::dropdown_ui,
        segmented::segmented_ui,
    },
};
use data::dataset::{
    FileReading,
    options::{DateOrder, ReadOptions, ReadingEdit},
    understanding::Question,
};

/// The files and how they are read.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub palette: &'a Palette,
    pub files: &'a [FileReading],
    pub reading: &'a ReadOptions,
    /// Remarks of the loading, for what it found in the whole column.
    pub remarks: &'a [String],
    /// Questions that are asked elsewhere: what they are about is not asked here again.
    pub questions: &'a [Question],
}

impl Asked<'_> {
    fn order_question(&self) -> Option<model::DateQuestion> {
        if questions::model::asks_about(self.questions, "day_month_order") {
            return None;
        }
        model::date_question(self.files, self.reading, self.remarks)
    }
}

/// The card about dates; draws nothing where no file has any.
pub fn dates_ui(ui: &mut Ui, asked: Asked<'_>, actions: &mut Actions) {
    if !model::has_dates(asked.files, asked.reading) {
        return;
    }
    let date = asked.order_question();
    let open = date.as_ref().is_some_and(|date| date.open);
    let head = Head {
        title: "Dates",
        finding: if open {
            "One question about your dates: please check."
        } else {
            "How dates are read. Change it where it is wrong."
        },
        definition: "Days are calendar days of the shop. A date such as 03/04/2024 is 3 April in \
                     most of the world and 4 March in the United States; the other dates of the \
                     column usually tell. Times with an offset keep the day of the clock that wrote \
                     them; those in UTC, such as 23:30Z, fall on another day elsewhere: the shop's \
                     time zone decides.",
    };
    card_ui(
        ui,
        asked.palette,
        head,
        |_| {},
        |ui| {
            match &date {
                Some(date) => question_ui(ui, asked, date, actions),
                None => order_ui(ui, asked, actions),
            }
            zone_ui(ui, asked, actions);
        },
    );
}

/// The card that asks which sheet of a workbook is meant; draws nothing where there is no choice.
pub fn sheet_ui(ui: &mut Ui, palette: &Palette, file: &FileReading, actions: &mut Actions) {
    if file.sheets.len() < 2 {
        return;
    }
    let finding = format!(
        "{} has {} sheets; “{}” is read.",
        model::file_title(file),
        file.sheets.len(),
        file.sheet
    );
    let head = Head {
        title: "Sheet",
        finding: &finding,
        definition: "Of a workbook one sheet is read: the first one that holds a table, unless you \
                     choose another. What you said about the columns is forgotten then, because another \
                     sheet has other columns.",
    };
    card_ui(
        ui,
        palette,
        head,
        |_| {},
        |ui| {
            let choices: Vec<_> = file
                .sheets
                .iter()
                .map(|name| (name.clone(), name.clone()))
                .collect();
            if let Some(sheet) = dropdown_ui(ui, palette, "Sheet to read", &choices, &file.sheet) {
                actions.push(Action::EditReading(ReadingEdit::Sheet {
                    file: file.name.clone(),
                    sheet,
                }));
            }
        },
    );
}

/// The order of day and month with a date of the files that fits both.
fn question_ui(ui: &mut Ui, asked: Asked<'_>, date: &model::DateQuestion, actions: &mut Actions) {
    let palette = asked.palette;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        if date.open {
            ui.label(
                RichText::new(Icon::CircleQuestionMark.unicode())
                    .font(font::icon(16.0))
                    .color(palette.warn),
            );
        }
        ui.label(
            RichText::new(&date.question)
                .font(font::body_medium())
                .color(palette.text),
        );
        let choices: Vec<_> = date
            .choices
            .iter()
            .map(|(order, text)| (*order, text.as_str()))
            .collect();
        choose_ui(ui, asked, &choices, actions);
    });
    note_ui(ui, palette, &date.note);
}

/// The order of day and month where no date at hand fits both.
fn order_ui(ui: &mut Ui, asked: Asked<'_>, actions: &mut Actions) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        ui.label(
            RichText::new("Dates such as 03/04/2024")
                .font(font::body())
                .color(asked.palette.muted),
        );
        let choices = [
            (None, "Let the data decide"),
            (Some(DateOrder::DayMonth), "Day first"),
            (Some(DateOrder::MonthDay), "Month first"),
        ];
        choose_ui(ui, asked, &choices, actions);
    });
}

fn choose_ui(
    ui: &mut Ui,
    asked: Asked<'_>,
    choices: &[(Option<DateOrder>, &str)],
    actions: &mut Actions,
) {
    let current = asked.reading.date_order;
    if let Some(order) = segmented_ui(ui, asked.palette, "Date order", choices, current) {
        actions.push(Action::EditReading(ReadingEdit::DateOrder(order)));
    }
}

fn zone_ui(ui: &mut Ui, asked: Asked<'_>, actions: &mut Actions) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        let choices = model::zones(asked.reading.time_zone.as_deref());
        let current = asked.reading.time_zone.clone();
        let picked = dropdown_ui(
            ui,
            asked.palette,
            "Time zone of the shop",
            &choices,
            &current,
        );
        if let Some(zone) = picked {
            actions.push(Action::EditReading(ReadingEdit::TimeZone(zone)));
        }
        let note = if model::asks_for_zone(asked.files, asked.reading) {
            "Times in UTC fall on their calendar day in this zone."
        } else {
            "Matters only for times in UTC; these files have none in their first rows."
        };
        note_ui(ui, asked.palette, note);
    });
}

fn note_ui(ui: &mut Ui, palette: &Palette, note: &str) {
    let note = RichText::new(note).font(font::body()).color(palette.muted);
    ui.add(Label::new(note).wrap());
}
