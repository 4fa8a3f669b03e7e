//! Automatic names of clusters from what sets them apart.

use super::features::Feature;

/// Standard deviations from everybody's mean that are worth a word.
const NOTABLE: f64 = 0.5;
/// Words in a name.
const WORDS: usize = 3;

/// Words for a low and a high mean.
fn words(feature: &Feature) -> (String, String) {
    let pair = |low: &str, high: &str| (low.to_owned(), high.to_owned());
    match feature {
        Feature::RecencyDays => pair("recent", "long gone"),
        Feature::Frequency => pair("few orders", "frequent"),
        Feature::Monetary => pair("low spend", "high spend"),
        Feature::Aov => pair("small orders", "large orders"),
        Feature::TenureDays => pair("new", "long-standing"),
        Feature::Column(name) => {
            let name = name.replace('_', " ").to_lowercase();
            (format!("low {name}"), format!("high {name}"))
        }
    }
}

/// Names of the clusters with these means (in standard deviations per feature): the most notable
/// features in words, "Average" where none is. Equal names are numbered.
#[must_use]
pub fn names(features: &[Feature], means: &[Vec<f64>]) -> Vec<String> {
    let mut names: Vec<String> = means.iter().map(|means| name(features, means)).collect();
    for at in 0..names.len() {
        let same = names[..at]
            .iter()
            .filter(|known| **known == names[at])
            .count();
        let later = names[at + 1..].contains(&names[at]);
        if same == 0 && later {
            // The first of several keeps its words; the others are told apart below.
            let first = names[at].clone();
            let mut number = 1;
            for other in &mut names[at + 1..] {
                if *other == first {
                    number += 1;
                    *other = format!("{first} ({number})");
                }
            }
        }
    }
    names
}

fn name(features: &[Feature], means: &[f64]) -> String {
    let mut notable: Vec<(f64, String)> = features
        .iter()
        .zip(means)
        .filter(|(_, z)| z.abs() >= NOTABLE)
        .map(|(feature, &z)| {
            let (low, high) = words(feature);
            (z.abs(), if z < 0.0 { low } else { high })
        })
        .collect();
    notable.sort_by(|a, b| b.0.total_cmp(&a.0));
    let chosen: Vec<String> = notable
        .into_iter()
        .take(WORDS)
        .map(|(_, word)| word)
        .collect();
    if chosen.is_empty() {
        return "Average".to_owned();
    }
    let text = chosen.join(", ");
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_notable_features_make_the_name() {
        let features = [Feature::RecencyDays, Feature::Frequency, Feature::Monetary];
        let means = vec![
            vec![-0.8, 1.4, 1.2],
            vec![0.9, -0.6, 0.1],
            vec![0.1, 0.2, -0.3],
            vec![0.0, 0.0, 0.0],
        ];
        assert_eq!(
            names(&features, &means),
            [
                "Frequent, high spend, recent",
                "Long gone, few orders",
                "Average",
                "Average (2)"
            ]
        );
        let column = [Feature::Column("Lifetime_Value".to_owned())];
        assert_eq!(names(&column, &[vec![-2.0]]), ["Low lifetime value"]);
    }
}
