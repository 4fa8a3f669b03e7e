//! Ready rule lists.

use super::{
    rules::Comparison::{AtLeast, AtMost},
    rules::Condition::{self, All, Always, Any, Test},
    rules::Field::{self, FScore, MScore, RScore},
    rules::{Rule, default_rules},
};

/// A ready rule list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Preset {
    /// VIP, Loyal, Potential Loyalist, At Risk, Dormant, Regulars.
    Six,
    /// The eleven segments of shop platforms, Champions to Lost.
    Eleven,
    /// High, medium and low by revenue alone.
    ValueTiers,
    /// One segment that holds everybody.
    Blank,
}

impl Preset {
    pub const ALL: [Self; 4] = [Self::Six, Self::Eleven, Self::ValueTiers, Self::Blank];

    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Six => "Six segments",
            Self::Eleven => "Eleven segments",
            Self::ValueTiers => "Value tiers",
            Self::Blank => "Blank",
        }
    }

    /// What it is for, in one sentence.
    #[must_use]
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Six => "VIP to Dormant: few enough for one campaign each",
            Self::Eleven => "Champions to Lost, as shop platforms name them",
            Self::ValueTiers => "High, medium, low by revenue: best fifth, next two, the rest",
            Self::Blank => "Everyone in one segment: a start for rules of your own",
        }
    }

    #[must_use]
    pub fn rules(self) -> Vec<Rule> {
        match self {
            Self::Six => default_rules(),
            Self::Eleven => eleven(),
            Self::ValueTiers => vec![
                rule("High", 0, least(MScore, 5.0)),
                rule("Medium", 2, least(MScore, 3.0)),
                rule("Low", 3, Always),
            ],
            Self::Blank => vec![rule("Everyone", 3, Always)],
        }
    }
}

fn rule(name: &str, style: u8, when: Condition) -> Rule {
    Rule {
        name: name.to_owned(),
        when,
        style,
    }
}

fn least(field: Field, score: f64) -> Condition {
    Test(field, AtLeast, score)
}

fn most(field: Field, score: f64) -> Condition {
    Test(field, AtMost, score)
}

/// Recency says when, frequency how often; revenue tells whom one cannot lose. Every combination of
/// scores has its segment, and the last rule is a rule like the others, so nobody is left over:
///
/// | recency | frequency 1 | 2 | 3 | 4 | 5 |
/// | --- | --- | --- | --- | --- | --- |
/// | 5 | New Customers | Potential Loyalist | Potential Loyalist | Champions | Champions |
/// | 4 | Promising | Potential Loyalist | Potential Loyalist | Loyal Customers | Loyal Customers |
/// | 3 | About To Sleep | About To Sleep | Need Attention | Loyal Customers | Loyal Customers |
/// | 2 | Hibernating | Hibernating | At Risk | At Risk / Cannot Lose Them | Cannot Lose Them |
/// | 1 | Lost | Lost | At Risk | At Risk / Cannot Lose Them | Cannot Lose Them |
///
/// Among those who have not come back (recency 1 or 2), frequency 5 cannot be lost, nor can frequency
/// 4 with revenue 5.
fn eleven() -> Vec<Rule> {
    let gone_but_dear = All(vec![
        most(RScore, 2.0),
        Any(vec![
            least(FScore, 5.0),
            All(vec![least(FScore, 4.0), least(MScore, 5.0)]),
        ]),
    ]);
    let both = |r: Condition, f: Condition| All(vec![r, f]);
    vec![
        rule("Champions", 0, both(least(RScore, 5.0), least(FScore, 4.0))),
        rule(
            "Loyal Customers",
            1,
            both(least(RScore, 3.0), least(FScore, 4.0)),
        ),
        rule(
            "Potential Loyalist",
            2,
            both(least(RScore, 4.0), least(FScore, 2.0)),
        ),
        rule("New Customers", 9, least(RScore, 5.0)),
        rule("Promising", 8, least(RScore, 4.0)),
        rule(
            "Need Attention",
            7,
            both(least(RScore, 3.0), least(FScore, 3.0)),
        ),
        rule("About To Sleep", 3, least(RScore, 3.0)),
        rule("Cannot Lose Them", 6, gone_but_dear),
        rule("At Risk", 4, both(most(RScore, 2.0), least(FScore, 3.0))),
        rule("Hibernating", 5, least(RScore, 2.0)),
        rule("Lost", 10, most(RScore, 1.0)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conditions::holds_in_cell;

    fn names_of(rules: &[Rule], r: u8, f: u8, m: u8) -> &str {
        rules
            .iter()
            .find(|rule| holds_in_cell(&rule.when, r, f, m))
            .map_or("nobody", |rule| rule.name.as_str())
    }

    #[test]
    fn every_preset_has_a_segment_for_everyone_and_someone_for_every_segment() {
        for preset in Preset::ALL {
            let rules = preset.rules();
            let mut won: Vec<&str> = (0..125_u8)
                .map(|code| names_of(&rules, code / 25 + 1, code / 5 % 5 + 1, code % 5 + 1))
                .collect();
            won.sort_unstable();
            won.dedup();
            let mut names: Vec<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
            names.sort_unstable();
            assert_eq!(won, names, "{}", preset.title());
        }
    }

    #[test]
    fn the_eleven_segments_stand_where_the_table_says() {
        let rules = eleven();
        assert_eq!(rules.len(), 11);
        let cell = |r, f, m| names_of(&rules, r, f, m);
        let row = |r| [1, 2, 3, 4, 5].map(|f| cell(r, f, 3));
        assert_eq!(
            row(5),
            [
                "New Customers",
                "Potential Loyalist",
                "Potential Loyalist",
                "Champions",
                "Champions"
            ]
        );
        assert_eq!(
            row(3),
            [
                "About To Sleep",
                "About To Sleep",
                "Need Attention",
                "Loyal Customers",
                "Loyal Customers"
            ]
        );
        assert_eq!(
            row(1),
            ["Lost", "Lost", "At Risk", "At Risk", "Cannot Lose Them"]
        );
        assert_eq!(cell(2, 4, 5), "Cannot Lose Them");
        assert_eq!(cell(2, 1, 5), "Hibernating");
        assert_eq!(cell(4, 1, 1), "Promising");
        assert_eq!(cell(4, 5, 1), "Loyal Customers");
    }
}
