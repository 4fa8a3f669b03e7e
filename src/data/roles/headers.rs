//! The headers of one table, read together.

use super::{
    facts::Sample,
    vocabulary::{self, Spoken},
};

/// The words of all headers, and what they speak of.
pub(super) struct TableHeaders {
    pub words: Vec<Vec<String>>,
    pub spoken: Vec<Spoken>,
    /// Whether no header says anything: the file has none, or made-up ones.
    pub silent: bool,
}

impl TableHeaders {
    pub fn of(samples: &[Sample]) -> Self {
        let words: Vec<Vec<String>> = samples
            .iter()
            .map(|sample| vocabulary::words(&sample.name))
            .collect();
        // `order_item_id, order_item_quantity…`: what all headers begin with names the table, not them.
        let common = common_prefix(&words);
        let spoken = samples
            .iter()
            .zip(&words)
            .map(|(sample, words)| {
                let whole = vocabulary::spoken(&sample.name);
                if common == 0 || words.len() <= common {
                    return whole;
                }
                vocabulary::spoken(&words[common..].join(" "))
            })
            .collect::<Vec<Spoken>>();
        let silent = spoken.iter().all(|spoken| spoken.concepts.is_empty());
        Self {
            words,
            spoken,
            silent,
        }
    }
}

/// Words that the headers of a table with at least four columns all begin with, when what follows
/// still says something.
fn common_prefix(words: &[Vec<String>]) -> usize {
    let Some(first) = words.first().filter(|_| words.len() >= 4) else {
        return 0;
    };
    let same = |length: usize| {
        words
            .iter()
            .all(|other| other.len() > length && other[..length] == first[..length])
    };
    let common = (1..first.len()).take_while(|&length| same(length)).count();
    // `order_id, order_date`: the prefix of orders is what the columns are of.
    if common < 2 { 0 } else { common }
}
