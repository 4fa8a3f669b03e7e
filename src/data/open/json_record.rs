//! One JSON record as named texts: keys may repeat, nested objects are flattened, damage is passed.
//!
//! An ordinary JSON map keeps one value per key, but exports exist in which the *empty* key repeats
//! (`"":"/age/18","":"/gender/F"`). A sound record is read by serde straight into a list of fields. A record
//! that serde refuses is walked field by field, so that only the damaged ones are lost.

use std::{borrow::Cow, fmt};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A name and its text.
#[derive(Clone, Debug, PartialEq)]
pub struct Field<'a> {
    pub name: Cow<'a, str>,
    pub text: Cow<'a, str>,
}

/// One object of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Record<'a> {
    /// In the order of the text. Strings are unescaped, `null` is "", numbers stand as written.
    pub fields: Vec<Field<'a>>,
    /// Bytes it takes.
    pub length: usize,
    /// Where the first part that could not be read begins.
    pub damage: Option<usize>,
}

/// The object with which a text begins.
#[must_use]
pub fn read(text: &str) -> Record<'_> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Sound>();
    match values.next() {
        Some(Ok(Sound(fields))) => Record {
            fields,
            length: values.byte_offset(),
            damage: None,
        },
        _ => Walk {
            text,
            at: 1,
            damage: None,
        }
        .record(),
    }
}

/// Bytes of the JSON value with which a text begins, if it is whole.
#[must_use]
pub fn value_length(text: &str) -> Option<usize> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    Some(values.byte_offset())
}

/// A part of an object or an array.
#[derive(Clone, Debug)]
pub struct Member<'a> {
    /// Empty in an array.
    pub key: Cow<'a, str>,
    /// The value as it is written.
    pub value: &'a str,
}

/// The parts of an object or an array; `None` when it is damaged.
#[must_use]
pub fn members(text: &str) -> Option<Vec<Member<'_>>> {
    let mut walk = Walk {
        text,
        at: 1,
        damage: None,
    };
    let close = match text.as_bytes().first()? {
        b'{' => b'}',
        b'[' => b']',
        _ => return None,
    };
    let mut found = Vec::new();
    loop {
        while walk.take(b',') {}
        if walk.take(close) {
            return Some(found);
        }
        let mut key = Cow::Borrowed("");
        if close == b'}' {
            key = walk.string()?;
            if !walk.take(b':') {
                return None;
            }
        }
        walk.skip_space();
        let length = value_length(text.get(walk.at..)?)?;
        let value = &text[walk.at..walk.at + length];
        found.push(Member { key, value });
        walk.at += length;
    }
}

/// Where the records within an object are that was made to hold them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within<'a> {
    /// An array of objects.
    Array(&'a str),
    /// An object with a record under the key of each.
    Dictionary(&'a str),
}

/// The records within an object. `None` unless there is exactly one place that holds them.
#[must_use]
pub fn records_within(object: &str) -> Option<Within<'_>> {
    let mut found = Vec::new();
    find_records(object, &mut found);
    match found.as_slice() {
        [records] => Some(*records),
        _ => None,
    }
}

fn find_records<'a>(object: &'a str, found: &mut Vec<Within<'a>>) {
    let members = members(object).unwrap_or_default();
    if are_records(&members) {
        found.push(Within::Dictionary(object));
        return;
    }
    for Member { value, .. } in members {
        let inner = value.strip_prefix('[').map(str::trim_start);
        if inner.is_some_and(|inner| inner.starts_with('{')) {
            found.push(Within::Array(value));
        } else if value.starts_with('{') {
            find_records(value, found);
        }
    }
}

/// Whether all parts of an object are objects with much the same keys.
fn are_records(parts: &[Member<'_>]) -> bool {
    let [first, .., last] = parts else {
        return false;
    };
    let keys = |part: &Member<'_>| -> Vec<String> {
        let members = members(part.value).unwrap_or_default().into_iter();
        members.map(|member| member.key.into_owned()).collect()
    };
    let (first, last) = (keys(first), keys(last));
    let shared = first.iter().filter(|key| last.contains(key)).count();
    parts.iter().all(|part| part.value.starts_with('{'))
        && shared > 1
        && shared * 2 >= first.len().max(last.len())
}

/// The fields of a sound record.
struct Sound<'a>(Vec<Field<'a>>);

impl<'de> serde::Deserialize<'de> for Sound<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Most records have about a dozen fields.
        let mut fields = Vec::with_capacity(12);
        deserializer.deserialize_map(Flat {
            name: Cow::Borrowed(""),
            fields: &mut fields,
        })?;
        Ok(Self(fields))
    }
}

/// A key, without a copy where it holds no escapes.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// Takes a value apart into fields under a name.
struct Flat<'de, 'o> {
    name: Cow<'de, str>,
    fields: &'o mut Vec<Field<'de>>,
}

impl<'de> Flat<'de, '_> {
    #[allow(clippy::unnecessary_wraps, reason = "what a visitor answers")]
    fn push<E>(self, text: Cow<'de, str>) -> Result<(), E> {
        self.fields.push(Field {
            name: self.name,
            text,
        });
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Flat<'de, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Larger numbers are rounded by serde: the walk keeps them as written.
const LARGEST_EXACT: f64 = 9e15;

impl<'de> Visitor<'de> for Flat<'de, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<(), E> {
        self.push(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.push(Cow::Owned(text.to_owned()))
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.push(Cow::Borrowed(if value { "true" } else { "false" }))
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.push(Cow::Owned(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.push(Cow::Owned(value.to_string()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<(), E> {
        if value.abs() > LARGEST_EXACT {
            return Err(E::custom("a number of too many digits"));
        }
        self.push(Cow::Owned(value.to_string()))
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.push(Cow::Borrowed(""))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            let name = match self.name.as_ref() {
                "" => key,
                // How MongoDB writes the kind of a value: `{"$numberDecimal":"9.90"}`.
                outer if key.starts_with('$') => Cow::Owned(outer.to_owned()),
                outer => Cow::Owned(format!("{outer}.{key}")),
            };
            map.next_value_seed(Flat {
                name,
                fields: self.fields,
            })?;
        }
        Ok(())
    }

    /// The values of one name are joined: those of an array, and those of one key of its objects.
    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        let first = self.fields.len();
        let mut one = Vec::new();
        loop {
            let flat = Flat {
                name: self.name.clone(),
                fields: &mut one,
            };
            if values.next_element_seed(flat)?.is_none() {
                break;
            }
            for field in one.drain(..) {
                match self.fields[first..]
                    .iter_mut()
                    .find(|known| known.name == field.name)
                {
                    Some(known) => {
                        let text = known.text.to_mut();
                        text.push_str(", ");
                        text.push_str(&field.text);
                    }
                    None => self.fields.push(field),
                }
            }
        }
        if self.fields.len() == first {
            return self.push(Cow::Borrowed(""));
        }
        Ok(())
    }
}

/// A place in a record that serde refuses. `at` always stands on a character border: it only moves over
/// ASCII bytes that were looked at, or to the end.
struct Walk<'a> {
    text: &'a str,
    at: usize,
    damage: Option<usize>,
}

impl<'a> Walk<'a> {
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

    /// Fields up to the closing brace, the end of the text, or the beginning of another object.
    fn record(mut self) -> Record<'a> {
        let mut fields = Vec::new();
        loop {
            self.skip_space();
            let start = self.at;
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                Some(b',') => self.at += 1,
                None | Some(b'{') => {
                    self.damage.get_or_insert(start);
                    break;
                }
                Some(_) => {
                    let known = fields.len();
                    if self.field(&mut fields).is_none() {
                        fields.truncate(known);
                        self.resume(start);
                    }
                }
            }
        }
        Record {
            fields,
            length: self.at,
            damage: self.damage,
        }
    }

    /// A key, a colon, and a value that is followed by a comma or the closing brace.
    fn field(&mut self, fields: &mut Vec<Field<'a>>) -> Option<()> {
        let name = self.string()?;
        if !self.take(b':') {
            return None;
        }
        self.skip_space();
        match self.peek()? {
            b'"' => {
                let text = self.string()?;
                fields.push(Field { name, text });
            }
            b'{' | b'[' => {
                let rest = self.text.get(self.at..)?;
                let length = value_length(rest)?;
                let mut value = serde_json::Deserializer::from_str(&rest[..length]);
                Flat { name, fields }.deserialize(&mut value).ok()?;
                self.at += length;
            }
            _ => {
                let text = self.word()?;
                fields.push(Field {
                    name,
                    text: text.into(),
                });
            }
        }
        self.skip_space();
        matches!(self.peek(), Some(b',' | b'}')).then_some(())
    }

    /// Marks the field that began at `start` as damaged and goes to where another one begins.
    fn resume(&mut self, start: usize) {
        self.damage.get_or_insert(start);
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

    /// A quoted text; `None` when no quote opens it or none closes it. With escapes that JSON does not know
    /// it stays as it is.
    fn string(&mut self) -> Option<Cow<'a, str>> {
        if !self.take(b'"') {
            return None;
        }
        let bytes = self.text.as_bytes();
        let (start, mut end) = (self.at, self.at);
        loop {
            end += memchr::memchr2(b'"', b'\\', bytes.get(end..)?)?;
            if bytes[end] == b'"' {
                break;
            }
            end += 2;
        }
        self.at = end + 1;
        let whole = serde_json::from_str::<Key<'a>>(self.text.get(start - 1..=end)?);
        let raw = self.text.get(start..end)?;
        Some(whole.map_or(Cow::Borrowed(raw), |Key(text)| text))
    }

    /// A number or word; `null` reads as nothing.
    fn word(&mut self) -> Option<&'a str> {
        let rest = self.text.get(self.at..)?;
        let ends = |byte| matches!(byte, b',' | b'}' | b'"' | b':' | b'{' | b'[' | b']' | b'\n');
        let length = rest.bytes().position(ends)?;
        self.at += length;
        match rest[..length].trim_end() {
            "" => None,
            "null" => Some(""),
            word => Some(word),
        }
    }
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

    fn told(text: &str) -> (Vec<(String, String)>, Option<&str>) {
        let record = read(text);
        let fields = record.fields.into_iter();
        (
            fields
                .map(|field| (field.name.into_owned(), field.text.into_owned()))
                .collect(),
            record.damage.map(|at| &text[at..]),
        )
    }

    fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        let fields = fields.iter();
        fields
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn repeated_empty_keys_are_all_kept() {
        let text = r#"{"id":1,"":"/firstname/Tanya","":"/age/18"}"#;
        let expected = pairs(&[("id", "1"), ("", "/firstname/Tanya"), ("", "/age/18")]);
        assert_eq!(told(text), (expected, None));
        let created = tagged("/created_at/2025-01-21 01:21/x");
        assert_eq!(created, Some(("created_at", "2025-01-21 01:21/x")));
        assert_eq!((tagged("/no tag/x"), tagged("plain")), (None, None));
    }

    #[test]
    fn values_of_every_kind() {
        let text = r#"{"a" : -1.5 , "b":null,"c":true, "d": "\u00e9\ud83d\ude00\n\"", "n":123456789012345678901234567890}rest"#;
        assert_eq!(&text[read(text).length..], "rest");
        let expected = [
            ("a", "-1.5"),
            ("b", ""),
            ("c", "true"),
            ("d", "é😀\n\""),
            ("n", "123456789012345678901234567890"),
        ];
        assert_eq!(told(text), (pairs(&expected), None));
        let nested = r#"{"id":7,"who":{"name":"Ann","at":{"zip":"01"}},"tags":["a","b"],"lines":[{"sku":"x","n":1},{"sku":"y","n":2}],"none":[]}"#;
        let expected = [
            ("id", "7"),
            ("who.name", "Ann"),
            ("who.at.zip", "01"),
            ("tags", "a, b"),
            ("lines.sku", "x, y"),
            ("lines.n", "1, 2"),
            ("none", ""),
        ];
        assert_eq!(told(nested), (pairs(&expected), None));
    }

    #[test]
    fn an_array_within_an_object() {
        assert_eq!(
            records_within(r#"{"n":2,"data":{"orders":[{"a":1}]}}"#),
            Some(Within::Array(r#"[{"a":1}]"#))
        );
        assert_eq!(
            records_within(r#"{"n":[1,2],"a":[{"b":1}],"c":[{"d":1}]}"#),
            None
        );
        assert_eq!(records_within(r#"{"n":"#), None);
        let dictionary = r#"{"7":{"a":1,"b":2},"8":{"a":3,"b":4}}"#;
        assert_eq!(
            records_within(&format!(r#"{{"n":1,"orders":{dictionary}}}"#)),
            Some(Within::Dictionary(dictionary))
        );
        assert_eq!(
            records_within(r#"{"customer":{"id":1,"name":2},"order":{"id":3,"day":4}}"#),
            None
        );
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
            assert_eq!(told(text), (pairs(kept), Some(damage)), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn any_text_is_read_to_its_end(text in r#"\{([{}\[\]",:\\/ué😀n1 ]|null|/age/|"":"){0,60}"#) {
            let record = read(&text);
            prop_assert!(record.length > 0 && text.is_char_boundary(record.length));
            prop_assert!(record.damage.is_none_or(|damage| text.is_char_boundary(damage)));
            let _ = records_within(&text);
        }

        #[test]
        fn what_serde_writes_is_read_back(
            fields in proptest::collection::btree_map(any::<String>(), any::<String>(), 0..6),
        ) {
            let text = serde_json::to_string(&fields).expect("JSON");
            let expected: Vec<_> = fields.into_iter().collect();
            prop_assert_eq!(told(&text), (expected, None));
        }
    }
}
