//! The mangler: small random shops, damaged the way people and programs damage what they export, each
//! with what is true of it.
//!
//! A shop is drawn ([`plan`], [`shop`]), written as a plain table or a set of tables ([`write`]),
//! damaged as tables ([`columns`], [`ids`], [`parts`]), spelled ([`spell`]), damaged as text
//! ([`lines`]), and packed ([`pack`]). Everything is decided by the seed.

mod columns;
mod draw;
mod ids;
mod lines;
mod pack;
mod parts;
mod plan;
mod shop;
mod spell;
mod table;
#[cfg(test)]
mod tests;
mod words;
mod write;

use super::random::{Purpose, Rng};
use crate::data::day::Day;
use plan::Plan;
use shop::Shop;
use table::Table;

/// A damaged shop.
pub struct Mangled {
    pub files: Vec<MangledFile>,
    pub truth: Figures,
    /// What was done, and what the shop is like where that is a difficulty by itself.
    pub damages: Vec<Damage>,
    /// What nobody can know from the files: a question or a warning is needed.
    pub needs: Vec<Need>,
}

/// A file to write, by its name.
pub struct MangledFile {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What an expert who knows the shop must find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    pub customers: u64,
    pub orders: u64,
    pub net_cents: i64,
    /// Of the customer with the highest net revenue: whether money is with who paid it.
    pub best_cents: i64,
    pub first: Day,
    pub last: Day,
}

/// Something that the files do not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Every date fits both orders of day and month.
    DayMonth,
    /// Every amount is like `1.250`.
    DecimalSign,
    /// Amounts in several currencies.
    Currencies,
    /// Ids in scientific notation: customers are merged.
    RoundedIds,
    /// No column says who bought, or none says when: only a refusal is right.
    Refusal,
}

/// A way in which a shop's files are difficult.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Damage {
    // Around the table.
    TitleLines,
    CommentLines,
    SepLine,
    TotalsRow,
    RepeatedHeader,
    BlankTail,
    TrailingSeparators,
    // Between its cells.
    Semicolons,
    Tabs,
    Pipes,
    QuotedEverything,
    // Dates.
    MonthFirst,
    DayFirst,
    TwoDigitYears,
    MonthNames,
    SerialDates,
    CompactDates,
    Epoch,
    Offsets,
    // Numbers.
    DecimalComma,
    Thousands,
    CurrencySigns,
    Accounting,
    // Encodings.
    Windows1252,
    Windows1250,
    Utf16,
    CodePage850,
    ShiftJis,
    // Ids.
    LostZeros,
    MixedCase,
    BlanksAroundIds,
    PointZero,
    // Parts.
    MonthlyParts,
    OverlappingParts,
    // Columns.
    Shuffled,
    Renamed,
    Abbreviated,
    Noise,
    // What the shop is like.
    NoOrderIds,
    PriceTimesQuantity,
    Statuses,
    RefundRows,
    RefundColumn,
    RefundTable,
    RefundStatus,
    TotalRepeated,
    TotalOnFirstLine,
    OrdersAndItems,
    CustomersTable,
    ProductsTable,
    PaymentsTable,
    // Containers.
    Gzip,
    Zip,
    Workbook,
    // What cannot be known.
    AmbiguousDates,
    AmbiguousAmounts,
    MixedCurrencies,
    RoundedIds,
    CustomerGone,
    DateGone,
}

/// The shop of this seed, with its damages.
#[must_use]
pub fn mangle(seed: u64) -> Mangled {
    let mut draft = Draft::of(seed);
    let (plan, shop) = (&draft.plan, &draft.shop);
    let mut damages = plan.damages();
    damages.sort_unstable();
    damages.dedup();
    let mut needs = plan.needs();
    if plan.day_month_matters() && shop.fits_both_orders() {
        needs.push(Need::DayMonth);
    }
    Mangled {
        truth: shop.truth(plan),
        files: pack::pack(&draft.tables, plan, &mut draft.rng),
        damages,
        needs,
    }
}

/// A shop whose tables are damaged and not yet spelled.
struct Draft {
    plan: Plan,
    shop: Shop,
    tables: Vec<Table>,
    rng: Rng,
}

impl Draft {
    fn of(seed: u64) -> Self {
        let mut rng = Rng::new(seed, Purpose::Mangle, 0);
        let plan = Plan::draw(&mut rng);
        let shop = Shop::draw(&plan, &mut rng);
        let mut tables = write::tables(&plan, &shop, &mut rng);
        columns::damage(&mut tables, &plan, &mut rng);
        ids::damage(&mut tables, &plan, &mut rng);
        Self {
            tables: parts::split(tables, &plan),
            plan,
            shop,
            rng,
        }
    }
}

/// One of the choices, drawn by its weight.
fn one_of<T: Copy>(rng: &mut Rng, choices: &[(T, f64)]) -> T {
    choices[rng.pick(choices.iter().map(|(_, weight)| *weight))].0
}
