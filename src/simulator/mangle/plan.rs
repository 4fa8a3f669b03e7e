//! What a shop is like and what will be done to its files.

use super::damage::{Damage, Need};
use crate::random::Rng;

/// How customers are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ids {
    Number,
    /// `00042`
    Padded,
    /// `KX-00042`
    Code,
    /// `a3f9…`
    Hex,
    Mail,
}

/// Which money stands on a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Money {
    Amount,
    PriceTimesQuantity,
    /// Price, quantity, and their product.
    Both,
}

/// Where the money of an order of several lines stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Total {
    EachLine,
    Repeated,
    FirstLine,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refunds {
    Never,
    Rows,
    Column,
    Table,
    Status,
}

/// Which tables there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tables {
    One,
    OrdersItems,
    Payments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parts {
    Whole,
    Halves,
    Monthly,
    Overlapping,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dates {
    Iso,
    IsoTime,
    Offset,
    DayFirst,
    MonthFirst,
    Names,
    Serial,
    Compact,
    Epoch,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf8Mark,
    Windows1252,
    Windows1250,
    Utf16,
    CodePage850,
    ShiftJis,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Plain,
    Gzip,
    Zip,
    Workbook,
}

/// How numbers are spelled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers {
    pub comma: bool,
    pub groups: bool,
    /// `$`, ` €`… before or behind.
    pub sign: Option<(&'static str, bool)>,
    /// Negative numbers in parentheses, or with the sign behind.
    pub accounting: bool,
}

/// How dates are spelled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Days {
    pub form: Dates,
    pub separator: char,
    pub short_year: bool,
    pub time: bool,
    /// Milliseconds instead of seconds.
    pub fine: bool,
}

/// What is done around and between the cells.
#[expect(clippy::struct_excessive_bools, reason = "each is drawn by itself")]
#[derive(Clone, Copy, Debug)]
pub(super) struct Text {
    pub separator: char,
    pub quoted: bool,
    pub windows_lines: bool,
    pub titles: bool,
    pub comments: bool,
    pub sep_line: bool,
    pub totals: bool,
    pub repeated_header: bool,
    pub blank_tail: bool,
    pub trailing: bool,
}

/// What is done to ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IdDamage {
    None,
    LostZeros,
    MixedCase,
    Blanks,
    PointZero,
    Rounded,
}

/// The language headers are in, and how they are chosen among its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Words {
    English,
    Synonyms,
    Short,
    German,
    French,
    Spanish,
    Portuguese,
    Dutch,
    Italian,
}

impl Words {
    fn without_accents(self) -> Self {
        match self {
            Self::English | Self::Synonyms | Self::Short => self,
            _ => Self::English,
        }
    }
}

#[expect(clippy::struct_excessive_bools, reason = "each is drawn by itself")]
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub customers: usize,
    pub ids: Ids,
    pub order_ids: bool,
    pub lines: bool,
    pub money: Money,
    pub total: Total,
    pub refunds: Refunds,
    pub statuses: bool,
    pub currency: bool,
    pub mail: bool,
    pub tables: Tables,
    pub customers_table: bool,
    pub products_table: bool,
    pub parts: Parts,
    pub dates: Days,
    pub numbers: Numbers,
    pub text: Text,
    pub id_damage: IdDamage,
    pub words: Words,
    pub shuffled: bool,
    pub noise: usize,
    pub encoding: Encoding,
    pub container: Container,
    pub ambiguous_dates: bool,
    pub ambiguous_amounts: bool,
    pub mixed_currencies: bool,
    pub gone: Option<Damage>,
}

impl Plan {
    /// Takes back what does not go together: some things cannot be written, others could be read in two
    /// ways that nobody meant to make.
    pub(super) fn agree(&mut self, rng: &mut Rng) {
        self.agree_on_undecidable();
        if self.tables != Tables::One {
            self.order_ids = true;
            self.total = Total::EachLine;
            self.parts = Parts::Whole;
        }
        if self.tables == Tables::OrdersItems {
            self.lines = true;
        }
        if self.tables == Tables::Payments {
            self.lines = false;
            self.money = Money::Amount;
            if self.refunds == Refunds::Rows || self.refunds == Refunds::Column {
                self.refunds = Refunds::Table;
            }
        }
        if self.refunds == Refunds::Table {
            self.order_ids = true;
            self.parts = Parts::Whole;
        }
        if self.customers_table {
            self.parts = Parts::Whole;
        }
        self.products_table &= self.tables == Tables::OrdersItems;
        if !self.lines || !self.order_ids {
            self.total = Total::EachLine;
        }
        if self.refunds == Refunds::Status {
            self.statuses = true;
        }
        if self.ids == Ids::Mail {
            self.mail = false;
        }
        self.agree_on_ids(rng);
        self.agree_on_spelling();
        if self.gone.is_some() {
            // Nothing else may say who or when.
            self.tables = Tables::One;
            self.total = Total::EachLine;
            self.parts = Parts::Whole;
            self.id_damage = IdDamage::None;
            self.mail = false;
            self.customers_table = false;
            self.noise = 0;
            self.refunds = if self.refunds == Refunds::Table {
                Refunds::Never
            } else {
                self.refunds
            };
        }
    }

    fn agree_on_undecidable(&mut self) {
        if self.ambiguous_dates {
            self.dates.form = Dates::DayFirst;
            self.dates.separator = '/';
            self.dates.time = false;
            // Other dates of the set would tell.
            self.customers_table = false;
            self.products_table = false;
            self.noise = 0;
            self.container = Container::Plain;
            if matches!(self.id_damage, IdDamage::LostZeros) {
                self.id_damage = IdDamage::None;
            }
        }
        if self.ambiguous_amounts {
            self.money = Money::Amount;
            self.lines = false;
            self.tables = Tables::One;
            self.refunds = Refunds::Never;
            self.noise = 0;
            self.numbers = Numbers {
                comma: true,
                groups: true,
                sign: None,
                accounting: false,
            };
            self.container = Container::Plain;
            // A sum of millions has two points.
            self.text.totals = false;
        }
        if self.mixed_currencies {
            self.currency = true;
        }
    }

    fn agree_on_ids(&mut self, rng: &mut Rng) {
        match self.id_damage {
            // Zeros are lost by one of several files.
            IdDamage::LostZeros => {
                self.ids = Ids::Padded;
                let several = self.parts != Parts::Whole || self.customers_table;
                if !several {
                    if self.tables == Tables::One && self.refunds != Refunds::Table {
                        self.parts = Parts::Halves;
                    } else {
                        self.customers_table = true;
                    }
                }
            }
            IdDamage::MixedCase if self.ids == Ids::Number || self.ids == Ids::Padded => {
                self.ids = Ids::Code;
            }
            IdDamage::PointZero => {
                self.ids = Ids::Number;
            }
            IdDamage::Rounded => {
                self.ids = Ids::Number;
                self.mail = false;
                self.customers = self.customers.max(40);
                self.customers_table = false;
                self.container = if rng.chance(0.5) {
                    Container::Plain
                } else {
                    Container::Gzip
                };
            }
            _ => {}
        }
    }

    fn agree_on_spelling(&mut self) {
        let text = &mut self.text;
        // With decimal commas a comma between cells would need quotation marks everywhere; programs
        // that write them take semicolons or tabs.
        if self.numbers.comma && text.separator == ',' {
            text.separator = ';';
        }
        if self.container == Container::Workbook {
            text.sep_line = false;
            text.trailing = false;
            text.comments = false;
            self.encoding = Encoding::Utf8;
        }
        if text.sep_line {
            text.titles = false;
            text.comments = false;
        }
        // Bytes of the double-byte encodings may look like separators.
        if self.encoding == Encoding::ShiftJis && text.separator == '|' {
            text.separator = if self.numbers.comma { ';' } else { ',' };
        }
        // Letters that an encoding lacks.
        match self.encoding {
            Encoding::ShiftJis => self.words = self.words.without_accents(),
            Encoding::Windows1250 if self.words != Words::German => {
                self.words = self.words.without_accents();
            }
            _ => {}
        }
        // What the column of currencies says holds for the signs.
        if self.mixed_currencies {
            self.numbers.sign = None;
        } else if self.currency && self.numbers.sign.is_some() {
            self.numbers.sign = Some((" EUR", false));
        }
        let few_signs = matches!(self.encoding, Encoding::ShiftJis | Encoding::CodePage850);
        if few_signs && !self.currency && self.numbers.sign.is_some() {
            self.numbers.sign = Some(("$", true));
        }
    }

    /// Whether dates are spelled so that day and month could change places, and no dates but those of
    /// the orders could tell.
    pub(super) fn day_month_matters(&self) -> bool {
        matches!(self.dates.form, Dates::DayFirst | Dates::MonthFirst)
            && self.container != Container::Workbook
            && self.gone != Some(Damage::DateGone)
            && !self.customers_table
            && !self.products_table
            && self.noise == 0
    }

    pub(super) fn needs(&self) -> Vec<Need> {
        let mut needs = Vec::new();
        if self.ambiguous_amounts {
            needs.push(Need::DecimalSign);
        }
        if self.mixed_currencies {
            needs.push(Need::Currencies);
        }
        if self.id_damage == IdDamage::Rounded {
            needs.push(Need::RoundedIds);
        }
        if self.gone.is_some() {
            needs.push(Need::Refusal);
        }
        needs
    }

    /// Everything that makes the files difficult.
    pub(super) fn damages(&self) -> Vec<Damage> {
        let mut damages: Vec<Damage> = self.gone.into_iter().collect();
        let workbook = self.container == Container::Workbook;
        for (damage, done) in self.of_text().into_iter().chain(self.of_shop()) {
            if done {
                damages.push(damage);
            }
        }
        damages.extend(match self.dates.form {
            _ if workbook => None,
            Dates::Iso | Dates::IsoTime => None,
            Dates::Offset => Some(Damage::Offsets),
            Dates::DayFirst => Some(Damage::DayFirst),
            Dates::MonthFirst => Some(Damage::MonthFirst),
            Dates::Names => Some(Damage::MonthNames),
            Dates::Serial => Some(Damage::SerialDates),
            Dates::Compact => Some(Damage::CompactDates),
            Dates::Epoch => Some(Damage::Epoch),
        });
        damages.extend(match self.encoding {
            Encoding::Utf8 | Encoding::Utf8Mark => None,
            Encoding::Windows1252 => Some(Damage::Windows1252),
            Encoding::Windows1250 => Some(Damage::Windows1250),
            Encoding::Utf16 => Some(Damage::Utf16),
            Encoding::CodePage850 => Some(Damage::CodePage850),
            Encoding::ShiftJis => Some(Damage::ShiftJis),
        });
        damages.extend(match self.container {
            Container::Plain => None,
            Container::Gzip => Some(Damage::Gzip),
            Container::Zip => Some(Damage::Zip),
            Container::Workbook => Some(Damage::Workbook),
        });
        damages.extend(match self.refunds {
            Refunds::Never => None,
            Refunds::Rows => Some(Damage::RefundRows),
            Refunds::Column => Some(Damage::RefundColumn),
            Refunds::Table => Some(Damage::RefundTable),
            Refunds::Status => Some(Damage::RefundStatus),
        });
        damages
    }

    fn of_text(&self) -> [(Damage, bool); 17] {
        let text = &self.text;
        let workbook = self.container == Container::Workbook;
        let numeric = matches!(self.dates.form, Dates::DayFirst | Dates::MonthFirst);
        [
            (Damage::TitleLines, text.titles),
            (Damage::CommentLines, text.comments),
            (Damage::SepLine, text.sep_line),
            (Damage::TotalsRow, text.totals),
            (Damage::RepeatedHeader, text.repeated_header),
            (Damage::BlankTail, text.blank_tail),
            (Damage::TrailingSeparators, text.trailing),
            (Damage::Semicolons, text.separator == ';' && !workbook),
            (Damage::Tabs, text.separator == '\t' && !workbook),
            (Damage::Pipes, text.separator == '|' && !workbook),
            (Damage::QuotedEverything, text.quoted && !workbook),
            (
                Damage::TwoDigitYears,
                self.dates.short_year && numeric && !workbook,
            ),
            (Damage::DecimalComma, self.numbers.comma && !workbook),
            (Damage::Thousands, self.numbers.groups && !workbook),
            (Damage::CurrencySigns, self.numbers.sign.is_some()),
            (Damage::Accounting, self.numbers.accounting),
            (Damage::AmbiguousAmounts, self.ambiguous_amounts),
        ]
    }

    fn of_shop(&self) -> [(Damage, bool); 22] {
        let id = |damage| self.id_damage == damage;
        [
            (Damage::LostZeros, id(IdDamage::LostZeros)),
            (Damage::MixedCase, id(IdDamage::MixedCase)),
            (Damage::BlanksAroundIds, id(IdDamage::Blanks)),
            (Damage::PointZero, id(IdDamage::PointZero)),
            (Damage::RoundedIds, id(IdDamage::Rounded)),
            (Damage::MonthlyParts, self.parts == Parts::Monthly),
            (Damage::OverlappingParts, self.parts == Parts::Overlapping),
            (Damage::Shuffled, self.shuffled),
            (Damage::Abbreviated, self.words == Words::Short),
            (
                Damage::Renamed,
                !matches!(self.words, Words::English | Words::Short),
            ),
            (Damage::Noise, self.noise > 0),
            (Damage::NoOrderIds, !self.order_ids),
            (
                Damage::PriceTimesQuantity,
                self.money == Money::PriceTimesQuantity,
            ),
            (Damage::Statuses, self.statuses),
            (Damage::TotalRepeated, self.total == Total::Repeated),
            (Damage::TotalOnFirstLine, self.total == Total::FirstLine),
            (Damage::OrdersAndItems, self.tables == Tables::OrdersItems),
            (Damage::PaymentsTable, self.tables == Tables::Payments),
            (Damage::CustomersTable, self.customers_table),
            (Damage::ProductsTable, self.products_table),
            (Damage::AmbiguousDates, self.ambiguous_dates),
            (Damage::MixedCurrencies, self.mixed_currencies),
        ]
    }
}
