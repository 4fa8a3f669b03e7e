//! Draws what a shop is like.

use super::{
    damage::Damage,
    one_of,
    plan::{
        Container, Dates, Days, Encoding, IdDamage, Ids, Money, Numbers, Parts, Plan, Refunds,
        Tables, Text, Total, Words,
    },
};
use crate::random::Rng;

impl Plan {
    pub(super) fn draw(rng: &mut Rng) -> Self {
        let size = libm::exp(libm::log(5.0) + rng.uniform() * libm::log(80.0));
        let words = words(rng);
        let mut plan = Self {
            customers: (size as usize).clamp(5, 400),
            ids: ids(rng),
            order_ids: rng.chance(0.8),
            lines: rng.chance(0.6),
            money: money(rng),
            total: total(rng),
            refunds: refunds(rng),
            statuses: rng.chance(0.45),
            currency: rng.chance(0.25),
            mail: rng.chance(0.3),
            tables: tables(rng),
            customers_table: rng.chance(0.15),
            products_table: rng.chance(0.4),
            parts: parts(rng),
            dates: dates(rng),
            numbers: numbers(rng, words),
            text: text(rng),
            id_damage: id_damage(rng),
            words,
            shuffled: rng.chance(0.35),
            noise: if rng.chance(0.5) { 1 + rng.below(5) } else { 0 },
            encoding: encoding(rng),
            container: container(rng),
            ambiguous_dates: rng.chance(0.03),
            ambiguous_amounts: rng.chance(0.03),
            mixed_currencies: rng.chance(0.02),
            gone: match rng.below(100) {
                0 => Some(Damage::CustomerGone),
                1 => Some(Damage::DateGone),
                _ => None,
            },
        };
        plan.agree(rng);
        plan
    }
}

fn ids(rng: &mut Rng) -> Ids {
    one_of(
        rng,
        &[
            (Ids::Number, 3.0),
            (Ids::Padded, 2.0),
            (Ids::Code, 2.0),
            (Ids::Hex, 1.0),
            (Ids::Mail, 1.0),
        ],
    )
}

fn money(rng: &mut Rng) -> Money {
    one_of(
        rng,
        &[
            (Money::Amount, 5.0),
            (Money::PriceTimesQuantity, 2.5),
            (Money::Both, 2.5),
        ],
    )
}

fn total(rng: &mut Rng) -> Total {
    one_of(
        rng,
        &[
            (Total::EachLine, 7.0),
            (Total::Repeated, 1.5),
            (Total::FirstLine, 1.5),
        ],
    )
}

fn refunds(rng: &mut Rng) -> Refunds {
    one_of(
        rng,
        &[
            (Refunds::Never, 5.0),
            (Refunds::Rows, 1.5),
            (Refunds::Column, 1.2),
            (Refunds::Table, 1.2),
            (Refunds::Status, 1.2),
        ],
    )
}

fn tables(rng: &mut Rng) -> Tables {
    one_of(
        rng,
        &[
            (Tables::One, 7.0),
            (Tables::OrdersItems, 2.2),
            (Tables::Payments, 0.8),
        ],
    )
}

fn parts(rng: &mut Rng) -> Parts {
    one_of(
        rng,
        &[
            (Parts::Whole, 7.5),
            (Parts::Halves, 0.8),
            (Parts::Monthly, 0.8),
            (Parts::Overlapping, 0.9),
        ],
    )
}

fn id_damage(rng: &mut Rng) -> IdDamage {
    one_of(
        rng,
        &[
            (IdDamage::None, 6.5),
            (IdDamage::LostZeros, 1.0),
            (IdDamage::MixedCase, 0.8),
            (IdDamage::Blanks, 0.8),
            (IdDamage::PointZero, 0.7),
            (IdDamage::Rounded, 0.2),
        ],
    )
}

fn encoding(rng: &mut Rng) -> Encoding {
    one_of(
        rng,
        &[
            (Encoding::Utf8, 6.0),
            (Encoding::Utf8Mark, 1.0),
            (Encoding::Windows1252, 0.8),
            (Encoding::Windows1250, 0.5),
            (Encoding::Utf16, 0.6),
            (Encoding::CodePage850, 0.4),
            (Encoding::ShiftJis, 0.4),
        ],
    )
}

fn container(rng: &mut Rng) -> Container {
    one_of(
        rng,
        &[
            (Container::Plain, 7.5),
            (Container::Gzip, 0.7),
            (Container::Zip, 0.7),
            (Container::Workbook, 1.1),
        ],
    )
}

fn words(rng: &mut Rng) -> Words {
    one_of(
        rng,
        &[
            (Words::English, 4.5),
            (Words::Synonyms, 1.5),
            (Words::Short, 0.6),
            (Words::German, 1.0),
            (Words::French, 0.6),
            (Words::Spanish, 0.6),
            (Words::Portuguese, 0.5),
            (Words::Dutch, 0.4),
            (Words::Italian, 0.4),
        ],
    )
}

fn dates(rng: &mut Rng) -> Days {
    Days {
        form: one_of(
            rng,
            &[
                (Dates::Iso, 3.0),
                (Dates::IsoTime, 1.5),
                (Dates::Offset, 0.5),
                (Dates::DayFirst, 2.0),
                (Dates::MonthFirst, 1.2),
                (Dates::Names, 0.6),
                (Dates::Serial, 0.5),
                (Dates::Compact, 0.5),
                (Dates::Epoch, 0.4),
            ],
        ),
        separator: ['/', '.', '-'][rng.pick([0.5, 0.35, 0.15].into_iter())],
        short_year: rng.chance(0.25),
        time: rng.chance(0.3),
        fine: rng.chance(0.5),
    }
}

fn numbers(rng: &mut Rng, words: Words) -> Numbers {
    let english = matches!(words, Words::English | Words::Synonyms | Words::Short);
    let comma = rng.chance(if english { 0.1 } else { 0.6 });
    let signs = [
        ("$", true),
        ("£", true),
        (" €", false),
        ("€", true),
        (" EUR", false),
    ];
    Numbers {
        comma,
        groups: rng.chance(0.25),
        sign: rng.chance(0.12).then(|| signs[rng.below(signs.len())]),
        accounting: rng.chance(0.08),
    }
}

fn text(rng: &mut Rng) -> Text {
    Text {
        separator: one_of(rng, &[(',', 6.0), (';', 2.0), ('\t', 1.0), ('|', 0.5)]),
        quoted: rng.chance(0.15),
        windows_lines: rng.chance(0.4),
        titles: rng.chance(0.1),
        comments: rng.chance(0.05),
        sep_line: rng.chance(0.05),
        totals: rng.chance(0.1),
        repeated_header: rng.chance(0.06),
        blank_tail: rng.chance(0.08),
        trailing: rng.chance(0.06),
    }
}
