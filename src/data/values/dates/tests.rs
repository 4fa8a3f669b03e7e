//! Dates of real exports.

use super::*;
use crate::day::iso;

fn read(texts: &[&str], wish: Option<DateOrder>) -> Dates {
    read_in(texts, wish, None)
}

fn read_in(texts: &[&str], wish: Option<DateOrder>, zone: Option<&str>) -> Dates {
    let mut column = DateColumn::new(Zone::named(zone).unwrap(), texts.len());
    for text in texts {
        column.push(text);
    }
    column.finish(wish)
}

fn one(text: &str) -> String {
    match read(&[text], None).days[0] {
        MISSING => "missing".to_owned(),
        UNREADABLE => "unreadable".to_owned(),
        day => iso(day),
    }
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table of formats")]
fn formats_of_real_exports() {
    for (text, expected) in [
        ("2010-12-01", "2010-12-01"),
        ("2010-12-01 08:26:00", "2010-12-01"),
        ("2010-12-01T08:26:00.123456", "2010-12-01"),
        ("2024-07-23 11:09:00 UTC", "2024-07-23"),
        ("2025-09-12 01:11:58.000000 UTC", "2025-09-12"),
        // An offset is the clock of the shop: its day stays.
        ("2024-07-23T23:30:00-02:00", "2024-07-23"),
        ("2024-07-23T00:30:00+0200", "2024-07-23"),
        ("2023-12-31 19:50:00 -0600", "2023-12-31"),
        ("2023-04-27 10:10:46-07:00", "2023-04-27"),
        ("2024-01-05T10:00:00.000+0000", "2024-01-05"),
        ("Mon, 05 Jan 2024 23:00:00 -0800", "2024-01-05"),
        (
            "Fri Jan 05 2024 23:15:00 GMT-0800 (Pacific Standard Time)",
            "2024-01-05",
        ),
        ("Fri Jan  5 10:15:00 UTC 2024", "2024-01-05"),
        ("Jan 5, 2024 10:15:33 PM PST", "2024-01-05"),
        ("20240105T101500Z", "2024-01-05"),
        ("20240105 10:15", "2024-01-05"),
        ("2018100100", "2018-10-01"),
        ("201810010059", "2018-10-01"),
        ("20181001005959", "2018-10-01"),
        ("1997010112", "1997-01-01"),
        ("1546300800", "2019-01-01"),
        ("1546300800.0", "2019-01-01"),
        ("1546300800.123", "2019-01-01"),
        ("1546300800000", "2019-01-01"),
        ("1546300800000000", "2019-01-01"),
        ("1546300800000000000", "2019-01-01"),
        ("1374735600000", "2013-07-25"),
        ("946684800", "2000-01-01"),
        ("20180101.0", "2018-01-01"),
        ("2024年1月5日", "2024-01-05"),
        ("2024年01月05日 10:15", "2024-01-05"),
        ("２０２４年１月５日", "2024-01-05"),
        ("2024년 1월 5일", "2024-01-05"),
        ("2024. 01. 05.", "2024-01-05"),
        ("2024.01.05. 10:15", "2024-01-05"),
        ("2024-Jan-05", "2024-01-05"),
        ("Wednesday, 14 January 2015", "2015-01-14"),
        ("Mittwoch, 14. Januar 2015", "2015-01-14"),
        ("mar. 13 janvier 2015", "2015-01-13"),
        ("śr., 14 stycznia 2015", "2015-01-14"),
        ("5 stycznia 2024", "2024-01-05"),
        ("5 января 2024", "2024-01-05"),
        ("5. ledna 2024", "2024-01-05"),
        ("5 Ocak 2024", "2024-01-05"),
        ("5. tammikuuta 2024", "2024-01-05"),
        ("5 ianuarie 2024", "2024-01-05"),
        ("2024. január 5.", "2024-01-05"),
        ("5 de enero de 2024", "2024-01-05"),
        ("1º de janeiro de 2024", "2024-01-01"),
        ("1er janvier 2024", "2024-01-01"),
        ("January 5th, 2024", "2024-01-05"),
        ("5th of January 2024", "2024-01-05"),
        ("05-Jan-2024 10:15 PM", "2024-01-05"),
        ("05JAN2024", "2024-01-05"),
        ("05JAN2024:10:15:00", "2024-01-05"),
        ("5 Jan '24", "2024-01-05"),
        ("25.1.'24", "2024-01-25"),
        ("25/1/2024, 3:04:05 PM", "2024-01-25"),
        ("25/1/2024 3:04 p. m.", "2024-01-25"),
        ("25.1.2024.", "2024-01-25"),
        ("25.01.2024 10.15 Uhr", "2024-01-25"),
        ("2024-01-05 07", "2024-01-05"),
        ("19970101", "1997-01-01"),
        ("2010/12/1", "2010-12-01"),
        ("2010-1-2", "2010-01-02"),
        ("13/1/2010 8:26", "2010-01-13"),
        ("31.12.99", "1999-12-31"),
        ("14-Jan-15", "2015-01-14"),
        ("14 janvier 2015", "2015-01-14"),
        ("3. März 2020", "2020-03-03"),
        ("Jan 14, 2015 3:05 PM", "2015-01-14"),
        ("1293840000", "2011-01-01"),
        ("1293840000000", "2011-01-01"),
        (" 2010-12-01 ", "2010-12-01"),
        ("", "missing"),
        ("null", "missing"),
        ("2010-13-01", "unreadable"),
        ("2023-02-29", "unreadable"),
        ("13/13/2010", "unreadable"),
        ("soon", "unreadable"),
        ("NA", "missing"),
        ("none", "missing"),
        // A time alone is no date.
        ("42:46.0", "unreadable"),
        ("10:42:46", "unreadable"),
        ("Monday", "unreadable"),
        ("Mon Mon 5 2024", "unreadable"),
        ("2018130100", "unreadable"),
        ("2029548929081", "unreadable"),
        ("2024-W05-1", "unreadable"),
        ("5 apples 2024", "unreadable"),
        ("$5.25", "unreadable"),
        ("12,5", "unreadable"),
        ("1234.56", "unreadable"),
        ("2010-12-01 25:00", "unreadable"),
        ("2010-12-01x", "unreadable"),
        ("99999999999999999999999", "unreadable"),
    ] {
        assert_eq!(one(text), expected, "{text}");
    }
}

#[test]
fn the_whole_column_decides_day_and_month() {
    let days = |dates: &Dates| dates.days.iter().map(|&day| iso(day)).collect::<Vec<_>>();
    let us = read(&["12/1/2010 8:26", "12/2/2010", "12/13/2010"], None);
    assert_eq!(days(&us), ["2010-12-01", "2010-12-02", "2010-12-13"]);
    assert_eq!(us.format, "date, month/day/year");
    assert_eq!(us.remark, None);
    let european = read(&["12/1/2010", "13/1/2010"], None);
    assert_eq!(days(&european), ["2010-01-12", "2010-01-13"]);
    let open = read(&["12/1/2010"], None);
    assert_eq!(days(&open), ["2010-01-12"]);
    assert!(
        open.remark
            .unwrap()
            .contains("fits both day/month and month/day")
    );
    let wished = read(&["12/1/2010"], Some(DateOrder::MonthDay));
    assert_eq!(
        (days(&wished), wished.remark),
        (vec!["2010-12-01".to_owned()], None)
    );
}

#[test]
fn contradicting_rows_are_unreadable() {
    let mixed = read(&["13/1/2010", "14/1/2010", "1/15/2010"], None);
    assert_eq!(mixed.days[2], UNREADABLE);
    assert!(
        mixed
            .remark
            .unwrap()
            .contains("2 can only be day/month, 1 only month/day")
    );
}

#[test]
fn offsets_go_to_the_shops_day() {
    let text = ["2024-07-01T23:30:00Z", "2024-07-01 23:30:00"];
    let berlin = read_in(&text, None, Some("Europe/Berlin"));
    assert_eq!(iso(berlin.days[0]), "2024-07-02");
    assert_eq!(
        iso(berlin.days[1]),
        "2024-07-01",
        "local times stay as they are"
    );
    assert!(Zone::named(Some("Mars/Base")).is_none());
}

#[test]
fn only_instants_move_with_the_zone() {
    let texts = [
        "2024-07-01T23:30:00Z",
        "2024-07-01 23:30:00 UTC",
        "2024-07-01 23:30:00+00:00",
        "2024-07-01 23:30:00.5 GMT",
        "1719876600",
        "07/21/2024 23:30 UTC",
        "2024-07-01T23:30:00-06:00",
        "2024-07-01 23:30:00 -0600",
        "2024-07-01 23:30:00 PST",
        "2024-07-01 23:30:00",
        "2024-07-01",
        "2024070123",
    ];
    let moved = read_in(&texts, None, Some("Asia/Tokyo")).days;
    let stayed = read_in(&texts, None, None).days;
    for (at, text) in texts.iter().enumerate() {
        assert_eq!(moved[at] - stayed[at], i32::from(at < 6), "{text}");
        assert_eq!(depends_on_zone(text), at < 6, "{text}");
    }
}

#[test]
fn files_of_a_set_decide_together() {
    let column = |texts: &[&str]| {
        let mut column = DateColumn::default();
        for text in texts {
            column.push(text);
        }
        column
    };
    let january = column(&["1/5/2024", "1/9/2024", "1/12/2024"]);
    let february = column(&["2/13/2024", "2/3/2024"]);
    assert!(january.evidence().is_ambiguous());
    let mut all = january.evidence();
    all.add(february.evidence());
    assert_eq!(all.order(), Some(DateOrder::MonthDay));
    let dates = january.finish_among(all, None);
    assert_eq!(dates.remark, None);
    assert_eq!(iso(dates.days[2]), "2024-01-12");
}

#[test]
fn numbers_of_a_spreadsheet_are_dates_where_told() {
    let mut column = DateColumn::in_form(Form::Serial1900, Zone::default(), 4);
    for text in ["45292", "45292.75", "", "2024-01-02"] {
        column.push(text);
    }
    let dates = column.finish(None);
    assert_eq!(Form::in_format(&dates.format), Form::Serial1900);
    assert_eq!(dates.days[2], MISSING);
    let days = [0, 1, 3].map(|at| iso(dates.days[at]));
    assert_eq!(days, ["2024-01-01", "2024-01-01", "2024-01-02"]);
    assert_eq!(one("45292"), "unreadable");
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_harm(text in "[0-9TZ:./ +年月日a-z'-]{0,24}") {
        let _ = one(&text);
        let _ = (looks_like_date(&text), depends_on_zone(&text), both_readings(&text));
    }

    #[test]
    fn dates_written_in_any_way_are_read_back(day in 4_000_i32..30_000) {
        let (year, month, of_month) = crate::day::civil(day);
        for text in [
            format!("{year}-{month:02}-{of_month:02}"),
            format!("{year}{month:02}{of_month:02}"),
            format!("{year}{month:02}{of_month:02}07"),
            format!("{year}/{month}/{of_month} 10:15"),
            format!("{year}年{month}月{of_month}日"),
            format!("{year}-{month:02}-{of_month:02} 23:59:59 +0900"),
        ] {
            assert_eq!(one(&text), iso(day), "{text}");
        }
        let mut serial = DateColumn::in_form(Form::Serial1900, Zone::default(), 1);
        serial.push(&(day + 25_569).to_string());
        assert_eq!(serial.finish(None).days, [day]);
    }
}

#[test]
fn a_repeated_date_is_not_taken_for_its_neighbour() {
    let dates = read(
        &[
            "2024-01-01",
            "2024-01-01",
            "2024-01-02T23:00:00-05:00",
            "2024-01-02",
        ],
        None,
    );
    let days: Vec<_> = dates.days.iter().map(|&day| iso(day)).collect();
    assert_eq!(
        days,
        ["2024-01-01", "2024-01-01", "2024-01-02", "2024-01-02"]
    );
}

#[test]
fn two_digit_years_that_stand_first() {
    let read = |texts: &[&str]| {
        let mut column = DateColumn::new(Zone::default(), 0);
        for text in texts {
            column.push(text);
        }
        let dates = column.finish(None);
        let days: Vec<String> = dates.days.into_iter().map(iso).collect();
        (days, dates.format)
    };
    // No year is 2030 yet, so the year is not the last number.
    let (days, format) = read(&["24-01-05", "24-03-30", "24-02-29"]);
    assert_eq!(days, ["2024-01-05", "2024-03-30", "2024-02-29"]);
    assert_eq!(format, "date, year-month-day");
    let (days, _) = read(&["05-01-24", "30-03-24", "29.02.24"]);
    assert_eq!(days, ["2024-01-05", "2024-03-30", "2024-02-29"]);
    let (days, _) = read(&["01/05/24", "03/30/24"]);
    assert_eq!(days, ["2024-01-05", "2024-03-30"]);
}

#[test]
fn what_spreadsheets_and_languages_put_around_dates() {
    for text in [
        "=\"2024-01-05\"",
        "'2024-01-05",
        "5 января 2024 г.",
        "05.01.2024 г. 10:15",
        "2024年01月05日 10時05分",
        "2024年1月5日 10时05分30秒",
        "2024년 1월 5일 10시 05분",
    ] {
        let mut column = DateColumn::new(Zone::default(), 0);
        column.push(text);
        assert!(looks_like_date(text), "{text}");
        let day = column.finish(None).days[0];
        assert!(day > UNREADABLE && iso(day) == "2024-01-05", "{text}");
    }
}
