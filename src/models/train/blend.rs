//! Weights of a blend, from out-of-fold predictions of training rows alone.
//!
//! Greedy selection with replacement (Caruana et al. 2004): step by step the member that lowers the
//! loss of the mean most is added once more. Weights are shares of steps: none is negative, they sum
//! to 1, and a member that does not help gets 0. Each fold is blended by weights learned on the
//! others, so the blend's out-of-fold predictions have not seen their answers either.

use std::time::Instant;

use super::{
    compete::{Arena, Contender},
    score::loss,
};
use crate::{
    TrainError,
    learner::{Fitted, Member, Predictor},
    recipe::{BlendSpec, ModelSpec},
    run::ModelRun,
    target::Score,
};
use base::monitor::{Cancelled, Monitor};

impl Arena<'_> {
    /// Blends the models that have competed.
    pub fn blend(
        &self,
        (place, spec): (usize, &BlendSpec),
        models: &[ModelRun],
    ) -> Result<ModelRun, TrainError> {
        let clock = Instant::now();
        let monitor = self.steps.next("Blending the models");
        let answers = self.training_answers();
        let members: Vec<&[f64]> = models.iter().map(|m| m.out_of_fold.as_slice()).collect();
        let mut raw = vec![0.0; answers.len()];
        for fold in 0..self.split.folds {
            let (outside, inside) = self.split.fold(fold);
            let pick = |values: &[f64]| -> Vec<f64> {
                outside
                    .iter()
                    .map(|&place| values[place as usize])
                    .collect()
            };
            let known: Vec<Vec<f64>> = members.iter().map(|values| pick(values)).collect();
            let known: Vec<&[f64]> = known.iter().map(Vec::as_slice).collect();
            let weights = weights(
                (self.score(), spec.steps),
                &pick(&answers),
                &known,
                &monitor,
            )?;
            for &place in &inside {
                let values = members.iter().map(|values| values[place as usize]);
                raw[place as usize] = weights.iter().zip(values).map(|(w, v)| w * v).sum();
            }
        }
        let weights = weights((self.score(), spec.steps), &answers, &members, &monitor)?;
        let used = weights
            .iter()
            .zip(models)
            .filter(|(weight, _)| **weight > 0.0);
        let chosen: Vec<String> = (used.clone())
            .map(|(weight, model)| format!("{:.0} % {}", weight * 100.0, model.title))
            .collect();
        let parts: Vec<Member> = used
            .filter_map(|(&weight, model)| {
                Some(Member {
                    weight,
                    spec: model.spec?,
                    predictor: Predictor::clone(&model.fitted),
                })
            })
            .collect();
        let spec = ModelSpec::Blend(spec.clone());
        self.judge(Contender {
            name: spec.name(),
            title: spec.title(),
            spec: Some(place),
            chosen: chosen.join(", "),
            grid: Vec::new(),
            raw,
            tiers: Vec::new(),
            fitted: Fitted::Blend(parts),
            clock,
        })
    }
}

/// Weights of the members after so many greedy steps.
fn weights(
    (score, steps): (Score, usize),
    answers: &[f64],
    members: &[&[f64]],
    monitor: &Monitor,
) -> Result<Vec<f64>, Cancelled> {
    let mut counts = vec![0.0; members.len()];
    let mut sum = vec![0.0; answers.len()];
    let mut trial = vec![0.0; answers.len()];
    let steps = steps.max(1);
    for step in 0..steps {
        let mut best: Option<(f64, usize)> = None;
        for (at, member) in members.iter().enumerate() {
            monitor.check()?;
            let size = step as f64 + 1.0;
            for ((trial, sum), value) in trial.iter_mut().zip(&sum).zip(*member) {
                *trial = (sum + value) / size;
            }
            let found = loss(score, answers, &trial);
            if best.is_none_or(|(least, _)| found < least) {
                best = Some((found, at));
            }
        }
        if let Some((_, at)) = best {
            counts[at] += 1.0;
            sum.iter_mut()
                .zip(members[at])
                .for_each(|(sum, value)| *sum += value);
        }
    }
    Ok(counts.iter().map(|count| count / steps as f64).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_find_the_mixture_and_leave_out_noise() {
        // The answers are the mean of two members; the third knows nothing.
        let first: Vec<f64> = (0..200).map(|i| 1.0 + f64::from(i % 7)).collect();
        let second: Vec<f64> = (0..200).map(|i| 1.0 + f64::from(i % 5)).collect();
        let third: Vec<f64> = (0..200).map(|i| 1.0 + f64::from(i % 3)).collect();
        let answers: Vec<f64> = first
            .iter()
            .zip(&second)
            .map(|(a, b)| f64::midpoint(*a, *b))
            .collect();
        let members: [&[f64]; 3] = [&first, &second, &third];
        let found = weights(
            (Score::Deviance, 10),
            &answers,
            &members,
            &Monitor::silent(),
        );
        assert_eq!(found.unwrap(), [0.5, 0.5, 0.0]);
    }
}
