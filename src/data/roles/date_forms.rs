//! Columns whose cells only together are dates.

use super::{
    evidence,
    facts::{Facts, Sample},
    vocabulary::{Spoken, concept::Concept},
};
use crate::values::serials::{Form, form_of};

/// Finds them by name and cells. Months stand for days where there are no days.
pub(super) fn take(facts: &mut [Facts], samples: &[Sample], spoken: &[Spoken]) {
    let form = |((facts, sample), spoken): ((&Facts, &Sample), &Spoken)| {
        let speaks = spoken.any(&[Concept::Date, Concept::CalendarPart]);
        if !speaks || spoken.of_id.is_some() || facts.dates >= 0.5 {
            return Form::Auto;
        }
        match form_of((0..sample.rows()).map(|row| sample.cell(row))) {
            form if form == Form::Months || spoken.has(Concept::Date) => form,
            _ => Form::Auto,
        }
    };
    let forms: Vec<Form> = (facts.iter().zip(samples).zip(spoken)).map(form).collect();
    let mut take_all = |wanted: &dyn Fn(Form) -> bool| {
        for (at, form) in forms.iter().enumerate().filter(|(_, form)| wanted(**form)) {
            facts[at].take_form(&samples[at], *form);
        }
        let is_day = |(facts, spoken): (&Facts, &Spoken)| {
            evidence::date(spoken, facts).is_some_and(|points| points.total() > 0.0)
        };
        facts.iter().zip(spoken).any(is_day)
    };
    if !take_all(&|form| !matches!(form, Form::Auto | Form::Months)) {
        take_all(&|form| form == Form::Months);
    }
}
