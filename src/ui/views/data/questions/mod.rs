//! What only the user can say about the files: every question with its choices and what each makes of
//! the shop. Answered ones fold into a line.

mod choices;
pub mod model;

use std::collections::BTreeSet;

use egui::{Label, RichText, Sense, Ui, WidgetInfo, accesskit::Role, vec2};
use lucide_icons::Icon;

use crate::{
    action::{Action, Actions},
    cx::Cx,
    format::printed,
    frame::parts::{self, Loudness},
    theme::{READING_WIDTH, font, gap},
    widgets::card::{Head, card_ui},
};
use data::dataset::{
    options::{ReadOptions, ReadingEdit},
    understanding::Question,
};

/// Answered questions that were unfolded to change their answers.
#[derive(Debug, Default)]
pub struct State {
    unfolded: BTreeSet<String>,
}

const DEFINITION: &str = "Keepers reads files by itself as far as they tell. Where two readings are \
    possible and the choice moves customers, orders or revenue, it shows the numbers of the likelier \
    one and asks. Your answer is part of the project: it is saved with it, and Undo takes it back.";

/// The card with all questions; draws nothing when there is none.
pub fn questions_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    let (questions, reading) = (
        &cx.shop.dataset.understanding.questions,
        &cx.project.reading,
    );
    if questions.is_empty() {
        return;
    }
    let open = model::open(questions, reading).count() as u64;
    let finding = model::headline(open);
    let head = Head {
        title: "Questions about your files",
        finding: &finding,
        definition: DEFINITION,
    };
    card_ui(
        ui,
        cx.palette,
        head,
        |_| {},
        |ui| {
            ui.spacing_mut().item_spacing.y = gap::S;
            // What is open comes first.
            for question in model::open(questions, reading) {
                question_ui(ui, cx, question, actions);
            }
            for question in answered(questions, reading) {
                answered_ui(ui, cx, (question, state), actions);
            }
        },
    );
}

fn answered<'a>(
    questions: &'a [Question],
    reading: &'a ReadOptions,
) -> impl Iterator<Item = &'a Question> {
    questions
        .iter()
        .filter(|question| model::is_answered(question, reading))
}

fn question_ui(ui: &mut Ui, cx: &Cx<'_>, question: &Question, actions: &mut Actions) {
    ui.add_space(gap::S);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        let (mark, _) = ui.allocate_exact_size(vec2(18.0, 20.0), Sense::hover());
        let icon = Icon::CircleQuestionMark;
        parts::icon_at(ui.painter(), mark.center(), icon, 17.0, cx.palette.warn);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            let text = RichText::new(printed(&question.text)).font(font::body_medium());
            ui.add(Label::new(text.color(cx.palette.text)).wrap());
            if !question.about.is_empty() {
                let about = RichText::new(format!("About {}", printed(&question.about)));
                let about = about.font(font::caption()).color(cx.palette.muted);
                ui.add(Label::new(about).wrap());
            }
        });
    });
    if let Some(choice) = choices::choices_ui(ui, cx, question) {
        answer(actions, question, Some(choice));
    }
}

/// One line with *Change*, or the question as it was asked.
fn answered_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (question, state): (&Question, &mut State),
    actions: &mut Actions,
) {
    if state.unfolded.contains(&question.id) {
        let before = actions.len();
        question_ui(ui, cx, question, actions);
        ui.horizontal(|ui| {
            if quiet_ui(ui, cx, "Keep the answer", question) {
                state.unfolded.remove(&question.id);
            }
            if quiet_ui(ui, cx, "Leave it to Keepers", question) {
                answer(actions, question, None);
            }
        });
        if actions.len() > before {
            state.unfolded.remove(&question.id);
        }
        return;
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        let (mark, _) = ui.allocate_exact_size(vec2(18.0, 24.0), Sense::hover());
        let icon = Icon::CircleCheck;
        parts::icon_at(ui.painter(), mark.center(), icon, 16.0, cx.palette.good);
        let room = (ui.available_width() - 76.0).max(60.0);
        let words = model::folded(question, &cx.project.reading);
        let line = parts::fitted_text(ui.painter(), &words, &font::body(), room);
        let label = Label::new(
            RichText::new(line)
                .font(font::body())
                .color(cx.palette.muted),
        );
        ui.add(label).on_hover_text(&words);
        if quiet_ui(ui, cx, "Change", question) {
            state.unfolded.insert(question.id.clone());
        }
    });
}

/// A small button that belongs to a question: several of the same name stand on one page.
fn quiet_ui(ui: &mut Ui, cx: &Cx<'_>, text: &str, question: &Question) -> bool {
    let button = parts::button_ui(ui, cx.palette, None, text, Loudness::Quiet);
    let name = format!("{text}: {}", printed(&question.text));
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    button.clicked()
}

fn answer(actions: &mut Actions, question: &Question, choice: Option<String>) {
    actions.push(Action::EditReading(ReadingEdit::Answer {
        question: question.id.clone(),
        choice,
    }));
}

/// What Keepers understood, as one paragraph to check; draws nothing without one.
pub fn understood_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let paragraph = &cx.shop.dataset.understanding.paragraph;
    if paragraph.is_empty() {
        return;
    }
    let head = Head {
        title: "What Keepers understood",
        finding: "",
        definition: "Check it against what you know of the shop: the period, the number of orders and \
                     the revenue of a month you remember. Where it is wrong, answer the questions or \
                     choose other meanings for the columns below.",
    };
    let palette = cx.palette;
    card_ui(
        ui,
        palette,
        head,
        |_| {},
        |ui| {
            ui.set_max_width(READING_WIDTH.min(ui.available_width()));
            let text = RichText::new(printed(paragraph)).font(font::body());
            ui.add(Label::new(text.color(palette.text)).wrap());
        },
    );
}
