//! What a file must keep to before its settings are taken over.

use analysis::clusters::Centres;
use analysis::cut_points::Measure;
use analysis::rfm::TieRule;
use analysis::rules::{Condition, MAX_RULES, Rule};

/// A value that types cannot rule out and no analysis can work with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}. {advice}")]
pub struct InvalidProject {
    pub problem: String,
    pub advice: String,
}

/// Checks clusters that are kept in a project or a rule file.
pub(super) fn check_clusters(kept: Option<&Centres>) -> Result<(), InvalidProject> {
    match kept.and_then(Centres::fault) {
        None => Ok(()),
        Some(problem) => Err(InvalidProject {
            problem,
            advice: "Find the clusters again and keep them.".to_owned(),
        }),
    }
}

/// As [`SegmentSpec::check`].
pub(super) fn check(ties: TieRule, rules: &[Rule]) -> Result<(), InvalidProject> {
    if rules.len() > MAX_RULES {
        return Err(InvalidProject {
            problem: format!("There are {} segment rules", rules.len()),
            advice: format!("Keep at most {MAX_RULES}."),
        });
    }
    if let Some(rule) = rules.iter().find(|rule| !is_finite(&rule.when)) {
        return Err(InvalidProject {
            problem: format!(
                "A threshold of the segment rule “{}” is not a number",
                rule.name
            ),
            advice: "Give it a number.".to_owned(),
        });
    }
    if let TieRule::Fixed(cuts) = ties
        && let Some((measure, cut)) = cuts.fault()
    {
        let (name, order) = match measure {
            Measure::Recency => ("recency_days", "from many days to few"),
            Measure::Frequency => ("frequency", "from few orders to many"),
            Measure::Monetary => ("monetary", "from little revenue to much"),
        };
        return Err(InvalidProject {
            problem: format!("Cut point {} of {name} is out of order", cut + 1),
            advice: format!("Give four numbers {order}."),
        });
    }
    Ok(())
}

fn is_finite(condition: &Condition) -> bool {
    let mut finite = true;
    condition.visit(&mut |part| {
        if let Condition::Test(_, _, threshold) = part {
            finite &= threshold.is_finite();
        }
    });
    finite
}
