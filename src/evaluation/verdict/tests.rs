//! Verdicts of random evaluations: no sentence may contradict its figures.

use super::*;
use crate::{
    Scored,
    leakage::{CopyRival, Leakage},
    random::Draws,
};

fn interval(low: f64, high: f64) -> Interval {
    Interval {
        estimate: f64::midpoint(low, high),
        low,
        high,
    }
}

fn contest(low: f64, high: f64) -> Contest {
    Contest {
        rival: "past spend".to_owned(),
        score: interval(0.72, 0.74),
        difference: interval(low, high),
    }
}

fn useful() -> Evidence<'static> {
    Evidence {
        signal: Some(interval(0.7, 0.8)),
        contest: Some(contest(0.01, 0.03)),
        resolution: Some(0.05),
        rarer: Some(400),
        level: Some(1.04),
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
fn the_sentence_quotes_what_decided() {
    let evidence = useful();
    let verdict = Verdict::of(&evidence);
    assert_eq!(verdict, Verdict::Useful);
    assert_eq!(
        sentence(verdict, &evidence, "next quarter's spend"),
        "Useful: its ranking of next quarter's spend scores 0.750 (normalised Gini, 0 is chance and 1 is perfect), \
         ranking by past spend scores 0.730; the difference is 0.020 (95 % interval 0.010 to 0.030)."
    );
    let class = Evidence {
        tested: Tested::LogLossSkill,
        signal: Some(interval(0.1, 0.2)),
        contest: Some(contest(-0.02, 0.03)),
        ..useful()
    };
    let verdict = Verdict::of(&class);
    assert_eq!(
        sentence(verdict, &class, "next quarter's buyers"),
        "No better than past spend: of the uncertainty about next quarter's buyers it explains 15.0 % (log-loss \
         skill, 0 % is the same chance for all), past spend explains 73.0 %; the difference is 0.5 % (95 % interval \
         −2.0 % to 3.0 %)."
    );
}

#[test]
fn each_rule_has_its_verdict() {
    let of = |change: &dyn Fn(&mut Evidence<'static>)| {
        let mut evidence = useful();
        change(&mut evidence);
        Verdict::of(&evidence)
    };
    assert_eq!(
        of(&|e| e.signal = Some(interval(-0.02, 0.05))),
        Verdict::NoSignal
    );
    assert_eq!(of(&|e| e.signal = None), Verdict::NoSignal);
    let blind = |e: &mut Evidence<'_>| {
        e.signal = Some(interval(-0.2, 0.5));
        e.resolution = Some(0.4);
    };
    assert_eq!(of(&blind), Verdict::TooSmallToTell);
    assert_eq!(
        of(&|e| e.signal = Some(interval(-0.01, 0.3))),
        Verdict::TooSmallToTell
    );
    assert_eq!(
        of(&|e| e.signal = Some(interval(-0.3, -0.1))),
        Verdict::NoSignal
    );
    assert_eq!(of(&|e| e.rarer = Some(9)), Verdict::TooSmallToTell);
    assert_eq!(
        of(&|e| e.contest = Some(contest(-0.1, 0.2))),
        Verdict::TooSmallToTell
    );
    assert_eq!(
        of(&|e| e.contest = Some(contest(-0.01, 0.02))),
        Verdict::NoBetterThanRival
    );
    assert_eq!(
        of(&|e| e.contest = Some(contest(-0.2, -0.1))),
        Verdict::WorseThanRival
    );
    // Sure, but nothing to act on.
    let sure = |e: &mut Evidence<'_>| e.signal = Some(interval(0.000_1, 0.000_3));
    assert_eq!(of(&sure), Verdict::NoSignal);
    for (low, high) in [(0.000_1, 0.000_3), (-0.000_3, -0.000_1)] {
        assert_eq!(
            of(&|e| e.contest = Some(contest(low, high))),
            Verdict::NoBetterThanRival
        );
    }
    assert_eq!(of(&|e| e.contest = None), Verdict::Useful);
    for level in [0.24, 0.79, 1.26, 2.52] {
        assert_eq!(of(&|e| e.level = Some(level)), Verdict::LevelOff);
    }
    for level in [0.8, 1.25] {
        assert_eq!(of(&|e| e.level = Some(level)), Verdict::Useful);
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
        sentence(Verdict::MostlyLeakage, &evidence, ""),
        "Mostly leakage: 98 % of this target was already known; the input “rev_3m” equals it for 50 % of customers, and copying that input is at least as good as the model (mean absolute error 3.33 against 6.35)."
    );
}

/// The numbers of a sentence, in their order; a true minus is a minus.
fn numbers(sentence: &str) -> Vec<f64> {
    // The rival's half-life is a name, not a figure.
    let sentence = sentence.replace('−', "-").replace("every 90 days", "");
    let numeric = |c: char| c.is_ascii_digit() || c == '.' || c == '-';
    sentence
        .split(|c: char| !numeric(c))
        .filter_map(|word| word.trim_end_matches('.').parse().ok())
        .collect()
}

/// Figures of the part after the colon that names the metric: what is quoted of a contest.
struct Quoted {
    model: f64,
    rival: f64,
    difference: f64,
    low: f64,
    high: f64,
}

/// The last figures of a sentence are those of the contest; the scale's own 0, 1 and the 95 of
/// "95 % interval" stand between.
fn quoted(sentence: &str, tested: Tested) -> Quoted {
    let found = numbers(sentence);
    let tail = |from_end: usize| found[found.len() - from_end];
    // … model 0 [1] rival difference 95 low high
    let model = tail(if tested == Tested::GiniNormalised {
        8
    } else {
        7
    });
    assert_eq!(tail(3), 95.0, "{sentence}");
    Quoted {
        model,
        rival: tail(5),
        difference: tail(4),
        low: tail(2),
        high: tail(1),
    }
}

/// Ten thousand random evaluations: what a sentence says is what its figures say.
#[test]
fn no_sentence_contradicts_its_figures() {
    let mut draws = Draws::new(15, 1);
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..10_000 {
        let tested = if draws.below(2) == 0 {
            Tested::GiniNormalised
        } else {
            Tested::LogLossSkill
        };
        // Figures of every size, tiny ones included: 10⁻⁷ to 1.
        let mut figure = |scale: f64| {
            let size = 10f64.powf(-7.0 * draws.uniform() * draws.uniform());
            scale * size * (draws.uniform() * 2.0 - 0.8)
        };
        let (own, theirs) = (figure(0.9), figure(0.9));
        let mut around = |estimate: f64| {
            let (below, above) = (figure(0.3).abs(), figure(0.3).abs());
            Interval {
                estimate,
                low: estimate - below,
                high: estimate + above,
            }
        };
        let (signal, score) = (around(own), around(theirs));
        let difference = around(own - theirs);
        let leakage = leaking(draws.uniform(), 12.0 * draws.uniform());
        let evidence = Evidence {
            tested,
            signal: (draws.below(20) > 0).then_some(signal),
            contest: (draws.below(20) > 0).then(|| Contest {
                rival: "spend fading by half every 90 days".to_owned(),
                score,
                difference,
            }),
            resolution: Some(draws.uniform() * 0.5),
            rarer: Some(draws.below(2_000)),
            level: (draws.below(10) > 0).then(|| 3.0 * draws.uniform()),
            leakage: (draws.below(2) == 0).then_some(&leakage),
            total_target: draws.below(4) == 0,
        };
        let verdict = Verdict::of(&evidence);
        let said = sentence(verdict, &evidence, "next quarter's spend");
        *seen.entry(verdict).or_insert(0) += 1;
        check(verdict, &evidence, &said);
    }
    for verdict in Verdict::ALL {
        assert!(
            seen.get(&verdict).is_some_and(|&count| count > 50),
            "{verdict:?}: {seen:?}"
        );
    }
}

/// What must hold of one sentence.
fn check(verdict: Verdict, evidence: &Evidence<'_>, said: &str) {
    let title = match verdict {
        Verdict::WorseThanRival => "Worse than spend fading",
        Verdict::NoBetterThanRival => "No better than spend fading",
        Verdict::LevelOff => "Useful, but its level is off by a factor of",
        Verdict::NoSignal => "No signal:",
        Verdict::MostlyLeakage => "Mostly leakage:",
        Verdict::TooSmallToTell => "Too small to tell:",
        Verdict::Useful => "Useful:",
    };
    assert!(said.starts_with(title), "{verdict:?}: {said}");
    let Some(signal) = evidence.signal else {
        assert_eq!(verdict, Verdict::NoSignal);
        return;
    };
    if verdict == Verdict::LevelOff {
        let level = numbers(said)[0];
        assert!(!(0.8..=1.25).contains(&level), "{said}");
    }
    if verdict == Verdict::MostlyLeakage {
        let found = numbers(&said.replace("rev_3m", ""));
        assert!(found.contains(&98.0), "{said}");
        match evidence.leakage.and_then(Leakage::won_by) {
            Some(_) => {
                let (copied, model) = (found[found.len() - 2], found[found.len() - 1]);
                assert!(
                    if said.contains("R²") {
                        copied >= model
                    } else {
                        copied <= model
                    },
                    "{said}"
                );
            }
            None => assert!(found[1] >= 90.0, "{said}"),
        }
        return;
    }
    let percent = if evidence.tested == Tested::LogLossSkill {
        100.0
    } else {
        1.0
    };
    if !said.contains("the difference is") {
        // The model alone against chance.
        let found = numbers(said);
        let (low, high) = (found[found.len() - 2], found[found.len() - 1]);
        assert!(low <= high, "{said}");
        match verdict {
            Verdict::NoSignal => {
                assert!(
                    low <= 0.0 || said.ends_with("too little to act on."),
                    "{said}"
                );
                assert!(low <= 0.0 || signal.estimate < 1e-3, "{said}");
            }
            Verdict::TooSmallToTell => {
                assert!(
                    low <= 0.0 && high >= 0.0 || said.contains("customers tell"),
                    "{said}"
                );
            }
            Verdict::Useful | Verdict::LevelOff => {
                assert!(evidence.contest.is_none() && low > 0.0, "{said}");
            }
            verdict => panic!("{verdict:?} without its rival: {said}"),
        }
        assert!((low / percent - signal.low).abs() < 6e-4, "{said}");
        return;
    }
    check_contest(verdict, evidence, said);
}

/// The same of a sentence that quotes the rival.
fn check_contest(verdict: Verdict, evidence: &Evidence<'_>, said: &str) {
    let percent = match evidence.tested {
        Tested::LogLossSkill => 100.0,
        Tested::GiniNormalised => 1.0,
    };
    let signal = evidence.signal.expect("a figure");
    let shown = quoted(said, evidence.tested);
    let contest = evidence.contest.as_ref().expect("a rival");
    // Rounded to at least three decimals: the quoted figures are the tested ones …
    for (shown, is) in [
        (shown.model, signal.estimate),
        (shown.rival, contest.score.estimate),
        (shown.difference, contest.difference.estimate),
        (shown.low, contest.difference.low),
        (shown.high, contest.difference.high),
    ] {
        assert!(
            (shown / percent - is).abs() < 6e-4,
            "{shown} for {is}: {said}"
        );
    }
    // … and they say what the verdict says.
    assert!(
        shown.low <= shown.difference && shown.difference <= shown.high,
        "{said}"
    );
    assert!(
        (shown.model - shown.rival - shown.difference).abs() < 2e-3 * percent,
        "{said}"
    );
    match verdict {
        Verdict::Useful | Verdict::LevelOff => {
            assert!(shown.low > 0.0 && shown.model > shown.rival, "{said}");
            assert!(shown.difference / percent >= 1e-3, "{said}");
        }
        Verdict::WorseThanRival => {
            assert!(shown.high < 0.0 && shown.model <= shown.rival, "{said}");
        }
        Verdict::NoBetterThanRival if said.ends_with("too little to act on.") => {
            assert!(shown.difference.abs() / percent <= 1e-3, "{said}");
            assert!(shown.low > 0.0 || shown.high < 0.0, "{said}");
        }
        Verdict::NoBetterThanRival | Verdict::TooSmallToTell => {
            assert!(shown.low <= 0.0 && shown.high >= 0.0, "{said}");
        }
        verdict => panic!("{verdict:?}: {said}"),
    }
}

/// The same for verdicts reached from customers: random shops with signal, with noise, with few
/// buyers, with a level that is off.
#[test]
fn verdicts_of_random_shops_agree_with_their_figures() {
    use crate::{
        bootstrap::Resampling,
        report::{Judged, Kind, ReportSpec, evaluate},
    };
    use base::monitor::Monitor;
    let mut draws = Draws::new(3, 3);
    for case in 0..300 {
        let n = 20 + draws.below(300);
        let (clear, naive, share) = (draws.uniform(), draws.uniform(), draws.uniform());
        let (mut actual, mut predicted, mut past) = (Vec::new(), Vec::new(), Vec::new());
        let kind = if case % 2 == 0 {
            Kind::Value
        } else {
            Kind::Class
        };
        let factor = 3.0 * draws.uniform();
        for _ in 0..n {
            let strength = draws.uniform();
            let buys = draws.uniform() < share * strength;
            let mut mixed = |part: f64| part * strength + (1.0 - part) * draws.uniform();
            let (own, theirs) = (mixed(clear), mixed(naive));
            actual.push(match kind {
                Kind::Value => f64::from(u8::from(buys)) * (1.0 + 40.0 * strength),
                Kind::Class => f64::from(u8::from(buys)),
            });
            let scale = if kind == Kind::Value {
                factor * 10.0
            } else {
                share
            };
            predicted.push(own * scale);
            past.push(theirs * scale);
        }
        let constant = vec![actual.iter().sum::<f64>() / n as f64; n];
        let rivals: [(&str, &[f64]); 2] = [
            ("spend fading by half every 90 days", &past),
            ("spend fading to the same for all", &constant),
        ];
        let judged = Judged {
            rivals: &rivals,
            ..Judged::new(&actual, &predicted)
        };
        let spec = ReportSpec {
            kind,
            resampling: Resampling {
                replicates: 60,
                ..Resampling::default()
            },
            ..ReportSpec::default()
        };
        let report = evaluate(judged, spec, &Monitor::silent()).expect("a report");
        let evidence = report.evidence();
        check(report.verdict, &evidence, &report.sentence);
        // The figure quoted is the metric shown beside it.
        if let Some(signal) = evidence.signal {
            let shown = match kind {
                Kind::Value => report.metrics.gini_normalised.expect("a ranking"),
                Kind::Class => {
                    let own = report.metrics.log_loss.expect("a loss");
                    let same = report.rivals.iter().find(|one| one.name.ends_with("all"));
                    1.0 - own / same.expect("a reference").metrics.log_loss.expect("a loss")
                }
            };
            assert!((signal.estimate - shown).abs() < 1e-9);
        }
    }
}

/// Σ predicted ÷ Σ actual of the report is the level of the verdict.
#[test]
fn the_level_is_the_sum_of_predictions() {
    let actual = [1.0, 2.0, 3.0, 4.0];
    let predicted = [1.0, 2.0, 3.0, 8.0];
    let scored = Scored::new(&actual, &predicted).unwrap();
    let level = crate::values::bias(scored).expect("something sold");
    assert_eq!(level_words(level), "predicted in sum 1.40 times what came");
    assert_eq!(
        factor(1.2501),
        "1.25010",
        "outside the bounds reads as outside"
    );
    assert_eq!(factor(0.024), "0.0240");
}
