//! A column that says of each row on which side of the account it stands, beside amounts without signs.

use super::Shop;
use crate::{
    dataset::understanding::{Choice, WarningCode},
    lines::{marks::StatusKind, stage::StagedAttribute},
    roles::vocabulary::{self, concept::Concept},
    values::{sides::Side, text},
};
use base::figures;

/// What the rows of one side say and hold.
#[derive(Default)]
struct OneSide {
    word: String,
    codes: Vec<u32>,
    rows: u64,
    negative: u64,
    sum: f64,
}

impl Shop<'_> {
    /// Money that goes out is no sale. Whether a debit is one depends on whose book it is: that is asked.
    pub(super) fn sides_of_rows(&mut self) {
        let attributes = self.stage.attributes.iter();
        let mut known = attributes.filter_map(|attribute| Some((attribute, sides_of(attribute)?)));
        let Some((attribute, (certain, mut sides))) = known.next() else {
            return;
        };
        for (row, &amount) in self.stage.amounts.iter().enumerate() {
            let code = attribute.codes.get(row);
            if let Some(side) = sides.iter_mut().find(|side| side.codes.contains(&code)) {
                side.rows += 1;
                side.negative += u64::from(amount < 0.0);
                side.sum += if amount.is_nan() { 0.0 } else { amount };
            }
        }
        let name = attribute.name.clone();
        let codes: Vec<u32> = (0..self.stage.rows())
            .map(|row| attribute.codes.get(row))
            .collect();
        // The amounts have signs already.
        if sides.iter().any(|side| side.negative * 2 > side.rows) {
            return;
        }
        let [comes_in, goes_out] = &sides;
        let reading = |sale: &OneSide, back: &OneSide| {
            Choice::new(
                &format!("sale_{}", sale.word),
                &format!("{} was paid, {} was given back", sale.word, back.word),
            )
        };
        let mut choices = vec![reading(comes_in, goes_out), reading(goes_out, comes_in)];
        if goes_out.sum > comes_in.sum && !certain {
            choices.reverse();
        }
        choices.push(Choice::new("all", "all rows are sales"));
        let text = format!(
            "The rows say {} ({}) and {} ({}). Which of them are sales?",
            comes_in.word,
            figures::fixed(comes_in.sum, 2),
            goes_out.word,
            figures::fixed(goes_out.sum, 2)
        );
        let chosen = if certain {
            choices[0].id.clone()
        } else {
            self.ask("sides", name.clone(), text, choices)
        };
        let back = match chosen.strip_prefix("sale_") {
            Some(word) if word == comes_in.word => goes_out,
            Some(_) => comes_in,
            None => return,
        };
        let rows = (self.stage.amounts.iter_mut().zip(&codes))
            .filter(|(_, code)| back.codes.contains(code));
        for (amount, _) in rows {
            *amount = -amount.abs();
        }
        self.warn(
            WarningCode::Refunds,
            back.rows,
            format!(
                "{} on {} rows that say {} in `{name}` was taken off",
                figures::fixed(back.sum, 2),
                back.rows,
                back.word
            ),
        );
    }
}

/// Both sides in the words of a column, and whether these mean the same in every book. `credit` and `debit`
/// are kinds of cards too: the name must say that the column tells what each row is.
fn sides_of(attribute: &StagedAttribute) -> Option<(bool, [OneSide; 2])> {
    let (name, texts) = (&attribute.name, attribute.values.texts());
    let of_side = vocabulary::words(name)
        .iter()
        .any(|word| Side::of(word).is_some());
    let named = of_side || StatusKind::of(name) == StatusKind::Kind;
    if !named || attribute.gave_up || vocabulary::spoken(name).has(Concept::Payment) {
        return None;
    }
    let said: Vec<(u32, Side)> = (0..)
        .zip(texts.iter())
        .filter_map(|(code, text)| Some((code, Side::of(&text::fold(text))?)))
        .collect();
    let paired = |of: Side| said.iter().any(|(_, side)| side.is_opposite(of));
    let (_, first) = said.iter().find(|(_, side)| paired(*side))?;
    let mut sides = [OneSide::default(), OneSide::default()];
    let same = |side: Side| side == *first || side.is_opposite(*first);
    for (code, side) in said.iter().filter(|(_, side)| same(*side)) {
        let one = &mut sides[usize::from(!side.comes_in)];
        one.codes.push(*code);
        if one.word.is_empty() {
            texts.get(*code as usize).clone_into(&mut one.word);
        }
    }
    Some((first.certain, sides))
}
