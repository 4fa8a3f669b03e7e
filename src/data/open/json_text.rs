//! A small tolerant reader of JSON-ish objects: flat records whose keys may repeat.
//!
//! An ordinary JSON map keeps one value per key and refuses a whole file for one bad byte. Exports
//! exist in which the *empty* key repeats (`"":"/age/18","":"/gender/F"`) and whose rows are damaged
//! at the end. This reader keeps every field in order, goes on behind damage as soon as another
//! field begins, and says where the damage was. It accepts any text and never fails.

use std::borrow::Cow;

/// Fields of an object, in the order of the text; keys may repeat and may be empty.
pub type Fields<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

/// One object of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Object<'a> {
    /// Values as text: strings unescaped, `null` as "", numbers and nested values as written.
    pub fields: Fields<'a>,
    /// Where its opening brace stands, and where the text behind it begins.
    pub start: usize,
    pub end: usize,
    /// Where the first part that could not be read begins.
    pub damage: Option<usize>,
}

/// The first object at or behind `at`; `None` when no brace opens there.
#[must_use]
pub fn next_object(text: &str, at: usize) -> Option<Object<'_>> {
    let start = at + memchr::memchr(b'{', text.as_bytes().get(at..)?)?;
    let mut cursor = Cursor {
        text,
        at: start + 1,
        damage: None,
    };
    let fields = cursor.fields();
    Some(Object {
        fields,
        start,
        end: cursor.at,
        damage: cursor.damage,
    })
}

/// A place in the text. `at` always stands on a character border: it only moves over ASCII bytes
/// that were looked at, or to the end.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
    damage: Option<usize>,
}

impl<'a> Cursor<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Moves over a byte if it comes next (after white space).
    fn take(&mut self, wanted: u8) -> bool {
        self.skip_space();
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn damaged(&mut self, at: usize) {
        self.damage.get_or_insert(at);
    }

    /// Fields up to the closing brace, the end of the text, or the beginning of another object.
    fn fields(&mut self) -> Fields<'a> {
        // Most records have about a dozen fields.
        let mut fields = Fields::with_capacity(12);
        loop {
            self.skip_space();
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    return fields;
                }
                Some(b',') => self.at += 1,
                None | Some(b'{') => {
                    self.damaged(self.at);
                    return fields;
                }
                Some(_) => {
                    let start = self.at;
                    match self.field() {
                        Some(field) => fields.push(field),
                        None => self.resume(start),
                    }
                }
            }
        }
    }

    /// A key, a colon, and a value that is followed by a comma or the closing brace.
    fn field(&mut self) -> Option<(Cow<'a, str>, Cow<'a, str>)> {
        let key = self.string()?;
        if !self.take(b':') {
            return None;
        }
        self.skip_space();
        let value = match self.peek()? {
            b'"' => self.string()?,
            b'{' | b'[' => Cow::Borrowed(self.nested()?),
            _ => Cow::Borrowed(self.bare()?),
        };
        self.skip_space();
        matches!(self.peek(), Some(b',' | b'}')).then_some((key, value))
    }

    /// Marks the field that began at `start` as damaged and goes to where another one begins.
    fn resume(&mut self, start: usize) {
        self.damaged(start);
        let bytes = self.text.as_bytes();
        self.at = start;
        while let Some(found) = memchr::memchr2(b',', b'}', &bytes[self.at..]) {
            self.at += found;
            let next = bytes[self.at + 1..]
                .iter()
                .find(|byte| !byte.is_ascii_whitespace());
            if bytes[self.at] == b'}' || next == Some(&b'"') {
                return;
            }
            self.at += 1;
        }
        self.at = bytes.len();
    }

    /// A quoted text; `None` when no quote opens it or none closes it.
    fn string(&mut self) -> Option<Cow<'a, str>> {
        if !self.take(b'"') {
            return None;
        }
        let bytes = self.text.as_bytes();
        let start = self.at;
        let (mut end, mut escaped) = (start, false);
        loop {
            end += memchr::memchr2(b'"', b'\\', &bytes[end..])?;
            if bytes[end] == b'"' {
                break;
            }
            escaped = true;
            // The escaped character may take several bytes; only ASCII ones matter here.
            end += 2;
            if end > bytes.len() {
                return None;
            }
        }
        self.at = end + 1;
        let raw = self.text.get(start..end)?;
        Some(if escaped {
            Cow::Owned(unescape(raw))
        } else {
            Cow::Borrowed(raw)
        })
    }

    /// An object or array within the object, as written.
    fn nested(&mut self) -> Option<&'a str> {
        let start = self.at;
        let mut open = 0_usize;
        loop {
            match self.peek()? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => open += 1,
                b'}' | b']' => open -= 1,
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return self.text.get(start..self.at);
            }
        }
    }

    /// A number or word; `null` reads as nothing.
    fn bare(&mut self) -> Option<&'a str> {
        let rest = self.text.get(self.at..)?;
        let length = rest.bytes().position(ends_word)?;
        let word = rest[..length].trim_end();
        self.at += length;
        match word {
            "" => None,
            "null" => Some(""),
            word => Some(word),
        }
    }
}

/// Whether a number or word ends before a byte.
fn ends_word(byte: u8) -> bool {
    matches!(byte, b',' | b'}' | b'"' | b':' | b'{' | b'[' | b']' | b'\n')
}

/// Resolves escapes; one that JSON does not know stays as it is.
fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(escaped) = rest.chars().next() else {
            text.push('\\');
            break;
        };
        let plain = match escaped {
            '"' | '\\' | '/' => Some(escaped),
            'b' => Some('\u{8}'),
            'f' => Some('\u{c}'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            _ => None,
        };
        if let Some(plain) = plain {
            text.push(plain);
            rest = &rest[1..];
        } else if let Some((letter, behind)) = unicode(rest) {
            text.push(letter);
            rest = behind;
        } else {
            text.push('\\');
        }
    }
    text.push_str(rest);
    text
}

/// `u00e9…`, or two of them that make one letter: the letter and the text behind.
fn unicode(text: &str) -> Option<(char, &str)> {
    let unit = |text: &str| {
        let digits = text.strip_prefix('u')?.get(..4)?;
        u32::from_str_radix(digits, 16).ok()
    };
    let first = unit(text)?;
    let behind = &text[5..];
    if let Some(letter) = char::from_u32(first) {
        return Some((letter, behind));
    }
    let second = unit(behind.strip_prefix('\\')?)?;
    let paired = 0x1_0000 + ((first & 0x3FF) << 10) + (second & 0x3FF);
    let pair = (0xD800..0xDC00).contains(&first) && (0xDC00..0xE000).contains(&second);
    let letter = char::from_u32(paired).filter(|_| pair)?;
    Some((letter, &behind[6..]))
}

/// A field under the empty key that names itself: `/age/18` → `age`, `18`.
#[must_use]
pub fn tagged(value: &str) -> Option<(&str, &str)> {
    let (tag, value) = value.strip_prefix('/')?.split_once('/')?;
    let is_name = |tag: &str| {
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        !tag.is_empty() && tag.len() <= 64 && tag.bytes().all(letter)
    };
    is_name(tag).then_some((tag, value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> (Vec<(String, String)>, Option<&str>) {
        let object = next_object(text, 0).expect("an object");
        let owned = object.fields.into_iter();
        (
            owned
                .map(|(key, value)| (key.into_owned(), value.into_owned()))
                .collect(),
            object.damage.map(|at| &text[at..]),
        )
    }

    fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        fields
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn repeated_empty_keys_are_all_kept() {
        let text = r#"{"id":1,"":"/firstname/Tanya","":"/age/18"}"#;
        let expected = pairs(&[("id", "1"), ("", "/firstname/Tanya"), ("", "/age/18")]);
        assert_eq!(read(text), (expected, None));
        assert_eq!(
            tagged("/created_at/2025-01-21 01:21/x"),
            Some(("created_at", "2025-01-21 01:21/x"))
        );
        assert_eq!(tagged("/no tag/x"), None);
        assert_eq!(tagged("plain"), None);
    }

    #[test]
    fn values_of_every_kind() {
        let text = r#" x {"a" : -1.5e3 , "b":null,"c":true, "d": "\u00e9\ud83d\ude00\n\"\\\q", "e":{"f":["}"]},}rest"#;
        let object = next_object(text, 0).expect("an object");
        assert_eq!(&text[object.end..], "rest");
        let expected = pairs(&[
            ("a", "-1.5e3"),
            ("b", ""),
            ("c", "true"),
            ("d", "é😀\n\"\\\\q"),
            ("e", r#"{"f":["}"]}"#),
        ]);
        assert_eq!(read(text), (expected, None));
    }

    #[test]
    fn damage_loses_one_field() {
        for (text, kept, damage) in [
            // Cut off within a value, a key, a number, and before the brace.
            (r#"{"id":1,"":"/ag"#, &[("id", "1")][..], r#""":"/ag"#),
            (r#"{"id":1,"b"#, &[("id", "1")], r#""b"#),
            (r#"{"id":1,"b":12"#, &[("id", "1")], r#""b":12"#),
            (r#"{"id":1,"#, &[("id", "1")], ""),
            // A value without its closing quote: the next field is read again.
            (
                r#"{"a":"x,"b":"y","c":2}"#,
                &[("b", "y"), ("c", "2")],
                r#""a":"x,"b":"y","c":2}"#,
            ),
            (r#"{"a":,"c":2}"#, &[("c", "2")], r#""a":,"c":2}"#),
            (r#"{"a" 1,"c":2}"#, &[("c", "2")], r#""a" 1,"c":2}"#),
            (r#"{"c":2,junk}"#, &[("c", "2")], "junk}"),
            (r#"{"c":"a"b","d":1}"#, &[("d", "1")], r#""c":"a"b","d":1}"#),
        ] {
            assert_eq!(read(text), (pairs(kept), Some(damage)), "{text}");
        }
    }

    #[test]
    fn objects_follow_each_other() {
        let text = r#"[{"a":1},{"a":2 {"a":3}] {"#;
        let (mut at, mut found) = (0, Vec::new());
        while let Some(object) = next_object(text, at) {
            at = object.end;
            found.push((object.fields.len(), object.damage.is_some()));
        }
        assert_eq!(found, [(1, false), (0, true), (0, true)]);
        assert_eq!(next_object("no brace", 0), None);
        assert_eq!(next_object("x", 7), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn any_text_is_read_to_its_end(text in r#"([{}\[\]",:\\/ué😀n1 ]|null|/age/|"":"){0,60}"#) {
            let mut at = 0;
            while let Some(object) = next_object(&text, at) {
                prop_assert!(object.start >= at && object.end > object.start);
                prop_assert!(text.is_char_boundary(object.end));
                prop_assert!(object.damage.is_none_or(|damage| text.is_char_boundary(damage)));
                at = object.end;
            }
        }

        #[test]
        fn arbitrary_text_never_panics(text in any::<String>()) {
            let _ = next_object(&text, 0);
            let _ = tagged(&text);
        }

        #[test]
        fn what_serde_writes_is_read_back(
            fields in proptest::collection::btree_map(any::<String>(), any::<String>(), 0..6),
        ) {
            let text = serde_json::to_string(&fields).expect("JSON");
            let expected: Vec<_> = fields.into_iter().collect();
            prop_assert_eq!(read(&text), (expected, None));
        }
    }
}
