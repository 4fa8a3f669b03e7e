//! The verdict: one decision from one metric, and the sentence that quotes it.
//!
//! Values are judged by their ranking (normalised Gini, 0 is chance), probabilities by how much of
//! the uncertainty they explain (log-loss skill, 0 is the same chance for all). The sentence holds
//! the model's figure, the strongest naive rival's and the tested interval of their difference: what
//! decides is what is read.

use serde::{Deserialize, Serialize};

use super::{bootstrap::Interval, leakage::Leakage};

/// A target is mostly leakage when one observed input equals it for more customers than this.
const MOSTLY: f64 = 0.9;
/// Σ predicted ÷ Σ actual inside these bounds counts as the right level.
const LEVEL: [f64; 2] = [0.8, 1.25];
/// With fewer customers than this on the rarer side (buyers, or customers who did not buy) a
/// bootstrap interval promises more than it holds.
const FEWEST: usize = 10;
/// A normalised Gini that is worth having: data that cannot tell it from chance are too small.
const WORTH_HAVING: f64 = 0.25;

/// A metric, or a difference to the rival, below this is nothing to act on, however sure it is: with
/// many customers and a model that says nearly the same of all, intervals shrink without end.
const NEGLIGIBLE: f64 = 0.001;

/// The one metric a verdict is decided by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tested {
    /// Values: normalised Gini of the ranking.
    #[default]
    GiniNormalised,
    /// Classes: 1 − log-loss ÷ log-loss of the same chance for all.
    LogLossSkill,
}

impl Tested {
    /// A difference to the rival that is worth having: an interval that holds 0 and reaches this far
    /// cannot tell.
    fn worth_having(self) -> f64 {
        match self {
            Self::GiniNormalised => 0.1,
            Self::LogLossSkill => 0.05,
        }
    }

    /// A signal that is worth having: an interval that holds 0 and reaches this far cannot tell.
    fn signal_worth_having(self) -> f64 {
        match self {
            Self::GiniNormalised => WORTH_HAVING,
            Self::LogLossSkill => 0.05,
        }
    }

    /// What the metric is, for people.
    #[must_use]
    pub fn definition(self) -> &'static str {
        match self {
            Self::GiniNormalised => {
                "Normalised Gini of the ranking by predicted value: 0 is chance, 1 is perfect."
            }
            Self::LogLossSkill => {
                "Share of the uncertainty explained: 1 − log-loss ÷ log-loss of the same chance for all, learned from the same customers; 0 is no better than that, 1 is certainty that is right."
            }
        }
    }
}

/// What to think of a model, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The interval of the tested metric contains 0 or lies below.
    NoSignal,
    /// A total target: one input equals it for over 90 % of customers, or copying that input is at
    /// least as good as the model.
    MostlyLeakage,
    /// The interval of the difference to the strongest naive rival lies below 0.
    WorseThanRival,
    /// The interval contains 0, and is so wide that it also contains what would be worth having.
    TooSmallToTell,
    /// The interval of the difference to the strongest naive rival contains 0.
    NoBetterThanRival,
    /// None of these, but Σ predicted ÷ Σ actual is below 0.8 or above 1.25.
    LevelOff,
    /// None of these.
    Useful,
}

impl Verdict {
    /// Every verdict, worst first.
    pub const ALL: [Self; 7] = [
        Self::NoSignal,
        Self::MostlyLeakage,
        Self::WorseThanRival,
        Self::TooSmallToTell,
        Self::NoBetterThanRival,
        Self::LevelOff,
        Self::Useful,
    ];

    /// Name for people, in lower case.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::NoSignal => "no signal",
            Self::MostlyLeakage => "mostly leakage",
            Self::WorseThanRival => "worse than past spend",
            Self::TooSmallToTell => "too small to tell",
            Self::NoBetterThanRival => "no better than past spend",
            Self::LevelOff => "useful, but its level is off",
            Self::Useful => "useful",
        }
    }

    /// The rule behind it, in words.
    #[must_use]
    pub fn definition(self) -> &'static str {
        match self {
            Self::NoSignal => {
                "The 95 % interval of the tested metric (values: normalised Gini; classes: explained uncertainty) contains 0 or lies below: what it says may be chance. Below 0.001 (0.1 %) it says nothing even where it is sure."
            }
            Self::MostlyLeakage => {
                "The target counts what was already known: one input equals it for over 90 % of customers, or copying that input is at least as good as the model (by R² or mean absolute error)."
            }
            Self::WorseThanRival => {
                "The 95 % interval of the difference to the strongest naive rival (past spend, its rate, spend fading with time) lies below 0, and the difference is at least 0.001 (0.1 %)."
            }
            Self::TooSmallToTell => {
                "The 95 % interval contains 0, and is so wide that it also contains what would be worth having; or fewer than 10 customers bought (or did not buy). More customers would tell."
            }
            Self::NoBetterThanRival => {
                "The 95 % interval of the difference to the strongest naive rival (past spend, its rate, spend fading with time) contains 0, or the difference is below 0.001 (0.1 %) either way."
            }
            Self::LevelOff => {
                "It beats the strongest naive rival beyond chance, but the sum of its predictions is below 0.8 or above 1.25 times what came: use its order, not its amounts."
            }
            Self::Useful => {
                "There is signal, it is not leakage, it beats the strongest naive rival beyond chance, and the sum of its predictions is between 0.8 and 1.25 times what came."
            }
        }
    }

    /// Whether the model beats the strongest naive rival beyond chance.
    #[must_use]
    pub fn is_useful(self) -> bool {
        matches!(self, Self::Useful | Self::LevelOff)
    }

    /// Decides by the first rule that applies.
    #[must_use]
    pub fn of(evidence: &Evidence<'_>) -> Self {
        let Some(signal) = evidence.signal else {
            return Self::NoSignal;
        };
        if evidence.rarer.is_some_and(|rarer| rarer < FEWEST) {
            return Self::TooSmallToTell;
        }
        if signal.low <= 0.0 {
            let blind = evidence
                .resolution
                .is_some_and(|least| least > WORTH_HAVING);
            let wide = signal.high >= evidence.tested.signal_worth_having();
            return if wide || blind && signal.high >= 0.0 {
                Self::TooSmallToTell
            } else {
                Self::NoSignal
            };
        }
        if signal.estimate < NEGLIGIBLE {
            return Self::NoSignal;
        }
        let leaks = |leakage: &Leakage| {
            let copied = |rival: &super::leakage::CopyRival| rival.equal_share > MOSTLY;
            leakage.rival.as_ref().is_some_and(copied) || leakage.rival_wins()
        };
        if evidence.total_target && evidence.leakage.is_some_and(leaks) {
            return Self::MostlyLeakage;
        }
        if let Some(Contest { difference, .. }) = &evidence.contest {
            let negligible = difference.estimate.abs() < NEGLIGIBLE;
            if difference.high < 0.0 && !negligible {
                return Self::WorseThanRival;
            }
            if difference.low <= 0.0 || negligible {
                return if difference.high >= evidence.tested.worth_having() {
                    Self::TooSmallToTell
                } else {
                    Self::NoBetterThanRival
                };
            }
        }
        match evidence.level {
            Some(level) if !(LEVEL[0]..=LEVEL[1]).contains(&level) => Self::LevelOff,
            _ => Self::Useful,
        }
    }
}

/// The strongest naive rival beside the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contest {
    /// Name of the rival in words: "past spend".
    pub rival: String,
    /// The rival's tested metric, with its interval.
    pub score: Interval,
    /// The model's less the rival's, on the same customers.
    pub difference: Interval,
}

/// What a verdict rests on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence<'a> {
    pub tested: Tested,
    /// The model's tested metric; 0 is chance. `None` where it is not defined.
    pub signal: Option<Interval>,
    /// `None` without a naive rival.
    pub contest: Option<Contest>,
    /// The least normalised Gini that these customers can tell from chance (95 %): what a ranking
    /// with nothing behind it reaches now and then.
    pub resolution: Option<f64>,
    /// Customers on the rarer side: with a value (with the event), or without.
    pub rarer: Option<usize>,
    /// Σ predicted ÷ Σ actual.
    pub level: Option<f64>,
    #[serde(skip)]
    pub leakage: Option<&'a Leakage>,
    /// Whether the target includes what the features already contain.
    pub total_target: bool,
}

/// The verdict as one sentence. `captured` is what is predicted ("next quarter's spend").
#[must_use]
pub fn sentence(verdict: Verdict, evidence: &Evidence<'_>, captured: &str) -> String {
    let Some(signal) = evidence.signal else {
        return "No signal: there is nothing to tell apart, because all outcomes are the same."
            .to_owned();
    };
    let contest = evidence.contest.as_ref();
    let told = Told {
        tested: evidence.tested,
        signal,
        contest,
        captured,
    };
    match verdict {
        Verdict::MostlyLeakage => mostly_leakage(evidence.leakage),
        Verdict::NoSignal if signal.low > 0.0 => {
            format!("No signal: {}, too little to act on.", told.alone())
        }
        Verdict::NoSignal => format!("No signal: {}.", told.alone()),
        Verdict::TooSmallToTell => {
            let few = evidence.rarer.filter(|&rarer| rarer < FEWEST);
            let why = match few {
                Some(rarer) => format!(
                    "only {rarer} customers tell the outcomes apart (at least {FEWEST} are needed); "
                ),
                None => String::new(),
            };
            let found = if few.is_none() && signal.low > 0.0 {
                told.beside()
            } else {
                told.alone()
            };
            format!("Too small to tell: {why}{found}.")
        }
        Verdict::WorseThanRival => format!("Worse than {}: {}.", told.rival(), told.beside()),
        Verdict::NoBetterThanRival => {
            let sure = contest.is_some_and(|contest| {
                contest.difference.low > 0.0 || contest.difference.high < 0.0
            });
            let but = if sure { ", too little to act on" } else { "" };
            format!("No better than {}: {}{but}.", told.rival(), told.beside())
        }
        Verdict::Useful => format!("Useful: {}.", told.beside()),
        Verdict::LevelOff => {
            let level = evidence.level.unwrap_or(1.0);
            format!(
                "Useful, but its level is off by a factor of {}: {}.",
                factor(level),
                told.beside()
            )
        }
    }
}

/// Figures of one sentence, all with the same decimals.
struct Told<'a> {
    tested: Tested,
    signal: Interval,
    contest: Option<&'a Contest>,
    captured: &'a str,
}

impl Told<'_> {
    fn rival(&self) -> &str {
        self.contest.map_or("past spend", |contest| &contest.rival)
    }

    /// "its ranking of next quarter's spend scores".
    fn subject(&self) -> String {
        match self.tested {
            Tested::GiniNormalised => format!("its ranking of {} scores", self.captured),
            Tested::LogLossSkill => {
                format!("of the uncertainty about {} it explains", self.captured)
            }
        }
    }

    /// What 0 and the other end mean.
    fn scale(&self) -> &'static str {
        match self.tested {
            Tested::GiniNormalised => "normalised Gini, 0 is chance and 1 is perfect",
            Tested::LogLossSkill => "log-loss skill, 0 % is the same chance for all",
        }
    }

    fn figure(&self, value: f64, decimals: usize) -> String {
        match self.tested {
            Tested::GiniNormalised => signed(value, decimals),
            Tested::LogLossSkill => format!("{} %", signed(100.0 * value, decimals - 2)),
        }
    }

    fn interval(&self, interval: &Interval, decimals: usize) -> String {
        format!(
            "95 % interval {} to {}",
            self.figure(interval.low, decimals),
            self.figure(interval.high, decimals)
        )
    }

    /// The model against chance.
    fn alone(&self) -> String {
        let decimals = decimals(&[self.signal.low, self.signal.high]);
        format!(
            "{} {} ({}; {})",
            self.subject(),
            self.figure(self.signal.estimate, decimals),
            self.scale(),
            self.interval(&self.signal, decimals)
        )
    }

    /// The model against its strongest rival.
    fn beside(&self) -> String {
        let Some(contest) = self.contest else {
            return self.alone();
        };
        let difference = &contest.difference;
        let decimals = decimals(&[difference.estimate, difference.low, difference.high]);
        let rival = match self.tested {
            Tested::GiniNormalised => format!("ranking by {} scores", contest.rival),
            Tested::LogLossSkill => format!("{} explains", contest.rival),
        };
        format!(
            "{} {} ({}), {rival} {}; the difference is {} ({})",
            self.subject(),
            self.figure(self.signal.estimate, decimals),
            self.scale(),
            self.figure(contest.score.estimate, decimals),
            self.figure(difference.estimate, decimals),
            self.interval(difference, decimals)
        )
    }
}

/// Decimals, three to six, with which no figure that is not 0 reads as 0.
fn decimals(figures: &[f64]) -> usize {
    let reads_as_zero = |&value: &f64, decimals: usize| {
        value != 0.0 && (value.abs() * 10f64.powi(decimals as i32)).round() == 0.0
    };
    (3..6)
        .find(|&decimals| !figures.iter().any(|value| reads_as_zero(value, decimals)))
        .unwrap_or(6)
}

/// A number with a true minus; no minus before a zero.
fn signed(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let sign = if value < 0.0 && !zero { "−" } else { "" };
    format!("{sign}{text}")
}

/// Σ predicted ÷ Σ actual with at least two figures that count.
fn factor(level: f64) -> String {
    if level.abs() < 0.1 {
        return signed(level, 4);
    }
    // A level outside the bounds does not read as one of them.
    let (text, bounds) = (signed(level, 2), LEVEL.map(|bound| signed(bound, 2)));
    if bounds.contains(&text) {
        signed(level, 5)
    } else {
        text
    }
}

/// Σ predicted ÷ Σ actual for the small print: "predicted in sum 1.04 times what came".
#[must_use]
pub fn level_words(level: f64) -> String {
    format!("predicted in sum {} times what came", factor(level))
}

fn mostly_leakage(leakage: Option<&Leakage>) -> String {
    let rival = leakage.and_then(|leakage| leakage.rival.as_ref());
    let known = leakage.and_then(|leakage| leakage.known_share);
    let known = known.map_or_else(String::new, |share| {
        format!("{} of this target was already known; ", percent(share))
    });
    let copy = rival.map_or_else(String::new, |rival| {
        format!(
            "the input “{}” equals it for {} of customers",
            rival.feature,
            percent(rival.equal_share)
        )
    });
    let wins = leakage.and_then(Leakage::won_by);
    let wins = wins.map_or_else(String::new, |won| {
        let (name, digits) = (won.metric, won.decimals());
        format!(
            ", and copying that input is at least as good as the model ({name} {} against {})",
            signed(won.copied, digits),
            signed(won.model, digits)
        )
    });
    format!("Mostly leakage: {known}{copy}{wins}.")
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

#[cfg(test)]
mod tests;
