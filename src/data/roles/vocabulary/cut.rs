//! Names cut into words.

use crate::values::text::push_folded;

/// The words of a header: cut at signs, blanks, changes of case and between letters and digits;
/// lower case, without accents.
#[must_use]
pub fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words = Vec::new();
    let mut start = 0;
    for at in 0..=letters.len() {
        let cut = at == letters.len() || at > start && is_cut(&letters, start, at);
        if cut {
            push_word(&letters[start..at], &mut words);
            start = at;
        }
    }
    words
}

/// What tells words apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Lower,
    Upper,
    Digit,
    /// Written without blanks: Chinese and Japanese.
    Ideograph,
    Sign,
}

fn kind(letter: char) -> Kind {
    match letter {
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => {
            Kind::Ideograph
        }
        // Accents written behind their letters belong to them.
        '\u{300}'..='\u{36f}' => Kind::Lower,
        _ if letter.is_uppercase() => Kind::Upper,
        _ if letter.is_alphabetic() => Kind::Lower,
        _ if letter.is_numeric() => Kind::Digit,
        _ => Kind::Sign,
    }
}

/// Whether a word that began at `start` ends before `at`.
fn is_cut(letters: &[char], start: usize, at: usize) -> bool {
    let next = || letters.get(at + 1).copied().map(kind);
    let run = |from: &[char], wanted: fn(Kind) -> bool| {
        from.iter()
            .take_while(|&&letter| wanted(kind(letter)))
            .count()
    };
    let is_letter = |kind: Kind| matches!(kind, Kind::Lower | Kind::Upper);
    match (kind(letters[at - 1]), kind(letters[at])) {
        (Kind::Sign, _) | (_, Kind::Sign) | (Kind::Lower, Kind::Upper) => true,
        // `IDNumber` but not `IDs`.
        (Kind::Upper, Kind::Upper) => {
            let plural = letters.get(at + 1) == Some(&'s')
                && letters
                    .get(at + 2)
                    .is_none_or(|&after| !is_letter(kind(after)));
            next() == Some(Kind::Lower) && !plural
        }
        // `12m` and `1st` are words, `2024orders` is two.
        (Kind::Digit, Kind::Lower | Kind::Upper) => run(&letters[at..], is_letter) > 3,
        // `b2b` is a word, `address2` is two.
        (Kind::Lower | Kind::Upper, Kind::Digit) => at - start >= 3,
        (before, after) => (before == Kind::Ideograph) != (after == Kind::Ideograph),
    }
}

fn push_word(letters: &[char], words: &mut Vec<String>) {
    match letters {
        ['№'] => words.push("no".to_owned()),
        [sign @ ('#' | '%')] => words.push(sign.to_string()),
        // `N°` and `Nº`.
        ['°' | 'º'] => {
            if let Some(word) = words.last_mut().filter(|word| *word == "n") {
                "no".clone_into(word);
            }
        }
        _ => {
            let mut word = String::new();
            for &letter in letters {
                push_folded(letter, &mut word);
            }
            if !word.is_empty() {
                words.push(word);
            }
        }
    }
}
