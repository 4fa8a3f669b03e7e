//! The mangler: small random shops, damaged the way people and programs damage what they export, each
//! with what is true of it.
//!
//! A shop is drawn ([`plan`], [`shop`]), written as a plain table or a set of tables ([`write`]),
//! damaged as tables ([`columns`], [`ids`], [`parts`]), spelled ([`spell`]), damaged as text
//! ([`lines`]), and packed ([`pack`]). Everything is decided by the seed.

mod columns;
pub mod damage;
mod draw;
mod ids;
mod lines;
mod pack;
mod parts;
mod plan;
pub mod shop;
mod spell;
mod table;
#[cfg(test)]
mod tests;
mod words;
mod write;

use super::random::{Purpose, Rng};
use damage::{Damage, Need};
use pack::MangledFile;
use plan::Plan;
use shop::{Figures, Shop};
use table::Table;

/// A damaged shop.
pub struct Mangled {
    pub files: Vec<MangledFile>,
    pub truth: Figures,
    /// What was done, and what the shop is like where that is a difficulty by itself.
    pub damages: Vec<Damage>,
    /// What nobody can know from the files: a question or a warning is needed.
    pub needs: Vec<Need>,
}

/// The shop of this seed, with its damages.
#[must_use]
pub fn mangle(seed: u64) -> Mangled {
    let mut draft = Draft::of(seed);
    let (plan, shop) = (&draft.plan, &draft.shop);
    let mut damages = plan.damages();
    damages.sort_unstable();
    damages.dedup();
    let mut needs = plan.needs();
    if plan.day_month_matters() && shop.fits_both_orders() {
        needs.push(Need::DayMonth);
    }
    Mangled {
        truth: shop.truth(plan),
        files: pack::pack(&draft.tables, plan, &mut draft.rng),
        damages,
        needs,
    }
}

/// A shop whose tables are damaged and not yet spelled.
struct Draft {
    plan: Plan,
    shop: Shop,
    tables: Vec<Table>,
    rng: Rng,
}

impl Draft {
    fn of(seed: u64) -> Self {
        let mut rng = Rng::new(seed, Purpose::Mangle, 0);
        let plan = Plan::draw(&mut rng);
        let shop = Shop::draw(&plan, &mut rng);
        let mut tables = write::tables(&plan, &shop, &mut rng);
        columns::damage(&mut tables, &plan, &mut rng);
        ids::damage(&mut tables, &plan, &mut rng);
        Self {
            tables: parts::split(tables, &plan),
            plan,
            shop,
            rng,
        }
    }
}

/// One of the choices, drawn by its weight.
fn one_of<T: Copy>(rng: &mut Rng, choices: &[(T, f64)]) -> T {
    choices[rng.pick(choices.iter().map(|(_, weight)| *weight))].0
}
