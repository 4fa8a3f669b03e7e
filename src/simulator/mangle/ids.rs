//! Ids as programs spoil them.

use super::{
    plan::{Encoding, IdDamage, Plan},
    table::{Cell, Table},
    words::Field,
};
use crate::random::Rng;

/// Damages the customers' ids of the first table; those of other tables stay as they are. Zeros that
/// one of several parts loses are lost in [`super::parts`].
pub(super) fn damage(tables: &mut [Table], plan: &Plan, rng: &mut Rng) {
    if plan.id_damage == IdDamage::LostZeros && !plan.customers_table {
        return;
    }
    let Some(main) = tables.first_mut() else {
        return;
    };
    let Some(at) = main.find(Field::Customer) else {
        return;
    };
    for row in &mut main.rows {
        if let Cell::Id(id) = &mut row[at] {
            *id = spoiled(id, plan, rng);
        }
    }
}

fn spoiled(id: &str, plan: &Plan, rng: &mut Rng) -> String {
    match plan.id_damage {
        IdDamage::None => id.to_owned(),
        IdDamage::LostZeros => without_zeros(id),
        IdDamage::MixedCase => match rng.below(3) {
            0 => id.to_uppercase(),
            1 => id.to_lowercase(),
            _ => id.to_owned(),
        },
        IdDamage::Blanks => {
            let wide = matches!(
                plan.encoding,
                Encoding::Utf8 | Encoding::Utf8Mark | Encoding::Utf16
            );
            match rng.below(4) {
                0 => format!(" {id}"),
                1 => format!("{id}  "),
                2 if wide => format!("{id}\u{a0}"),
                _ => id.to_owned(),
            }
        }
        IdDamage::PointZero => format!("{id}.0"),
        IdDamage::Rounded => {
            let value: f64 = id.parse().unwrap_or_default();
            let text = format!("{value:.5E}");
            // Rust writes `4.10137E11`, a spreadsheet `4.10137E+11`.
            text.replace('E', "E+")
        }
    }
}

pub(super) fn without_zeros(id: &str) -> String {
    id.trim_start_matches('0').to_owned()
}
