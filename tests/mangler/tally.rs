//! How often each verdict fell, over all shops and by damage.

use std::{collections::BTreeMap, fmt};

use keepers::simulator::mangle::damage::Damage;

use crate::verdict::Verdict;

#[derive(Clone, Copy, Default)]
struct Counts {
    right: u32,
    asked: u32,
    refused: u32,
    /// Silently wrong, or crashed.
    wrong: u32,
}

impl Counts {
    fn add(&mut self, verdict: &Verdict) {
        let count = match verdict {
            Verdict::Right => &mut self.right,
            Verdict::Asked { .. } => &mut self.asked,
            Verdict::Refused(_) => &mut self.refused,
            Verdict::Wrong(_) | Verdict::Crashed => &mut self.wrong,
        };
        *count += 1;
    }

    fn all(self) -> u32 {
        self.right + self.asked + self.refused + self.wrong
    }
}

#[derive(Default)]
pub struct Tally {
    all: Counts,
    by_damage: BTreeMap<Damage, Counts>,
    /// Shops by question: in how many it was asked, and in how many the likeliest reading was right.
    by_question: BTreeMap<String, [u32; 2]>,
}

impl Tally {
    pub fn add(&mut self, verdict: &Verdict, damages: &[Damage]) {
        self.all.add(verdict);
        if let Verdict::Asked { asked, needed, .. } = verdict {
            for id in asked {
                let counts = self.by_question.entry(id.clone()).or_default();
                counts[0] += 1;
                counts[1] += u32::from(!needed);
            }
        }
        for damage in damages {
            self.by_damage.entry(*damage).or_default().add(verdict);
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = |name: &str, counts: Counts| {
            let Counts {
                right,
                asked,
                refused,
                wrong,
            } = counts;
            let share = 100.0 * f64::from(right) / f64::from(counts.all().max(1));
            writeln!(
                f,
                "{name:<20} {:>6} {right:>6} {asked:>6} {refused:>8} {wrong:>6} {share:>7.1}",
                counts.all()
            )
        };
        line("all shops", self.all)?;
        let mut damages: Vec<_> = self.by_damage.iter().collect();
        let share = |counts: &Counts| f64::from(counts.wrong) / f64::from(counts.all());
        damages.sort_by(|a, b| share(b.1).total_cmp(&share(a.1)));
        for (damage, counts) in damages {
            line(&format!("{damage:?}"), *counts)?;
        }
        writeln!(
            f,
            "(columns: shops, right, asked, refused, silently wrong, right in %)"
        )?;
        for (id, [asked, right]) in &self.by_question {
            writeln!(
                f,
                "question {id}: asked of {asked} shops, the likeliest reading was right in {right}"
            )?;
        }
        Ok(())
    }
}
