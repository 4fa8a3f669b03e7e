//! Columns that carry no date: what they knew when is anybody's guess.
//!
//! A value that stands once per customer (a tier, a status) may have been written after t₀, from the
//! very orders that are to be predicted. One export cannot show it: such a column helps on locked
//! customers and at earlier dates alike. So a model that hangs on one says which, and how much.

use super::{compete::Arena, score::judged};
use crate::{TrainError, features::FeatureGroup, run::ModelRun};
use evaluation::{Scored, gains::gini_normalised, random::Draws, ranking::Ranking};

/// Share of a model's importances from which a column is named.
const NAMED: f64 = 0.25;

impl Arena<'_> {
    /// One sentence for every column without a date that the model hangs on: how well it ranks the
    /// locked customers, and how well with that column shuffled among them.
    pub fn undated(&self, model: &ModelRun) -> Result<Vec<String>, TrainError> {
        let table = &self.prepared.table;
        let rows = &self.split.hold_out;
        let heavy = model
            .importances
            .iter()
            .filter(|(_, share)| *share >= NAMED);
        let places = heavy.filter_map(|(name, _)| table.position(name));
        let mut said = Vec::new();
        for at in places.filter(|&at| table.specs[at].group == FeatureGroup::Demographics) {
            if rows.is_empty() {
                break;
            }
            self.steps.check()?;
            let answers = self.answers(rows);
            let ranked = |predicted: &[f64]| -> Result<Option<f64>, TrainError> {
                let scored = Scored::new(&answers, predicted).map_err(judged)?;
                let ranking = Ranking::by(scored.predicted());
                let perfect = Ranking::by(&answers);
                Ok(gini_normalised(&ranking, &perfect, &answers, None))
            };
            let mut shuffled = table.select(rows);
            Draws::new(self.recipe.seed, at as u64).shuffle(&mut shuffled.columns[at]);
            let without = ranked(&model.fitted.predict(&shuffled)?)?;
            if let (Some(with), Some(without)) = (ranked(&model.hold_out)?, without) {
                said.push(format!(
                    "“{}” carries no date, and this model hangs on it: the ranking of locked customers scores {with:.3}, with this column shuffled {without:.3}. If it was written after t₀ (a tier from what was spent, say), it knew the answer: leave it out and compare",
                    table.specs[at].name
                ));
            }
        }
        Ok(said)
    }
}
