//! Numbers of real exports.

use super::*;

fn number(text: &str, decimal: Decimal) -> f64 {
    read(text, decimal, &mut Evidence::default())
}

#[test]
fn spellings_with_a_point() {
    for (text, expected) in [
        ("11.77", 11.77),
        ("-0.5", -0.5),
        ("0.1", 0.1),
        ("1234", 1234.0),
        ("1,234.50", 1234.5),
        ("$1,234", 1234.0),
        ("-$5.25", -5.25),
        ("$-5.25", -5.25),
        ("(12.50)", -12.5),
        ("12.50-", -12.5),
        ("5 EUR", 5.0),
        ("USD 5", 5.0),
        ("R$ 7.10", 7.1),
        ("Rs. 7.10", 7.1),
        ("£1 234.5", 1234.5),
        ("1'234.50", 1234.5),
        ("+3", 3.0),
        ("1,23,456.78", 123_456.78),
        ("₹12,34,567", 1_234_567.0),
        ("(12.00)", -12.0),
        ("($1,234.00)", -1234.0),
        ("12.00-", -12.0),
        ("CHF 12.–", 12.0),
        ("12.-", 12.0),
        ("$.50", 0.5),
        ("Rs.500", 500.0),
        ("０１２．５０", 12.5),
        ("￥1,200", 1200.0),
        ("1 234 567.5", 1_234_567.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("188.0", 188.0),
        ("9007199254740993.5", 9_007_199_254_740_993.5),
        ("16.989999771118164", 16.989999771118164),
        ("-0.10000000000000000555", -0.1),
    ] {
        assert_eq!(number(text, Decimal::Point), expected, "{text}");
    }
}

#[test]
fn spellings_with_a_comma() {
    for (text, expected) in [
        ("11,77", 11.77),
        ("1.234,50 €", 1234.5),
        ("1.234", 1234.0),
        ("12", 12.0),
        ("-3,5", -3.5),
        ("kr 1 234,50", 1234.5),
        ("1\u{202f}234,50 €", 1234.5),
        ("12,50 zł", 12.5),
        ("12,50 руб.", 12.5),
        ("12,– €", 12.0),
        ("CHF 1’234,50", 1234.5),
        ("1.23.456,78", 123_456.78),
        ("1,5E+03", 1500.0),
        ("1 234,5", 1234.5),
    ] {
        assert_eq!(number(text, Decimal::Comma), expected, "{text}");
    }
}

#[test]
fn no_numbers() {
    for text in [
        "",
        "abc",
        "12,3,4",
        "12%",
        "12 %",
        "10 20",
        "1 2345",
        "12'34",
        "1,23,45.6",
        "12:30",
        "1.2.3",
        "--",
        "12 apples",
        "NaN",
        "inf",
        "1e999",
        "-",
        ".",
    ] {
        assert!(number(text, Decimal::Point).is_nan(), "{text}");
    }
    assert!(number("12,50", Decimal::Point).is_nan());
    assert!(number("12.50", Decimal::Comma).is_nan());
    assert!(
        number("0.435", Decimal::Comma).is_nan(),
        "no group of thousands"
    );
}

#[test]
fn long_numbers_say_the_same_in_both_ways() {
    for text in [
        "16.989999771118164",
        "-75.199999999999999",
        "1234567890123456.7",
        "123456789012345.678",
        "1234567890123456.789",
        "0.0000000000000001",
    ] {
        let (mut quick, mut careful) = (Evidence::default(), Evidence::default());
        let number = read(text, Decimal::Point, &mut quick);
        let expected = spelled(text, Decimal::Point, &mut careful);
        assert_eq!(number.to_bits(), expected.to_bits(), "{text}");
        assert_eq!(quick, careful, "{text}");
    }
}

#[test]
fn evidence_counts_what_only_one_sign_explains() {
    let mut evidence = Evidence::default();
    for text in ["1.234", "1,234", "12", "12,5", "12,75", "3.5"] {
        let _ = read(text, Decimal::Point, &mut evidence);
    }
    assert_eq!(
        evidence,
        Evidence {
            point: 1,
            comma: 2,
            open: 2,
            open_comma: 1,
            ..Evidence::default()
        }
    );
    assert_eq!(evidence.decimal(), Decimal::Comma);
}

#[test]
fn columns_that_can_be_read_in_two_ways() {
    let evidence = |texts: &[&str]| {
        let mut evidence = Evidence::default();
        for text in texts {
            let _ = read(text, Decimal::Point, &mut evidence);
        }
        evidence
    };
    for texts in [
        &["1.250", "980", "2.400"][..],
        &["1,250"],
        &["€ 1.250"],
        &["-1.250", "12"],
    ] {
        assert!(evidence(texts).is_ambiguous(), "{texts:?}");
    }
    for texts in [
        &["980", "12"][..],
        &["1.250", "99,90"],
        &["1,250", "99.90"],
        &["1.250.000", "1.250"],
        &["0.435", "1.250"],
        &["1234.567"],
        &["1 250"],
    ] {
        assert!(!evidence(texts).is_ambiguous(), "{texts:?}");
    }
    let mut both = evidence(&["1.250", "980"]);
    both.add(evidence(&["1.310,50", "99,90"]));
    assert!(!both.is_ambiguous());
    assert_eq!(both.decimal(), Decimal::Comma);
}

proptest::proptest! {
    #[test]
    fn any_text_is_a_finite_number_or_none(text in "[0-9.,' ()+eE$€%-]{0,16}") {
        for decimal in [Decimal::Point, Decimal::Comma] {
            let number = number(&text, decimal);
            assert!(number.is_nan() || number.is_finite());
        }
    }

    #[test]
    fn amounts_written_in_any_way_are_read_back(cents in 0_u64..10_000_000_000, negative: bool) {
        let (whole, rest) = (cents / 100, cents % 100);
        let grouped = |mark: &str| {
            let digits = whole.to_string();
            let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().map(|part| std::str::from_utf8(part).unwrap()).collect();
            groups.join(mark)
        };
        let sign = if negative { "-" } else { "" };
        let expected = (cents as f64 / 100.0) * if negative { -1.0 } else { 1.0 };
        for (text, decimal) in [
            (format!("{sign}{whole}.{rest:02}"), Decimal::Point),
            (format!("{sign}${}.{rest:02}", grouped(",")), Decimal::Point),
            (format!("{sign}{}.{rest:02}", grouped("'")), Decimal::Point),
            (format!("{sign}{},{rest:02} €", grouped(".")), Decimal::Comma),
            (format!("{sign}{},{rest:02} kr", grouped("\u{a0}")), Decimal::Comma),
            (format!("{},{rest:02}{sign}", grouped(".")), Decimal::Comma),
        ] {
            assert_eq!(number(&text, decimal), expected, "{text}");
        }
    }
}

#[test]
fn credits_debits_shares_and_guards() {
    for (text, expected) in [
        ("10.00 CR", -10.0),
        ("1,250.50 Cr", -1250.5),
        ("10.00CR", -10.0),
        ("10.00 DR", 10.0),
        ("$10.00 dr", 10.0),
        ("=\"12.50\"", 12.5),
        ("'12.50", 12.5),
    ] {
        let read = read(text, Decimal::Point, &mut Evidence::default());
        assert!((read - expected).abs() < 1e-12, "{text}: {read}");
    }
    assert!((read_or_share("12.5 %", Decimal::Point) - 0.125).abs() < 1e-12);
    assert!(read_or_share("many %", Decimal::Point).is_nan());
    assert!(read("CR", Decimal::Point, &mut Evidence::default()).is_nan());
}
