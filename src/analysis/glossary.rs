//! What the words of the window, the verbs and the report mean: one meaning per word.
//!
//! The command palette searches it; the report prints it.

/// A word and its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    pub word: &'static str,
    /// Other words people search for.
    pub also: &'static str,
    pub meaning: &'static str,
}

const fn term(word: &'static str, also: &'static str, meaning: &'static str) -> Term {
    Term {
        word,
        also,
        meaning,
    }
}

/// Every term, in alphabetical order.
pub const TERMS: &[Term] = &[
    term(
        "Age of a cohort",
        "period later",
        "How many calendar periods lie between a cohort's first period and the one looked at: orders in March of customers acquired in January have age 2, whatever the days.",
    ),
    term(
        "As-of date",
        "snapshot date S",
        "Everything is computed as if this day had just begun: only orders dated before it exist. Without a choice it is the day after the last order.",
    ),
    term(
        "Audience",
        "list target group",
        "A list of customers to act on, with its rule in words, its size and its value.",
    ),
    term(
        "Average order value",
        "AOV basket",
        "Net revenue divided by the number of orders.",
    ),
    term(
        "BG/NBD",
        "buy till you die BTYD",
        "A model of people who order at a steady pace of their own and, after any order, may leave for good. From the number of orders and the days of the first and last one it estimates how many are to come. Fader, Hardie and Lee 2005.",
    ),
    term(
        "Break-even depth",
        "campaign",
        "How far down a ranking a campaign can go before the next contact costs more than it is expected to bring.",
    ),
    term(
        "Calibration",
        "reliability",
        "Whether predictions mean what they say: among customers given a 30 % chance, about 30 % should come back.",
    ),
    term(
        "Churn",
        "lost attrition",
        "In an order history: no order within the chosen days after a date. In a customer table: a chosen column beyond a chosen threshold.",
    ),
    term(
        "Cohort",
        "vintage acquisition",
        "Customers whose first order fell into the same period, or who share a property of their first order.",
    ),
    term(
        "Control group",
        "holdout test",
        "Customers of a list who are left out of a campaign by lot, so that its effect can be told from what would have happened anyway.",
    ),
    term(
        "Credit line",
        "refund negative",
        "A line with a negative quantity or amount. It lowers revenue on its own date, is never an order and never makes anybody a customer.",
    ),
    term(
        "Decile",
        "tenth",
        "One of ten groups of equal size, ordered by a score or a prediction.",
    ),
    term(
        "Frequency",
        "orders count",
        "Number of distinct kept orders before the as-of date.",
    ),
    term(
        "Gains curve",
        "capture cumulative",
        "Customers ranked best first along the bottom; up the side, the share of the value they hold together. The diagonal is drawing lots.",
    ),
    term(
        "Gamma-Gamma",
        "spend model",
        "A model of what a customer's orders are worth on average, with less trust in the average of few orders. Fader and Hardie 2013.",
    ),
    term(
        "Hold-out",
        "test set validation",
        "Customers locked away before anything is tuned; a model is judged by them alone.",
    ),
    term(
        "Interpurchase time",
        "gap days between orders",
        "The days between two orders of a customer; the median splits all repeat orders into a sooner and a later half.",
    ),
    term(
        "Leakage",
        "target input cheating",
        "When what is to be predicted is already contained in what is known. A total that includes the first three months is partly known after three months.",
    ),
    term(
        "Lifetime value",
        "LTV CLV CLTV",
        "Net revenue of a customer over a stated time. LTV 12m counts the first twelve months from the first order, for customers whose twelve months are over.",
    ),
    term(
        "Lift",
        "times better",
        "How many times more value a group holds than a group of the same size drawn by lot.",
    ),
    term(
        "Migration",
        "movement segments",
        "Which segment customers were in at one date, and which they are in at another.",
    ),
    term(
        "Monetary",
        "spend value",
        "Net revenue of a customer before the as-of date.",
    ),
    term(
        "Net revenue",
        "sales turnover",
        "What the shop kept: sales that were neither cancelled nor returned, less credits.",
    ),
    term(
        "One-time customers",
        "single",
        "Customers with exactly one order before the as-of date.",
    ),
    term(
        "Order",
        "purchase transaction",
        "All lines of one order id; without an id, everything a customer bought on one day.",
    ),
    term(
        "Out-of-time backtest",
        "rolling origin",
        "The same recipe trained at earlier dates and judged by what came after each of them.",
    ),
    term(
        "P(alive)",
        "probability still customer",
        "The chance that a customer has not left for good, given their own rhythm. Told by MBG/NBD or Pareto/NBD, whichever foresaw the shop's own last year better; in both anybody may have left, also after one order.",
    ),
    term(
        "Past-spend baseline",
        "naive benchmark",
        "Ranking customers by what they have spent so far. A model has to beat it to be useful.",
    ),
    term(
        "Predicted value",
        "forecast expected spend",
        "What a customer is expected to spend in the days ahead.",
    ),
    term(
        "Prediction interval",
        "range uncertainty conformal",
        "The range that holds the true value in a stated share of cases. The share reached on customers the model had not seen stands beside it.",
    ),
    term(
        "Project",
        "keepers.ron file save",
        "Every input in one file: which data, how they are read, dates, rules, recipes, seeds and scenes. Opened again it brings back every number.",
    ),
    term(
        "Quality report",
        "dropped rows cleaning",
        "Every rule that left out, changed or noted rows, with their number and examples. Rows read = rows kept + rows left out.",
    ),
    term(
        "Recency",
        "days since",
        "Days from the last order to the as-of date. Fewer is better.",
    ),
    term(
        "Repeat rate",
        "returning share",
        "Share of customers with two or more orders; never above 100 %.",
    ),
    term(
        "Repurchase rate",
        "repeat orders",
        "Repeat orders divided by customers; may exceed 100 %.",
    ),
    term(
        "Retention",
        "came back",
        "Share of a cohort that ordered in a later period.",
    ),
    term(
        "Return rate",
        "cancelled refunded",
        "Share of the lines sold that were cancelled or returned; shown when the data tells.",
    ),
    term(
        "RFM",
        "recency frequency monetary",
        "Three views of a customer: how long ago, how often, how much.",
    ),
    term(
        "Scene",
        "slide presentation",
        "View, selection and settings kept with a caption, to be presented.",
    ),
    term(
        "Score",
        "quintile 1 to 5",
        "One to five, five is best: one plus the fifths of customers that do strictly worse. Equal customers get equal scores unless another rule is chosen.",
    ),
    term(
        "Segment",
        "group VIP loyal at risk",
        "The customers won by a rule. Rules are tried in order and the first that matches wins.",
    ),
    term(
        "Segment stability",
        "robust",
        "Share of customers that would change segment if a cut point moved a little.",
    ),
    term(
        "Selection",
        "filter brush",
        "The customers clicked or dragged over; every view shows them.",
    ),
    term(
        "Silhouette",
        "clusters K-means",
        "How much closer customers are to their own cluster than to the next one, from −1 to 1.",
    ),
    term(
        "Tenure",
        "age of customer",
        "Days from the first order to the as-of date.",
    ),
    term(
        "Two-stage tiers",
        "low medium high",
        "A classifier sends each customer to one of three specialists, who predict the value within their tier.",
    ),
    term(
        "Verdict",
        "useful no signal",
        "What a model is good for, in words, judged by customers it has not seen.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_in_order_explained_and_stand_once() {
        for pair in TERMS.windows(2) {
            let key = |term: &Term| {
                let letters = term.word.chars().filter(|letter| letter.is_alphanumeric());
                letters.collect::<String>().to_lowercase()
            };
            assert!(
                key(&pair[0]) < key(&pair[1]),
                "{} before {}",
                pair[0].word,
                pair[1].word
            );
        }
        for term in TERMS {
            assert!(term.meaning.ends_with(['.', '%']), "{}", term.word);
            assert!(term.meaning.len() > 30, "{}", term.word);
        }
    }
}
