//! Fast writing of whole numbers, cents and dates into a byte buffer.

use data::day::{Day, civil};

/// `number` in decimal, padded on the left with `fill` to `width`.
pub(super) fn push_padded(buffer: &mut Vec<u8>, mut number: u64, width: usize, fill: u8) {
    let mut digits = [0_u8; 20];
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    let count = digits.len() - start;
    buffer.extend(std::iter::repeat_n(fill, width.saturating_sub(count)));
    buffer.extend_from_slice(&digits[start..]);
}

pub(super) fn push_number(buffer: &mut Vec<u8>, number: u64) {
    push_padded(buffer, number, 0, b'0');
}

/// `12.34`, padded on the left with spaces to `width`.
pub(super) fn push_cents(buffer: &mut Vec<u8>, cents: u64, width: usize) {
    push_padded(buffer, cents / 100, width.saturating_sub(3), b' ');
    buffer.push(b'.');
    push_padded(buffer, cents % 100, 2, b'0');
}

/// `2024-02-29`, or `20240229` without a separator.
pub(super) fn push_date(buffer: &mut Vec<u8>, day: Day, separator: Option<u8>) {
    let (year, month, day_of_month) = civil(day);
    push_padded(buffer, year.unsigned_abs().into(), 4, b'0');
    buffer.extend(separator);
    push_padded(buffer, month.into(), 2, b'0');
    buffer.extend(separator);
    push_padded(buffer, day_of_month.into(), 2, b'0');
}

/// `2024-02-29 17:05:00`
pub(super) fn push_time(buffer: &mut Vec<u8>, day: Day, minute: u16) {
    push_date(buffer, day, Some(b'-'));
    buffer.push(b' ');
    push_padded(buffer, (minute / 60).into(), 2, b'0');
    buffer.push(b':');
    push_padded(buffer, (minute % 60).into(), 2, b'0');
    buffer.extend_from_slice(b":00");
}

/// 32 hexadecimal digits.
pub(super) fn push_hex(buffer: &mut Vec<u8>, high: u64, low: u64) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for word in [high, low] {
        buffer.extend(
            (0..16)
                .rev()
                .map(|nibble| DIGITS[(word >> (4 * nibble)) as usize & 15]),
        );
    }
}

/// Fields separated by commas, ended by `\n`.
pub(super) fn push_row(buffer: &mut Vec<u8>, fields: &[&str]) {
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            buffer.push(b',');
        }
        buffer.extend_from_slice(field.as_bytes());
    }
    buffer.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut buffer = Vec::new();
        write(&mut buffer);
        String::from_utf8(buffer).expect("ASCII")
    }

    #[test]
    fn numbers_and_dates_are_written_as_people_write_them() {
        assert_eq!(text(|b| push_number(b, 0)), "0");
        assert_eq!(text(|b| push_number(b, u64::MAX)), u64::MAX.to_string());
        assert_eq!(text(|b| push_padded(b, 42, 5, b'0')), "00042");
        assert_eq!(text(|b| push_padded(b, 123_456, 5, b'0')), "123456");
        assert_eq!(text(|b| push_cents(b, 1_177, 7)), "  11.77");
        assert_eq!(text(|b| push_cents(b, 5, 0)), "0.05");
        assert_eq!(text(|b| push_date(b, 10_408, Some(b'-'))), "1998-07-01");
        assert_eq!(text(|b| push_date(b, 10_408, None)), "19980701");
        assert_eq!(text(|b| push_time(b, 10_408, 605)), "1998-07-01 10:05:00");
        assert_eq!(
            text(|b| push_hex(b, 0xAB, 1)),
            "00000000000000ab0000000000000001"
        );
        assert_eq!(text(|b| push_row(b, &["a", "b"])), "a,b\n");
    }
}
