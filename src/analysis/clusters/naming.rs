//! Automatic names of clusters from what sets them apart.

use super::features::Feature;

/// Standard deviations from everybody's mean that are worth a word.
const NOTABLE: f64 = 0.5;
/// Standard deviations from which the first word is "very".
const STRONG: f64 = 1.5;
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
        Feature::TenureDays => pair("newer", "long-standing"),
        Feature::Column(name) => {
            let name = name.replace('_', " ").to_lowercase();
            (format!("low {name}"), format!("high {name}"))
        }
    }
}

/// Names of the clusters with these means (in standard deviations per feature): the most notable
/// features in words, "Average" where none is. Those that say the same are numbered.
#[must_use]
pub fn names(features: &[Feature], means: &[Vec<f64>]) -> Vec<String> {
    let chosen: Vec<Vec<String>> = means.iter().map(|means| notable(features, means)).collect();
    let sorted = |words: &Vec<String>| {
        let mut words = words.clone();
        words.sort_unstable();
        words
    };
    let said: Vec<Vec<String>> = chosen.iter().map(sorted).collect();
    let name = |(at, words): (usize, &Vec<String>)| {
        let before = said[..at].iter().filter(|known| **known == said[at]);
        match before.count() {
            0 => sentence(words),
            same => format!("{} ({})", sentence(words), same + 1),
        }
    };
    chosen.iter().enumerate().map(name).collect()
}

/// Loadings from which a feature is part of what a direction of the map is called.
const LOADED: f64 = 0.4;

/// What lies at the low and at the high end of a direction, by its loadings: those that are notable, and
/// the largest in any case, the largest first.
#[must_use]
pub fn ends(features: &[Feature], loadings: &[f64]) -> (String, String) {
    let mut loaded: Vec<(&Feature, f64)> = features.iter().zip(loadings.iter().copied()).collect();
    loaded.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let (mut low_end, mut high_end) = (Vec::new(), Vec::new());
    for (at, (feature, loading)) in loaded.into_iter().enumerate().take(WORDS) {
        if at > 0 && loading.abs() < LOADED {
            break;
        }
        let (low, high) = words(feature);
        let (low, high) = if loading < 0.0 {
            (high, low)
        } else {
            (low, high)
        };
        low_end.push(low);
        high_end.push(high);
    }
    (low_end.join(", "), high_end.join(", "))
}

/// What sets a cluster apart, the most notable first.
fn notable(features: &[Feature], means: &[f64]) -> Vec<String> {
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
    // Once is enough: a name has to fit beside its figures.
    if let Some((z, word)) = notable.first_mut()
        && *z >= STRONG
    {
        word.insert_str(0, "very ");
    }
    let words = notable.into_iter().take(WORDS);
    words.map(|(_, word)| word).collect()
}

fn sentence(words: &[String]) -> String {
    let text = words.join(", ");
    let mut letters = text.chars();
    letters.next().map_or_else(
        || "Average".to_owned(),
        |first| first.to_uppercase().collect::<String>() + letters.as_str(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_direction_is_called_by_its_largest_loadings() {
        let features = [Feature::RecencyDays, Feature::Frequency, Feature::Monetary];
        let (low, high) = ends(&features, &[-0.45, 0.7, 0.55]);
        assert_eq!(low, "few orders, low spend, long gone");
        assert_eq!(high, "frequent, high spend, recent");
        let even = [0.3, -0.2, 0.1];
        assert_eq!(
            ends(&features, &even),
            ("recent".to_owned(), "long gone".to_owned())
        );
    }

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
        // The clusters of a shop's best customers differ in how far they go, not in where.
        let best = vec![
            vec![-1.6, 2.0, 1.7],
            vec![-1.0, 0.6, 0.5],
            vec![-0.9, 0.6, 0.7],
        ];
        assert_eq!(
            names(&features, &best),
            [
                "Very frequent, high spend, recent",
                "Recent, frequent, high spend",
                "Recent, high spend, frequent (2)"
            ]
        );
        let column = [Feature::Column("Lifetime_Value".to_owned())];
        assert_eq!(names(&column, &[vec![-2.0]]), ["Very low lifetime value"]);
    }
}
