//! One condition of a rule: field, comparison, value — or a column and the values that count.

use egui::{DragValue, Id, Rangef, Ui, WidgetInfo};
use lucide_icons::Icon;

use super::{
    slider::{Slider, slider_ui},
    values,
};
use crate::{
    cx::Cx,
    format,
    theme::gap,
    views::segments::{
        cuts::axis::Axis,
        rules::{field_name, in_words},
    },
    widgets::{card::icon_button_ui, dropdown::cell_dropdown_ui},
};
use analysis::{
    clusters::centres::{CLUSTER_COLUMN, is_cluster_column},
    distribution::Quantity,
    rules::{Comparison, Condition, Field},
};

const FIELD_WIDTH: f32 = 172.0;
const SIGN_WIDTH: f32 = 58.0;
const WORD_WIDTH: f32 = 112.0;
const NUMBER_WIDTH: f32 = 72.0;
const LEAST_SLIDER: f32 = 60.0;

/// What the conditions remember between frames.
#[derive(Debug, Default)]
pub struct State {
    /// Text that narrows a list of values.
    pub(super) filter: String,
}

/// What a condition looks at.
#[derive(Clone, Debug, PartialEq)]
enum Subject {
    Field(Field),
    Column(String),
}

/// Name of a field where there is room for it.
fn long_name(field: Field) -> &'static str {
    match field {
        Field::RScore => "Recency score",
        Field::FScore => "Frequency score",
        Field::MScore => "Monetary score",
        Field::RecencyDays => "Days since last order",
        Field::Frequency => "Orders",
        Field::Monetary => "Revenue",
        Field::Aov => "Average order value",
        Field::TenureDays => "Days since first order",
        Field::PredictedValue => "Predicted value",
        Field::PAlive => "P(alive)",
    }
}

fn subjects(cx: &Cx<'_>) -> Vec<(Subject, String)> {
    let orders = &cx.shop.dataset.orders;
    let columns = orders.attributes.iter().chain(&orders.traits);
    let kept = cx.project.kept_clusters.as_ref();
    let kept = kept.map(|_| {
        let name = CLUSTER_COLUMN.to_owned();
        (Subject::Column(name.clone()), name)
    });
    Field::ALL
        .into_iter()
        .map(|field| (Subject::Field(field), long_name(field).to_owned()))
        .chain(kept)
        .chain(columns.map(|column| {
            let name = column.name.clone();
            let text = format::column(&name);
            (Subject::Column(name), text)
        }))
        .collect()
}

/// Draws a condition in one row; `place` names it among those of the rule. Whether it was removed.
pub fn test_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (rule, part, inner): (&str, usize, usize),
    test: &mut Condition,
    state: &mut State,
) -> bool {
    let mut gone = false;
    ui.push_id(("test", part, inner), |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = gap::XS;
            subject_ui(ui, cx, test);
            match test {
                Condition::Test(field, comparison, limit) => {
                    let id = Id::unique(("threshold", part, inner));
                    number_ui(ui, cx, (rule, id, *field), (comparison, limit));
                }
                Condition::OneOf(..) | Condition::NoneOf(..) => values_ui(ui, cx, test, state),
                _ => {}
            }
            let name = format!("Remove: {}", in_words(test));
            gone = icon_button_ui(ui, cx.palette, Icon::X, &name).clicked();
        });
    });
    gone
}

/// What is looked at; another choice begins with a threshold that says something.
fn subject_ui(ui: &mut Ui, cx: &Cx<'_>, test: &mut Condition) {
    let current = match test {
        Condition::Test(field, ..) => Subject::Field(*field),
        Condition::OneOf(column, _) | Condition::NoneOf(column, _) => {
            Subject::Column(column.clone())
        }
        _ => return,
    };
    let mut choices = subjects(cx);
    if !choices.iter().any(|(subject, _)| *subject == current)
        && let Subject::Column(name) = &current
    {
        let why = if is_cluster_column(name) {
            "none are kept"
        } else {
            "not in this data"
        };
        choices.push((current.clone(), format!("{name} ({why})")));
    }
    let look = ("Condition on", FIELD_WIDTH, cx.palette.text);
    let picked = cell_dropdown_ui(ui, cx.palette, look, &choices, &current);
    match picked {
        Some(Subject::Field(field)) => {
            let comparison = match test {
                Condition::Test(_, comparison, _) => *comparison,
                _ => Comparison::AtLeast,
            };
            *test = Condition::Test(field, comparison, usual(cx, field));
        }
        Some(Subject::Column(column)) => *test = Condition::OneOf(column, Vec::new()),
        None => {}
    }
}

fn quantity(field: Field) -> Option<Quantity> {
    match field {
        Field::RecencyDays => Some(Quantity::RecencyDays),
        Field::Frequency => Some(Quantity::Frequency),
        Field::Monetary | Field::PredictedValue => Some(Quantity::Monetary),
        Field::Aov => Some(Quantity::Aov),
        Field::TenureDays => Some(Quantity::TenureDays),
        Field::RScore | Field::FScore | Field::MScore | Field::PAlive => None,
    }
}

fn is_whole(field: Field) -> bool {
    field.is_score()
        || matches!(
            field,
            Field::RecencyDays | Field::Frequency | Field::TenureDays
        )
}

/// The axis of a field's slider.
fn axis(cx: &Cx<'_>, field: Field, columns: Rangef) -> Option<Axis> {
    match quantity(field) {
        None if field == Field::PAlive => Some(Axis::plain(0.0, 1.0, columns)),
        None => Some(Axis::plain(1.0, 5.0, columns)),
        Some(quantity) => {
            let spreads = cx.shop.tuning.distributions.as_ref()?;
            let place = Quantity::ALL.iter().position(|known| *known == quantity)?;
            Axis::new(spreads.get(place)?, columns)
        }
    }
}

/// A threshold in the middle of the axis.
fn usual(cx: &Cx<'_>, field: Field) -> f64 {
    let middle = axis(cx, field, Rangef::new(0.0, 100.0)).map(|axis| axis.value(50.0));
    match middle {
        Some(middle) if field == Field::PAlive => middle,
        Some(middle) => crate::views::segments::cuts::axis::snapped(middle, is_whole(field)),
        None => 3.0,
    }
}

fn number_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (rule, id, field): (&str, Id, Field),
    (comparison, limit): (&mut Comparison, &mut f64),
) {
    let signs = [
        (Comparison::AtLeast, "≥".to_owned()),
        (Comparison::AtMost, "≤".to_owned()),
    ];
    let compared = format!("Comparison of {}", field_name(field));
    let look = (compared.as_str(), SIGN_WIDTH, cx.palette.text);
    if let Some(picked) = cell_dropdown_ui(ui, cx.palette, look, &signs, comparison) {
        *comparison = picked;
    }
    let side = match comparison {
        Comparison::AtLeast => "at least",
        Comparison::AtMost => "at most",
    };
    let name = format!("{rule}: {} {side}", field_name(field));
    let buttons = NUMBER_WIDTH + 28.0 + 3.0 * gap::XS;
    let width = (ui.available_width() - buttons).max(LEAST_SLIDER);
    let whole = is_whole(field);
    let slider = Slider {
        id,
        value: *limit,
        whole,
        name: &name,
    };
    let moved = slider_ui(ui, cx.palette, &slider, width, |columns| {
        axis(cx, field, columns)
    });
    let range = match field {
        Field::PAlive => 0.0..=1.0,
        field if field.is_score() => 1.0..=5.0,
        _ => f64::NEG_INFINITY..=f64::INFINITY,
    };
    if let Some(value) = moved {
        *limit = value.clamp(*range.start(), *range.end());
    }
    let speed = if whole {
        0.2
    } else {
        0.01 * limit.abs().max(1.0)
    };
    let mut value = *limit;
    let number = DragValue::new(&mut value)
        .range(range)
        .clamp_existing_to_range(false)
        .update_while_editing(false)
        .max_decimals(if whole { 0 } else { 2 })
        .speed(speed)
        .custom_parser(crate::views::segments::cuts::handle::number);
    let response = ui.add_sized([NUMBER_WIDTH, 28.0], number);
    *limit = value;
    response.widget_info(|| {
        let mut info = WidgetInfo::drag_value(true, value);
        info.label = Some(format!("{name}, number"));
        info
    });
}

fn values_ui(ui: &mut Ui, cx: &Cx<'_>, test: &mut Condition, state: &mut State) {
    let (Condition::OneOf(column, listed) | Condition::NoneOf(column, listed)) = &*test else {
        return;
    };
    let within = matches!(test, Condition::OneOf(..));
    let words = [
        (true, "is one of".to_owned()),
        (false, "is none of".to_owned()),
    ];
    let compared = format!("Comparison of {column}");
    let look = (compared.as_str(), WORD_WIDTH, cx.palette.text);
    let picked = cell_dropdown_ui(ui, cx.palette, look, &words, &within);
    let width = (ui.available_width() - 28.0 - 2.0 * gap::XS).max(80.0);
    let chosen = values::values_ui(ui, cx, (column, width), listed, &mut state.filter);
    if picked.is_none() && chosen.is_none() {
        return;
    }
    let (column, listed) = (column.clone(), chosen.unwrap_or_else(|| listed.clone()));
    *test = if picked.unwrap_or(within) {
        Condition::OneOf(column, listed)
    } else {
        Condition::NoneOf(column, listed)
    };
}
