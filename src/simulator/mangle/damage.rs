//! What can be wrong with a shop's files, and what nobody can know from them.

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
