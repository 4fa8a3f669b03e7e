//! The verdict: one of five words, and the sentence with the number that matters.

use serde::{Deserialize, Serialize};

use super::{bootstrap::Interval, leakage::Leakage};

/// A target is mostly leakage when one observed input equals it for more customers than this.
const MOSTLY: f64 = 0.9;

/// What to think of a model, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The interval of the normalised Gini (value) or of AUC − 0.5 (class) contains 0.
    NoSignal,
    /// A total target: one input equals it for over 90 % of customers, or copying that input is at
    /// least as good as the model.
    MostlyLeakage,
    /// The accuracy is not above the share of the largest class.
    MajorityOnly,
    /// The interval of the difference to the best naive baseline contains 0 or lies below.
    NoBetterThanRival,
    /// None of these.
    Useful,
}

impl Verdict {
    /// Name for people, in lower case.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::NoSignal => "no signal",
            Self::MostlyLeakage => "mostly leakage",
            Self::MajorityOnly => "predicts the majority class only",
            Self::NoBetterThanRival => "no better than past spend",
            Self::Useful => "useful",
        }
    }

    /// The rule behind it, in words.
    #[must_use]
    pub fn definition(self) -> &'static str {
        match self {
            Self::NoSignal => {
                "The 95 % interval of the normalised Gini (for classes: of AUC − 0.5) contains 0: the ranking may be chance."
            }
            Self::MostlyLeakage => {
                "The target counts what was already known: one input equals it for over 90 % of customers, or copying that input is at least as good as the model (by R² or mean absolute error)."
            }
            Self::MajorityOnly => {
                "Saying the same for everyone would put as many customers into the right class."
            }
            Self::NoBetterThanRival => {
                "The 95 % interval of the difference to the best naive baseline contains 0 or lies below it."
            }
            Self::Useful => {
                "There is signal, it is not leakage, and the ranking beats the best naive baseline beyond chance."
            }
        }
    }

    /// Decides by the first rule that applies.
    #[must_use]
    pub fn of(evidence: &Evidence<'_>) -> Self {
        let leaks = |leakage: &Leakage| {
            let copied = |rival: &super::leakage::CopyRival| rival.equal_share > MOSTLY;
            leakage.rival.as_ref().is_some_and(copied) || leakage.rival_wins()
        };
        if evidence.signal.is_none_or(|signal| signal.low <= 0.0) {
            Self::NoSignal
        } else if evidence.total_target && evidence.leakage.is_some_and(leaks) {
            Self::MostlyLeakage
        } else if evidence
            .accuracy
            .is_some_and(|(accuracy, majority)| accuracy <= majority)
        {
            Self::MajorityOnly
        } else if evidence
            .difference
            .is_some_and(|difference| difference.low <= 0.0)
        {
            Self::NoBetterThanRival
        } else {
            Self::Useful
        }
    }
}

/// What a verdict rests on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence<'a> {
    /// Normalised Gini of a value target, AUC − 0.5 of a class target; `None` where neither is defined.
    pub signal: Option<Interval>,
    /// Normalised Gini less that of the best naive baseline; `None` without such a baseline.
    pub difference: Option<Interval>,
    /// Accuracy and the share of the largest class, where classes are predicted.
    pub accuracy: Option<(f64, f64)>,
    pub leakage: Option<&'a Leakage>,
    /// Whether the target includes what the features already contain.
    pub total_target: bool,
    /// Gain at 20 % of the model and of the best naive baseline.
    pub gain_20: Option<f64>,
    pub rival_gain_20: Option<f64>,
}

/// The verdict as one sentence. `captured` is what the best customers hold ("next quarter's spend"),
/// `rival` the naive baseline ("past spend").
#[must_use]
pub fn sentence(verdict: Verdict, evidence: &Evidence<'_>, captured: &str, rival: &str) -> String {
    match verdict {
        Verdict::NoSignal => no_signal(evidence.signal),
        Verdict::MostlyLeakage => mostly_leakage(evidence.leakage),
        Verdict::MajorityOnly => majority_only(evidence.accuracy),
        Verdict::NoBetterThanRival => {
            let finding = gains(evidence, captured, rival, "finds");
            format!("No better than {rival}: {finding}, a difference that may be chance.")
        }
        Verdict::Useful => format!(
            "Useful: {}.",
            gains(evidence, captured, rival, "would find")
        ),
    }
}

fn no_signal(signal: Option<Interval>) -> String {
    let Some(Interval {
        estimate,
        low,
        high,
    }) = signal
    else {
        return "No signal: there is nothing to rank by, because all outcomes are the same."
            .to_owned();
    };
    format!(
        "No signal: the ranking may be chance, with a score of {} where chance is 0 and perfect is 1 (95 % interval {} to {}).",
        decimal(estimate),
        decimal(low),
        decimal(high)
    )
}

fn mostly_leakage(leakage: Option<&Leakage>) -> String {
    let rival = leakage.and_then(|leakage| leakage.rival.as_ref());
    let known = leakage.and_then(|leakage| leakage.known_share);
    let known = known.map_or_else(String::new, |share| {
        format!("{} of this target was already known; ", percent(share, 0))
    });
    let copy = rival.map_or_else(String::new, |rival| {
        format!(
            "the input “{}” equals it for {} of customers",
            rival.feature,
            percent(rival.equal_share, 0)
        )
    });
    let wins = leakage.is_some_and(Leakage::rival_wins);
    let wins = if wins {
        ", and copying that input is at least as good as the model"
    } else {
        ""
    };
    format!("Mostly leakage: {known}{copy}{wins}.")
}

fn majority_only(accuracy: Option<(f64, f64)>) -> String {
    let (accuracy, majority) = accuracy.unwrap_or((0.0, 0.0));
    let (accuracy, majority) = pair(accuracy, majority);
    format!(
        "Predicts the majority class only: {accuracy} of customers are put into the right class, and saying the same for everyone gets {majority}."
    )
}

fn gains(evidence: &Evidence<'_>, captured: &str, rival: &str, finds: &str) -> String {
    match (evidence.gain_20, evidence.rival_gain_20) {
        (Some(model), Some(naive)) => {
            let (model, naive) = pair(model, naive);
            format!("the top 20 % hold {model} of {captured}; ranking by {rival} {finds} {naive}")
        }
        (Some(model), None) => {
            let model = percent(model, 0);
            format!("the top 20 % hold {model} of {captured}; 20 % drawn at random would hold 20 %")
        }
        (None, _) => format!("the ranking of customers by {captured} is better than chance"),
    }
}

/// Two shares with as many decimals (at most two) as it takes to tell them apart.
fn pair(one: f64, other: f64) -> (String, String) {
    let with = |decimals| (percent(one, decimals), percent(other, decimals));
    (0..2)
        .map(with)
        .find(|(one, other)| one != other)
        .unwrap_or_else(|| with(2))
}

fn percent(share: f64, decimals: usize) -> String {
    format!("{:.decimals$} %", share * 100.0)
}

fn decimal(value: f64) -> String {
    let text = format!("{:.3}", value.abs());
    let sign = if value < 0.0 && text != "0.000" {
        "−"
    } else {
        ""
    };
    format!("{sign}{text}")
}

/// "next quarter", "next 12 months", "next 30 days": a horizon after the prediction date in words.
#[must_use]
pub fn horizon(days: u32) -> String {
    match days {
        7 => "next week".to_owned(),
        28..=31 => "next month".to_owned(),
        89..=92 => "next quarter".to_owned(),
        181..=184 => "next half-year".to_owned(),
        365 | 366 => "next year".to_owned(),
        days => format!("next {days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leakage::CopyRival;

    fn interval(low: f64, high: f64) -> Interval {
        Interval {
            estimate: f64::midpoint(low, high),
            low,
            high,
        }
    }

    fn useful() -> Evidence<'static> {
        Evidence {
            signal: Some(interval(0.7, 0.8)),
            difference: Some(interval(0.01, 0.03)),
            gain_20: Some(0.7687),
            rival_gain_20: Some(0.7442),
            ..Evidence::default()
        }
    }

    fn leaking(equal_share: f64, mae: f64) -> Leakage {
        Leakage {
            known_share: Some(0.98),
            fully_known_share: Some(0.97),
            rival: Some(CopyRival {
                feature: "rev_3m".to_owned(),
                equal_share,
                r2: Some(0.5),
                mae,
            }),
            model_r2: Some(0.9),
            model_mae: 6.35,
            twin: None,
        }
    }

    #[test]
    fn a_useful_model_is_said_with_the_number_that_matters() {
        let evidence = useful();
        let verdict = Verdict::of(&evidence);
        assert_eq!(verdict, Verdict::Useful);
        assert_eq!(
            sentence(verdict, &evidence, "next quarter's spend", "past spend"),
            "Useful: the top 20 % hold 77 % of next quarter's spend; ranking by past spend would find 74 %."
        );
    }

    #[test]
    fn each_rule_has_its_verdict() {
        let none = Evidence {
            signal: Some(interval(-0.02, 0.05)),
            ..useful()
        };
        assert_eq!(Verdict::of(&none), Verdict::NoSignal);
        assert_eq!(
            Verdict::of(&Evidence {
                signal: None,
                ..useful()
            }),
            Verdict::NoSignal
        );
        let majority = Evidence {
            accuracy: Some((0.86, 0.86)),
            ..useful()
        };
        assert_eq!(Verdict::of(&majority), Verdict::MajorityOnly);
        let above = Evidence {
            accuracy: Some((0.861, 0.86)),
            ..useful()
        };
        assert_eq!(Verdict::of(&above), Verdict::Useful);
        for difference in [Some(interval(-0.01, 0.02)), Some(interval(-0.2, -0.1))] {
            let evidence = Evidence {
                difference,
                ..useful()
            };
            assert_eq!(Verdict::of(&evidence), Verdict::NoBetterThanRival);
        }
    }

    #[test]
    fn leakage_counts_for_total_targets_only() {
        let (copied, beaten, clean) = (leaking(0.91, 7.0), leaking(0.5, 3.33), leaking(0.9, 7.0));
        let of = |leakage, total_target| {
            let evidence = Evidence {
                leakage: Some(leakage),
                total_target,
                ..useful()
            };
            Verdict::of(&evidence)
        };
        assert_eq!(of(&copied, true), Verdict::MostlyLeakage);
        assert_eq!(of(&beaten, true), Verdict::MostlyLeakage);
        assert_eq!(of(&clean, true), Verdict::Useful);
        assert_eq!(of(&beaten, false), Verdict::Useful);
        let evidence = Evidence {
            leakage: Some(&beaten),
            total_target: true,
            ..useful()
        };
        assert_eq!(
            sentence(Verdict::MostlyLeakage, &evidence, "", ""),
            "Mostly leakage: 98 % of this target was already known; the input “rev_3m” equals it for 50 % of customers, and copying that input is at least as good as the model."
        );
    }

    #[test]
    fn near_shares_get_the_decimals_that_tell_them_apart() {
        assert_eq!(
            pair(0.7690, 0.7660),
            ("76.9 %".to_owned(), "76.6 %".to_owned())
        );
        assert_eq!(
            pair(0.76871, 0.76875),
            ("76.87 %".to_owned(), "76.88 %".to_owned())
        );
        let evidence = Evidence {
            signal: Some(interval(-0.02, 0.05)),
            ..useful()
        };
        assert_eq!(
            sentence(Verdict::NoSignal, &evidence, "", ""),
            "No signal: the ranking may be chance, with a score of 0.015 where chance is 0 and perfect is 1 (95 % interval −0.020 to 0.050)."
        );
        assert_eq!(
            (horizon(90), horizon(365), horizon(45)),
            (
                "next quarter".to_owned(),
                "next year".to_owned(),
                "next 45 days".to_owned()
            )
        );
    }
}
